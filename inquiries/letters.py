"""The letters that an inquiry causes: to the investor in the language of the inquiry, to each officer in their own.

Each text is written in its own language (templates/inquiries/letters/<name>.<language>.txt; the first line is the
subject). A letter that nobody has read before it leaves repeats nothing that the sender typed: otherwise the form
would carry anybody's words to anybody's mailbox.
"""

import uuid

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from bureaus.letters import STAFF_LANGUAGE, language_of
from bureaus.models import Bureau, Contact
from inquiries import clock
from inquiries.models import Inquiry, Message
from inquiries.people import present
from inquiries.reply_address import reply_address
from inquiries.routing import asked_about


def receipt(inquiry: Inquiry, secret: str) -> dict:
    """What `outbox.post` needs for the letter that says: received, by whom, answered by when, where to look."""
    letter = _to_investor(inquiry, "receipt", link=tracking_address(inquiry, secret))
    return letter | {"secret": secret}


def taken(inquiry: Inquiry) -> dict:
    """A person has taken the inquiry up."""
    return _to_investor(inquiry, "taken", officer=inquiry.assignee.get_full_name())


def to_investor(inquiry: Inquiry, name: str, **context) -> dict:
    """What `outbox.post` needs for one of the letters that tell the investor what has happened."""
    return _to_investor(inquiry, name, **context)


def reply(inquiry: Inquiry, message: Message) -> dict:
    """An officer's answer, an update, or a question back to the investor."""
    letter = _to_investor(inquiry, message.step, text=message.body, officer=message.author.get_full_name())
    return letter | {"is_by_person": True}


def around(inquiry: Inquiry, step: str, officer) -> tuple[str, str]:
    """What stands in a reply or a question before the officer's text and behind it: `(greeting, farewell)`."""
    mark = uuid.uuid4().hex
    letter = _to_investor(inquiry, step, text=mark, officer=officer.get_full_name())
    before, _mark, after = letter["body"].partition(mark)
    return before.strip(), after.strip()


def arrival_notices(inquiry: Inquiry) -> list[dict]:
    """One letter to each who answers at the bureau."""
    return [_to_staff(inquiry, "arrival", address, language) for address, language in staff_readers(inquiry.bureau)]


def to_people(inquiry: Inquiry, name: str, people, **context) -> list[dict]:
    """The same letter to members of the staff, each address once; to the bureau's mailbox where none of them has an address."""
    return [_to_staff(inquiry, name, address, language, **context) for address, language in readers(inquiry.bureau, people)]


def returned(bureau: Bureau, officer, inquiries: list[Inquiry], people) -> list[dict]:
    """To the managers: what is back in the queue because its officer has left; one letter for all of it."""
    name = officer.get_full_name() or officer.get_username()
    link = settings.SITE_ADDRESS + reverse("admin:inquiries_inquiry_changelist")
    context = {"officer": name, "inquiries": inquiries, "number": len(inquiries), "bureau": bureau, "link": link}
    letters = []
    for address, language in readers(bureau, people):
        with translation.override(language):
            text = render_to_string(f"inquiries/letters/returned.{language}.txt", context)
        subject, _end, body = text.strip().partition("\n")
        letter = {"language": language, "subject": subject.strip(), "body": body.strip() + "\n", "reference": inquiries[0].reference}
        letters.append(letter | {"to": address})
    return letters


def tracking_address(inquiry: Inquiry, secret: str) -> str:
    with translation.override(inquiry.language):
        return settings.SITE_ADDRESS + reverse("inquiries:tracking", args=[inquiry.reference, secret])


def staff_readers(bureau: Bureau) -> list[tuple[str, str]]:
    """Where a bureau reads that something has come in, and in which language: its officers and managers who are there."""
    return readers(bureau, present(bureau, timezone.now().astimezone(clock.BEIJING).date()))


def readers(bureau: Bureau, people) -> list[tuple[str, str]]:
    """Addresses and languages of members of the staff, each address once; the bureau's mailbox where none of them has an address."""
    addresses = {person.email: language_of(person) for person in people if person.email}
    return sorted(addresses.items()) or [(address, STAFF_LANGUAGE) for address in [mailbox_of(bureau)] if address]


def mailbox_of(bureau: Bureau) -> str:
    return next((contact.email for contact in contacts_of(bureau) if contact.email), "")


def phone_contact(bureau: Bureau) -> Contact | None:
    """How to call the bureau: its first contact with a telephone; the city bureau's where it has published none."""
    if own := own_phone(bureau):
        return own
    city = Bureau.objects.filter(takes_unrouted=True).exclude(pk=bureau.pk).first()
    return own_phone(city) if city else None


def own_phone(bureau: Bureau) -> Contact | None:
    return next((contact for contact in contacts_of(bureau) if contact.phone), None)


def contacts_of(bureau: Bureau) -> list[Contact]:
    """Asks the database once per bureau object."""
    if "_contacts" not in bureau.__dict__:
        bureau.__dict__["_contacts"] = list(bureau.contacts.order_by("order", "pk"))
    return bureau.__dict__["_contacts"]


def _to_investor(inquiry, name, **context):
    threaded = reply_address(inquiry.reference)
    mailbox = threaded or mailbox_of(inquiry.bureau)
    # What is answered to the bureau's own mailbox is read there, and never comes into the inquiry: no letter asks for it.
    context |= {"contact": phone_contact(inquiry.bureau), "mailbox": mailbox, "may_reply": bool(threaded)}
    subject, body = _written(inquiry, name, inquiry.language, **context)
    return {
        "to": inquiry.email,
        "language": inquiry.language,
        "subject": subject,
        "body": body,
        "reply_to": mailbox,
        "reference": inquiry.reference,
    }


def _to_staff(inquiry, name, address, language, **context):
    link = settings.SITE_ADDRESS + reverse("admin:inquiries_inquiry_reference", args=[inquiry.reference])
    subject, body = _written(inquiry, name, language, link=link, **context)
    return {"to": address, "language": language, "subject": subject, "body": body, "reference": inquiry.reference}


def _written(inquiry, name, language, **context):
    """Subject and body, in a language."""
    with translation.override(language):
        context |= {
            "inquiry": inquiry,
            "subject": asked_about(inquiry),
            "received": clock.in_words(inquiry.received_at, language),
            "answer_by": clock.in_words(inquiry.answer_by, language),
            "is_late": inquiry.is_overdue(timezone.now()),
            # Where a lost link is asked for, and where anybody may write to us.
            "lost_link": settings.SITE_ADDRESS + reverse("inquiries:lost"),
            "form_link": settings.SITE_ADDRESS + reverse("inquiries:form"),
        }
        text = render_to_string(f"inquiries/letters/{name}.{language}.txt", context)
    subject, _end, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
