"""The public page of the promise: what is promised, and how it has been kept (investors.md 9.1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Min
from django.http import Http404
from django.shortcuts import render
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureaus.models import District
from city import charts
from city.models import Page, date_in_words
from inquiries import clock, deadlines
from inquiries.ledger import LEAST, Ledger, Line, Year, ledger
from inquiries.models import TimeLimit
from parks.rows import in_one_line
from publishing.display import Fact
from publishing.exports import WRITERS
from publishing.languages import active_language, gap
from publishing.views import public_page

# Hours of a working day, from the clock.
DAY_HOURS = sum(close.hour * 60 + close.minute - opens.hour * 60 - opens.minute for opens, close in clock.SHIFTS) // 60
HOUR = 60
# Charts need something to compare.
LEAST_MARKS = 2
FILE_HEADINGS = [
    "year",
    "by",
    "groups",
    "came",
    "answered",
    "median_working_minutes",
    "nine_of_ten_within_working_minutes",
    "late",
    "waiting",
]


@dataclass(frozen=True)
class TableRow:
    """A line of the ledger in words; `group` is what it counts."""

    group: str
    line: Line
    median: str
    most: str


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    heading: str
    rows: list[TableRow]
    charts: list[charts.Chart]


@public_page
def promise(request):
    """The page. `year` chooses among the years that have figures; another one is ignored, and the page says so."""
    counted = ledger()
    year, ignored = chosen_year(request.GET.getlist("year"), counted)
    districts = District.objects.in_bulk() if year else {}
    context = {
        "title": _("How we keep our promise"),
        "breadcrumb": [(_("How we keep our promise"), "")],
        "promised": what_is_promised(),
        "by_topic": TimeLimit.objects.exclude(topic=""),
        "year": year,
        "years": [
            {"title": str(number), "url": f"?year={number}", "count": None, "current": number == year.number} for number in counted.years
        ],
        "facts": facts_of(year.total) if year else [],
        "sections": sections_of(year, districts, source(counted)) if year else [],
        "nothing": "" if year else nothing_yet(counted),
        "until": counted.until,
        "least": LEAST,
        "ignored": ignored,
        "noindex": bool(request.GET.get("year")),
        "canonical": request.path,
    }
    return render(request, "inquiries/promise.html", context)


@public_page
def export(request, ending):
    """All figures of the page, of all years, as a file."""
    if ending not in WRITERS:
        raise Http404
    return WRITERS[ending](FILE_HEADINGS, all_rows(ledger()))


def chosen_year(wanted: list[str], counted: Ledger) -> tuple[Year | None, list[tuple[str, str]]]:
    """The year asked for, else the newest; and what was not understood."""
    known = [text for text in wanted if text in map(str, counted.years)]
    ignored = [("year", text) for text in wanted if text and text not in known]
    number = int(known[0]) if known else next(iter(counted.years), None)
    return counted.years.get(number), ignored


def what_is_promised() -> list[tuple[str, str]]:
    """The promise as `(when, what)`, from the time limits that staff keep."""
    limits = deadlines.limits_of()
    return [
        (
            ngettext("Within %d working hour", "Within %d working hours", limits.take_hours) % limits.take_hours,
            _("An officer takes up your inquiry"),
        ),
        (
            ngettext("Within %d working day", "Within %d working days", limits.answer_days) % limits.answer_days,
            _("A full answer, in the language of the page that you wrote from"),
        ),
        (
            ngettext("Within %d working day", "Within %d working days", limits.result_days) % limits.result_days,
            _("A result: a visit, a project, the office in charge, or why it is not possible"),
        ),
    ]


def nothing_yet(counted: Ledger) -> str:
    """Why there are no figures."""
    opened = Page.objects.public().aggregate(day=Min("first_published_at"))["day"]
    since = opened.astimezone(clock.BEIJING).date() if opened else None
    if not counted.is_empty:
        return _("Fewer than five inquiries a year have come in so far. Figures are shown from five on.")
    if since is None or since > counted.until:
        return _("No inquiry has come in yet.")
    return _("No inquiry has come in since %s.") % date_in_words(since)


def source(counted: Ledger) -> str:
    return _("the inquiries of this website up to the end of %s") % date_in_words(counted.until)


# --- The figures in words ---


def facts_of(total: Line) -> list[Fact]:
    return [
        Fact(_("Inquiries received"), str(total.came)),
        Fact(_("Answered so far"), str(total.answered)),
        Fact(_("Median time to the first answer"), time_or_few(total, total.median)),
        Fact(_("90th percentile of the time to the first answer"), time_or_few(total, total.most)),
        Fact(_("Answered late, or late and still waiting"), str(total.late)),
        Fact(_("Still waiting for the first answer"), str(total.waiting)),
    ]


def sections_of(year: Year, districts: dict, origin: str) -> list[Section]:
    names = dict(settings.LANGUAGES)
    by = {"year": year.number, "origin": origin}
    return [
        section(
            "months",
            _("By month"),
            _("Month received"),
            [(month_words(one.keys), one) for one in year.months],
            by,
            short=[months_on_axis(one.keys) for one in year.months],
        ),
        section(
            "languages", _("By language"), _("Language"), [(together([names[key] for key in one.keys]), one) for one in year.languages], by
        ),
        section(
            "districts",
            _("By district"),
            _("District"),
            [(together([district_name(districts, key) for key in one.keys]), one) for one in year.districts],
            by,
        ),
    ]


def section(code, title, heading, lines: list[tuple[str, Line]], by, short=None) -> Section:
    """A table with its charts: how many came, and how long half of them waited."""
    lines = [(capfirst(label), one) for label, one in lines]
    rows = [TableRow(label, one, time_or_few(one, one.median), time_or_few(one, one.most)) for label, one in lines]
    draw, per_row = (charts.columns, None) if short else (charts.bars, charts.ROW)
    marks = list(zip(short or [label for label, _one in lines], [one for _label, one in lines], strict=True))
    came = [(label, Decimal(one.came)) for label, one in marks]
    waited = [(label, hours(one.median)) for label, one in marks if one.median is not None]
    drawn = []
    for name, unit, values in [
        (_("Inquiries received, %(year)s, %(by)s"), _("Inquiries"), came),
        (_("Median working hours to the first answer, %(year)s, %(by)s"), _("Working hours"), waited),
    ]:
        if len(values) >= LEAST_MARKS:
            name = name % {"year": by["year"], "by": title[0].lower() + title[1:]}
            height = charts.HEIGHT if per_row is None else per_row * len(values)
            picture = charts.svg(name, height, draw(values))
            drawn.append(
                charts.Chart(name, picture, (heading, unit), [(label, charts.plain(value)) for label, value in values], [by["origin"]])
            )
    return Section(code, title, heading, rows, drawn)


def hours(time: timedelta) -> Decimal:
    """Working hours with one decimal."""
    return (Decimal(time.total_seconds()) / 3600).quantize(Decimal("0.1"))


def time_or_few(line: Line, time: timedelta | None) -> str:
    if not line.answered:
        return "–"
    return _("fewer than five answers") if time is None else time_in_words(time)


def time_in_words(time: timedelta) -> str:
    """Working time as people say it: 25 minutes, 3 hours 20 minutes, 2 working days 4 hours."""
    minutes = round(time.total_seconds() / 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < DAY_HOURS * HOUR:
        whole, rest = divmod(minutes, HOUR)
        parts = [(whole, ngettext("%d hour", "%d hours", whole)), (rest, ngettext("%d minute", "%d minutes", rest))]
    else:
        whole, rest = divmod(round(minutes / HOUR), DAY_HOURS)
        parts = [(whole, ngettext("%d working day", "%d working days", whole)), (rest, ngettext("%d hour", "%d hours", rest))]
    return gap().join(words % number for number, words in parts if number)


def together(names: list[str]) -> str:
    """The name of a group, or of several that are shown together."""
    return names[0] if len(names) == 1 else _("together: %s") % in_one_line(names)


def district_name(districts, key) -> str:
    return districts[key].name if key in districts else _("no district named")


def month_words(months: tuple) -> str:
    """March; March to May."""
    first, last = (
        capfirst(formats.date_format(date(2000, month, 1), "F" if active_language() == "en" else "n月"))
        for month in (months[0], months[-1])
    )
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def months_on_axis(months: tuple) -> str:
    """Mar; Mar–May; 3月; 3—5月."""
    english = active_language() == "en"
    first, last = (formats.date_format(date(2000, month, 1), "M" if english else "n月") for month in (months[0], months[-1]))
    if first == last:
        return first
    return f"{first}–{last}" if english else f"{months[0]}—{last}"


# --- The file ---


def all_rows(counted: Ledger) -> list[list]:
    districts = {district.pk: district.slug for district in District.objects.all()} | {None: "none"}
    return [row for year in counted.years.values() for row in file_rows(year, districts)]


def file_rows(year: Year, districts: dict):
    """The lines of a year with codes instead of names; months as 2026-03, groups that stand together with a blank between."""
    named = [
        ("total", [year.total], str),
        ("month", year.months, lambda month: f"{year.number}-{month:02}"),
        ("language", year.languages, str),
        ("district", year.districts, districts.get),
    ]
    for by, lines, name in named:
        for one in lines:
            groups = " ".join(name(key) for key in one.keys)
            yield [year.number, by, groups, one.came, one.answered, minutes(one.median), minutes(one.most), one.late, one.waiting]


def minutes(time: timedelta | None) -> int | None:
    return None if time is None else round(time.total_seconds() / 60)
