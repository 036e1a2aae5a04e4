"""What time brings about (staff.md section 3, clocks; S70): reminders, escalations, silent endings, quiet leads, the queue.

Run by `manage.py jobs`, and by `manage.py inquiry_clock` from a timer. Each thing is done once, however often the job runs
and however long it stood still: of two warnings that are due together only the later leaves.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from bureaus.models import Membership
from inquiries import clock, follow_ups, letters, people, workflow
from inquiries.models import Inquiry, Message, Reminder
from inquiries.steps.answering import BEGINNINGS
from inquiries.steps.closing import SILENT_DAYS, silent_until
from inquiries.steps.thread import tell_investor, tell_staff
from outbox.sending import post

Status, Kind = Inquiry.Status, Reminder.Kind
# Working days after the answer was due, until the city desk is told; and after a question, until the investor is reminded.
CITY_AFTER = 2
WAITING_AFTER = 5
LETTERS = {Kind.HALF: "half_time", Kind.NEARLY: "nearly_due", Kind.OVERDUE: "overdue", Kind.CITY: "overdue_city", Kind.UNTAKEN: "untaken"}
# An inquiry that came into the queue by one of these has its own time to be taken up.
QUEUED_BY = (*BEGINNINGS, "untake", "not_spam", "unmerge")
log = logging.getLogger(__name__)


def inquiry_clock() -> int:
    """Does what is due now; how many things were done."""
    return run(timezone.now())


def run(now: datetime) -> int:
    """Those who have left first: what follows goes to the people who are there."""
    return empty_hands(now) + remind(now) + remind_investors(now) + end_silence(now) + note_quiet(now)


# --- The reply clock ---


def remind(now: datetime) -> int:
    """Tells officers, managers and the city desk how the reply clocks and the queue stand."""
    queued = Max("messages__written_at", filter=Q(messages__kind=Message.Kind.STEP, messages__step__in=QUEUED_BY))
    rows = Inquiry.objects.filter(Q(pk__in=Inquiry.objects.unanswered()) | Q(pk__in=Inquiry.objects.untaken()))
    rows = list(
        rows.select_related("bureau", "merged_into").annotate(queued_at=queued).prefetch_related("reminders").order_by("received_at", "pk")
    )
    special = calendar_of(rows)

    def remind_of(inquiry) -> bool:
        sent = {(reminder.kind, reminder.since) for reminder in inquiry.reminders.all()}
        due = [(kind, since) for kind, since in due_reminders(inquiry, now, special) if (kind, since) not in sent]
        return sum(send(inquiry, kind, since, now, special) for kind, since in due)

    return each(rows, remind_of)


def due_reminders(inquiry: Inquiry, now: datetime, special: dict[date, bool]) -> list[tuple[str, datetime]]:
    """What somebody should have been told by now, with the moment that it counts from."""
    found = []
    if inquiry.is_open and inquiry.assignee_id is None and (left := queue_ends(inquiry, special)) and left < now:
        found.append((Kind.UNTAKEN, inquiry.queued_at or inquiry.received_at))
    if not inquiry.waits_for_answer:
        return found
    since, due = inquiry.asked_at, inquiry.answer_by
    if due < now:
        found.append((Kind.OVERDUE, since))
        if not inquiry.bureau.takes_unrouted and clock.add_working_days(due, CITY_AFTER, special) < now:
            found.append((Kind.CITY, since))
        return found
    total = clock.working_time(since, due, special)
    gone = clock.working_time(since, now, special)
    if gone >= total * 0.8:
        found.append((Kind.NEARLY, since))
    elif gone >= total * 0.5:
        found.append((Kind.HALF, since))
    return found


def queue_ends(inquiry, special) -> datetime | None:
    """By when somebody should take up what nobody has."""
    if inquiry.queued_at:
        return clock.add_working_hours(inquiry.queued_at, inquiry.take_hours, special)
    return inquiry.take_by if inquiry.status == Status.NEW else None


def send(inquiry, kind, since, now, special) -> bool:
    """Once, and only where it still holds when the row is locked."""
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        locked.queued_at = inquiry.queued_at
        if (kind, since) not in due_reminders(locked, now, special) or not note(locked, kind, since, now):
            return False
        tell(locked, kind, now)
    return True


def tell(inquiry, kind, now):
    """What is overdue is told to its officer in other words than to the managers."""
    told = readers(inquiry, kind, now)
    officer = people.in_charge(inquiry, now) if kind == Kind.OVERDUE else None
    if officer:
        tell_staff(inquiry, "overdue_own", [officer])
        told = [person for person in told if person != officer]
    if told or not officer:
        tell_staff(inquiry, LETTERS[kind], told)


def readers(inquiry, kind, now) -> list:
    """Who is told: the officer before it is due, the managers with the officer when it is overdue, then the city desk."""
    present = people.present(inquiry.bureau, now.astimezone(clock.BEIJING).date())
    officer = people.in_charge(inquiry, now)
    if kind == Kind.UNTAKEN:
        return present
    if kind == Kind.CITY:
        return people.city_desk()
    if kind == Kind.OVERDUE:
        return [*people.managers(inquiry.bureau), *([officer] if officer else [])]
    return [officer] if officer else present


def note(inquiry, kind, since, now) -> bool:
    """Whether this has not been told before."""
    return Reminder.objects.get_or_create(inquiry=inquiry, kind=kind, since=since, defaults={"sent_at": now})[1]


# --- The investor's silence ---


def remind_investors(now: datetime) -> int:
    """Five working days after a question; once for each time that we wait."""
    waiting = Inquiry.objects.filter(status=Status.WAITING, pauses__ended_at=None).exclude(pauses=None)
    asked = Max("messages__written_at", filter=Q(messages__kind=Message.Kind.REPLY, messages__step="ask"))
    rows = list(waiting.annotate(since=Max("pauses__started_at"), asked=asked).prefetch_related("reminders").order_by("received_at", "pk"))
    special = calendar_of(rows)

    def remind_of(inquiry) -> bool:
        last = max(inquiry.asked or inquiry.since, inquiry.since)
        if any(reminder.kind == Kind.WAITING and reminder.since == inquiry.since for reminder in inquiry.reminders.all()):
            return False
        if clock.add_working_days(last, WAITING_AFTER, special) >= now:
            return False
        with transaction.atomic():
            locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
            if locked.status != Status.WAITING or not note(locked, Kind.WAITING, inquiry.since, now):
                return False
            tell_investor(locked, "waiting")
        return True

    return each(rows, remind_of)


def end_silence(now: datetime) -> int:
    """Fifteen working days after the last word (I10)."""
    long_ago = now - SILENT_DAYS * clock.ONE_DAY  # working days are more
    spoken = Inquiry.objects.filter(pk=OuterRef("pk"), messages__kind__in=Message.OPEN_KINDS, messages__written_at__gte=long_ago)
    quiet = Inquiry.objects.filter(status__in=[Status.ANSWERED, Status.WAITING], asked_at__lt=long_ago).exclude(answered_at__gte=long_ago)
    rows = list(quiet.exclude(Exists(spoken)).order_by("received_at", "pk"))
    special = calendar_of(rows)
    return each(rows, lambda inquiry: silent_until(inquiry, special) < now and taken(inquiry, "silent", now))


def note_quiet(now: datetime) -> int:
    """A task for each lead in somebody's hands that has had no contact for two weeks."""
    held = Inquiry.objects.open().filter(topic__in=follow_ups.LEADS).exclude(assignee=None)
    last = Max("messages__written_at", filter=Q(messages__kind__in=Message.OPEN_KINDS))
    rows = held.annotate(last=last).filter(
        Q(last__lte=now - follow_ups.QUIET_AFTER) | Q(last=None, received_at__lte=now - follow_ups.QUIET_AFTER)
    )
    return each(rows.order_by("received_at", "pk"), lambda inquiry: follow_ups.quiet(inquiry, inquiry.last or inquiry.received_at))


