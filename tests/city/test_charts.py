"""Charts: only what can be compared stands in one, and nothing is drawn that the figures do not say."""

import datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation

from city import charts
from city.models import KeyFigure


def figure(year=2022, value="10", **fields):
    defaults = {
        "subject_code": "zhaoqing",
        "subject_en": "Zhaoqing",
        "subject_zh_hans": "肇庆",
        "indicator_code": "gdp",
        "title_en": "GDP",
        "unit": "cny-billion",
        "group": "economy",
        "period_kind": "year",
        "period_start": datetime.date(year, 1, 1),
        "period_end": datetime.date(year, 12, 31),
        "source_en": "Bulletin",
    }
    return KeyFigure(value=Decimal(value), **defaults | fields)


def series(*values, **fields):
    return [figure(2018 + place, value, **fields) for place, value in enumerate(values)]


def bars(chart):
    return ElementTree.fromstring(chart.svg).findall("rect")


def test_two_periods_make_no_chart():
    assert charts.charts_of(series("1", "2")) == []


def test_a_series_is_drawn_oldest_first_and_its_newest_column_is_dark():
    (chart,) = charts.charts_of(reversed(series("1", "2", "4")))
    assert [float(bar.get("height")) for bar in bars(chart)] == sorted(float(bar.get("height")) for bar in bars(chart))
    assert [bar.get("class") for bar in bars(chart)] == ["c-bar", "c-bar", "c-bar last"]
    assert chart.rows[0] == ("2018", "CNY 1 billion")


def test_columns_stand_on_the_zero_line_so_that_lengths_do_not_lie():
    first, second, third = (float(bar.get("height")) for bar in bars(charts.column_chart(series("100", "150", "200"))))
    assert second == pytest.approx(first * 1.5, abs=1)
    assert third == pytest.approx(first * 2, abs=1)


def test_a_loss_hangs_below_the_zero_line():
    down, zero, up = bars(charts.column_chart(series("-5", "0", "10", unit="percent")))
    assert float(down.get("y")) == float(up.get("y")) + float(up.get("height"))
    assert zero.get("height") == "0"


@pytest.mark.parametrize("fields", [{"unit": "usd-billion"}, {"nature": "planned"}, {"period_kind": "half"}, {"subject_code": "other"}])
def test_figures_that_cannot_be_compared_do_not_share_a_chart(fields):
    assert charts.series_of([*series("1", "2"), figure(2024, "3", **fields)]) == []


def test_months_compare_only_with_the_same_months():
    def months(year, last):
        return figure(year, "1", period_kind="months", period_start=datetime.date(year, 1, 1), period_end=datetime.date(year, last, 28))

    assert charts.series_of([months(2020, 9), months(2021, 9), months(2022, 8)]) == []
    assert len(charts.series_of([months(2020, 9), months(2021, 9), months(2022, 9)])) == 1


def test_different_indicators_of_one_period_stand_side_by_side_largest_first():
    found = [figure(indicator_code=code, title_en=code, value=value) for code, value in (("a", "5"), ("b", "20"), ("c", "10"))]
    (chart,) = charts.charts_of(found)
    assert [label for label, _value in chart.rows] == ["b", "c", "a"]


def test_bars_too_short_to_be_seen_make_no_chart():
    assert charts.side_by_side([figure(indicator_code=code, value=value) for code, value in (("a", "4"), ("b", "20"), ("c", "2000"))]) == []


def test_money_counts_in_yi_in_chinese():
    with translation.override("zh-hans"):
        chart = charts.column_chart(series("18.4", "19.7", "22.83"))
    assert "亿元" in chart.title
    assert ">228.3<" in chart.svg


def test_words_in_a_chart_are_escaped():
    chart = charts.column_chart(series("1", "2", "3", title_en='<script>"'))
    assert "<script" not in chart.svg
