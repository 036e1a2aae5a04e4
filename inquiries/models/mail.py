"""Letters that came in, each taken once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inquiries.models.thread import Message


class IncomingLetter(models.Model):
    """One letter from the mailbox and what became of it. Its text is in the message that it became; refused letters keep none."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("put into its inquiry")
        AUTOMATIC = "automatic", _("an automatic reply")
        BOUNCE = "bounce", _("came back as not delivered")
        UNKNOWN = "unknown", _("belongs to no inquiry")
        UNREADABLE = "unreadable", _("could not be read")

    # SHA-256 of the Message-ID, or of the whole letter where it has none.
    fingerprint = models.CharField(max_length=64, primary_key=True)
    fetched_at = models.DateTimeField(_("fetched"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    message = models.ForeignKey(Message, models.SET_NULL, verbose_name=_("message"), null=True, blank=True, related_name="incoming")

    # When somebody at the city bureau has looked at a letter that belongs to no inquiry, in the mailbox.
    seen_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("letter received")
        verbose_name_plural = _("letters received")
        ordering = ["-fetched_at", "fingerprint"]

    def __str__(self):
        return f"{self.fetched_at:%Y-%m-%d %H:%M} {self.outcome}"
