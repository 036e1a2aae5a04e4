"""Taking a step of the workflow in the staff area: a press of a button, or a page that asks first."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from bureaus.audit import address_of
from bureaus.rights import may
from publishing import asked, broken_links, changes, consent, consent_page, revisions, workflow
from publishing.forms import StepForm
from publishing.languages import active_language
from publishing.words import lines

# The date and the time of a form as one text.
AS_TYPED = "%Y-%m-%dT%H:%M"
# How a moment is written within a sentence.
MOMENTS = {
    "en": ("D j M Y, H:i", "{} Beijing time"),
    "zh-hans": ("Y年n月j日（l）H:i", "北京时间{}"),
    "zh-hant": ("Y年n月j日（l）H:i", "北京時間{}"),
}


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
    is_taking_down = step.name == "take_down" and item.status in step.sources
    if is_taking_down and (answer := consent_page.before_taking_down(model_admin, request, item, step)) is not None:
        return answer
    change = workflow.change_for(step, item)
    places = asked.places(item, change) if step.asks == "comment" else ((), ())
    posted, initial = request.POST if request.method == "POST" else None, consent_page.as_asked(item, step)
    form = StepForm(item, step, posted, places=places, initial=initial)
    is_ready = request.method == "POST" and form.is_valid()
    to_confirm = time_to_confirm(request, form) if is_ready else None
    if is_ready and to_confirm is None and take(request, item, step, form.answers):
        return redirect(model_admin.after_step(request, item))
    context = model_admin.page_about(request, item, gettext(step.label).removesuffix(" …")) | {
        "step": step,
        "change": change,
        "form": form,
        "back": model_admin.after_step(request, item),
        "agreed": consent.open_question(item) if is_taking_down else None,
        "linking": broken_links.linking(item, request.user) if step.axis == workflow.PUBLIC and step.name != "put_back" else [],
        "referring": broken_links.named(consent.referring(item), request.user) if is_taking_down else [],
        "differences": what_changes(item, change) if step.name in ("discard", "publish_alone") else [],
        "confirmed": f"{timezone.localtime(to_confirm):{AS_TYPED}}" if to_confirm else "",
        "button": gettext("Schedule for %(time)s") % {"time": day_and_time(to_confirm)} if to_confirm else "",
    }
    return TemplateResponse(request, "admin/publishable_step.html", context)


def time_to_confirm(request, form):
    """The time to come that a person has chosen, until they press a button that names it; the script names it while they choose."""
    moment = form.answers.go_live_at
    if moment is None or moment < timezone.now():
        return None
    return None if request.POST.get("confirmed") == f"{timezone.localtime(moment):{AS_TYPED}}" else moment


def day_and_time(moment) -> str:
    """A moment of Beijing as a button says it: 1 Dec 09:00; with the year where that is another one."""
    local = timezone.localtime(moment)
    is_this_year = local.year == timezone.localdate().year
    return date_format(local, pgettext("form of a date", "j M H:i") if is_this_year else pgettext("form of a date", "j M Y H:i"))


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
        messages.success(request, gettext("Goes live on %s.") % in_words(answers.go_live_at))
    else:
        messages.success(request, gettext(step.done))
    broken_links.tell(request, item, step)
    return True


def in_words(moment) -> str:
    """Tue 1 Dec 2026, 09:00 Beijing time · 北京时间2026年12月1日（星期二）09:00."""
    pattern, frame = MOMENTS[active_language()]
    return frame.format(date_format(timezone.localtime(moment), pattern))


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
