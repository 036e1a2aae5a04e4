"""Where an inquiry stands and what has happened to it, as its sender may see it, also where it is merged into another (S63)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inquiries import clock, not_taken
from inquiries.models import Extension, Inquiry, Message, Transfer
from inquiries.thread_rights import case_of, for_investor, is_same_person, of_one_person
from publishing.languages import active_language

Status, Kind = Inquiry.Status, Message.Kind
# The steps by which another bureau got it.
MOVED_ON = ("transfer", "confirm_transfer", "accept_transfer")


@dataclass(frozen=True)
class Standing:
    """`answer_by` and `result_by` are in words; `late` says that the answer is; `note` explains the result."""

    status: str
    label: str
    bureau: object
    officer: str
    answer_by: str
    result_by: str
    is_late: bool
    is_extended: bool
    waits_since: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    result: str
    note: str
    together_with: str


def standing(inquiry: Inquiry, now: datetime) -> Standing:
    """Of a person whose inquiry was merged into a stranger's it tells who works on it, and nothing of what the stranger reads."""
    case = case_of(inquiry)
    is_theirs = case.pk == inquiry.pk or is_same_person(inquiry, case)
    clocked = case if is_theirs else inquiry
    status = status_of(inquiry, case, is_theirs)
    ended = case if case.status == Status.CLOSED else inquiry
    waits = status in Inquiry.UNANSWERED and clocked.answered_at is None
    pause = case.pauses.filter(ended_at=None).first() if status == Status.WAITING else None
    return Standing(
        status=status,
        label=Status(status).label,
        bureau=case.bureau,
        officer=case.assignee.get_full_name() if case.assignee and status not in (Status.NEW, Status.CLOSED) else "",
        answer_by=clock.in_words(clocked.answer_by, active_language()),
        result_by=clock.in_words(clocked.result_by, active_language()) if clocked.result_by > clocked.answer_by else "",
        is_late=waits and clocked.answer_by < now,
        is_extended=is_theirs and more_time(case).filter(asked_at__gte=case.asked_at, clock=Extension.Clock.ANSWER).exists(),
        waits_since=pause.started_at if pause else None,
        answered_at=clocked.answered_at or clocked.first_answered_at,
        closed_at=ended.closed_at,
        result=ended.get_result_display(),
        note=ended.result_note if is_theirs else "",
        together_with=case.reference if case.pk != inquiry.pk and is_theirs else "",
    )


def status_of(inquiry, case, is_theirs) -> str:
    """What is taken for spam reads as received; an answer or a question to a stranger is none to this person."""
    if case.status == Status.SPAM:
        return Status.NEW
    if is_theirs or case.status == Status.CLOSED:
        return case.status
    if inquiry.answered_at:
        return Status.ANSWERED
    return case.status if case.status in (Status.NEW, Status.ASSIGNED) else Status.IN_PROGRESS


# --- The thread ---


@dataclass
class Entry:
    """One entry of the thread. `kind` is "investor", "reply" or "told", for what has happened; `who` is empty for the investor."""

    at: datetime
    kind: str
    text: str = ""
    who: str = ""
    way: str = ""
    reason: str = ""
    is_because: bool = False  # the reason is one, and no sentence of its own
    quoted: str = ""
    sender: str = ""  # another address that a letter came from
    changed_at: datetime | None = None
    files: list = field(default_factory=list)
    not_taken: list[str] = field(default_factory=list)  # what a letter held that is not here, in words
    may_change: bool = False


def thread(inquiry: Inquiry, changeable=None) -> list[Entry]:
    """What the sender may read, oldest first. `changeable` is the message, or the inquiry, whose text may still be changed."""
    case, together = case_of(inquiry), of_one_person(inquiry)
    entries = [asked(one, is_other=one.pk != inquiry.pk) for one in together]
    own = {one.pk: entry for one, entry in zip(together, entries, strict=True)}
    moves = {one.pk: moves_of(one) for one in [*together, case]}
    messages = for_investor(inquiry).select_related("author", "inquiry").prefetch_related("attachments")
    for message in messages:
        if message.step == "enclosed":
            own[message.inquiry_id].files += message.attachments.all()
        else:
            entries.append(written(message, moves[message.inquiry_id]))
            entries[-1].may_change = message == changeable
    own[inquiry.pk].may_change = inquiry == changeable
    entries += told(inquiry, with_reasons=True)
    if case.pk != inquiry.pk:
        known = is_same_person(inquiry, case)
        entries += [entry for entry in told(case, with_reasons=known) if entry.at > inquiry.merged_at]
    # What happens in one moment: first what somebody wrote, then what came of it.
    return sorted(entries, key=lambda entry: (entry.at, entry.kind == "told"))


