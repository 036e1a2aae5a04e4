"""The change of an item that staff are at work on: what is newest, and saving without overwriting anybody."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing import revisions, translations
from publishing.models import Change, Decision, Revision, Status

Kind, State = Revision.Kind, Change.State
# States that the public has seen, or would see if nothing had been published since.
PUBLIC_KINDS = (Kind.FOUND, Kind.PUBLISHED, Kind.DIRECT)


class Overtaken(Exception):
    """Somebody saved the item after the person opened it; `theirs` is what they saved."""

    def __init__(self, theirs: Revision):
        super().__init__()
        self.theirs = theirs


def was_never_public(item) -> bool:
    """Whether the public has never seen an item; what has no state, such as a contact, is always public."""
    return getattr(item, "status", Status.LIVE) == Status.DRAFT


def of(item, model):
    """The rows of `Change` or `Revision` that are about an item."""
    return model.objects.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk)


def open_change(item) -> Change | None:
    return of(item, Change).filter(state__in=Change.OPEN).select_related("revision", "live", "submitted_by", "opened_by").first()


def live_revision(item) -> Revision | None:
    """The state that the public sees, as it was published; None while nobody has changed the item yet."""
    return of(item, Revision).filter(kind__in=PUBLIC_KINDS).order_by("-n").first()


def head(item) -> Revision | None:
    """The newest state: the open change's, else the public one. None while nobody has changed the item yet."""
    return head_beside(item, open_change(item))


def head_beside(item, change: Change | None) -> Revision | None:
    """The same, for an item whose open change is known."""
    if change is not None:
        return change.revision
    if was_never_public(item):
        return of(item, Revision).exclude(kind=Kind.SET_ASIDE).order_by("-n").first()
    return live_revision(item)


def shown(item, number: str | None) -> Revision | None:
    """The state that a form showed, by the key it carries; a form opened before the first change showed the first state."""
    revisions_of_item = of(item, Revision)
    if number and number.isdecimal():
        return revisions_of_item.filter(pk=number).first()
    return revisions_of_item.order_by("n").first()


def lock(item):
    """The stored row of an item, locked until the transaction ends."""
    return type(item)._base_manager.select_for_update().get(pk=item.pk)


def keep(item, rows: list[dict], user, *, seen: Revision | None, kind=Kind.DRAFT, note="", batch=None) -> Revision:
    """Stores `rows` as the newest draft of an item and returns it; the newest state itself if nothing differs.

    `seen` is the state that the person started from. Raises Overtaken when it is no longer the newest, and
    ValidationError while the change is in review, approved or scheduled.
    """
    with transaction.atomic():
        stored = lock(item)
        change = open_change(stored)
        newest = head_beside(stored, change)
        if newest is not None and newest != seen:
            raise Overtaken(newest)
        if change is not None and change.state != State.DRAFT:
            raise ValidationError(_("This change is being reviewed. Take it back before you edit it."))
        if newest is None:
            newest = add_revision(stored, revisions.snapshot(stored), None, kind=Kind.FOUND)
        if not revisions.difference(newest.data, rows):
            if change is None and was_never_public(stored):
                put_in_change(stored, None, newest, user)
            return newest
        revision = add_revision(stored, rows, user, kind=kind, base=newest, note=note, batch=batch)
        translations.follow(stored, revision)
        put_in_change(stored, change, revision, user)
        if was_never_public(stored):
            revisions.apply(stored, rows)
        return revision


def keep_at_once(item, rows: list[dict], user, *, seen: Revision | None, kind=Kind.DIRECT, note="") -> Revision:
    """The same for what is public as it is saved, without a draft: the version is put in place. Raises Overtaken."""
    with transaction.atomic():
        stored = lock(item)
        newest = head(stored)
        if newest is not None and newest != seen:
            raise Overtaken(newest)
        if newest is None:
            newest = add_revision(stored, revisions.snapshot(stored), None, kind=Kind.FOUND)
        if not revisions.difference(newest.data, rows):
            return newest
        revisions.apply(stored, rows)
        return add_revision(stored, revisions.snapshot(stored), user, kind=Kind.DIRECT, base=newest, note=note)


