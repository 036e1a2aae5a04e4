from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_examples_of_amounts")]

    operations = [
        migrations.AlterField(
            model_name="project",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("enterprise", "enterprise"), ("works", "infrastructure works"), ("opportunity", "opportunity")],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), models.Q(("kind__isnull", False), ("kind__gt", "")), _connector="OR"),
                name="project_complete_once_public",
            ),
        ),
    ]
