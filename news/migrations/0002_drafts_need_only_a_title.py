from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="policy",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[
                    ("land", "land"),
                    ("equipment", "equipment and plant"),
                    ("research", "research and development"),
                    ("talent", "talent"),
                    ("finance", "finance"),
                    ("tax", "tax"),
                    ("energy", "energy"),
                    ("logistics", "logistics"),
                    ("rent", "rent"),
                    ("housing", "housing"),
                    ("approval", "approval"),
                ],
                max_length=12,
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="policy",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("policy", "policy"), ("procedure", "procedure"), ("service", "service")],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("kind__isnull", False), ("kind__gt", ""), ("category__isnull", False), ("category__gt", "")),
                    _connector="OR",
                ),
                name="policy_complete_once_public",
            ),
        ),
    ]