def as_changed(item, change: Change | None, function):
    """What `function` returns while the item stands as a change would have it; nothing it writes stays."""
    if change is None or was_never_public(item):
        return function()

    def look():
        revisions.apply(item, change.revision.data)
        return function()

    return revisions.dry(look)


def begin(item, user, kind=Kind.DRAFT, note="", batch=None) -> Revision:
    """The first version of an item that was just made."""
    revision = add_revision(item, revisions.snapshot(item), user, kind=kind, note=note, batch=batch)
    translations.follow(item, revision)
    put_in_change(item, None, revision, user)
    return revision


def set_aside(item, rows: list[dict], user, *, seen: Revision) -> Revision:
    """Keeps what a person typed while somebody else saved: nothing is lost until they have chosen."""
    with transaction.atomic():
        return add_revision(lock(item), rows, user, kind=Kind.SET_ASIDE, base=seen)


def add_revision(item, rows, user, *, kind, base=None, note="", batch=None) -> Revision:
    """The next version of a locked item."""
    last = of(item, Revision).order_by("-n").values_list("n", flat=True).first() or 0
    return Revision.objects.create(
        content_type=ContentType.objects.get_for_model(item),
        object_id=item.pk,
        bureau_id=item.bureau_id,
        n=last + 1,
        kind=kind,
        data=rows,
        changed=sorted({(one.part, one.field) for one in revisions.difference(base.data, rows)}) if base is not None else [],
        base=base,
        author=user,
        note=note,
        batch=batch,
    )


def follow_live(item, change: Change) -> None:
    """Puts into a draft what was changed on the live page, by other ways than the form, since the draft began.

    Where both changed the same, the draft's stays: its next reader sees it in the history.
    """
    live = add_revision(item, revisions.snapshot(item), None, kind=Kind.FOUND, base=change.live)
    rows = revisions.merge(live.data, revisions.difference(change.live.data, change.revision.data))
    change.live = live
    change.revision = add_revision(item, rows, None, kind=Kind.DRAFT, base=change.revision, note=gettext("Taken over from the live page"))


def put_in_change(item, change, revision, user):
    if change is None:
        Change.objects.create(
            content_type=revision.content_type,
            object_id=item.pk,
            bureau_id=item.bureau_id,
            revision=revision,
            live=None if was_never_public(item) else revision.base,
            opened_by=user,
        )
        return
    change.revision, change.changed_at, change.failure = revision, timezone.now(), ""
    change.save(update_fields=["revision", "changed_at", "failure"])


def decide(change: Change, kind, user, comment="", fields=()) -> Decision:
    return Decision.objects.create(change=change, revision=change.revision, kind=kind, by=user, comment=comment, fields=list(fields))


def last_decision(item) -> Decision | None:
    return Decision.objects.filter(change__in=of(item, Change)).order_by("-at", "-pk").first()


# --- In lists ---


def put_away(items):
    """The items that never were public and whose drafts were all discarded or taken back: nobody is at work on them.

    Nothing of them is deleted, their history stays; lists, search and counts leave them out (`at_hand`).
    """
    return items.filter(_is_put_away(items.model))


def at_hand(items):
    """The items without those put away."""
    return items.exclude(_is_put_away(items.model))


def _is_put_away(model):
    mine = Change.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id=OuterRef("pk"))
    return Q(Exists(mine.filter(state=State.DISCARDED)), ~Exists(mine.filter(state__in=Change.OPEN)), status=Status.DRAFT)


def open_changes(items: list) -> dict:
    """`{key: open change}` of items of one kind, by one query."""
    if not items:
        return {}
    content_type = ContentType.objects.get_for_model(items[0])
    found = Change.objects.filter(content_type=content_type, object_id__in=[item.pk for item in items], state__in=Change.OPEN)
    return {change.object_id: change for change in found}


def having_change(items, **fields):
    """The items whose open change has these fields."""
    mine = Change.objects.filter(
        content_type=ContentType.objects.get_for_model(items.model), object_id=OuterRef("pk"), state__in=Change.OPEN, **fields
    )
    return items.filter(Exists(mine))
