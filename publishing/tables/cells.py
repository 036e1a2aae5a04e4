"""From a cell to the value of a field, and from a value to what a cell shows."""

import calendar
import datetime
import json
import re
import unicodedata
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.datetime import from_excel

from bureaus.text import clean_line, clean_text
from publishing.languages import CODES, columns, in_one_line
from publishing.models import Publishable
from publishing.numbers import parse_number
from publishing.scope import visible
from publishing.tables.columns import Column
from publishing.tables.files import ERROR, FORMULA, PERCENT, Cell
from publishing.tables.measures import fold, quantity

YES_AND_NO = {
    "是": True,
    "yes": True,
    "true": True,
    "1": True,
    "√": True,
    "✓": True,
    "否": False,
    "no": False,
    "false": False,
    "0": False,
    "×": False,
}
# Days that Excel counts from 1900 to: 2000 to 2099. A smaller number is no date that staff mean.
SERIALS = range(36_526, 73_051)
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
YEAR = re.compile(r"(\d{4})\s*年?")
CLOCK = re.compile(r"[ T]+(\d{1,2}):(\d{2})(?::\d{2})?$")
SEPARATORS = re.compile(r"[、,;|\n，；]")
END_OF_DAY = datetime.time(23, 59)


# --- Reading ---


class Reader:
    """Reads the cells of one import: knows the names that the person may use, and the units of the headings."""

    def __init__(self, names, units):
        self.names, self.units = names, units

    def value(self, column: Column, cell: Cell):
        """The value of the field. ValidationError with the reason where the cell states none."""
        if cell.kind == FORMULA:
            raise ValidationError(_("This is a formula. Copy the cell and paste it as a value."))
        if cell.kind == ERROR:
            raise ValidationError(_("Excel shows an error here. Write the value itself."))
        if cell.value is None:
            if column.is_required:
                raise ValidationError(_("This is missing."))
            return column.empty
        value = self._converted(column, cell)
        check(column, value)
        return value

    def _converted(self, column, cell):
        field = column.field
        if column.is_many:
            return sorted(self.names.find(field.related_model, one) for one in split(cell.value, self.names.of(field.related_model)))
        if field.is_relation:
            return self.names.find(field.related_model, text_of(cell))
        if column.measure is not None:
            return quantity(text_of(cell), column.measure, self.units.get(column.name, []), places=field.decimal_places)
        if field.choices:
            return choice(column, text_of(cell))
        if isinstance(field, models.BooleanField):
            return yes_or_no(cell)
        if isinstance(field, models.DateTimeField):
            return moment(cell)
        if isinstance(field, models.DateField):
            return day(cell, column.whole)
        if isinstance(field, models.DecimalField | models.IntegerField):
            return number(column, cell)
        text = text_of(cell)
        return clean_text(text).strip() if isinstance(field, models.TextField) else clean_line(text)


def check(column, value) -> None:
    field = column.field
    if column.is_many or field.is_relation:
        return
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        raise ValidationError(
            gettext("At most %(limit)d characters; here are %(count)d.") % {"limit": field.max_length, "count": len(value)}
        )
    field.run_validators(value)


def text_of(cell: Cell) -> str:
    """What stands in a cell, as text: 1001.0 is the code 1001, and a number has the digits that Excel shows."""
    value = cell.value
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value:%Y-%m-%d}"
    return str(value).strip()


def number(column, cell) -> Decimal | int:
    text = text_of(cell)
    if column.is_percent:
        text = unicodedata.normalize("NFKC", text)
        text = f"{Decimal(text) * 100:f}" if cell.kind == PERCENT else text.removesuffix("%")
    elif cell.kind == PERCENT or isinstance(cell.value, bool | datetime.date | datetime.time):
        raise ValidationError(_("This is no number."))
    try:
        value = parse_number(text)
    except (ValueError, InvalidOperation):
        raise ValidationError(_("This is no number.")) from None
    if isinstance(column.field, models.IntegerField):
        if value != value.to_integral_value():
            raise ValidationError(_("This must be a whole number."))
        return int(value)
    return value.quantize(Decimal(1).scaleb(-column.field.decimal_places), rounding=ROUND_HALF_UP)


def choice(column, text):
    """One of the choices, by its code or its name in any of the languages."""
    wanted = fold(text)
    for value, label in column.field.flatchoices:
        if wanted in (fold(value), fold(label)):
            return value
    for code in CODES:
        with override(code):
            for value, label in column.field.flatchoices:
                if wanted == fold(label):
                    return value
    raise ValidationError(gettext("Choose one of: %s.") % in_one_line(label for value, label in column.field.flatchoices if value))


def yes_or_no(cell) -> bool:
    if isinstance(cell.value, bool):
        return cell.value
    wanted = fold(text_of(cell))
    for text, meaning in ((gettext("yes"), True), (gettext("no"), False)):
        if wanted == fold(text):
            return meaning
    if wanted not in YES_AND_NO:
        raise ValidationError(_("Write yes or no."))
    return YES_AND_NO[wanted]


def day(cell, whole="") -> datetime.date:
    """A day: a date of Excel, the number that Excel counts days with, or a date as people write it.

    A month without a day is its first day, or what `whole` says; a year alone will do only where `whole` is set.
    """
    value = cell.value
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = unicodedata.normalize("NFKC", text_of(cell))
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in SERIALS:
        return from_excel(int(float(text))).date()
    if re.fullmatch(r"(19|20)\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        if found := DAY.fullmatch(text):
            return datetime.date(*map(int, found.groups()))
        if found := MONTH.fullmatch(text):
            return in_month(int(found[1]), int(found[2]), whole)
        if whole and (found := YEAR.fullmatch(text)):
            return in_month(int(found[1]), 12 if whole == "end" else 1, whole)
    except ValueError:
        raise ValidationError(_("There is no such day.")) from None
    raise ValidationError(_("This is no date. Write it as 2026-11-01 or 2026年11月1日."))


def in_month(year, month, whole) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1] if whole == "end" and 1 <= month <= 12 else 1)


