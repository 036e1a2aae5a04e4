"""Quantities as people write them in tables: 30亩, 20,000㎡, 1.2亿元; or a number under a heading that names the unit."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Words between a number and its unit, as whole powers of ten.
TIMES = {
    "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "千": 10**3, "thousand": 10**3, "million": 10**6, "billion": 10**9,
}  # fmt: skip
# In headings also as figures: 10,000 CNY.
IN_HEADINGS = TIMES | {"10,000": 10**4, "10000": 10**4, "1,000,000": 10**6, "1,000": 10**3, "1000": 10**3}
NUMBER = r"[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)"
# Two statements of one quantity agree when they differ by less: 30亩 is written as 2公顷, or as 20,000㎡.
TOLERANCE = Fraction(1, 100)


@dataclass(frozen=True)
class Measure:
    """What a column measures. `factors`: unit -> how many of the stored unit; `spellings`: as people write it -> unit."""

    factors: dict[str, Fraction]
    spellings: dict[str, str]
    names: dict[str, str]
    stored: str
    # Beginnings or endings that show another currency: never read as if they were this one.
    foreign: tuple[str, ...] = ()
    _patterns: dict = field(default_factory=dict, compare=False, repr=False)

    def pattern(self, kind: str) -> re.Pattern:
        if not self._patterns:
            words = "|".join(
                re.escape(word) + (r"(?![a-z0-9])" if word[-1].isascii() else "") for word in sorted(self.spellings, key=len)[::-1]
            )
            times, large = "|".join(TIMES), "|".join(IN_HEADINGS)
            first, second = (
                rf"(?:(?P<before{n}>{words})\s*)?(?P<number{n}>{NUMBER})\s*(?P<times{n}>{times})?\s*(?P<unit{n}>{words})?" for n in "12"
            )
            self._patterns["cell"] = re.compile(rf"{first}(?:\s*[(/、,=~]?\s*{second}\s*\)?)?")
            self._patterns["unit"] = re.compile(rf"(?<![a-z0-9])(?P<times>{large})?\s*(?P<unit>{words})\s*(?P<after>{large})?")
        return self._patterns[kind]


@dataclass(frozen=True)
class Unit:
    """A unit with the word before it: 万元 is 10,000 元."""

    name: str
    times: int = 1

    @property
    def code(self) -> str:
        return f"{self.times}:{self.name}"


def fold(text) -> str:
    """A text as it is compared: full-width and compatibility characters as plain ones, case and spaces at the ends gone."""
    return " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def unit_from_code(code: str, measure: Measure) -> Unit | None:
    times, _colon, name = code.partition(":")
    return Unit(name, int(times)) if name in measure.factors and times.isdecimal() else None


def units_in(text: str, measure: Measure) -> list[Unit]:
    """The units that a heading names, each once: those in its brackets, if there are any there."""
    folded = fold(text)
    for where in ("".join(re.findall(r"[(\[【](.*?)[)\]】]", folded)), folded):
        found = [
            Unit(measure.spellings[one["unit"]], IN_HEADINGS.get(one["times"] or one["after"], 1))
            for one in measure.pattern("unit").finditer(where)
        ]
        if found:
            return list(dict.fromkeys(found))
    return []


def choices(measure: Measure) -> list[tuple[str, str]]:
    """`(code, name)` of what a person may say a column is in."""
    return [(code, name) for code, name in measure.names.items()]


def lacks_unit(text: str, measure: Measure) -> bool:
    """Whether a cell states a number and no unit."""
    found = measure.pattern("cell").fullmatch(fold(text))
    return found is not None and not (found["unit1"] or found["before1"])


def quantity(text: str, measure: Measure, units: list[Unit], *, places: int) -> Decimal:
    """The quantity that a cell states, in the stored unit. ValidationError where it is none, or could mean two things.

    `units` are those that the heading names: none, the one, or several, and then the cell must say which.
    """
    folded = fold(text)
    if any(word in folded for word in measure.foreign):
        raise ValidationError(_("This is another currency. Write the amount in yuan."))
    found = measure.pattern("cell").fullmatch(folded)
    if found is None:
        raise ValidationError(_("This is no number."))
    stated = [one_statement(found, number, measure, units) for number in ("1", "2") if found[f"number{number}"] is not None]
    if len(stated) == 2 and abs(stated[0] - stated[1]) > TOLERANCE * max(abs(one) for one in stated):
        raise ValidationError(_("The two quantities in this cell do not agree."))
    # Of two statements that agree, the one in the stored unit is the exact one.
    best = stated[-1] if len(stated) == 2 and measure.spellings.get(found["unit2"] or found["before2"]) == measure.stored else stated[0]
    return rounded(best, places)


def one_statement(found, number, measure, units) -> Fraction:
    try:
        value = Fraction(found[f"number{number}"].replace(",", ""))
    except ValueError:
        raise ValidationError(_("This is no number.")) from None
    times, word = TIMES.get(found[f"times{number}"], 0), found[f"unit{number}"] or found[f"before{number}"]
    if word:
        return value * (times or 1) * measure.factors[measure.spellings[word]]
    if len(units) != 1:
        names = " / ".join(str(name) for name in list(measure.names.values())[:3])
        raise ValidationError(gettext("Which unit? Write it in the cell or in the heading: %s.") % names)
    return value * (times or units[0].times) * measure.factors[units[0].name]


def rounded(value: Fraction, places: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
