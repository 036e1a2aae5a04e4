"""Differences between states, in the words of the form: names instead of keys, yes and no, dates of Beijing."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext

from bureaus.staff import LANGUAGES, language_of
from publishing.languages import text_of
from publishing.models import PictureUse
from publishing.revisions import ITEM, Difference, model_of, parts_of

NOTHING = "–"
# What a row of a part says of its item and its place is no value of its own.
OF_NO_NEWS = {"content_type", "object_id", "park", "listing", "project", "policy", "order"}


@dataclass(frozen=True)
class Line:
    """One difference as people read it. `field` leads to its place in the form, "" for a whole row."""

    label: str
    old: str
    new: str
    language: str = ""
    place: tuple = ()


def lines(item, differences: list[Difference], *states: list[dict]) -> list[Line]:
    """The differences of an item, in words. `states` are where the rows they belong to get their names from."""
    names = names_of(item, differences, states)
    titles = {(row["part"], row["pk"]): row_name(item, row["part"], row["fields"], names) for rows in reversed(states) for row in rows}
    return [line(item, one, names, titles) for one in differences]


def line(item, one: Difference, names, titles) -> Line:
    model = model_of(item, one.part)
    row = "" if one.part == ITEM else f"{capfirst(model._meta.verbose_name)} “{titles.get(one.row, '')}”"
    if not one.field:
        old, new = (row_in_words(model, values, names) for values in (one.old, one.new))
        return Line(row, old, new if one.new is not None else gettext("deleted"), place=one.place)
    field = field_named(model, one.field)
    label = capfirst(field.verbose_name) if field is not None else one.field
    language = language_of(field) if field is not None else ""
    label = " · ".join(str(part) for part in (row, label, LANGUAGES.get(language)) if part)
    old, new = (value_in_words(field, value, names) for value in (one.old, one.new))
    return Line(label, old, new, language, one.place)


def row_in_words(model, values, names) -> str:
    """What a row says, a line for each field that holds something."""
    found = []
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        value = (values or {}).get(field.name)
        if field.name not in OF_NO_NEWS and value not in (None, "", [], False):
            label = " · ".join(filter(None, [capfirst(str(field.verbose_name)), LANGUAGES.get(language_of(field))]))
            found.append(gettext("%(label)s: %(value)s") % {"label": label, "value": value_in_words(field, value, names)})
    return "\n".join(found) or NOTHING


def field_named(model, name: str):
    """The field, or None: an old state may hold fields that are no more."""
    return {field.name: field for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}.get(name)


def value_in_words(field, value, names) -> str:
    if value in (None, "", []):
        return NOTHING
    if field is None:
        return str(value)
    if isinstance(field, models.ManyToManyField):
        return ", ".join(sorted(names.get((field.related_model, str(key)), str(key)) for key in value))
    if field.is_relation:
        return names.get((field.related_model, str(value)), str(value))
    if isinstance(field, models.BooleanField):
        return gettext("yes") if value else gettext("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DecimalField):
        return number_format(f"{Decimal(value).normalize():f}", force_grouping=True)
    if isinstance(field, models.DateTimeField):
        moment = parse_datetime(str(value))
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else str(value)
    return strip_tags(str(value)) if isinstance(field, models.TextField) else str(value)


def names_of(item, differences, states) -> dict:
    """`{(model, key): name}` of everything that the differences and the rows' names point at: one query for each model."""
    wanted = {}
    for one in differences:
        model = model_of(item, one.part)
        values = [{one.field: value} for value in (one.old, one.new)] if one.field else [one.old or {}, one.new or {}]
        for name, value in [pair for fields in values for pair in fields.items()]:
            field = field_named(model, name)
            if field is not None and field.is_relation and name not in ("content_type", "object_id"):
                keys = value if isinstance(value, list) else [value]
                wanted.setdefault(field.related_model, set()).update(key for key in keys if key is not None)
    for row in (row for rows in states for row in rows):
        if row["part"] != ITEM and model_of(item, row["part"]) is PictureUse:
            wanted.setdefault(PictureUse._meta.get_field("picture").related_model, set()).add(row["fields"]["picture"])
    found = {}
    for model, keys in wanted.items():
        found |= {(model, str(key)): str(thing) for key, thing in model._base_manager.in_bulk(list(keys)).items()}
    return found


def row_name(item, part, fields, names) -> str:
    """What a row is called: its picture, its title or place, else its number."""
    model = model_of(item, part) if part in {ITEM, *parts_of(item)} else None
    if model is None:
        return part
    if model is PictureUse:
        return names.get((PictureUse._meta.get_field("picture").related_model, str(fields.get("picture"))), "")
    known = {field.name for field in model._meta.concrete_fields}
    thing = model(**{name: value for name, value in fields.items() if name in known and isinstance(value, str) and "_" in name})
    for name in ("title", "place"):
        if f"{name}_en" in known and (text := text_of(thing, name)[0]):
            return text
    return str(fields.get("order", ""))
