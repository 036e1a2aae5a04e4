"""The page of one inquiry for staff: the thread, the facts, and a form for each step that is open to the person."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureaus.audit import Action, record
from bureaus.rights import may
from bureaus.staff import PUT_BACK, TYPED_BEFORE
from inquiries import (
    attachments,
    canned,
    case_words,
    erasing,
    following_up,
    letters,
    new_project,
    public_answers,
    readers,
    resemblance,
    spam,
    workflow,
)
from inquiries.case_form import ANSWERS, BOXES, CLOSING, CaseForm
from inquiries.case_words import name_of
from inquiries.inbox import due_in_words, short
from inquiries.models import FollowUp, Message, address_refuses
from inquiries.steps import extensions, merging, transfers

# How a standard reply comes to a box that holds a text already.
BELOW, REPLACE = "below", "replace"
# Steps that somebody waits for: they stand above the thread.
DECISIONS = ("confirm_transfer", "decline_transfer", "accept_transfer", "grant_extension", "refuse_extension")
# Steps that are rare: each folded behind its name.
RARE = ("propose_transfer", "transfer", "refuse_transfer", "ask_extension", "merge", "unmerge", "reopen", "spam")
# Steps after which another bureau has it; from the third time on some of them lead to the city bureau.
THIRD_MOVES = ("transfer", "confirm_transfer", "accept_transfer")
MOVES = (*THIRD_MOVES, "refuse_transfer")
# Key in the session: the inquiry to whose page a step leads back.
BACK_FROM_STEP = "back_from_step"


def show_case(model_admin, request, inquiry, form=None, status=200, **more):
    """The page. `form` comes back with its texts where a step was refused or left another text unsent."""
    user, now = request.user, timezone.now()
    thread = case_words.thread(inquiry, user)
    due, is_late = due_in_words(inquiry, now)
    buttons = {step.name: {"step": step, "why_not": why_not} for step, why_not in workflow.buttons(inquiry, user)}
    open_ones = {name: button["step"] for name, button in buttons.items() if not button["why_not"]}
    form = form or CaseForm(inquiry, user, initial=fresh(inquiry))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": str(inquiry),
        "inquiry": inquiry,
        "state": case_words.state_of(inquiry),
        "thread": thread,
        "due": due,
        "is_late": is_late,
        "received": short(inquiry.received_at),
        "clocks": case_words.clocks(inquiry, now),
        "buttons": buttons,
        "steps": open_ones,
        "answers": [open_ones[name] for name in ("reply", "update", "ask", "call") if name in open_ones],
        "has_decision": any(name in buttons for name in DECISIONS),
        "has_rare": any(name in buttons for name in RARE),
        "strangers": strangers(inquiry, user, now),
        "proposal": transfers.proposal_of(inquiry),
        "city_instead": transfers.city_instead(inquiry, user),
        "asked_extension": extensions.asked_of(inquiry),
        "pauses": list(inquiry.pauses.order_by("started_at", "pk")),
        "extensions": list(inquiry.extensions.select_related("asked_by", "decided_by").order_by("asked_at", "pk")),
        "transfers": list(inquiry.transfers.select_related("from_bureau", "to_bureau", "decided_by").order_by("proposed_at", "pk")),
        "answers_later": "update" in open_ones and canned.promises_later(inquiry, form.initial.get("reply") or ""),
        "form": form,
        "reasons": form.reasons(),
        "sentences": form.sentences(),
        "letter_around": letters.around(inquiry, "reply", user) if "reply" in open_ones and inquiry.email else None,
        "tasks": [(task, note, following_up.may_finish(task, user), task.due_at < now) for task, note in form.task_notes()],
        "undelivered": any(entry.message and entry.message.is_undelivered for entry in thread),
        "address_refuses": address_refuses(inquiry),
        "erasure": erasing.open_erasure(inquiry),
        "may_see_mail": may(user, "see mail", inquiry),
        "may_answer": may(user, "answer", inquiry),
        "duplicates": resemblance.possible_duplicates(inquiry, user),
        "earlier": resemblance.earlier_of_same_person(inquiry, user),
        "readers": readers.readers_of(inquiry, user),
        "spam_reasons": spam.in_words(inquiry.spam_reason),
        "may_see_person": may(user, "request erasure", inquiry),
        **kept_replies(inquiry, user, open_ones),
        **new_project.of_case(inquiry, user),
        **public_answers.of_case(inquiry, user),
        **more,
    }
    return TemplateResponse(request, "admin/inquiries/inquiry/case.html", context, status=status)


def strangers(inquiry, user, now) -> list[tuple]:
    """Inquiries of other people merged into this one: (inquiry, when its answer is due or came, is that late, may it be opened)."""
    rows = []
    for other in merging.strangers(inquiry):
        due, is_late = due_in_words(other, now)
        words = due or (_("answered %s") % short(other.answered_at) if other.answered_at else "")
        rows.append((other, words, is_late, may(user, "answer", other)))
    return rows


def kept_replies(inquiry, user, steps) -> dict:
    """The first few replies that fit, and the others, where the person may write to the investor."""
    fitting = canned.fitting(inquiry, user) if not ANSWERS.isdisjoint(steps) else []
    return {"kept_first": fitting[: canned.SHOWN_FIRST], "kept_more": fitting[canned.SHOWN_FIRST :]}


def take_step(model_admin, request, object_id, name):
    """Takes a step and leads back to the page; where it is refused, the page comes back with its texts and says why."""
    inquiry = model_admin.get_object(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if name not in workflow.STEP_NAMED:
        raise Http404
    step, form = workflow.STEP_NAMED[name], CaseForm(inquiry, request.user, request.POST, request.FILES)
    is_third = name in THIRD_MOVES and transfers.city_instead(inquiry, request.user) is not None
    if PUT_BACK in request.POST:
        return refused(model_admin, request, inquiry, form, [TYPED_BEFORE], name)
    if wrong := form.wrong_for(step):
        return refused(model_admin, request, inquiry, form, wrong, name)
    if name in ANSWERS and (sentences := [sentence for sentence in before_sending(inquiry, form, step, request.user) if sentence]):
        return refused(model_admin, request, inquiry, form, sentences, name)
    try:
        take(request, inquiry, step, form)
    except ValidationError as error:
        inquiry.refresh_from_db()
        return refused(model_admin, request, inquiry, form, error.messages, name)
    messages.success(request, done_in_words(step, inquiry, is_third))
    return after(model_admin, request, inquiry, form, form.fields_of(step))


def done_in_words(step, inquiry, is_third) -> str:
    """Where it has moved the sentence names the bureau, above all where that is not the one that was chosen."""
    if step.name not in MOVES:
        return step.done
    words = {"bureau": inquiry.bureau.name}
    if is_third:
        return _("Transferred to %(bureau)s: a third transfer always goes there. The investor is told who has it now.") % words
    return _("It is with %(bureau)s now. The investor is told.") % words


def take(request, inquiry, step, form):
    """A step, with its line in the audit log where somebody else has it then; a note's files come in the same transaction."""
    details, had_it = form.details(step), inquiry.assignee_id
    files = form.judged_files() if step.name == "note" else []
    with attachments.stored(files) as rows, transaction.atomic():
        workflow.take(inquiry, step.name, request.user, details)
        if inquiry.assignee_id not in (None, had_it):
            record(Action.ASSIGN, request=request, thing=inquiry, detail=inquiry.assignee.get_username())
        if rows:
            note = Message.objects.get(pk=details.key)
            if not note.attachments.exists():
                attachments.attach(note, rows)


