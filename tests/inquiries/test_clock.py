"""Working days and hours in Beijing, and by when an inquiry is due: tables of worked cases, with values worked out by hand."""

from datetime import UTC, date, datetime

import pytest

from inquiries import clock, deadlines
from inquiries.models import CalendarDay, Inquiry, Pause, TimeLimit
from inquiries.settling import calendar_changed
from tests.factories import make_calendar_day, make_extension, make_inquiry, make_user
from zhaoqing_site import seeding

pytestmark = pytest.mark.django_db


def beijing(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=clock.BEIJING)


@pytest.fixture
def calendar(db):
    """A made-up year: a week of Spring Festival with two make-up days, and a short holiday after a worked Sunday."""
    days = {date(2027, 2, day): False for day in range(5, 12)} | {date(2027, 1, 31): True, date(2027, 2, 13): True}
    days |= {date(2027, 5, 2): True, date(2027, 5, 3): False, date(2027, 5, 4): False, date(2027, 5, 5): False}
    for day, is_working in days.items():
        make_calendar_day(date=day, is_working=is_working)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23 10:00", 2, "2026-11-25 17:30"),  # Monday -> Wednesday
        ("2026-11-23 00:00", 2, "2026-11-25 17:30"),  # from the first minute of the day
        ("2026-11-23 23:59", 2, "2026-11-25 17:30"),  # to its last
        ("2026-11-20 16:50", 2, "2026-11-24 17:30"),  # Friday: the weekend does not count
        ("2026-11-21 09:00", 1, "2026-11-23 17:30"),  # Saturday
        ("2026-11-22 23:00", 2, "2026-11-24 17:30"),  # Sunday
        ("2026-12-31 18:00", 2, "2027-01-04 17:30"),  # over the year, nothing in the table
        ("2027-04-30 16:50", 2, "2027-05-06 17:30"),  # Friday, worked Sunday, holiday Monday to Wednesday
        ("2027-02-04 10:00", 1, "2027-02-12 17:30"),  # the eve of Spring Festival
        ("2027-02-04 10:00", 2, "2027-02-13 17:30"),  # a make-up Saturday counts
        ("2027-02-07 10:00", 2, "2027-02-13 17:30"),  # in the middle of it
        ("2027-01-29 17:31", 1, "2027-01-31 17:30"),  # a make-up Sunday before it
        ("2027-03-12 12:00", 3, "2027-03-17 17:30"),  # no daylight saving
    ],
)
def test_working_days(calendar, start, days, due):
    assert clock.add_working_days(beijing(start), days) == beijing(due)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 09:00", 3, "2026-11-23 12:00"),
        ("2026-11-23 09:00", 4, "2026-11-23 15:30"),  # over the noon rest
        ("2026-11-23 13:00", 1, "2026-11-23 15:30"),  # in the noon rest
        ("2026-11-23 07:00", 4, "2026-11-23 15:30"),  # before the day begins
        ("2026-11-23 16:50", 4, "2026-11-24 14:50"),  # 40 minutes, 3 hours, 20 minutes
        ("2026-11-20 17:30", 1, "2026-11-23 10:00"),  # Friday evening
        ("2026-11-22 12:00", 6, "2026-11-23 17:30"),  # Sunday: a whole day
        ("2027-04-30 17:00", 1, "2027-05-02 09:30"),  # into a worked Sunday
    ],
)
def test_working_hours(calendar, start, hours, due):
    assert clock.add_working_hours(beijing(start), hours) == beijing(due)


def test_moments_of_other_time_zones_are_read_in_beijing(db):
    late_on_sunday_utc = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # Monday 07:00 in Beijing
    assert clock.add_working_days(late_on_sunday_utc, 2) == beijing("2026-11-25 17:30")


def test_what_is_promised_is_the_row_of_the_topic_then_of_all_topics_then_the_settings(db, settings):
    TimeLimit.objects.all().delete()
    settings.PROMISE_ANSWER_DAYS, settings.PROMISE_ACKNOWLEDGE_HOURS = 3, 2
    assert deadlines.limits_of("land") == deadlines.Limits(take_hours=2, answer_days=3, result_days=7)
    TimeLimit.objects.create(take_hours=4, answer_days=2, result_days=7)
    TimeLimit.objects.create(topic="error", take_hours=4, answer_days=1, result_days=3)
    assert deadlines.limits_of("land").answer_days == 2
    assert deadlines.limits_of("error").answer_days == 1


