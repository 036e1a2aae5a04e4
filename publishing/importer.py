"""Tables brought in: every fault at once, what each row would change, and all of it applied as drafts or nothing (staff.md S47)."""

import hashlib
import json
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from publishing import changes, revisions
from publishing.forms import RESERVED
from publishing.languages import active_language, columns, reading_order, to_attribute
from publishing.models import Batch, Change, HeadingNames, OldAddress, Revision, Upload
from publishing.revisions import ITEM
from publishing.tables import files
from publishing.tables.cells import Names, Reader, as_python, as_stored, is_same, shown, text_of
from publishing.tables.columns import Column, Columns, units_of
from publishing.tables.files import Cell, Heading, Table
from publishing.tables.measures import fold, unit_from_code
from publishing.words import NOTHING, value_in_words

Kind = Revision.Kind
NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken: where it stands, what it says, why not."""

    sheet: str
    row: int
    letter: str
    heading: str
    value: str
    reason: str


@dataclass
class Line:
    """One value of a row that would change, in words."""

    label: str
    old: str
    new: str
    is_emptied: bool


@dataclass
class Row:
    """A row of the file: the item that it is about (None: a new one), and what it would do."""

    sheet: str
    number: int
    label: str
    values: dict
    state: str = NEW
    item: object = None
    head: Revision | None = None
    lines: list[Line] = field(default_factory=list)
    # Field -> (heading, cell), and the fields whose cells are at fault.
    marks: dict = field(default_factory=dict)
    bad: set = field(default_factory=set)

    @property
    def said(self) -> dict:
        """What the file says; an address part that is made may turn out another."""
        return {name: value for name, value in self.values.items() if name in self.marks}

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.number}"


@dataclass
class Outcome:
    """What an upload would do. With faults it does nothing."""

    rows: list[Row]
    faults: list[Fault]
    unread: list[str] = field(default_factory=list)

    def of(self, state) -> list[Row]:
        return [row for row in self.rows if row.state == state]

    @property
    def plan(self) -> dict[str, list]:
        """Row by row what a person is shown: only that is applied."""
        return {
            row.place: [row.label, row.state, row.item.pk if row.item else None, row.head.pk if row.head else None, digest(row.said)]
            for row in self.rows
        }

    @property
    def emptied(self) -> int:
        return sum(line.is_emptied for row in self.of(CHANGED) for line in row.lines)


def digest(value) -> str:
    return hashlib.sha256(json.dumps(as_stored(value), sort_keys=True).encode()).hexdigest()[:32]


class Overtaken(Exception):
    """Something changed after the preview; `rows` say what, in words. Nothing was saved."""

    def __init__(self, rows: list[str]):
        super().__init__()
        self.rows = rows


def forget_uploads() -> int:
    """Takes away the uploads that nobody has confirmed in time."""
    return Upload.objects.filter(expires_at__lte=timezone.now()).delete()[0]


# --- Which column is which ---


@dataclass
class Assigned:
    """A heading of the file and the column that it stands for (None: not read), with the units it is in."""

    heading: Heading
    column: Column | None
    units: list
    is_known: bool


def remembered(kind: Columns, bureau) -> dict:
    """What the headings of the bureau's own tables were said to mean."""
    known = HeadingNames.objects.filter(content_type=ContentType.objects.get_for_model(kind.model), bureau=bureau).first()
    return known.headings if known else {}


def remember(kind: Columns, bureau, said: dict) -> None:
    with transaction.atomic():
        content_type = ContentType.objects.get_for_model(kind.model)
        known, _is_new = HeadingNames.objects.select_for_update().get_or_create(content_type=content_type, bureau=bureau)
        known.headings = known.headings | said
        known.save()


def assign(kind: Columns, headings: list[Heading], said: dict) -> list[Assigned]:
    """Each heading with its column: what was said of it comes before what the site would call it."""
    found = []
    for heading in headings:
        answer = said.get(fold(heading.text))
        column = kind.by_name.get(answer["column"]) if answer else kind.recognize(heading.text)
        units = units_of(heading.text, column) if column else []
        if answer and column and column.measure and not units:
            unit = unit_from_code(answer["unit"], column.measure)
            units = [unit] if unit else []
        found.append(Assigned(heading, column, units, bool(answer) or column is not None))
    return found


