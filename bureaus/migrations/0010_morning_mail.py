"""Who wants the morning mail, and the last day for which it was written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bureaus", "0009_shared_and_asked")]

    operations = [
        migrations.AddField(
            model_name="preference",
            name="morning_mail",
            field=models.BooleanField(default=False, verbose_name="morning mail"),
        ),
        migrations.AddField(
            model_name="preference",
            name="morning_mail_on",
            field=models.DateField(editable=False, null=True),
        ),
    ]
