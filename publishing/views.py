"""Lists and detail pages: the same for every kind, cached for seconds, never looking at the visitor."""

import hashlib

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import ngettext
from django.views.generic import View
from translated_fields import to_attribute

from publishing.addresses import find_moved
from publishing.display import row
from publishing.exports import WRITERS, many_to_many_names, rows
from publishing.languages import CODES, TAGS, active_language, columns, languages_of, text_of
from publishing.models import PictureUse, Status

PAGE_SIZE = 20
# First parts of addresses that take no language.
UNPREFIXED = {*CODES, "admin", "static", "media"}
CACHE_CONTROL = "public, max-age=0, s-maxage=2, stale-while-revalidate=3, stale-if-error=86400"


def cached_for_seconds(request, response):
    """Marks a public answer for shared caches and answers 304 where the visitor has it already."""
    if response.status_code != 200:
        return response
    if hasattr(response, "render") and callable(response.render):
        response.render()
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    response.headers["ETag"] = f'W/"{hashlib.md5(response.content, usedforsecurity=False).hexdigest()}"'
    return get_conditional_response(request, etag=response.headers["ETag"], response=response)


def public_page(view):
    """Decorator of function views: GET and HEAD alone, cached for seconds."""

    def wrapped(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        return cached_for_seconds(request, view(request, *args, **kwargs))

    wrapped.__name__ = view.__name__
    wrapped.__doc__ = view.__doc__
    return wrapped


class PublicView(View):
    http_method_names = ["get", "head", "options"]

    def dispatch(self, request, *args, **kwargs):
        return cached_for_seconds(request, super().dispatch(request, *args, **kwargs))


class PublicList(PublicView):
    """A list of what is public and exists in the language of the page.

    Subclasses give `model`, `filterset_class`, `template_name`, `export_fields` and `related()` (what rows need).
    """

    model = None
    filterset_class = None
    template_name = ""
    export_fields: list[str] = []
    # Name of the address of the same list as a file; empty where there is none.
    export_name = ""
    title = ""
    lede = ""
    page_size = PAGE_SIZE
    # Whether each row shows the first picture of its item.
    shows_covers = False

    @classmethod
    def as_export(cls):
        """The view of the same list as a file: `data.csv`, `data.json`, with the same filters, unpaged."""

        @public_page
        def export(request, ending):
            return cls().write_file(request, ending)

        return export

    def items(self):
        """Everything that may be listed, whatever its language."""
        return self.related(self.model.objects.public())

    def related(self, queryset):
        return queryset

    def filterset(self, request):
        return self.filterset_class(request.GET, self.items().in_language().defer(*self.deferred()))

    def deferred(self):
        return [column for name in self.model.long_texts for column in columns(name)]

    def get(self, request):
        filterset = self.filterset(request)
        paginator = Paginator(filterset.ordered(), self.page_size)
        number, wrong_page = page_number(request)
        if number > paginator.num_pages:
            return self.past_the_end(request, filterset, paginator)
        page = paginator.get_page(number)
        items = list(page)
        if self.shows_covers:
            prefetch_related_objects(items, Prefetch("pictures", PictureUse.objects.select_related("picture")))
        context = {
            "page_obj": page,
            "rows": [self.row(item, filterset) for item in items],
            "total": paginator.count,
            "filterset": filterset,
            "title": self.title,
            "count_text": self.count_text(paginator.count),
            "lede": self.lede,
            "breadcrumb": [(self.title, "")],
            "ignored": filterset.ignored + wrong_page,
            "noindex": filterset.is_filtered,
            "canonical": canonical(request, filterset, number),
            **self.missing_in_language(),
            "export_name": self.export_name,
            "export_query": filterset.known_data(without=("sort",)).urlencode(),
            "unstated": self.unstated_count(filterset),
            **self.context(filterset),
        }
        if not paginator.count:
            context["strictest"] = filterset.strictest()
            context["is_empty_kind"] = not filterset.is_filtered
        return render(request, self.template_name, context)

    def context(self, filterset):
        """What the page of this kind needs besides its rows."""
        return {}

    def row(self, item, filterset):
        """An item as a row of the ledger (`publishing.display.Row`)."""
        return row(item)

    def count_text(self, count) -> str:
        return ngettext("%d entry", "%d entries", count) % count

    def unstated_count(self, filterset):
        if not filterset.unstated or filterset.cleaned.get("unknown") == "hide":
            return 0
        return filterset.qs.filter(is_unstated=True).count()

    def missing_in_language(self):
        """How many items exist in other languages only, and the tags of the languages that have some of them."""
        missing = self.model.objects.public().not_in_language()
        found = missing.aggregate(all=Count("pk"), **{code: Count("pk", ~Q(**{to_attribute("title", code): ""})) for code in CODES})
        return {"elsewhere": found.pop("all"), "elsewhere_tags": [TAGS[code] for code, number in found.items() if number]}

    def past_the_end(self, request, filterset, paginator):
        data = filterset.known_data()
        last = data.copy()
        if paginator.num_pages > 1:
            last["page"] = paginator.num_pages
        context = {"first_page": f"?{data.urlencode()}", "last_page": f"?{last.urlencode()}", "noindex": True}
        return render(request, "past_the_end.html", context, status=404)

    def write_file(self, request, ending):
        if ending not in WRITERS:
            raise Http404
        items = self.items().prefetch_related(*many_to_many_names(self.model, self.export_fields))
        filterset = self.filterset_class(request.GET, items)
        headings, lines = rows(self.model, filterset.ordered(), self.export_fields)
        return WRITERS[ending](headings, lines)


def page_number(request) -> tuple[int, list[tuple[str, str]]]:
    """The page asked for, and what was wrong with it."""
    given = request.GET.get("page", "1")
    if given.isascii() and given.isdigit() and int(given[:12]) > 0:
        return int(given[:12]), []
    return 1, [("page", given)]


def canonical(request, filterset, number):
    data = filterset.known_data(without=filterset.display_parameters)
    if number > 1:
        data["page"] = number
    return request.path + (f"?{data.urlencode()}" if data else "")


class PublicDetail(PublicView):
    """The page of one item, with the states of investors.md 4.2: expired, withdrawn, taken down, moved, missing language."""

    model = None
    template_name = ""
    # The list that the item stands in: its title and the name of its address.
    list_title = ""
    list_name = ""

    def get(self, request, slug):
        item = self.items().filter(slug=slug).first()
        if item is None:
            return self.not_here(request, slug)
        return self.render(request, item)

    def items(self):
        return self.model.objects.reachable().select_related("bureau")

    def not_here(self, request, slug):
        """What answers for a slug that has no page: moved, taken down, or never known."""
        if moved := find_moved(self.model, slug):
            return HttpResponsePermanentRedirect(moved.get_absolute_url())
        gone = self.model.objects.filter(slug=slug, status=Status.TAKEN_DOWN).only("successor").first()
        if gone is None:
            raise Http404
        if gone.successor:
            return HttpResponsePermanentRedirect(localized(gone.successor))
        return render(request, "410.html", {"noindex": True}, status=410)

    def render(self, request, item):
        breadcrumb = [(self.list_title, reverse(self.list_name)), *self.above(item), (item.title, "")]
        return render(request, self.template_name, {**item_context(item), "breadcrumb": breadcrumb, **self.context(item)})

    def above(self, item) -> list[tuple[str, str]]:
        """What stands between the list and the item in the breadcrumb, as `(title, address)`."""
        return []

    def context(self, item):
        """What the page of this kind shows besides the item."""
        return {}


def localized(address: str) -> str:
    """An address of this site in the active language: /parks/x/ -> /zh-hans/parks/x/. Others stay as they are."""
    first = address.strip("/").split("/")[0]
    if not address.startswith("/") or address.startswith("//") or first in UNPREFIXED:
        return address
    return f"/{active_language()}{address}"


def item_context(item) -> dict:
    """What every detail page knows: the item, the language it is shown in, whether robots may keep the page."""
    language = active_language()
    shown_in = text_of(item, "title")[1]
    is_missing = shown_in != language
    context = {
        "item": item,
        "shown_in": shown_in if is_missing else "",
        "languages": languages_of(item),
        "noindex": is_missing or item.status != Status.LIVE or item.is_sample,
        "gallery": list(item.pictures.select_related("picture")),
    }
    if is_missing:
        with translation.override(shown_in):
            context["canonical"] = item.get_absolute_url()
    return context


def render_preview(request, item, language) -> HttpResponse:
    """The public page of an item as it stands, for staff: rendered in a language, never cached."""
    with translation.override(language):
        match = resolve(item.get_absolute_url().split("#")[0])
        view_class = getattr(match.func, "view_class", None)
        if view_class is not None and issubclass(view_class, PublicDetail):
            response = view_class().render(request, item)
        else:
            response = render(request, "publishing/part_preview.html", item_context(item))
    response.headers["Cache-Control"] = "private, no-store"
    return response
