"""By when an inquiry is taken up, answered and brought to a result (staff.md section 3, investors.md 6.3).

The due times are stored with the inquiry. Whatever moves them (a pause, an extension, a change of the calendar) works them
out again from what is stored: nothing is added to an old due time. What was promised stays promised: a change of the time
limits holds for what comes in from then on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from inquiries import clock
from inquiries.models import Extension, Inquiry, Pause, TimeLimit

DEFAULT_RESULT_DAYS = 7


@dataclass(frozen=True)
class Limits:
    """`take_hours` in working hours, `answer_days` and `result_days` in working days."""

    take_hours: int
    answer_days: int
    result_days: int


def limits_of(topic: str = "") -> Limits:
    """What the bureaus promise for a topic: its own row, else that of all other topics, else the settings."""
    row = TimeLimit.objects.filter(topic__in=["", topic]).order_by("-topic").first()
    if row is None:
        return Limits(settings.PROMISE_ACKNOWLEDGE_HOURS, settings.PROMISE_ANSWER_DAYS, DEFAULT_RESULT_DAYS)
    return Limits(row.take_hours, row.answer_days, row.result_days)


def promise(inquiry: Inquiry) -> None:
    """Gives an inquiry that comes in its limits, which stay its own whatever is changed later, and its due times."""
    limits = limits_of(inquiry.topic)
    inquiry.take_hours, inquiry.answer_days, inquiry.result_days = limits.take_hours, limits.answer_days, limits.result_days
    set_due_times(inquiry)


def due_times(inquiry: Inquiry, special: dict[date, bool], pauses=(), extensions=()) -> dict[str, datetime]:
    """The due times by name, from the stored facts; what has been met (taken, answered) stays as it was.

    `extensions` are the approved ones, in order; a day more is a working day. The result clock stands still in the pauses;
    what they took is given back in working time, up to the end of that working day.
    """
    answer_by = clock.add_working_days(inquiry.asked_at, inquiry.answer_days, special)
    result_by = clock.add_working_days(inquiry.opened_at, inquiry.result_days, special)
    paused = sum((clock.working_time(pause.started_at, pause.ended_at, special) for pause in pauses if pause.ended_at), timedelta())
    if paused:
        result_by = clock.end_of_day(clock.add_working_time(result_by, paused, special))
    for extension in extensions:
        if extension.clock == Extension.Clock.ANSWER and extension.asked_at >= inquiry.asked_at:
            answer_by = clock.add_working_days(answer_by, extension.days, special)
        if extension.clock == Extension.Clock.RESULT and extension.asked_at >= inquiry.opened_at:
            result_by = clock.add_working_days(result_by, extension.days, special)
    due = {"result_by": max(result_by, answer_by)}
    if inquiry.answered_at is None:
        due["answer_by"] = answer_by
    if inquiry.status == Inquiry.Status.NEW:
        due["take_by"] = clock.add_working_hours(inquiry.received_at, inquiry.take_hours, special)
    return due


def set_due_times(inquiry: Inquiry) -> None:
    """Works the due times out again; the caller saves the inquiry."""
    first = min(inquiry.received_at, inquiry.asked_at, inquiry.opened_at)
    stored = (list(inquiry.pauses.filter(started_at__gte=inquiry.opened_at)), approved(inquiry)) if inquiry.pk else ((), ())
    special = clock.special_days(first.astimezone(clock.BEIJING).date())
    for name, moment in due_times(inquiry, special, *stored).items():
        setattr(inquiry, name, moment)


def approved(inquiry: Inquiry) -> list[Extension]:
    return list(inquiry.extensions.filter(state=Extension.State.APPROVED).order_by("decided_at", "pk"))


def changed_due_times(inquiries: Iterable[Inquiry]) -> list[tuple[Inquiry, dict[str, tuple[datetime, datetime]]]]:
    """The inquiries whose due times are no longer what the calendar says, with (stored, right) by name.

    The inquiries get the right times, unsaved. A fixed number of queries, however many inquiries.
    """
    inquiries = list(inquiries)
    if not inquiries:
        return []
    keys = [inquiry.pk for inquiry in inquiries]
    pauses = grouped(Pause.objects.filter(inquiry__in=keys).order_by("started_at", "pk"))
    more_time = grouped(Extension.objects.filter(inquiry__in=keys, state=Extension.State.APPROVED).order_by("decided_at", "pk"))
    special = clock.special_days(min(inquiry.received_at for inquiry in inquiries).astimezone(clock.BEIJING).date())
    changed = []
    for inquiry in inquiries:
        since = [pause for pause in pauses.get(inquiry.pk, ()) if pause.started_at >= inquiry.opened_at]
        right = due_times(inquiry, special, since, more_time.get(inquiry.pk, ()))
        differing = {name: (getattr(inquiry, name), moment) for name, moment in right.items() if getattr(inquiry, name) != moment}
        if differing:
            for name, (_stored, moment) in differing.items():
                setattr(inquiry, name, moment)
            changed.append((inquiry, differing))
    return changed


def grouped(rows) -> dict[int, list]:
    """Rows by the inquiry that they belong to."""
    groups: dict[int, list] = {}
    for row in rows:
        groups.setdefault(row.inquiry_id, []).append(row)
    return groups


def pause(inquiry: Inquiry, now: datetime) -> None:
    """The result clock stands still from now on; nothing happens where it does already."""
    Pause.objects.get_or_create(inquiry=inquiry, ended_at=None, defaults={"started_at": now})


def go_on(inquiry: Inquiry, now: datetime) -> None:
    """The result clock goes on; the caller saves the inquiry."""
    if inquiry.pauses.filter(ended_at=None).update(ended_at=now):
        set_due_times(inquiry)


def ask_anew(inquiry: Inquiry, now: datetime) -> None:
    """The investor waits for an answer again: a new reply clock. The caller saves the inquiry."""
    inquiry.asked_at, inquiry.answered_at = now, None
    set_due_times(inquiry)
