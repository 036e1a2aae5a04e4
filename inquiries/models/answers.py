"""Questions that the bureaus answer in public, without the names of those who asked (investors.md 6.7)."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inquiries.models.inquiry import Inquiry
from parks.models import Park
from publishing.languages import columns, translated
from publishing.models import Publishable


class PublicAnswer(Publishable):
    """The title is the question, the summary the short answer, the text the full one."""

    body = translated(models.TextField(_("answer"), blank=True))
    topic = models.CharField(_("topic"), max_length=12, choices=Inquiry.Topic.choices)
    park = models.ForeignKey(Park, models.PROTECT, verbose_name=_("park"), null=True, blank=True, related_name="public_answers")
    # Path of the page without the language: /news/the-article/.
    asked_about = models.CharField(
        _("stands under the page"),
        max_length=200,
        blank=True,
        help_text=_("Address of an article under which the question stands too, e.g. /news/industry-in-2023/."),
    )
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    # Where it came from. For staff who may read that inquiry; on no page, in no file.
    inquiry = models.ForeignKey(
        Inquiry, models.PROTECT, verbose_name=_("inquiry"), null=True, blank=True, editable=False, related_name="public_answers"
    )

    long_texts = ("body",)
    held_back = (*Publishable.held_back, "inquiry")

    class Meta(Publishable.Meta):
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["-answered_on", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(asked_on=None) | models.Q(answered_on=None) | models.Q(asked_on__lte=models.F("answered_on")),
                name="public_answer_dates_in_order",
                violation_error_message=_("The answer is older than the question."),
            ),
        ]

    def __str__(self):
        return self.title or _("Question not written yet (%s)") % self.get_topic_display()

    def get_absolute_url(self):
        return reverse("answers:detail", args=[self.slug])

    @property
    def inquiry_topic(self):
        return self.topic

    def missing_facts(self):
        missing = [
            (column, _("The answer is missing in a language that has a question."))
            for title, column in zip(columns("title"), columns("body"), strict=True)
            if getattr(self, title) and not getattr(self, column)
        ]
        days = {"asked_on": _("The day of the question is missing."), "answered_on": _("The day of the answer is missing.")}
        return missing + [(name, sentence) for name, sentence in days.items() if getattr(self, name) is None]