@pytest.mark.parametrize(
    ("moment", "now", "left"),
    [
        ("2026-11-25 17:30", "2026-11-23 10:00", 2),
        ("2026-11-25 17:30", "2026-11-25 17:29", 0),
        ("2026-11-23 17:30", "2026-11-20 09:00", 1),
        ("2026-11-20 17:30", "2026-11-23 09:00", 0),
    ],
)
def test_working_days_left(db, moment, now, left):
    assert clock.working_days_left(beijing(moment), beijing(now)) == left


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Wednesday 25 November 2026, 17:30 Beijing time"),
        ("zh-hans", "北京时间2026年11月25日（星期三）17:30"),
        ("zh-hant", "北京時間2026年11月25日（星期三）17:30"),
    ],
)
def test_moment_in_words(language, words):
    assert clock.in_words(datetime(2026, 11, 25, 9, 30, tzinfo=UTC), language) == words


def test_calendar_is_asked_once(calendar, django_assert_num_queries):
    with django_assert_num_queries(1):
        clock.add_working_days(beijing("2027-01-29 10:00"), 30)


# --- S57: by when an inquiry is due ---

MONDAY = "2026-11-23 10:00"  # answer Wednesday 25 November, result Wednesday 2 December
# What it is, when it came in, what happened since, then: to be taken by, answer due, result due. Where no time stands, 17:30.
# The holidays are those of the notices for 2024 to 2026 (seeds/calendar.csv) and of the made-up year 2027 above.
WORKED = [
    ("an ordinary Monday", MONDAY, {}, "2026-11-23 16:30", "2026-11-25", "2026-12-02"),
    ("Friday 16:50, a worked Sunday, a holiday to Wednesday", "2027-04-30 16:50", {}, "2027-05-02 14:50", "2027-05-06", "2027-05-13"),
    ("before Spring Festival, a worked Saturday between", "2026-02-13 16:00", {}, "2026-02-14 11:30", "2026-02-24", "2026-03-02"),
    ("in the middle of Spring Festival", "2026-02-18 10:00", {}, "2026-02-24 15:30", "2026-02-25", "2026-03-03"),
    ("on a make-up Saturday", "2026-02-28 09:00", {}, "2026-02-28 15:30", "2026-03-03", "2026-03-10"),
    ("before National Day 2026", "2026-09-30 11:00", {}, "2026-09-30", "2026-10-09", "2026-10-15"),
    ("before National Day 2025 with Mid-Autumn", "2025-09-30 17:00", {}, "2025-10-09 15:00", "2025-10-10", "2025-10-16"),
    ("Friday evening before a make-up Sunday", "2025-09-26 17:31", {}, "2025-09-28 15:30", "2025-09-29", "2025-10-13"),
    ("a Saturday before a make-up Sunday", "2024-04-27 12:00", {}, "2024-04-28 15:30", "2024-04-29", "2024-05-09"),
    ("in the noon rest, a make-up Saturday follows", "2024-05-09 13:00", {}, "2024-05-10 10:00", "2024-05-11", "2024-05-17"),
    ("the second work ends, before a leap day", "2024-02-28 17:30", {}, "2024-02-29 15:30", "2024-03-01", "2024-03-08"),
    ("on a leap day before work", "2024-02-29 08:00", {}, "2024-02-29 15:30", "2024-03-04", "2024-03-11"),
    ("the last day of a year, a make-up Sunday follows", "2025-12-31 16:30", {}, "2026-01-04 12:00", "2026-01-05", "2026-01-12"),
    ("the first minute of a day", "2026-11-23 00:00", {}, "2026-11-23 15:30", "2026-11-25", "2026-12-02"),
    ("the last minute of a day", "2026-11-23 23:59", {}, "2026-11-24 15:30", "2026-11-25", "2026-12-02"),
    ("midnight belongs to the new day", "2026-11-24 00:00", {}, "2026-11-24 15:30", "2026-11-26", "2026-12-03"),
    ("before work begins", "2026-11-24 07:15", {}, "2026-11-24 15:30", "2026-11-26", "2026-12-03"),
    ("the noon rest begins", "2026-11-24 12:00", {}, "2026-11-25 10:00", "2026-11-26", "2026-12-03"),
    ("the clocks of Europe change, ours do not", "2026-03-27 16:00", {}, "2026-03-30 11:30", "2026-03-31", "2026-04-08"),
    ("a topic with short limits", "2026-09-24 10:00", {"limits": (4, 1, 3)}, "2026-09-24 16:30", "2026-09-28", "2026-09-30"),
    ("a topic with long limits", "2026-06-15 09:00", {"limits": (8, 3, 15)}, "2026-06-16 11:00", "2026-06-18", "2026-07-07"),
    ("two hours' pause", MONDAY, {"pauses": ["2026-11-24 09:00 2026-11-24 11:00"]}, "2026-11-23 16:30", "2026-11-25", "2026-12-03"),
    ("two days' pause", MONDAY, {"pauses": ["2026-11-24 10:00 2026-11-26 10:00"]}, "2026-11-23 16:30", "2026-11-25", "2026-12-04"),
    ("a pause over a weekend", MONDAY, {"pauses": ["2026-11-27 17:00 2026-11-30 09:30"]}, "2026-11-23 16:30", "2026-11-25", "2026-12-03"),
    ("a pause in the night", MONDAY, {"pauses": ["2026-11-24 18:00 2026-11-25 08:00"]}, "2026-11-23 16:30", "2026-11-25", "2026-12-02"),
    (
        "a pause across National Day",
        "2026-09-28 10:00",
        {"pauses": ["2026-09-30 14:30 2026-10-08 12:00"]},
        "2026-09-28 16:30",
        "2026-09-30",
        "2026-10-14",
    ),
    ("a pause that goes on", MONDAY, {"pauses": ["2026-11-24 10:00"]}, "2026-11-23 16:30", "2026-11-25", "2026-12-02"),
    (
        "two pauses of a day together",
        MONDAY,
        {"pauses": ["2026-11-24 09:00 2026-11-24 12:00", "2026-11-26 14:30 2026-11-26 17:30"]},
        "2026-11-23 16:30",
        "2026-11-25",
        "2026-12-03",
    ),
    (
        "two pauses of more than a day",
        MONDAY,
        {"pauses": ["2026-11-24 09:00 2026-11-24 12:00", "2026-11-26 14:30 2026-11-27 10:00"]},
        "2026-11-23 16:30",
        "2026-11-25",
        "2026-12-04",
    ),
    ("two days more for the answer", MONDAY, {"more": ["answer 2"]}, "2026-11-23 16:30", "2026-11-27", "2026-12-02"),
    ("the result is never due before the answer", MONDAY, {"more": ["answer 6"]}, "2026-11-23 16:30", "2026-12-03", "2026-12-03"),
    ("three days more for the result", MONDAY, {"more": ["result 3"]}, "2026-11-23 16:30", "2026-11-25", "2026-12-07"),
    ("more time for both", MONDAY, {"more": ["answer 1", "result 5"]}, "2026-11-23 16:30", "2026-11-26", "2026-12-09"),
    (
        "more time and a pause of a day",
        MONDAY,
        {"pauses": ["2026-11-24 10:00 2026-11-25 10:00"], "more": ["result 2"]},
        "2026-11-23 16:30",
        "2026-11-25",
        "2026-12-07",
    ),
    ("more time across National Day", "2026-09-28 10:00", {"more": ["answer 2"]}, "2026-09-28 16:30", "2026-10-09", "2026-10-13"),
    ("a holiday entered later, after the answer", MONDAY, {"off": ["2026-11-26"]}, "2026-11-23 16:30", "2026-11-25", "2026-12-03"),
    ("a holiday entered later, on the day it was due", MONDAY, {"off": ["2026-11-25"]}, "2026-11-23 16:30", "2026-11-26", "2026-12-03"),
    ("today became a holiday", MONDAY, {"off": ["2026-11-23"]}, "2026-11-24 15:30", "2026-11-25", "2026-12-02"),
    ("a worked Saturday entered later", MONDAY, {"on": ["2026-11-28"]}, "2026-11-23 16:30", "2026-11-25", "2026-12-01"),
    ("asked anew", MONDAY, {"asked_at": "2026-11-26 15:00"}, "2026-11-23 16:30", "2026-11-30", "2026-12-02"),
    ("asked anew on the last day", MONDAY, {"asked_at": "2026-12-02 16:00"}, "2026-11-23 16:30", "2026-12-04", "2026-12-04"),
    (
        "asked anew: more time that was given before is over",
        MONDAY,
        {"asked_at": "2026-11-26 15:00", "more": ["answer 2"]},
        "2026-11-23 16:30",
        "2026-11-30",
        "2026-12-02",
    ),
    (
        "reopened: pauses and more time from before are over",
        MONDAY,
        {
            "asked_at": "2026-12-04 09:00",
            "opened_at": "2026-12-04 09:00",
            "pauses": ["2026-11-24 10:00 2026-11-26 10:00"],
            "more": ["answer 2", "result 3"],
        },
        "2026-11-23 16:30",
        "2026-12-08",
        "2026-12-15",
    ),
]


