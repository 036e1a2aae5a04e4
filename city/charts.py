"""Charts of key figures as server-made SVG: columns for a series, bars for figures side by side, each with its table.

Only figures that can be compared stand in one chart: same unit, same nature, same kind of period. Values stand on
the marks, so there is no grid; the zero line is always in the picture, so that lengths do not lie.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from city.models import KeyFigure
from city.quantities import CURRENCY_NAMES, LARGE, UNITS, plain
from publishing.languages import active_language

WIDTH = 760
LEAST = 3
MOST = 12
HAIR_LINE = Decimal("0.02")
# Columns: room above for the value, below for the period.
TOP, BOTTOM, HEIGHT = 34, 30, 280
# Bars: a row holds the label and, below it, the bar.
ROW, BAR = 76, 22


@dataclass(frozen=True)
class Chart:
    """What components/chart.html shows. `rows` are `(label, value in words)` pairs, the table twin of the drawing."""

    title: str
    svg: SafeString
    headings: tuple[str, str]
    rows: list
    sources: list


def charts_of(figures) -> list[Chart]:
    """The charts that these figures allow: a series first, then figures that stand side by side."""
    figures = list(figures)
    return [column_chart(series) for series in series_of(figures)] + [bar_chart(group) for group in side_by_side(figures)]


def series_of(figures) -> list[list[KeyFigure]]:
    """The figures of one indicator over at least three comparable periods, oldest first; one list per indicator."""
    groups = defaultdict(dict)
    for figure in figures:
        if figure.period_end is not None and figure.value is not None:
            groups[series_key(figure)][figure.period_end] = figure
    return [[found[end] for end in sorted(found)][-MOST:] for found in groups.values() if len(found) >= LEAST]


def series_key(figure):
    """What must agree. Months compare only with the same months of other years."""
    months = (figure.period_start and figure.period_start.month, figure.period_end.month)
    season = months if figure.period_kind in (KeyFigure.PeriodKind.MONTHS, KeyFigure.PeriodKind.POINT) else ()
    return figure.subject_code, figure.indicator_code, figure.unit, figure.nature, figure.period_kind, season


def side_by_side(figures) -> list[list[KeyFigure]]:
    """Different indicators of one subject and group with the same unit, nature and period, largest first.

    Where the smallest would be a hair line beside the largest, a chart shows nothing that the figures do not say.
    """
    groups = defaultdict(list)
    for figure in figures:
        if figure.value is not None and figure.value > 0:
            key = (figure.subject_code, figure.group, figure.unit, figure.nature, figure.period_kind, figure.period_end)
            groups[key].append(figure)
    ordered = [sorted(found, key=lambda figure: -figure.value)[:MOST] for found in groups.values()]
    return [found for found in ordered if len(found) >= LEAST and found[-1].value >= found[0].value * HAIR_LINE]


def column_chart(series: list[KeyFigure]) -> Chart:
    """One indicator over time; the newest column is dark."""
    first, last = series[0], series[-1]
    factor, unit = scale(last.unit, max(abs(figure.value) for figure in series))
    title = gettext("%(subject)s: %(indicator)s, %(first)s to %(last)s (%(unit)s)") % {
        "subject": last.subject,
        "indicator": last.title,
        "first": first.period_text,
        "last": last.period_text,
        "unit": unit,
    }
    parts = columns([(figure.period_text, figure.value * factor) for figure in series])
    return Chart(title, svg(title, HEIGHT, parts), (gettext("Period"), last.title), table(series, "period_text"), sources(series))


def bar_chart(figures: list[KeyFigure]) -> Chart:
    """Several indicators of one subject and period, one below the other."""
    one = figures[0]
    factor, unit = scale(one.unit, max(figure.value for figure in figures))
    title = gettext("%(subject)s, %(period)s (%(unit)s)") % {"subject": one.subject, "period": one.period_text, "unit": unit}
    parts = bars([(figure.title, figure.value * factor) for figure in figures])
    heading = (gettext("Indicator"), one.period_text)
    return Chart(title, svg(title, ROW * len(figures), parts), heading, table(figures, "title"), sources(figures))


def scale(unit: str, largest: Decimal) -> tuple[Decimal, str]:
    """`(factor, name)` of the unit that the chart shows: as published, but money in Chinese counts by 亿 or 万."""
    kind, language = UNITS[unit], active_language()
    if kind.dimension != "money" or language == "en":
        return Decimal(1), str(kind.name)
    size = 8 if largest * kind.factor >= 10**8 else 4
    name = LARGE[language][0 if size == 8 else 1] + CURRENCY_NAMES[language][kind.currency]
    return kind.factor / 10**size, name


def table(figures, label):
    return [(getattr(figure, label), figure.value_text) for figure in figures]


def sources(figures):
    return list(dict.fromkeys(figure.source for figure in figures))


# --- Drawing: presentation attributes and classes only ---


def svg(title, height, parts) -> SafeString:
    head = f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
    return SafeString(head + "".join(parts) + "</svg>")


def columns(values):
    low = min(0, *(value for _label, value in values))
    high = max(0, *(value for _label, value in values))
    per_unit = Decimal(HEIGHT - TOP - BOTTOM) / ((high - low) or 1)
    zero = TOP + high * per_unit
    pitch = Decimal(WIDTH) / len(values)
    for place, (label, value) in enumerate(values):
        middle = pitch * place + pitch / 2
        top, bottom = sorted((zero, zero - value * per_unit))
        last = " last" if place == len(values) - 1 else ""
        yield column(f"c-bar{last}", middle - pitch * 3 / 10, top, pitch * 6 / 10, bottom - top)
        yield word("v", middle, top - 8, plain(value))
        yield word("x", middle, HEIGHT - 8, label)
    yield f'<line class="c-base" x1="0" x2="{WIDTH}" y1="{zero:.0f}" y2="{zero:.0f}"/>'


def bars(values):
    largest = max(value for _label, value in values) or 1
    room = WIDTH - 110
    for row, (label, value) in enumerate(values):
        top = ROW * row + 38
        length = max(value / largest * room, 1)
        yield word("l", 0, top - 10, label)
        yield column("c-bar", 0, top, length, BAR)
        yield word("n", length + 10, top + BAR - 5, plain(value))


def column(classes, x, y, width, height):
    return f'<rect class="{classes}" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}"/>'


def word(kind, x, y, text):
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}">{escape(str(text))}</text>'