def after(model_admin, request, inquiry, form, taken):
    """Back to the page; with what else was typed in it, where that would be lost."""
    inquiry = model_admin.get_queryset(request).filter(pk=inquiry.pk).first()
    if inquiry is None:  # at another bureau now
        return HttpResponseRedirect(reverse("admin:inquiries_inquiry_changelist"), status=303)
    rest = {name: form.data[name] for name in form.texts() if name not in taken and form.data.get(name, "").strip()}
    if "result_note" in rest:
        rest |= {name: form.data.get(name, "") for name in CLOSING}
    if rest:
        return show_case(model_admin, request, inquiry, CaseForm(inquiry, request.user, initial=fresh(inquiry) | rest))
    request.session[BACK_FROM_STEP] = inquiry.pk
    return HttpResponseRedirect(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]), status=303)


def finish_task(model_admin, request, object_id, task_id):
    """A follow-up is done."""
    inquiry = model_admin.get_object(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    task = FollowUp.objects.filter(pk=task_id, inquiry=inquiry).select_related("inquiry").first()
    if task is None:
        raise Http404
    form, name = CaseForm(inquiry, request.user, request.POST), f"task_{task.pk}"
    form.is_valid()
    if PUT_BACK in request.POST:
        return refused(model_admin, request, inquiry, form, [TYPED_BEFORE])
    try:
        following_up.finish(task, request.user, form.cleaned_data.get(name, ""))
    except ValidationError as error:
        return refused(model_admin, request, inquiry, form, [*form.errors.get(name, []), *error.messages][:1])
    messages.success(request, _("Done, and noted in the thread."))
    return after(model_admin, request, inquiry, form, [name])


def put_in(model_admin, request, object_id, reply_id):
    """A standard reply comes into the box. A text that stands there already stays until the person says what is to become of it."""
    inquiry = model_admin.get_object(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    steps = {step.name for step in workflow.available_steps(inquiry, request.user)}
    kept = next((one for one in canned.fitting(inquiry, request.user) if one.pk == reply_id), None)
    if kept is None or ANSWERS.isdisjoint(steps):
        raise Http404
    typed, how = typed_in(CaseForm(inquiry, request.user, request.POST)), request.POST.get("how", "")
    written, typed["assignee"] = typed["reply"].strip(), inquiry.assignee_id
    if written and written.replace("\r\n", "\n") != kept.text.strip() and how not in (BELOW, REPLACE):
        more = {"kept_asked": kept}
    else:
        typed["reply"] = f"{written}\n\n{kept.text}" if how == BELOW else kept.text
        more = {"kept_put_in": kept}
        if kept.left:
            messages.warning(request, _("Fill in by hand, nothing is known for it: %s") % " ".join(kept.left))
    return show_case(model_admin, request, inquiry, CaseForm(inquiry, request.user, initial=typed), **more)


def is_back_from_step(request, inquiry) -> bool:
    """Whether the page comes back after the person's own step: they have had it open all along."""
    return BACK_FROM_STEP in request.session and request.session.pop(BACK_FROM_STEP) == inquiry.pk


def refused(model_admin, request, inquiry, form, sentences, step=""):
    """The page once more. Who answers is chosen anew unless that was the step: it may have changed since the page was opened."""
    for sentence in sentences:
        messages.error(request, sentence)
    typed = typed_in(form) | {"seen": open_messages(inquiry).count()}
    typed |= {} if step == "assign" else {"assignee": inquiry.assignee_id}
    return show_case(model_admin, request, inquiry, CaseForm(inquiry, request.user, initial=typed), status=400)


def typed_in(form) -> dict:
    typed = {name: form.data.get(name, "") for name in form.fields}
    return typed | ({"target": form.data["other"]} if form.data.get("other") else {})


def fresh(inquiry) -> dict:
    """The number of the next message, and how many messages to and from the investor the page shows."""
    return {"key": uuid.uuid4(), "seen": open_messages(inquiry).count(), "assignee": inquiry.assignee_id}


def open_messages(inquiry):
    return inquiry.messages.filter(kind__in=Message.OPEN_KINDS).order_by("written_at", "pk")


def before_sending(inquiry, form, step, user):
    """What a person must know before a text leaves."""
    yield answered_meanwhile(inquiry, form, step, user)
    if step.name == "reply" and not form.cleaned_data["is_answer"] and is_update(inquiry, form.cleaned_data["reply"], user):
        yield _("This text promises an answer later: send it as an update, or tick that it is the answer.")
    if marks := canned.open_marks(form.cleaned_data["reply"]):
        yield _("The text still holds marks in braces: %s. Fill them in, or take the braces away.") % " ".join(marks)


def is_update(inquiry, text, user) -> bool:
    """Whether a text only says that the answer is still to come, while one is waited for."""
    update = workflow.STEP_NAMED["update"]
    return update in workflow.available_steps(inquiry, user) and canned.promises_later(inquiry, text)


def answered_meanwhile(inquiry, form, step, user) -> str:
    """Says so where somebody else has written to the investor since this page was opened."""
    seen = form.cleaned_data["seen"]
    if seen is None or open_messages(inquiry).filter(pk=form.key_of(step.name)).exists():
        return ""
    others = [message for message in open_messages(inquiry).select_related("author")[seen:] if message.author != user]
    if not others:
        return ""
    minutes = int((timezone.now() - others[-1].written_at).total_seconds() // 60)
    ago = ngettext("%d minute ago", "%d minutes ago", minutes) % minutes if minutes else _("just now")
    if others[-1].author is None:
        return _("The investor wrote %s. Read it before you send yours; your text is still here.") % ago
    return _("%(who)s wrote to the investor %(ago)s. Read it before you send yours; your text is still here.") % {
        "who": name_of(others[-1].author),
        "ago": ago,
    }


__all__ = ["BOXES", "name_of", "put_in", "show_case", "take_step"]
