"""The columns of a kind's tables: each kind names them in one tuple; headings, units and order follow from that."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import override
from translated_fields import TranslatedField

from bureaus.staff import LANGUAGES, language_of
from publishing.languages import CODES, columns
from publishing.tables.measures import Measure, Unit, fold, units_in


@dataclass(frozen=True)
class TableOptions:
    """What a kind says of its tables. `names`: fields in order, a translated one for its three columns.

    `key` tells rows apart; where `by_title` is set, a row without it is the item of that title. `measures`: field ->
    what it measures. `order`: pairs of fields of which the first must not come after the second. `whole`: dates for
    which a month or a year will do, field -> "start" or "end". `check`: the values of a row, by field -> faults as
    `(field, sentence)`.
    """

    names: tuple[str, ...]
    key: str
    measures: dict[str, Measure] = field(default_factory=dict)
    order: tuple[tuple[str, str], ...] = ()
    whole: dict[str, str] = field(default_factory=dict)
    percents: tuple[str, ...] = ()
    by_title: bool = False
    check: Callable = lambda values: ()
    # Words that the bureaus' own headings use, field -> words: what is proposed when a heading is not known.
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """One column of a table and the field it is about."""

    name: str
    field: models.Field
    measure: Measure | None = None
    whole: str = ""
    is_percent: bool = False

    @property
    def label(self) -> str:
        """Its heading in the active language."""
        label, language = capfirst(str(self.field.verbose_name)), language_of(self.field)
        return f"{label} · {LANGUAGES[language]}" if language else label

    @property
    def is_many(self) -> bool:
        return isinstance(self.field, models.ManyToManyField)

    @property
    def is_required(self) -> bool:
        """Whether a new item needs it and no default stands in. An address part is made where none is given.

        A table states whole items: it lacks nothing that a draft written by hand may leave for later.
        """
        is_optional = self.field.blank and self.name not in getattr(self.field.model, "needed", ())
        return self.name != "slug" and not (self.is_many or is_optional or self.field.has_default())

    @cached_property
    def empty(self):
        """What an empty cell says. None also where the field cannot be empty: `is_required` tells."""
        if self.is_many:
            return []
        if self.field.has_default():
            return self.field.get_default()
        return "" if isinstance(self.field, models.CharField | models.TextField) and not self.field.null else None


class Columns:
    """The columns of a model's tables and the headings that they are known by."""

    def __init__(self, model, options: TableOptions):
        self.model, self.options = model, options
        self.all = tuple(self._make(name) for names in options.names for name in self._real(names))
        self.by_name = {column.name: column for column in self.all}
        self.key = self.by_name[options.key]

    def _real(self, name):
        return columns(name) if isinstance(getattr(self.model, name, None), TranslatedField) else [name]

    def _make(self, name):
        options = self.options
        return Column(
            name, self.model._meta.get_field(name), options.measures.get(name), options.whole.get(name, ""), name in options.percents
        )

    @cached_property
    def headings(self) -> dict[str, str]:
        """Folded heading -> name of the column: the site's own, in all its languages, with and without the unit."""
        found = {}
        for code in CODES:
            with override(code):
                for column in self.all:
                    for text in (column.name, column.label, without_brackets(column.label) if column.measure else column.label):
                        found.setdefault(fold(text), column.name)
        return found

    def recognize(self, text: str) -> Column | None:
        """The column that a heading of a file stands for; a group's name in front and a unit behind do not matter."""
        for wanted in (text, text.rpartition(" / ")[2]):
            column = self.by_name.get(self.headings.get(fold(wanted), ""))
            if column is None:
                column = self.by_name.get(self.headings.get(fold(without_brackets(wanted)), ""))
                column = column if column is not None and column.measure else None
            if column is not None:
                return column
        return None

    def guess(self, text: str) -> Column | None:
        """The column that an unknown heading may mean: what is proposed, and what a person confirms."""
        wanted = fold(without_brackets(text.rpartition(" / ")[2]))
        words = self.headings | {fold(word): name for name, words in self.options.also.items() for word in words}
        near = [
            (abs(len(known) - len(wanted)), name)
            for known, name in words.items()
            if known in wanted or (len(wanted) > 1 and wanted in known)
        ]
        return self.by_name[min(near)[1]] if near else None

    @property
    def measures(self) -> list[Measure]:
        return list({id(column.measure): column.measure for column in self.all if column.measure}.values())


def without_brackets(text: str) -> str:
    return fold(text).partition("(")[0].strip() or text


def units_of(heading: str, column: Column) -> list[Unit]:
    """The units that a heading names. A column's technical name, as in land_area_m2, is in the stored one."""
    if column.measure is None:
        return []
    return [Unit(column.measure.stored)] if fold(heading) == column.name else units_in(heading, column.measure)
