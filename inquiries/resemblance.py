"""Inquiries that may belong together: the same mail, telephone or nearly the same text within 14 days, and earlier ones of a person (S65).

Only among those that the member of staff may see. A fixed number of queries, however many inquiries there are.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from inquiries.models import Inquiry

WITHIN = timedelta(days=14)
# Digits that must agree: the rest of a number is written with or without country and area.
DIGITS = 8
NEARLY = 0.75
SHORTEST = 20  # characters: "hello" resembles too much
MOST = 400
MOST_SHOWN = 8
SAME_MAIL, SAME_PHONE, SAME_TEXT = _("same e-mail"), _("same telephone"), _("nearly the same text")


@dataclass
class Similar:
    inquiry: Inquiry
    why: list


def possible_duplicates(inquiry: Inquiry, user) -> list[Similar]:
    """Newest first, each with what it shares. What is merged with this one already is left out."""
    window = (inquiry.received_at - WITHIN, inquiry.received_at + WITHIN)
    rows = Inquiry.objects.visible_to(user).filter(received_at__range=window).exclude(pk=inquiry.pk)
    rows = rows.exclude(merged_into=inquiry.pk).exclude(pk=inquiry.merged_into_id or 0).order_by("-received_at", "pk")
    close = rows.annotate(size=Length("message")).filter(size__range=(len(inquiry.message) * 0.6, len(inquiry.message) * 1.7))
    alike = {row.pk for row in close.only("pk", "message")[:MOST] if is_nearly(inquiry.message, row.message)}
    reachable = rows.filter(Q(pk__in=alike) | same_mail(inquiry) | ~Q(phone="")).defer("message", "rating_text")
    found = [Similar(row, reasons(inquiry, row, alike)) for row in reachable[: MOST * 5]]
    return [similar for similar in found if similar.why][:MOST_SHOWN]


def reasons(inquiry, other, alike) -> list:
    shared = [(SAME_MAIL, is_same_mail(inquiry, other)), (SAME_PHONE, is_same_phone(inquiry, other)), (SAME_TEXT, other.pk in alike)]
    return [words for words, holds in shared if holds]


def earlier_of_same_person(inquiry: Inquiry, user) -> list[Inquiry]:
    """What the same mail address, or number as it was written, has asked before; newest first."""
    same = same_mail(inquiry) | (Q(phone=inquiry.phone) if inquiry.phone else Q(pk__in=[]))
    rows = Inquiry.objects.visible_to(user).filter(same, received_at__lt=inquiry.received_at).exclude(pk=inquiry.pk)
    return list(rows.defer("message", "rating_text").order_by("-received_at", "pk")[:MOST_SHOWN])


def same_mail(inquiry) -> Q:
    return Q(email__iexact=inquiry.email) if inquiry.email else Q(pk__in=[])


def is_same_mail(inquiry, other) -> bool:
    return bool(inquiry.email) and inquiry.email.casefold() == other.email.casefold()


def is_same_phone(inquiry, other) -> bool:
    one, two = (digits(row.phone) for row in (inquiry, other))
    return min(len(one), len(two)) >= DIGITS and one[-DIGITS:] == two[-DIGITS:]


def digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdecimal())


def is_nearly(one: str, two: str) -> bool:
    """Whether two texts share three quarters of their pairs of letters."""
    if min(len(one), len(two)) < SHORTEST:
        return False
    first, second = pairs(one), pairs(two)
    return len(first & second) >= NEARLY * len(first | second)


def pairs(text: str) -> set[str]:
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    return {plain[place : place + 2] for place in range(len(plain) - 1)}
