from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0005_reminder"),
    ]

    operations = [
        migrations.AddField(
            model_name="incomingletter",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="looked at"),
        ),
    ]
