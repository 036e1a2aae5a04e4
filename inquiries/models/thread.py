"""What is written in an inquiry: messages, notes, steps taken, and files."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Bureau
from inquiries.models.inquiry import Inquiry
from outbox.models import Letter


class Message(models.Model):
    """One entry of an inquiry's thread. Notes and steps never leave the staff area."""

    # What the investor may read; a new kind stays with the staff until it is named here.
    OPEN_KINDS = ("reply", "investor")

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        INVESTOR = "investor", _("from the investor")
        NOTE = "note", _("note for staff")
        STEP = "step", _("step taken")

    class Via(models.TextChoices):
        PAGE = "page", _("on the website")
        MAIL = "mail", _("by e-mail")
        CALL = "call", _("by telephone or in person")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, verbose_name=_("inquiry"), related_name="messages")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("author"), null=True, blank=True, related_name="+")
    # The bureau that wrote a note; a note marked private stays with it when the inquiry goes to another bureau.
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), null=True, blank=True, related_name="+")
    is_private = models.BooleanField(_("for this bureau only"), default=False)
    step = models.CharField(_("step"), max_length=16, blank=True)
    body = models.TextField(_("text"), blank=True)
    # What a letter from the investor repeats of earlier letters: kept, and shown folded.
    quoted = models.TextField(_("quoted text"), blank=True)
    # What a letter held that is not here, a line for each (inquiries/not_taken.py).
    not_taken = models.TextField(_("not taken over"), blank=True)
    written_at = models.DateTimeField(_("written"))
    # The last change by its author, within ten minutes of writing.
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    via = models.CharField(_("way"), max_length=6, choices=Via, default=Via.PAGE)
    # The address a letter came from where it is not the investor's own.
    foreign_sender = models.CharField(_("from another address"), max_length=254, blank=True)
    letter = models.ForeignKey(Letter, models.PROTECT, verbose_name=_("letter"), null=True, blank=True, related_name="messages")

    class Meta:
        verbose_name = pgettext_lazy("thread", "message")
        verbose_name_plural = _("messages")
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.written_at:%Y-%m-%d %H:%M}"

    @property
    def is_undelivered(self):
        """Did not leave when it should have, or came back, and has not been accepted since."""
        letter = self.letter
        return bool(letter and (letter.tries or letter.last_error) and letter.state != Letter.State.SENT)


def undelivered(inquiries):
    """Those of the inquiries with such a reply, and those whose sender's address refuses any letter of ours."""
    failed = models.Q(letter__tries__gt=0) | ~models.Q(letter__last_error="")
    replies = Message.objects.filter(failed, inquiry=models.OuterRef("pk"), kind=Message.Kind.REPLY, letter__isnull=False)
    return inquiries.filter(models.Exists(replies.exclude(letter__state=Letter.State.SENT)) | refusing_address())


def refusing_address():
    """Of an inquiry: a letter to the investor was refused (5xx) or came back, and no later one has been accepted."""
    refused = models.Q(state=Letter.State.PARKED) | models.Q(state=Letter.State.QUEUED, tries__gt=0, last_error__startswith="5")
    accepted = Letter.objects.filter(
        state=Letter.State.SENT,
        reference=models.OuterRef("reference"),
        to=models.OuterRef("to"),
        created_at__gt=models.OuterRef("created_at"),
    )
    letters = Letter.objects.filter(refused, reference=models.OuterRef("reference"), to=models.OuterRef("email"))
    return models.Exists(letters.exclude(models.Exists(accepted)))


def address_refuses(inquiry) -> bool:
    return Inquiry.objects.filter(refusing_address(), pk=inquiry.pk).exclude(email="").exists()


def stored_name(attachment, filename) -> str:
    """A name of our own; what the sender called the file is kept as a text."""
    return f"inquiries/{attachment.pk}"


class Attachment(models.Model):
    """A file of a message. It has no public address; downloads ask who may see the message (trust.md T7)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, verbose_name=pgettext_lazy("thread", "message"), related_name="attachments")
    file = models.FileField(_("file"), upload_to=stored_name)
    name = models.CharField(_("file name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=40)  # a media type that the content was found to be
    size = models.PositiveIntegerField(_("size in bytes"))
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["added_at", "pk"]

    def __str__(self):
        return self.name
