"""What the steps of the workflow do, and why a person may not take one though they hold the right."""

import datetime
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureaus import audit
from bureaus.rights import may
from bureaus.staff import LANGUAGES
from publishing import changes, consent, letters, links, revisions, translations, wording
from publishing.addresses import keep_old_address
from publishing.languages import CODES, languages_of, to_attribute
from publishing.models import Change, Decision, Revision, Status
from publishing.readiness import is_overtaken, missing_for_publishing, missing_in_change, refuse_unready

State, Kind = Change.State, Decision.Kind
# A shared cache may show the old page so long; nothing is scheduled nearer than that.
SHORTEST_NOTICE = datetime.timedelta(minutes=1)
# After so long a withdrawn page is read by a second person before it comes back.
FRESH = datetime.timedelta(days=30)

UNREAD = _("The Traditional Chinese text was converted and nobody has read it. Read it and mark it as read.")
WHY_WITHDRAWN = _("Say why in %(language)s: the page shows it to those who read it in that language.")


@dataclass
class Answers:
    """What a person says with a step: reasons by language for the public, where an address leads, a comment, a time."""

    notes: dict[str, str] = field(default_factory=dict)
    successor: str = ""
    comment: str = ""
    fields: list[str] = field(default_factory=list)
    go_live_at: datetime.datetime | None = None
    # One letter tells of all of them (publishing/batches.py).
    is_one_of_many: bool = False
    # The network address that asks, for the audit log; none where the clock publishes.
    address: str = ""


# --- Why not ---


def signatures(change) -> list[Decision]:
    """The approvals that still count, in their order."""
    return list(change.decisions.filter(kind=Kind.APPROVED, is_void=False).select_related("by"))


def not_by_its_author(item, change, user):
    if change.submitted_by_id == user.pk:
        return _("You submitted this change: a colleague has to read it.")
    if user.pk in {decision.by_id for decision in signatures(change)}:
        return _("You have signed this change already: another colleague has to read it.")
    return not_unread(item, change, user)


def not_unread(item, change, user):
    """No approval of a text that a conversion wrote and nobody has read (staff.md S33)."""
    if translations.is_unread(item, change.revision.data):
        return UNREAD
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
    if not item.bureau.manager_may_publish_alone:
        return _("Your bureau publishes nothing without a second person.")
    return not_unread(item, change, user)


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
    if not answers.comment:
        refuse_words(item, change)
    change.state, change.submitted_by, change.submitted_at = State.IN_REVIEW, user, timezone.now()
    changes.decide(change, Kind.SUBMITTED, user, answers.comment)
    if not answers.is_one_of_many:
        letters.to_reviewers(item, change)


def refuse_words(item, change):
    """Other words than the preferred ones are kept only with a reason (staff.md S34)."""
    if found := wording.findings(item, change.revision.data):
        words = ", ".join(dict.fromkeys(str(one.word) for one in found))
        raise ValidationError(_("Replace these words, or say why they stay: %s.") % words)


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
    if is_overtaken(item, change):
        changes.follow_live(item, change)
        translations.look_again(item, change.revision.data)


def back_to_draft(change):
    change.decisions.filter(kind=Kind.APPROVED).update(is_void=True)
    change.state, change.go_live_at, change.failure = State.DRAFT, None, ""


def publish(item, change, user, answers, kind=Kind.PUBLISHED):
    """Applies the change and makes it live: the row, the version, the old address, all in the caller's transaction."""
    if is_overtaken(item, change):
        raise ValidationError(
            _("The live page was changed after this change began. Press “Edit again”: the draft then takes over what changed.")
        )
    refuse_unready(missing_in_change(item, change))
    old_slug = item.slug
    revisions.apply(item, change.revision.data)
    go_live(item)
    if item.slug != old_slug and item.version > 1:
        keep_old_address(item, old_slug)
    revision = changes.add_revision(item, revisions.snapshot(item), user, kind=Revision.Kind.PUBLISHED, base=change.revision)
    change.revision, change.state, change.go_live_at = revision, State.PUBLISHED, None
    changes.decide(change, kind, user, answers.comment)
    links.follow(item)
    audit.record(audit.Action.PUBLISH, user=user, thing=item, address=answers.address)
    if user is not None and change.submitted_by_id not in (None, user.pk) and not answers.is_one_of_many:
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
    translations.look_again(item, revisions.snapshot(item))


def withdraw(item, change, user, answers):
    if silent := [code for code in languages_of(item) if not answers.notes.get(code)]:
        raise ValidationError([WHY_WITHDRAWN % {"language": LANGUAGES[code]} for code in silent])
    item.status, item.withdrawn_at = Status.WITHDRAWN, timezone.now()
    set_notes(item, answers.notes)
    audit.record(audit.Action.WITHDRAW, user=user, thing=item, address=answers.address)


def take_down(item, change, user, answers):
    if consent.missing(item):
        raise ValidationError(_("Live pages of other bureaus refer to this one: ask their managers first."))
    if not answers.comment:
        raise ValidationError(_("Say why it is taken down."))
    consent.close(item)
    item.status, item.successor = Status.TAKEN_DOWN, answers.successor
    set_notes(item, {})
    said = " · ".join(filter(None, [answers.successor, answers.comment]))
    audit.record(audit.Action.TAKE_DOWN, user=user, thing=item, address=answers.address, detail=said)


def put_back(item, change, user, answers):
    refuse_unready(missing_for_publishing(item))
    go_live(item)
    audit.record(audit.Action.PUT_BACK, user=user, thing=item, address=answers.address)


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
