"""What the investor does: writes, reopens, withdraws, gives a grade."""

from inquiries import deadlines, follow_ups, people
from inquiries.models import Inquiry, Message
from inquiries.steps.closing import end, separate, start_again
from inquiries.steps.thread import tell_investor, tell_staff, write_down
from inquiries.thread_rights import case_of

Status, Kind, Result = Inquiry.Status, Message.Kind, Inquiry.Result
POOR_GRADES = (Inquiry.Grade.POOR, Inquiry.Grade.VERY_POOR)


def write(inquiry, user, details):
    """A word of the investor: work goes on where it waited or was done (I6), and begins again where it was closed (I11)."""
    way = {"via": details.via, "quoted": details.quoted, "foreign_sender": details.foreign_sender, "not_taken": details.not_taken}
    write_down(inquiry, None, Kind.INVESTOR, "write", details, **way)
    hear(inquiry, details)


def reopen(inquiry, user, details):
    write_down(inquiry, None, Kind.INVESTOR, "reopen", details, body=details.reason.strip())
    hear(inquiry, details)


def withdraw(inquiry, user, details):
    """The inquiry ends; one that was merged leaves the other alone, and what others sent goes on by itself."""
    case, was_spam = case_of(inquiry), inquiry.status == Status.SPAM
    for other in Inquiry.objects.select_for_update().filter(merged_into=inquiry, status=Status.MERGED, merged_apart=True).order_by("pk"):
        take_over_officer(other)
        separate(other, None, details)
        other.save()
    write_down(inquiry, None, Kind.INVESTOR, "withdraw", details, body=details.reason.strip())
    inquiry.merged_into, inquiry.merged_at, inquiry.merged_apart = None, None, False
    inquiry.result = Result.WITHDRAWN
    end(inquiry, details.now)
    if not was_spam:
        tell_officer(case, "withdrawn", details)
        tell_investor(inquiry, "withdrawal")


def rate(inquiry, user, details):
    """One of the two lowest grades is a task for the manager."""
    inquiry.rating, inquiry.rating_text, inquiry.rated_at = details.grade, details.body.strip(), details.now
    write_down(inquiry, None, Kind.STEP, "rate", details, body="")
    if inquiry.rating in POOR_GRADES:
        case = case_of(inquiry)
        follow_ups.after_poor_grade(case, details.now)
        tell_staff(case, "poor_grade", people.managers(case.bureau))


def hear(inquiry, details):
    """The inquiry in which the work is done takes notice. Whoever is taken for a sender of spam disturbs nobody."""
    if inquiry.is_apart:
        hear_apart(inquiry, details)
        return
    case = case_of(inquiry)
    if case.status == Status.SPAM:
        return
    if case.status == Status.CLOSED:
        start_again(case, details)
        tell_officer(case, "reopened_by_investor", details)
        if case is inquiry:
            tell_investor(case, "reopened")
    else:
        go_on(case, details)
        tell_officer(case, "investor_wrote", details)
    if case is not inquiry:
        case.save()


def hear_apart(inquiry, details):
    """Merged into the inquiry of another person, which is left alone. Where that is closed, this one is open again by itself."""
    if inquiry.merged_into.status == Status.CLOSED:
        take_over_officer(inquiry)
        separate(inquiry, None, details)
        start_again(inquiry, details)
        tell_officer(inquiry, "reopened_by_investor", details)
        tell_investor(inquiry, "reopened")
        return
    if inquiry.status_before_merge in (Status.WAITING, Status.ANSWERED):
        inquiry.status_before_merge = Status.IN_PROGRESS
        deadlines.go_on(inquiry, details.now)
    if inquiry.answered_at:
        deadlines.ask_anew(inquiry, details.now)
    tell_officer(inquiry, "investor_wrote", details)


def take_over_officer(inquiry):
    """Whoever has worked on both goes on with the one that becomes an inquiry of its own."""
    if inquiry.merged_into.bureau_id == inquiry.bureau_id:
        inquiry.assignee = inquiry.merged_into.assignee or inquiry.assignee
    if inquiry.assignee and inquiry.status_before_merge == Status.NEW:
        inquiry.status_before_merge = Status.ASSIGNED


def go_on(case, details):
    """The bureau has the next word. After an answer a new reply clock runs; a question that was asked has stopped none."""
    if case.status in (Status.WAITING, Status.ANSWERED):
        case.status = Status.IN_PROGRESS
        deadlines.go_on(case, details.now)
        if case.answered_at:
            deadlines.ask_anew(case, details.now)
    if case.assignee and (present := people.in_charge(case, details.now)):
        case.assignee = present


def tell_officer(case, name, details):
    """The officer or the deputy; the managers where neither is there; nobody where the bureau has it still to take."""
    if case.status == Status.NEW and case.assignee is None and name == "investor_wrote":
        return
    present = people.in_charge(case, details.now)
    tell_staff(case, name, [present] if present else people.managers(case.bureau))
