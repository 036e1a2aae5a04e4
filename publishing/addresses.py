"""Addresses of this site: what stands at one, and that one which was public once keeps working."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from django.http.request import validate_host
from django.urls import Resolver404, resolve
from django.utils.translation import override

from publishing.languages import CODES
from publishing.models import OldAddress, Status


def keep_old_address(item, old_slug: str) -> None:
    """Remembers that `old_slug` was this item's address. Call it in the transaction that changes the slug."""
    content_type = ContentType.objects.get_for_model(item)
    # The new slug is an address of its own again: an old entry of that name would hide it or make a loop.
    OldAddress.objects.filter(content_type=content_type, slug=item.slug).delete()
    OldAddress.objects.update_or_create(content_type=content_type, slug=old_slug, defaults={"object_id": item.pk})


def find_moved(model, slug: str):
    """The item that `slug` once belonged to, if it still answers; else None."""
    old = OldAddress.objects.filter(content_type=ContentType.objects.get_for_model(model), slug=slug).first()
    return model.objects.reachable().filter(pk=old.object_id).first() if old else None


def own_path(address: str) -> str:
    """What stands behind the host, as people copy it from the browser; an address elsewhere stays as it is."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    host = parts.hostname or ""
    is_own = parts.scheme in ("http", "https") and (
        host == urlsplit(settings.SITE_ADDRESS).hostname or validate_host(host, [one for one in settings.ALLOWED_HOSTS if one != "*"])
    )
    return parts._replace(scheme="", netloc="").geturl() if is_own else address


def without_language(address: str) -> str:
    """The path of an address of this site, the same for all languages: https://our.site/en/parks/x/?a#b -> /parks/x/."""
    path = own_path(address).split("?")[0].split("#")[0]
    for code in CODES:
        path = path.removeprefix(f"/{code}") if path.startswith(f"/{code}/") else path
    return path


def find_page(address: str):
    """`(path without language, what stands there)` for an address of this site; `(address, None)` if nothing public does.

    What stands there is an item, or True for a page that is no item's.
    """
    path = without_language(address)
    try:
        match = resolve(f"/{CODES[0]}{path}")
    except Resolver404:
        return address, None
    model = model_of(match)
    if model is None:
        return path, True
    return path, model.objects.reachable().filter(slug=match.kwargs["slug"]).first()


def model_of(match):
    """The kind whose items stand at an address; None for a page that is no item's."""
    return getattr(getattr(match.func, "view_class", None), "model", None) if "slug" in match.kwargs else None


def leads_somewhere(path: str) -> bool:
    """Whether a path of this site, without language, brings a reader to a page or leads on to one."""
    try:
        match = resolve(f"/{CODES[0]}{path}")
    except Resolver404:
        return is_file(path) or (not path.endswith("/") and leads_somewhere(f"{path}/"))
    model = model_of(match)
    if model is None:
        return not match.kwargs or answers(match, path)
    slug = match.kwargs["slug"]
    known = model.objects.filter(slug=slug).only("status", "successor").first()
    if known is not None and (known.status in (Status.LIVE, Status.WITHDRAWN) or (known.status == Status.TAKEN_DOWN and known.successor)):
        return True
    return find_moved(model, slug) is not None


def is_file(path: str) -> bool:
    """Whether something without a language stands there, such as the copy of a picture; the staff area is for nobody else."""
    try:
        return resolve(path).namespace != "admin"
    except Resolver404:
        return path.startswith(settings.STATIC_URL)


def answers(match, path: str) -> bool:
    """Whether a page that is no item's, such as a bureau's, has something to show a visitor."""
    request = HttpRequest()
    request.method, request.path, request.path_info, request.resolver_match = "HEAD", path, path, match
    request.user = AnonymousUser()
    try:
        with override(CODES[0]):
            return match.func(request, *match.args, **match.kwargs).status_code < 400
    except Http404:
        return False
