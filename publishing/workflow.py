"""The publishing steps as data: one table gives the buttons, the checks and the test matrix (staff.md section 2).

An item stands on two axes. The public one is what the world sees: never published, live, withdrawn, taken down. The
other is the change that staff are at work on: none, draft, in review, approved, scheduled. The world sees a change
only when a step of this table applies it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from bureaus.rights import may
from publishing import changes, letters, revisions
from publishing.addresses import keep_old_address
from publishing.languages import CODES, languages_of, to_attribute
from publishing.models import Change, Decision, Revision, Status

State, Kind = Change.State, Decision.Kind
# A shared cache may show the old page so long; nothing is scheduled nearer than that.
SHORTEST_NOTICE = datetime.timedelta(minutes=1)
# After so long a withdrawn page is read by a second person before it comes back.
FRESH = datetime.timedelta(days=30)


@dataclass
class Answers:
    """What a person says with a step: reasons by language for the public, where an address leads, a comment, a time."""

    notes: dict[str, str] = field(default_factory=dict)
    successor: str = ""
    comment: str = ""
    fields: list[str] = field(default_factory=list)
    go_live_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Step:
    """One button. `sources` are states of the axis; `asks` says what the person must say first ("" for nothing).

    `why_not` returns the sentence that explains why this person may not, though they hold the right; None if they may.
    """

    name: str
    number: str
    label: str
    axis: str
    sources: frozenset[str]
    right: str
    effect: Callable
    asks: str = ""
    done: str = ""
    why_not: Callable = lambda item, change, user: None


# --- What stops a step ---


def missing_for_publishing(item) -> list[tuple[str, str]]:
    """What still stops an item from going live, as `(field, sentence)`; empty when it is ready."""
    missing = []
    if not languages_of(item):
        missing.append((to_attribute("title", item.original_language), _("A title in at least one language is missing.")))
    for code in languages_of(item):
        if not getattr(item, to_attribute("summary", code)) and item.needs_summary:
            missing.append((to_attribute("summary", code), _("The summary is missing in a language that has a title.")))
    missing += item.missing_facts()
    for use in item.pictures.select_related("picture") if item.pk else []:
        picture = use.picture
        if picture.has_file and not all(getattr(picture, to_attribute("alt", code)) for code in CODES):
            missing.append(("pictures", _("A picture has no alternative text in all three languages.")))
    return missing


def missing_in_change(item, change) -> list[tuple[str, str]]:
    """The same for the state that the change would publish. Things it names that are gone stop it too."""

    def look():
        lost = revisions.apply(item, change.revision.data)
        gone = [("", _("What this change points at no longer exists: %(names)s.") % {"names": ", ".join(lost)})] if lost else []
        return gone + missing_for_publishing(item)

    try:
        return revisions.dry(look)
    finally:
        item.refresh_from_db()


def signatures(change) -> list[Decision]:
    """The approvals that still count, in their order."""
    return list(change.decisions.filter(kind=Kind.APPROVED, is_void=False).select_related("by"))


def not_by_its_author(item, change, user):
    if change.submitted_by_id == user.pk:
        return _("You submitted this change: a colleague has to read it.")
    if user.pk in {decision.by_id for decision in signatures(change)}:
        return _("You have signed this change already: another colleague has to read it.")
    return None


def last_signature_only(item, change, user):
    if len(signatures(change)) + 1 < item.bureau.review_steps:
        return _("More than one colleague has to sign this change.")
    return not_by_its_author(item, change, user)


def by_its_submitter(item, change, user):
    return None if change.submitted_by_id == user.pk else _("Only the person who submitted the change takes it back.")


def own_or_reviewer(item, change, user):
    if change.opened_by_id == user.pk or may(user, "approve", item):
        return None
    return _("A colleague began this draft: they, or a reviewer, may discard it.")


def alone_if_switched_on(item, change, user):
    return None if item.bureau.manager_may_publish_alone else _("Your bureau publishes nothing without a second person.")


def not_the_lone_publisher(item, change, user):
    published_by = change.decisions.filter(kind=Kind.PUBLISHED_ALONE).values_list("by", flat=True)
    return _("You published this alone: another person has to sign.") if user.pk in set(published_by) else None


def still_fresh(item, change, user):
    if item.withdrawn_at is not None and timezone.now() - item.withdrawn_at > FRESH:
        return _("Withdrawn more than 30 days ago: save it, submit it, and have it reviewed again.")
    return None


# --- What a step does ---


def submit(item, change, user, answers):
    refuse_unready(missing_in_change(item, change))
    change.state, change.submitted_by, change.submitted_at = State.IN_REVIEW, user, timezone.now()
    changes.decide(change, Kind.SUBMITTED, user, answers.comment)
    letters.to_reviewers(item, change)


def approve(item, change, user, answers):
    changes.decide(change, Kind.APPROVED, user, answers.comment)
    if len(signatures(change)) >= item.bureau.review_steps:
        change.state = State.APPROVED
        letters.to_author(item, change, "approved")


def approve_and_publish(item, change, user, answers):
    changes.decide(change, Kind.APPROVED, user, answers.comment)
    publish(item, change, user, answers)


def ask_for_changes(item, change, user, answers):
    if not answers.comment:
        raise ValidationError(_("Say what should be changed: the author reads these words."))
    changes.decide(change, Kind.SENT_BACK, user, answers.comment, answers.fields)
    back_to_draft(change)
    letters.to_author(item, change, "sent_back", comment=answers.comment)


def take_back(item, change, user, answers):
    changes.decide(change, Kind.TAKEN_BACK, user)
    back_to_draft(change)


def edit_again(item, change, user, answers):
    changes.decide(change, Kind.REOPENED, user)
    back_to_draft(change)


def back_to_draft(change):
    change.decisions.filter(kind=Kind.APPROVED).update(is_void=True)
    change.state, change.go_live_at, change.failure = State.DRAFT, None, ""


def publish(item, change, user, answers, kind=Kind.PUBLISHED):
    """Applies the change and makes it live: the row, the version, the old address, all in the caller's transaction."""
    if is_overtaken(item, change):
        raise ValidationError(_("The live page was changed after this change began. Edit the draft once more and compare the two."))
    refuse_unready(missing_in_change(item, change))
    old_slug = item.slug
    revisions.apply(item, change.revision.data)
    go_live(item)
    if item.slug != old_slug and item.version > 1:
        keep_old_address(item, old_slug)
    revision = changes.add_revision(item, revisions.snapshot(item), user, kind=Revision.Kind.PUBLISHED, base=change.revision)
    change.revision, change.state, change.go_live_at = revision, State.PUBLISHED, None
    changes.decide(change, kind, user, answers.comment)
    if user is not None and change.submitted_by_id not in (None, user.pk):
        letters.to_author(item, change, "published")


