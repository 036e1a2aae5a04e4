"""Signs that a machine has sent a form. Enough of them put it on the spam list, where staff see why; nothing is thrown away.

All of it is local: no captcha, nobody else is asked. Each sign weighs one or two points, and two points are enough.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inquiries.form_key import MINIMUM_SECONDS
from inquiries.models import Inquiry

ENOUGH = 2
LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
CODE = re.compile(r"<a\s[^>]*href|\[/?(?:url|link|img)\b", re.IGNORECASE)
MANY_LINKS, TOO_MANY_LINKS = 3, 8
# The same words from other people within a day; short ones ("please call me") are no sign.
REPEATED_WITHIN, SHORT = timedelta(days=1), 30


def reasons(answers: dict, age: int) -> str:
    """The signs as `Inquiry.spam_reason` keeps them; "" where they are not enough. `age`: seconds since the form was opened."""
    found = list(signs(answers, age))
    return " ".join(name for _points, name in found) if sum(points for points, _name in found) >= ENOUGH else ""


def signs(answers: dict, age: int) -> Iterator[tuple[int, str]]:
    """`(points, name)`; a number stands behind a colon."""
    if answers["website"]:
        yield 2, "trap"
    if 0 <= age < MINIMUM_SECONDS:
        yield 2, f"quick:{age}"
    if CODE.search(answers["message"]):
        yield 2, "code"
    if LINK.search(answers["name"]):
        yield 2, "name"
    if (links := len(LINK.findall(answers["message"]))) >= MANY_LINKS:
        yield 1 + (links >= TOO_MANY_LINKS), f"links:{links}"
    if number := from_others(answers):
        yield min(number, 2), f"repeated:{number}"


def from_others(answers: dict) -> int:
    """How often the same text came in under other addresses within a day."""
    if len(answers["message"]) < SHORT:
        return 0
    lately = Inquiry.objects.filter(received_at__gt=timezone.now() - REPEATED_WITHIN, message=answers["message"])
    return lately.exclude(email__iexact=answers["email"], phone=answers["phone"]).count()


def in_words(reason: str) -> list[str]:
    """What staff read: why an inquiry stands on the spam list."""
    return [sentence(name, int(number or 0)) for name, _colon, number in (sign.partition(":") for sign in reason.split())]


def sentence(name: str, number: int) -> str:
    sentences = {
        "trap": _("a trap field that no person sees was filled in"),
        "quick": ngettext("sent %d second after the form was opened", "sent %d seconds after the form was opened", number),
        "code": _("the text holds links written as code"),
        "name": _("a web address stands in place of the name"),
        "links": ngettext("the text holds %d link", "the text holds %d links", number),
        "repeated": ngettext("the same text came from %d other address", "the same text came from %d other addresses", number),
    }
    words = sentences.get(name, name)
    return words % number if "%d" in words else words
