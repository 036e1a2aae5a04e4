"""Where a picture is used, live or in a draft, and taking an unused one out of the library (staff.md S36)."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.functions import Cast
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureaus.rights import may
from publishing.images import ENCODINGS
from publishing.models import Change, Picture, Revision
from publishing.scope import visible

# So long a removed picture can be put back.
UNDO = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Uses:
    """`shown` are `(name, address)` of items whose names the person may learn; `hidden` is how many others there are."""

    shown: list
    hidden: int

    def __len__(self):
        return len(self.shown) + self.hidden


def items_with(picture: Picture) -> list:
    """The items that show a picture, or will when their open change goes live."""
    found = {(type(use.item), use.item.pk): use.item for use in picture.uses.prefetch_related("item") if use.item is not None}
    drafts = mentioning(Change.objects.filter(state__in=Change.OPEN), "revision__data", picture).select_related("content_type")
    for change in drafts:
        item = change.item
        found.setdefault((type(item), item.pk), item)
    return list(found.values())


def mentioning(rows, column: str, picture: Picture):
    """The rows whose JSON names a picture."""
    return rows.annotate(text_of_state=Cast(column, models.TextField())).filter(text_of_state__contains=str(picture.pk))


def uses_of(picture: Picture, user) -> Uses:
    items = items_with(picture)
    shown = [item for item in items if visible(user, type(item)).filter(pk=item.pk).exists()]
    return Uses([(str(item), staff_address(item, user)) for item in shown], len(items) - len(shown))


def staff_address(item, user) -> str:
    """The staff page of an item, "" where the person has none."""
    if not may(user, "see drafts", item):
        return ""
    try:
        return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_change", args=[item.pk])
    except NoReverseMatch:
        return ""


# --- Out of the library, and back ---


def remove(picture: Picture, user) -> None:
    """Takes an unused picture out of the library. ValidationError if something shows it, or a draft would."""
    with transaction.atomic():
        locked = Picture.objects.select_for_update(of=["self"]).get(pk=picture.pk)
        if items_with(locked):
            raise ValidationError(_("This picture is in use."))
        locked.removed_at, locked.removed_by = timezone.now(), user
        locked.save(update_fields=["removed_at", "removed_by"])


def restore(picture: Picture) -> None:
    Picture.objects.filter(pk=picture.pk).update(removed_at=None, removed_by=None)


def forget_removed(now=None) -> int:
    """Deletes what was removed more than 30 days ago, with its files; not what an earlier version of an item shows."""
    number = 0
    for picture in Picture.objects.filter(removed_at__lt=(now or timezone.now()) - UNDO, uses=None):
        if mentioning(Revision.objects.all(), "data", picture).exists():
            continue
        with transaction.atomic():
            picture.delete()
            transaction.on_commit(lambda picture=picture: remove_files(picture))
        number += 1
    return number


def remove_files(picture: Picture) -> None:
    names = ["original.jpg", *(f"{width}.{ending}" for width in picture.rendition_widths for ending in ENCODINGS)]
    for name in names:
        default_storage.delete(f"{picture.original}/{name}")
