"""Looking at a table: every fault at once, and what each row would change (staff.md S47)."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from publishing import changes
from publishing.languages import active_language, columns, reading_order, to_attribute
from publishing.models import Change, Upload
from publishing.tables.cells import Names, Reader, as_python, as_stored, is_same, shown, text_of
from publishing.tables.columns import Columns
from publishing.tables.files import Cell, Heading
from publishing.tables.headings import read_tables, remembered
from publishing.tables.outcome import CHANGED, NEW, SAME, Fault, Line, Outcome, Row
from publishing.tables.stored import Stored
from publishing.words import NOTHING, value_in_words


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
    faults.sort(key=lambda one: (order[one.sheet], one.row, len(one.letter), one.letter))
    return Outcome(rows, faults, unread, [one for _table, assigned in tables for one in assigned])


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


# --- Row by row ---


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
