from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0010_consent_and_spam_reason"),
    ]

    operations = [
        migrations.AddField(
            model_name="cannedreply",
            name="answers_later",
            field=models.BooleanField(
                default=False,
                help_text="The text promises an answer later: it is sent as an update, and the time for the answer goes on.",
                verbose_name="does not answer yet",
            ),
        ),
    ]
