"""Links by which somebody without an account reads a draft: made, ended, opened (staff.md S24).

A link shows the preview of one change, in three languages, with the pictures of that draft, and nothing else. It dies
after seven days, when somebody ends it, when its maker leaves the bureau, and when the change is published or discarded.
"""

import hashlib
import secrets

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bureaus.audit import Action, address_of, record
from bureaus.rights import may
from bureaus.staff import LANGUAGES, CleanTexts
from publishing import changes
from publishing.images import is_shown_publicly
from publishing.languages import CODES, TAGS, active_language
from publishing.media import copy_of
from publishing.models import Change, Picture, SharedLink
from publishing.preview import preview
from publishing.revisions import PICTURES

PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
# So many wrong links an address may try in so many seconds.
WRONG_TRIES, PAUSE = 20, 600


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(change: Change, user, purpose="") -> tuple[SharedLink, str]:
    """A new link and what its address ends in: that is said now, and never again."""
    token = secrets.token_urlsafe(32)
    link = SharedLink.objects.create(
        change=change, token_hash=hash_of(token), purpose=purpose, made_by=user, expires_at=timezone.now() + SharedLink.LIFE
    )
    return link, token


def find(token: str) -> SharedLink | None:
    """The link that still works and ends in this."""
    related = ("change__revision", "change__content_type", "change__bureau", "made_by")
    link = SharedLink.objects.select_related(*related).filter(token_hash=hash_of(token)).first()
    return link if link is not None and not why_over(link) else None


def why_over(link: SharedLink) -> str:
    """Why a link works no more, in words; "" while it works."""
    if link.ended_at is not None:
        return pgettext("link", "ended")
    if link.change.state == Change.State.PUBLISHED:
        return gettext("over: the draft was published")
    if not link.change.is_open:
        return gettext("over: the draft was discarded")
    if link.is_expired:
        return gettext("over: its days have passed")
    if not may(link.made_by, "see drafts", link.change):
        return gettext("over: its maker no longer works here")
    return ""


def addresses(token: str) -> list[tuple[str, str, str]]:
    """The link in each language: `(code, name of the language, address)`."""
    found = []
    for code in CODES:
        with override(code):
            found.append((code, LANGUAGES[code], reverse("shared-draft", args=[token])))
    return found


# --- What the reader sees ---


@require_safe
def shared(request, token):
    """The draft behind a link. For anyone who has the link."""
    if (answer := refused(request, token)) is not None:
        return answer
    link = find(token)
    if request.method == "GET":
        SharedLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, opened_at=timezone.now())
    item, language = link.change.item, active_language()
    ways = addresses(token)
    bar = {
        "template": "publishing/shared_bar.html",
        "bureau": link.change.bureau,
        "until": link.expires_at,
        "ways": [(code, TAGS[code], name, address) for code, name, address in ways],
    }
    hidden = [picture for picture in pictures_of(link.change) if not is_shown_publicly(picture)]
    response = changes.as_changed(item, link.change, lambda: preview(request, item, language, **bar))
    response.content = within(response.content.decode(), item, token, ways, hidden)
    return private(response)


def within(page: str, item, token, ways, hidden) -> str:
    """The page with its languages, and the pictures that nobody else may see, at addresses below the link."""
    for code, _name, address in ways:
        with override(code):
            public = item.get_absolute_url().partition("#")[0]
        page = page.replace(f'href="{public}" lang="{TAGS[code]}" hreflang', f'href="{address}" lang="{TAGS[code]}" hreflang')
    for picture in hidden:
        public = reverse("picture", args=[picture.original, 1, "jpg"]).removesuffix("1.jpg")
        below_link = reverse("shared-picture", args=[token, picture.original, 1, "jpg"]).removesuffix("1.jpg")
        page = page.replace(public, below_link)
    return page


@require_safe
def shared_picture(request, token, name, size, ending):
    """A copy of a picture of the draft behind a link. For anyone who has the link."""
    if (answer := refused(request, token)) is not None:
        return answer
    picture = next((one for one in pictures_of(find(token).change) if one.original == name), None)
    if picture is None:
        raise Http404
    return private(copy_of(picture, size, ending, PRIVATE["Cache-Control"]))


def pictures_of(change: Change) -> list[Picture]:
    """The pictures with files that a draft shows."""
    keys = [row["fields"]["picture"] for row in change.revision.data if row["part"] == PICTURES]
    return list(Picture.objects.filter(pk__in=keys).exclude(original="").prefetch_related("uses__item"))


def refused(request, token) -> HttpResponse | None:
    """What answers instead of the draft: the same page for links that never were, are over or were ended; None if it works."""
    asker = f"wrong-links-{address_of(request)}"
    if wrong_tries(asker) >= WRONG_TRIES:
        return over(request, status=429)
    if find(token) is not None:
        return None
    wrong_tries(asker, more=1)
    return over(request, status=404)


def wrong_tries(asker: str, more=0) -> int:
    """How many wrong links an address has tried of late. A cache that is away counts nothing: tokens are too long to guess."""
    try:
        cache.add(asker, 0, PAUSE)
        return cache.incr(asker, more)
    except Exception:
        return 0


def over(request, status) -> HttpResponse:
    context = {"noindex": True, "is_paused": status == 429, "days": SharedLink.LIFE.days}
    response = render(request, "publishing/shared_over.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = PAUSE
    return private(response)


def private(response) -> HttpResponse:
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response


# --- What staff see ---


class SharingForm(CleanTexts, forms.Form):
    purpose = forms.CharField(
        label=_("For whom?"),
        max_length=100,
        required=False,
        help_text=_("So that you know the links apart, e.g. “Park company, to check the figures”. The reader does not see it."),
    )


def sharing_view(model_admin, request, object_id):
    """The links of an item, a button that makes one, and one that ends each. For those who may see its drafts."""
    item = model_admin.item_or_404(request, object_id)
    change, made = changes.open_change(item), None
    form = SharingForm(request.POST if "make" in request.POST else None)
    if "end" in request.POST:
        end(request, item, request.POST["end"])
        return redirect(model_admin.address_of(item, "sharing"))
    if change is not None and form.is_bound and form.is_valid():
        _link, token = make(change, request.user, form.cleaned_data["purpose"])
        record(Action.SHARE, request=request, thing=item)
        made = [(TAGS[code], name, settings.SITE_ADDRESS + address) for code, name, address in addresses(token)]
        form = SharingForm()
    context = model_admin.page_about(request, item, gettext("Share this draft")) | {
        "back": model_admin.address_of(item, "change"),
        "change": change,
        "made": made,
        "form": form,
        "links": [(link, why_over(link)) for link in links_of(item)],
        "days": SharedLink.LIFE.days,
    }
    return TemplateResponse(request, "admin/sharing.html", context, headers={"Cache-Control": "private, no-store"})


def links_of(item):
    found = SharedLink.objects.filter(change__content_type=ContentType.objects.get_for_model(item), change__object_id=item.pk)
    return found.select_related("change", "made_by", "ended_by")


def end(request, item, key: str) -> None:
    link = links_of(item).filter(pk=key).first() if key.isdecimal() else None
    if link is None:
        raise Http404
    if not why_over(link):
        SharedLink.objects.filter(pk=link.pk).update(ended_at=timezone.now(), ended_by=request.user)
        record(Action.SHARE_END, request=request, thing=item)
        messages.success(request, gettext("The link is ended. Who opens it now sees nothing of the draft."))