def publish_alone(item, change, user, answers):
    if not answers.comment:
        raise ValidationError(_("Say why it cannot wait for a second person."))
    change.alone_reason, change.awaits_signature = answers.comment[:300], True
    publish(item, change, user, answers, kind=Kind.PUBLISHED_ALONE)


def sign_afterwards(item, change, user, answers):
    change.awaits_signature = False
    changes.decide(change, Kind.SIGNED_AFTERWARDS, user, answers.comment)


def schedule(item, change, user, answers):
    if answers.go_live_at is None or answers.go_live_at < timezone.now() + SHORTEST_NOTICE:
        raise ValidationError(_("Choose a time that is still to come."))
    refuse_unready(missing_in_change(item, change))
    change.state, change.go_live_at, change.failure = State.SCHEDULED, answers.go_live_at, ""
    changes.decide(change, Kind.SCHEDULED, user)


def cancel_schedule(item, change, user, answers):
    change.state, change.go_live_at = State.APPROVED, None
    changes.decide(change, Kind.UNSCHEDULED, user)


def discard(item, change, user, answers):
    change.state = State.DISCARDED
    changes.decide(change, Kind.DISCARDED, user, answers.comment)


def withdraw(item, change, user, answers):
    if not any(answers.notes.values()):
        raise ValidationError(_("Say why, in at least one language: the page shows it."))
    item.status, item.withdrawn_at = Status.WITHDRAWN, timezone.now()
    set_notes(item, answers.notes)


def take_down(item, change, user, answers):
    item.status, item.successor = Status.TAKEN_DOWN, answers.successor
    set_notes(item, {})


def put_back(item, change, user, answers):
    refuse_unready(missing_for_publishing(item))
    go_live(item)


def go_live(item):
    now = timezone.now()
    item.status = Status.LIVE
    item.version += 1
    item.first_published_at = item.first_published_at or now
    item.published_at = now
    item.withdrawn_at, item.successor = None, ""
    set_notes(item, {})
    item.save()


def set_notes(item, notes):
    for code in CODES:
        setattr(item, to_attribute("withdrawal_note", code), notes.get(code, ""))


def refuse_unready(missing):
    if missing:
        raise ValidationError([sentence for _field, sentence in missing])


