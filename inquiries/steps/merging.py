"""Making one case of two inquiries (I13) and two again (I17). What each person reads: `thread_rights.for_investor`."""

from datetime import timedelta

from inquiries import deadlines, follow_ups
from inquiries.models import Inquiry, Message
from inquiries.steps import investor
from inquiries.steps.thread import tell_investor, write_down
from inquiries.thread_rights import is_same_person

Status, Kind = Inquiry.Status, Message.Kind
UNDONE_WITHIN = timedelta(days=7)


def merge(inquiry, user, details):
    """The other inquiry goes on; it is due no later than this one was."""
    other = details.target
    take_over_clock(other, inquiry, details.now)
    other.save()
    inquiry.status_before_merge, inquiry.status = inquiry.status, Status.MERGED
    inquiry.merged_into, inquiry.merged_at = other, details.now
    follow_ups.drop(inquiry, details.now)
    write_down(inquiry, user, Kind.STEP, "merge", details, body=f"→ {other.reference}")
    note_in(other, user, "merged_here", details, inquiry.reference)
    if is_same_person(inquiry, other):
        tell_investor(inquiry, "merged", other=other)


def unmerge(inquiry, user, details):
    """As before; what the investor wrote meanwhile counts as written now."""
    other, merged_at = inquiry.merged_into, inquiry.merged_at
    inquiry.status = inquiry.status_before_merge
    inquiry.merged_into = inquiry.merged_at = None
    inquiry.status_before_merge = ""
    deadlines.set_due_times(inquiry)
    if inquiry.messages.filter(kind=Kind.INVESTOR, written_at__gte=merged_at).exists():
        investor.go_on(inquiry, details)
    follow_ups.plan(inquiry, details.now)
    write_down(inquiry, user, Kind.STEP, "unmerge", details, body=f"← {other.reference}")
    note_in(other, user, "unmerged", details, inquiry.reference)


def take_over_clock(other, inquiry, now):
    """Nobody gains time by merging: the one that goes on counts from the earlier question that still waits."""
    if not inquiry.waits_for_answer:
        return
    asked_at = min(inquiry.asked_at, other.asked_at) if other.waits_for_answer else inquiry.asked_at
    if other.status == Status.ANSWERED:
        other.status = Status.IN_PROGRESS
    other.asked_at, other.answered_at = asked_at, None
    deadlines.set_due_times(other)


def note_in(other, user, step, details, reference):
    Message.objects.create(inquiry=other, kind=Kind.STEP, step=step, author=user, body=reference, written_at=details.now)


def unanswered_strangers(inquiry):
    """Merged inquiries of other people who have had no answer yet: an answer in this one does not reach them."""
    waiting = inquiry.merged_inquiries.filter(status=Status.MERGED, answered_at=None).order_by("received_at", "pk")
    return [other for other in waiting if not is_same_person(inquiry, other)]
