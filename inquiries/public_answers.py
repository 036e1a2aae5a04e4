"""From an answered inquiry to a question and answer for everybody: the draft, and what must not slip into it."""

import re

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from bureaus.models import Contact
from bureaus.rights import may
from inquiries.clock import BEIJING
from inquiries.models import Inquiry, Message, PublicAnswer
from inquiries.routing import item_at
from publishing import changes
from publishing.addresses import own_path
from publishing.languages import CODES, columns

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
# Seven digits or more, as people write telephone numbers; years, areas and amounts are shorter or have commas.
PHONE = re.compile(r"(?<![\w,.])\+?\(?\d(?:[\s()/.-]?\d){6,17}(?![\w,])", re.ASCII)
SIGNS = "abcdefghjkmnpqrstvwxyz23456789"
# The address of a draft before its question is written.
MADE_UP = re.compile(rf"question-[{SIGNS}]{{6}}")
# A person's first name alone may be a word of the text; of a full name, parts from this length count.
NAME_PART = 4


def may_make(inquiry: Inquiry, user) -> bool:
    """Whoever may answer the inquiry and write for the website, at its bureau."""
    return may(user, "answer", inquiry) and may(user, "edit", inquiry)


def why_not(inquiry: Inquiry) -> str:
    """Why an inquiry makes no public answer; empty where it does."""
    if inquiry.status in (Inquiry.Status.SPAM, Inquiry.Status.MERGED):
        return _("Spam and merged inquiries make no public answer.")
    if inquiry.erased_at:
        return _("The person has been erased: there is nothing left to answer.")
    if inquiry.first_answered_at is None:
        return _("Answer the inquiry first.")
    return ""


def of_case(inquiry: Inquiry, user) -> dict:
    """What the page of an inquiry shows: the draft that was made of it, or whether one can be made."""
    if not may_make(inquiry, user):
        return {}
    made = inquiry.public_answers.order_by("pk").first()
    return {"public_answer": made, "may_make_public_answer": made is None and not why_not(inquiry)}


def make_draft(inquiry: Inquiry, user) -> PublicAnswer:
    """The draft of an inquiry, made once: topic, park, page and dates; not a word of the person."""
    if not may_make(inquiry, user):
        raise PermissionDenied
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update(of=("self",)).select_related("park", "listing__park").get(pk=inquiry.pk)
        if made := locked.public_answers.order_by("pk").first():
            return made
        if reason := why_not(locked):
            raise ValidationError(reason)
        draft = PublicAnswer.objects.create(
            slug=f"question-{get_random_string(6, SIGNS)}",
            bureau=locked.bureau,
            original_language=locked.language,
            topic=locked.topic,
            park=locked.park or (locked.listing and locked.listing.park),
            asked_about=page_without_language(locked.about),
            asked_on=locked.received_at.astimezone(BEIJING).date(),
            answered_on=locked.first_answered_at.astimezone(BEIJING).date(),
            inquiry=locked,
        )
        changes.begin(draft, user)
    return draft


def page_without_language(address: str) -> str:
    """/en/news/industry-in-2023/?page=2 -> /news/industry-in-2023/; nothing where no published page stands there."""
    path = own_path(address).partition("?")[0].partition("#")[0]
    first, _slash, rest = path.strip("/").partition("/")
    rest = rest if first in CODES else path.strip("/")
    item = item_at(f"/{CODES[0]}/{rest}/") if rest else None
    return f"/{rest}/" if item is not None and item.is_public else ""


def side_note(answer: PublicAnswer, user) -> dict:
    """What stands beside the form for those who may read the inquiry: the question, where its sender allowed it, and our replies."""
    inquiry = answer.inquiry
    if inquiry is None or not may(user, "see inquiries", inquiry):
        return {}
    replies = inquiry.messages.filter(kind=Message.Kind.REPLY).exclude(step__in=("ask", "update")).order_by("written_at", "pk")
    return {"asked_in": inquiry, "wording": inquiry.message if inquiry.may_publish else "", "replies": list(replies)}


def personal_data(answer: PublicAnswer) -> list[str]:
    """What in the texts may tell who asked, as sentences: it warns, since a bureau's own number may well stand there."""
    texts = [strip_tags(getattr(answer, column)) for name in ("title", "summary", "body") for column in columns(name)]
    text = "\n".join(texts)
    emails, numbers = own_contacts()
    found = [
        _("The text holds an e-mail address: %s") % address
        for address in dict.fromkeys(EMAIL.findall(text))
        if address.casefold() not in emails
    ]
    found += [
        _("The text holds what looks like a telephone number: %s") % number.strip()
        for number in dict.fromkeys(PHONE.findall(text))
        if not any(own.endswith(digits(number).lstrip("0")) for own in numbers)
    ]
    if answer.inquiry is not None and any(stands_in(name, text) for name in names_of(answer.inquiry)):
        found.append(_("The text names the person or the company that asked."))
    return found


def own_contacts() -> tuple[set[str], set[str]]:
    """E-mail addresses and telephone numbers that the bureaus publish anyway."""
    rows = list(Contact.objects.values_list("email", "phone", "fax"))
    return {row[0].casefold() for row in rows if row[0]}, {digits(number) for row in rows for number in row[1:] if number}


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def names_of(inquiry: Inquiry) -> list[str]:
    parts = [part for part in inquiry.name.split() if len(part) >= NAME_PART]
    return [name for name in (inquiry.name.strip(), inquiry.organization.strip(), *parts) if len(name) > 1]


def stands_in(name: str, text: str) -> bool:
    """A Latin name as whole words, a Chinese one anywhere."""
    edge = r"\b" if name.isascii() else ""
    return re.search(f"{edge}{re.escape(name)}{edge}", text, re.IGNORECASE) is not None
