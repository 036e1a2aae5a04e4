"""Requests to erase a person, which a second person confirms (I15, S72)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from inquiries.models.inquiry import Inquiry


class Erasure(models.Model):
    """Holds no personal data: it stays when the person is gone. So does the reason, which the form asks for without a name."""

    class Origin(models.TextChoices):
        INVESTOR = "investor", _("the investor asked")
        STAFF = "staff", _("asked for by the bureau")
        RETENTION = "retention", _("the time to keep it is over")

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, verbose_name=_("inquiry"), related_name="erasures")
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked by"), null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"))
    # Why the bureau asks for it; the person who confirms reads it.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("confirmed by"), null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(_("erased"), null=True, blank=True)
    # How many of each kind went, by the names of erasing.KINDS: {"texts": 4, "files": 1, "letters": 3}.
    counts = models.JSONField(_("what went"), default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry"], condition=models.Q(done_at=None), name="erasure_one_open"),
        ]

    def __str__(self):
        return self.inquiry.reference
