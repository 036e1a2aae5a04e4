"""Asking other bureaus about taking a page down, and answering: pages and lists of the managers (staff.md S54)."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.staff import CleanTexts, OwnBureauAdmin
from publishing import consent
from publishing.desk import Desk
from publishing.forms import StepForm
from publishing.models import TakeDownAnswer
from publishing.picture_uses import staff_address

Verdict = TakeDownAnswer.Verdict


# --- The bureau that asks ---


class AskForm(StepForm):
    """What the address shall do, as the step itself asks, and why: the other bureaus read it."""

    def __init__(self, item, step, *args, **kwargs):
        super().__init__(item, step, *args, **kwargs)
        self.fields["comment"].help_text = _(
            "The managers of the other bureaus read it, e.g. “The park has merged with the high-tech zone.”"
        )


def before_taking_down(model_admin, request, item, step):
    """What answers instead of the step: the question to other bureaus, until they have agreed; None when nothing stands before it."""
    if request.method == "POST" and "give_up" in request.POST:
        consent.close(item)
        messages.success(request, gettext("Given up. The page stays, and nobody is asked any more."))
        return redirect(model_admin.address_of(item, "change"))
    bureaus = consent.missing(item)
    return ask_view(model_admin, request, item, step, bureaus) if bureaus else None


def ask_view(model_admin, request, item, step, bureaus):
    """Which pages of other bureaus refer to it, what was answered, and the question to those that have not agreed."""
    question = consent.open_question(item)
    answers = {answer.bureau_id: answer for answer in question.answers.select_related("by")} if question else {}
    is_objected = any(answer.verdict == Verdict.OBJECTS for answer in answers.values())
    is_asked = all(bureau.pk in answers for bureau in bureaus)
    form = AskForm(item, step, request.POST if "ask" in request.POST else None, initial=as_asked(item, step))
    if form.is_bound and form.is_valid():
        consent.ask(item, request.user, form.cleaned_data["comment"], form.answers.successor)
        messages.success(request, gettext("Asked. When all have agreed, your list of what waits says so."))
        return redirect(model_admin.address_of(item, "step", step.name))
    context = model_admin.page_about(request, item, gettext(step.label).removesuffix(" …")) | {
        "question": question,
        "uses": [(bureau, pages, answers.get(bureau.pk)) for bureau, pages in consent.pages_elsewhere(item).items()],
        "is_pending": is_asked and not is_objected and not form.is_bound,
        "form": form,
        "back": model_admin.after_step(request, item),
        "withdraw": model_admin.address_of(item, "step", "withdraw") if item.is_live else "",
    }
    return TemplateResponse(request, "admin/take_down_ask.html", context)


def as_asked(item, step) -> dict:
    """What the question said of the address, so that nobody types it twice."""
    question = consent.open_question(item) if step.name == "take_down" else None
    if question is None:
        return {}
    return {
        "outcome": StepForm.MOVED if question.successor else StepForm.GONE,
        "successor": question.successor,
        "comment": question.reason,
    }


def asked(questions, view: str):
    """The questions of a queryset that a view holds; all that are open where none is chosen."""
    answers = TakeDownAnswer.objects.filter(question=OuterRef("pk"))
    questions = questions.filter(closed_at=None)
    if view == "agreed":
        return questions.exclude(Exists(answers.exclude(verdict=Verdict.AGREES)))
    if view == "objected":
        return questions.filter(Exists(answers.filter(verdict=Verdict.OBJECTS)))
    return questions


class AskedView(admin.SimpleListFilter):
    title = _("view")
    parameter_name = "show"

    def lookups(self, request, model_admin):
        return [("agreed", _("all bureaus agree")), ("objected", _("a bureau objects"))]

    def queryset(self, request, queryset):
        return asked(queryset, self.value() or "")


class OfManagers(OwnBureauAdmin):
    """Rows of an own bureau for those who may take pages down there; nothing is added, edited or deleted here."""

    right_to_see = right_to_change = "take down"
    list_display_links = None

    def get_changelist(self, request, **kwargs):
        return Desk

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def history_view(self, request, object_id, extra_context=None):
        raise Http404


class QuestionAdmin(OfManagers):
    """What the own bureau has asked; a row leads to the step."""

    name_of_list = _("Pages to take down: what other bureaus say")
    list_display = ["page", "answers", "asker", "since"]
    list_filter = [AskedView]
    list_select_related = ["bureau", "asked_by"]
    ordering = ["asked_at", "pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("answers__bureau")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        item = self.get_object(request, object_id).item
        return redirect(f"admin:{item._meta.app_label}_{item._meta.model_name}_step", item.pk, "take_down")

    @admin.display(description=_("page"))
    def page(self, question):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:publishing_takedownquestion_change", args=[question.pk]), question.listed_item
        )

    @admin.display(description=_("answers"))
    def answers(self, question):
        found = question.answers.all()
        return " · ".join(gettext("%(bureau)s: %(answer)s") % {"bureau": answer.bureau, "answer": in_words(answer)} for answer in found)

    @admin.display(description=_("asked by"))
    def asker(self, question):
        return question.asked_by.get_full_name() or question.asked_by.get_username()

    @admin.display(description=_("since"), ordering="asked_at")
    def since(self, question):
        return f"{timezone.localtime(question.asked_at):%Y-%m-%d %H:%M}"


def in_words(answer) -> str:
    return answer.get_verdict_display() if answer.verdict else gettext("has not answered yet")


# --- The bureau that is asked ---


def unanswered(answers, view: str):
    """The questions to a bureau that a view of its list holds; those still to answer where none is chosen."""
    if view == "answered":
        return answers.exclude(verdict="")
    return answers.filter(verdict="", question__closed_at=None)


class AnswerView(admin.SimpleListFilter):
    title = _("view")
    parameter_name = "show"

    def lookups(self, request, model_admin):
        return [("open", _("to be answered")), ("answered", _("answered"))]

    def queryset(self, request, queryset):
        return unanswered(queryset, self.value() or "")


class AnswerForm(CleanTexts, forms.Form):
    verdict = forms.ChoiceField(
        label=_("Your bureau's answer"),
        choices=[(Verdict.AGREES, _("We agree")), (Verdict.OBJECTS, _("We object, because …"))],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Because"),
        required=False,
        max_length=1000,
        help_text=_("The bureau that asks reads it. Needed where you object, e.g. “Two of our projects still lie in this park.”"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("verdict") == Verdict.OBJECTS and not cleaned.get("comment"):
            self.add_error("comment", _("Say why: the other bureau has to know what to wait for."))
        return cleaned


class AnswerAdmin(OfManagers):
    """What other bureaus ask of the own one: each row leads to one page with the question and the answer."""

    name_of_list = _("Other bureaus ask: may this page be taken down?")
    list_display = ["page", "asking", "answer", "since"]
    list_filter = [AnswerView]
    list_select_related = ["bureau", "question__bureau"]
    ordering = ["question__asked_at", "pk"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        answer = self.get_object(request, object_id)
        question, item = answer.question, answer.question.item
        initial = {"verdict": answer.verdict, "comment": answer.comment}
        form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
        if form.is_bound and form.is_valid() and self.keep(request, answer, form.cleaned_data):
            return redirect("admin:publishing_takedownanswer_changelist")
        pages = consent.pages_elsewhere(item).get(answer.bureau, [])
        context = self.admin_site.each_context(request) | {
            "title": gettext("May this page be taken down?"),
            "opts": self.opts,
            "list_title": self.name_of_list,
            "answer": answer,
            "question": question,
            "item": item,
            "pages": [(page, staff_address(page, request.user) or page.get_absolute_url()) for page in pages],
            "form": form,
        }
        return TemplateResponse(request, "admin/take_down_answer.html", context)

    def keep(self, request, answer, said) -> bool:
        try:
            consent.reply(answer, request.user, said["verdict"], said["comment"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return False
        messages.success(request, gettext("Your answer is stored; the other bureau is told."))
        return True

    @admin.display(description=_("page"))
    def page(self, answer):
        return format_html('<a href="{}">{}</a>', reverse("admin:publishing_takedownanswer_change", args=[answer.pk]), answer.listed_item)

    @admin.display(description=_("asked by"))
    def asking(self, answer):
        return str(answer.question.bureau)

    @admin.display(description=_("answer"))
    def answer(self, answer):
        return in_words(answer)

    @admin.display(description=_("since"), ordering="question__asked_at")
    def since(self, answer):
        return f"{timezone.localtime(answer.question.asked_at):%Y-%m-%d %H:%M}"
