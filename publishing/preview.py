"""The public page of an item as staff would publish it, in one language, never cached."""

from copy import copy

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils.translation import override

from publishing.views import render_preview


def preview(request, item, language: str, template="admin/preview_bar.html", **bar) -> HttpResponse:
    """The page of `item` as it stands, with a bar above it that takes `bar`. Rendered here: the state may be undone next."""
    with override(language):
        response = render_preview(as_if_at(request, item.get_absolute_url().partition("#")[0]), item, language)
        if hasattr(response, "render"):
            response.render()
    return with_bar(response, render_to_string(template, bar | {"language": language}))


def as_if_at(request, address: str):
    """The request of a visitor at a public address: menu, language links and inquiry links of a preview are those of the page."""
    public = copy(request)
    public.path = public.path_info = address
    public.META = request.META | {"PATH_INFO": address, "QUERY_STRING": ""}
    public.GET = QueryDict()
    public.user = AnonymousUser()
    public.resolver_match = resolve(address)
    return public


def with_bar(response: HttpResponse, bar: str) -> HttpResponse:
    """A page with a bar above its header; the link that skips both stays the first thing in the body."""
    page = response.content.decode()
    response.content = page.replace("<header", f"{bar}<header", 1)
    response.headers["Cache-Control"] = "private, no-store"
    return response
