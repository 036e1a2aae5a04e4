"""Files that people upload: what is refused, before it costs anything (trust.md T26, staff.md S47)."""

import struct
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from publishing.models import Upload
from publishing.tables import files
from tests.publishing.spreadsheets import upload, xlsx

HEADINGS = ["Parcel or unit number", "Title · English", "Kind"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def good() -> bytes:
    return xlsx([HEADINGS, ["A-1", "One", "land"]]).read()


def with_part(name, data, content=None) -> bytes:
    """A good workbook in which one part is another."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content or good())) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, data)
    return buffer.getvalue()


def many_entries():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for number in range(1_001):
            new.writestr(f"xl/{number}.xml", "<x/>")
    return buffer.getvalue()


def sheet_with(rows) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def with_area(xml):
    return with_part(
        "xl/worksheets/sheet1.xml", sheet_with("<row r='1'><c r='A1'><v>1</v></c></row>").replace("</worksheet>", xml + "</worksheet>")
    )


def lied_about(content) -> bytes:
    """The directory says that a part is small; it is not."""
    data = bytearray(with_part("xl/worksheets/sheet1.xml", sheet_with("<row/>" * 2_000_000), content))
    where = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[where + 24 : where + 28] = struct.pack("<I", 1_000)
    return bytes(data)


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {"abcdefghij"[n]} "{"&" + "abcdefghij"[n - 1] + ";"}">' for n in range(1, 10))
    + "]>"
)
REFUSED = {
    "unpacks to 60 MB": (lambda: with_part("xl/media/x.bin", b"\0" * 60_000_000), "unpacks to far more"),
    "is packed a thousandfold": (lambda: with_part("xl/media/x.bin", b"\0" * 5_000_000), "unpacks to far more"),
    "has a thousand parts": (many_entries, "unpacks to far more"),
    "lies about a size": (lambda: lied_about(good()), "no table that can be read"),
    "names a file outside": (lambda: with_part("xl/sharedStrings.xml", ENTITY + "<sst>&a;</sst>"), "instructions"),
    "names a file outside, in another encoding": (
        lambda: with_part("xl/workbook.xml", (ENTITY.replace("?>", ' encoding="utf-16"?>') + "<x/>").encode("utf-16")),
        "instructions",
    ),
    "grows while it is read": (lambda: with_part("xl/styles.xml", LAUGHS + "<x>&j;</x>"), "instructions"),
    "has macros": (lambda: with_part("xl/vbaProject.bin", b"code"), "macros"),
    "has macros of the old sort": (lambda: with_part("xl/macrosheets/sheet1.xml", b"<x/>"), "macros"),
    "is broken": (lambda: good()[:-200], "no table that can be read"),
    "has a broken part": (lambda: with_part("xl/worksheets/sheet1.xml", "<worksheet>"), "no table that can be read"),
    "is no workbook": (lambda: with_part("[Content_Types].xml", "<Types/>"), "no table that can be read"),
    "has a million cells": (
        lambda: with_part("xl/worksheets/sheet1.xml", sheet_with(cells_without_end())),
        "unpacks to far|too many cells",
    ),
    "is one merged cell": (lambda: with_area("<mergeCells><mergeCell ref='A3:XFD1048576'/></mergeCells>"), "too many cells"),
    "is one link": (lambda: with_area("<hyperlinks><hyperlink ref='A1:XFD1048576' display='x'/></hyperlinks>"), "too many cells"),
    "is an old Excel file": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old or a locked"),
    "is a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "no table that can be read"),
    "is a program": (lambda: b"MZ\x90\0" + b"\0" * 90, "no table that can be read"),
    "is too large": (lambda: b"x," * 5_100_000, "larger than 10 MB"),
}


def cells_without_end():
    # Row by row another reference: it does not pack a thousandfold.
    return "".join(
        f'<row r="{n}">' + "".join(f'<c r="{c}{n}" s="{(n * 7 + i) % 97}"/>' for i, c in enumerate("ABCDEFGHIJ")) + "</row>"
        for n in range(1, 45_000)
    )


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_that(name):
    make, reason = REFUSED[name]
    content = make()
    tracemalloc.start()
    try:
        with pytest.raises(ValidationError, match=reason):
            files.read("table.xlsx", content)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_the_good_workbook_of_these_tests_is_read():
    (sheet,) = files.read("table.xlsx", good())
    assert [cell.value for cell in sheet.rows[1][1]] == ["A-1", "One", "land"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["has macros", "is an old Excel file", "is a program"])
def test_the_page_says_why_and_keeps_nothing(name, publisher, signed_in):
    make, reason = REFUSED[name]
    page = upload(signed_in(publisher), SimpleUploadedFile("table.xlsx", make()))
    assert reason in page.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.django_db
def test_more_than_five_thousand_rows_are_refused_with_advice(publisher, signed_in):
    rows = [[f"A-{number}", "One", "land"] for number in range(5_001)]
    page = upload(signed_in(publisher), xlsx([HEADINGS, *rows]))
    assert "Split it, for example by park" in page.content.decode()


@pytest.mark.parametrize("text", ["a,b\n1,\x00", "a,b\n" + '"' + "x" * 200_000, "\x1f\x8b\x08"])
def test_csv_that_is_none_is_refused(text):
    with pytest.raises(ValidationError, match="no table that can be read"):
        files.read("table.csv", text.encode())


def test_an_empty_workbook_says_so():
    buffer = BytesIO()
    Workbook().save(buffer)
    with pytest.raises(ValidationError, match="no rows"):
        files.read("table.xlsx", buffer.getvalue())
