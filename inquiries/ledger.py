"""The ledger of the promise: how many inquiries came, how long they waited, how many were answered late (investors.md 9.1).

Recomputed from the stored inquiries, never kept in a table. What counts:

- Every inquiry but spam and what one person sent twice: that counts once, as the inquiry that it was merged into. What another
  person sent counts, merged or not: it is answered by itself.
- An inquiry counts in the month in which it came in. Pauses, extensions and reopening move neither its first answer nor what
  was promised when it came in. Erased persons stay counted: the erasure leaves the dates, the language and the district.
- Late is what was answered, or still waits, after the promised working days.

No group under five is shown, and none can be told by subtraction: small groups stand together, with the next smallest one
where they would still be under five. Only whole years are shown, so that no two spans of time overlap.
"""

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from bureaus.models import District
from inquiries import clock
from inquiries.models import Inquiry

LEAST = 5
NOT_COUNTED = Q(status=Inquiry.Status.SPAM) | Q(status=Inquiry.Status.MERGED, merged_apart=False)
COLUMNS = ("received_at", "language", "district_id", "answer_days", "first_answered_at", "closed_at")


class Case(NamedTuple):
    """What the ledger knows of one inquiry. `answered_in` is working time; None where no answer has come."""

    day: date
    language: str
    district: int | None
    answered_in: timedelta | None
    is_late: bool
    waits: bool


@dataclass(frozen=True)
class Line:
    """The figures of a group, or of several together: `keys` are months, languages or districts (None: no district).

    The median and the time in which nine of ten were answered are None where fewer than five were answered.
    """

    keys: tuple
    came: int
    answered: int
    late: int
    waiting: int
    median: timedelta | None
    most: timedelta | None


@dataclass(frozen=True)
class Year:
    number: int
    total: Line
    months: list[Line]
    languages: list[Line]
    districts: list[Line]


@dataclass(frozen=True)
class Ledger:
    """`until` is the last day that is counted, `years` those with at least five inquiries, newest first."""

    until: date
    years: dict[int, Year]
    is_empty: bool


# (when asked, day, answer): the figures of a day change little after it, and thousands of inquiries take a moment to count.
_kept = (0.0, None, None)


def ledger() -> Ledger:
    """The figures up to the end of yesterday in Beijing; a process counts anew after an hour, and each day."""
    global _kept
    asked, day, answer = _kept
    today = timezone.now().astimezone(clock.BEIJING).date()
    if day != today or time.monotonic() - asked >= settings.LEDGER_SECONDS:
        answer = ledger_until(datetime.combine(today, clock.MIDNIGHT, clock.BEIJING))
        _kept = (time.monotonic(), today, answer)
    return answer


def ledger_until(moment: datetime) -> Ledger:
    """The figures of all that came in before a moment, as it stood then. Three queries, however many inquiries."""
    cases = read_cases(moment)
    by_year = grouped(cases, lambda case: case.day.year)
    until = (moment - timedelta(microseconds=1)).astimezone(clock.BEIJING).date()
    districts = [*District.objects.order_by("order", "pk").values_list("pk", flat=True), None] if cases else []
    first = min((case.day for case in cases), default=until)
    years = {
        number: year_of(number, by_year[number], first, until, districts)
        for number in sorted(by_year, reverse=True)
        if len(by_year[number]) >= LEAST
    }
    return Ledger(until, years, is_empty=not cases)


def read_cases(moment: datetime) -> list[Case]:
    """One look at the inquiries and one at the calendar."""
    stored = Inquiry.objects.exclude(NOT_COUNTED).filter(received_at__lt=moment).order_by()
    found = list(stored.values_list(*COLUMNS))
    if not found:
        return []
    special = clock.special_days(min(row[0] for row in found).astimezone(clock.BEIJING).date())
    due_times: dict[tuple[date, int], datetime] = {}
    return [case_of(*row, moment, special, due_times) for row in found]


