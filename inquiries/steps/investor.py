"""What the investor does: writes, reopens, withdraws, gives a grade."""

from inquiries import deadlines, follow_ups, people
from inquiries.models import Inquiry, Message
from inquiries.steps.closing import end, start_again
from inquiries.steps.thread import tell_investor, tell_staff, write_down
from inquiries.thread_rights import case_of

Status, Kind, Result = Inquiry.Status, Message.Kind, Inquiry.Result
POOR_GRADES = (Inquiry.Grade.POOR, Inquiry.Grade.VERY_POOR)


def write(inquiry, user, details):
    """A word of the investor: work goes on where it waited or was done (I6), and begins again where it was closed (I11)."""
    write_down(
        inquiry, None, Kind.INVESTOR, "write", details, via=details.via, quoted=details.quoted, foreign_sender=details.foreign_sender
    )
    hear(inquiry, details)


def reopen(inquiry, user, details):
    write_down(inquiry, None, Kind.INVESTOR, "reopen", details, body=details.reason.strip())
    hear(inquiry, details)


def withdraw(inquiry, user, details):
    """The inquiry ends; one that was merged leaves the other alone."""
    case, was_spam = case_of(inquiry), inquiry.status == Status.SPAM
    write_down(inquiry, None, Kind.INVESTOR, "withdraw", details, body=details.reason.strip())
    inquiry.merged_into, inquiry.merged_at = None, None
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
