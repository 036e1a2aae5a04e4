"""Translations that somebody has to look at can be counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0010_shared_link")]

    operations = [
        migrations.AddField(
            model_name="translationstate",
            name="to_check",
            field=models.BooleanField(db_index=True, default=False),
        ),
    ]
