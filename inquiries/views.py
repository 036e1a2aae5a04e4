"""The inquiry form, which is never cached."""

import math

from django.db import OperationalError
from django.http import HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bureaus.models import Bureau
from inquiries import clock, deadlines, notice, receiving, spam
from inquiries.form_key import age_of, key_from, new_key, secret_of
from inquiries.forms import InquiryForm, answers_of, first_form, subject_of
from inquiries.limits import free_again, sender_of
from inquiries.uploads import files_again, why_unreadable
from publishing.languages import active_language


class KeepsText(CsrfViewMiddleware):
    """The stock check of the CSRF token; a refused form comes back with its text, ready to be sent again."""

    def _reject(self, request, reason):
        sentence = _("Your browser did not send back the cookie of this form. Your text is still here: press “Send inquiry” once more.")
        return form_again(request, InquiryForm(request.POST), sentence, status=403)


@csrf_exempt  # the token is checked by `checked_form`, after the body has proved to be readable
@require_http_methods(["GET", "HEAD", "POST"])
def form(request):
    """The form, and where it is sent to."""
    if trouble := why_unreadable(request):
        sentence, status = trouble
        return form_again(request, first_form({}), sentence, status=status)
    return checked_form(request)


@decorator_from_middleware(KeepsText)
def checked_form(request):
    if request.method == "POST":
        return sent(request)
    return page(request, first_form(request.GET))


def sent(request):
    """Stores a valid form and leads to its tracking page; every other answer is the form with its text."""
    filled = InquiryForm(request.POST, request.FILES)
    if not filled.is_valid():
        return page(request, filled, status=400 if filled.has_odd_characters else 200)
    signed = filled.cleaned_data["key"]
    key = key_from(signed)
    if key is None:
        return form_again(request, filled, _("Please press “Send inquiry” once more. Your text is still here."))
    if inquiry := receiving.find(key):
        return to_tracking(inquiry, key)
    sender = sender_of(request)
    if wait := free_again(sender, timezone.now()):
        return too_many(request, filled, wait)
    try:
        inquiry = receiving.receive(
            filled.cleaned_data,
            key=key,
            language=active_language(),
            sender=sender,
            spam_reason=spam.reasons(filled.cleaned_data, age_of(signed)),
        )
    except (OperationalError, OSError, Bureau.DoesNotExist):
        sentence = _("We could not store your inquiry just now. Your text is still here: please try again in a minute.")
        return form_again(request, filled, sentence, status=503, headers={"Retry-After": "60"})
    return to_tracking(inquiry, key)


def to_tracking(inquiry, key):
    return uncached(HttpResponseRedirect(reverse("inquiries:tracking", args=[inquiry.reference, secret_of(key)]), status=303))


def too_many(request, filled, wait):
    moment = clock.in_words(wait, active_language())
    sentence = _("You have sent several inquiries in a short time. You can send this one from %s; your text is still here.") % moment
    seconds = math.ceil((wait - timezone.now()).total_seconds())
    return form_again(request, filled, sentence, status=429, headers={"Retry-After": str(max(seconds, 1))})


def form_again(request, filled, sentence, status=200, headers=None):
    """The form with all its text, and a sentence that says what to do."""
    return page(request, filled, sentence, status, headers)


def page(request, filled, sentence="", status=200, headers=None):
    sentence = " ".join(part for part in (sentence, files_again(request)) if part)
    is_wrong = bool(sentence) or (filled.is_bound and not filled.is_valid())
    context = context_of(filled) | {"sentence": sentence, "is_wrong": is_wrong}
    response = render(request, "inquiries/inquiry_form.html", context, status=status)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return uncached(response)


def context_of(filled):
    subject = subject_of(filled)
    try:
        bureau, notice_html = receiving.bureau_of(answers_of(filled, subject)), notice.notice_html()
    except Bureau.DoesNotExist:
        bureau, notice_html = None, ""
    give_key(filled, new_key(notice.notice_hash(notice_html), is_read=filled.is_bound))
    return {
        "form": filled,
        "subject": subject,
        "bureau": bureau,
        "notice": notice_html,
        "steps": what_happens_next(),
        "breadcrumb": [(_("Make an inquiry"), "")],
    }


def give_key(filled, key):
    """A key for a form that has none of ours."""
    if not filled.is_bound:
        filled.initial["key"] = key
    elif key_from(filled.data.get("key", "")) is None:
        filled.data = filled.data.copy()
        filled.data["key"] = key


def what_happens_next():
    """The promise, as `(when, what)`, from the time limits."""
    limits, now = deadlines.limits_of(), timezone.now()
    hours, days = limits.take_hours, limits.answer_days
    due = clock.in_words(clock.add_working_days(now, days), active_language())
    return [
        (_("At once"), _("A reference number and a page of your own, on screen and by e-mail")),
        (ngettext("Within %d working hour", "Within %d working hours", hours) % hours, _("An officer takes up your inquiry")),
        (
            ngettext("Within %d working day", "Within %d working days", days) % days,
            _("A full answer in the language of this page. If you write now: by %s") % due,
        ),
    ]


def uncached(response):
    patch_cache_control(response, no_store=True, private=True)
    return response
