"""What stands around every page: menu, footer, language links, and the addresses that search engines read.

Nothing here looks at the visitor: the address alone decides the page.
"""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau, Contact
from city.models import Industry, KeyFigure, Milestone, Page
from inquiries.models import PublicAnswer
from news.models import Article, Policy
from parks.models import Listing, Park
from projects.models import Project
from publishing.languages import TAGS, active_language, languages_of, reading_order

KINDS = {
    "parks": Park,
    "listings": Listing,
    "projects": Project,
    "industries": Industry,
    "policies": Policy,
    "news": Article,
    "answers": PublicAnswer,
}
PAGES = {"why": "why-zhaoqing", "how": "how-it-works", "privacy": "privacy", "accessibility": "accessibility", "legal": "legal"}


@dataclass(frozen=True)
class Link:
    """A link of the menu, the footer or the languages. `current` is "page", "true" (a page below it) or empty."""

    title: str
    url: str
    current: str = ""
    language: str = ""


# language -> (when asked, answer): the question is the dearest of every page, its answer changes a few times a year.
_answers = {}


def what_exists(language: str) -> dict[str, bool]:
    """Which kinds and pages have something to show in this language. The answer is kept for the seconds that a page is."""
    asked, answer = _answers.get(language, (0, None))
    if answer is None or time.monotonic() - asked >= settings.MENU_SECONDS:
        answer = ask_what_exists(language)
        _answers[language] = (time.monotonic(), answer)
    return answer


def ask_what_exists(language: str) -> dict[str, bool]:
    """One query. Without a bureau there is nothing."""
    found = {name: Exists(model.objects.public().in_language(language)) for name, model in KINDS.items()}
    listings = Listing.objects.public().in_language(language)
    pages = Page.objects.public().in_language(language)
    found |= {
        "land": Exists(listings.filter(kind=Listing.Kind.LAND)),
        "factories": Exists(listings.filter(kind=Listing.Kind.FACTORY)),
        "opportunities": Exists(Project.objects.public().in_language(language).filter(kind=Project.Kind.OPPORTUNITY)),
        "figures": Exists(KeyFigure.objects.public()),
        "history": Exists(Milestone.objects.public().in_language(language)),
        "contacts": Exists(Contact.objects.all()),
    }
    found |= {name: Exists(pages.filter(slug=slug)) for name, slug in PAGES.items()}
    # The prefix keeps the names apart from those of Bureau's own relations.
    columns = {f"has_{name}": question for name, question in found.items()}
    row = Bureau.objects.order_by("pk").annotate(**columns).values(*columns).first() or {}
    return {name: row.get(f"has_{name}", False) for name in found}


class Everything(dict):
    """For pages that must not ask the database: each entry stands."""

    def __missing__(self, name):
        return True


def page(name):
    return reverse("city:page", args=[PAGES[name]])


def menu(exists, view_name: str, path: str) -> list[Link]:
    """The seven entries; a kind without items has none. `view_name` is the name of the page's address, or empty."""
    sections = [
        ("why", _("Why Zhaoqing"), page("why"), ("city:page", "city:industr", "city:history")),
        ("parks", _("Parks"), reverse("parks:list"), ("parks:",)),
        ("listings", _("Land and factories"), reverse("listings:list"), ("listings:",)),
        ("projects", _("Projects"), reverse("projects:list"), ("projects:",)),
        ("figures", _("Statistics"), reverse("city:figures"), ("city:figures", "city:subject")),
        ("news", _("News"), reverse("news:list"), ("news:",)),
        ("contacts", _("Contact"), reverse("contacts:list"), ("contacts:", "inquiries:", "answers:", "promise:")),
    ]
    if not exists["contacts"]:
        sections[-1] = ("contacts", _("Contact"), reverse("inquiries:form"), ("contacts:", "inquiries:", "answers:", "promise:"))
    return [
        Link(title, url, "page" if url == path else "true" if view_name.startswith(below) else "")
        for name, title, url, below in sections
        if exists[name] or name == "contacts"
    ]


