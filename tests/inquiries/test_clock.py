"""Working days and hours in Beijing: a table of worked cases."""

from datetime import UTC, date, datetime

import pytest

from inquiries import clock, deadlines
from inquiries.models import TimeLimit
from tests.factories import make_calendar_day

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
