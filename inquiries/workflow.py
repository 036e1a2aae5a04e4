"""What staff do with an inquiry, as a table of steps: it gives the buttons, the checks and the test matrix.

Numbers are those of staff.md section 3. A step that is not here yet is one more row and one more effect.

A reply counts as an answer only when the mail server has accepted its letter: `settle_replies` sees to that, run by
`manage.py jobs` after the mail. An answer by telephone counts when the officer notes it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.rights import may
from inquiries import clock, deadlines, letters
from inquiries.models import Inquiry, Message
from outbox.models import Letter
from outbox.sending import post

Status, Kind, Result = Inquiry.Status, Message.Kind, Inquiry.Result
OPEN = frozenset(Inquiry.OPEN)
RESULTS_TO_EXPLAIN = {Result.REFERRED, Result.NOT_POSSIBLE}
SPAM_CAN_RETURN = timedelta(days=30)


@dataclass(frozen=True)
class Details:
    """What a person says with a step. `key` is the number of the form: a step pressed twice leaves one message."""

    body: str = ""
    key: uuid.UUID | None = None
    assignee: object = None
    result: str = ""
    result_note: str = ""


@dataclass(frozen=True)
class Step:
    """One button. `asks` names the details that the person must give."""

    name: str
    number: str
    label: str
    sources: frozenset[str]
    right: str
    effect: Callable
    asks: tuple[str, ...] = ()
    done: str = ""


def take(inquiry: Inquiry, name: str, user, details: Details | None = None) -> None:
    """Takes a step, or raises PermissionDenied (right) or ValidationError (state, or something is missing).

    One transaction; the row is locked first, so that two officers who press at once take it once.
    """
    step, details = STEP_NAMED[name], details or Details()
    if not may(user, step.right, inquiry):
        raise PermissionDenied
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        if details.key and (known := Message.objects.filter(pk=details.key).first()):
            if known.inquiry_id == locked.pk:
                return
            raise ValidationError(_("This form belongs to another inquiry. Open the page again."))
        check(step, locked, user, details)
        step.effect(locked, user, details)
        locked.save()
    inquiry.refresh_from_db()


def check(step, inquiry, user, details):
    if inquiry.status not in step.sources:
        who = inquiry.assignee
        raise ValidationError(
            _("This step is no longer possible. The inquiry is now: %(status)s%(officer)s."),
            params={"status": inquiry.get_status_display(), "officer": f" ({who.get_full_name() or who})" if who else ""},
        )
    if "body" in step.asks and not details.body.strip():
        raise ValidationError(_("Write the text first."))
    if step.name in ("reply", "ask") and not inquiry.email:
        raise ValidationError(_("This investor gave no e-mail address. Call, and note here what you said."))
    if step.name == "assign" and not is_answerer(inquiry, details.assignee):
        raise ValidationError(_("Choose an officer of the bureau that has the inquiry."))
    if step.name == "close" and details.result not in Inquiry.RESULTS_TO_CHOOSE:
        raise ValidationError(_("Say how the inquiry ended."))
    if step.name == "close" and details.result in RESULTS_TO_EXPLAIN and not details.result_note.strip():
        raise ValidationError(_("Say which office, or why it is not possible: the investor reads it."))
    if step.name == "not_spam" and timezone.now() - inquiry.received_at > SPAM_CAN_RETURN:
        raise ValidationError(_("This came in more than 30 days ago and stays spam."))


def available_steps(inquiry: Inquiry, user) -> list[Step]:
    """The steps that this person may take with this inquiry now."""
    return [
        step
        for step in STEPS
        if inquiry.status in step.sources and may(user, step.right, inquiry) and (inquiry.email or step.name not in ("reply", "ask"))
    ]


def is_answerer(inquiry, person) -> bool:
    return person is not None and letters.answerers(inquiry.bureau).filter(user=person).exists()


# --- What each step does to a locked inquiry ---


def take_it(inquiry, user, details):
    _hand_to(inquiry, user)
    _write(inquiry, user, Kind.STEP, "take")


def assign(inquiry, user, details):
    if inquiry.assignee == details.assignee:
        return
    _hand_to(inquiry, details.assignee)
    name = details.assignee.get_full_name() or details.assignee.get_username()
    _write(inquiry, user, Kind.STEP, "assign", body=name)
    if details.assignee != user:
        for letter in letters.assignment_notice(inquiry):
            post(**letter)


def note(inquiry, user, details):
    _write(inquiry, user, Kind.NOTE, "note", details)
    if inquiry.status == Status.ASSIGNED and inquiry.assignee == user:
        inquiry.status = Status.IN_PROGRESS


def reply(inquiry, user, details):
    _send(inquiry, user, "reply", details)
    if inquiry.status != Status.ANSWERED:
        inquiry.status = Status.IN_PROGRESS
        deadlines.go_on(inquiry, timezone.now())


def call(inquiry, user, details):
    _begin(inquiry, user)
    _write(inquiry, user, Kind.REPLY, "call", details)
    _answered(inquiry, timezone.now())


def ask(inquiry, user, details):
    _send(inquiry, user, "ask", details)
    inquiry.status = Status.WAITING
    deadlines.pause(inquiry, timezone.now())


def close(inquiry, user, details):
    inquiry.status, inquiry.closed_at = Status.CLOSED, timezone.now()
    inquiry.result, inquiry.result_note = details.result, details.result_note.strip()
    _write(inquiry, user, Kind.STEP, "close", body=inquiry.result_note)


def spam(inquiry, user, details):
    inquiry.status = Status.SPAM
    _write(inquiry, user, Kind.STEP, "spam")


def not_spam(inquiry, user, details):
    inquiry.status = Status.NEW
    inquiry.assignee = None
    _write(inquiry, user, Kind.STEP, "not_spam")


def _hand_to(inquiry, person):
    """The first person in charge is what the site promises as an acknowledgment: the investor is told."""
    is_first = inquiry.status == Status.NEW
    inquiry.assignee = person
    if is_first:
        inquiry.status = Status.ASSIGNED
        if inquiry.email:
            post(**letters.taken(inquiry))


def _answered(inquiry, moment):
    inquiry.status = Status.ANSWERED
    inquiry.first_answered_at = inquiry.first_answered_at or moment
    inquiry.answered_at = moment
    deadlines.go_on(inquiry, moment)


def _begin(inquiry, user):
    """Whoever answers an inquiry that nobody has, has it."""
    if inquiry.assignee is None:
        inquiry.assignee = user


def _send(inquiry, user, step, details):
    _begin(inquiry, user)
    message = _write(inquiry, user, Kind.REPLY, step, details)
    message.letter = post(**letters.reply(inquiry, message))
    message.save(update_fields=["letter"])


def _write(inquiry, user, kind, step, details=None, body=""):
    body = details.body.strip() if details else body
    key = details.key if details and details.key else uuid.uuid4()
    return Message.objects.create(pk=key, inquiry=inquiry, kind=kind, step=step, author=user, body=body, written_at=timezone.now())


# --- The table ---

STEPS = [
    Step(
        "take",
        "I2",
        _("Take it"),
        frozenset({Status.NEW}),
        "answer",
        take_it,
        done=_("It is yours now. The investor is told that it has been taken up."),
    ),
    Step("assign", "I2", _("Assign"), OPEN, "assign", assign, asks=("assignee",), done=_("Assigned.")),
    Step(
        "reply",
        "I4",
        _("Send reply"),
        OPEN,
        "answer",
        reply,
        asks=("body",),
        done=_("The reply is on its way. It counts as answered when the mail server has accepted it."),
    ),
    Step(
        "ask",
        "I5",
        _("Send as a question"),
        OPEN - {Status.ANSWERED},
        "answer",
        ask,
        asks=("body",),
        done=_("The question is on its way. The inquiry waits for the investor."),
    ),
    Step(
        "call",
        "I4",
        _("Note a call"),
        OPEN,
        "answer",
        call,
        asks=("body",),
        done=_("Noted as answered. The investor reads it on the tracking page."),
    ),
    Step(
        "note",
        "I3",
        _("Keep note"),
        frozenset(Status.values),
        "answer",
        note,
        asks=("body",),
        done=_("The note is kept. It stays with the staff."),
    ),
    Step(
        "close",
        "I9",
        pgettext_lazy("inquiry", "Close"),
        frozenset({Status.ANSWERED}),
        "answer",
        close,
        asks=("result", "result_note"),
        done=_("Closed."),
    ),
    Step(
        "spam", "I12", _("Spam"), frozenset({Status.NEW, Status.ASSIGNED}), "answer", spam, done=_("Moved to spam. The sender is not told.")
    ),
    Step(
        "not_spam",
        "I16",
        _("Not spam"),
        frozenset({Status.SPAM}),
        "answer",
        not_spam,
        done=_("Back in the inbox. The clock counts from the day it was sent."),
    ),
]
STEP_NAMED = {step.name: step for step in STEPS}


# --- What time and the mail server bring about ---


def settle_replies() -> int:
    """Marks as answered what has an accepted reply as its last word; how many. Repeatable."""
    last = Message.objects.filter(inquiry=OuterRef("pk"), kind__in=Message.OPEN_KINDS).order_by("-written_at", "-pk")
    unsettled = Inquiry.objects.filter(status__in=[Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS]).order_by()
    last_words = unsettled.annotate(last=Subquery(last.values("pk")[:1])).values("last")
    accepted = Message.objects.filter(Q(letter=None) | Q(letter__state=Letter.State.SENT), kind=Kind.REPLY, pk__in=last_words)
    settled = 0
    for message in accepted.exclude(step="ask").select_related("letter"):
        moment = message.letter.sent_at if message.letter else message.written_at
        settled += settle(message.inquiry_id, moment)
    return settled


def settle(key: int, moment) -> bool:
    """Marks one inquiry as answered at a moment, unless it has been in the meantime."""
    with transaction.atomic():
        inquiry = Inquiry.objects.select_for_update().filter(pk=key, status__in=Inquiry.UNANSWERED).first()
        if inquiry is None:
            return False
        _answered(inquiry, moment)
        inquiry.save()
    return True


def calendar_changed() -> int:
    """Works out again by when the open inquiries are due, and notes each change in the thread; how many changed."""
    changed = deadlines.changed_due_times(Inquiry.objects.open().order_by("received_at", "pk"))
    for inquiry, moved in changed:
        with transaction.atomic():
            Inquiry.objects.filter(pk=inquiry.pk).update(**{name: right for name, (_stored, right) in moved.items()})
            if inquiry.waits_for_answer and "answer_by" in moved:
                before, after = moved["answer_by"]
                _write(inquiry, None, Kind.STEP, "calendar", body=f"{_beijing(before)} → {_beijing(after)}")
    return len(changed)


def _beijing(moment):
    return moment.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")
