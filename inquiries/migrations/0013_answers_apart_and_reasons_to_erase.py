"""Of a merged inquiry: whether another person sent it, so that it is answered by itself. Of an erasure: why it was asked for."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """As `thread_rights.is_same_person` tells it; where the addresses are erased there is nothing left to answer."""
    merged = apps.get_model("inquiries", "Inquiry").objects.filter(status="merged", erased_at=None).exclude(merged_into=None)
    for inquiry in merged.select_related("merged_into"):
        if not inquiry.email or inquiry.email.casefold() != inquiry.merged_into.email.casefold():
            inquiry.merged_apart = True
            inquiry.save(update_fields=["merged_apart"])


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0012_transfers_and_letters")]
    operations = [
        migrations.AddField("inquiry", "merged_apart", models.BooleanField(default=False, editable=False)),
        migrations.AddField(
            "erasure", "reason", models.CharField(blank=True, default="", max_length=200, verbose_name="reason"), preserve_default=False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