def section_of(links: list[Link]) -> str:
    """The title of the section that the page belongs to, or nothing."""
    return next((link.title for link in links if link.current), "")


def footer(exists) -> list[tuple[str, list[Link]]]:
    """The four columns, as `(heading, links)`; only links that lead somewhere."""
    listings = reverse("listings:list")
    columns = [
        (
            _("Find a site"),
            [
                ("parks", _("Industrial parks"), reverse("parks:list")),
                ("land", _("Industrial land"), f"{listings}?kind=land"),
                ("factories", _("Factories"), f"{listings}?kind=factory"),
                ("projects", _("Investment projects"), reverse("projects:list")),
            ],
        ),
        (
            _("Know the city"),
            [
                ("why", _("Why Zhaoqing"), page("why")),
                ("industries", _("Industries"), reverse("city:industries")),
                ("figures", _("Statistics"), reverse("city:figures")),
                ("policies", _("Policies and services"), reverse("policies:list")),
                ("history", pgettext_lazy("the city", "History"), reverse("city:history")),
            ],
        ),
        (
            _("Get help"),
            [
                ("", _("Make an inquiry"), reverse("inquiries:form")),
                ("answers", _("Questions and answers"), reverse("answers:list")),
                ("", _("How we keep our promise"), reverse("promise:page")),
                ("how", _("How an investment proceeds"), page("how")),
                ("contacts", _("Contacts"), reverse("contacts:list")),
            ],
        ),
        (
            _("This website"),
            [
                ("accessibility", _("Accessibility"), page("accessibility")),
                ("privacy", _("Privacy"), page("privacy")),
                ("legal", _("Legal notice"), page("legal")),
                ("", _("Open data"), reverse("open-data")),
                ("", _("Site map"), reverse("site-map")),
            ],
        ),
    ]
    return [(heading, [Link(title, url) for name, title, url in links if not name or exists[name]]) for heading, links in columns]


def in_language(address: str, language: str) -> str:
    """The same address, query included, in another language. An address without a language leads to the home page."""
    path, _mark, query = address.partition("?")
    first, _slash, rest = path.lstrip("/").partition("/")
    if first not in TAGS:
        return f"/{language}/"
    return f"/{language}/{rest}" + (f"?{query}" if query else "")


def language_links(address: str) -> list[Link]:
    active = active_language()
    return [Link(name, in_language(address, code), "true" if code == active else "", TAGS[code]) for code, name in settings.LANGUAGES]


def absolute(address: str) -> str:
    return address if urlsplit(address).scheme else settings.SITE_ADDRESS + address


def canonical(path: str, item=None) -> str:
    """The address that search engines shall keep. An item that does not exist in the page's language is kept in one that does."""
    if item is None or not (existing := languages_of(item)):
        return absolute(path)
    best = next(code for code in reading_order(active_language()) if code in existing)
    return absolute(in_language(path, best))


def alternates(path: str, item=None) -> list[Link]:
    """The addresses of the languages that the page exists in; all three unless an item says otherwise."""
    existing = languages_of(item) if item is not None else list(TAGS)
    return [Link("", absolute(in_language(path, code)), language=TAGS[code]) for code in existing]


def inspection_marks(item, column: str) -> list[tuple[str, str]]:
    """The meta tags that the national inspection of government websites reads (investors.md 8.3, D9)."""
    marks = [
        ("SiteName", gettext("Invest Zhaoqing")),
        ("SiteDomain", urlsplit(settings.SITE_ADDRESS).hostname or ""),
        ("SiteIDCode", settings.FOOTER_SITE_CODE),
        ("ColumnName", str(column or gettext("Home"))),
    ]
    if item is not None:
        is_dated = item.first_published_at and not getattr(item, "is_undated", False)
        published = timezone.localtime(item.first_published_at) if is_dated else None
        marks += [
            ("ArticleTitle", item.title),
            ("PubDate", published.strftime("%Y-%m-%d %H:%M") if published else ""),
            ("ContentSource", item.source or str(item.bureau)),
        ]
    return [(name, content) for name, content in marks if content]
