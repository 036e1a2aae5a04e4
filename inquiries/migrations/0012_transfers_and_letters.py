"""Of a transfer: what the investor reads, apart from what stays with the staff. Of a letter: what was not taken over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0011_kept_replies_that_answer_later")]

    operations = [
        migrations.AddField(
            "transfer",
            "agreed",
            models.CharField(blank=True, default="", max_length=100, verbose_name="the investor agreed"),
            preserve_default=False,
        ),
        migrations.AddField(
            "transfer",
            "for_investor",
            models.CharField(blank=True, default="", max_length=500, verbose_name="sentence for the investor"),
            preserve_default=False,
        ),
        migrations.AddField(
            "transfer",
            "answer_for_investor",
            models.CharField(blank=True, default="", max_length=500, verbose_name="sentence for the investor about the decision"),
            preserve_default=False,
        ),
        migrations.AddField(
            "message", "not_taken", models.TextField(blank=True, default="", verbose_name="not taken over"), preserve_default=False
        ),
    ]
