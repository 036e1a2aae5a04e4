"""Areas, amounts and prices as tables of the bureaus state them, for reading such tables."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from city.quantities import AREA_UNITS
from publishing.tables.measures import Measure

M2 = {unit: Fraction(int(numerator * 10**7), int(denominator * 10**7)) for unit, (numerator, denominator) in AREA_UNITS.items()}
AREA_WORDS = {
    "mu": ("亩", "畝", "市亩", "mu"),
    "m2": ("m2", "平方米", "平米", "平方公尺", "sqm", "sq m", "sq.m", "square meters", "square metres"),
    "ha": ("公顷", "公頃", "ha", "hectares", "hectare"),
    "km2": ("km2", "平方公里", "平方千米", "sq km"),
    "acre": ("英亩", "英畝", "acres", "acre"),
}
YUAN = ("元", "人民币", "人民幣", "cny", "rmb", "yuan")
FOREIGN = ("美元", "港元", "港币", "港幣", "欧元", "歐元", "日元", "usd", "hkd", "eur", "$", "€")


def words(spelled: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: unit for unit, spellings in spelled.items() for word in spellings}


AREA = Measure(
    factors=M2,
    spellings=words(AREA_WORDS),
    names={"1:mu": _("mu"), "1:m2": _("m²"), "1:ha": _("hectares"), "1:km2": _("km²")},
    stored="m2",
)
MONEY = Measure(
    factors={"cny": Fraction(1)},
    spellings=words({"cny": YUAN}),
    names={"10000:cny": _("ten thousand CNY (万元)"), "100000000:cny": _("hundred million CNY (亿元)"), "1:cny": _("CNY")},
    stored="cny",
    foreign=FOREIGN,
)
# CNY for one square meter, once or a year.
PRICE = Measure(
    factors={f"cny/{unit}": 1 / M2[unit] for unit in ("m2", "mu", "ha")},
    spellings={
        f"{money}{per}{area}": f"cny/{unit}"
        for unit in ("m2", "mu", "ha")
        for area in AREA_WORDS[unit]
        for per in ("/", "每", " per ")
        for money in YUAN
    },
    names={"10000:cny/mu": _("ten thousand CNY per mu (万元/亩)"), "1:cny/m2": _("CNY per m²"), "1:cny/mu": _("CNY per mu")},
    stored="cny/m2",
    foreign=FOREIGN,
)
# CNY for one square meter and month.
RENT = Measure(
    factors={"cny/m2/month": Fraction(1)},
    spellings={
        f"{money}/{area}{per}{month}": "cny/m2/month"
        for money in YUAN
        for area in AREA_WORDS["m2"]
        for per in ("/", "·", ".", " a ")
        for month in ("月", "month")
    },
    names={"1:cny/m2/month": _("CNY per m² and month")},
    stored="cny/m2/month",
    foreign=FOREIGN,
)
