"""The calendar of working days, and what moves a due time: limits, pauses, extensions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inquiries.models.inquiry import Inquiry


class CalendarDay(models.Model):
    """A day that differs from the week: an official holiday, or a weekend day that is worked to make up."""

    date = models.DateField(_("date"), unique=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=60, blank=True, help_text=_("E.g. Spring Festival."))
    # Entered from the published notice and not yet compared with it by somebody at the bureau.
    to_confirm = models.BooleanField(_("to be confirmed"), default=False)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]

    def __str__(self):
        return f"{self.date} {self.name}"


class TimeLimit(models.Model):
    """How long a bureau may take, for a topic or, with an empty topic, for all others. The public promise reads the same row."""

    topic = models.CharField(
        _("topic"), max_length=12, choices=[("", _("all other topics")), *Inquiry.Topic.choices], blank=True, unique=True
    )
    take_hours = models.PositiveSmallIntegerField(_("taken up within working hours"))
    answer_days = models.PositiveSmallIntegerField(_("answered within working days"))
    result_days = models.PositiveSmallIntegerField(_("result within working days"))

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["topic"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(take_hours__gte=1, answer_days__gte=1, result_days__gte=models.F("answer_days")),
                name="time_limit_in_order",
                violation_error_message=_("At least 1; the result cannot be due before the answer."),
            )
        ]

    def __str__(self):
        return self.get_topic_display()


class Pause(models.Model):
    """A time in which the result clock stood still: the investor had been asked something."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry"], condition=models.Q(ended_at=None), name="pause_one_open"),
        ]

    def __str__(self):
        return f"{self.inquiry_id} {self.started_at:%Y-%m-%d %H:%M}"


class Extension(models.Model):
    """More working days for the answer or the result: asked for by an officer, decided by the manager (I8)."""

    class Clock(models.TextChoices):
        ANSWER = "answer", _("the answer")
        RESULT = "result", _("the result")

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, verbose_name=_("inquiry"), related_name="extensions")
    clock = models.CharField(_("more time for"), max_length=8, choices=Clock)
    days = models.PositiveSmallIntegerField(_("working days"))
    reason = models.CharField(_("reason"), max_length=500)  # the investor reads it
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("inquiry", "extension")
        verbose_name_plural = pgettext_lazy("inquiry", "extensions")
        ordering = ["asked_at", "pk"]

    def __str__(self):
        return f"{self.inquiry_id} +{self.days}"