def moment(cell) -> datetime.datetime:
    """A time of Beijing. A day alone means until its last minute."""
    value = cell.value
    clock = END_OF_DAY
    if isinstance(value, datetime.datetime):
        value = value + datetime.timedelta(milliseconds=500)
        clock = value.time().replace(microsecond=0) if value.time() >= datetime.time(0, 0, 1) else END_OF_DAY
        date = value.date()
    elif isinstance(value, str) and (found := CLOCK.search(unicodedata.normalize("NFKC", value).strip())):
        date = day(Cell(unicodedata.normalize("NFKC", value).strip()[: found.start()]))
        try:
            clock = datetime.time(int(found[1]), int(found[2]))
        except ValueError:
            raise ValidationError(_("There is no such time.")) from None
    elif isinstance(value, float) and value % 1:
        return moment(Cell(from_excel(value)))
    else:
        date = day(cell, "end")
    return datetime.datetime.combine(date, clock, timezone.get_default_timezone())


def split(value, known) -> list[str]:
    """The names in a cell that lists several. A name may hold a separator itself: the longest name that is known counts."""
    text = str(value).strip()
    cuts = [-1, *(found.start() for found in SEPARATORS.finditer(text)), len(text)]
    found, first = [], 0
    while first < len(cuts) - 1:
        spans = [(last, text[cuts[first] + 1 : cuts[last]].strip()) for last in range(len(cuts) - 1, first, -1)]
        first, name = next((one for one in spans if fold(one[1]) in known.by_name), spans[-1])
        found += [name] if name else []
    if len(found) == 1 and fold(found[0]) not in known.by_name:
        words = found[0].split()
        return words if all(fold(word) in known.by_name for word in words) else found
    return found


# --- Names of what rows point at ---


class Known:
    """The things of one model that a person may name: by address part, code, or a name in any of the languages."""

    def __init__(self, things):
        self.things = {thing.pk: thing for thing in things}
        self.by_name = defaultdict(set)
        for thing in things:
            for text in names_of(thing):
                self.by_name[fold(text)].add(thing.pk)

    def shown(self, pk) -> str:
        """The name that a cell shows: the title, or the address part where two have the same."""
        thing = self.things.get(pk)
        if thing is None:
            return ""
        return str(thing) if self.by_name[fold(thing)] == {pk} else thing.slug


def names_of(thing):
    names = {field.name for field in thing._meta.concrete_fields}
    for name in ("title", "short_title", "name"):
        yield from (getattr(thing, column) for column in columns(name) if column in names and getattr(thing, column))
    yield from (getattr(thing, name) for name in ("slug", "code") if name in names)


class Names:
    """What cells may name, model by model: what the person may choose from in forms. Two queries for a model."""

    def __init__(self, user, model, bureaus):
        self.user, self.model, self.bureaus = user, model, bureaus
        self._known = {}

    def of(self, model) -> Known:
        if model not in self._known:
            rows = visible(self.user, model)
            own = self.model._base_manager.filter(bureau__in=self.bureaus)
            pointing = [
                field.name for field in [*self.model._meta.concrete_fields, *self.model._meta.many_to_many] if field.related_model is model
            ]
            named = set().union(*(own.exclude(**{name: None}).order_by().values_list(name, flat=True).distinct() for name in pointing))
            rows = rows | model._default_manager.filter(pk__in=named)
            if issubclass(model, Publishable):
                rows = rows.defer(*(column for name in model.long_texts for column in columns(name)))
            self._known[model] = Known(list(rows))
        return self._known[model]

    def find(self, model, text: str) -> int:
        found = self.of(model).by_name.get(fold(text), set())
        if not found:
            raise ValidationError(
                gettext("There is no %(kind)s of this name: %(name)s.") % {"kind": model._meta.verbose_name, "name": text[:80]}
            )
        if len(found) > 1:
            raise ValidationError(gettext("Several have this name: %s. Write the address part instead.") % text[:80])
        return next(iter(found))


# --- Showing ---


def shown(column: Column, value, names: Names):
    """What a cell shows for a stored value, given as Python; None for nothing."""
    field = column.field
    if value is None or value == "" or value == []:
        return None
    if column.is_many:
        return "、".join(sorted(filter(None, (names.of(field.related_model).shown(pk) for pk in value)))) or None
    if field.is_relation:
        return names.of(field.related_model).shown(value) or None
    if isinstance(field, models.BooleanField):
        return gettext("yes") if value else gettext("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(second=0, microsecond=0, tzinfo=None)
    return value


def as_python(column: Column, stored):
    """A value of a state (plain JSON) as the field holds it."""
    return list(stored or []) if column.is_many else column.field.to_python(stored)


def as_stored(value):
    """A value as a state holds it."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def is_same(column: Column, old, new) -> bool:
    """Whether a cell says what is stored already: a table holds minutes, and plain texts."""
    if old == new:
        return True
    if isinstance(old, datetime.datetime) and isinstance(new, datetime.datetime):
        return old.replace(second=0, microsecond=0) == new.replace(second=0, microsecond=0)
    if isinstance(old, str) and isinstance(new, str):
        try:
            return (clean_text if isinstance(column.field, models.TextField) else clean_line)(old).strip() == new
        except ValidationError:
            return False
    if isinstance(old, Decimal) and isinstance(new, Decimal):
        # A table shows fifteen digits, as Excel does.
        return f"{float(old):.15g}" == f"{float(new):.15g}"
    return False
