"""Writing tables: the workbook to fill in, the list as a workbook or CSV, and a person's own workbook with remarks."""

import csv
import datetime
import re
from decimal import Decimal
from io import BytesIO, StringIO

from django.db import models
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from publishing.tables import files
from publishing.tables.cells import Names, shown
from publishing.tables.columns import Column, Columns
from publishing.tables.files import ZIP, guarded, looks_risky

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD, MISTAKE = PatternFill("solid", fgColor="DDE8EE"), PatternFill("solid", fgColor="FFC7CE")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# How many rows below the headings the drop-downs reach.
DEPTH = files.MAX_ROWS + 1
LONG = {models.TextField: 40, models.CharField: 24}


def workbook(kind: Columns, names: Names, rows) -> bytes:
    """A workbook of the kind with these rows (dictionaries of field values): headings, drop-downs, and how to fill it in."""
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(kind.model._meta.verbose_name_plural)
    for at, column in enumerate(kind.all, 1):
        head = sheet.cell(1, at)
        put(head, column.label)
        head.font, head.fill, head.alignment = Font(bold=True), HEAD, Alignment(wrap_text=True, vertical="top")
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = next((width for field, width in LONG.items() if isinstance(column.field, field)), 16)
        if format_ := number_format(column):
            sheet.column_dimensions[letter].number_format = format_
    for number, row in enumerate(rows, 2):
        for at, column in enumerate(kind.all, 1):
            value = shown(column, row[column.name], names)
            if value is not None:
                cell = sheet.cell(number, at)
                put(cell, value)
                if format_ := number_format(column):
                    cell.number_format = format_
    sheet.freeze_panes = "B2"
    explain(book, kind, names)
    add_choices(book, sheet, kind, names)
    return saved(book)


