"""The page of one inquiry for staff: the thread, the facts, and a form for each step that is open to the person."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bureaus.audit import Action, record
from bureaus.rights import may
from bureaus.staff import PUT_BACK, TYPED_BEFORE
from bureaus.text import TextField, clean_line
from inquiries import clock, workflow
from inquiries.inbox import due_in_words, short
from inquiries.letters import answerers
from inquiries.models import Inquiry, Message
from outbox.models import Letter

# What the thread says of a step that somebody took.
TAKEN = {
    "take": gettext_lazy("took it"),
    "assign": gettext_lazy("assigned it to"),
    "close": gettext_lazy("closed it:"),
    "spam": gettext_lazy("moved it to spam"),
    "not_spam": gettext_lazy("brought it back from spam"),
    "calendar": gettext_lazy("The calendar of working days changed; answer due:"),
}
# Steps whose text another officer's reply may overtake.
ANSWERS = {"reply", "ask", "call"}
TEXTS = ("reply", "note")
# Key in the session: the inquiry to whose page a step leads back.
BACK_FROM_STEP = "back_from_step"


class Person(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.get_full_name() or person.get_username()


class CaseForm(forms.Form):
    """Everything the page can send; each step looks at what it asks for."""

    reply = TextField(label=gettext_lazy("Answer"), required=False, max_length=20_000)
    note = TextField(label=gettext_lazy("Note"), required=False, max_length=20_000)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    assignee = Person(label=gettext_lazy("Officer"), queryset=get_user_model().objects.none(), required=False, empty_label=None)
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=Inquiry.Result.choices, required=False)
    result_note = TextField(label=gettext_lazy("Explanation for the investor"), required=False, max_length=500)

    def __init__(self, inquiry, *args, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)
        people = [held.user_id for held in answerers(inquiry.bureau)]
        officers = get_user_model().objects.filter(pk__in=people)
        self.fields["assignee"].queryset = officers.order_by("last_name", "first_name", "username", "pk")
        self.fields["reply"].widget.attrs |= {"rows": 10, "dir": "auto"}
        self.fields["note"].widget.attrs |= {"rows": 3, "dir": "auto"}
        self.fields["result_note"].widget.attrs["rows"] = 2

    def clean_result_note(self):
        return clean_line(" ".join(self.cleaned_data["result_note"].split()))

    def wrong_for(self, step: workflow.Step) -> list[str]:
        """What stops this step: errors of the texts and of what it asks for; the rest of the page does not matter."""
        matter = {*TEXTS, "key", "seen", *step.asks}
        return [error for name, errors in self.errors.items() if name in matter for error in errors]

    def details(self, step: str) -> workflow.Details:
        said = self.cleaned_data
        box = box_of(step)
        return workflow.Details(
            body=said[box] if box else "",
            key=said["key"] if box else None,
            assignee=said.get("assignee"),
            result=said.get("result", ""),
            result_note=said.get("result_note", ""),
        )


def box_of(step: str) -> str:
    """The box whose text a step takes."""
    return "note" if step == "note" else "reply" if step in ANSWERS else ""


def show_case(model_admin, request, inquiry, form=None, status=200):
    """The page. `form` comes back with its texts where a step was refused or left another text unsent."""
    thread = list(inquiry.messages.select_related("author", "letter"))
    due, is_late = due_in_words(inquiry, timezone.now())
    steps = {step.name: step for step in workflow.available_steps(inquiry, request.user)}
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{inquiry.reference} · {inquiry.name}",
        "inquiry": inquiry,
        "thread": [in_words(message) for message in thread],
        "due": due,
        "is_late": is_late,
        "received": short(inquiry.received_at),
        "taken_due": short(clock.taken_due(inquiry.received_at)),
        "answer_due": short(inquiry.answer_by),
        "steps": steps,
        "answers": [steps[name] for name in ("reply", "ask", "call") if name in steps],
        "form": form or CaseForm(inquiry, initial=fresh(inquiry)),
        "undelivered": any(is_undelivered(message) for message in thread),
        "may_see_mail": may(request.user, "see mail", inquiry),
    }
    return TemplateResponse(request, "admin/inquiries/inquiry/case.html", context, status=status)


def take_step(model_admin, request, object_id, name):
    """Takes a step and leads back to the page; where it is refused, the page comes back with its texts and says why."""
    inquiry = model_admin.get_object(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if name not in workflow.STEP_NAMED:
        raise Http404
    step, form = workflow.STEP_NAMED[name], CaseForm(inquiry, request.POST)
    if PUT_BACK in request.POST:
        return refused(model_admin, request, inquiry, form, [TYPED_BEFORE])
    if wrong := form.wrong_for(step):
        return refused(model_admin, request, inquiry, form, wrong)
    if name in ANSWERS and (newer := answered_meanwhile(inquiry, form, request.user)):
        return refused(model_admin, request, inquiry, form, [newer])
    had_it = inquiry.assignee_id
    try:
        with transaction.atomic():
            workflow.take(inquiry, name, request.user, form.details(name))
            if inquiry.assignee_id not in (None, had_it):
                record(Action.ASSIGN, request=request, thing=inquiry, detail=inquiry.assignee.get_username())
    except ValidationError as error:
        inquiry.refresh_from_db()
        return refused(model_admin, request, inquiry, form, error.messages)
    messages.success(request, step.done)
    if rest := unsent(form, name):
        return show_case(model_admin, request, inquiry, CaseForm(inquiry, initial=fresh(inquiry) | rest))
    request.session[BACK_FROM_STEP] = inquiry.pk
    return HttpResponseRedirect(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]), status=303)


def is_back_from_step(request, inquiry) -> bool:
    """Whether the page comes back after the person's own step: they have had it open all along."""
    return BACK_FROM_STEP in request.session and request.session.pop(BACK_FROM_STEP) == inquiry.pk


