"""Questions to other bureaus before a page goes to which theirs refer."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau


class TakeDownQuestion(models.Model):
    """Whether a page may be taken down to which live pages of other bureaus refer: asked of their managers."""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name=_("bureau"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    reason = models.TextField(_("why"))
    # Where the address shall lead; "" for gone.
    successor = models.CharField(max_length=200, blank=True)
    # Taken down, given up, or asked anew.
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("page to take down")
        verbose_name_plural = _("pages to take down")
        ordering = ["-asked_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], condition=Q(closed_at=None), name="one_open_question_about_taking_down"
            )
        ]

    def __str__(self):
        return str(self.item)

    @property
    def item(self):
        return self.content_type.model_class()._base_manager.get(pk=self.object_id)


class TakeDownAnswer(models.Model):
    """What one of the bureaus says to it; empty until a manager has answered."""

    class Verdict(models.TextChoices):
        AGREES = "agrees", _("agrees")
        OBJECTS = "objects", _("objects")

    question = models.ForeignKey(TakeDownQuestion, models.PROTECT, related_name="answers")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name=_("bureau"))
    verdict = models.CharField(_("answer"), max_length=8, choices=Verdict, blank=True)
    comment = models.TextField(_("because"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("question about taking down")
        verbose_name_plural = _("questions about taking down")
        ordering = ["question__asked_at", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["question", "bureau"], name="one_answer_of_a_bureau")]

    def __str__(self):
        return str(self.question)

    @property
    def content_type_id(self):
        return self.question.content_type_id

    @property
    def object_id(self):
        return self.question.object_id
