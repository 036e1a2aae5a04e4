"""What an investor may do with their inquiry, by page or by mail: the doors to the steps of the workflow.

Each raises ValidationError, with a sentence for the reader, where it is not possible.
"""

import hashlib
import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries import letters, workflow
from inquiries.models import Erasure, Inquiry, Message
from inquiries.thread_rights import of_one_person
from outbox.sending import post

CHANGE_WITHIN = timedelta(minutes=10)
Kind, Via = Message.Kind, Message.Via
# Entries of the thread that keep the wording before a change.
EARLIER_WORDINGS = ("change", "reword")
CHANGED_MEANWHILE = _(
    "You have changed this text in another window meanwhile. Both wordings are below, nothing is lost: save again if the one in the "
    "box is to hold."
)


def write(
    inquiry: Inquiry, body: str, *, via: str, key: uuid.UUID | None = None, quoted="", foreign_sender="", files=(), not_taken=""
) -> Message:
    """A word more (I6); a closed inquiry is open again by it (I11). The same key twice is one message.

    `files` are rows of `attachments.stored`.
    """
    key = key or uuid.uuid4()
    letter = {"quoted": quoted, "foreign_sender": foreign_sender, "not_taken": not_taken}
    details = workflow.Details(body=body, key=key, via=via, files=tuple(files), **letter)
    workflow.take(inquiry, "write", None, details)
    return Message.objects.get(pk=key)


def reopen(inquiry: Inquiry, reason: str, key: uuid.UUID | None = None, files=()) -> None:
    """Within 30 days after closing, with a reason (I11)."""
    workflow.take(inquiry, "reopen_asked", None, workflow.Details(reason=reason, key=key, files=tuple(files)))


def rate(inquiry: Inquiry, grade: int, text: str = "") -> None:
    """Once, when it is closed (I14). Nobody changes a grade afterwards."""
    workflow.take(inquiry, "rate", None, workflow.Details(grade=grade, body=text))


def withdraw(inquiry: Inquiry, reason: str = "", key: uuid.UUID | None = None) -> None:
    """Ends an open inquiry."""
    workflow.take(inquiry, "withdraw", None, workflow.Details(reason=reason, key=key))


def ask_to_erase(inquiry: Inquiry) -> None:
    """The investor's details are to go (I15). An inquiry that is still open ends with it; asked twice is asked once."""
    with transaction.atomic():
        if inquiry.status in workflow.STEP_NAMED["withdraw"].sources:
            withdraw(inquiry)
        asked = {"origin": Erasure.Origin.INVESTOR, "asked_at": timezone.now()}
        _row, is_new = Erasure.objects.get_or_create(inquiry=inquiry, done_at=None, defaults=asked)
        if is_new and inquiry.email:
            post(**letters.to_investor(inquiry, "erasure_held" if inquiry.legal_hold else "erasure_asked"))


def what_can_be_changed(inquiry: Inquiry) -> Message | Inquiry | None:
    """The last that the investor wrote on the page, while it may be changed: a message, or the text of the inquiry."""
    own = inquiry.messages.filter(kind=Kind.INVESTOR).exclude(step="enclosed").order_by("written_at", "pk")
    thing = own.last() or inquiry
    return None if why_not_change(thing) else thing


def change(thing: Message | Inquiry, body: str, was: str = "") -> None:
    """Another wording of what was written on the page, within ten minutes and before the bureau has written back.

    `was` is the mark of the wording that the investor had before them: a newer one is not overwritten unseen. The wording
    before stays with the staff, who may have read it already.
    """
    body = body.strip()
    if not body:
        raise ValidationError(_("Write the text first."))
    inquiry = thing if isinstance(thing, Inquiry) else thing.inquiry
    with transaction.atomic():
        Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        thing.refresh_from_db()
        if why := why_not_change(thing):
            raise ValidationError(why)
        now, before = timezone.now(), wording_of(thing)
        if body == before:
            return
        if was and was != mark_of(thing):
            raise ValidationError(CHANGED_MEANWHILE)
        if isinstance(thing, Inquiry):
            Inquiry.objects.filter(pk=thing.pk).update(message=body)
        else:
            Message.objects.filter(pk=thing.pk).update(body=body, changed_at=now)
        step = "change" if isinstance(thing, Inquiry) else "reword"
        Message.objects.create(inquiry=inquiry, kind=Kind.STEP, step=step, body=before, written_at=now)
    thing.refresh_from_db()


def wording_of(thing: Message | Inquiry) -> str:
    return thing.message if isinstance(thing, Inquiry) else thing.body


def mark_of(thing: Message | Inquiry) -> str:
    """Tells one wording from another."""
    return hashlib.sha256(wording_of(thing).encode()).hexdigest()


def why_not_change(thing: Message | Inquiry) -> str:
    """Why the wording stays; empty where it may be changed."""
    inquiry, written_at = (thing, thing.received_at) if isinstance(thing, Inquiry) else (thing.inquiry, thing.written_at)
    if isinstance(thing, Message) and (thing.kind != Kind.INVESTOR or thing.via != Via.PAGE):
        return _("Only what you wrote on this page can be changed.")
    if inquiry.erased_at or timezone.now() - written_at > CHANGE_WITHIN:
        return _("A text can be changed within ten minutes after sending. Please write another message.")
    if Message.objects.filter(inquiry__in=of_one_person(inquiry), kind=Kind.REPLY, written_at__gt=written_at).exists():
        return _("The bureau has written back already. Please write another message.")
    return ""
