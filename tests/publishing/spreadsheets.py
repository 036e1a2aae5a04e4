"""Tables for the tests of importing: made as people make them, not by the site's own writer."""

import csv
from io import BytesIO, StringIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from publishing.models import Upload

LISTINGS = "parks_listing"


def xlsx(rows, *, merges=(), name="table.xlsx", finish=lambda sheet: None):
    """A workbook with these rows, as an upload."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for area in merges:
        book.active.merge_cells(area)
    finish(book.active)
    return saved(book, name)


def saved(book, name="table.xlsx"):
    buffer = BytesIO()
    book.save(buffer)
    return SimpleUploadedFile(name, buffer.getvalue())


def csv_file(rows, encoding="utf-8", name="table.csv"):
    text = StringIO()
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode(encoding))


def upload(client, file, kind=LISTINGS, **fields):
    """Sends a file and follows to the page about it."""
    return client.post(reverse(f"admin:{kind}_import"), {"file": file} | fields, follow=True)


def faults(page):
    """`[(row, column letter, value, reason)]` of a page with faults."""
    return [(one.row, one.letter, one.value, one.reason) for one in page.context["outcome"].faults]


def counts(page):
    return page.context["counts"]


def waiting():
    return Upload.objects.latest("at")


def confirm(client, kind=LISTINGS, page=None):
    """Presses the button of the preview."""
    one = waiting()
    address = reverse(f"admin:{kind}_import_upload", args=[one.pk])
    seen = (page or client.get(address)).context["seen"]
    return client.post(address, {"seen": seen}, follow=True)


def bring_in(client, file, kind=LISTINGS):
    page = upload(client, file, kind)
    assert not page.context["outcome"].faults, faults(page)
    return confirm(client, kind, page)


def take_back(client, where):
    """Presses the button of the page that asks before a batch is taken back."""
    assert "_take_back" in client.get(where, {"take_back": "1"}).content.decode()
    return client.post(where, {"_take_back": "1"}, follow=True)


def workbook_of(response):
    return load_workbook(BytesIO(response.content))


def say_headings(client, answers, kind=LISTINGS):
    """Answers the page that asks what headings mean: `{heading: (column, unit)}`."""
    address = reverse(f"admin:{kind}_import_upload", args=[waiting().pk])
    lines = client.get(address, {"headings": "1"}).context["lines"]
    posted = {"_headings": "1"}
    for line in lines:
        column, unit = answers.get(line["heading"], (line["column"], line["unit"]))
        number = line["number"]
        posted |= {f"heading_{number}": line["heading"], f"column_{number}": column, f"unit_{number}": unit}
    return client.post(address, posted, follow=True)
