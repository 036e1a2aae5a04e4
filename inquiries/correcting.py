"""Correcting what is held about the sender of an inquiry: their right, and the way out where their address refuses mail."""

import secrets

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bureaus.audit import record
from bureaus.models import AuditEntry
from bureaus.rights import may
from bureaus.text import LineField
from inquiries import access, workflow
from inquiries.form_key import fingerprint
from inquiries.forms import EmailField, PhoneField
from inquiries.models import Inquiry, Message, TrackingLink
from outbox.sending import readdress

FIELDS = ["name", "organization", "region", "email", "phone"]


class DetailsForm(forms.Form):
    use_required_attribute = False

    name = LineField(label=pgettext_lazy("person", "Name"), max_length=100)
    organization = LineField(label=gettext_lazy("Company or organization"), max_length=120, required=False)
    region = LineField(label=gettext_lazy("Country or region"), max_length=80, required=False)
    email = EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    phone = PhoneField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    why = LineField(
        label=gettext_lazy("How do you know?"),
        max_length=200,
        help_text=gettext_lazy("E.g. told by telephone on 3 Nov; we called the number of the inquiry. Staff read it in the thread."),
    )

    def clean(self):
        if not {"email", "phone"} & set(self.errors) and not (self.cleaned_data["email"] or self.cleaned_data["phone"]):
            self.add_error("email", _("Give an e-mail address or a telephone number."))


def correct(inquiry: Inquiry, user, values: dict, why: str, request=None) -> list[str]:
    """Puts the details right and returns the names of those that differ.

    The thread and the audit log say which, and never what they were or are. Letters that have not left go to the new address,
    which also gets a link to the page of the inquiry; where it takes the place of another, the links so far end.
    PermissionDenied for whoever may not answer the inquiry.
    """
    with transaction.atomic():
        locked = workflow.lock(inquiry, None)
        if locked.erased_at or not may(user, "answer", locked):
            raise PermissionDenied
        changed = [name for name in FIELDS if getattr(locked, name) != values[name]]
        if not changed:
            return []
        earlier = locked.email
        for name in changed:
            setattr(locked, name, values[name])
        locked.save(update_fields=changed)
        now = timezone.now()
        Message.objects.create(inquiry=locked, kind=Message.Kind.STEP, step="correct", author=user, body=why, written_at=now)
        record(AuditEntry.Action.CORRECT, request=request, user=user, thing=locked, detail=", ".join(changed))
        if "email" in changed and locked.email:
            secret = secrets.token_urlsafe(32)
            if earlier:  # somebody else's mailbox may hold the links so far
                access.settle_on(locked, fingerprint(secret))
                readdress(locked.reference, earlier, locked.email)
            else:
                TrackingLink.objects.create(inquiry=locked, secret_hash=fingerprint(secret), made_at=now)
            access.send(locked, "corrected", secret)
    return changed


def view(model_admin, request, object_id):
    """The form, for those who answer the inquiry; what is refused comes back with its texts."""
    inquiry = model_admin.get_object(request, object_id)
    if inquiry.erased_at or not may(request.user, "answer", inquiry):
        raise PermissionDenied
    form = DetailsForm(request.POST or None, initial={name: getattr(inquiry, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        if correct(inquiry, request.user, values, form.cleaned_data["why"], request):
            messages.success(request, _("The details are corrected."))
        else:
            messages.info(request, _("Nothing differs from what was held."))
        return HttpResponseRedirect(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]), status=303)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Correct the details: %s") % inquiry.reference,
        "inquiry": inquiry,
        "form": form,
    }
    return TemplateResponse(request, "admin/inquiries/inquiry/correct.html", context, status=400 if form.errors else 200)
