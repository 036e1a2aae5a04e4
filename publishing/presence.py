"""Who else has an item open in a form: each form asks every 15 seconds and tells of itself (staff.md S11). Nothing is locked."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureaus.rights import may
from publishing import changes
from publishing.models import Presence, Publishable

# After three questions that did not come, somebody is gone. Browsers let pages that nobody looks at ask once a minute.
HERE = timedelta(seconds=45)
HERE_UNSEEN = timedelta(seconds=150)
OF_NO_USE = timedelta(days=1)


def ping(request):
    """What scripts send: an item, the revision that their form shows, whether anything in it was changed.

    The answer names the others in the item's forms, and a newer revision. For those who may see the item's drafts.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    item, user, sent = item_or_404(request), request.user, request.POST
    page = "".join(sign for sign in sent.get("page", "") if sign.isalnum())[:40]
    if "leaves" in sent:
        leave(item, user, page)
    elif "reads" not in sent:
        stays = HERE_UNSEEN if "unseen" in sent else HERE
        note(item, user, page, stays, has_changes=sent.get("changed") == "yes")
    lines = [in_words(row) for row in others(item, user)]
    if newer := newer_than(item, sent.get("base", "")):
        lines.append(newer_in_words(newer, user))
    return JsonResponse({"lines": lines})


def item_or_404(request):
    kind, key = number(request.POST.get("kind")), number(request.POST.get("item"))
    content_type = ContentType.objects.filter(pk=kind).first()
    model = content_type and content_type.model_class()
    if model is None or not issubclass(model, Publishable):
        raise Http404
    item = model._base_manager.only("status", "bureau").filter(pk=key).first()
    if item is None or not may(request.user, "see drafts", item):
        raise Http404
    return item


def number(text) -> int:
    """A key as scripts send it; 0, which no row has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def note(item, user, page, stays, *, has_changes):
    now = timezone.now()
    seen = {"page": page, "until": now + stays, "has_changes": has_changes, "is_gone": False}
    row, is_new = Presence.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(item), object_id=item.pk, user=user, defaults=seen | {"since": now}
    )
    if is_new:
        Presence.objects.filter(until__lt=now - OF_NO_USE).delete()
        return
    if row.is_gone and row.page == page:
        return  # the page's last question, overtaken by its farewell
    # Saving loads the form anew: who was here a moment ago has not begun anew. Who begins to type begins to edit.
    since = row.since if row.until > now and row.has_changes == has_changes else now
    Presence.objects.filter(pk=row.pk).update(since=since, **seen)


def leave(item, user, page):
    changes.of(item, Presence).filter(user=user, page=page).update(is_gone=True)


def others(item, user):
    here = changes.of(item, Presence).filter(is_gone=False, until__gt=timezone.now())
    return here.exclude(user=user).select_related("user").order_by("since", "pk")


def newer_than(item, base: str):
    """The newest revision of an item, if it is not the one whose key a form carries."""
    newest = changes.head(item)
    return newest if newest is not None and str(newest.pk) != base else None


def in_words(row) -> str:
    """An open form is not yet an edited one: editing begins with the first change and ends with saving or taking it back."""
    if row.has_changes:
        return _("%(name)s is editing (since %(time)s).") % {"name": name_of(row.user), "time": clock(row.since)}
    return _("%(name)s has this open.") % {"name": name_of(row.user)}


def newer_in_words(revision, user) -> str:
    if revision.author == user:
        return _("You saved a newer version at %(time)s in another window.") % {"time": clock(revision.at)}
    words = {"name": name_of(revision.author) if revision.author else _("Somebody"), "time": clock(revision.at)}
    return _("%(name)s saved a newer version at %(time)s. When you save, both are shown side by side.") % words


def clock(moment) -> str:
    """Beijing time; with the day where that is another one."""
    local = timezone.localtime(moment)
    return local.strftime("%H:%M" if local.date() == timezone.localdate() else "%Y-%m-%d %H:%M")


def name_of(user) -> str:
    return user.get_full_name() or user.get_username()
