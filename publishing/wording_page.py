"""Asked at the submission of a draft that writes other words than the preferred ones: replace them, or keep them with a reason."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.staff import CleanTexts
from publishing import changes, steps, wording, workflow
from publishing.effects import Answers
from publishing.models import Change
from publishing.words import lines


class KeepForm(CleanTexts, forms.Form):
    """Why other words stay."""

    reason = forms.CharField(
        label=_("Why do they stay?"),
        max_length=300,
        help_text=_("E.g. “It is the name of a law.” The reviewer reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def must_be_asked(item, revision) -> bool:
    return bool(wording.findings(item, revision.data))


def wording_view(model_admin, request, object_id):
    """The words found, a button that replaces all, a reason to keep them. For those who may edit the item."""
    item = model_admin.item_or_404(request, object_id)
    if not model_admin.has_change_permission(request, item):
        raise PermissionDenied
    change = changes.open_change(item)
    if change is None or change.state != Change.State.DRAFT:
        raise Http404
    rows = change.revision.data
    found = wording.findings(item, rows)
    if not found:
        return redirect(model_admin.address_of(item, "change"))
    form = KeepForm(request.POST if "keep" in request.POST else None)
    if "replace" in request.POST:
        return replace(model_admin, request, item, change)
    if form.is_bound and form.is_valid():
        return submit(model_admin, request, item, form.cleaned_data["reason"])
    context = model_admin.page_about(request, item, gettext("Preferred words")) | {
        "form": form,
        "differences": lines(item, wording.as_differences(item, found), rows),
        "notes": list(dict.fromkeys(one.word for one in found if one.word.note)),
        "back": model_admin.address_of(item, "change"),
    }
    return TemplateResponse(request, "admin/wording.html", context)


def replace(model_admin, request, item, change):
    rows = wording.with_preferred_words(item, change.revision.data)
    try:
        changes.keep(item, rows, request.user, seen=change.revision, note=gettext("Preferred words"))
    except (changes.Overtaken, ValidationError):
        messages.error(request, gettext("Somebody saved this item just now. Look at the newest state and try again."))
        return redirect(model_admin.address_of(item, "change"))
    return submit(model_admin, request, item, "")


def submit(model_admin, request, item, reason):
    step = workflow.step_named("submit")
    if not steps.take(request, item, step, Answers(comment=reason)):
        messages.info(request, gettext("Your text is saved."))
    return redirect(model_admin.address_of(item, "change"))
