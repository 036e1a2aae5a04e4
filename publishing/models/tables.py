"""Tables that were uploaded, and the changes that came of them."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau


class Upload(models.Model):
    """A table that somebody has uploaded and not yet confirmed: it waits here, for that person alone, and not for long."""

    LIFE = timedelta(hours=24)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    bureau = models.ForeignKey(Bureau, models.CASCADE, related_name="+", verbose_name=_("bureau"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    # What the person was shown, row by row: only that is applied.
    plan = models.JSONField(default=dict)
    at = models.DateTimeField(_("uploaded"), default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("uploaded table")
        verbose_name_plural = _("uploaded tables")
        default_permissions = ()

    def __str__(self):
        return self.name


class HeadingNames(models.Model):
    """What the headings of a bureau's own tables mean, as somebody has said once."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    bureau = models.ForeignKey(Bureau, models.CASCADE, related_name="+", verbose_name=_("bureau"))
    # Folded heading -> {"column": name, "" for one that is not read; "unit": code, "" where the heading or the cell says it}
    headings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("headings of a bureau's tables")
        verbose_name_plural = _("headings of bureaus' tables")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "bureau"], name="headings_once")]

    def __str__(self):
        return f"{self.bureau} · {self.content_type}"


class Batch(models.Model):
    """What one import, or one action on many items, did together. Its revisions carry its key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name=_("bureau"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("file or action"), max_length=200)
    at = models.DateTimeField(_("when"), default=timezone.now)
    taken_back_at = models.DateTimeField(_("taken back"), null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("import or action on many")
        verbose_name_plural = _("imports and actions on many")
        ordering = ["-at", "pk"]
        default_permissions = ()

    def __str__(self):
        return self.name
