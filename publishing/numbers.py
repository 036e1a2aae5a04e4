"""Numbers as people type them."""

import unicodedata
from decimal import Decimal, InvalidOperation


def parse_number(text: str) -> Decimal:
    """A number as people type it: full-width digits and thousands commas pass. ValueError if it is none."""
    cleaned = unicodedata.normalize("NFKC", text).strip().replace(",", "").replace(" ", "")
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 16:
        raise ValueError(text)
    return number


def in_full(number) -> str:
    """A stored number as people type it: without empty decimals, without exponent."""
    return f"{Decimal(number).normalize():f}"
