"""What one import, or one action on many items, made: its items, what they still lack, one step for all, the way back."""

from collections import Counter

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from bureaus.audit import Action, address_of, record
from bureaus.rights import may
from bureaus.text import clean_line
from publishing import batches
from publishing.effects import Answers
from publishing.languages import in_one_line
from publishing.models import Batch
from publishing.readiness import place_in_form
from publishing.tables.answers import address, page

# How many names a message spells out.
SPELLED_OUT = 30


def batch_view(model_admin, request, key):
    """What a batch made. For those who see drafts of its bureau."""
    content_type = ContentType.objects.get_for_model(model_admin.model)
    batch = Batch.objects.filter(pk=key, content_type=content_type).select_related("user", "bureau", "taken_back_by").first()
    if batch is None or not may(request.user, "see drafts", batch):
        raise Http404
    if "_take_back" in request.POST:
        return take_back(model_admin, request, batch)
    if request.method == "POST":
        return take_step(model_admin, request, batch, request.POST.get("_step"))
    if "take_back" in request.GET:
        return ask_first(model_admin, request, batch)
    return show(model_admin, request, batch)


def show(model_admin, request, batch):
    user, found = request.user, batches.members(batch)
    lacking = batches.not_ready(found, user) if "missing" in request.GET else []
    context = {
        "batch": batch,
        "members": [(member, member.what(user), address(model_admin, "change", member.item.pk)) for member in found],
        "steps": [(name, len(ready)) for name in batches.STEPS if (ready := batches.ready_for(name, found, user))],
        "can_go": sum(member.can_be_taken_back for member in found) if batches.may_take_back(user, batch) else 0,
        "counts": {"new": sum(member.is_new for member in found), "changed": sum(not member.is_new for member in found)},
        "looked": "missing" in request.GET,
        "lacking": [(member, *links_of(model_admin, member, missing)) for member, missing in lacking],
        "often": Counter(sentence for _member, missing in lacking for sentence in dict.fromkeys(one[1] for one in missing)).most_common(),
    }
    return page(model_admin, request, "admin/batch.html", batch.name, context)


def links_of(model_admin, member, missing):
    """`(address of the form, [(address of the place in it, sentence)])`."""
    form = address(model_admin, "change", member.item.pk)
    return form, [(f"{form}#{place_in_form(field)}" if field else form, sentence) for field, sentence in missing]


# --- A step for all ---


def take_step(model_admin, request, batch, name):
    if name not in batches.STEPS:
        raise Http404
    where = address(model_admin, "batch", batch.pk)
    comment = comment_of(request)
    if name == "publish_alone" and not comment:
        messages.error(request, gettext("Say why it cannot wait for a second person."))
        return redirect(where)
    count, refused = batches.take_with_all(batch, name, request.user, Answers(comment=comment, address=address_of(request)))
    if count:
        messages.success(request, done_in_words(name, count))
    if refused and name == "submit":
        messages.warning(request, not_submitted_in_words(len(refused), count))
        return redirect(f"{where}?missing=1#missing")
    for member, reason in refused[:SPELLED_OUT]:
        messages.warning(request, f"{member.item}: {reason}")
    if (more := len(refused) - SPELLED_OUT) > 0:
        messages.warning(request, ngettext("And %d more.", "And %d more.", more) % more)
    if not count and not refused:
        messages.info(request, gettext("There was nothing left to do: look at the list to see how each item stands."))
    return redirect(where)


def comment_of(request) -> str:
    try:
        return clean_line(request.POST.get("comment", ""))[:300]
    except ValidationError:
        return ""


def done_in_words(name, count) -> str:
    if name == "submit":
        said = ngettext("%d change submitted for review.", "%d changes submitted for review.", count)
    elif name == "take_back":
        said = ngettext(
            "%d change taken back from review. It is a draft again.", "%d changes taken back from review. They are drafts again.", count
        )
    elif name == "publish_alone":
        said = ngettext(
            "%d change published; a colleague still has to sign.", "%d changes published; a colleague still has to sign.", count
        )
    else:
        said = ngettext("%d change approved and published.", "%d changes approved and published.", count)
    return said % count


def not_submitted_in_words(refused, count) -> str:
    if not count:
        return gettext("Nothing was submitted: each item still lacks something. The list says what.")
    said = ngettext(
        "%d item was not submitted: it still lacks something. The list says what.",
        "%d items were not submitted: they still lack something. The list says what.",
        refused,
    )
    return said % refused


# --- The way back ---


def ask_first(model_admin, request, batch):
    """Names what taking back would do, before it is done."""
    if not batches.may_take_back(request.user, batch):
        raise PermissionDenied
    found = batches.members(batch)
    going = [member for member in found if member.can_be_taken_back]
    context = {
        "batch": batch,
        "back": address(model_admin, "batch", batch.pk),
        "number": len(going),
        "gone": [member.item for member in going if member.is_new],
        "as_before": [member.item for member in going if not member.is_new],
        "staying": staying(found, request.user),
    }
    return page(model_admin, request, "admin/batch_take_back.html", gettext("Take back: %s") % batch.name, context)


def staying(found, user) -> list[tuple]:
    """`(item, why)` of what taking back leaves as it is."""
    return [(member.item, member.what(user)) for member in found if not member.can_be_taken_back and not member.is_taken_back]


def take_back(model_admin, request, batch):
    with transaction.atomic():
        count, others = batches.take_back(batch, request.user)
        if count:
            record(Action.TAKE_BACK, request=request, thing=batch, detail=f"{count} items")
    if count:
        messages.success(request, ngettext("%d item taken back.", "%d items taken back.", count) % count)
    if others:
        names = in_one_line(f"{item} ({why})" for item, why in staying(others, request.user)[:SPELLED_OUT])
        more = len(others) - SPELLED_OUT
        rest = " " + ngettext("And %d more.", "And %d more.", more) % more if more > 0 else ""
        messages.warning(request, gettext("Left as they are: %s.") % names + rest)
    return redirect(address(model_admin, "batch", batch.pk))
