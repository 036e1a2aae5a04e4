"""Source and check of facts: what nobody has looked at for a year, and saying that it still holds."""

import datetime

from django.db.models import Q
from django.utils import timezone

from publishing.models import Status

CHECK_EVERY_DAYS = 365


def due_for_check(items):
    """The live items of a queryset that were last checked, and describe a state, more than a year ago; or whose day has come."""
    today = timezone.localdate()
    oldest = today - datetime.timedelta(days=CHECK_EVERY_DAYS)
    is_old = (Q(checked_on=None) | Q(checked_on__lt=oldest)) & (Q(as_of=None) | Q(as_of__lt=oldest))
    return items.filter(is_old | Q(review_by__lte=today), status=Status.LIVE)


def confirm(item, user) -> None:
    """Notes that a person has found the facts still correct today. Changes neither the facts nor the day they describe."""
    item.checked_on = timezone.localdate()
    item.checked_by = user
    item.review_by = None
    item.save(update_fields=["checked_on", "checked_by", "review_by", "updated_at"])
