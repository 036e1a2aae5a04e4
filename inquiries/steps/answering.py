"""Taking an inquiry up, answering it, asking back, keeping notes."""

from datetime import datetime

from django.db.models import Q

from inquiries import deadlines, follow_ups, letters, people
from inquiries.models import Inquiry, Message
from inquiries.steps.thread import tell_staff, write_down
from inquiries.thread_rights import is_same_person
from outbox.models import Letter
from outbox.sending import post

Status, Kind = Inquiry.Status, Message.Kind
# A reply before one of these steps does not answer what is open since.
BEGINNINGS = ("transfer", "confirm_transfer", "accept_transfer", "refuse_transfer", "reopen")
# An update says that the answer is still to come, a question asks for more: neither answers, nor takes back an answer on its way.
NO_ANSWERS = Q(kind=Kind.REPLY, step__in=["update", "ask"])
LAST_WORDS = Q(kind__in=Message.OPEN_KINDS) & ~NO_ANSWERS | Q(kind=Kind.STEP, step__in=BEGINNINGS)


def take(inquiry, user, details):
    hand_to(inquiry, user)
    write_down(inquiry, user, Kind.STEP, "take", details, body="")


def assign(inquiry, user, details):
    """To the officer who was chosen, or to the deputy where that officer is away today."""
    person = people.on_duty(details.assignee, inquiry.bureau, details.today) or details.assignee
    if inquiry.assignee == person:
        return
    hand_to(inquiry, person)
    write_down(inquiry, user, Kind.STEP, "assign", details, body=person.get_full_name() or person.get_username())
    if person != user:
        tell_staff(inquiry, "assigned", [person])


def note(inquiry, user, details):
    write_down(inquiry, user, Kind.NOTE, "note", details, is_private=details.is_private)
    if inquiry.status == Status.ASSIGNED and inquiry.assignee == user:
        inquiry.status = Status.IN_PROGRESS


def reply(inquiry, user, details):
    send(inquiry, user, "reply", details)
    if inquiry.status not in (Status.ANSWERED, Status.MERGED):
        inquiry.status = Status.IN_PROGRESS
        deadlines.go_on(inquiry, details.now)


def call(inquiry, user, details):
    begin(inquiry, user)
    write_down(inquiry, user, Kind.REPLY, "call", details, via=Message.Via.CALL)
    answered(inquiry, details.now)


def ask(inquiry, user, details):
    send(inquiry, user, "ask", details)
    inquiry.status = Status.WAITING
    deadlines.pause(inquiry, details.now)


def update(inquiry, user, details):
    """Word of how it stands: whoever sends it has taken the inquiry up. The clocks and what waits for the investor stay as they are."""
    send(inquiry, user, "update", details)
    if inquiry.status in (Status.NEW, Status.ASSIGNED):
        inquiry.status = Status.IN_PROGRESS


def settle(inquiry, user, details):
    """The mail server has taken the last word, a reply. What the investor was asked after it, still waits."""
    message = accepted_reply(inquiry)
    if message is None:
        answered_before_that(inquiry, overtaken_reply(inquiry))
        return
    moment = message.letter.sent_at if message.letter else message.written_at
    questions = inquiry.messages.filter(kind=Kind.REPLY, step="ask", written_at__gt=message.written_at)
    is_waiting = Status.WAITING in (inquiry.status, inquiry.status_before_merge) and questions.exists()
    answered(inquiry, moment, is_waiting=is_waiting)


def untake(inquiry, user, details):
    """Back to the queue: its officer does not work there any longer."""
    name = inquiry.assignee.get_full_name() or inquiry.assignee.get_username()
    inquiry.assignee = None
    if inquiry.status in (Status.ASSIGNED, Status.IN_PROGRESS):
        inquiry.status = Status.NEW
    write_down(inquiry, None, Kind.STEP, "untake", details, body=name)


def accepted_reply(inquiry: Inquiry) -> Message | None:
    """The last word that is no question and no update, where it is an answer that has reached the investor."""
    last = inquiry.messages.filter(LAST_WORDS).select_related("letter").order_by("written_at", "pk").last()
    if last is None or last.kind != Kind.REPLY:
        return None
    return last if last.letter is None or last.letter.state == Letter.State.SENT else None


def overtaken_reply(inquiry: Inquiry) -> Message | None:
    """An answer that has reached the investor, who wrote on before it counted."""
    if inquiry.answered_at or inquiry.status == Status.MERGED:
        return None
    words = list(inquiry.messages.filter(LAST_WORDS).select_related("letter").order_by("-written_at", "-pk"))
    last = next((word for word in words if word.kind != Kind.INVESTOR), None)
    if last is None or last == words[0] or last.kind != Kind.REPLY or last.letter is None or last.written_at < inquiry.asked_at:
        return None
    return last if last.letter.state == Letter.State.SENT else None


def answered_before_that(inquiry, message):
    """As if the mail server had been faster: a new reply clock runs from the investor's next word."""
    inquiry.first_answered_at = inquiry.first_answered_at or message.letter.sent_at
    follow_ups.plan(inquiry, message.letter.sent_at)
    later = inquiry.messages.filter(kind=Kind.INVESTOR, written_at__gt=message.written_at).order_by("written_at", "pk").first()
    deadlines.ask_anew(inquiry, later.written_at)


def hand_to(inquiry, person):
    """The first person in charge is what the site promises as an acknowledgment: the investor is told."""
    is_first = inquiry.status == Status.NEW
    inquiry.assignee = person
    if is_first:
        inquiry.status = Status.ASSIGNED
        if inquiry.email:
            post(**letters.taken(inquiry))


def begin(inquiry, user):
    """Whoever answers an inquiry that nobody has, has it."""
    if inquiry.assignee is None:
        inquiry.assignee = user


def send(inquiry, user, step, details):
    begin(inquiry, user)
    message = write_down(inquiry, user, Kind.REPLY, step, details)
    message.letter = post(**letters.reply(inquiry, message))
    message.save(update_fields=["letter"])


def answered(inquiry: Inquiry, moment: datetime, is_waiting=False):
    """The reply clock has been met; what waits for the investor (`is_waiting`) goes on waiting, and its result clock stands still.

    A merged inquiry stays merged; what the same person asked beside it is answered too.
    """
    meet(inquiry, moment)
    if not is_waiting:
        if inquiry.status == Status.MERGED:
            inquiry.status_before_merge = Status.ANSWERED
        else:
            inquiry.status = Status.ANSWERED
        deadlines.go_on(inquiry, moment)
    follow_ups.plan(inquiry, moment)
    if inquiry.status != Status.MERGED:
        for other in Inquiry.objects.select_for_update().filter(merged_into=inquiry, status=Status.MERGED).order_by("pk"):
            if is_same_person(inquiry, other):
                meet(other, moment)
                other.status_before_merge = Status.ANSWERED
                other.save()


def meet(inquiry, moment):
    inquiry.first_answered_at = inquiry.first_answered_at or moment
    inquiry.answered_at = moment
