"""Letters that do not arrive (S60): one that comes back takes with it what followed from its arrival; one can go again."""

from inquiries import deadlines, follow_ups
from inquiries.models import Inquiry, Message
from inquiries.steps.thread import write_down
from outbox.sending import may_go_again
from outbox.sending import send_again as put_back

Status, Kind = Inquiry.Status, Message.Kind


def to_send_again(inquiry):
    """The letters to the investor that did not arrive."""
    replies = inquiry.messages.filter(kind=Kind.REPLY).select_related("letter")
    return [message.letter for message in replies if message.is_undelivered and may_go_again(message.letter)]


def has_letters_to_send_again(inquiry, user):
    return bool(to_send_again(inquiry))


def send_again(inquiry, user, details):
    for letter in to_send_again(inquiry):
        put_back(letter)
    write_down(inquiry, user, Kind.STEP, "send_again", details, body="")


def came_back(inquiry, user, details):
    """`details.letter` is the letter as it was; `details.body` says why. The reply clock goes on from the day it counted from."""
    write_down(inquiry, None, Kind.STEP, "came_back", details)
    message = inquiry.messages.filter(kind=Kind.REPLY, letter=details.letter).first()
    if message is None:
        return
    if message.step == "ask":
        not_asked(inquiry, message, details.now)
    elif message.step != "update" and inquiry.answered_at and inquiry.answered_at == details.letter.sent_at:
        moment = inquiry.answered_at
        not_answered(inquiry, moment, details.now)
        for other in Inquiry.objects.select_for_update().filter(merged_into=inquiry, status=Status.MERGED, answered_at=moment):
            not_answered(other, moment, details.now)
            other.save()


def not_asked(inquiry, message, now):
    """The result clock does not stand still for a question that nobody has read."""
    later = inquiry.messages.filter(kind__in=Message.OPEN_KINDS, written_at__gt=message.written_at)
    if inquiry.status == Status.WAITING and not later.exists():
        inquiry.status = Status.IN_PROGRESS
        deadlines.go_on(inquiry, now)


def not_answered(inquiry, moment, now):
    if inquiry.status == Status.ANSWERED:
        inquiry.status = Status.IN_PROGRESS
    elif inquiry.status == Status.MERGED and inquiry.status_before_merge == Status.ANSWERED:
        inquiry.status_before_merge = Status.IN_PROGRESS
    if inquiry.first_answered_at == moment:
        inquiry.first_answered_at = None
        follow_ups.drop(inquiry, now)
    inquiry.answered_at = None
    deadlines.set_due_times(inquiry)
