"""What the page of an inquiry says: the thread, each step in words, and how the clocks stand."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bureaus.models import Bureau
from bureaus.rights import bureaus_where
from inquiries import clock, not_taken
from inquiries.inbox import short
from inquiries.investor import EARLIER_WORDINGS
from inquiries.models import Erasure, Inquiry, Message
from inquiries.steps.answering import BEGINNINGS
from inquiries.thread_rights import for_staff, worked_on_as_one
from outbox import reasons

# What the thread says of a step, behind the name of who took it; without a name where the investor or the clock did.
TAKEN = {
    "take": gettext_lazy("took it"),
    "assign": gettext_lazy("assigned it to"),
    "untake": gettext_lazy("The officer has left; back in the queue:"),
    "propose_transfer": gettext_lazy("proposed a transfer"),
    "transfer": gettext_lazy("transferred it"),
    "confirm_transfer": gettext_lazy("confirmed the transfer"),
    "accept_transfer": gettext_lazy("accepted the transfer"),
    "decline_transfer": gettext_lazy("declined the transfer:"),
    "refuse_transfer": gettext_lazy("sent it back"),
    "ask_extension": gettext_lazy("asked for more time"),
    "grant_extension": gettext_lazy("approved the extension:"),
    "refuse_extension": gettext_lazy("refused the extension:"),
    "close": gettext_lazy("closed it:"),
    "silent": gettext_lazy("Closed: the investor has not written for fifteen working days."),
    "reopen": gettext_lazy("reopened it:"),
    "spam": gettext_lazy("moved it to spam"),
    "not_spam": gettext_lazy("brought it back from spam"),
    "merge": gettext_lazy("merged it into another inquiry"),
    "merged_here": gettext_lazy("merged another inquiry into this one:"),
    "unmerge": gettext_lazy("separated it again"),
    "unmerged": gettext_lazy("separated another inquiry from this one:"),
    "change": gettext_lazy("The investor changed the wording of the inquiry."),
    "reword": gettext_lazy("The investor changed the wording of a message."),
    "correct": gettext_lazy("corrected the details:"),
    "rate": gettext_lazy("The investor rated the service."),
    "follow_up": gettext_lazy("did what was to be done:"),
    "calendar": gettext_lazy("The calendar of working days changed; answer due:"),
    "automatic": gettext_lazy("An automatic reply came by e-mail:"),
    "came_back": gettext_lazy("A letter came back as not delivered:"),
    "send_again": gettext_lazy("sent the letter again"),
    "late_letter": gettext_lazy("A letter came by e-mail long after closing. It lies in the mailbox, with what belongs to no inquiry."),
}
# How steps/extensions.py begins the text of a request for more time; how clock.in_digits writes a moment.
MORE_DAYS = re.compile(r"\+(\d+): ")
DIGITS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
# How steps/transfers.py writes where an inquiry went: the bureau, how the investor agreed, the reason.
MOVED = re.compile(r"→ (\S+)\n(.*)\n((?s:.*))")
MOVES = ("propose_transfer", "transfer", "confirm_transfer", "accept_transfer", "refuse_transfer")
# What a person does with an inquiry takes it up; what brings it (back) into the queue ends that.
TAKING_UP = ("take", "assign", "reply", "update", "ask", "call")
QUEUED_BY = (*BEGINNINGS, "untake", "not_spam", "unmerge")


@dataclass
class Entry:
    """One entry of the thread. `of` is the inquiry that it belongs to where that is another one, merged with this."""

    at: datetime
    kind: str
    who: str = ""
    body: str = ""
    step: str = ""
    of: Inquiry | None = None
    message: Message | None = None
    files: list = field(default_factory=list)
    said: str = ""  # what the mail server said, in its own words
    earlier: str = ""  # the wording before the investor changed it
    not_taken: list[str] = field(default_factory=list)  # what a letter held that is not here, in words
    is_erased: bool = False  # its sender is erased, and the words with them


@dataclass
class Clock:
    label: str
    words: str
    is_late: bool = False


def thread(inquiry: Inquiry, user) -> list[Entry]:
    """What this person may read of the inquiry and of those worked on with it, in order of time."""
    messages = list(for_staff(inquiry, user).select_related("author", "letter", "bureau").prefetch_related("attachments"))
    own = bureaus_where(user, "answer")
    together = {row.pk: row for row in worked_on_as_one(inquiry) if row.bureau_id in own} | {inquiry.pk: inquiry}
    questions = [
        Entry(
            row.received_at,
            Message.Kind.INVESTOR,
            who=row.name,
            body=row.message,
            of=None if row.pk == inquiry.pk else row,
            is_erased=row.erased_at is not None,
        )
        for row in together.values()
    ]
    said = [entry_of(message, together[message.inquiry_id], inquiry) for message in messages if message.inquiry_id in together]
    return sorted([*questions, *said, *asked_to_erase(inquiry)], key=lambda entry: entry.at)


def entry_of(message: Message, owner: Inquiry, shown: Inquiry) -> Entry:
    is_step, is_investor = message.kind == Message.Kind.STEP, message.kind == Message.Kind.INVESTOR
    return Entry(
        at=message.written_at,
        kind=message.kind,
        who=owner.name if is_investor else name_of(message.author),
        body=body_of(message),
        step=step_of(message) if is_step else "",
        said=message.body if message.step == "came_back" else "",
        of=None if owner.pk == shown.pk else owner,
        message=message,
        files=list(message.attachments.all()),
        earlier=message.body if message.step in EARLIER_WORDINGS else "",
        not_taken=not_taken.in_words(message.not_taken),
        is_erased=owner.erased_at is not None and (not is_step or str(TAKEN.get(message.step, "")).endswith((":", "："))),
    )


def asked_to_erase(inquiry: Inquiry) -> list[Entry]:
    """That the personal details are to go, and who asked for it; what the calendar does needs no word."""
    asked = inquiry.erasures.exclude(origin=Erasure.Origin.RETENTION).select_related("asked_by")
    by_staff, by_investor = _("asked to have the personal details deleted"), _("The investor asked to have the personal details deleted.")
    return [
        Entry(row.asked_at, Message.Kind.STEP, who=name_of(row.asked_by), step=by_staff if row.asked_by else by_investor) for row in asked
    ]


def step_of(message: Message) -> str:
    """What was done, in words."""
    if message.step == "ask_extension" and (days := MORE_DAYS.match(message.body)):
        number = int(days[1])
        return ngettext("asked for %d working day more:", "asked for %d working days more:", number) % number
    return TAKEN.get(message.step, message.step)


def body_of(message: Message) -> str:
    """The text of an entry; in those that the system has written, moments and the mail server's answer in words."""
    if message.kind != Message.Kind.STEP:
        return message.body
    if message.step == "came_back":
        return str(reasons.in_words(message.body))
    if message.step == "ask_extension":
        return MORE_DAYS.sub("", message.body, count=1)
    if message.step in ("grant_extension", "calendar"):
        return DIGITS.sub(lambda found: short(datetime.strptime(found[0], "%Y-%m-%d %H:%M").replace(tzinfo=clock.BEIJING)), message.body)
    if message.step in MOVES and (parts := MOVED.fullmatch(message.body)):
        return moved_in_words(*parts.groups())
    return message.body


