"""Who has an item open."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Presence(models.Model):
    """Somebody who has an item open in a form, as far as we know; after `until` the row means nothing."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Which opening of the form: a page that closes late does not take its successor away.
    page = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    has_changes = models.BooleanField(default=False)
    is_gone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="present_once")]

    def __str__(self):
        return f"{self.user} · {self.content_type} {self.object_id}"
