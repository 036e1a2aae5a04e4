"""Moving an inquiry to another bureau (I7) and back (I18). No clock restarts; private notes stay behind (thread_rights)."""

from bureaus.models import Bureau
from inquiries import deadlines, people
from inquiries.models import Inquiry, Message, Transfer
from inquiries.steps.thread import tell_investor, tell_staff, write_down

Status, Kind, State = Inquiry.Status, Message.Kind, Transfer.State
# So many times bureaus move it among themselves; then the city desk has it.
MOVES_BETWEEN_BUREAUS = 2


def propose(inquiry, user, details):
    new = new_transfer(inquiry, user, details)
    enter(inquiry, user, "propose_transfer", details, in_thread(details.bureau, new.reason, new.agreed))
    tell_staff(inquiry, "transfer_proposed", people.managers(inquiry.bureau), bureau=details.bureau)
    tell_staff(inquiry, "transfer_offered", people.managers(details.bureau), bureau=details.bureau)


def transfer(inquiry, user, details):
    """At once, by somebody who may."""
    inquiry.transfers.filter(state=State.PROPOSED).update(
        state=State.DECLINED, decided_by=user, decided_at=details.now, answer=details.reason.strip()
    )
    move(inquiry, new_transfer(inquiry, user, details), user, "transfer", details)


def confirm(inquiry, user, details):
    move(inquiry, proposal_of(inquiry), user, "confirm_transfer", details)


def accept(inquiry, user, details):
    """By a manager of the bureau that it is proposed to."""
    move(inquiry, proposal_of(inquiry), user, "accept_transfer", details)


def decline(inquiry, user, details):
    proposal = decide(proposal_of(inquiry), State.DECLINED, user, details)
    enter(inquiry, user, "decline_transfer", details, details.reason.strip())
    if proposal.proposed_by != user:
        tell_staff(inquiry, "transfer_declined", [proposal.proposed_by], bureau=proposal.to_bureau)


def refuse(inquiry, user, details):
    """Back to the bureau that it came from, with the reason."""
    refused = decide(last_move(inquiry), State.REFUSED, user, details)
    enter(inquiry, user, "refuse_transfer", details, in_thread(refused.from_bureau, details.reason.strip()))
    arrive(inquiry, refused.from_bureau, details, refused.answer_for_investor)
    tell_staff(inquiry, "transfer_refused", [held.user for held in people.answerers(inquiry.bureau)], bureau=refused.to_bureau)


def move(inquiry, moving: Transfer, user, step, details):
    if city := city_instead(inquiry, user):
        moving.to_bureau = city
    moving = decide(moving, State.DONE, user, details)
    enter(inquiry, user, step, details, in_thread(moving.to_bureau, moving.reason, moving.agreed))
    arrive(inquiry, moving.to_bureau, details, moving.for_investor)
    tell_staff(inquiry, "moved_here", [held.user for held in people.answerers(inquiry.bureau)], bureau=moving.from_bureau)


def arrive(inquiry, bureau, details, sentence):
    """New at a bureau, or back there; what has been promised stays as it is. `sentence` is for the investor, or empty."""
    had_it = inquiry.transfers.filter(state__in=[State.DONE, State.REFUSED], from_bureau=bureau).exists()
    sender = inquiry.bureau
    deadlines.go_on(inquiry, details.now)
    inquiry.bureau, inquiry.status, inquiry.assignee = bureau, Status.NEW, None
    tell_investor(inquiry, "moved_back" if had_it else "moved", sender=sender, sentence=sentence)


def city_instead(inquiry, user) -> Bureau | None:
    """The city bureau, where the next move leads there whatever bureau is chosen; else None."""
    if not goes_to_city_desk(inquiry, user):
        return None
    return Bureau.objects.filter(takes_unrouted=True).exclude(pk=inquiry.bureau_id).first()


def goes_to_city_desk(inquiry, user) -> bool:
    """The third time; the city desk itself may send it anywhere."""
    moved = inquiry.transfers.filter(state__in=[State.DONE, State.REFUSED]).exclude(decided_at=None).count()
    return moved >= MOVES_BETWEEN_BUREAUS and user not in people.city_desk()


def proposal_of(inquiry) -> Transfer | None:
    return inquiry.transfers.filter(state=State.PROPOSED).select_related("from_bureau", "to_bureau", "proposed_by").first()


def last_move(inquiry) -> Transfer | None:
    """The move that brought it to the bureau where it is, unless it was sent back there."""
    moves = inquiry.transfers.filter(state__in=[State.DONE, State.REFUSED]).select_related("from_bureau", "to_bureau")
    last = moves.order_by("decided_at", "pk").last()
    return last if last and last.state == State.DONE and last.to_bureau_id == inquiry.bureau_id else None


def new_transfer(inquiry, user, details) -> Transfer:
    """A proposal; whoever may move it at once decides it in the same step."""
    return Transfer.objects.create(
        inquiry=inquiry,
        from_bureau=inquiry.bureau,
        to_bureau=details.bureau,
        reason=details.reason.strip(),
        agreed="" if inquiry.may_share else details.agreed.strip()[:100],
        for_investor=details.for_investor.strip(),
        proposed_by=user,
        proposed_at=details.now,
    )


def in_thread(bureau, reason, agreed="") -> str:
    """For the staff alone: where to, how the investor agreed where the form did not say it, and why; a line for each.

    In no language, so that everybody reads it in their own (case_words.moved_in_words).
    """
    return f"→ {bureau.slug}\n{' '.join(agreed.split())}\n{reason}"


def decide(moving, state, user, details) -> Transfer:
    moving.state, moving.decided_by, moving.decided_at = state, user, details.now
    if state != State.DONE:
        moving.answer, moving.answer_for_investor = details.reason.strip(), details.for_investor.strip()
    moving.save()
    return moving


def enter(inquiry, user, step, details, body):
    write_down(inquiry, user, Kind.STEP, step, details, body=body)
