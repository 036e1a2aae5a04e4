"""Making one case of two inquiries (I13) and two again (I17). What each person reads: `thread_rights.for_investor`.

What one person has sent twice has one clock and one answer. The inquiry of another person keeps its own: it stays overdue, is
reminded of and counted until it has been answered itself.
"""

from datetime import timedelta

from inquiries import deadlines, follow_ups
from inquiries.models import Inquiry, Message
from inquiries.steps import closing, investor
from inquiries.steps.thread import tell_investor, write_down
from inquiries.thread_rights import is_same_person

Status, Kind = Inquiry.Status, Message.Kind
UNDONE_WITHIN = timedelta(days=7)


def merge(inquiry, user, details):
    """The other inquiry goes on; where one person sent both, it is due no later than this one was."""
    other = details.target
    is_same = is_same_person(inquiry, other)
    if is_same:
        take_over_clock(other, inquiry)
        other.save()
    inquiry.status_before_merge, inquiry.status = inquiry.status, Status.MERGED
    inquiry.merged_into, inquiry.merged_at, inquiry.merged_apart = other, details.now, not is_same
    follow_ups.drop(inquiry, details.now)
    write_down(inquiry, user, Kind.STEP, "merge", details, body=f"→ {other.reference}")
    closing.note_in(other, user, "merged_here", details, inquiry.reference)
    if is_same:
        tell_investor(inquiry, "merged", other=other)


def unmerge(inquiry, user, details):
    """As before; what the investor wrote meanwhile counts as written now."""
    merged_at, was_apart = inquiry.merged_at, inquiry.merged_apart
    closing.separate(inquiry, user, details)
    if not was_apart and inquiry.messages.filter(kind=Kind.INVESTOR, written_at__gte=merged_at).exists():
        investor.go_on(inquiry, details)


def take_over_clock(other, inquiry):
    """Nobody gains time by merging: the one that goes on counts from the earlier question that still waits."""
    if not inquiry.waits_for_answer:
        return
    asked_at = min(inquiry.asked_at, other.asked_at) if other.waits_for_answer else inquiry.asked_at
    if other.status == Status.ANSWERED:
        other.status = Status.IN_PROGRESS
    other.asked_at, other.answered_at = asked_at, None
    deadlines.set_due_times(other)


def strangers(inquiry):
    """What other people sent and was merged into this inquiry: an answer in this one does not reach them."""
    return list(inquiry.merged_inquiries.filter(status=Status.MERGED, merged_apart=True).order_by("received_at", "pk"))


def unanswered_strangers(inquiry):
    return [other for other in strangers(inquiry) if other.waits_for_answer]
