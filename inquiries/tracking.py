"""The investor's page: where the inquiry stands, what was written, and what the investor can do (staff.md section 3).

The page has no sign-in: whoever has its address may read and write (inquiries/access.py). Reading it changes nothing, since
mail scanners open links; everything is done by POST, through the doors of inquiries/investor.py. Nothing here is ever cached.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import decorator_from_middleware
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from bureaus.models import Bureau
from inquiries import access, attachments, clock, conditions, investor
from inquiries.form_key import key_from, new_key, secret_of
from inquiries.letters import phone_contact
from inquiries.limits import sender_of
from inquiries.models import Attempt, Inquiry, Message, TrackingLink, address_refuses
from inquiries.routing import page_asked_on
from inquiries.standing import standing, thread
from inquiries.thread_rights import case_of, for_investor
from inquiries.tracking_forms import ChangeForm, LostForm, RateForm, RenewForm, ReopenForm, TrackingForm, WithdrawForm, WriteForm
from inquiries.uploads import files_again, why_unreadable
from publishing.display import Fact, foreign, public_or_none, stated
from publishing.languages import active_language, text_of

Status = Inquiry.Status


@dataclass(frozen=True)
class Page:
    """A tracking page that was opened with the right address; `link` where that is a new one beside the one before."""

    inquiry: Inquiry
    secret: str
    link: TrackingLink | None

    def address(self, name="tracking", *more, secret="") -> str:
        return reverse(f"inquiries:{name}", args=[self.inquiry.reference, secret or self.secret, *more])


# --- What can be done ---


@dataclass(frozen=True)
class Act:
    """One thing to do. `do(page, said, files)` raises ValidationError, or returns the page's new secret or None.

    With a `title` it is asked on a page of its own, before which stands `text`.
    """

    do: Callable
    done: str
    button: str
    form: type = TrackingForm
    title: str = ""
    text: tuple[str, ...] = ()


def write(page, said, files):
    investor.write(page.inquiry, said["body"], via=Message.Via.PAGE, key=said["key"], files=files)


def reopen(page, said, files):
    investor.reopen(page.inquiry, said["reason"], key=said["key"], files=files)


def withdraw(page, said, files):
    investor.withdraw(page.inquiry, said["reason"], key=said["key"])


def rate(page, said, files):
    if page.inquiry.rating != said["grade"]:  # the same grade again: pressed twice
        investor.rate(page.inquiry, said["grade"], said["text"])


def change(page, said, files):
    thing = investor.what_can_be_changed(page.inquiry)
    if thing is None or str(thing.pk) != said["what"]:
        raise ValidationError(_("This text can no longer be changed. Please write another message."))
    investor.change(thing, said["body"], said["was"])


def erase(page, said, files):
    investor.ask_to_erase(page.inquiry)


def renew(page, said, files):
    key = key_from(said["key"])
    if key is None:
        raise ValidationError(_("Please press “New address for this page” once more."))
    access.renew(page.inquiry, secret_of(key))
    return secret_of(key)


def only(page, said, files):
    """Whatever is sent from a new address ends the one before: nothing more is to be done."""


ACTS = {
    "write": Act(write, gettext_lazy("Your message is with the bureau."), gettext_lazy("Send message"), WriteForm),
    "reopen": Act(
        reopen, gettext_lazy("Your inquiry is open again. The bureau has been told."), gettext_lazy("Reopen the inquiry"), ReopenForm
    ),
    "rate": Act(rate, gettext_lazy("Thank you for your rating."), gettext_lazy("Send rating"), RateForm),
    "withdraw": Act(
        withdraw,
        gettext_lazy("Your inquiry is withdrawn. Nobody will work on it any longer."),
        gettext_lazy("Withdraw the inquiry"),
        WithdrawForm,
        gettext_lazy("Withdraw your inquiry?"),
        (
            gettext_lazy("The bureau is told, and nobody works on it any longer."),
            gettext_lazy("What was written stays on your page. Within 30 days you can open it again there."),
        ),
    ),
    "change": Act(
        change, gettext_lazy("Your text is changed."), gettext_lazy("Save the text"), ChangeForm, gettext_lazy("Change your text")
    ),
    "erase": Act(
        erase,
        gettext_lazy("We have your request to delete your details."),
        gettext_lazy("Ask to have my details deleted"),
        TrackingForm,
        gettext_lazy("Delete your details?"),
        (
            gettext_lazy("If the inquiry is still open, it ends: nobody answers it any longer."),
            gettext_lazy(
                "A member of staff checks your request and confirms the deletion. Then your name, your e-mail address and telephone "
                "number, all messages and all files are gone, and this page is empty. This cannot be undone."
            ),
            gettext_lazy(
                "What stays holds no personal details: the reference, the dates, the topic, the bureau, the result and your rating."
            ),
        ),
    ),
    "renew": Act(
        renew,
        gettext_lazy("This is the new address of your page. All earlier addresses have ended. Keep this one."),
        gettext_lazy("New address for this page"),
        RenewForm,
    ),
    "only": Act(only, gettext_lazy("This is now the only address of your page. Keep it."), gettext_lazy("End the earlier address")),
}


def offered(page) -> set[str]:
    """What the page offers to do now. Each act checks for itself whether it is possible."""
    inquiry, case = page.inquiry, case_of(page.inquiry)
    if inquiry.erased_at:
        return set()
    is_closed = case.status == Status.CLOSED or inquiry.status == Status.CLOSED
    found = {"renew"}
    if not inquiry.erasures.filter(done_at=None).exists():
        found.add("erase")
        if not conditions.why_not_write(inquiry, timezone.now()):
            found.add("reopen" if is_closed else "write")
        if is_closed and not inquiry.rated_at:
            found.add("rate")
        if not is_closed:
            found.add("withdraw")
        if not is_closed and investor.what_can_be_changed(inquiry):
            found.add("change")
    return found


# --- The door ---


def private(view):
    """Only with the right address: the view gets a `Page`. Kept out of caches, search engines and referrers."""

    @wraps(view)
    def opened(request, reference, secret, **more):
        inquiry, link = access.find(reference, secret)
        if inquiry is None:
            response = moved(request, reference) if more.get("name") == "renew" else refused(request)
        else:
            response = view(request, Page(inquiry, secret, link), **more)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        patch_cache_control(response, no_store=True, private=True)
        return response

    return opened


def refused(request):
    """The same for a wrong secret and an unknown reference: not found; after many tries, not so fast.

    Counting them is the one thing that a GET of a public page writes. A right address always opens: it is long enough not
    to be guessed, and its owner may share a network with whoever tries.
    """
    sender = sender_of(request)
    if wait := access.free_again(Attempt.Kind.WRONG, sender):
        response = render(request, "429.html", {"noindex": True}, status=429)
        response.headers["Retry-After"] = seconds_until(wait)
        return response
    if sender:
        access.note_try(Attempt.Kind.WRONG, sender)
    raise Http404


def moved(request, reference):
    """“New address” pressed twice: the second press comes from an address that has just ended."""
    key = key_from(request.POST.get("key", "")) if request.method == "POST" else None
    secret = secret_of(key) if key else ""
    inquiry, link = access.find(reference, secret) if secret else (None, None)
    if inquiry is None:
        return refused(request)
    return HttpResponseRedirect(Page(inquiry, secret, link).address() + "?done=renew", status=303)


def seconds_until(moment) -> str:
    return str(max(math.ceil((moment - timezone.now()).total_seconds()), 1))


# --- The page ---


@require_safe
@private
def tracking(request, page):
    return show(request, page)


def show(request, page, bound=None, sentence="", status=200):
    """The page; `bound` is `(name of the act, its form)` where something was sent and not done, and `sentence` says why."""
    name, form = bound or ("", None)
    if name in ACTS and ACTS[name].title:
        return ask(request, page, name, form, sentence, status)
    acts = offered(page)
    forms = {one: ACTS[one].form(auto_id=f"{one}_%s") for one in ("write", "reopen", "rate") if one in acts}
    if form is not None and name in ("write", "reopen", "rate"):
        forms[name] = form
    inquiry, now = page.inquiry, timezone.now()
    stands = standing(inquiry, now)
    context = page_of(page) | {
        "breadcrumb": [(_("Make an inquiry"), reverse("inquiries:form")), (inquiry.reference, "")],
        "stands": stands,
        "contact": phone_contact(stands.bureau),
        "about": [] if inquiry.erased_at else about(inquiry),
        "thread": thread(inquiry, investor.what_can_be_changed(inquiry) if "change" in acts else None),
        "undelivered": any(message.is_undelivered for message in for_investor(inquiry).select_related("letter")),
        "address_refuses": address_refuses(inquiry),
        "received": clock.in_words(inquiry.received_at, active_language()),
        "erasure": inquiry.erasures.filter(done_at=None).first(),
        "acts": acts,
        "forms": forms,
        "renewal": RenewForm(initial={"key": new_key()}, auto_id=False) if "renew" in acts else None,
        "refused": form,
        "sentence": sentence,
        "is_wrong": bool(sentence or (form is not None and form.errors)),
        "done": ACTS[request.GET["done"]].done if request.GET.get("done") in ACTS and not bound else "",
        "buttons": {one: ACTS[one].button for one in ACTS},
    }
    return render(request, "inquiries/inquiry_tracking.html", context, status=status)


def about(inquiry) -> list[Fact]:
    """What it is about and whose it is, as the form said. An item that is no longer public is not named."""
    facts = [Fact(capfirst(_("topic")), inquiry.get_topic_display())]
    named = [(_("land or building"), inquiry.listing), (_("project"), inquiry.project), (_("park"), inquiry.park)]
    facts += [linked(label, thing) for label, thing in named if public_or_none(thing)]
    if len(facts) == 1 and inquiry.district:
        facts.append(Fact(capfirst(_("district")), inquiry.district.name))
    if item := page_asked_on(inquiry):
        facts.append(linked(_("Asked on the page"), item))
    return facts + stated([Fact(capfirst(pgettext("person", "name")), ", ".join(filter(None, [inquiry.name, inquiry.organization])))])


def linked(label, thing) -> Fact:
    title, language = text_of(thing, "title")
    return Fact(capfirst(label), format_html('<a href="{}">{}</a>', thing.get_absolute_url(), title), "", foreign(language))


def ask(request, page, name, form=None, sentence="", status=200):
    """The page of one act: what it means, and a button."""
    act, inquiry = ACTS[name], page.inquiry
    newer = newer_wording(page, form) if name == "change" else ""
    if form is None or newer:
        form = act.form(initial=first_of(page, name) | ({"body": form["body"].value()} if newer else {}))
    context = page_of(page) | {
        "breadcrumb": [(_("Make an inquiry"), reverse("inquiries:form")), (inquiry.reference, page.address()), (act.title, "")],
        "name": name,
        "act": act,
        "newer": newer,
        "form": form,
        "sentence": sentence,
        "is_wrong": bool(sentence or form.errors),
    }
    return render(request, "inquiries/tracking_act.html", context, status=status)


def page_of(page) -> dict:
    return {"inquiry": page.inquiry, "secret": page.secret, "link": page.link, "page_address": page.address()}


def first_of(page, name) -> dict:
    if name != "change":
        return {}
    thing = investor.what_can_be_changed(page.inquiry)
    return {"what": str(thing.pk), "was": investor.mark_of(thing), "body": investor.wording_of(thing)}


def newer_wording(page, form) -> str:
    """The wording as it stands now, where the form that was sent shows an earlier one."""
    if form is None or not form.is_bound or form.errors:
        return ""
    said, thing = form.cleaned_data, investor.what_can_be_changed(page.inquiry)
    if thing is None or str(thing.pk) != said["what"] or said["was"] in ("", investor.mark_of(thing)):
        return ""
    return investor.wording_of(thing)


# --- What is sent from it ---


class KeepsText(CsrfViewMiddleware):
    """The stock check of the CSRF token; what was typed comes back with the refusal, ready to be sent again.

    The page sends no referrer, and a browser that sends none names no origin either: `null` is what it says then.
    """

    def _origin_verified(self, request):
        return request.META.get("HTTP_ORIGIN") == "null" or super()._origin_verified(request)

    def _reject(self, request, reason):
        page, name = request.from_page
        sentence = _("Your browser did not send back the cookie of this form. Your text is still here: press the button once more.")
        return again(request, page, name, sentence, 403)


@csrf_exempt  # the token is checked by `checked`, after the body has proved to be readable
@require_http_methods(["GET", "HEAD", "POST"])
@private
def act(request, page, name):
    """Something is done, or asked on its own page. By GET, or where it is not possible, the way leads to the page itself."""
    if name not in ACTS:
        raise Http404
    if request.method != "POST":
        return ask(request, page, name) if ACTS[name].title and name in offered(page) else HttpResponseRedirect(page.address())
    request.from_page = page, name
    if trouble := why_unreadable(request):
        sentence, status = trouble
        return again(request, page, name, sentence, status)
    return checked(request)


@decorator_from_middleware(KeepsText)
def checked(request):
    page, name = request.from_page
    sender = sender_of(request)
    if wait := access.free_again(Attempt.Kind.POST, sender, page.inquiry):
        sentence = _("You have sent a great deal within an hour. You can go on from %s; your text is still here.")
        response = again(request, page, name, sentence % clock.in_words(wait, active_language()), 429)
        response.headers["Retry-After"] = seconds_until(wait)
        return response
    access.note_try(Attempt.Kind.POST, sender, page.inquiry)
    form = ACTS[name].form(request.POST, request.FILES, auto_id=id_of(name))
    if not form.is_valid():
        return show(request, page, (name, form), files_again(request))
    return do(request, page, name, form)


def do(request, page, name, form):
    """Does what a valid form asks for, once, and leads back to the page."""
    try:
        with attachments.stored(form.cleaned_data.get("files", [])) as files:
            secret = ACTS[name].do(page, form.cleaned_data, files)
        if page.link and secret is None:
            access.settle_on(page.inquiry, page.link.secret_hash)
    except ValidationError as error:
        page.inquiry.refresh_from_db()
        return show(request, page, (name, form), " ".join(error.messages))
    except (OperationalError, OSError):
        response = again(
            request, page, name, _("We could not store this just now. Your text is still here: please try again in a minute."), 503
        )
        response.headers["Retry-After"] = "60"
        return response
    return HttpResponseRedirect(page.address(secret=secret or "") + f"?done={name}", status=303)


def again(request, page, name, sentence, status):
    """The page with what was typed, not judged, and a sentence that says what to do."""
    form_class = ACTS[name].form
    typed = {field: request.typed[field] for field in form_class.base_fields if field in request.typed}
    form = form_class(initial=typed, auto_id=id_of(name))
    return show(request, page, (name, form), " ".join(part for part in (sentence, files_again(request)) if part), status)


def id_of(name) -> str:
    return "id_%s" if ACTS[name].title else f"{name}_%s"


@require_safe
@private
def file(request, page, pk):
    return attachments.for_the_investor(page.inquiry, pk)


# --- The link is lost ---


@require_http_methods(["GET", "HEAD", "POST"])
def lost(request):
    """A new link by mail. The answer is the same whether or not there is such an inquiry."""
    form, sentence, is_sent, headers, status = LostForm(request.POST or None), "", False, {}, 200
    if request.method == "POST" and form.is_valid():
        sender = sender_of(request)
        if wait := access.free_again(Attempt.Kind.LOST, sender):
            sentence = _("You have asked several times in a short time. You can ask again from %s.") % clock.in_words(
                wait, active_language()
            )
            headers, status = {"Retry-After": seconds_until(wait)}, 429
        else:
            access.note_try(Attempt.Kind.LOST, sender)
            access.ask_for_link(form.cleaned_data["reference"], form.cleaned_data["email"], nobodys(form.cleaned_data["email"]))
            is_sent = True
    context = {
        "form": form,
        "sentence": sentence,
        "is_sent": is_sent,
        "is_wrong": bool(sentence or (form.is_bound and form.errors)),
        "breadcrumb": [(_("Make an inquiry"), reverse("inquiries:form")), (_("Lost the link?"), "")],
    }
    response = render(request, "inquiries/lost_link.html", context, status=status)
    for header, value in headers.items():
        response.headers[header] = value
    patch_cache_control(response, no_store=True, private=True)
    return response


def nobodys(email) -> Inquiry:
    """An inquiry that is not stored: with it the work is done that a right pair would cause."""
    now, bureau = timezone.now(), Bureau.objects.order_by("-takes_unrouted", "pk").first()
    return Inquiry(reference="ZQ-0000-0000", bureau=bureau, email=email, language=active_language(), received_at=now, answer_by=now)
