"""One change for many items of a list: a page that names them and the effect, then drafts that are taken back by one press (S49)."""

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import signing
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from bureaus.audit import Action, record
from publishing import batches
from publishing.tables.answers import address
from publishing.words import NOTHING, value_in_words

MOST = 500
SALT = "publishing.bulk"


def change_many(model_admin, request, queryset, values: dict, *, action: str, name: str):
    """The answer of an action that sets `values` (one field -> value as a state holds it) on the ticked items."""
    items = list(queryset.select_related("bureau").order_by("pk")[: MOST + 1])
    if len(items) > MOST:
        messages.error(request, gettext("Choose at most %d items at once.") % MOST)
        return None
    differing = []
    if "_confirmed" in request.POST:
        try:
            seen = dict(signing.loads(request.POST.get("seen", ""), salt=SALT))
            return done(model_admin, request, make(request, items, values, seen, name))
        except batches.Differs as error:
            differing = error.names
        except (signing.BadSignature, TypeError, ValueError):
            differing = [gettext("The page was too old.")]
    return confirm(model_admin, request, items, values, action, name, differing)


def make(request, items, values, seen, name):
    with transaction.atomic():
        made = batches.change_many(items, values, request.user, seen=seen, name=name)
        for batch in made:
            record(Action.CHANGE_MANY, request=request, thing=batch, detail=f"{len(batches.members(batch))} items")
    return made


def confirm(model_admin, request, items, values, action, name, differing):
    found = batches.candidates(items, values, request.user)
    ready = [one for one in found if not one.reason]
    ((field_name, value),) = values.items()
    field = model_admin.opts.get_field(field_name)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": name,
        "opts": model_admin.opts,
        "field": capfirst(field.verbose_name),
        "new": value_in_words(field, value, {}),
        "ready": [(one.item, value_in_words(field, one.fields.get(field_name), {}) or NOTHING) for one in ready],
        "staying": [(one.item, one.reason) for one in found if one.reason],
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
        "keys": [one.item.pk for one in ready],
        "seen": signing.dumps([[one.item.pk, one.head.pk if one.head else None] for one in ready], salt=SALT, compress=True),
        "differing": differing,
    }
    return TemplateResponse(request, "admin/bulk.html", context)


def done(model_admin, request, made):
    count = sum(len(batches.members(batch)) for batch in made)
    messages.success(
        request, ngettext("%d draft made. The live page is unchanged.", "%d drafts made. The live pages are unchanged.", count) % count
    )
    if len(made) == 1:
        return redirect(address(model_admin, "batch", made[0].pk))
    return redirect(address(model_admin, "changelist"))