def put(cell, value) -> None:
    """Writes a value. Text is text, whatever it begins with: no formula, also after somebody has edited the cell."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = ILLEGAL.sub("", value)
    cell.value = guarded(text) if text.startswith("'") else text
    cell.data_type = "s"
    if looks_risky(text):
        cell.quotePrefix = True


def number_format(column: Column) -> str:
    if isinstance(column.field, models.DateTimeField):
        return "yyyy-mm-dd hh:mm"
    if isinstance(column.field, models.DateField):
        return "yyyy-mm-dd"
    is_text = isinstance(column.field, models.CharField) and not column.field.choices
    return "@" if is_text else ""


def sheet_name(text) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", str(text)).strip()[:31]


def saved(book) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# --- Choices ---


def options(column: Column, names: Names) -> list[str]:
    """What a cell of this column may say; empty where anything of its kind may."""
    field = column.field
    if column.is_many:
        return []
    if field.is_relation:
        known = names.of(field.related_model)
        return sorted(known.shown(pk) for pk in known.things)
    if isinstance(field, models.BooleanField):
        return [gettext("yes"), gettext("no")]
    return [str(label) for value, label in field.flatchoices if value] if field.choices else []


def add_choices(book, sheet, kind, names):
    """Drop-downs, from a hidden sheet: a list in the rule itself may hold 255 characters only."""
    lists = book.create_sheet(sheet_name(gettext("Lists")))
    lists.sheet_state = "hidden"
    place = 0
    for at, column in enumerate(kind.all, 1):
        found = options(column, names)
        if not found:
            continue
        place += 1
        for number, text in enumerate(found, 1):
            put(lists.cell(number, place), text)
        letter = get_column_letter(place)
        rule = DataValidation(
            "list", formula1=f"{quote_sheetname(lists.title)}!${letter}$1:${letter}${len(found)}", allow_blank=True, showErrorMessage=True
        )
        rule.error, rule.errorTitle = gettext("Choose from the list."), sheet_name(column.label)
        column_letter = get_column_letter(at)
        rule.add(f"{column_letter}2:{column_letter}{DEPTH}")
        sheet.add_data_validation(rule)


# --- The sheet that explains ---


def explain(book, kind, names):
    sheet = book.create_sheet(sheet_name(gettext("How to fill it in")))
    lines = [
        gettext("One row for each item. Rows that are not in the table stay as they are; nothing is deleted."),
        gettext("“%s” tells which row is which: the same one again changes that item.") % kind.key.label,
        gettext("An empty cell empties the value. A column that you delete from the table leaves its values alone."),
        gettext("Areas and amounts may carry their unit: 30亩, 20,000㎡, 2公顷, 1.2亿元, 20万元/亩."),
        gettext("A number without a unit is in the unit of its heading."),
        gettext("Dates: 2026-11-01 or 2026年11月1日; a month alone is its first day."),
        gettext("Write the values themselves, no formulas. At most 5,000 rows."),
        gettext("Everything becomes a draft. You see what would change before anything is stored, and it is reviewed before it is public."),
    ]
    for number, text in enumerate(lines, 1):
        put(sheet.cell(number, 1), text)
    first = len(lines) + 2
    heads = [gettext("Column"), gettext("Needed"), gettext("What it takes")]
    for at, text in enumerate(heads, 1):
        cell = sheet.cell(first, at)
        put(cell, text)
        cell.font, cell.fill = Font(bold=True), HEAD
    for number, column in enumerate(kind.all, first + 1):
        put(sheet.cell(number, 1), column.label)
        put(sheet.cell(number, 2), gettext("for a new item") if column.is_required or column is kind.key else "")
        cell = sheet.cell(number, 3)
        put(cell, takes(column, names))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 40), ("B", 16), ("C", 90)):
        sheet.column_dimensions[letter].width = width


def takes(column: Column, names: Names) -> str:
    field = column.field
    help_text = str(field.help_text)
    if column.is_many:
        known = names.of(field.related_model)
        return gettext("Several, with 、 or ; between: %s") % "、".join(sorted(known.shown(pk) for pk in known.things))
    if found := options(column, names):
        return gettext("One of: %s") % ", ".join(found[:60])
    if isinstance(field, models.DateField):
        return f"{gettext('A date')} {help_text}".strip()
    if isinstance(field, models.DecimalField | models.IntegerField):
        return f"{gettext('A number')} {help_text}".strip()
    limit = gettext("At most %d characters") % field.max_length if field.max_length else ""
    return ". ".join(part.rstrip(".") for part in (limit, help_text) if part)


# --- CSV ---


def csv_text(kind: Columns, names: Names, rows) -> str:
    """The same as CSV, with the mark by which Excel knows UTF-8."""
    buffer = StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([guarded(column.label) for column in kind.all])
    for row in rows:
        writer.writerow([csv_cell(shown(column, row[column.name], names)) for column in kind.all])
    return buffer.getvalue()


def csv_cell(value):
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return guarded(value) if isinstance(value, str) else value


# --- The person's own workbook, with remarks ---


def with_remarks(upload, faults) -> bytes:
    """The file as it was uploaded, each cell at fault colored and with its reasons as a comment. A CSV file comes as a workbook."""
    content = bytes(upload.content)
    book = files.open_workbook(content) if content.startswith(ZIP) else from_csv(upload.name, content)
    reasons = {}
    for fault in faults:
        reasons.setdefault((fault.sheet or book.active.title, fault.row, fault.letter), []).append(fault.reason)
    for (sheet, row, letter), said in reasons.items():
        cell = book[sheet][f"{letter}{row}"]
        if isinstance(cell, MergedCell):
            area = next(area for area in book[sheet].merged_cells.ranges if cell.coordinate in area)
            cell = book[sheet].cell(area.min_row, area.min_col)
        text = "\n".join([*([cell.comment.text] if cell.comment else []), *said])
        cell.comment = Comment(text, "Invest Zhaoqing", height=120, width=280)
        cell.fill = MISTAKE
    return saved(book)


def from_csv(name, content):
    book = Workbook()
    (sheet,) = files.read_csv(name, content)
    for number, cells in sheet.rows:
        for at, one in enumerate(cells, 1):
            if one.value is not None:
                put(book.active.cell(number, at), one.value)
    return book
