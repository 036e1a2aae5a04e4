"""Inquiries that came in before all due times were stored get theirs from the promise of that day."""

from django.conf import settings
from django.db import migrations

RESULT_DAYS = {"": 7, "after-care": 15}


def fill(apps, schema_editor):
    Inquiry = apps.get_model("inquiries", "Inquiry")
    TimeLimit = apps.get_model("inquiries", "TimeLimit")
    hours, days = settings.PROMISE_ACKNOWLEDGE_HOURS, settings.PROMISE_ANSWER_DAYS
    for topic, result_days in RESULT_DAYS.items():
        TimeLimit.objects.create(topic=topic, take_hours=hours, answer_days=days, result_days=max(result_days, days))
    for inquiry in Inquiry.objects.all():
        inquiry.asked_at = inquiry.opened_at = inquiry.received_at
        inquiry.answered_at = inquiry.first_answered_at
        inquiry.take_hours, inquiry.answer_days = hours, days
        inquiry.result_days = max(RESULT_DAYS.get(inquiry.topic, RESULT_DAYS[""]), days)
        # The clock itself is not at hand here: the next run of the clock works out the right times.
        inquiry.take_by = inquiry.result_by = inquiry.answer_by
        inquiry.save()


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0002_desk")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
