"""How a step enters the thread, and how its letters leave."""

import secrets
import uuid

from inquiries import letters
from inquiries.attachments import attach
from inquiries.form_key import fingerprint
from inquiries.models import Message, TrackingLink
from outbox.sending import post

Kind = Message.Kind


def write_down(inquiry, user, kind, step, details, body=None, **fields) -> Message:
    """One entry of the thread, with its files. The number of the form becomes its key: a form sent twice leaves one entry."""
    message = Message.objects.create(
        pk=details.key or uuid.uuid4(),
        inquiry=inquiry,
        kind=kind,
        step=step,
        author=user,
        bureau=inquiry.bureau if kind == Kind.NOTE else None,
        body=details.body.strip() if body is None else body,
        written_at=details.now,
        **fields,
    )
    attach(message, details.files)
    return message


def tell_investor(inquiry, name, **context):
    """A letter to the investor, where they gave an address."""
    if inquiry.email:
        post(**letters.to_investor(inquiry, name, **context))


def tell_investor_with_link(inquiry, name, now):
    """The letter holds a new address of the page, good beside the one before (access.py): the first letter may be long lost."""
    if inquiry.email:
        secret = secrets.token_urlsafe(32)
        TrackingLink.objects.create(inquiry=inquiry, secret_hash=fingerprint(secret), made_at=now)
        letter = letters.to_investor(inquiry, name, link=letters.tracking_address(inquiry, secret))
        post(**letter | {"secret": secret})


def tell_staff(inquiry, name, people, **context):
    """The same letter to each of these people once; to the bureau's own mailbox where none of them has an address."""
    for letter in letters.to_people(inquiry, name, people, **context):
        post(**letter)