def moved_in_words(slug: str, agreed: str, reason: str) -> str:
    """→ Bureau of Sihui: The plot lies there. (The investor agreed: by telephone)"""
    bureau = Bureau.objects.filter(slug=slug).first()
    if agreed:
        reason = _("%(reason)s (The investor agreed: %(agreed)s)") % {"reason": reason, "agreed": agreed}
    return f"→ {bureau.name if bureau else slug}: {reason}"


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


def state_of(inquiry: Inquiry) -> str:
    """As the staff call it: what waits for the investor is told to the investor in other words."""
    return _("waiting for the investor") if inquiry.status == Inquiry.Status.WAITING else inquiry.get_status_display()


def clocks(inquiry: Inquiry, now: datetime) -> list[Clock]:
    """The three due times, each with what is left of it or what has become of it."""
    special = clock.special_days(min(now, inquiry.received_at).astimezone(clock.BEIJING).date())

    def due(moment):
        return Clock("", due_words(moment, now, special), moment < now)

    return [
        labelled(_("Taken up"), due(inquiry.take_by) if inquiry.status == Inquiry.Status.NEW else Clock("", taken_up(inquiry))),
        labelled(_("Answer"), answer_clock(inquiry, due)),
        labelled(_("Result"), result_clock(inquiry, due)),
    ]


def taken_up(inquiry: Inquiry) -> str:
    """When somebody took it up, of those who have it now; a dash where nobody has."""
    steps = inquiry.messages.filter(step__in=[*TAKING_UP, *QUEUED_BY]).order_by("written_at", "pk").values_list("step", "written_at")
    moment = None
    for step, at in steps:
        moment = None if step in QUEUED_BY else moment or at
    return short(moment) if moment else "–"


def labelled(label, shown: Clock) -> Clock:
    shown.label = label
    return shown


def answer_clock(inquiry, due) -> Clock:
    if inquiry.waits_for_answer:
        return due(inquiry.answer_by)
    return Clock("", _("answered %s") % short(inquiry.answered_at) if inquiry.answered_at else "–")


def result_clock(inquiry, due) -> Clock:
    if inquiry.closed_at:
        return Clock("", _("closed %s") % short(inquiry.closed_at))
    if inquiry.is_paused:
        return Clock("", _("stands still: the investor has been asked something"))
    if inquiry.is_apart and inquiry.merged_into.closed_at:
        return Clock("", _("closed %s") % short(inquiry.merged_into.closed_at))
    return due(inquiry.result_by) if inquiry.is_open or inquiry.is_apart else Clock("", "–")


def due_words(moment: datetime, now: datetime, special) -> str:
    """due Wed 2 Dec, 17:30 (2 working days left)."""
    if moment < now:
        return _("overdue since %s") % short(moment)
    left = clock.working_days_left(moment, now, special)
    days = ngettext("%d working day left", "%d working days left", left) % left if left else _("today")
    return _("due %(moment)s (%(left)s)") % {"moment": short(moment), "left": days}
