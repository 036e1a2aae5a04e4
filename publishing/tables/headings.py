"""Which column of a table is which: what the site knows, what a bureau has said once, and what must be asked first."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from publishing.languages import columns, in_one_line
from publishing.models import HeadingNames, Upload
from publishing.tables import files
from publishing.tables.cells import text_of
from publishing.tables.columns import Column, Columns, units_of
from publishing.tables.files import Heading, Table
from publishing.tables.measures import choices, fold, lacks_unit, unit_from_code

# What a person says of a column whose cells name their units themselves.
IN_CELLS = "cells"


@dataclass
class Assigned:
    """A heading of the file and the column that it stands for (None: not read).

    `said` is what a person answered, None where nobody has; `guess` is proposed for a heading that is not known.
    """

    heading: Heading
    column: Column | None
    said: dict | None = None
    guess: Column | None = None

    @property
    def is_known(self) -> bool:
        return self.said is not None or self.column is not None

    @property
    def proposed(self) -> Column | None:
        return self.column or self.guess

    @cached_property
    def own_units(self) -> list:
        """The units that the heading itself names."""
        return units_of(self.heading.text, self.proposed) if self.proposed else []

    @property
    def said_unit(self) -> str:
        """The unit that a person named, where the heading does not say which one it is."""
        return self.said["unit"] if self.said and self.proposed and self.proposed.measure and len(self.own_units) != 1 else ""

    @property
    def units(self) -> list:
        """The units of numbers that stand without one."""
        unit = unit_from_code(self.said_unit, self.proposed.measure) if self.said_unit else None
        return [unit] if unit else self.own_units

    @property
    def assumed(self) -> str:
        """The name of the unit that a person named: every preview repeats it."""
        return str(dict(choices(self.column.measure)).get(self.said_unit, "")) if self.column and self.said_unit else ""


# --- What a bureau has said of its headings ---


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


# --- Reading ---


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


def assign(kind: Columns, headings: list[Heading], said: dict) -> list[Assigned]:
    """Each heading with its column: what was said of it comes before what the site would call it, a guess after both."""
    found = []
    for heading in headings:
        answer = said.get(fold(heading.text))
        column = kind.by_name.get(answer["column"]) if answer else kind.recognize(heading.text)
        found.append(Assigned(heading, column, answer))
    taken = {one.column.name for one in found if one.column}
    for one in found:
        guess = None if one.is_known else kind.guess(one.heading.text)
        if guess is not None and guess.name not in taken:
            one.guess = guess
            taken.add(guess.name)
    return found


def has_key(kind: Columns, assigned: list[Assigned], *, with_guesses=False) -> bool:
    found = [one.proposed if with_guesses else one.column for one in assigned]
    names = {column.name for column in found if column}
    return kind.key.name in names or (kind.options.by_title and bool(names & set(columns("title"))))


# --- What must be asked before the rows are looked at ---


def questions(kind: Columns, tables) -> list[str]:
    """Why a person must look at the headings first. Empty: the rows can be read."""
    found = []
    for table, assigned in tables:
        guessed = [one.heading.text for one in assigned if one.guess]
        if guessed:
            found.append(gettext("New headings; what each may stand for is a guess, see whether it is right: %s.") % in_one_line(guessed))
        unknown = [one.heading.text for one in assigned if not one.is_known and not one.guess]
        if unknown:
            sentence = gettext("Headings that are not known: %s. Say what they stand for, or leave them as “do not read”.")
            found.append(sentence % in_one_line(unknown))
        if not has_key(kind, assigned, with_guesses=True):
            found.append(gettext("No heading stands for “%s”: it tells which row is which.") % kind.key.label)
        names = [one.proposed.name for one in assigned if one.proposed]
        twice = {kind.by_name[name].label for name in names if names.count(name) > 1}
        if twice:
            found.append(gettext("Two headings stand for the same column: %s. Keep one of them.") % in_one_line(sorted(twice)))
        without_unit = [one.heading.text for one in assigned if asks_for_unit(table, one)]
        if without_unit:
            found.append(gettext("Numbers without a unit: %s. Choose in which unit they are.") % in_one_line(without_unit))
    return list(dict.fromkeys(found))


def asks_for_unit(table: Table, one: Assigned) -> bool:
    """Whether numbers stand in the column that neither cell, heading nor person gives a unit."""
    column = one.proposed
    if column is None or column.measure is None or len(one.own_units) == 1 or one.said_unit:
        return False
    cells = (cells[one.heading.at] for _number, cells in table.rows)
    return any(lacks_unit(text_of(cell), column.measure) for cell in cells if cell.value is not None and not cell.kind)