def is_overtaken(item, change) -> bool:
    """Whether the stored row is no longer what the change started from."""
    return change.live is not None and bool(revisions.difference(change.live.data, revisions.snapshot(item)))


# --- The table ---

DRAFT, REVIEWED = frozenset({State.DRAFT}), frozenset({State.IN_REVIEW})
OPEN = frozenset(Change.OPEN)
CHANGE, PUBLIC, AFTERWARDS = "change", "public", "afterwards"

STEPS = [
    Step(
        "submit", "C2", gettext_noop("Submit for review"), CHANGE, DRAFT, "edit", submit,
        done=gettext_noop("Submitted. The reviewers of your bureau have been told."),
    ),
    Step(
        "approve_and_publish", "C3+C7", gettext_noop("Approve and publish"), CHANGE, REVIEWED, "publish", approve_and_publish,
        why_not=last_signature_only, done=gettext_noop("Approved and published. The page is live."),
    ),
    Step(
        "approve", "C3", gettext_noop("Approve"), CHANGE, REVIEWED, "approve", approve,
        why_not=not_by_its_author, done=gettext_noop("Approved."),
    ),
    Step(
        "ask_for_changes", "C4", gettext_noop("Ask for changes …"), CHANGE, REVIEWED, "approve", ask_for_changes, asks="comment",
        why_not=not_by_its_author, done=gettext_noop("Sent back to its author with your comment."),
    ),
    Step(
        "edit_again", "C5", gettext_noop("Edit again …"), CHANGE, OPEN - DRAFT, "edit", edit_again, asks="confirmation",
        done=gettext_noop("You can edit it again. It needs a new review."),
    ),
    Step(
        "take_back", "C6", gettext_noop("Take back"), CHANGE, REVIEWED, "edit", take_back,
        why_not=by_its_submitter, done=gettext_noop("Taken back. It is a draft again."),
    ),
    Step(
        "publish", "C7", gettext_noop("Publish now"), CHANGE, frozenset({State.APPROVED}), "publish", publish,
        done=gettext_noop("Published. The page is live."),
    ),
    Step(
        "schedule", "C8", gettext_noop("Schedule …"), CHANGE, frozenset({State.APPROVED}), "publish", schedule, asks="time",
        done=gettext_noop("Scheduled."),
    ),
    Step(
        "cancel_schedule", "C9", gettext_noop("Cancel the schedule"), CHANGE, frozenset({State.SCHEDULED}), "publish", cancel_schedule,
        done=gettext_noop("The schedule is cancelled. The change stays approved."),
    ),
    Step(
        "publish_alone", "C11", gettext_noop("Publish without a second person …"), CHANGE, DRAFT | REVIEWED, "publish alone",
        publish_alone, asks="reason", why_not=alone_if_switched_on,
        done=gettext_noop("Published. The page is live; a colleague still has to sign."),
    ),
    Step(
        "sign_afterwards", "C11a", gettext_noop("Sign afterwards"), AFTERWARDS, frozenset({State.PUBLISHED}), "approve",
        sign_afterwards, why_not=not_the_lone_publisher, done=gettext_noop("Signed."),
    ),
    Step(
        "discard", "C12", gettext_noop("Discard the change …"), CHANGE, OPEN, "edit", discard, asks="confirmation",
        why_not=own_or_reviewer, done=gettext_noop("Discarded. It stays in the history, where it can be restored."),
    ),
    Step(
        "withdraw", "C13", gettext_noop("Withdraw …"), PUBLIC, frozenset({Status.LIVE}), "withdraw", withdraw, asks="note",
        done=gettext_noop("Withdrawn. The page stays under a notice and has left the lists."),
    ),
    Step(
        "take_down", "C14", gettext_noop("Take down …"), PUBLIC, frozenset({Status.LIVE, Status.WITHDRAWN}), "take down", take_down,
        asks="successor", done=gettext_noop("Taken down. The address now says so."),
    ),
    Step(
        "put_back", "C15", gettext_noop("Put back"), PUBLIC, frozenset({Status.WITHDRAWN, Status.TAKEN_DOWN}), "publish", put_back,
        why_not=still_fresh, done=gettext_noop("Put back. The page is live again."),
    ),
]  # fmt: skip


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


def steps_for(item, user) -> list[tuple[Step, str | None]]:
    """The steps that lead on from here and whose right the person holds, each with the reason why not, or None."""
    found, known = [], {}
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
                publish(item, change, None, Answers(), kind=Kind.PUBLISHED_AS_SCHEDULED)
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
