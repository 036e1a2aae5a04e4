"""What the rows of a table are compared with: the items that they name, as they stand in their newest state."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from publishing import changes, revisions
from publishing.forms import RESERVED
from publishing.languages import columns
from publishing.models import Change, OldAddress, Revision
from publishing.revisions import ITEM
from publishing.tables.cells import as_stored
from publishing.tables.columns import Columns
from publishing.tables.outcome import Row

Kind = Revision.Kind


class Stored:
    """What the rows are compared with: the items that they name, the newest state of each, and the addresses that are taken."""

    def __init__(self, kind: Columns, rows: list[Row], bureau):
        self.kind, self.bureau, self.model = kind, bureau, kind.model
        self.content_type = ContentType.objects.get_for_model(self.model)
        key = kind.key.name
        keys = {row.values[key] for row in rows if row.values.get(key)}
        wanted = Q(**{f"{key}__in": keys})
        if kind.options.by_title:
            for name in columns("title"):
                wanted |= Q(**{f"{name}__in": {row.values[name] for row in rows if row.values.get(name)}}, bureau=bureau)
        items = list(self.model._base_manager.filter(wanted).order_by("pk"))
        about = Q(object_id__in=[item.pk for item in items]) | Q(**{f"revision__data__0__fields__{key}__in": sorted(keys)})
        open_changes = Change.objects.filter(about, content_type=self.content_type, state__in=Change.OPEN).select_related(
            "revision__author"
        )
        self.open = {change.object_id: change for change in open_changes}
        pks = {item.pk for item in items} | set(self.open)
        many = [column.name for column in kind.all if column.is_many]
        self.items = {
            item.pk: item for item in self.model._base_manager.filter(pk__in=pks).select_related("bureau").prefetch_related(*many)
        }
        self.heads = self._heads()
        # Made by an import that was taken back: to the eye they are gone.
        gone = Change.objects.filter(content_type=self.content_type, object_id__in=list(self.items), state=Change.State.DISCARDED)
        self.gone = {pk for pk in gone.filter(revision__batch__isnull=False).values_list("object_id", flat=True) if pk not in self.open}
        self.fields = {pk: self._state(item) for pk, item in self.items.items()}
        self._by_key, self._by_title = {}, {}
        for pk, item in self.items.items():
            self._by_key[getattr(item, key)] = pk
        for pk, state in self.fields.items():
            self._by_key[state[key]] = pk
            for name in columns("title"):
                if state[name] and self.items[pk].bureau_id == bureau.pk:
                    self._by_title.setdefault((name, state[name]), set()).add(pk)
        self.taken = set(self.model._base_manager.values_list("slug", flat=True)) | RESERVED
        self.taken |= set(OldAddress.objects.filter(content_type=self.content_type).values_list("slug", flat=True))

    def _heads(self) -> dict[int, Revision]:
        """The newest state of each item that has any: its open change's, else the public one's, else the last saved."""
        found = {pk: change.revision for pk, change in self.open.items()}
        rest = [pk for pk in self.items if pk not in found]
        newest = {}
        numbers = Revision.objects.filter(content_type=self.content_type, object_id__in=rest).exclude(kind=Kind.SET_ASIDE)
        for pk, key, kind in numbers.order_by("n").values_list("object_id", "pk", "kind"):
            if changes.was_never_public(self.items[pk]) or kind in changes.PUBLIC_KINDS:
                newest[pk] = key
        revisions_by_key = Revision.objects.select_related("author").in_bulk(list(newest.values()))
        return found | {pk: revisions_by_key[key] for pk, key in newest.items()}

    def _state(self, item) -> dict:
        """The fields of an item as its newest state has them; one added since keeps its stored value."""
        stored = as_stored(revisions.row_of(item, ITEM)["fields"])
        head = self.heads.get(item.pk)
        return stored | (head.data[0]["fields"] if head else {})

    def find(self, row: Row) -> tuple[int | None, str]:
        """`(key of the item that a row is about, why it cannot be told)`."""
        key = row.values.get(self.kind.key.name)
        if key or not self.kind.options.by_title:
            return self._by_key.get(key), ""
        found = set().union(*(self._by_title.get((name, row.values.get(name)), set()) for name in columns("title")))
        if len(found) > 1:
            return None, gettext("Several items have this title. Fill in the column “%s”.") % self.kind.key.label
        return next(iter(found), None), ""

    def free_slug(self, row: Row) -> str:
        words = row.values.get("title_en") or str(row.values.get(self.kind.key.name) or "")
        first = slugify(words)[:70].strip("-") or f"{self.model._meta.model_name}-{timezone.localdate():%Y%m%d}"
        slug, number = first, 1
        while slug in self.taken:
            number += 1
            slug = f"{first}-{number}"
        self.taken.add(slug)
        return slug
