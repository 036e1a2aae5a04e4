"""Units and money: exact conversion, and the formats of the three languages (investors.md section 7).

Values are `Decimal`. Areas are stored in square meters, money in the currency itself (1 = one yuan), land prices
in CNY per square meter. Rounding is ROUND_HALF_UP, once, at display.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from publishing.languages import active_language

# Square meters in one unit. 1 mu is exactly 2000/3 m²: kept as a fraction, since no decimal is exact.
AREA_UNITS = {
    "mu": (Decimal(2000), Decimal(3)),
    "m2": (Decimal(1), Decimal(1)),
    "ha": (Decimal(10_000), Decimal(1)),
    "acre": (Decimal("4046.8564224"), Decimal(1)),
    "km2": (Decimal(1_000_000), Decimal(1)),
}
AREA_NAMES = {"mu": _("mu"), "m2": _("m²"), "ha": _("hectares"), "acre": _("acres"), "km2": _("km²")}
STANDARD_GRAVITY = Decimal("9.80665")


@dataclass(frozen=True)
class Unit:
    """A unit that figures are published in. `factor` leads to the base unit of its dimension."""

    dimension: str  # money, area, distance, time, share, count
    factor: Decimal
    name: str
    currency: str = ""


def _money_unit(currency, factor, name):
    return Unit("money", Decimal(factor), name, currency)


UNITS = {
    "cny-billion": _money_unit("CNY", 10**9, _("billion CNY")),
    "cny-million": _money_unit("CNY", 10**6, _("million CNY")),
    "cny-yi": _money_unit("CNY", 10**8, _("hundred million CNY (亿元)")),
    "cny-wan": _money_unit("CNY", 10**4, _("ten thousand CNY (万元)")),
    "cny": _money_unit("CNY", 1, _("CNY")),
    "usd-billion": _money_unit("USD", 10**9, _("billion USD")),
    "usd-million": _money_unit("USD", 10**6, _("million USD")),
    "usd-yi": _money_unit("USD", 10**8, _("hundred million USD (亿美元)")),
    "usd-wan": _money_unit("USD", 10**4, _("ten thousand USD (万美元)")),
    "hkd-million": _money_unit("HKD", 10**6, _("million HKD")),
    "mu": Unit("area", Decimal(2000) / Decimal(3), _("mu")),
    "ha": Unit("area", Decimal(10_000), _("hectares")),
    "m2": Unit("area", Decimal(1), _("m²")),
    "km2": Unit("area", Decimal(1_000_000), _("km²")),
    "km": Unit("distance", Decimal(1), _("km")),
    "minutes": Unit("time", Decimal(1), _("minutes")),
    "percent": Unit("share", Decimal(1), _("percent")),
    "enterprises": Unit("count", Decimal(1), _("enterprises")),
    "projects": Unit("count", Decimal(1), _("projects")),
}
# What the filters offer for investment amounts: code -> (currency, units of the currency in one).
MONEY_UNITS = {
    "cny-million": ("CNY", Decimal(10**6), _("CNY million")),
    "cny-wan": ("CNY", Decimal(10**4), _("CNY 10,000 (万元)")),
    "cny-yi": ("CNY", Decimal(10**8), _("CNY 100 million (亿元)")),
    "hkd-million": ("HKD", Decimal(10**6), _("HKD million")),
    "usd-million": ("USD", Decimal(10**6), _("USD million")),
    "eur-million": ("EUR", Decimal(10**6), _("EUR million")),
}
CURRENCY_NAMES = {
    "zh-hans": {"CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元"},
    "zh-hant": {"CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "歐元"},
}
LARGE = {"zh-hans": ("亿", "万"), "zh-hant": ("億", "萬")}


def to_m2(value: Decimal, unit: str) -> Decimal:
    """Square meters of `value` in `unit` (mu, m2, ha, acre, km2). KeyError for another unit."""
    numerator, denominator = AREA_UNITS[unit]
    return value * numerator / denominator


def from_m2(value: Decimal, unit: str) -> Decimal:
    """`value` square meters in `unit`; 903,333.33 m² (stored with two decimals) is 1,355 mu again once rounded."""
    numerator, denominator = AREA_UNITS[unit]
    return value * denominator / numerator


def kn_to_tonnes(value: Decimal) -> Decimal:
    """Floor load in t/m² from kN/m²."""
    return value / STANDARD_GRAVITY


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(value: Decimal, *, commas: bool = True) -> str:
    """The number without trailing zeros: 22.8300 -> 22.83; with commas for thousands unless told otherwise."""
    text = f"{value:,f}" if commas else f"{value:f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short == "-0" else short


def _converted(value):
    """A converted area: no decimals from 1,000, one from 100, two below."""
    return rounded(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2)


def _large(value, language):
    """Chinese running text: 亿 from 10⁸, 万 from 10⁴, no commas; the value is not rounded."""
    hundred_million, ten_thousand = LARGE[language]
    if abs(value) >= 10**8:
        return plain(value / 10**8, commas=False) + hundred_million
    if abs(value) >= 10**4:
        return plain(value / 10**4, commas=False) + ten_thousand
    return plain(value, commas=False)


def money(value: Decimal, currency: str = "CNY", language: str | None = None) -> str:
    """An amount in words: CNY 22.83 billion · 228.3亿元 · 228.3億元. Exact: moved by powers of ten only."""
    language = language or active_language()
    if language != "en":
        return _large(value, language) + CURRENCY_NAMES[language].get(currency, currency)
    if abs(value) >= 10**9:
        return f"{currency} {plain(value / 10**9)} billion"
    if abs(value) >= 10**6:
        return f"{currency} {plain(value / 10**6)} million"
    return f"{currency} {plain(value)}"


def money_range(low: Decimal | None, high: Decimal | None, currency: str = "CNY", language: str | None = None) -> str:
    """One amount, or a range: CNY 200 million to CNY 500 million · 2亿元至5亿元."""
    language = language or active_language()
    if low is None or high is None or low == high:
        return money(low if low is not None else high, currency, language)
    word = " to " if language == "en" else "至"
    return f"{money(low, currency, language)}{word}{money(high, currency, language)}"


def about_money(value: Decimal, currency: str, language: str | None = None) -> str:
    """A converted amount: three significant digits and "about"."""
    language = language or active_language()
    digits = value.adjusted()
    text = money(value.quantize(Decimal(1).scaleb(digits - 2), rounding=ROUND_HALF_UP), currency, language)
    return {"en": f"about {text}", "zh-hans": f"约{text}", "zh-hant": f"約{text}"}[language]


def area_in(value: Decimal, unit: str, language: str | None = None) -> str:
    """An area (m²) in a chosen unit, with its name: 90.33 ha, 1355亩."""
    language = language or active_language()
    number = _converted(from_m2(value, unit)) if unit != "m2" else rounded(value, 0 if value == value.to_integral() else 2)
    if language == "en":
        return f"{plain(number)} {({'m2': 'm²', 'km2': 'km²', 'acre': 'acres'}).get(unit, unit)}"
    names = {
        "zh-hans": {"mu": "亩", "m2": "平方米", "ha": "公顷", "acre": "英亩", "km2": "平方公里"},
        "zh-hant": {"mu": "畝", "m2": "平方米", "ha": "公頃", "acre": "英畝", "km2": "平方公里"},
    }
    return _large(number, language) + names[language][unit]


def land_unit(value: Decimal, language: str | None = None) -> str:
    """The habit: km² from 10 km², else hectares in English and mu in Chinese."""
    if value >= 10_000_000:
        return "km2"
    return "ha" if (language or active_language()) == "en" else "mu"


def land_area(value: Decimal, unit: str = "", language: str | None = None) -> str:
    """Land (m²) in the reader's habit, or in the unit they chose."""
    language = language or active_language()
    return area_in(value, unit or land_unit(value, language), language)