# --- Officers who have left ---


def empty_hands(now: datetime) -> int:
    """Puts the open inquiries of those who do not answer at the bureau any longer back into its queue, and tells its managers."""
    roles = [Membership.Role.OFFICER, Membership.Role.MANAGER]
    works_there = Membership.objects.filter(
        user=OuterRef("assignee"), bureau=OuterRef("bureau"), role__in=roles, user__is_active=True, user__is_staff=True
    )
    held = Inquiry.objects.open().exclude(assignee=None).exclude(Exists(works_there)).select_related("bureau", "assignee")
    hands = {}
    for inquiry in held.order_by("received_at", "pk"):
        hands.setdefault((inquiry.bureau, inquiry.assignee), []).append(inquiry)

    def empty(hand) -> int:
        (bureau, officer), inquiries = hand
        with transaction.atomic():
            returned = [inquiry for inquiry in inquiries if taken(inquiry, "untake", now)]
            if returned:
                for letter in letters.returned(bureau, officer, returned, people.managers(bureau)):
                    post(**letter)
        return len(returned)

    return each(hands.items(), empty)


# --- How it is done ---


def taken(inquiry, step, now) -> bool:
    """Whether the step was taken; not where something has happened in the meantime."""
    try:
        workflow.take(inquiry, step, None, workflow.Details(now=now))
    except ValidationError:
        return False
    return True


def each(rows: Iterable, do: Callable) -> int:
    """Does it for each row; one that fails is logged, and holds up no other."""
    done = 0
    for row in rows:
        try:
            done += do(row)
        except Exception:
            log.exception("The clock of inquiries stumbled over %s.", getattr(row, "reference", "an officer's inquiries"))
    return done


def calendar_of(inquiries) -> dict[date, bool]:
    """The special days that matter to these inquiries, by one query."""
    first = min((min(row.received_at, row.asked_at) for row in inquiries), default=None)
    return clock.special_days(first.astimezone(clock.BEIJING).date()) if first else {}
