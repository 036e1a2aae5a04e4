

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0008_titles_of_kept_replies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="inquiry",
            name="secret_hash",
            field=models.CharField(db_index=True, editable=False, max_length=64),
        ),
        migrations.CreateModel(
            name="TrackingLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("inquiry", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="links", to="inquiries.inquiry")),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("wrong", "Wrong"), ("post", "Post"), ("lost", "Lost"), ("letter", "Letter")], max_length=6),
                ),
                ("sender_hash", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "inquiry",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="inquiries.inquiry"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["kind", "sender_hash", "at"], name="attempt_of_sender")],
            },
        ),
    ]
