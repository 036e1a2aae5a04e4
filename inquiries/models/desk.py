"""What the desk works with: transfers, follow-up tasks, reminders, replies kept for use, and who is away."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from translated_fields import TranslatedField

from bureaus.models import Bureau
from inquiries.models.inquiry import Inquiry
from publishing.languages import translated


class Transfer(models.Model):
    """An inquiry that goes, or is proposed to go, from one bureau to another (I7, I18)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        DONE = "done", _("done")
        DECLINED = "declined", _("not agreed")  # by the own manager: it never left
        REFUSED = "refused", _("refused")  # by the manager of the other bureau: it came back

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, verbose_name=_("inquiry"), related_name="transfers")
    from_bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("from"), related_name="+")
    to_bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=pgettext_lazy("transfer", "to"), related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    # When and how the investor agreed, where the form did not say it.
    agreed = models.CharField(_("the investor agreed"), max_length=100, blank=True)
    # The reasons stay with the staff; the investor reads these sentences, where there are any.
    for_investor = models.CharField(_("sentence for the investor"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("proposed by"), related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    answer_for_investor = models.CharField(_("sentence for the investor about the decision"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry"], condition=models.Q(state="proposed"), name="transfer_one_proposed"),
        ]

    def __str__(self):
        return f"{self.inquiry_id}: {self.from_bureau_id} → {self.to_bureau_id}"


class FollowUp(models.Model):
    """Something to do for an inquiry by a day, without the investor asking."""

    class Kind(models.TextChoices):
        DAY_5 = "day-5", _("ask after 5 days")
        DAY_15 = "day-15", _("ask after 15 days")
        DAY_45 = "day-45", _("ask after 45 days")
        QUIET = "quiet", _("two weeks without contact")
        POOR_GRADE = "poor-grade", _("a poor rating: call the investor")

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, verbose_name=_("inquiry"), related_name="follow_ups")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    due_at = models.DateTimeField(_("due"))
    is_for_manager = models.BooleanField(_("for the manager"), default=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("done by"), null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("what came of it"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["inquiry", "kind", "due_at"], name="follow_up_once")]

    def __str__(self):
        return f"{self.inquiry_id} {self.get_kind_display()}"

    @property
    def to_do(self) -> str:
        """In words: whoever gave no telephone number is written to."""
        if self.kind == self.Kind.POOR_GRADE and not self.inquiry.phone:
            return _("a poor rating: write to the investor")
        return self.get_kind_display()


class Reminder(models.Model):
    """What the clock has told somebody about an inquiry, each once. `since` is the moment that it counted from."""

    class Kind(models.TextChoices):
        UNTAKEN = "untaken", _("not taken in time")
        HALF = "half", _("half the time is over")
        NEARLY = "nearly", _("the answer is nearly due")
        OVERDUE = "overdue", _("the answer is overdue")
        CITY = "city", _("the answer is overdue: the city desk")
        WAITING = "waiting", _("the investor has been reminded")

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, verbose_name=_("inquiry"), related_name="reminders")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    since = models.DateTimeField(_("counted from"))
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = pgettext_lazy("inquiry", "reminder")
        verbose_name_plural = pgettext_lazy("inquiry", "reminders")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "kind", "since"], name="reminder_once"),
        ]

    def __str__(self):
        return f"{self.inquiry_id} {self.get_kind_display()}"


class CannedReply(models.Model):
    """A reply kept for use, in three languages; names and dates are filled in when it is chosen (inquiries/canned.py)."""

    bureau = models.ForeignKey(
        Bureau,
        models.PROTECT,
        verbose_name=_("bureau"),
        null=True,
        blank=True,
        related_name="canned_replies",
        help_text=_("Empty: for all."),
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Inquiry.Topic.choices, blank=True)
    # What colleagues choose it by, each in their own language.
    title = translated(models.CharField(_("title"), max_length=80, blank=True))
    body = TranslatedField(models.TextField(_("text"), max_length=5000, blank=True))
    # Officers propose; a manager's tick puts it into use.
    is_in_use = models.BooleanField(pgettext_lazy("standard reply", "in use"), default=False)
    answers_later = models.BooleanField(
        _("does not answer yet"),
        default=False,
        help_text=_("The text promises an answer later: it is sent as an update, and the time for the answer goes on."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("standard reply")
        verbose_name_plural = _("standard replies")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.title


class Absence(models.Model):
    """An officer who is away, and who gets what is new and what is reopened meanwhile (S70)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="absences")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("deputy"), related_name="+")
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="absences")
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="absence_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("deputy")),
                name="absence_other_person",
                violation_error_message=_("The deputy is somebody else."),
            ),
        ]

    def __str__(self):
        name = self.person.get_full_name() or self.person.get_username()
        return f"{name} · {self.first_day:%Y-%m-%d} – {self.last_day:%Y-%m-%d}"
