"""How long inquiries are kept, and which are due to be erased or warned of (trust.md section 6, point 4)."""

from calendar import monthrange
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from inquiries.models import IncomingLetter, Inquiry, Message

Status = Inquiry.Status
# Managers see what will be erased so long before.
WARNED = timedelta(days=30)
# So long spam can come back to the inbox; then it is erased.
SPAM_KEPT = timedelta(days=30)
INCOMING_KEPT = timedelta(days=90)


def months_before(moment: datetime, months: int) -> datetime:
    """The same day of the month, or the last one where there is no such day."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=years, month=month + 1, day=min(moment.day, monthrange(years, month + 1)[1]))


def ended_before(rows: QuerySet, moment: datetime) -> QuerySet:
    """Closed before a moment, with what was merged into them; not those kept for legal reasons."""
    closed = Q(status=Status.CLOSED, closed_at__lt=moment)
    merged = Q(status=Status.MERGED, merged_into__status=Status.CLOSED, merged_into__closed_at__lt=moment)
    return rows.filter(closed | merged, erased_at=None, legal_hold="")


def kept_too_long(now: datetime) -> QuerySet:
    return ended_before(Inquiry.objects.all(), months_before(now, settings.RETENTION_MONTHS)).order_by("pk")


def soon_erased(rows: QuerySet, now: datetime) -> QuerySet:
    """What will be erased within 30 days, or at the next run."""
    return ended_before(rows, months_before(now + WARNED, settings.RETENTION_MONTHS))


def erased_on(inquiry: Inquiry) -> datetime | None:
    """When the time of a closed inquiry is over; None for an open one."""
    end = (inquiry.merged_into or inquiry).closed_at
    return months_before(end, -settings.RETENTION_MONTHS) if end else None


def backups_until(erased: datetime) -> datetime:
    """When the last backup that still holds what was erased has expired."""
    return months_before(erased, -settings.BACKUPS_KEPT_MONTHS)


def spam_since(inquiry: Inquiry) -> datetime:
    """When it was taken for spam: at the last step that said so, or when it came in."""
    last = inquiry.messages.filter(kind=Message.Kind.STEP, step="spam").order_by("written_at", "pk").last()
    return last.written_at if last else inquiry.received_at


def old_spam(now: datetime) -> QuerySet:
    limit = now - SPAM_KEPT
    marked = Message.objects.filter(inquiry=OuterRef("pk"), kind=Message.Kind.STEP, step="spam", written_at__gte=limit)
    spam = Inquiry.objects.filter(status=Status.SPAM, received_at__lt=limit, erased_at=None, legal_hold="")
    return spam.exclude(Exists(marked)).order_by("pk")


def old_incoming(now: datetime) -> QuerySet:
    """Letters received that belong to no inquiry. The others stay with theirs: by them the mailbox is emptied when it is erased."""
    return IncomingLetter.objects.filter(fetched_at__lt=now - INCOMING_KEPT, message=None).order_by("pk")
