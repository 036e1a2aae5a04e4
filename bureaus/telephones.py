"""Telephone numbers: read as people write them, stored with country code, shown in groups."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What stands between the digits of a number as people write it.
BETWEEN = re.compile(r"[\s\-\u2010-\u2015./()·]")
# The area code of Beijing and those of two digits; all others have three.
SHORT_AREAS = ("10", "2")
# Numbers that the whole country calls alike, without an area code.
NATIONWIDE = ("400", "800")

UNREADABLE = _("This cannot be read as a telephone number. Write one number with its area code, e.g. 0758 2893000.")
NO_AREA = _("The area code is missing. Write e.g. 0758 2893000.")


def read(text: str) -> str:
    """`+867582893000` of 0758 2893000, (0758) 2893000, +86 (0)758 2893000, 189 2660 0000, full-width digits; "" of nothing.

    A number without country code is one of mainland China. ValidationError with the reason where it cannot be read.
    """
    typed = unicodedata.normalize("NFKC", text)
    digits = BETWEEN.sub("", typed.replace("(0)", ""))
    if not digits:
        return ""
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise ValidationError(UNREADABLE)
    number = digits if digits.startswith("+") else _of_mainland(digits)
    number = re.sub(r"^\+860", "+86", number)
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number) or (number.startswith("+86") and not _is_of_mainland(number[3:])):
        raise ValidationError(UNREADABLE)
    return number


def _of_mainland(digits: str) -> str:
    if digits.startswith("86") and _is_of_mainland(digits[2:].removeprefix("0")):
        return f"+{digits}"
    if not digits.startswith("0") and len(digits) in (7, 8):
        raise ValidationError(NO_AREA)
    return f"+86{digits.removeprefix('0')}"


def _is_of_mainland(digits: str) -> bool:
    """Whether digits behind +86 can be a mobile number, a nationwide one, or an area code with the number there."""
    if digits.startswith("1") and not digits.startswith("10"):
        return len(digits) == 11
    if digits.startswith(NATIONWIDE):
        return len(digits) == 10
    return 8 <= len(digits) <= 11


def in_groups(number: str) -> str:
    """+867582899202 as people read it: +86 758 2899202."""
    if number.startswith(("+852", "+853")):
        return f"{number[:4]} {number[4:-4]} {number[-4:]}"
    if not number.startswith("+86"):
        return number
    digits = number[3:]
    if digits.startswith("1") and len(digits) == 11 and not digits.startswith("10"):
        return f"+86 {digits[:3]} {digits[3:7]} {digits[7:]}"
    if digits.startswith(NATIONWIDE) and len(digits) == 10:
        return f"+86 {digits[:3]} {digits[3:6]} {digits[6:]}"
    area = 2 if digits.startswith(SHORT_AREAS) else 3
    return f"+86 {digits[:area]} {digits[area:]}"
