"""Links by which somebody without an account reads a draft."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.models.versions import Change


class SharedLink(models.Model):
    """A way for somebody without an account to read a draft: for a few days, until it is ended or the change is decided."""

    LIFE = timedelta(days=7)

    change = models.ForeignKey(Change, models.PROTECT, related_name="shared_links")
    # SHA-256 of what the link ends in; that itself is shown once and kept nowhere.
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(_("for whom"), max_length=100, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("works until"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened = models.PositiveIntegerField(_("times opened"), default=0)
    opened_at = models.DateTimeField(_("last opened"), null=True)

    class Meta:
        verbose_name = _("link to a draft")
        verbose_name_plural = _("links to drafts")
        ordering = ["-made_at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.made_by} · {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def is_expired(self):
        return self.expires_at <= timezone.now()