def read_tables(kind: Columns, upload: Upload, said: dict) -> tuple[list[tuple[Table, list[Assigned]]], list[str]]:
    """`(tables with their columns, names of sheets that were not read)`. ValidationError for a file that is refused."""
    sheets = files.read(upload.name, bytes(upload.content))
    known = {part for text in said for part in text.split(" / ")}
    tables = [files.find_table(sheet, lambda text: fold(text) in known or kind.recognize(text) is not None) for sheet in sheets]
    tables = [(table, assign(kind, table.headings, said)) for table in tables]
    good = [one for one in tables if sum(assigned.column is not None for assigned in one[1]) >= 2 and has_key(kind, one[1])]
    if not good:
        good = tables[:1]
    if sum(len(table.rows) for table, _assigned in good) > files.MAX_ROWS:
        raise ValidationError(files.TOO_MANY_ROWS)
    return good, [table.sheet for table, _assigned in tables if all(table is not other for other, _columns in good)]


def has_key(kind: Columns, assigned: list[Assigned]) -> bool:
    names = {one.column.name for one in assigned if one.column}
    return kind.key.name in names or (kind.options.by_title and bool(names & set(columns("title"))))


def questions(kind: Columns, tables) -> list[str]:
    """Why the columns must be looked at before the rows are: headings nobody has explained, or the key is missing."""
    found = []
    for _table, assigned in tables:
        unknown = [one.heading.text for one in assigned if not one.is_known]
        if unknown:
            found.append(gettext("Some headings are not known yet: %s.") % ", ".join(unknown))
        if not has_key(kind, assigned):
            found.append(gettext("No column is “%s”: it tells which row is which.") % kind.key.label)
        names = [one.column.name for one in assigned if one.column]
        twice = {kind.by_name[name].label for name in names if names.count(name) > 1}
        if twice:
            found.append(gettext("Two headings stand for the same column: %s.") % ", ".join(sorted(twice)))
    return list(dict.fromkeys(found))


# --- Looking at the rows ---


def look(kind: Columns, upload: Upload, user) -> Outcome:
    """What an upload would do, row by row. The number of queries does not depend on the number of rows."""
    tables, unread = read_tables(kind, upload, remembered(kind, upload.bureau))
    names = Names(user, kind.model, [upload.bureau_id])
    faults, rows = [], []
    for table, assigned in tables:
        found, wrong = read_rows(kind, table, assigned, names)
        rows += found
        faults += wrong
    stored = Stored(kind, rows, upload.bureau)
    for row in rows:
        for name, reason in judge(kind, row, stored, names):
            faults.append(fault_of(row, name, reason))
    faults += repeated(kind, rows)
    order = {table.sheet: at for at, (table, _assigned) in enumerate(tables)}
    faults = list(dict.fromkeys(faults))
    return Outcome(rows, sorted(faults, key=lambda one: (order[one.sheet], one.row, len(one.letter), one.letter)), unread)


def read_rows(kind, table, assigned, names) -> tuple[list[Row], list[Fault]]:
    used = [one for one in assigned if one.column]
    reader = Reader(names, {one.column.name: one.units for one in used})
    rows, faults = [], []
    for number, cells in table.rows:
        row = Row(table.sheet, number, "", {})
        row.marks = {one.column.name: (one.heading, cells[one.heading.at]) for one in used}
        for one in used:
            cell = cells[one.heading.at]
            try:
                row.values[one.column.name] = reader.value(one.column, cell)
            except ValidationError as error:
                row.bad.add(one.column.name)
                faults.append(fault_of(row, one.column.name, " ".join(map(str, error.messages))))
        if any(cells[one.heading.at].value is not None for one in used):
            row.label = label_of(kind, row)
            rows.append(row)
        else:
            faults = [fault for fault in faults if (fault.sheet, fault.row) != (row.sheet, row.number)]
    return rows, faults


def label_of(kind, row) -> str:
    key = text_of(row.marks[kind.key.name][1]) if kind.key.name in row.marks and row.marks[kind.key.name][1].value is not None else ""
    names = [to_attribute("title", code) for code in reading_order(active_language())]
    title = next((row.values[name] for name in names if row.values.get(name)), "")
    return " · ".join(part for part in (key, title) if part)


