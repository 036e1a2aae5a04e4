"""Source and check of facts: what nobody has looked at for a year, and saying that it still holds."""

import datetime

from django.db.models import F, Q
from django.utils import timezone

from publishing.models import Status

CHECK_EVERY_DAYS = 365


def due_for_check(items):
    """The live items of a queryset that were last checked, and describe a state, more than a year ago; or whose day has come."""
    today = timezone.localdate()
    oldest = today - datetime.timedelta(days=CHECK_EVERY_DAYS)
    is_old = (Q(checked_on=None) | Q(checked_on__lt=oldest)) & (Q(as_of=None) | Q(as_of__lt=oldest))
    has_come = Q(review_by__lte=today) & (Q(checked_on=None) | Q(checked_on__lt=F("review_by")))
    return items.filter(is_old | has_come, status=Status.LIVE)


def review_is_due(item) -> bool:
    """Whether the day has passed by which somebody should have checked the item again, and nobody has since."""
    is_past = item.review_by is not None and item.review_by < timezone.localdate()
    return is_past and (item.checked_on is None or item.checked_on < item.review_by)


def confirm(item, user) -> None:
    """Notes that a person has found the facts still correct today.

    Changes neither the facts, nor the day they describe, nor when the item was last changed, nor anything else that drafts
    hold: an open one stays publishable.
    """
    item.checked_on = timezone.localdate()
    item.checked_by = user
    item.save(update_fields=["checked_on", "checked_by"])