def case_of(received_at, language, district, answer_days, first_answered_at, closed_at, moment, special, due_times) -> Case:
    """An inquiry as it stood at the moment. `due_times` remembers the due time by day and promise."""
    answered_at = first_answered_at if first_answered_at and first_answered_at < moment else None
    # Withdrawn by the investor, or closed in another way, before an answer.
    ended_at = answered_at or (closed_at if closed_at and closed_at < moment else None)
    day = received_at.astimezone(clock.BEIJING).date()
    due = due_times.get((day, answer_days))
    if due is None:
        due = due_times[day, answer_days] = clock.add_working_days(received_at, answer_days, special)
    return Case(
        day=day,
        language=language,
        district=district,
        answered_in=clock.working_time(received_at, answered_at, special) if answered_at else None,
        is_late=(ended_at or moment) > due,
        waits=ended_at is None,
    )


def year_of(number: int, cases: list[Case], first: date, until: date, districts: list) -> Year:
    by_month = grouped(cases, lambda case: case.day.month)
    by_language = grouped(cases, lambda case: case.language)
    by_district = grouped(cases, lambda case: case.district)
    begin = first.month if number == first.year else 1
    end = until.month if number == until.year else 12
    return Year(
        number=number,
        total=line((), cases),
        months=[line(keys, rows) for keys, rows in safe_months({month: by_month[month] for month in range(begin, end + 1)})],
        languages=[line(keys, rows) for keys, rows in safe_groups({code: by_language[code] for code, _name in settings.LANGUAGES})],
        districts=[line(keys, rows) for keys, rows in safe_groups({key: by_district[key] for key in districts})],
    )


def line(keys: tuple, cases: list[Case]) -> Line:
    times = sorted(case.answered_in for case in cases if case.answered_in is not None)
    enough = len(times) >= LEAST
    return Line(
        keys=keys,
        came=len(cases),
        answered=len(times),
        late=sum(case.is_late for case in cases),
        waiting=sum(case.waits for case in cases),
        median=median(times) if enough else None,
        most=times[ceil(len(times) * 0.9) - 1] if enough else None,
    )


def safe_groups(groups: dict) -> list[tuple[tuple, list]]:
    """The groups as `(keys, rows)`, those under five together and last; nothing shown is under five but nought.

    What stands together is at least five and more than one group, so that the total gives none of them away. Empty groups
    tell of nobody: they stand alone, but hide with the others where there are others to hide.
    """
    if not any(0 < len(rows) < LEAST for rows in groups.values()):
        return [((key,), rows) for key, rows in groups.items()]
    hidden = {key for key, rows in groups.items() if len(rows) < LEAST}
    by_size = sorted((key for key in groups if key not in hidden), key=lambda key: len(groups[key]))
    while by_size and sum(len(groups[key]) for key in hidden) < LEAST:
        hidden.add(by_size.pop(0))
    alone = [((key,), rows) for key, rows in groups.items() if key not in hidden]
    together = tuple(key for key in groups if key in hidden)
    return [*alone, (together, [row for key in together for row in groups[key]])]


def safe_months(groups: dict[int, list]) -> list[tuple[tuple, list]]:
    """The months as `(keys, rows)`; a month under five goes on until five have come, what is left joins the months before."""
    spans: list[tuple[tuple, list]] = []
    months: tuple = ()
    rows: list = []
    for month, found in groups.items():
        months, rows = (*months, month), [*rows, *found]
        if not rows or len(rows) >= LEAST:
            spans.append((months, rows))
            months, rows = (), []
    while spans and 0 < len(rows) < LEAST:
        before, found = spans.pop()
        months, rows = (*before, *months), [*found, *rows]
    return [*spans, (months, rows)] if months else spans


def grouped(cases: Iterable[Case], key) -> dict:
    groups = defaultdict(list)
    for case in cases:
        groups[key(case)].append(case)
    return groups