def land_area_twice(value: Decimal, language: str | None = None) -> str:
    """Land in two units, for a listing's page: 90.33 ha (1,355 mu) · 1355亩（90.33公顷）."""
    language = language or active_language()
    first = land_unit(value, language)
    second = {"ha": "mu", "mu": "ha"}.get(first, "mu")
    one, two = area_in(value, first, language), area_in(value, second, language)
    return f"{one} ({two})" if language == "en" else f"{one}（{two}）"


def floor_area(value: Decimal, language: str | None = None) -> str:
    language = language or active_language()
    text = plain(rounded(value, 2))
    return f"{text} m²" if language == "en" else f"{text}平方米"


def land_price(value: Decimal, language: str | None = None) -> str:
    """CNY/m² of land in the reader's habit: CNY 4.5 million/ha · 30万元/亩. 10,000 CNY/mu = 15 CNY/m²."""
    language = language or active_language()
    if language == "en":
        return f"{money(value * 10_000, 'CNY', language)}/ha"
    mu = {"zh-hans": "亩", "zh-hant": "畝"}[language]
    return f"{money(rounded(value * 2000 / 3, 2), 'CNY', language)}/{mu}"


def rent_price(value: Decimal, language: str | None = None) -> str:
    """Rent, CNY per m² of floor and month."""
    language = language or active_language()
    number = plain(rounded(value, 2))
    return f"CNY {number}/m²/month" if language == "en" else f"{number}元/平方米/月"


