from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0009_tracking_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="may_share",
            field=models.BooleanField(default=False, verbose_name="may be passed to another bureau or park of Zhaoqing"),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="spam_reason",
            field=models.CharField(blank=True, editable=False, max_length=80, verbose_name="why it was taken for spam"),
        ),
        migrations.AddIndex(model_name="inquiry", index=models.Index(fields=["received_at"], name="inquiry_received")),
    ]
