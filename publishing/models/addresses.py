"""Addresses that moved."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class OldAddress(models.Model):
    """An address that was public once and now leads to the item's present one."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    slug = models.SlugField(max_length=80)
    object_id = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="old_address_once")]

    def __str__(self):
        return self.slug
