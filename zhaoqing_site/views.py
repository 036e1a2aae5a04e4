"""The home page, search, site map, open data, and the addresses that machines ask for."""

import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import CharField, Count, Max, Value
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from bureaus.models import Contact
from city.models import Industry, KeyFigure, Milestone, Page
from city.views import CONTACT_FIELDS, FigureList, IndustryList, MilestoneList
from inquiries.answers import AnswerList
from inquiries.ledger import ledger
from inquiries.models import PublicAnswer
from inquiries.promise import FILE_HEADINGS, all_rows
from news.models import Article, Policy
from news.views import ArticleList, PolicyList
from parks.models import Listing, Park
from parks.views import ListingList, ParkList
from projects.models import Project
from projects.views import ProjectList
from publishing.display import row
from publishing.exports import heading_and_column
from publishing.filters import WordsField
from publishing.languages import active_language, columns
from publishing.search import spellings
from publishing.views import public_page
from zhaoqing_site.due import silent_jobs
from zhaoqing_site.home import home_context
from zhaoqing_site.sitemaps import SECTIONS
from zhaoqing_site.style_guide import style_guide_context

SEARCH_LIMIT = 50
# What search looks into: code of `kind`, heading, model.
SEARCHED = [
    ("park", _("Parks"), Park),
    ("listing", _("Land and factories"), Listing),
    ("project", _("Projects"), Project),
    ("industry", _("Industries"), Industry),
    ("policy", _("Policies and services"), Policy),
    ("figure", _("Statistics"), KeyFigure),
    ("article", _("News"), Article),
    ("answer", _("Questions and answers"), PublicAnswer),
    ("milestone", pgettext_lazy("the city", "History"), Milestone),
    ("page", pgettext_lazy("section", "About"), Page),
]
# The lists that are open data: view, name of the list's address, of the file's.
LISTS = [
    (ParkList, "parks:list"),
    (ListingList, "listings:list"),
    (ProjectList, "projects:list"),
    (IndustryList, "city:industries"),
    (FigureList, "city:figures"),
    (MilestoneList, "city:history"),
    (ArticleList, "news:list"),
    (PolicyList, "policies:list"),
    (AnswerList, "answers:list"),
]


@public_page
def home(request):
    return render(request, "home.html", home_context(active_language()))


@public_page
def search(request):
    """Items of every kind whose title or summary holds all the words, in any of the languages."""
    words = WordsField().clean(request.GET.get("q", ""))
    kinds = [code for code, _title, _model in SEARCHED]
    kind = request.GET.get("kind") if request.GET.get("kind") in kinds else ""
    groups = [found_of_kind(code, title, model, words) for code, title, model in SEARCHED] if words else []
    groups = [group for group in groups if group["count"]]
    tabs = [
        {"title": _("All"), "url": f"?{urlencode({'q': words})}", "count": sum(group["count"] for group in groups), "current": not kind}
    ]
    tabs += [
        {
            "title": group["title"],
            "url": f"?{urlencode({'q': words, 'kind': group['code']})}",
            "count": group["count"],
            "current": kind == group["code"],
        }
        for group in groups
    ]
    shown = [group for group in groups if kind in ("", group["code"])]
    context = {
        "q": words,
        "kind": kind,
        "groups": shown,
        "tabs": tabs,
        "total": sum(group["count"] for group in shown),
        "noindex": True,
        "canonical": request.path,
        "breadcrumb": [(_("Search"), "")],
    }
    return render(request, "search.html", context)


def found_of_kind(code, title, model, words) -> dict:
    """The hits of one kind; those with the words in the title come first."""
    long_texts = [column for name in model.long_texts for column in columns(name)]
    found = list(model.objects.public().containing(words).defer(*long_texts)[: SEARCH_LIMIT + 1])
    has_more, found = len(found) > SEARCH_LIMIT, found[:SEARCH_LIMIT]
    found.sort(key=lambda item: not in_title(item, words))
    rows = [row(item, text=item.summary, meta=[item.value_text, item.subject] if model is KeyFigure else []) for item in found]
    return {"code": code, "title": title, "rows": rows, "count": len(rows), "has_more": has_more}


def in_title(item, words: str) -> bool:
    titles = " ".join(getattr(item, column) for column in columns("title")).casefold()
    return all(any(one.casefold() in titles for one in spellings(word)) for word in words.split())


