"""Reading the tables that people upload: Excel workbooks and CSV, with limits that no file gets around (trust.md T26)."""

import csv
import datetime
import logging
import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from publishing.exports import RISKY

MAX_BYTES = 10_000_000
MAX_UNPACKED = 50_000_000
MAX_RATIO = 100
MAX_ENTRIES = 1_000
MAX_ROWS = 5_000
# Empty cells with a color count: each takes memory.
MAX_CELLS = 400_000
MAX_COLUMNS = 200
# Rows above the first item: the name of the table, remarks, headings.
ABOVE = 20
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MACROS = re.compile(r"vbaproject|macrosheets|activex", re.IGNORECASE)
TOO_MANY_ROWS = _("The table has more than 5,000 rows. Split it, for example by park, and import the parts one after the other.")
NOT_A_TABLE = _("This file is no table that can be read. Save it as .xlsx (Excel workbook) or as .csv and upload that.")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
log = logging.getLogger(__name__)

FORMULA, ERROR, PERCENT = "formula", "error", "percent"


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; `kind` says what must not be taken at its word: a formula, Excel's error, a percentage."""

    value: object
    kind: str = ""


EMPTY = Cell(None)


@dataclass
class Sheet:
    """Rows as `(number in the file, cells)`; `merges` as `(first row, last row, first column, last column)`, columns from 0."""

    name: str
    rows: list[tuple[int, list[Cell]]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def read(name: str, content: bytes) -> list[Sheet]:
    """The visible sheets of an upload. ValidationError, with what to do, for what is refused."""
    if len(content) > MAX_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Split the table, or take the pictures out of it."))
    if content.startswith(OLE):
        raise ValidationError(_("This is an old or a locked Excel file. Save it as .xlsx, without a password, and upload that."))
    sheets = read_workbook(content) if content.startswith(ZIP) else read_csv(name, content)
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise ValidationError(_("The file holds no rows."))
    if max(len(sheet.rows) for sheet in sheets) > MAX_ROWS + ABOVE:
        raise ValidationError(TOO_MANY_ROWS)
    return sheets


# --- Workbooks ---


def read_workbook(content: bytes) -> list[Sheet]:
    check_archive(content)
    workbook = open_workbook(content)
    return [read_sheet(sheet) for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def open_workbook(content: bytes):
    try:
        return load_workbook(BytesIO(content))
    except Exception as error:  # the library raises whatever a broken file makes it stumble over
        log.info("A workbook could not be read: %r", error)
        raise ValidationError(NOT_A_TABLE) from error


def check_archive(content: bytes) -> None:
    """Refuses, before anything is unpacked, what would fill the memory, runs code or leads elsewhere."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise ValidationError(NOT_A_TABLE) from error
    entries = archive.infolist()
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise ValidationError(_("The file unpacks to far more than a table needs. Copy the rows into a new workbook and upload that."))
    if any(MACROS.search(entry.filename) for entry in entries):
        raise ValidationError(_("The workbook contains macros. Save it as .xlsx (Excel workbook without macros) and upload that."))
    cells = 0
    for entry in entries:
        if entry.filename.casefold().endswith((".xml", ".rels", ".vml")):
            check_prolog(archive, entry)
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
            cells += count_cells(archive, entry)
            if cells > MAX_CELLS:
                raise ValidationError(
                    _("The workbook has too many cells. Delete the empty rows and columns that are colored or merged, or split it.")
                )


class Enough(Exception):
    """Ends the reading of a file whose rest does not matter."""


def check_prolog(archive, entry) -> None:
    """No document type in any part: that is where entities are declared, the external ones too. Whatever its encoding."""
    parser = expat.ParserCreate()

    def refuse(*arguments):
        raise ValidationError(_("The file contains instructions that a table does not need. Copy the rows into a new workbook."))

    def enough(*arguments):
        raise Enough

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, enough
    parse(parser, archive, entry)


def count_cells(archive, entry) -> int:
    """The cells of a sheet; ValidationError as soon as it has too many rows with something in them."""
    parser = expat.ParserCreate()
    seen = {"cells": 0, "rows": 0, "filled": False}

    def element(name, attributes):
        tag = name.rpartition(":")[2]
        if tag == "c":
            seen["cells"] += 1
            if seen["cells"] > MAX_CELLS:
                raise Enough
        elif tag in ("mergeCell", "hyperlink"):
            seen["cells"] += size_of(attributes.get("ref", ""))
            if seen["cells"] > MAX_CELLS:
                raise Enough
        elif tag == "row":
            seen["filled"] = False
        elif tag in ("v", "is", "f") and not seen["filled"]:
            seen["filled"] = True
            seen["rows"] += 1
            if seen["rows"] > MAX_ROWS + ABOVE:
                raise ValidationError(TOO_MANY_ROWS)

    parser.StartElementHandler = element
    parse(parser, archive, entry)
    return seen["cells"]


def size_of(area: str) -> int:
    """How many cells an area such as A1:C5 has: the library makes each of them."""
    try:
        left, top, right, bottom = range_boundaries(area)
        return (right - left + 1) * (bottom - top + 1)
    except (ValueError, TypeError):
        return 0 if not area else MAX_CELLS + 1


def parse(parser, archive, entry) -> None:
    try:
        with archive.open(entry) as part:
            parser.ParseFile(part)
    except Enough:
        return
    except ValidationError:
        raise
    except Exception as error:  # broken XML, broken compression, an encryption: each library has its own words
        raise ValidationError(NOT_A_TABLE) from error


def read_sheet(sheet) -> Sheet:
    by_row = {}
    for (number, column), cell in sorted(sheet._cells.items()):
        read_one = cell_of(cell)
        if read_one.value is not None and column <= MAX_COLUMNS:
            by_row.setdefault(number, {})[column - 1] = read_one
    last_row, last_column = max(by_row, default=0), max((max(row) for row in by_row.values()), default=-1)
    merges = []
    for area in sheet.merged_cells.ranges:
        top, bottom, left, right = area.min_row, min(area.max_row, last_row), area.min_col - 1, min(area.max_col - 1, last_column)
        value = by_row.get(top, {}).get(left)
        merges.append((top, bottom, left, right))
        if value is not None:
            spread(by_row, value, top, bottom, left, right)
    width = last_column + 1
    return Sheet(sheet.title, [(number, [by_row[number].get(at, EMPTY) for at in range(width)]) for number in sorted(by_row)], merges)


def spread(by_row, value, top, bottom, left, right):
    """A merged cell says the same in each of its places: headings, and one park beside several plots. Empty rows stay empty."""
    for number in range(top, bottom + 1):
        if number in by_row:
            for at in range(left, right + 1):
                by_row[number][at] = value


def cell_of(cell) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        return Cell(value if isinstance(value, str) else f"={getattr(value, 'text', '') or ''}", FORMULA)
    if cell.data_type == "e":
        return Cell(value, ERROR)
    if isinstance(value, str):
        text = without_guard(value.replace("_x000D_", ""))
        return Cell(text) if text.strip() else EMPTY
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in str(cell.number_format):
        return Cell(value, PERCENT)
    if isinstance(value, datetime.timedelta):
        return Cell(str(value))
    return Cell(value)


# --- CSV ---


def read_csv(name: str, content: bytes) -> list[Sheet]:
    text = decoded(content)
    if not name.casefold().endswith((".csv", ".txt")) or text is None or CONTROLS.search(text):
        raise ValidationError(NOT_A_TABLE)
    first = text.partition("\n")[0]
    delimiter = max(",\t;，", key=first.count)
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ValidationError(NOT_A_TABLE) from error
    rows = []
    for number, line in enumerate(lines, 1):
        cells = [text_cell(value) for value in line[:MAX_COLUMNS]]
        if any(cell.value is not None for cell in cells):
            rows.append((number, cells))
    width = max((len(cells) for _number, cells in rows), default=0)
    return [Sheet("", [(number, cells + [EMPTY] * (width - len(cells))) for number, cells in rows])]


def decoded(content: bytes) -> str | None:
    """The text of a CSV file. Excel and WPS write GB18030 where they run in Chinese, or UTF-16 as "Unicode text"."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def text_cell(value: str) -> Cell:
    if not value.strip():
        return EMPTY
    return Cell(value, FORMULA) if value.startswith("=") else Cell(without_guard(value))


# --- Formulas: text that looks like one (trust.md T25) ---


def looks_risky(text: str) -> bool:
    return text.lstrip(" \n\ufeff'").startswith(RISKY)


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula; `without_guard` takes it away."""
    return f"'{text}" if looks_risky(text) else text


def without_guard(text: str) -> str:
    return text[1:] if text.startswith("'") and looks_risky(text) else text


# --- Headings ---


@dataclass(frozen=True)
class Heading:
    """A heading of the file: its place (from 0) and its words; those of two lines stand behind one another."""

    at: int
    text: str

    @property
    def letter(self) -> str:
        return get_column_letter(self.at + 1)


@dataclass
class Table:
    """A sheet with its headings found."""

    sheet: str
    headings: list[Heading]
    rows: list[tuple[int, list[Cell]]]


def find_table(sheet: Sheet, is_known) -> Table:
    """The headings of a sheet and the rows below them. `is_known(text)` tells headings that have been met before."""
    above = sheet.rows[:ABOVE]
    known = [len({text for text in texts(cells) if is_known(text)}) for _number, cells in above]
    if max(known) >= 2:
        first = known.index(max(known))
    else:
        filled = [len(set(texts(cells))) for _number, cells in above]
        wanted = max(2, 0.6 * max(filled))
        first = next((at for at, count in enumerate(filled) if count >= wanted), 0)
    first, last = lines_of_headings(sheet, first)
    lines = [cells for _number, cells in sheet.rows[first : last + 1]]
    headings = []
    for at in range(len(lines[0])):
        words = list(dict.fromkeys(" ".join(str(line[at].value).split()) for line in lines if line[at].value is not None))
        if words:
            headings.append(Heading(at, " / ".join(words)))
    used = {heading.at for heading in headings}
    rows = [(number, cells) for number, cells in sheet.rows[last + 1 :] if any(cells[at].value is not None for at in used)]
    return Table(sheet.name, headings, rows)


def texts(cells) -> list[str]:
    return [cell.value for cell in cells if isinstance(cell.value, str) and not cell.kind]


def lines_of_headings(sheet: Sheet, first: int) -> tuple[int, int]:
    """First and last line of the headings, as places in `rows`: what is merged over several columns has names below it."""
    places = {number: at for at, (number, _cells) in enumerate(sheet.rows)}
    many = max(len(set(texts(cells))) for _number, cells in sheet.rows[:ABOVE])
    start, end = first, first
    for top, bottom, left, right in sheet.merges:
        lowest = bottom + 1 if right > left else bottom
        if top not in places or not top <= sheet.rows[first][0] <= lowest or lowest not in places:
            continue
        if len(set(texts(sheet.rows[places[top]][1]))) < max(2, 0.4 * many):
            continue  # the name of the table above its headings
        start, end = min(start, places[top]), max(end, places[lowest])
    return start, end
