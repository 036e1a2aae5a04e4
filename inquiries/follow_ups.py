"""What a bureau does for an inquiry without being asked: it calls on days 5, 15 and 45, and after two quiet weeks (investors.md Q6)."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from inquiries import clock
from inquiries.models import FollowUp, Inquiry

Kind, Topic, Result = FollowUp.Kind, Inquiry.Topic, Inquiry.Result
LEADS = (Topic.LAND, Topic.FACTORY, Topic.PROJECT)
DAYS = {Kind.DAY_5: 5, Kind.DAY_15: 15, Kind.DAY_45: 45}
QUIET_AFTER = timedelta(days=14)
# After a poor grade, in working days.
POOR_GRADE_DAYS = 5
# Nobody is asked again whether their plans go on after one of these.
ENDS = (Result.REFERRED, Result.NOT_POSSIBLE, Result.WITHDRAWN)


def is_lead(inquiry: Inquiry) -> bool:
    """Whether somebody looks for a place for a business."""
    return inquiry.topic in LEADS


def plan(inquiry: Inquiry, now: datetime) -> None:
    """The three days to ask after the first answer to a lead; repeatable. What was dropped and is still to come, comes back."""
    if not is_lead(inquiry) or inquiry.first_answered_at is None:
        return
    first = inquiry.first_answered_at.astimezone(clock.BEIJING).date()
    special = clock.special_days(first)
    for kind, days in DAYS.items():
        due = due_on(first + timedelta(days=days), special)
        planned, is_new = FollowUp.objects.get_or_create(inquiry=inquiry, kind=kind, defaults={"due_at": due})
        if not is_new and planned.done_at and planned.done_by is None and planned.due_at > now:
            FollowUp.objects.filter(pk=planned.pk).update(done_at=None)


def drop(inquiry: Inquiry, now: datetime) -> None:
    """What was planned is no longer called for: done, by nobody."""
    inquiry.follow_ups.filter(done_at=None).exclude(kind=Kind.POOR_GRADE).update(done_at=now)


def to_do(now: datetime) -> QuerySet[FollowUp]:
    """What is due, and the calls after a poor grade at once: they are due in a few days, and somebody has to begin."""
    return FollowUp.objects.filter(Q(due_at__lte=now) | Q(kind=Kind.POOR_GRADE), done_at=None)


def after_poor_grade(inquiry: Inquiry, now: datetime) -> None:
    due = clock.add_working_days(now, POOR_GRADE_DAYS)
    FollowUp.objects.create(inquiry=inquiry, kind=Kind.POOR_GRADE, due_at=due, is_for_manager=True)


def quiet(inquiry: Inquiry, last_contact: datetime) -> bool:
    """A task for two weeks without contact, due at once; whether it is new. One for each silence, however often asked for."""
    task = {"inquiry": inquiry, "kind": Kind.QUIET, "due_at": last_contact + QUIET_AFTER}
    return FollowUp.objects.get_or_create(**task)[1]


def due_on(day: date, special: dict[date, bool]) -> datetime:
    """The end of work on that day, or on the first working day after it."""
    return datetime.combine(next(clock.working_days(day, special)), clock.END_OF_DAY, clock.BEIJING)
