from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parks", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="listing",
            name="code",
            field=models.CharField(blank=True, max_length=40, null=True, unique=True, verbose_name="parcel or unit number"),
        ),
        migrations.AlterField(
            model_name="listing",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("land", "land"), ("factory", "factory"), ("warehouse", "warehouse"), ("office", "office")],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="park",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("cluster", "industrial cluster"),
                    ("starting-area", "starting area"),
                    ("hightech-zone", "high-tech zone"),
                    ("development-zone", "development zone"),
                    ("cooperation-zone", "cooperation zone"),
                    ("industrial-park", "industrial park"),
                    ("specialized-park", "specialized park"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("code__isnull", False), ("code__gt", ""), ("kind__isnull", False), ("kind__gt", "")),
                    _connector="OR",
                ),
                name="listing_complete_once_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="park",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), models.Q(("kind__isnull", False), ("kind__gt", "")), _connector="OR"),
                name="park_complete_once_public",
            ),
        ),
    ]
