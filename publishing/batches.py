"""What many items have in common since one import or one action: looking at it, taking it back, changing many at once."""

from dataclasses import dataclass, replace

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from bureaus.rights import may
from publishing import changes, letters, readiness, revisions, wording, workflow
from publishing.models import Batch, Change, Revision
from publishing.workflow import Answers

Kind, State = Revision.Kind, Change.State


@dataclass
class Member:
    """An item of a batch: the version that the batch made, the newest one, and what has become of it."""

    item: object
    revision: Revision
    newest: Revision
    change: Change | None

    @property
    def can_be_taken_back(self) -> bool:
        """Whether nobody has edited, submitted or published the item since."""
        return self.newest.pk == self.revision.pk and self.change is not None and self.change.state == State.DRAFT

    @property
    def is_taken_back(self) -> bool:
        """Whether nothing of the batch is left: its change was discarded, or the version before it is the newest again."""
        if self.newest.pk == self.revision.pk:
            return self.change is None
        return self.newest.kind == Kind.RESTORE and self.newest.batch == self.revision.batch

    @property
    def is_new(self) -> bool:
        return self.revision.base_id is None

    def what(self, user) -> str:
        """What has become of it, in words for this person."""
        if self.is_taken_back:
            return pgettext("import", "taken back")
        if self.can_be_taken_back:
            return gettext("new draft") if self.is_new else gettext("draft")
        if self.newest.kind == Kind.PUBLISHED and self.change is None:
            return gettext("published since")
        if self.newest.pk != self.revision.pk:
            by = self.newest.author
            return gettext("you have edited it since") if by == user else gettext("edited since by %s") % name_of(by)
        if self.change.state == State.IN_REVIEW:
            by = self.change.submitted_by
            return gettext("you have submitted it for review") if by == user else gettext("submitted for review by %s") % name_of(by)
        return str(self.change.get_state_display())


def name_of(person) -> str:
    return (person.get_full_name() or person.get_username()) if person else gettext("the site")


def members(batch: Batch) -> list[Member]:
    """The items of a batch in the order in which it took them. Four queries, however many there are."""
    made = list(Revision.objects.filter(batch=batch.pk).exclude(base__batch=batch.pk).defer("data").order_by("pk"))
    keys = [revision.object_id for revision in made]
    model = batch.content_type.model_class()
    items = model._base_manager.select_related("bureau").in_bulk(keys)
    about = {"content_type": batch.content_type, "object_id__in": keys}
    found = Change.objects.filter(state__in=Change.OPEN, **about).select_related("submitted_by")
    open_changes = {change.object_id: change for change in found}
    newest = {}
    for revision in Revision.objects.filter(**about).exclude(kind=Kind.SET_ASIDE).select_related("author").defer("data").order_by("n"):
        newest[revision.object_id] = revision
    return [
        Member(items[revision.object_id], revision, newest[revision.object_id], open_changes.get(revision.object_id)) for revision in made
    ]


def may_take_back(user, batch: Batch) -> bool:
    """The person whose batch it is, or who signs the work of the bureau."""
    return may(user, "edit", batch) and (batch.user_id == user.pk or may(user, "approve", batch))


def take_back(batch: Batch, user) -> tuple[int, list[Member]]:
    """Takes a batch back where nobody has done anything since: `(how many, the others)`. In one transaction."""
    if not may_take_back(user, batch):
        raise PermissionDenied
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)
        found = members(batch)
        taken = [member for member in found if member.can_be_taken_back]
        for member in taken:
            take_one_back(member, batch, user)
        if taken:
            batch.taken_back_at, batch.taken_back_by = timezone.now(), user
            batch.save(update_fields=["taken_back_at", "taken_back_by"])
    return len(taken), [member for member in found if not member.can_be_taken_back and not member.is_taken_back]


def take_one_back(member: Member, batch: Batch, user) -> None:
    """The item is as it was before: its draft is discarded, or the draft of before is the newest again."""
    base = Revision.objects.filter(pk=member.revision.base_id).first()
    note = gettext("Taken back: %s") % batch.name
    began_with_it = member.change.opened_at >= batch.at
    if base is not None and (not began_with_it or changes.was_never_public(member.item)):
        newest = Revision.objects.get(pk=member.newest.pk)
        changes.keep(member.item, base.data, user, seen=newest, kind=Kind.RESTORE, note=note[:300], batch=batch.pk)
    if began_with_it:
        workflow.take(member.item, "discard", user, Answers(comment=note))


# --- One step of the workflow for all of a batch ---

# Step -> states of the change from which it leads, and its right.
STEPS = {
    "submit": ((State.DRAFT,), "edit"),
    "approve_and_publish": ((State.IN_REVIEW,), "publish"),
    "publish_alone": ((State.DRAFT, State.IN_REVIEW), "publish alone"),
    "take_back": ((State.IN_REVIEW,), "edit"),
}