def due(text):
    return beijing(text if ":" in text else f"{text} 17:30")


def worked(received, happened):
    """An inquiry with that history, its due times as they were when it came in."""
    hours, answer_days, result_days = happened.get("limits", (4, 2, 7))
    inquiry = make_inquiry(
        received_at=beijing(received),
        asked_at=beijing(happened.get("asked_at", received)),
        opened_at=beijing(happened.get("opened_at", received)),
        take_hours=hours,
        answer_days=answer_days,
        result_days=result_days,
    )
    for span in happened.get("pauses", []):
        started, ended = span[:16], span[17:]
        Pause.objects.create(inquiry=inquiry, started_at=beijing(started), ended_at=beijing(ended) if ended else None)
    for number, more in enumerate(happened.get("more", [])):
        name, days = more.split()
        moment = beijing("2026-11-24 09:00") if received == MONDAY else inquiry.received_at
        person = make_user(f"asker-{inquiry.pk}-{number}")
        make_extension(inquiry, person, clock=name, days=int(days), state="approved", asked_at=moment, decided_by=person, decided_at=moment)
    return inquiry


def test_s57_due_times_are_those_worked_out_by_hand(calendar):
    seeding.load_file("calendar.csv", CalendarDay, ["date"], samples=False)
    found, wanted = {}, {}
    for name, received, happened, *hand in WORKED:
        inquiry = worked(received, happened)
        deadlines.set_due_times(inquiry)
        for day in happened.get("off", []) + happened.get("on", []):
            make_calendar_day(date=day, is_working=day in happened.get("on", []))
        inquiry.save()
        calendar_changed()  # what was stored follows the calendar as it is now
        inquiry.refresh_from_db()
        found[name] = [inquiry.take_by, inquiry.answer_by, inquiry.result_by]
        wanted[name] = [due(text) for text in hand]
        CalendarDay.objects.filter(date__in=happened.get("off", []) + happened.get("on", [])).delete()
        Inquiry.objects.all().update(status="spam")
    assert len(wanted) >= 40
    assert found == wanted


