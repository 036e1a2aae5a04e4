"""Links on live pages, and what they answered."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau


class PageLink(models.Model):
    """A link that stands on a page of the site, and what was found at its other end: one row for each item and address."""

    class State(models.TextChoices):
        UNTRIED = "untried", _("not tried yet")
        WORKS = "works", _("works")
        DOUBTFUL = "doubtful", _("failed once, to be tried again")
        BROKEN = "broken", _("broken")
        BY_HAND = "by-hand", _("to be checked by hand")

    # So long nobody asks again about a link that a person has checked by hand.
    QUIET = timedelta(days=180)

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name=_("bureau"))
    address = models.TextField(_("link"))
    digest = models.CharField(max_length=64, db_index=True)
    # The address without its language where it is one of this site, else "".
    path = models.TextField(blank=True)
    # Names of the columns that hold it.
    places = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.UNTRIED)
    # What was answered: a number of HTTP, or a word of `broken_links.ANSWERS`.
    answer = models.CharField(_("answer"), max_length=20, blank=True)
    since = models.DateTimeField(_("since"), null=True)
    failed_on = models.DateField(null=True)
    tried_at = models.DateTimeField(_("last tried"), null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("checked by"))
    checked_at = models.DateTimeField(_("checked by hand"), null=True)

    class Meta:
        verbose_name = _("link on a page")
        verbose_name_plural = _("links on pages")
        ordering = ["since", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "digest"], name="page_link_once_on_an_item")]
        indexes = [models.Index(fields=["state", "bureau"], name="page_link_by_state")]

    def __str__(self):
        return self.address

    @property
    def is_internal(self):
        return bool(self.path)
