"""Everything that happens to an inquiry, as a table of steps: it gives the buttons, the checks and the test matrix.

Numbers are those of staff.md section 3. What a step does stands in `inquiries/steps/`, by subject; what the investor does
comes in by `inquiries/investor.py`, what time brings about by `inquiries/reminders.py` and `inquiries/settling.py`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.rights import may
from inquiries import clock, conditions
from inquiries.models import Inquiry, Message
from inquiries.steps import answering, bounces, closing, extensions, investor, merging, transfers

Status = Inquiry.Status
OPEN = frozenset(Inquiry.OPEN)
STAFF, INVESTOR, CLOCK = "staff", "investor", "clock"


@dataclass(frozen=True)
class Details:
    """What a person says with a step. `key` is the number of the form: a step pressed twice leaves one message."""

    body: str = ""
    key: uuid.UUID | None = None
    assignee: object = None
    is_private: bool = False  # of a note: for this bureau only
    reason: str = ""
    result: str = ""
    result_note: str = ""
    lost_because: str = ""
    project: object = None  # what the inquiry became
    bureau: object = None  # where it is to go
    agreed: str = ""  # when and how the investor agreed to that
    for_investor: str = ""  # of a transfer or its refusal: what the investor reads, the reason stays with the staff
    clock: str = ""  # an Extension.Clock
    days: int = 0
    target: Inquiry | None = None  # what it is merged into
    are_two_people: bool = False  # of merging: whoever does it knows that each needs an answer
    via: str = Message.Via.PAGE
    quoted: str = ""
    foreign_sender: str = ""
    not_taken: str = ""  # of a letter: not_taken.stored
    grade: int | None = None
    letter: object = None  # the one that came back
    files: tuple = ()  # rows of attachments.stored
    now: datetime = field(default_factory=timezone.now)

    @property
    def today(self) -> date:
        return self.now.astimezone(clock.BEIJING).date()


@dataclass(frozen=True)
class Step:
    """One thing that happens. For staff it is a button.

    `asks` names the details that the person must or may give. `applies(inquiry, user)` says whether the step makes sense
    now: else there is no button. `why_not(inquiry, now)` says in words what stands in its way: the button shows that.
    `check(inquiry, user, details)` raises ValidationError for what is missing. `right_at(inquiry)` is whose right it takes,
    where that is not the inquiry's bureau. `leads_to` is the state after it; empty: the same, or it depends.
    """

    name: str
    number: str
    label: str
    sources: frozenset[str]
    right: str
    effect: Callable
    asks: tuple[str, ...] = ()
    done: str = ""
    leads_to: str = ""
    applies: Callable | None = None
    why_not: Callable | None = None
    check: Callable | None = None
    right_at: Callable | None = None
    actor: str = STAFF


def take(inquiry: Inquiry, name: str, user, details: Details | None = None) -> None:
    """Takes a step, or raises PermissionDenied (right) or ValidationError (state, or something is missing).

    One transaction; the row is locked first, so that two officers who press at once take it once. `user` is None for the
    steps of the investor and of the clock, and for no others.
    """
    step, details = STEP_NAMED[name], details or Details()
    with transaction.atomic():
        locked = lock(inquiry, details.target)
        if not holds_right(step, locked, user):
            raise PermissionDenied
        if details.key and (known := Message.objects.filter(pk=details.key).first()):
            if known.inquiry_id == locked.pk:
                return
            raise ValidationError(_("This form belongs to another inquiry. Open the page again."))
        check(step, locked, user, details)
        step.effect(locked, user, details)
        locked.save()
    inquiry.refresh_from_db()


def lock(inquiry: Inquiry, target: Inquiry | None) -> Inquiry:
    """The row as it is now, locked; with it the one that it is merged or to be merged into, always in the same order."""
    merged_into = Inquiry.objects.values_list("merged_into", flat=True).get(pk=inquiry.pk)
    keys = {inquiry.pk, merged_into, target.pk if target else None} - {None}
    rows = {row.pk: row for row in Inquiry.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    locked = rows[inquiry.pk]
    if locked.merged_into_id in rows:
        locked.merged_into = rows[locked.merged_into_id]
    if target is not None and target.pk != locked.pk:
        target.refresh_from_db()
    return locked


def holds_right(step: Step, inquiry: Inquiry, user) -> bool:
    if step.actor != STAFF:
        return user is None
    return user is not None and may(user, step.right, step.right_at(inquiry) if step.right_at else inquiry)


def check(step, inquiry, user, details):
    if inquiry.erased_at and step.actor != CLOCK:
        raise ValidationError(conditions.ERASED[step.actor])
    if inquiry.status not in step.sources or (step.applies and not step.applies(inquiry, user)):
        raise ValidationError(conditions.no_longer_possible(inquiry, step.actor))
    if step.why_not and (sentence := step.why_not(inquiry, details.now)):
        raise ValidationError(sentence)
    if step.check:
        step.check(inquiry, user, details)


def buttons(inquiry: Inquiry, user) -> list[tuple[Step, str]]:
    """The steps that this person could take with this inquiry, each with what stands in its way or "" where nothing does."""
    if inquiry.erased_at:
        return []
    now = timezone.now()
    return [
        (step, step.why_not(inquiry, now) if step.why_not else "")
        for step in STEPS
        if step.actor == STAFF
        and inquiry.status in step.sources
        and holds_right(step, inquiry, user)
        and (step.applies is None or step.applies(inquiry, user))
    ]


def available_steps(inquiry: Inquiry, user) -> list[Step]:
    """The steps that this person may take with this inquiry now."""
    return [step for step, why_not in buttons(inquiry, user) if not why_not]


def states(*names) -> frozenset[str]:
    return frozenset(names)


# --- The table ---

STEPS = [
    Step(
        "take",
        "I2",
        _("Take it"),
        OPEN,
        "answer",
        answering.take,
        applies=conditions.nobody_has_it,
        leads_to=Status.ASSIGNED,
        done=_("It is yours now. The investor is told that it has been taken up."),
    ),
    Step(
        "assign",
        "I2",
        _("Assign"),
        OPEN,
        "assign",
        answering.assign,
        asks=("assignee",),
        check=conditions.assignee,
        done=_("Assigned."),
    ),
    Step(
        "reply",
        "I4",
        _("Send reply"),
        OPEN | {Status.MERGED},
        "answer",
        answering.reply,
        asks=("body",),
        applies=conditions.not_same_person_merged,
        why_not=conditions.why_not_mail,
        check=conditions.text,
        done=_("The reply is on its way. It counts as answered when the mail server has accepted it."),
    ),
    Step(
        "update",
        "I3",
        _("Send an update"),
        states(Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING),
        "answer",
        answering.update,
        asks=("body",),
        applies=conditions.answer_is_due,
        why_not=conditions.why_not_mail,
        check=conditions.text,
        done=_("The update is on its way. The answer is still due as before."),
    ),
    Step(
        "send_again",
        "I4",
        _("Send the letter again"),
        frozenset(Status.values),
        "answer",
        bounces.send_again,
        applies=bounces.has_letters_to_send_again,
        done=_("The letter goes out within a minute."),
    ),
    Step(
        "ask",
        "I5",
        _("Send as a question"),
        OPEN - {Status.ANSWERED},
        "answer",
        answering.ask,
        asks=("body",),
        why_not=conditions.why_not_mail,
        check=conditions.text,
        leads_to=Status.WAITING,
        done=_("The question is on its way. The inquiry waits for the investor."),
    ),
    Step(
        "call",
        "I4",
        _("Note a call"),
        OPEN | {Status.MERGED},
        "answer",
        answering.call,
        asks=("body",),
        applies=conditions.not_same_person_merged,
        check=conditions.text,
        done=_("Noted as answered. The investor reads it on the tracking page."),
    ),
    Step(
        "note",
        "I3",
        _("Keep note"),
        frozenset(Status.values),
        "answer",
        answering.note,
        asks=("body", "is_private"),
        check=conditions.text,
        done=_("The note is kept. It stays with the staff."),
    ),
    Step(
        "propose_transfer",
        "I7",
        _("Propose a transfer"),
        OPEN,
        "answer",
        transfers.propose,
        asks=("bureau", "reason", "agreed", "for_investor"),
        applies=conditions.may_propose_transfer,
        check=conditions.transfer,
        done=_("Proposed. A manager here or there decides."),
    ),
    Step(
        "transfer",
        "I7",
        _("Transfer"),
        OPEN,
        "transfer",
        transfers.transfer,
        asks=("bureau", "reason", "agreed", "for_investor"),
        check=conditions.transfer,
        leads_to=Status.NEW,
        done=_("Transferred. The investor is told who has it now."),
    ),
    Step(
        "confirm_transfer",
        "I7",
        _("Confirm the transfer"),
        OPEN,
        "transfer",
        transfers.confirm,
        applies=conditions.transfer_is_proposed,
        leads_to=Status.NEW,
        done=_("Transferred. The investor is told who has it now."),
    ),
    Step(
        "accept_transfer",
        "I7",
        _("Accept the inquiry"),
        OPEN,
        "transfer",
        transfers.accept,
        applies=conditions.transfer_is_offered,
        right_at=conditions.bureau_it_is_offered_to,
        leads_to=Status.NEW,
        done=_("The inquiry is with your bureau now. The investor is told."),
    ),
    Step(
        "decline_transfer",
        "I7",
        _("Decline the transfer"),
        OPEN,
        "transfer",
        transfers.decline,
        asks=("reason",),
        applies=conditions.transfer_is_proposed,
        check=conditions.reason,
        done=_("Declined. The inquiry stays here."),
    ),
    Step(
        "refuse_transfer",
        "I18",
        _("Send back"),
        states(Status.NEW),
        "transfer",
        transfers.refuse,
        asks=("reason", "for_investor"),
        applies=conditions.has_moved_here,
        why_not=conditions.why_not_refuse,
        check=conditions.reason,
        leads_to=Status.NEW,
        done=_("Sent back. The investor is told who has it now."),
    ),
    Step(
        "ask_extension",
        "I8",
        _("Ask for more time"),
        OPEN,
        "answer",
        extensions.ask,
        asks=("clock", "days", "reason"),
        why_not=extensions.why_not_ask,
        check=conditions.extension,
        done=_("Asked. The manager decides; until then the due time stays."),
    ),
    Step(
        "grant_extension",
        "I8",
        _("Approve the extension"),
        OPEN,
        "extend",
        extensions.grant,
        applies=conditions.extension_is_asked_for,
        why_not=extensions.why_not_grant,
        done=_("Approved. The investor is told the new date and the reason."),
    ),
    Step(
        "refuse_extension",
        "I8",
        _("Refuse the extension"),
        OPEN,
        "extend",
        extensions.refuse,
        asks=("reason",),
        applies=conditions.extension_is_asked_for,
        check=conditions.reason,
        done=_("Refused. The due time stays."),
    ),
    Step(
        "close",
        "I9",
        pgettext_lazy("inquiry", "Close"),
        states(Status.ANSWERED),
        "answer",
        closing.close,
        asks=("result", "result_note", "lost_because"),
        why_not=conditions.why_not_close,
        check=conditions.result,
        leads_to=Status.CLOSED,
        done=_("Closed. The investor is told the result and, where there is no rating yet, asked for one."),
    ),
    Step(
        "reopen",
        "I11",
        pgettext_lazy("inquiry", "Reopen"),
        states(Status.CLOSED),
        "reopen",
        closing.reopen,
        asks=("reason",),
        applies=conditions.not_erased,
        check=conditions.reason,
        leads_to=Status.IN_PROGRESS,
        done=_("Open again, with a new due time."),
    ),
    Step(
        "spam",
        "I12",
        _("Spam"),
        states(Status.NEW, Status.ASSIGNED, Status.SPAM),
        "answer",
        closing.spam,
        applies=conditions.may_be_spam,
        leads_to=Status.SPAM,
        done=_("Moved to spam. The sender is not told."),
    ),
    Step(
        "not_spam",
        "I16",
        _("Not spam"),
        states(Status.SPAM),
        "answer",
        closing.not_spam,
        why_not=conditions.why_not_return,
        leads_to=Status.NEW,
        done=_("Back in the inbox. The clock counts from the day it was sent."),
    ),
    Step(
        "merge",
        "I13",
        _("Merge into another"),
        OPEN,
        "answer",
        merging.merge,
        asks=("target", "are_two_people"),
        why_not=conditions.why_not_merge,
        check=conditions.merge,
        leads_to=Status.MERGED,
        done=_("Merged. Both references go on working."),
    ),
    Step(
        "unmerge",
        "I17",
        _("Separate again"),
        states(Status.MERGED),
        "answer",
        merging.unmerge,
        why_not=conditions.why_not_unmerge,
        done=_("Separate again, as before."),
    ),
    # What the investor does.
    Step(
        "write",
        "I6",
        _("Write"),
        frozenset(Status.values),
        "",
        investor.write,
        asks=("body",),
        why_not=conditions.why_not_write,
        check=conditions.words,
        actor=INVESTOR,
    ),
    Step(
        "reopen_asked",
        "I11",
        pgettext_lazy("inquiry", "Reopen"),
        states(Status.CLOSED, Status.MERGED),
        "",
        investor.reopen,
        asks=("reason",),
        applies=conditions.case_is_closed,
        why_not=conditions.why_not_write,
        check=conditions.reason,
        leads_to=Status.IN_PROGRESS,
        actor=INVESTOR,
    ),
    Step(
        "withdraw",
        "I9",
        _("Withdraw"),
        OPEN | {Status.SPAM, Status.MERGED},
        "",
        investor.withdraw,
        asks=("reason",),
        leads_to=Status.CLOSED,
        actor=INVESTOR,
    ),
    Step(
        "rate",
        "I14",
        _("Rate the service"),
        states(Status.CLOSED, Status.MERGED),
        "",
        investor.rate,
        asks=("grade", "body"),
        applies=conditions.case_is_closed,
        why_not=conditions.why_not_rate,
        check=conditions.grade,
        actor=INVESTOR,
    ),
    # What time and the mail server bring about.
    Step(
        "settle",
        "I4",
        _("The mail server has taken the reply"),
        states(Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING, Status.MERGED),
        "",
        answering.settle,
        applies=conditions.last_word_is_accepted_reply,
        actor=CLOCK,
    ),
    Step(
        "silent",
        "I10",
        _("Fifteen working days without a word"),
        states(Status.ANSWERED, Status.WAITING),
        "",
        closing.silent,
        applies=conditions.nobody_else_waits,
        why_not=conditions.why_not_silent,
        leads_to=Status.CLOSED,
        actor=CLOCK,
    ),
    Step("came_back", "I4", _("A letter came back as not delivered"), frozenset(Status.values), "", bounces.came_back, actor=CLOCK),
    Step(
        "untake",
        "I2",
        _("The officer has left"),
        OPEN,
        "",
        answering.untake,
        applies=conditions.officer_has_left,
        actor=CLOCK,
    ),
]
STEP_NAMED = {step.name: step for step in STEPS}
# The steps of staff.md section 3 that are not taken with a stored inquiry: sending the form, erasing a person.
ELSEWHERE = {"I1": "inquiries/receiving.py", "I15": "inquiries/erasing.py"}
