"""Letters that must not get lost: stored with what caused them, sent afterwards, tried again until they leave."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outbox.reasons import in_words


class Letter(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENT = "sent", _("accepted by the mail server")
        PARKED = "parked", _("not delivered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.EmailField(pgettext_lazy("letter", "to"))
    reply_to = models.EmailField(_("reply to"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(pgettext_lazy("letter", "subject"), max_length=200)
    body = models.TextField(_("text"))
    # A part of the text that only the reader may have, e.g. the key of a private link: blotted out once it has left.
    secret = models.CharField(max_length=100, blank=True, editable=False)
    reference = models.CharField(_("reference"), max_length=40, blank=True, db_index=True)
    # What no person has written says so to the reader's mail program, which then sends no answer of its own (RFC 3834).
    is_by_person = models.BooleanField(default=False, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), db_index=True)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="letter_due")]

    def __str__(self):
        return f"{self.subject} → {self.to}"

    @property
    def why_not_delivered(self) -> str:
        """What the last error means, in the reader's language."""
        return in_words(self.last_error)


class Run(models.Model):
    """When a job that falls due last ran to its end."""

    job = models.CharField(_("job"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last run"))

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.job
