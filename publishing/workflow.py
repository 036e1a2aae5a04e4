"""The publishing steps as data: one table gives the buttons, the checks and the test matrix (staff.md section 2).

An item stands on two axes. The public one is what the world sees: never published, live, withdrawn, taken down. The
other is the change that staff are at work on: none, draft, in review, approved, scheduled. The world sees a change
only when a step of this table applies it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from bureaus.rights import may
from publishing import changes, effects, letters, links
from publishing.effects import Answers
from publishing.models import Change, Decision, Status

State, Kind = Change.State, Decision.Kind


@dataclass(frozen=True)
class Step:
    """One button. `sources` are states of the axis; `asks` says what the person must say first ("" for nothing).

    `target` is the public state that the step leads to, or the decision that it leaves.
    `why_not` returns the sentence that explains why this person may not, though they hold the right; None if they may.
    """

    name: str
    number: str
    label: str
    axis: str
    sources: frozenset[str]
    right: str
    effect: Callable
    target: str
    asks: str = ""
    done: str = ""
    why_not: Callable = lambda item, change, user: None


# --- The table ---

DRAFT, REVIEWED = frozenset({State.DRAFT}), frozenset({State.IN_REVIEW})
OPEN = frozenset(Change.OPEN)
CHANGE, PUBLIC, AFTERWARDS = "change", "public", "afterwards"

STEPS = [
    Step(
        "submit",
        "C2",
        gettext_noop("Submit for review"),
        CHANGE,
        DRAFT,
        "edit",
        effects.submit,
        Kind.SUBMITTED,
        done=gettext_noop("Submitted. The reviewers of your bureau have been told."),
    ),
    Step(
        "approve_and_publish",
        "C3+C7",
        gettext_noop("Approve and publish"),
        CHANGE,
        REVIEWED,
        "publish",
        effects.approve_and_publish,
        Kind.PUBLISHED,
        why_not=effects.last_signature_only,
        done=gettext_noop("Approved and published. The page is live."),
    ),
    Step(
        "approve",
        "C3",
        gettext_noop("Approve"),
        CHANGE,
        REVIEWED,
        "approve",
        effects.approve,
        Kind.APPROVED,
        why_not=effects.not_by_its_author,
        done=gettext_noop("Approved."),
    ),
    Step(
        "ask_for_changes",
        "C4",
        gettext_noop("Ask for changes …"),
        CHANGE,
        REVIEWED,
        "approve",
        effects.ask_for_changes,
        Kind.SENT_BACK,
        asks="comment",
        why_not=effects.not_by_its_author,
        done=gettext_noop("Sent back to its author with your comment."),
    ),
    Step(
        "edit_again",
        "C5",
        gettext_noop("Edit again …"),
        CHANGE,
        OPEN - DRAFT,
        "edit",
        effects.edit_again,
        Kind.REOPENED,
        asks="confirmation",
        done=gettext_noop("You can edit it again. It needs a new review."),
    ),
    Step(
        "take_back",
        "C6",
        gettext_noop("Take back"),
        CHANGE,
        REVIEWED,
        "edit",
        effects.take_back,
        Kind.TAKEN_BACK,
        why_not=effects.by_its_submitter,
        done=gettext_noop("Taken back. It is a draft again."),
    ),
    Step(
        "publish",
        "C7",
        gettext_noop("Publish now"),
        CHANGE,
        frozenset({State.APPROVED}),
        "publish",
        effects.publish,
        Kind.PUBLISHED,
        done=gettext_noop("Published. The page is live."),
    ),
    Step(
        "schedule",
        "C8",
        gettext_noop("Schedule …"),
        CHANGE,
        frozenset({State.APPROVED}),
        "publish",
        effects.schedule,
        Kind.SCHEDULED,
        asks="time",
        done=gettext_noop("Scheduled."),
    ),
    Step(
        "cancel_schedule",
        "C9",
        gettext_noop("Cancel the schedule"),
        CHANGE,
        frozenset({State.SCHEDULED}),
        "publish",
        effects.cancel_schedule,
        Kind.UNSCHEDULED,
        done=gettext_noop("The schedule is cancelled. The change stays approved."),
    ),
    Step(
        "publish_alone",
        "C11",
        gettext_noop("Publish without a second person …"),
        CHANGE,
        DRAFT | REVIEWED,
        "publish alone",
        effects.publish_alone,
        Kind.PUBLISHED_ALONE,
        asks="reason",
        why_not=effects.alone_if_switched_on,
        done=gettext_noop("Published. The page is live; a colleague still has to sign."),
    ),
    Step(
        "sign_afterwards",
        "C11a",
        gettext_noop("Sign afterwards"),
        AFTERWARDS,
        frozenset({State.PUBLISHED}),
        "approve",
        effects.sign_afterwards,
        Kind.SIGNED_AFTERWARDS,
        why_not=effects.not_the_lone_publisher,
        done=gettext_noop("Signed."),
    ),
    Step(
        "discard",
        "C12",
        gettext_noop("Discard the change …"),
        CHANGE,
        OPEN,
        "edit",
        effects.discard,
        Kind.DISCARDED,
        asks="confirmation",
        why_not=effects.own_or_reviewer,
        done=gettext_noop("Discarded. It stays in the history, where it can be restored."),
    ),
    Step(
        "withdraw",
        "C13",
        gettext_noop("Withdraw …"),
        PUBLIC,
        frozenset({Status.LIVE}),
        "withdraw",
        effects.withdraw,
        Status.WITHDRAWN,
        asks="note",
        done=gettext_noop("Withdrawn. The page stays under a notice and has left the lists."),
    ),
    Step(
        "take_down",
        "C14",
        gettext_noop("Take down …"),
        PUBLIC,
        frozenset({Status.LIVE, Status.WITHDRAWN}),
        "take down",
        effects.take_down,
        Status.TAKEN_DOWN,
        asks="successor",
        done=gettext_noop("Taken down. The address now says so."),
    ),
    Step(
        "put_back",
        "C15",
        gettext_noop("Put back"),
        PUBLIC,
        frozenset({Status.WITHDRAWN, Status.TAKEN_DOWN}),
        "publish",
        effects.put_back,
        Status.LIVE,
        why_not=effects.still_fresh,
        done=gettext_noop("Put back. The page is live again."),
    ),
]


def step_named(name: str) -> Step:
    """The step of that name; KeyError if there is none."""
    return {step.name: step for step in STEPS}[name]


def change_for(step: Step, item) -> Change | None:
    """The change that a step is about: the open one, or the one published alone that nobody has signed yet."""
    if step.axis == AFTERWARDS:
        return changes.of(item, Change).filter(awaits_signature=True).select_related("revision", "live").first()
    return changes.open_change(item)


def fits(step: Step, item, change) -> bool:
    """Whether the item is in a state from which the step leads."""
    if step.axis == PUBLIC:
        return item.status in step.sources
    return change is not None and change.state in step.sources


def steps_for(item, user, change: Change | None = None) -> list[tuple[Step, str | None]]:
    """The steps that lead on from here and whose right the person holds, each with the reason why not, or None.

    `change` is the open change, where the caller knows it.
    """
    found, known = [], {CHANGE: change} if change is not None else {}
    for step in STEPS:
        if not may(user, step.right, item):
            continue
        if step.axis not in known:
            known[step.axis] = None if step.axis == PUBLIC else change_for(step, item)
        change = known[step.axis]
        if fits(step, item, change):
            found.append((step, step.why_not(item, change, user)))
    return found


def available_steps(item, user) -> list[Step]:
    """The steps that this person may take with this item now."""
    return [step for step, reason in steps_for(item, user) if reason is None]


def take(item, name: str, user, answers: Answers | None = None) -> None:
    """Takes a step, or raises PermissionDenied (right, four eyes) or ValidationError (state, or something is missing).

    One transaction; the row is locked first, so that two people pressing at once take it once.
    """
    step = step_named(name)
    if not may(user, step.right, item):
        raise PermissionDenied
    with transaction.atomic():
        locked = changes.lock(item)
        change = change_for(step, locked)
        if not fits(step, locked, change):
            raise ValidationError(_("Somebody has changed this item meanwhile. Look at its state and try again."))
        if (reason := step.why_not(locked, change, user)) is not None:
            raise PermissionDenied(reason)
        step.effect(locked, change, user, answers or Answers())
        write(step, locked, change)
    item.refresh_from_db()


def write(step, item, change):
    """Stores what the effect set; `go_live` has saved the item already."""
    if step.axis == PUBLIC:
        if item.status != Status.LIVE:
            item.version += 1
            item.save()
        links.follow(item)
        return
    change.changed_at = timezone.now()
    change.save()


def publish_due(now=None) -> tuple[int, int]:
    """Publishes what is scheduled and due: `(published, failed)`. What cannot be published is approved again, with a task."""
    published = failed = 0
    due = Change.objects.filter(state=State.SCHEDULED, go_live_at__lte=now or timezone.now()).order_by("go_live_at", "pk")
    for key in due.values_list("pk", flat=True):
        outcome = publish_one(key, now or timezone.now())
        published, failed = published + (outcome is True), failed + (outcome is False)
    return published, failed


def publish_one(key, now) -> bool | None:
    """True when it went live, False when it could not, None when somebody was faster."""
    with transaction.atomic():
        change = Change.objects.select_for_update(of=["self"]).select_related("revision", "live").get(pk=key)
        if change.state != State.SCHEDULED or change.go_live_at > now:
            return None
        item = changes.lock(change.item)
        try:
            with transaction.atomic():
                effects.publish(item, change, None, Answers(), kind=Kind.PUBLISHED_AS_SCHEDULED)
        except ValidationError as error:
            change.refresh_from_db()
            change.state, change.go_live_at, change.failure = State.APPROVED, None, " ".join(map(str, error.messages))
            changes.decide(change, Kind.FAILED, None, change.failure)
            letters.to_reviewers(item, change, "not_published")
            published = False
        else:
            published = True
        change.changed_at = now
        change.save()
    return published


def publish_scheduled() -> int:
    """The job of every minute: how many went live."""
    published, _failed = publish_due()
    return published
