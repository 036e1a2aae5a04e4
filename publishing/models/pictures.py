"""The picture library, and where each picture is used."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau
from publishing.languages import active_language, to_attribute, translated


class Picture(models.Model):
    """A photograph or drawing in the library. Its file never changes; items point at it.

    Without a file it records a photograph that the original publication shows and the site does not hold.
    """

    class License(models.TextChoices):
        OWN = "own", _("own work of the bureau")
        PERMISSION = "permission", _("used with permission")
        OPEN = "open", _("open license")
        NOT_HELD = "not-held", _("not held: caption and credit only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="pictures")
    original = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)
    # Widths, in pixels, of the copies that were made; each exists as JPEG and WebP.
    rendition_widths = models.JSONField(default=list, editable=False)
    alt = translated(
        models.CharField(
            _("alternative text"), max_length=200, blank=True, help_text=_("What the picture shows, for those who cannot see it.")
        )
    )
    caption = translated(models.CharField(_("caption"), max_length=300, blank=True))
    credit = models.CharField(_("credit"), max_length=120, help_text=_("Photographer or publisher, e.g. Liang Xiaoming, Xijiang Daily."))
    credit_name = translated(
        models.CharField(
            _("credit in this language"), max_length=120, blank=True, help_text=_("Only where it differs from the credit above.")
        )
    )
    license = models.CharField(_("license"), max_length=12, choices=License)
    license_name = models.CharField(_("name of the open license"), max_length=60, blank=True, help_text=_("E.g. CC BY 4.0."))
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    is_rendering = models.BooleanField(_("rendering, not a photograph"), default=False)
    # What a crop keeps in sight, in percent of the width from the left and of the height from the top.
    focal_x = models.PositiveSmallIntegerField(_("focal point from the left (percent)"), default=50, validators=[MaxValueValidator(100)])
    focal_y = models.PositiveSmallIntegerField(_("focal point from the top (percent)"), default=50, validators=[MaxValueValidator(100)])
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    # Taken out of the library; for a while it can be put back.
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(license="not-held", original="") | (~Q(license="not-held") & ~Q(original="")),
                name="picture_has_file_unless_not_held",
            )
        ]

    def __str__(self):
        return self.caption or self.alt or self.credit

    @property
    def has_file(self):
        return bool(self.original)

    @property
    def focus(self):
        """Classes that keep the focal point in sight where a style sheet crops the picture; none for its middle."""
        x, y = (round(number / 10) * 10 for number in (self.focal_x, self.focal_y))
        return "" if (x, y) == (50, 50) else f"fx-{x} fy-{y}"

    @property
    def credit_shown(self):
        """The credit as readers of the page's language know it."""
        return getattr(self, to_attribute("credit_name", active_language())) or self.credit


class PictureUse(models.Model):
    """A picture on an item, in order; the first is the cover."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    picture = models.ForeignKey(Picture, models.PROTECT, verbose_name=_("picture"), related_name="uses")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "order"], name="picture_use_of_item")]

    def __str__(self):
        return str(self.picture)