def fault_of(row: Row, name: str, reason) -> Fault:
    """The fault at the cell of a field; a field without a column is told at the first cell of the row."""
    heading, cell = row.marks.get(name) or next(iter(row.marks.values()), (Heading(0, ""), Cell(None)))
    value = "" if cell.value is None else text_of(cell)
    return Fault(row.sheet, row.number, heading.letter, heading.text, value[:200], str(reason))


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


def judge(kind: Columns, row: Row, stored: Stored, names: Names):
    """Finds the item of a row, what the row would change, and what is wrong with it as a whole: `(field, reason)`."""
    key = kind.key
    if key.name in row.bad:
        return
    if not row.values.get(key.name) and not kind.options.by_title:
        yield key.name, gettext("“%s” is missing: it tells which row is which.") % key.label
        return
    pk, reason = stored.find(row)
    if reason:
        yield "title_en", reason
        return
    if pk is not None and stored.items[pk].bureau_id != stored.bureau.pk:
        yield key.name, gettext("This is not your bureau's: %s keeps it.") % stored.items[pk].bureau
        return
    if pk is None:
        yield from judge_new(kind, row, stored)
    else:
        yield from compare(kind, row, stored, pk, names)
    yield from judge_values(kind, row, stored)


def judge_new(kind, row, stored):
    row.state = NEW
    for column in kind.all:
        if column.is_required and column.name not in row.marks and column.name != "slug":
            yield column.name, gettext("A new item needs “%s”; the table has no such column.") % column.label
    slug = row.values.get("slug")
    if slug and slug in stored.taken:
        yield "slug", gettext("This address part is taken by another page of the site. Choose another one.")
    elif not slug:
        row.values["slug"] = stored.free_slug(row)


def compare(kind, row, stored, pk, names):
    """What the row says beside the newest state of the item: a draft that is open counts."""
    item, change, state = stored.items[pk], stored.open.get(pk), stored.fields[pk]
    row.item, row.head = item, stored.heads.get(pk)
    row.label = row.label or str(item)
    if not row.values.get("slug"):
        row.values.pop("slug", None)
    for name, new in list(row.values.items()):
        column = kind.by_name[name]
        old = as_python(column, state.get(name))
        if is_same(column, old, new):
            del row.values[name]
            continue
        said = [words(column, value, names) for value in (old, new)]
        row.lines.append(Line(column.label, *said, is_emptied=said[1] == NOTHING))
    row.state = CHANGED if row.values else SAME
    if row.state == SAME and pk in stored.gone and changes.was_never_public(item):
        row.state = NEW
    if row.state != SAME and change is not None and change.state != Change.State.DRAFT:
        yield kind.key.name, gettext("A change of this item is %s. Take it back before you import another.") % change.get_state_display()


def words(column, value, names) -> str:
    if column.is_many or column.field.is_relation:
        return shown(column, value, names) or NOTHING
    return value_in_words(column.field, as_stored(value), {})


def judge_values(kind, row, stored):
    """What must hold between the values of a row, those of the newest state included."""
    state = stored.fields[row.item.pk] if row.item else {}
    values = {name: as_python(column, state.get(name)) for name, column in kind.by_name.items()} if row.item else {}
    values |= {name: column.empty for name, column in kind.by_name.items() if name not in values} | row.values
    for first, second in kind.options.order:
        start, end = values.get(first), values.get(second)
        if start is not None and end is not None and row.bad.isdisjoint({first, second}) and comparable(start) > comparable(end):
            yield second if second in row.marks else first, gettext("This comes before “%s”.") % kind.by_name[first].label
    if row.bad.isdisjoint(columns("title")) and not any(values.get(name) for name in columns("title")):
        wanted = next((name for name in columns("title") if name in row.marks), columns("title")[0])
        yield wanted, gettext("Give a title in at least one language.")
    for name, sentence in kind.options.check(values):
        if name not in row.bad:
            yield name, sentence


def comparable(value):
    return timezone.localtime(value).date() if hasattr(value, "tzinfo") else value