@pytest.mark.parametrize(
    ("today", "entered", "year"),
    [
        ("2026-09-30", ["2026-10-01"], None),  # the notice for the next year is not out
        ("2026-10-01", ["2026-10-01"], 2027),
        ("2026-12-31", ["2026-10-01", "2027-01-01"], None),
        ("2027-01-01", ["2026-10-01"], 2027),
        ("2026-12-01", [], 2026),  # the nearer one first
    ],
)
def test_calendar_of_this_and_the_next_year_is_missed_in_time(db, today, entered, year):
    for day in entered:
        make_calendar_day(date=day)
    assert clock.calendar_missing(beijing(f"{today} 10:00")) == year


def test_seeded_calendar_comes_a_year_at_a_time_and_never_over_what_staff_have_entered(db):
    make_calendar_day(date="2025-01-02", name="by staff")
    created = seeding.load_file("calendar.csv", CalendarDay, ["date"], samples=False)
    assert created == CalendarDay.objects.exclude(date__year=2025).count() > 60
    assert CalendarDay.objects.get(date__year=2025).name == "by staff"
    assert not CalendarDay.objects.exclude(date__year=2025).filter(to_confirm=False).exists()
    CalendarDay.objects.get(date="2026-10-10").delete()  # staff know better
    assert seeding.load_file("calendar.csv", CalendarDay, ["date"], samples=False) == 0


def test_seeded_calendar_works_only_weekend_days_and_names_each_day(db):
    seeding.load_file("calendar.csv", CalendarDay, ["date"], samples=False)
    days = list(CalendarDay.objects.all())
    assert all(day.name for day in days)
    assert all(day.date.weekday() >= clock.SATURDAY for day in days if day.is_working)
    off = {year: sum(1 for day in days if day.date.year == year and not day.is_working) for year in (2024, 2025, 2026)}
    worked_days = {year: sum(1 for day in days if day.date.year == year and day.is_working) for year in (2024, 2025, 2026)}
    # As the notices say it: "8 days in all", "works on ...".
    assert (off, worked_days) == ({2024: 28, 2025: 28, 2026: 33}, {2024: 8, 2025: 5, 2026: 6})
