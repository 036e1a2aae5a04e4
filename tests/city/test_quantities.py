"""Units and money: the formats of three languages, exactness, rounding (investors.md section 7)."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone, translation

from city import quantities
from city.models import ExchangeRate, KeyFigure, period_in_words
from tests.factories import make_exchange_rate

LANGUAGES = ("en", "zh-hans", "zh-hant")


def in_each(show):
    """What a function shows in each of the three languages."""
    shown = []
    for language in LANGUAGES:
        with translation.override(language):
            shown.append(show())
    return shown


# --- 7.3: the table of formats, row by row ---


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("22830000000", "CNY", ["CNY 22.83 billion", "228.3亿元", "228.3億元"]),
        ("445000000", "CNY", ["CNY 445 million", "4.45亿元", "4.45億元"]),
        ("98000000", "USD", ["USD 98 million", "9800万美元", "9800萬美元"]),
        ("1000000000", "CNY", ["CNY 1 billion", "10亿元", "10億元"]),
        ("999999999", "CNY", ["CNY 999.999999 million", "9.99999999亿元", "9.99999999億元"]),
        ("1000000", "CNY", ["CNY 1 million", "100万元", "100萬元"]),
        ("999999", "CNY", ["CNY 999,999", "99.9999万元", "99.9999萬元"]),
        ("100000000", "CNY", ["CNY 100 million", "1亿元", "1億元"]),
        ("99999999", "CNY", ["CNY 99.999999 million", "9999.9999万元", "9999.9999萬元"]),
        ("10000", "CNY", ["CNY 10,000", "1万元", "1萬元"]),
        ("9999.50", "CNY", ["CNY 9,999.5", "9999.5元", "9999.5元"]),
        ("250000000", "HKD", ["HKD 250 million", "2.5亿港元", "2.5億港元"]),
        ("12000000", "EUR", ["EUR 12 million", "1200万欧元", "1200萬歐元"]),
        ("0", "CNY", ["CNY 0", "0元", "0元"]),
    ],
)
def test_money_in_words(value, currency, shown):
    assert in_each(lambda: quantities.money(Decimal(value), currency)) == shown


def test_land_in_the_habit_of_the_reader():
    assert in_each(lambda: quantities.land_area(Decimal("903333.33"))) == ["90.33 ha", "1355亩", "1355畝"]


def test_land_price_in_the_habit_of_the_reader():
    assert in_each(lambda: quantities.land_price(Decimal(450))) == ["CNY 4.5 million/ha", "30万元/亩", "30萬元/畝"]


def test_period_and_growth():
    figure = KeyFigure(
        period_kind="months",
        period_start=datetime.date(2022, 1, 1),
        period_end=datetime.date(2022, 9, 30),
        growth_percent=Decimal("6.40"),
    )
    assert in_each(lambda: figure.period_with_growth) == [
        "January-September 2022, +6.4%",
        "2022年1—9月，+6.4%",
        "2022年1—9月，+6.4%",
    ]


@pytest.mark.parametrize(
    ("kind", "start", "end", "shown"),
    [
        ("year", "2016-01-01", "2016-12-31", ["2016", "2016年", "2016年"]),
        ("half", "2024-01-01", "2024-06-30", ["first half of 2024", "2024年上半年", "2024年上半年"]),
        ("half", "2024-07-01", "2024-12-31", ["second half of 2024", "2024年下半年", "2024年下半年"]),
        ("quarter", "2023-01-01", "2023-03-31", ["quarter 1 of 2023", "2023年第1季度", "2023年第1季度"]),
        ("quarter", "2023-10-01", "2023-12-31", ["quarter 4 of 2023", "2023年第4季度", "2023年第4季度"]),
        ("months", "2023-04-01", "2023-04-30", ["April 2023", "2023年4月", "2023年4月"]),
        ("months", None, "2023-04-30", ["April 2023", "2023年4月", "2023年4月"]),
        ("point", "2022-12-31", "2022-12-31", ["end of 2022", "2022年底", "2022年底"]),
        ("point", None, "2023-06-30", ["30 Jun 2023", "2023年6月30日", "2023年6月30日"]),
        ("to-date", None, "2023-06-30", ["to 30 Jun 2023", "截至2023年6月30日", "截至2023年6月30日"]),
    ],
)
def test_periods_in_words(kind, start, end, shown):
    start, end = (datetime.date.fromisoformat(one) if one else None for one in (start, end))
    assert in_each(lambda: period_in_words(kind, start, end)) == shown


def test_a_period_without_a_date_says_so():
    english, simplified, traditional = in_each(lambda: period_in_words("to-date", None, None))
    assert english == "to date; the source states no date"
    assert "未载明" in simplified
    assert "未載明" in traditional


# --- 7.1: areas, exactly ---


def test_one_mu_is_exactly_two_thousand_thirds_of_a_square_meter():
    numerator, denominator = quantities.AREA_UNITS["mu"]
    assert Fraction(int(numerator), int(denominator)) == Fraction(2000, 3)
    assert quantities.to_m2(Decimal(3), "mu") == 2000
    assert quantities.to_m2(Decimal(1500), "mu") == quantities.to_m2(Decimal(1), "km2") == 1_000_000
    assert quantities.to_m2(Decimal(15), "mu") == quantities.to_m2(Decimal(1), "ha") == 10_000


def test_one_acre_is_exact_too():
    assert quantities.to_m2(Decimal(1), "acre") == Decimal("4046.8564224")
    assert quantities.from_m2(Decimal("4046.8564224"), "acre") == 1


@pytest.mark.parametrize("unit", ["mu", "ha", "km2", "m2", "acre"])
def test_an_area_survives_storing_with_two_decimals(unit):
    """What staff type in mu reads as typed, although the column keeps square meters to the hundredth."""
    for number in [*range(1, 3000), 9_999, 10_000, 30_000, 130_000]:
        stored = quantities.rounded(quantities.to_m2(Decimal(number), unit), 2)
        assert quantities.rounded(quantities.from_m2(stored, unit), 2) == number


def test_an_unknown_unit_is_an_error():
    with pytest.raises(KeyError):
        quantities.to_m2(Decimal(1), "morgen")


@pytest.mark.parametrize(
    ("square_meters", "shown"),
    [
        (9_999_000, ["999.9 ha", "1.4999万亩", "1.4999萬畝"]),
        (10_000_000, ["10 km²", "10平方公里", "10平方公里"]),
        (992_000_000, ["992 km²", "992平方公里", "992平方公里"]),
        (5_000, ["0.5 ha", "7.5亩", "7.5畝"]),
    ],
)
def test_land_is_shown_in_square_kilometers_from_ten(square_meters, shown):
    assert in_each(lambda: quantities.land_area(Decimal(square_meters))) == shown


def test_the_chosen_unit_wins_over_the_habit():
    shown = [quantities.land_area(Decimal(20_000_000), unit, "en") for unit in ("mu", "ha", "m2", "km2", "acre")]
    assert shown == ["30,000 mu", "2,000 ha", "20,000,000 m²", "20 km²", "4,942 acres"]
    shown = [quantities.land_area(Decimal(20_000_000), unit, "zh-hant") for unit in ("mu", "ha", "m2", "km2", "acre")]
    assert shown == ["3萬畝", "2000公頃", "2000萬平方米", "20平方公里", "4942英畝"]


def test_a_listing_shows_land_in_two_units():
    assert in_each(lambda: quantities.land_area_twice(Decimal("903333.33"))) == [
        "90.33 ha (1,355 mu)",
        "1355亩（90.33公顷）",
        "1355畝（90.33公頃）",
    ]
    assert in_each(lambda: quantities.land_area_twice(Decimal(20_000_000)))[0] == "20 km² (30,000 mu)"


def test_floor_area_stays_in_square_meters():
    assert in_each(lambda: quantities.floor_area(Decimal("12500.50"))) == ["12,500.5 m²", "12,500.5平方米", "12,500.5平方米"]


# --- 7.4: rounding, once, half up ---


@pytest.mark.parametrize(
    ("hectares", "shown"),
    [
        ("2.344", "2.34 ha"),
        ("2.345", "2.35 ha"),
        ("2.355", "2.36 ha"),
        ("0.005", "0.01 ha"),
        ("0.0049", "0 ha"),
        ("99.994", "99.99 ha"),
        ("99.995", "100 ha"),
        ("100.04", "100 ha"),
        ("100.05", "100.1 ha"),
        ("100.25", "100.3 ha"),
        ("999.94", "999.9 ha"),
        ("999.95", "1,000 ha"),
        ("1000.4", "1,000 ha"),
        ("1000.5", "1,001 ha"),
        ("1001.5", "1,002 ha"),
    ],
)
def test_a_converted_area_is_rounded_half_up_by_its_size(hectares, shown):
    assert quantities.area_in(Decimal(hectares) * 10_000, "ha", "en") == shown


def test_a_value_in_its_published_unit_is_not_rounded():
    assert quantities.quantity(Decimal("1234.5678"), "km2", "en") == "1,234.5678 km²"
    assert quantities.quantity(Decimal("1355.1250"), "mu", "zh-hans") == "1355.125亩"
    assert quantities.quantity(Decimal("22.8312"), "cny-billion", "zh-hans") == "228.312亿元"
    assert quantities.quantity(Decimal("12.25"), "km", "en") == "12.25 km"
    assert quantities.quantity(Decimal("2000"), "enterprises", "en") == "2,000 enterprises"


UNITS_IN_WORDS = [
    ("cny-billion", "1.5", ["CNY 1.5 billion", "15亿元", "15億元"]),
    ("cny-million", "726", ["CNY 726 million", "7.26亿元", "7.26億元"]),
    ("cny-yi", "2260", ["CNY 226 billion", "2260亿元", "2260億元"]),
    ("cny-wan", "350", ["CNY 3.5 million", "350万元", "350萬元"]),
    ("cny", "8500", ["CNY 8,500", "8500元", "8500元"]),
    ("usd-billion", "5.386", ["USD 5.386 billion", "53.86亿美元", "53.86億美元"]),
    ("usd-million", "138", ["USD 138 million", "1.38亿美元", "1.38億美元"]),
    ("usd-yi", "1.2", ["USD 120 million", "1.2亿美元", "1.2億美元"]),
    ("usd-wan", "9800", ["USD 98 million", "9800万美元", "9800萬美元"]),
    ("hkd-million", "40", ["HKD 40 million", "4000万港元", "4000萬港元"]),
    ("mu", "1355", ["90.33 ha (1,355 mu)", "1355亩", "1355畝"]),
    ("ha", "90", ["90 ha", "90公顷（1350亩）", "90公頃（1350畝）"]),
    ("m2", "6000", ["0.6 ha (6,000 m²)", "6000平方米（9亩）", "6000平方米（9畝）"]),
    ("km2", "137", ["137 km²", "137平方公里", "137平方公里"]),
    ("km", "5", ["5 km", "5公里", "5公里"]),
    ("minutes", "60", ["60 minutes", "60分钟", "60分鐘"]),
    ("percent", "65.3", ["65.3%", "65.3%", "65.3%"]),
    ("enterprises", "950", ["950 enterprises", "950家", "950家"]),
    ("projects", "1", ["1 project", "1个", "1個"]),
]


@pytest.mark.parametrize(("unit", "value", "shown"), UNITS_IN_WORDS)
def test_every_unit_of_a_figure_in_words(unit, value, shown):
    assert in_each(lambda: quantities.quantity(Decimal(value), unit)) == shown


def test_the_table_of_units_is_complete():
    assert {unit for unit, _value, _shown in UNITS_IN_WORDS} == set(quantities.UNITS)


@pytest.mark.parametrize(("km", "shown"), [("9.94", "9.9 km"), ("9.95", "10 km"), ("0.05", "0.1 km"), ("12.5", "13 km"), ("12.4", "12 km")])
def test_distances_have_one_decimal_below_ten(km, shown):
    assert quantities.distance(Decimal(km), "en") == shown


@pytest.mark.parametrize(
    ("percent", "shown"),
    [("6.40", "+6.4%"), ("6.45", "+6.5%"), ("-3.25", "-3.3%"), ("0", "0%"), ("0.04", "0%"), ("-0.04", "0%"), ("60", "+60%")],
)
def test_growth_has_at_most_one_decimal_and_a_sign(percent, shown):
    assert quantities.percent(Decimal(percent), "en", signed=True) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3213456789", ["about USD 3.21 billion", "约32.1亿美元", "約32.1億美元"]),
        ("3215000000", ["about USD 3.22 billion", "约32.2亿美元", "約32.2億美元"]),
        ("9995", ["about USD 10,000", "约1万美元", "約1萬美元"]),
        ("62714285.71", ["about USD 62.7 million", "约6270万美元", "約6270萬美元"]),
    ],
)
def test_converted_money_has_three_digits_and_about(value, shown):
    assert in_each(lambda: quantities.about_money(Decimal(value), "USD")) == shown


def test_a_range_of_money():
    low, high = Decimal(200_000_000), Decimal(500_000_000)
    assert in_each(lambda: quantities.money_range(low, high)) == ["CNY 200 million to CNY 500 million", "2亿元至5亿元", "2億元至5億元"]
    assert quantities.money_range(low, low, language="en") == quantities.money_range(low, None, language="en") == "CNY 200 million"


@pytest.mark.parametrize(
    ("exactness", "words"), [("about", "about CNY 2 billion"), ("over", "over CNY 2 billion"), ("within", "within CNY 2 billion")]
)
def test_exactness_stands_beside_the_number(exactness, words):
    figure = KeyFigure(value=Decimal(2), unit="cny-billion", precision=exactness)
    shown = in_each(lambda: figure.value_text)
    assert shown[0] == words
    assert "20亿元" in shown[1] != "20亿元"
    assert "20億元" in shown[2] != "20億元"


# --- 7.5: other quantities ---


def test_land_controls_convert_exactly():
    """10,000 CNY/mu = 15 CNY/m² = 150,000 CNY/ha."""
    assert in_each(lambda: quantities.land_price(Decimal(15))) == ["CNY 150,000/ha", "1万元/亩", "1萬元/畝"]


def test_floor_load_in_tonnes():
    assert quantities.rounded(quantities.kn_to_tonnes(Decimal("9.80665")), 5) == 1
    assert quantities.rounded(quantities.kn_to_tonnes(Decimal(20)), 2) == Decimal("2.04")


def test_rents_and_prices_name_their_unit():
    assert in_each(lambda: quantities.rent_price(Decimal("15.50"))) == ["CNY 15.5/m²/month", "15.5元/平方米/月", "15.5元/平方米/月"]
    assert in_each(lambda: quantities.floor_price(Decimal(3200))) == ["CNY 3,200/m²", "3,200元/平方米", "3,200元/平方米"]


# --- 7.2: exchange rates ---


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "converts"), [(0, True), (90, True), (91, False)])
def test_a_rate_converts_for_ninety_days(age, converts):
    make_exchange_rate(currency="USD", cny_per_unit="7.1", date=timezone.localdate() - datetime.timedelta(days=age))
    assert (ExchangeRate.objects.recent("USD") == Decimal("7.1")) is converts
    assert ExchangeRate.objects.recent("EUR") is None


@pytest.mark.django_db
def test_the_newest_rate_counts():
    for age, rate in ((20, "7.0"), (5, "7.2"), (40, "6.9")):
        make_exchange_rate(cny_per_unit=rate, date=timezone.localdate() - datetime.timedelta(days=age))
    assert ExchangeRate.objects.recent("USD") == Decimal("7.2")
