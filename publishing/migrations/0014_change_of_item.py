"""The changes of an item are found without looking at all changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("publishing", "0013_take_down_question"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["content_type", "object_id"], name="change_of_item"),
        ),
    ]
