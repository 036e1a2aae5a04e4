"""What is held about the sender of an inquiry, for the manager: asking for the erasure, keeping it for legal reasons."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureaus.rights import may
from bureaus.text import LineField
from inquiries import erasing, keeping
from inquiries.models import Erasure


class ReasonsForm(forms.Form):
    """The reasons of both boxes: each button takes its own."""

    use_required_attribute = False

    ground = LineField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("E.g. asked for by telephone on 3 Nov. Without a name: this line stays, and whoever confirms reads it."),
    )
    reason = LineField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("E.g. complaint of 3 Nov 2026, decided by the end of the year."),
    )


def ask(inquiry, request, form):
    erasing.ask(inquiry, request.user, said(form, "ground"), request)
    return _("Asked for. An administrator looks at the list and confirms it.")


def take_back(inquiry, request, form):
    erasing.take_back(inquiry, request.user, request)
    return _("The request is taken back.")


def hold(inquiry, request, form):
    erasing.hold(inquiry, request.user, said(form, "reason"), request)
    return _("It is kept, and nobody can erase it.")


def said(form, name) -> str:
    form.is_valid()
    if name in form.errors:
        raise ValidationError(form.errors[name])
    if not (text := form.cleaned_data[name].strip()):
        raise ValidationError(_("Give the reason first."))
    return text


def release(inquiry, request, form):
    erasing.hold(inquiry, request.user, "", request)
    return _("It is no longer kept beyond its time.")


ACTS = {"ask": ask, "take_back": take_back, "hold": hold, "release": release}


def show(model_admin, request, object_id):
    """For managers of the bureau; what is pressed comes back here by POST."""
    inquiry = model_admin.get_object(request, object_id)
    if not may(request.user, "request erasure", inquiry):
        raise PermissionDenied
    form, status = ReasonsForm(request.POST or None), 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise ValidationError(_("Press one of the buttons of this page."))
            messages.success(request, act(inquiry, request, form))
            return HttpResponseRedirect(reverse("admin:inquiries_inquiry_person", args=[inquiry.pk]), status=303)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            status = 400
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Personal details: %s") % inquiry.reference,
        "inquiry": inquiry,
        "form": form,
        **what_is_held(inquiry),
        "erasure": erasing.open_erasure(inquiry),
        "is_asked_by_investor": erasing.is_asked(inquiry, Erasure.Origin.INVESTOR),
        "is_asked_by_bureau": erasing.is_asked(inquiry, Erasure.Origin.STAFF),
        "erased_on": keeping.erased_on(inquiry),
    }
    return TemplateResponse(request, "admin/inquiries/inquiry/person.html", context, status=status)


def what_is_held(inquiry) -> dict:
    """What the pages of manager and administrator show alike: kinds and numbers, nothing that was written."""
    return {
        "held": erasing.held(inquiry),
        "stays": erasing.stays(inquiry),
        "why_not": erasing.why_not(inquiry),
        "backups_until": keeping.backups_until(inquiry.erased_at or timezone.now()),
    }