def refused(model_admin, request, inquiry, form, sentences):
    for sentence in sentences:
        messages.error(request, sentence)
    typed = {name: form.data.get(name, "") for name in form.fields}
    return show_case(model_admin, request, inquiry, CaseForm(inquiry, initial=typed | {"seen": open_messages(inquiry).count()}), status=400)


def fresh(inquiry) -> dict:
    """The number of the next message, and how many messages to and from the investor the page shows."""
    return {"key": uuid.uuid4(), "seen": open_messages(inquiry).count(), "assignee": inquiry.assignee_id}


def unsent(form, name) -> dict:
    """The text in the other box, which this step did not take."""
    return {box: form.cleaned_data[box] for box in TEXTS if box != box_of(name) and form.cleaned_data[box]}


def open_messages(inquiry):
    return inquiry.messages.filter(kind__in=Message.OPEN_KINDS).order_by("written_at", "pk")


def answered_meanwhile(inquiry, form, user) -> str:
    """Says so where somebody else has written to the investor since this page was opened."""
    seen, key = form.cleaned_data["seen"], form.cleaned_data["key"]
    if seen is None or open_messages(inquiry).filter(pk=key).exists():
        return ""
    others = [message for message in open_messages(inquiry).select_related("author")[seen:] if message.author != user]
    if not others:
        return ""
    minutes = int((timezone.now() - others[-1].written_at).total_seconds() // 60)
    ago = ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    return _("%(who)s wrote to the investor %(ago)s. Read it before you send yours; your text is still here.") % {
        "who": name_of(others[-1].author) or _("The investor"),
        "ago": ago,
    }


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


def is_undelivered(message) -> bool:
    letter = message.letter
    return bool(letter and letter.tries and letter.state != Letter.State.SENT)


def in_words(message) -> dict:
    """One entry of the thread as the page shows it."""
    return {
        "message": message,
        "who": name_of(message.author),
        "step": TAKEN.get(message.step, message.step) if message.kind == Message.Kind.STEP else "",
        "is_undelivered": is_undelivered(message),
    }
