"""From a valid form to a stored inquiry: the inquiry and its letters in one transaction, once however often it is sent."""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from bureaus.audit import Action, record
from inquiries import deadlines, letters, notice
from inquiries.attachments import attach, stored
from inquiries.form_key import fingerprint, notice_of, secret_of
from inquiries.limits import may_have_receipt
from inquiries.models import Inquiry, Message
from inquiries.routing import bureau_for
from outbox.sending import post

# What a form says, as the inquiry keeps it.
WORDS = ("name", "email", "phone", "organization", "region", "message", "topic", "about", "listing", "project", "park")
# Without the letters and digits that look alike.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def find(key: str) -> Inquiry | None:
    """The inquiry that this form has become already."""
    return Inquiry.objects.filter(form_key_hash=fingerprint(key)).first()


def receive(answers: dict, *, key: str, language: str, sender: str, spam_reason: str = "") -> Inquiry:
    """Stores what a valid form says (its `cleaned_data`), and the letters it causes; spam (spam.reasons) causes none.

    A second press meets the unique key of the form and gets the inquiry of the first.
    """
    inquiry = draft(answers, key, language, sender)
    inquiry.spam_reason = spam_reason
    inquiry.status = Inquiry.Status.SPAM if spam_reason else Inquiry.Status.NEW
    drafts = [] if spam_reason else letters_for(inquiry, key)
    try:
        with stored(answers.get("files", [])) as files, transaction.atomic():
            inquiry.save(force_insert=True)
            enclose(inquiry, files)
            record(Action.RECEIVE, thing=inquiry, detail="spam" if spam_reason else "")
            for letter in drafts:
                post(**letter)
    except IntegrityError:
        if first := find(key):
            return first
        raise
    return inquiry


def enclose(inquiry, files):
    """Files stand with a message: those that came with the inquiry with an entry of their own, without words."""
    if files:
        entry = Message(inquiry=inquiry, kind=Message.Kind.INVESTOR, step="enclosed", written_at=inquiry.received_at)
        entry.save(force_insert=True)
        attach(entry, files)


def draft(answers, key, language, sender) -> Inquiry:
    """The inquiry as it will be stored: routed, with its reference and its due time."""
    now = timezone.now()
    names = (*WORDS, "may_publish", "may_share")
    fields = {name: answers[name] for name in names}
    inquiry = Inquiry(
        **fields,
        district=district_of(answers),
        bureau=bureau_of(answers),
        reference=new_reference(),
        form_key_hash=fingerprint(key),
        secret_hash=fingerprint(secret_of(key)),
        language=language,
        received_at=now,
        asked_at=now,
        opened_at=now,
        sender_hash=sender,
        consent_at=now,
        notice_version=notice.VERSION,
        notice_hash=notice_of(key),
    )
    deadlines.promise(inquiry)
    return inquiry


def bureau_of(answers: dict):
    """Who gets what a form says, also where it is not complete yet."""
    route = {name: answers.get(name) for name in ("listing", "park", "project")}
    return bureau_for(topic=answers.get("topic", ""), about=answers.get("about", ""), **route, district=district_of(answers))


def district_of(answers: dict):
    """The district that the form names, else that of what the inquiry is about."""
    things = [answers.get(name) for name in ("listing", "park", "project")]
    return answers.get("district") or next((thing.district for thing in things if thing is not None and thing.district is not None), None)


def letters_for(inquiry, key) -> list[dict]:
    letters_ = letters.arrival_notices(inquiry)
    if inquiry.email and may_have_receipt(inquiry.email, inquiry.sender_hash, inquiry.received_at):
        letters_.insert(0, letters.receipt(inquiry, secret_of(key)))
    return letters_


def new_reference() -> str:
    """ZQ-7F3K-9M2P: one of 656 billion, easy to read out."""
    signs = "".join(secrets.choice(ALPHABET) for _number in range(8))
    return f"ZQ-{signs[:4]}-{signs[4:]}"