def floor_price(value: Decimal, language: str | None = None) -> str:
    """Sale price of a building, CNY per m² of floor."""
    language = language or active_language()
    number = plain(rounded(value, 2))
    return f"CNY {number}/m²" if language == "en" else f"{number}元/平方米"


def distance(value: Decimal, language: str | None = None) -> str:
    """Kilometers: one decimal below 10, else whole."""
    language = language or active_language()
    number = plain(rounded(value, 1 if abs(value) < 10 else 0))
    return f"{number} km" if language == "en" else f"{number}公里"


def minutes(value, language: str | None = None) -> str:
    language = language or active_language()
    number = plain(rounded(Decimal(value), 0))
    return f"{number} minutes" if language == "en" else {"zh-hans": f"{number}分钟", "zh-hant": f"{number}分鐘"}[language]


def percent(value: Decimal, language: str | None = None, *, signed: bool = False) -> str:
    """As stored, at most one decimal: 65.3%, signed +6.4%."""
    number = rounded(value, 1)
    return f"{'+' if signed and number > 0 else ''}{plain(number)}%"


def count(value: Decimal, unit: str, language: str | None = None) -> str:
    """950 enterprises · 950家; 23 projects · 23个."""
    language = language or active_language()
    if language != "en":
        counter = {"enterprises": "家", "projects": {"zh-hans": "个", "zh-hant": "個"}[language]}[unit]
        return f"{plain(value, commas=False)}{counter}"
    return f"{plain(value)} {unit.removesuffix('s') if value == 1 else unit}"


def quantity(value: Decimal, unit: str, language: str | None = None) -> str:
    """A figure in its published unit, in the format of the language, exact."""
    language = language or active_language()
    kind = UNITS[unit]
    if kind.dimension == "money":
        return money(value * kind.factor, kind.currency, language)
    if kind.dimension == "area":
        return _published_area(value, unit, language)
    if kind.dimension == "distance":
        return f"{plain(value)} km" if language == "en" else f"{plain(value, commas=False)}公里"
    if kind.dimension == "time":
        return minutes(value, language)
    if kind.dimension == "share":
        return percent(value, language)
    return count(value, unit, language)


def _published_area(value, unit, language):
    """An area as published, and beside it the unit that the reader thinks in, where that is another."""
    stored = to_m2(value, unit)
    habit = land_unit(stored, language)
    if language == "en":
        published = f"{plain(value)} {'km²' if unit == 'km2' else 'm²' if unit == 'm2' else unit}"
        return published if habit == unit else f"{area_in(stored, habit, language)} ({published})"
    names = {"mu": ("亩", "畝"), "ha": ("公顷", "公頃"), "m2": ("平方米", "平方米"), "km2": ("平方公里", "平方公里")}
    published = _large(value, language) + names[unit][language == "zh-hant"]
    return published if habit == unit else f"{published}（{area_in(stored, habit, language)}）"
