"""Open data: a list as CSV or JSON, with its filters, in stored units that the headings name."""

import csv
import datetime
import json
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.http import HttpResponse
from translated_fields import TranslatedField

from publishing.languages import columns

# Beginnings that a spreadsheet takes for a formula; the full-width ones where it runs in Chinese.
RISKY = tuple("=+-@\t\r＝＋－＠")


def heading_and_column(model, name: str) -> list[tuple[str, str]]:
    """The real columns behind an exported name: three for a translated field, else one."""
    if isinstance(getattr(model, name, None), TranslatedField):
        return [(column, column) for column in columns(name)]
    return [(name, name)]


def many_to_many_names(model, names: list[str]) -> list[str]:
    """The exported names that lead to many rows: what the list loads beforehand."""
    many = {field.name for field in model._meta.many_to_many}
    return [name for name in names if name in many]


def exported_value(item, name: str):
    """A value for a file: slugs for what an item points at (if it is public), plain numbers, ISO dates, None for unknown."""
    field = next((one for one in item._meta.get_fields() if one.name == name), None)
    if isinstance(field, models.ManyToManyField):
        return " ".join(sorted(one.slug for one in getattr(item, name).all() if getattr(one, "is_public", True)))
    value = getattr(item, name)
    if isinstance(value, models.Model):
        return value.slug if getattr(value, "is_public", True) else None
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return value


def rows(model, items, names: list[str]):
    """`(headings, rows)` of an export; `url` is the public address, the last column."""
    pairs = [pair for name in names for pair in heading_and_column(model, name)]
    headings = [heading for heading, _column in pairs] + ["url"]
    return headings, (
        [exported_value(item, column) for _heading, column in pairs] + [settings.SITE_ADDRESS + item.get_absolute_url()] for item in items
    )


def safe_text(value):
    """Text that a spreadsheet would take for a formula gets a leading apostrophe (trust.md T25)."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" \n\ufeff").startswith(RISKY):
        return f"'{value}"
    return value


def as_csv(headings, lines) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.write("\ufeff")  # Excel reads UTF-8 only when told
    writer = csv.writer(response)
    writer.writerow(headings)
    for line in lines:
        writer.writerow([safe_text(value) for value in line])
    return response


def as_json(headings, lines) -> HttpResponse:
    items = [dict(zip(headings, line, strict=True)) for line in lines]
    body = json.dumps({"count": len(items), "items": items}, ensure_ascii=False, default=_plain)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def _plain(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral() else float(value)
    return str(value)


WRITERS = {"csv": as_csv, "json": as_json}