def repeated(kind, rows) -> list[Fault]:
    """Rows that are about the same item: each of them, since nobody can tell which one is meant."""
    seen = {}
    for row in rows:
        who = ("item", row.item.pk) if row.item else ("key", row.values.get(kind.key.name))
        if who[1]:
            seen.setdefault(who, []).append(row)
    found = []
    for same in seen.values():
        for row in same if len(same) > 1 else []:
            others = ", ".join(str(other.number) for other in same if other is not row)
            found.append(fault_of(row, kind.key.name, gettext("This also stands in row %s.") % others))
    return found


# --- Applying ---


def apply(kind: Columns, upload: Upload, user) -> Batch:
    """Makes every new and every changed row of an upload a draft, in one transaction, and returns what holds them together.

    Raises Overtaken when anything is not as the person was shown, and ValidationError when the table has faults now.
    """
    with transaction.atomic():
        lock_uploads(upload)
        outcome = look(kind, upload, user)
        if differing := differences_of_plans(upload.plan, outcome):
            raise Overtaken(differing)
        if outcome.faults:
            raise ValidationError(gettext("The table has faults now. Look at it again."))
        batch = Batch.objects.create(
            id=upload.pk,  # a second press finds what the first has made
            content_type=ContentType.objects.get_for_model(kind.model),
            bureau=upload.bureau,
            user=user,
            name=upload.name,
        )
        for row in outcome.rows:
            if row.state == SAME:
                continue
            try:
                with transaction.atomic():
                    apply_row(kind, row, upload.bureau, user, batch)
            except (changes.Overtaken, ValidationError, IntegrityError) as error:
                raise Overtaken([overtaken_row(row, error)]) from error
        upload.delete()
        return batch


def lock_uploads(upload):
    """A second press waits here, and finds that there is nothing left to do."""
    if not Upload.objects.select_for_update().filter(pk=upload.pk).exists():
        raise Overtaken([])


def apply_row(kind, row, bureau, user, batch):
    if row.item is None:
        create(kind, row, bureau, user, batch)
        return
    if row.state == NEW:
        changes.begin(changes.lock(row.item), user, kind=Kind.IMPORT, note=batch.name[:300], batch=batch.pk)
        return
    rows = row.head.data if row.head else revisions.snapshot(row.item)
    first, *others = rows
    fields = first["fields"] | {name: as_stored(value) for name, value in row.values.items()}
    rows = [{**first, "fields": fields}, *others]
    changes.keep(row.item, rows, user, seen=row.head, kind=Kind.IMPORT, note=batch.name[:300], batch=batch.pk)


def create(kind, row, bureau, user, batch):
    plain = {
        kind.by_name[name].field.attname if name in kind.by_name else name: value
        for name, value in row.values.items()
        if not is_many(kind, name)
    }
    item = kind.model(bureau=bureau, **plain)
    if not item.title_zh_hans and not item.title_zh_hant:
        item.original_language = "en"
    item.save(force_insert=True)
    for name, keys in row.values.items():
        if is_many(kind, name):
            getattr(item, name).set(keys)
    changes.begin(item, user, kind=Kind.IMPORT, note=batch.name[:300], batch=batch.pk)


def is_many(kind, name) -> bool:
    return name in kind.by_name and kind.by_name[name].is_many


def differences_of_plans(plan: dict, outcome: Outcome) -> list[str]:
    """What is no longer as the person was shown, in words."""
    now, found = outcome.plan, []
    rows = {row.place: row for row in outcome.rows}
    for place in dict.fromkeys([*plan, *now]):
        if plan.get(place) != now.get(place):
            row = rows.get(place)
            found.append(overtaken_row(row) if row else str(plan[place][0]))
    return found


def overtaken_row(row: Row, error=None) -> str:
    head = row.head if not isinstance(error, changes.Overtaken) else error.theirs
    if head is None or head.author is None:
        return gettext("%(name)s (row %(row)d): somebody changed it meanwhile.") % {"name": row.label, "row": row.number}
    return gettext("%(name)s (row %(row)d): %(person)s saved it on %(date)s.") % {
        "name": row.label,
        "row": row.number,
        "person": head.author.get_full_name() or head.author.get_username(),
        "date": f"{timezone.localtime(head.at):%Y-%m-%d %H:%M}",
    }
