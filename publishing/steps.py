"""Taking a step of the workflow in the staff area: a press of a button, or a page that asks first."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from bureaus.audit import address_of
from bureaus.rights import may
from publishing import changes, revisions, workflow
from publishing.forms import StepForm
from publishing.words import lines


def step_or_404(name):
    try:
        return workflow.step_named(name)
    except KeyError:
        raise Http404 from None


def item_for_step(model_admin, request, object_id, step):
    """The own bureau's item; to the city desk also what another bureau shows to the world."""
    if not object_id.isdecimal():
        raise Http404
    item = model_admin.get_queryset(request).filter(pk=object_id).first()
    if item is None:
        item = model_admin.model.objects.public().filter(pk=object_id).first()
        if item is None or not may(request.user, step.right, item):
            raise Http404
    if not may(request.user, step.right, item):
        raise PermissionDenied
    return item


def step_view(model_admin, request, object_id, name):
    """Asks what a step needs to know, then takes it. For holders of the step's right at the item's bureau."""
    step = step_or_404(name)
    item = item_for_step(model_admin, request, object_id, step)
    change = workflow.change_for(step, item)
    form = StepForm(item, step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(request, item, step, form.answers):
        return redirect(model_admin.after_step(request, item))
    context = model_admin.page_about(request, item, gettext(step.label).removesuffix(" …")) | {
        "step": step,
        "change": change,
        "form": form,
        "back": model_admin.after_step(request, item),
        "differences": what_changes(item, change) if step.name in ("discard", "publish_alone") else [],
    }
    return TemplateResponse(request, "admin/publishable_step.html", context)


def what_changes(item, change):
    """What the change would do to the live page, in words; everything of a page that was never public is new."""
    if change is None or change.live is None:
        return []
    return lines(item, revisions.difference(change.live.data, change.revision.data), change.live.data, change.revision.data)


def what_changed_since(item, asked_of, change):
    """What was changed after a reviewer had asked for it."""
    return lines(item, revisions.difference(asked_of.data, change.revision.data), asked_of.data, change.revision.data)


def take(request, item, step, answers=None) -> bool:
    """Takes a step and says so. A step that was taken already, by a second press, counts as taken."""
    answers = replace(answers or workflow.Answers(), address=address_of(request))
    if not was_taken_before(item, step, request.user):
        try:
            workflow.take(item, step.name, request.user, answers)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            return False
    if answers.go_live_at is not None:
        messages.success(request, gettext("Goes live on %s, Beijing time.") % in_words(answers.go_live_at))
    else:
        messages.success(request, gettext(step.done))
    return True


def in_words(moment) -> str:
    """A moment of Beijing with its weekday: Tue 2026-12-01 09:00."""
    return date_format(timezone.localtime(moment), "D Y-m-d H:i")


def was_taken_before(item, step, user) -> bool:
    """Whether the person's own press a moment ago left the item where the step leads."""
    if not may(user, step.right, item):
        raise PermissionDenied
    change = workflow.change_for(step, item)
    if workflow.fits(step, item, change):
        return False
    last = changes.last_decision(item)
    if step.axis == workflow.PUBLIC:
        return step.target == item.status
    return last is not None and last.by_id == user.pk and last.kind == step.target