def asked(inquiry, is_other) -> Entry:
    changes = inquiry.messages.filter(kind=Kind.STEP, step="change").order_by("written_at", "pk")
    return Entry(
        at=inquiry.received_at,
        kind="investor",
        text=inquiry.message,
        way=inquiry.reference if is_other else "",
        changed_at=changes.values_list("written_at", flat=True).last(),
    )


def written(message, moves) -> Entry:
    ways = {
        "call": _("by telephone or in person"),
        "ask": _("a question to you"),
        "update": _("an update, not yet the answer"),
        "reopen": _("opened again"),
        "withdraw": pgettext("inquiry", "withdrawn"),
    }
    is_theirs = message.kind == Kind.INVESTOR
    author = "" if is_theirs or not message.author else message.author.get_full_name()
    bureau = bureau_at(message.written_at, moves, message.inquiry)
    return Entry(
        at=message.written_at,
        kind=message.kind,
        text=message.body,
        who="" if is_theirs else " · ".join(part for part in (bureau.name, author) if part),
        way=ways.get(message.step, "") or (_("by e-mail") if is_theirs and message.via == Message.Via.MAIL else ""),
        quoted=message.quoted if is_theirs else "",
        sender=message.foreign_sender if is_theirs else "",
        changed_at=message.changed_at,
        files=list(message.attachments.all()),
        not_taken=not_taken.in_words(message.not_taken) if is_theirs else [],
    )


def told(inquiry, with_reasons) -> list[Entry]:
    """What has happened to it: who took it over, when more time was given, when it was closed and opened again."""
    entries = [moved(move, with_reasons) for move in moves_of(inquiry)]
    entries += [extended(extension, with_reasons) for extension in more_time(inquiry)]
    sentences = {"close": _("Closed"), "silent": _("Closed"), "reopen": _("Opened again by the bureau")}
    steps = inquiry.messages.filter(kind=Kind.STEP, step__in=sentences).order_by("written_at", "pk")
    return entries + [Entry(at=step.written_at, kind="told", text=sentences[step.step]) for step in steps]


def moved(move, with_reasons) -> Entry:
    """With what the staff wrote for the investor; why it was moved stays with them."""
    text = _("Came back from the %(sender)s to the %(receiver)s") if move.is_back else _("Went from the %(sender)s to the %(receiver)s")
    names = {"sender": move.from_bureau.name, "receiver": move.to_bureau.name}
    return Entry(at=move.at, kind="told", text=text % names, reason=move.sentence if with_reasons else "")


def extended(extension, with_reasons) -> Entry:
    if extension.clock == Extension.Clock.ANSWER:
        text = ngettext("%d working day more for the answer", "%d working days more for the answer", extension.days)
    else:
        text = ngettext("%d working day more for the result", "%d working days more for the result", extension.days)
    reason = extension.reason if with_reasons else ""
    return Entry(at=extension.decided_at, kind="told", text=text % extension.days, reason=reason, is_because=True)


@dataclass(frozen=True)
class Move:
    """One way of a transfer: there, or, where it was refused, back."""

    at: datetime
    from_bureau: object
    to_bureau: object
    sentence: str  # for the investor, or empty
    is_back: bool = False


def moves_of(inquiry) -> list[Move]:
    """In order of time. What was refused is two of them: the first stays as the investor has read it."""
    states = [Transfer.State.DONE, Transfer.State.REFUSED]
    transfers = inquiry.transfers.filter(state__in=states).exclude(decided_at=None).select_related("from_bureau", "to_bureau")
    moments = list(
        inquiry.messages.filter(kind=Kind.STEP, step__in=MOVED_ON).order_by("written_at", "pk").values_list("written_at", flat=True)
    )
    moves = []
    for row in transfers.order_by("decided_at", "pk"):
        is_refused = row.state == Transfer.State.REFUSED
        there = moved_at(row, moments) if is_refused else row.decided_at
        moves.append(Move(there, row.from_bureau, row.to_bureau, row.for_investor))
        if is_refused:
            moves.append(Move(row.decided_at, row.to_bureau, row.from_bureau, row.answer_for_investor, is_back=True))
    return moves


def moved_at(refused, moments) -> datetime:
    """When a transfer was made that was refused later: the row keeps the later moment alone, the thread both."""
    return next((at for at in reversed(moments) if refused.proposed_at <= at < refused.decided_at), refused.proposed_at)


def more_time(inquiry):
    return inquiry.extensions.filter(state=Extension.State.APPROVED).exclude(decided_at=None).order_by("decided_at", "pk")


def bureau_at(moment, moves, inquiry):
    """Who had it then."""
    return next((move.from_bureau for move in moves if move.at > moment), inquiry.bureau)
