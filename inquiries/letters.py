"""The letters that an inquiry causes: to the investor in the language of the inquiry, to each officer in their own.

Each text is written in its own language (templates/inquiries/letters/<name>.<language>.txt; the first line is the
subject). A letter that nobody has read before it leaves repeats nothing that the sender typed: otherwise the form
would carry anybody's words to anybody's mailbox.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from bureaus.letters import STAFF_LANGUAGE, language_of
from bureaus.models import Bureau, Contact, Membership
from inquiries import clock
from inquiries.models import Inquiry, Message


def receipt(inquiry: Inquiry, secret: str) -> dict:
    """What `outbox.post` needs for the letter that says: received, by whom, answered by when, where to look."""
    letter = _to_investor(inquiry, "receipt", link=tracking_address(inquiry, secret))
    return letter | {"secret": secret}


def taken(inquiry: Inquiry) -> dict:
    """A person has taken the inquiry up."""
    return _to_investor(inquiry, "taken", officer=inquiry.assignee.get_full_name())


def reply(inquiry: Inquiry, message: Message) -> dict:
    """An officer's answer, or a question back to the investor."""
    return _to_investor(inquiry, message.step, text=message.body, officer=message.author.get_full_name())


def arrival_notices(inquiry: Inquiry) -> list[dict]:
    """One letter to each who answers at the bureau."""
    return [_to_staff(inquiry, "arrival", address, language) for address, language in staff_readers(inquiry.bureau)]


def assignment_notice(inquiry: Inquiry) -> list[dict]:
    """To the officer whom somebody else has put in charge."""
    officer = inquiry.assignee
    return [_to_staff(inquiry, "assigned", officer.email, language_of(officer))] if officer.email else []


def tracking_address(inquiry: Inquiry, secret: str) -> str:
    with translation.override(inquiry.language):
        return settings.SITE_ADDRESS + reverse("inquiries:tracking", args=[inquiry.reference, secret])


def answerers(bureau: Bureau):
    """The memberships of those who answer at a bureau and still work there."""
    roles = [Membership.Role.OFFICER, Membership.Role.MANAGER]
    held = Membership.objects.filter(bureau=bureau, role__in=roles, user__is_active=True, user__is_staff=True)
    return held.select_related("user__preference").order_by("user__last_name", "user__first_name", "user__username", "pk")


def staff_readers(bureau: Bureau) -> list[tuple[str, str]]:
    """Where a bureau reads that something has come in, and in which language: its officers and managers; without any, its own mailbox."""
    addresses = {held.user.email: language_of(held.user) for held in answerers(bureau) if held.user.email}
    return sorted(addresses.items()) or [(address, STAFF_LANGUAGE) for address in [mailbox_of(bureau)] if address]


def mailbox_of(bureau: Bureau) -> str:
    return next((contact.email for contact in contacts_of(bureau) if contact.email), "")


def phone_contact(bureau: Bureau) -> Contact | None:
    """How to call the bureau: its first contact with a telephone."""
    return next((contact for contact in contacts_of(bureau) if contact.phone), None)


def contacts_of(bureau: Bureau) -> list[Contact]:
    """Asks the database once per bureau object."""
    if "_contacts" not in bureau.__dict__:
        bureau.__dict__["_contacts"] = list(bureau.contacts.order_by("order", "pk"))
    return bureau.__dict__["_contacts"]


def _to_investor(inquiry, name, **context):
    mailbox = mailbox_of(inquiry.bureau)
    context |= {"contact": phone_contact(inquiry.bureau), "mailbox": mailbox}
    subject, body = _written(inquiry, name, inquiry.language, **context)
    return {
        "to": inquiry.email,
        "language": inquiry.language,
        "subject": subject,
        "body": body,
        "reply_to": mailbox,
        "reference": inquiry.reference,
    }


def _to_staff(inquiry, name, address, language):
    link = settings.SITE_ADDRESS + reverse("admin:inquiries_inquiry_reference", args=[inquiry.reference])
    subject, body = _written(inquiry, name, language, link=link)
    return {"to": address, "language": language, "subject": subject, "body": body, "reference": inquiry.reference}


def _written(inquiry, name, language, **context):
    """Subject and body, in a language."""
    with translation.override(language):
        context |= {
            "inquiry": inquiry,
            "subject": inquiry.subject,
            "received": clock.in_words(inquiry.received_at, language),
            "answer_by": clock.in_words(inquiry.answer_by, language),
            "is_late": inquiry.is_overdue(timezone.now()),
        }
        text = render_to_string(f"inquiries/letters/{name}.{language}.txt", context)
    subject, _end, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