@public_page
def site_map(request):
    """Every page of the site in the language of the address."""
    kinds = [
        (_("Parks"), "parks:list", Park),
        (_("Land and factories"), "listings:list", Listing),
        (_("Projects"), "projects:list", Project),
        (_("Industries"), "city:industries", Industry),
        (_("Policies and services"), "policies:list", Policy),
        (_("News"), "news:list", Article),
        (_("Questions and answers"), "answers:list", PublicAnswer),
        (pgettext_lazy("section", "About"), "city:pages", Page),
    ]
    groups = [
        {"title": title, "url": reverse(name), "items": list(model.objects.public().in_language().only("slug", *columns("title")))}
        for title, name, model in kinds
    ]
    sections = [
        (_("Home"), reverse("home")),
        (_("Statistics"), reverse("city:figures")),
        (pgettext_lazy("the city", "History"), reverse("city:history")),
        (_("Contacts"), reverse("contacts:list")),
        (_("Make an inquiry"), reverse("inquiries:form")),
        (_("Lost the link to your inquiry?"), reverse("inquiries:lost")),
        (_("How we keep our promise"), reverse("promise:page")),
        (_("Search"), reverse("search")),
        (_("Open data"), reverse("open-data")),
    ]
    context = {"groups": [group for group in groups if group["items"]], "sections": sections, "breadcrumb": [(_("Site map"), "")]}
    return render(request, "site_map.html", context)


@public_page
def open_data(request):
    totals = totals_of([view.model for view, _name in LISTS])
    files = [
        data_file(view.title, name, view.export_name, view.model, view.export_fields, *totals.get(view.model._meta.model_name, (0, None)))
        for view, name in LISTS
    ]
    files.append(data_file(_("Contacts"), "contacts:list", "contacts:export", Contact, CONTACT_FIELDS, Contact.objects.count()))
    files.append(promise_file())
    return render(request, "open_data.html", {"files": files, "breadcrumb": [(_("Open data"), "")]})


def totals_of(models) -> dict[str, tuple]:
    """How many items of each kind are public and when one was last changed, `(count, updated)` by the kind's name: one query."""
    first, *others = [
        model.objects.public()
        .order_by()
        .values(kind_name=Value(model._meta.model_name, CharField()))
        .annotate(number=Count("pk"), last=Max("updated_at"))
        for model in models
    ]
    return {found["kind_name"]: (found["number"], found["last"]) for found in first.union(*others, all=True)}


def data_file(title, list_name, export_name, model, fields, count, updated=None) -> dict:
    """What the index says of one file: its fields, size and last change."""
    return {
        "title": title,
        "list_url": reverse(list_name),
        "csv": reverse(export_name, args=["csv"]),
        "json": reverse(export_name, args=["json"]),
        "count": count,
        "updated": updated,
        "fields": [heading for name in fields for heading, _column in heading_and_column(model, name)],
    }


def promise_file() -> dict:
    """What the index says of the figures of the promise."""
    counted = ledger()
    return {
        "title": _("How we keep our promise"),
        "list_url": reverse("promise:page"),
        "csv": reverse("promise:export", args=["csv"]),
        "json": reverse("promise:export", args=["json"]),
        "count": len(all_rows(counted)),
        "updated": counted.until,
        "fields": FILE_HEADINGS,
    }


@public_page
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*/inquiry/*/",
        "Disallow: /*/draft/",
        "Disallow: /media/draft/",
        f"Sitemap: {settings.SITE_ADDRESS}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page
def sitemap_index(request):
    """The index of the sitemaps, one per kind; kinds without an item are left out."""
    sections = [name for name, section in SECTIONS.items() if section.paginator.count]
    addresses = [settings.SITE_ADDRESS + reverse("sitemap-section", args=[name]) for name in sections]
    return render(request, "sitemap_index.xml", {"addresses": addresses}, content_type="application/xml")


@public_page
def sitemap_section(request, section):
    if section not in SECTIONS:
        raise Http404
    return django_sitemap(request, SECTIONS, section)


@public_page
def security_txt(request):
    """Where to report a weakness (RFC 9116); absent until the bureau names a contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + datetime.timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires}", "Preferred-Languages: zh, en", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def livez(request):
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request):
    """503 without a database or with migrations missing; "degraded" while the jobs are silent."""
    try:
        executor = MigrationExecutor(connection)
        is_ready = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        silent = list(silent_jobs()) if is_ready else []
    except DatabaseError:
        is_ready, silent = False, []
    state = ("degraded" if silent else "ok") if is_ready else "down"
    answer = {"ready": is_ready, "state": state, "silent_jobs": silent}
    return JsonResponse(answer, status=200 if is_ready else 503, headers={"Cache-Control": "no-store"})


@public_page
def style_guide(request):
    """Every component on one page, for those who change the look."""
    return render(request, "styleguide.html", style_guide_context())
