from django.db import migrations, models


class Migration(migrations.Migration):
    """No standard reply has been entered yet: there was no page for them."""

    dependencies = [
        ("inquiries", "0007_public_answer"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="cannedreply",
            options={"ordering": ["order", "pk"], "verbose_name": "standard reply", "verbose_name_plural": "standard replies"},
        ),
        migrations.RemoveField(model_name="cannedreply", name="title"),
        *[
            migrations.AddField(
                model_name="cannedreply",
                name=f"title_{code}",
                field=models.CharField(blank=True, default="", max_length=80, verbose_name="title"),
                preserve_default=False,
            )
            for code in ("en", "zh_hans", "zh_hant")
        ],
    ]
