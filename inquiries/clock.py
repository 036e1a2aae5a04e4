"""Working days and working hours in Beijing: the calendar behind every due time (investors.md 6.3).

Working hours are 09:00-12:00 and 14:30-17:30. Days follow the week, except those that the table `CalendarDay` names:
official holidays, and weekend days that are worked to make up for them.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from django.utils import formats, translation

from inquiries.models import CalendarDay

BEIJING = ZoneInfo("Asia/Shanghai")
SHIFTS = ((time(9), time(12)), (time(14, 30), time(17, 30)))
END_OF_DAY = SHIFTS[-1][1]  # of a working day
MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)
SATURDAY = 5
# The State Council's notice for the next year comes out in this quarter.
LAST_QUARTER = 10
WORDS = {
    "en": ("l j F Y, H:i", "{} Beijing time"),
    "zh-hans": ("Y年n月j日（l）H:i", "北京时间{}"),
    "zh-hant": ("Y年n月j日（l）H:i", "北京時間{}"),
}


def add_working_days(start: datetime, days: int, special: dict[date, bool] | None = None) -> datetime:
    """The end of work on the n-th working day after the day of `start`; the day itself does not count."""
    following = working_days(start.astimezone(BEIJING).date() + ONE_DAY, special)
    for _number in range(max(days, 1)):
        day = next(following)
    return datetime.combine(day, END_OF_DAY, BEIJING)


def add_working_hours(start: datetime, hours: float, special: dict[date, bool] | None = None) -> datetime:
    """The moment at which so many working hours have passed since `start`."""
    return add_working_time(start, timedelta(hours=hours), special)


def add_working_time(start: datetime, left: timedelta, special: dict[date, bool] | None = None) -> datetime:
    """The moment at which so much working time has passed since `start`."""
    shifts = shifts_from(start.astimezone(BEIJING), special)
    begin, end = next(shifts)
    while left > end - begin:
        left -= end - begin
        begin, end = next(shifts)
    return begin + left


def end_of_day(moment: datetime) -> datetime:
    """The end of work on the day of a moment."""
    return datetime.combine(moment.astimezone(BEIJING).date(), END_OF_DAY, BEIJING)


def shifts_from(start: datetime, special: dict[date, bool] | None) -> Iterator[tuple[datetime, datetime]]:
    """The working time from `start` on, without end, as (begin, end) of each shift or what is left of it."""
    for day in working_days(start.date(), special):
        for opens, closes in SHIFTS:
            end = datetime.combine(day, closes, BEIJING)
            if start < end:
                yield max(start, datetime.combine(day, opens, BEIJING)), end


def working_time(start: datetime, end: datetime, special: dict[date, bool] | None = None) -> timedelta:
    """How much working time lies between two moments; nothing where the end comes first."""
    total = timedelta()
    for begin, close in shifts_from(start.astimezone(BEIJING), special):
        if begin >= end:
            return total
        total += min(close, end) - begin
    return total


def working_days_left(moment: datetime, now: datetime, special: dict[date, bool] | None = None) -> int:
    """Working days after today up to the day of `moment`; 0 on the day itself and when it has passed."""
    today, last = now.astimezone(BEIJING).date(), moment.astimezone(BEIJING).date()
    return sum(1 for _day in takewhile(lambda day: day <= last, working_days(today + ONE_DAY, special)))


def days_ago(now: datetime, days: int, special: dict[date, bool] | None = None) -> datetime:
    """What is earlier than this lies more than so many working days back."""
    today = now.astimezone(BEIJING).date()
    far = today - 4 * (days + 10) * ONE_DAY
    passed = list(takewhile(lambda day: day <= today, working_days(far, special)))
    return datetime.combine(passed[-days - 1], MIDNIGHT, BEIJING)


def is_working_day(day: date) -> bool:
    return next(working_days(day)) == day


def special_days(first: date) -> dict[date, bool]:
    """The days from `first` on that differ from the week, and whether they are worked: one query."""
    return dict(CalendarDay.objects.filter(date__gte=first).order_by().values_list("date", "is_working"))


def working_days(first: date, special: dict[date, bool] | None = None) -> Iterator[date]:
    """The working days from `first` on, without end."""
    if special is None:
        special = special_days(first)
    day = first
    while True:
        if special.get(day, day.weekday() < SATURDAY):
            yield day
        day += ONE_DAY


def in_words(moment: datetime, language: str) -> str:
    """Wednesday 25 November 2026, 17:30 Beijing time · 北京时间2026年11月25日（星期三）17:30."""
    pattern, frame = WORDS[language]
    with translation.override(language):
        return frame.format(formats.date_format(moment.astimezone(BEIJING), pattern))


def in_digits(moment: datetime) -> str:
    """2026-11-25 17:30, in Beijing time: the same in all languages."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def years_to_confirm() -> list[int]:
    """Years with days that nobody has compared with the published notice."""
    waiting = CalendarDay.objects.filter(to_confirm=True).order_by("date__year")
    return list(waiting.values_list("date__year", flat=True).distinct())


def calendar_missing(now: datetime) -> int | None:
    """The year whose holidays nobody has entered: this one, or in its last quarter the next. None where nothing is missing."""
    today = now.astimezone(BEIJING).date()
    years = [today.year] + [today.year + 1] * (today.month >= LAST_QUARTER)
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    entered = set(CalendarDay.objects.filter(date__range=(first, last)).order_by().values_list("date__year", flat=True).distinct())
    return next((year for year in years if year not in entered), None)