def ready_for(name: str, found: list[Member], user) -> list[Member]:
    """The items of a batch that a person may try this step with: those that nobody has edited since."""
    states, right = STEPS[name]
    return [
        member
        for member in found
        if member.newest.pk == member.revision.pk
        and member.change is not None
        and member.change.state in states
        and may(user, right, member.item)
        and (name != "approve_and_publish" or member.change.submitted_by_id != user.pk)
        and (name != "take_back" or member.change.submitted_by_id == user.pk)
        and (name != "publish_alone" or member.item.bureau.manager_may_publish_alone)
    ]


def take_with_all(batch: Batch, name: str, user, answers: Answers) -> tuple[int, list[tuple[Member, str]]]:
    """Takes a step with each item of a batch: `(how many, why not the others)`. One letter tells of all of them.

    Each item is a transaction of its own: those with which the step can be taken are not held up by one that is not ready.
    """
    done, submitters, refused = 0, set(), []
    for member in ready_for(name, members(batch), user):
        try:
            workflow.take(member.item, name, user, replace(answers, is_one_of_many=True))
        except (ValidationError, PermissionDenied) as error:
            reasons = error.messages if isinstance(error, ValidationError) else [str(error)]
            refused.append((member, " ".join(dict.fromkeys(map(str, reasons)))))
        else:
            done += 1
            submitters.add(member.change.submitted_by_id)
    if done and name == "submit":
        letters.to_reviewers_of_many(batch, done, user)
    elif done and name != "take_back":
        letters.to_submitters_of_many(batch, done, user, submitters)
    return done, refused


def not_ready(found: list[Member], user) -> list[tuple[Member, list[tuple[str, str]]]]:
    """The drafts of a batch that cannot be submitted yet, each with what is missing, as `(field, sentence)`."""
    drafts = ready_for("submit", found, user)
    keys = [member.change.pk for member in drafts]
    loaded = Change.objects.select_related("revision", "live").in_bulk(keys)
    lacking = []
    for member in drafts:
        change = loaded[member.change.pk]
        missing = readiness.missing_in_change(member.item, change) + other_words(member.item, change)
        if missing:
            lacking.append((member, [(field, str(sentence)) for field, sentence in missing]))
    return lacking


def other_words(item, change) -> list[tuple[str, str]]:
    if found := wording.findings(item, change.revision.data):
        words = ", ".join(dict.fromkeys(str(one.word) for one in found))
        return [(found[0].column, gettext("Replace these words, or say why they stay: %s.") % words)]
    return []


# --- The same change for many items ---


class Differs(Exception):
    """Some items are no longer as the person was shown; `names` says which. Nothing was saved."""

    def __init__(self, names: list[str]):
        super().__init__()
        self.names = names


@dataclass
class Candidate:
    """An item that a person has ticked, and why it stays as it is, if it does."""

    item: object
    head: Revision | None
    fields: dict
    reason: str = ""


def candidates(items, values: dict, user) -> list[Candidate]:
    """What setting `values` (as states hold them) would do to each of the items, and where it cannot be done."""
    found = []
    for item in items:
        change = changes.open_change(item)
        head = changes.head_beside(item, change)
        fields = head.data[0]["fields"] if head else revisions.snapshot(item)[0]["fields"]
        candidate = Candidate(item, head, fields)
        if not may(user, "edit", item):
            candidate.reason = gettext("You may not edit it.")
        elif all(fields.get(name) == value for name, value in values.items()):
            candidate.reason = gettext("It is so already.")
        elif change is not None and change.state != State.DRAFT:
            candidate.reason = gettext("A change of it is %s.") % change.get_state_display()
        found.append(candidate)
    return found


def change_many(items, values: dict, user, *, seen: dict, name: str) -> list[Batch]:
    """Makes a draft of each item with `values` set: one batch for each bureau, all in one transaction.

    `seen`: key of an item -> key of the state that the person was shown (None where it had none). Raises Differs.
    """
    with transaction.atomic():
        found = [one for one in candidates(items, values, user) if not one.reason]
        shown = {one.item.pk: one.head.pk if one.head else None for one in found}
        differing = [str(one.item) for one in found if shown[one.item.pk] != seen.get(one.item.pk, 0)]
        missing = set(seen) - set(shown)
        if differing or missing:
            names = {item.pk: str(item) for item in items}
            raise Differs(differing + [names.get(pk, str(pk)) for pk in sorted(missing)])
        made = {}
        for one in found:
            batch = made.get(one.item.bureau_id) or made.setdefault(one.item.bureau_id, make_batch(one.item, user, name))
            rows = one.head.data if one.head else revisions.snapshot(one.item)
            first, *others = rows
            rows = [{**first, "fields": first["fields"] | values}, *others]
            try:
                changes.keep(one.item, rows, user, seen=one.head, note=name, batch=batch.pk)
            except (changes.Overtaken, ValidationError) as error:
                raise Differs([str(one.item)]) from error
        return list(made.values())


def make_batch(item, user, name) -> Batch:
    return Batch.objects.create(content_type=ContentType.objects.get_for_model(item), bureau=item.bureau, user=user, name=name)
