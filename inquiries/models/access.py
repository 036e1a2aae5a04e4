"""Who gets to a tracking page: further addresses of it, and the tries that limits count."""

from django.db import models

from inquiries.models.inquiry import Inquiry


class TrackingLink(models.Model):
    """An address of a tracking page beside the one of `Inquiry.secret_hash`: sent by mail to somebody who has lost that one."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="links")
    # SHA-256 of the secret in the address, as in the inquiry.
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.inquiry_id} {self.made_at:%Y-%m-%d %H:%M}"


class Attempt(models.Model):
    """One try that a limit counts, in the database so that no restart forgets it. Gone after a day."""

    class Kind(models.TextChoices):
        WRONG = "wrong"  # an address that opens nothing
        POST = "post"  # something sent from a tracking page
        LOST = "lost"  # a lost link asked for
        LETTER = "letter"  # a letter with a link

    kind = models.CharField(max_length=6, choices=Kind)
    # A salted hash of the network address (limits.sender_of); empty where there is none.
    sender_hash = models.CharField(max_length=64, blank=True)
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, null=True, blank=True, related_name="attempts")
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "sender_hash", "at"], name="attempt_of_sender")]

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
