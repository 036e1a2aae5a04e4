"""The inquiry form and the investor's tracking page. Neither is ever cached."""

import math

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.crypto import constant_time_compare
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from bureaus.models import Bureau
from inquiries import clock, deadlines, notice, receiving
from inquiries.form_key import fingerprint, is_too_young, key_from, new_key, secret_of
from inquiries.forms import InquiryForm, first_form, subject_of
from inquiries.letters import phone_contact
from inquiries.limits import free_again, sender_of
from inquiries.models import Inquiry, Message, undelivered
from inquiries.routing import bureau_for
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
    try:
        _readable = request.POST
    except RequestDataTooBig:
        sentence = _("What you sent is too large. Write at most 5,000 characters, without files.")
        return form_again(request, first_form({}), sentence, status=413)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        sentence = _("What your browser sent could not be read. Please fill in the form here.")
        return form_again(request, first_form({}), sentence, status=400)
    return checked_form(request)


@decorator_from_middleware(KeepsText)
def checked_form(request):
    if request.method == "POST":
        return sent(request)
    return page(request, first_form(request.GET))


def sent(request):
    """Stores a valid form and leads to its tracking page; every other answer is the form with its text."""
    filled = InquiryForm(request.POST)
    if not filled.is_valid():
        return page(request, filled, status=400 if filled.has_odd_characters else 200)
    signed = filled.cleaned_data["key"]
    key = key_from(signed)
    if key is None or is_too_young(signed):
        return form_again(request, filled, _("Please press “Send inquiry” once more. Your text is still here."))
    if inquiry := receiving.find(key):
        return to_tracking(inquiry, key)
    sender = sender_of(request)
    if wait := free_again(sender, timezone.now()):
        return too_many(request, filled, wait)
    try:
        inquiry = receiving.receive(
            filled.cleaned_data, key=key, language=active_language(), sender=sender, is_spam=bool(filled.cleaned_data["website"])
        )
    except (OperationalError, Bureau.DoesNotExist):
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
    is_wrong = bool(sentence) or (filled.is_bound and not filled.is_valid())
    context = context_of(filled) | {"sentence": sentence, "is_wrong": is_wrong}
    response = render(request, "inquiries/inquiry_form.html", context, status=status)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return uncached(response)


def context_of(filled):
    subject = subject_of(filled)
    try:
        bureau, notice_html = receiver(filled, subject), notice.notice_html()
    except Bureau.DoesNotExist:
        bureau, notice_html = None, ""
    give_key(filled, new_key(notice.notice_hash(notice_html)))
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


def receiver(filled, subject):
    """Who would get the inquiry as the form stands."""
    values = filled.cleaned_data if filled.is_bound and filled.is_valid() else filled.initial
    return bureau_for(topic=values.get("topic", ""), about=values.get("about", ""), listing=subject, park=values.get("park"))


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


@require_safe
def tracking(request, reference, secret):
    """The inquiry as its sender may see it. A wrong secret and an unknown reference get the same answer."""
    inquiry = with_secret(reference, secret)
    messages = inquiry.messages.filter(kind__in=Message.OPEN_KINDS).select_related("author", "letter")
    context = {
        "inquiry": inquiry,
        "breadcrumb": [(_("Make an inquiry"), reverse("inquiries:form")), (inquiry.reference, "")],
        "contact": phone_contact(inquiry.bureau),
        "thread": messages,
        "undelivered": undelivered(Inquiry.objects.filter(pk=inquiry.pk)).exists(),
        "received": clock.in_words(inquiry.received_at, active_language()),
        "answer_by": clock.in_words(inquiry.answer_by, active_language()),
        "is_late": inquiry.is_overdue(timezone.now()),
    }
    response = render(request, "inquiries/inquiry_tracking.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return uncached(response)


def with_secret(reference, secret) -> Inquiry:
    """The inquiry of that reference and secret, compared in constant time; Http404 otherwise."""
    related = ("bureau", "assignee", "park", "listing", "project", "district")
    inquiry = Inquiry.objects.select_related(*related).filter(reference=reference).first()
    is_right = constant_time_compare(fingerprint(secret), inquiry.secret_hash if inquiry else "0" * 64)
    if inquiry is None or not is_right:
        raise Http404
    return inquiry


def uncached(response):
    patch_cache_control(response, no_store=True, private=True)
    return response
