"""The public ledger of the promise: its figures, worked out a second time here, and the groups that it keeps together."""

import datetime
import random
from zoneinfo import ZoneInfo

import pytest

from inquiries import ledger as promise
from inquiries.models import CalendarDay, Inquiry, Pause
from tests.factories import make_bureau, make_calendar_day, make_district, make_inquiry

BEIJING = ZoneInfo("Asia/Shanghai")
UNTIL = datetime.datetime(2026, 11, 1, tzinfo=BEIJING)
LANGUAGES = ["en", "zh-hans", "zh-hant"]
# Minutes of a day: 9:00-12:00 and 14:30-17:30.
SHIFTS = [(540, 720), (870, 1050)]
HOLIDAYS = ["2024-12-31", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31", "2025-02-03", "2025-10-01", "2025-10-02", "2026-02-17"]
WORKED_WEEKENDS = ["2025-01-26", "2025-02-08", "2025-09-28", "2026-02-14"]


def moment(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=BEIJING)


# --- The naive way, without the clock of the site ---


def is_worked(day, calendar):
    return calendar.get(day, day.weekday() < 5)


def worked_minutes(start, end, calendar):
    """Day by day, shift by shift, in minutes since midnight."""
    minutes, day = 0, start.date()
    while day <= end.date():
        first = start.hour * 60 + start.minute if day == start.date() else 0
        last = end.hour * 60 + end.minute if day == end.date() else 1440
        if is_worked(day, calendar):
            minutes += sum(max(0, min(close, last) - max(opens, first)) for opens, close in SHIFTS)
        day += datetime.timedelta(days=1)
    return minutes


def naive_due(received, days, calendar):
    day = received.date()
    while days:
        day += datetime.timedelta(days=1)
        days -= is_worked(day, calendar)
    return datetime.datetime.combine(day, datetime.time(17, 30), BEIJING)


def naive_figures(stories, calendar):
    """came, answered, late, waiting, minutes of the median, minutes in which nine of ten were answered."""
    minutes = sorted(worked_minutes(one["received"], one["answered"], calendar) for one in stories if one["answered"])
    middle = len(minutes) // 2
    median = None if len(minutes) < 5 else minutes[middle] if len(minutes) % 2 else (minutes[middle - 1] + minutes[middle]) / 2
    ninth = None if len(minutes) < 5 else next(one for number, one in enumerate(minutes, 1) if number * 10 >= len(minutes) * 9)
    late = [one for one in stories if (one["answered"] or one["closed"] or UNTIL) > naive_due(one["received"], one["days"], calendar)]
    waiting = [one for one in stories if not one["answered"] and not one["closed"]]
    return len(stories), len(minutes), len(late), len(waiting), median, ninth


def figures_of(line):
    minutes = [None if time is None else time.total_seconds() / 60 for time in (line.median, line.most)]
    return (line.came, line.answered, line.late, line.waiting, *minutes)


def make_stories(count, districts, chance):
    """Two years of inquiries as a bureau sees them: most answered soon, some late, some never."""
    begin, minutes = moment("2024-11-01T00:00"), int((UNTIL - moment("2024-11-01T00:00")).total_seconds() // 60)
    for number in range(count):
        received = begin + datetime.timedelta(minutes=chance.randrange(minutes))
        answered = received + datetime.timedelta(minutes=int(chance.expovariate(1 / 2500)) + 1) if chance.random() < 0.9 else None
        answered = answered if answered and answered < UNTIL else None
        withdrawn = not answered and chance.random() < 0.3
        closed = received + datetime.timedelta(minutes=chance.randrange(1, 9000)) if withdrawn else None
        yield {
            "number": number,
            "received": received,
            "answered": answered,
            "closed": closed if closed and closed < UNTIL else None,
            "days": chance.choice([1, 2, 3]),
            "language": chance.choices(LANGUAGES, [3, 6, 1])[0],
            "district": chance.choices([*districts, None], [9, 7, 5, 3, 2, 1, 0, 0, 4])[0],
            "excluded": chance.choices(["", "spam", "merged"], [18, 1, 1])[0],
            "extras": chance.random() < 0.2,
        }


def store(story, bureau):
    received, answered = story["received"], story["answered"]
    status = story["excluded"] or ("closed" if story["closed"] else "answered" if answered else "new")
    fields = {}
    if answered and story["extras"]:
        # Reopened later: a new question waits, the first answer stays what it was.
        fields = {"reopened": 2, "asked_at": UNTIL - datetime.timedelta(minutes=5), "answered_at": None}
        status = story["excluded"] or "in-progress"
    elif answered:
        fields = {"answered_at": answered}
    if story["extras"]:
        fields["erased_at"] = UNTIL
    return Inquiry(
        reference=f"ZQ-{story['number']}",
        form_key_hash=f"story-{story['number']}",
        received_at=received,
        first_answered_at=answered,
        closed_at=story["closed"],
        status=status,
        result="withdrawn" if status == "closed" else "",
        language=story["language"],
        district=story["district"],
        bureau=bureau,
        topic="land",
        email="e@example.com",
        consent_at=received,
        take_hours=4,
        answer_days=story["days"],
        result_days=7,
        take_by=received,
        answer_by=UNTIL + datetime.timedelta(days=9),
        result_by=UNTIL,
        opened_at=received,
        **({"asked_at": received} | fields),
    )


@pytest.mark.django_db
def test_the_figures_are_those_of_an_independent_count(django_assert_num_queries):
    chance = random.Random(20261101)
    CalendarDay.objects.all().delete()
    for day in HOLIDAYS + WORKED_WEEKENDS:
        make_calendar_day(date=day, is_working=day in WORKED_WEEKENDS)
    calendar = {datetime.date.fromisoformat(day): day in WORKED_WEEKENDS for day in HOLIDAYS + WORKED_WEEKENDS}
    districts = [make_district(f"district-{number}", order=number) for number in range(8)]
    stories, bureau = list(make_stories(1000, districts, chance)), make_bureau()
    stored = Inquiry.objects.bulk_create([store(story, bureau) for story in stories])
    Pause.objects.bulk_create(
        Pause(inquiry=row, started_at=story["received"], ended_at=UNTIL)
        for row, story in zip(stored, stories, strict=True)
        if story["extras"]
    )
    make_inquiry(received_at=UNTIL)  # not counted yet

    with django_assert_num_queries(3):
        ledger = promise.ledger_until(UNTIL)

    counted = [story for story in stories if not story["excluded"]]
    assert ledger.until == datetime.date(2026, 10, 31)
    assert list(ledger.years) == [2026, 2025, 2024]
    for year, of_year in ledger.years.items():
        own = [story for story in counted if story["received"].year == year]
        assert figures_of(of_year.total) == naive_figures(own, calendar)
        for lines, key in [
            (of_year.months, lambda story: story["received"].month),
            (of_year.languages, lambda story: story["language"]),
            (of_year.districts, lambda story: story["district"] and story["district"].pk),
        ]:
            for line in lines:
                assert figures_of(line) == naive_figures([story for story in own if key(story) in line.keys], calendar), (year, line.keys)
            assert sum(line.came for line in lines) == len(own)
            assert all(line.came >= 5 or not line.came for line in lines)
    assert [line.keys for line in ledger.years[2024].months] == [(11,), (12,)]
    assert ledger.years[2025].total.late
    assert ledger.years[2026].total.waiting


# --- Small groups ---


def groups_of(sizes):
    return {name: list(range(size)) for name, size in sizes.items()}


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 9, "b": 5, "c": 7}, [("a", 9), ("b", 5), ("c", 7)]),
        ({"a": 9, "b": 0, "c": 7}, [("a", 9), ("b", 0), ("c", 7)]),
        # One small group would be the rest of the total: the next smallest hides it.
        ({"a": 9, "b": 4, "c": 7}, [("a", 9), ("bc", 11)]),
        ({"a": 9, "b": 4, "c": 3, "d": 0}, [("a", 9), ("bcd", 7)]),
        ({"a": 9, "b": 1, "c": 1, "d": 5}, [("a", 9), ("bcd", 7)]),
        ({"a": 2, "b": 2, "c": 1}, [("abc", 5)]),
    ],
)
def test_groups_under_five_stand_together_and_cannot_be_subtracted(sizes, shown):
    assert [("".join(keys), len(rows)) for keys, rows in promise.safe_groups(groups_of(sizes))] == shown


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([5, 6, 7], [((1,), 5), ((2,), 6), ((3,), 7)]),
        ([0, 2, 0, 3, 9], [((1,), 0), ((2, 3, 4), 5), ((5,), 9)]),
        ([6, 0, 4], [((1, 2, 3), 10)]),
        ([6, 5, 1, 0], [((1,), 6), ((2, 3, 4), 6)]),
        ([2, 3], [((1, 2), 5)]),
    ],
)
def test_months_under_five_go_on_until_five_have_come(sizes, shown):
    groups = {month: list(range(size)) for month, size in enumerate(sizes, 1)}
    assert [(keys, len(rows)) for keys, rows in promise.safe_months(groups)] == shown


def test_no_figure_shows_a_group_under_five_whatever_came():
    """All sizes of three groups up to eight: whatever is not shown alone is at least five and more than one group."""
    for first in range(9):
        for second in range(9):
            for third in range(9):
                if first + second + third < 5:
                    continue
                shown = promise.safe_groups(groups_of({"a": first, "b": second, "c": third}))
                assert all(not rows or len(rows) >= 5 for _keys, rows in shown)
                assert sorted(key for keys, _rows in shown for key in keys) == ["a", "b", "c"]
                assert all(len(keys) == 1 or sum(bool(size) for size in (first, second, third)) > 1 for keys, _rows in shown)


@pytest.mark.django_db
def test_a_year_with_fewer_than_five_shows_nothing():
    for month in range(1, 5):
        make_inquiry(received_at=moment(f"2026-0{month}-02T10:00"))
    ledger = promise.ledger_until(UNTIL)
    assert (ledger.years, ledger.is_empty) == ({}, False)
