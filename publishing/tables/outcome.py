"""What an upload would do: its rows with the items they are about, and the cells that cannot be taken."""

import hashlib
import json
from dataclasses import dataclass, field

from publishing.models import Revision
from publishing.tables.cells import as_stored
from publishing.tables.headings import Assigned

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken: where it stands, what it says, why not."""

    sheet: str
    row: int
    letter: str
    heading: str
    value: str
    reason: str


@dataclass
class Line:
    """One value of a row that would change, in words."""

    label: str
    old: str
    new: str
    is_emptied: bool


@dataclass
class Row:
    """A row of the file: the item that it is about (None: a new one), and what it would do."""

    sheet: str
    number: int
    label: str
    values: dict
    state: str = NEW
    item: object = None
    head: Revision | None = None
    lines: list[Line] = field(default_factory=list)
    # Field -> (heading, cell), and the fields whose cells are at fault.
    marks: dict = field(default_factory=dict)
    bad: set = field(default_factory=set)

    @property
    def said(self) -> dict:
        """What the file says; an address part that is made may turn out another."""
        return {name: value for name, value in self.values.items() if name in self.marks}

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.number}"


@dataclass
class Outcome:
    """What an upload would do. With faults it does nothing."""

    rows: list[Row]
    faults: list[Fault]
    unread: list[str] = field(default_factory=list)
    headings: list[Assigned] = field(default_factory=list)

    @property
    def skipped(self) -> list[str]:
        """The headings whose columns are not read."""
        return list(dict.fromkeys(one.heading.text for one in self.headings if one.column is None))

    @property
    def assumed(self) -> list[tuple[str, str]]:
        """`(heading, unit)` where numbers are in a unit that a person named once."""
        return list(dict.fromkeys((one.heading.text, one.assumed) for one in self.headings if one.assumed))

    def of(self, state) -> list[Row]:
        return [row for row in self.rows if row.state == state]

    @property
    def plan(self) -> dict[str, list]:
        """Row by row what a person is shown: only that is applied."""
        return {
            row.place: [row.label, row.state, row.item.pk if row.item else None, row.head.pk if row.head else None, digest(row.said)]
            for row in self.rows
        }

    @property
    def emptied(self) -> int:
        return sum(line.is_emptied for row in self.of(CHANGED) for line in row.lines)


def digest(value) -> str:
    return hashlib.sha256(json.dumps(as_stored(value), sort_keys=True).encode()).hexdigest()[:32]
