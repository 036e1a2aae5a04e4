"""Replies kept for use: which fit an inquiry, and how names and dates are filled in. Nothing of them is ever run as a template."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.template import Context, engines
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from inquiries import clock
from inquiries.letters import phone_contact
from inquiries.models import CannedReply, Inquiry
from inquiries.routing import asked_about
from publishing.languages import text_of, to_attribute

# What a text may say in braces, and what colleagues read about it.
MARKS = {
    "name": _("the investor's name"),
    "reference": _("the reference of the inquiry"),
    "about": _("the land, building, project, park, page or district that it is about"),
    "link": _("address of its page, in the investor's language"),
    "received": _("when the inquiry came in"),
    "due": _("by when the answer is promised"),
    "result_due": _("by when the result is promised"),
    "officer": _("your name"),
    "bureau": _("your bureau"),
    "phone": _("telephone of the bureau"),
}
# What only the officer knows: named when the reply is chosen, and nothing leaves before it is filled in.
BY_HAND = {
    "site1": _("first site that you propose"),
    "site2": _("second site that you propose"),
    "site3": _("third site that you propose"),
    "date": _("a day that you name"),
    "answer": _("your answer"),
    "reason": _("the reason"),
    "policy": _("name of the policy"),
    "office": _("name of the office in charge"),
}
MARK = re.compile(r"\{([^{}\s]{1,40})\}")
# So much of a paragraph, beside its marks, tells a standard reply from what anybody might write.
TELLING = 20
# So many stand open on the page of an inquiry; the others are one press away.
SHOWN_FIRST = 4


@dataclass(frozen=True)
class Filled:
    """A standard reply in the investor's language, as it would stand in the box; `left` are the marks that nothing is known for."""

    pk: int
    title: str
    text: str
    left: list[str]
    answers_later: bool = False


def fitting(inquiry: Inquiry, user) -> list[Filled]:
    """The replies in use on the topic or on none, in their order, that exist in the investor's language. Two queries, however many."""
    column = to_attribute("body", inquiry.language)
    whose, topics = Q(bureau=None) | Q(bureau=inquiry.bureau_id), Q(topic="") | Q(topic=inquiry.topic)
    rows = list(CannedReply.objects.filter(whose, topics, is_in_use=True).exclude(**{column: ""}).order_by("order", "pk"))
    known = values(inquiry, user) if rows else {}
    return [Filled(row.pk, row.title, *fill(getattr(row, column), known), row.answers_later) for row in rows]


def promises_later(inquiry: Inquiry, text: str) -> bool:
    """Whether a text still holds a paragraph of a standard reply that answers later, whatever its marks were filled in with."""
    whose = Q(bureau=None) | Q(bureau=inquiry.bureau_id)
    bodies = CannedReply.objects.filter(whose, answers_later=True).order_by().values_list(to_attribute("body", inquiry.language), flat=True)
    paragraphs = [MARK.split(line)[::2] for body in bodies for line in body.splitlines() if len(MARK.sub("", line).strip()) >= TELLING]
    return any(stands_in(pieces, line) for line in text.splitlines() for pieces in paragraphs)


def stands_in(pieces: list[str], line: str) -> bool:
    """Whether these pieces follow each other in a line."""
    at = 0
    for piece in pieces:
        found = line.find(piece.strip(), at)
        if found < 0:
            return False
        at = found + len(piece.strip())
    return True


def fill(text: str, known: dict[str, str]) -> tuple[str, list[str]]:
    """`(text, marks left in it)`: plain replacement in one pass; what is filled in is not looked at again."""
    left = []

    def value(mark):
        if known.get(mark[1]):
            return known[mark[1]]
        left.append(mark[0])
        return mark[0]

    return MARK.sub(value, text), list(dict.fromkeys(left))


def unknown_marks(text: str) -> list[str]:
    """What stands in braces and is none of our marks."""
    return list(dict.fromkeys(mark[0] for mark in MARK.finditer(text) if mark[1] not in MARKS | BY_HAND))


def open_marks(text: str) -> list[str]:
    """What still stands in braces in a text that is about to leave, ours or mistyped: the investor would read it so."""
    return list(dict.fromkeys(mark[0] for mark in MARK.finditer(text)))


def values(inquiry: Inquiry, user) -> dict[str, str]:
    """What is known for each mark, in the investor's language; "" for what is not."""
    language, subject = inquiry.language, asked_about(inquiry)
    return {
        "name": inquiry.name,
        "reference": inquiry.reference,
        "about": name_of(subject, language),
        "link": link_of(subject, language),
        "received": clock.in_words(inquiry.received_at, language),
        "due": clock.in_words(inquiry.answer_by, language),
        "result_due": clock.in_words(inquiry.result_by, language),
        "officer": user.get_full_name(),
        "bureau": text_of(inquiry.bureau, "name", language)[0],
        "phone": phone_of(inquiry.bureau),
    }


def name_of(subject, language: str) -> str:
    """Of what the public may see: an item that is no longer shown is not named to anybody outside."""
    if subject is None or not getattr(subject, "is_public", True):
        return ""
    return text_of(subject, "title" if hasattr(subject, "title") else "name", language)[0]


def link_of(subject, language: str) -> str:
    if subject is None or not getattr(subject, "is_public", False):
        return ""
    with override(language):
        return settings.SITE_ADDRESS + subject.get_absolute_url()


def phone_of(bureau) -> str:
    """As it stands in the letters; the city bureau's where the bureau has published none."""
    contact = phone_contact(bureau)
    return engines["django"].from_string("{{ number|phone }}").template.render(Context({"number": contact.phone})) if contact else ""
