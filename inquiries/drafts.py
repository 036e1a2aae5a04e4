"""The buttons on the page of an inquiry that make a draft of something else from it: a project, a public answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse


def make_draft(model_admin, request, object_id, maker, done=""):
    """Leads to the form of the draft that `maker.make_draft(inquiry, user)` makes, or back to the inquiry with what stands in the way."""
    inquiry = model_admin.get_object(request, str(object_id))
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        draft = maker.make_draft(inquiry, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]), status=303)
    if done:
        messages.success(request, done)
    return HttpResponseRedirect(reverse(f"admin:{draft._meta.app_label}_{draft._meta.model_name}_change", args=[draft.pk]), status=303)
