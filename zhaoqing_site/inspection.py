"""What an inspection of government websites would find, told to managers before it is found (investors.md 8.2, staff.md S42).

The limits hold for the whole website: what any bureau publishes serves them all.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Exists, Max, QuerySet, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau
from bureaus.rights import may
from bureaus.staff import LANGUAGES
from city.models import Industry, KeyFigure, Milestone
from inquiries.clock import calendar_missing, years_to_confirm
from inquiries.models import CalendarDay
from news.models import Article, Policy
from parks.models import Listing, Park
from parks.rows import in_one_line
from projects.models import Project
from zhaoqing_site.waiting import address, list_of

COLUMNS = [
    (_("Parks"), Park),
    (_("Land and factories"), Listing),
    (_("Projects"), Project),
    (_("Industries"), Industry),
    (_("Policies and services"), Policy),
    (_("News"), Article),
    (_("Statistics"), KeyFigure),
    (pgettext_lazy("the city", "History"), Milestone),
]


@dataclass(frozen=True)
class Limit:
    """After so many `days` without a new page an inspection counts it; from `warn` on the managers are told."""

    name: str
    model: type  # what to write
    shown: list[QuerySet]  # whose newest counts
    column: str
    warn: int
    days: int


@dataclass(frozen=True)
class Finding:
    """One sentence, and where something can be done about it."""

    text: str
    url: str
    is_urgent: bool = False


def limits() -> list[Limit]:
    news, notices = (Article.objects.public().filter(kind=kind) for kind in (Article.Kind.NEWS, Article.Kind.NOTICE))
    home = [model.objects.public() for model in (Article, Project, Policy, Park, KeyFigure)]
    return [
        Limit(_("Home page"), Article, home, "published_at", 7, 14),
        Limit(_("News"), Article, [news], "first_published_at", 7, 14),
        Limit(_("Notices"), Article, [notices], "first_published_at", 150, 180),
        Limit(_("Policies and services"), Policy, [Policy.objects.public()], "first_published_at", 150, 180),
    ]


def findings(site, request) -> list[Finding]:
    """For managers; the urgent first. One query."""
    if not may(request.user, "publish alone"):
        return []
    known = ask()
    found = [*stale(site, request, known), *empty(site, request, known), *calendar(site, request), *installers(request, known)]
    return sorted(found, key=lambda finding: not finding.is_urgent)


def ask() -> dict:
    """Everything that the findings depend on."""
    columns = {"installers": Subquery(over_all(User.objects.filter(is_superuser=True, is_active=True), Count("pk")))}
    for place, limit in enumerate(limits()):
        for part, rows in enumerate(limit.shown):
            columns[f"newest_{place}_{part}"] = Subquery(over_all(rows, Max(limit.column)))
    for place, (_name, model) in enumerate(COLUMNS):
        for number, language in enumerate(LANGUAGES):
            columns[f"column_{place}_{number}"] = Exists(model.objects.public().in_language(language))
    return Bureau.objects.order_by("pk").annotate(**columns).values(*columns).first() or {}


def over_all(rows, value):
    return rows.order_by().annotate(all=Value(1)).values("all").annotate(value=value).values("value")


def stale(site, request, known):
    for place, limit in enumerate(limits()):
        newest = max((at for part in range(len(limit.shown)) if (at := known.get(f"newest_{place}_{part}"))), default=None)
        where = way_in(site, request, limit.model)
        if newest is None:
            yield Finding(gettext("%s: nothing published yet") % limit.name, where)
            continue
        days = (timezone.localdate() - timezone.localdate(newest)).days
        if days >= limit.warn:
            text = ngettext(
                "%(what)s: nothing new for %(days)d day; the limit is %(limit)d",
                "%(what)s: nothing new for %(days)d days; the limit is %(limit)d",
                days,
            )
            yield Finding(text % {"what": limit.name, "days": days, "limit": limit.days}, where, days > limit.days * 2 / 3)


def empty(site, request, known):
    """Columns of the website that hold nothing in some language; readers of that language do not find them in the menu."""
    for place, (name, model) in enumerate(COLUMNS):
        lacking = [title for number, title in enumerate(LANGUAGES.values()) if not known.get(f"column_{place}_{number}")]
        if lacking:
            text = gettext("%(what)s: empty in %(languages)s") % {"what": name, "languages": in_one_line(lacking)}
            yield Finding(text, way_in(site, request, model))


def calendar(site, request):
    """To those who keep the calendar: a year without it would count its holidays as working days."""
    if (days := list_of(site, request, CalendarDay)) is None or not days.has_change_permission(request):
        return
    if year := calendar_missing(timezone.now()):
        text = gettext("The holidays of %d are not entered: due times will be wrong") % year
        yield Finding(text, address(CalendarDay, "changelist"), is_urgent=True)
    if years := years_to_confirm():
        text = gettext("Holidays not yet compared with the published notice: %s") % in_one_line(map(str, years))
        yield Finding(text, address(CalendarDay, "changelist", to_confirm__exact=1))


def installers(request, known):
    """More than one account that no role limits."""
    if request.user.is_superuser and (number := known.get("installers") or 0) > 1:
        text = gettext("%d accounts may do everything: one is enough") % number
        yield Finding(text, address(User, "changelist", is_superuser__exact=1), is_urgent=True)


def way_in(site, request, model) -> str:
    """Where something new is written, for who may; else the list."""
    model_list = list_of(site, request, model)
    return address(model, "add" if model_list is not None and model_list.has_add_permission(request) else "changelist")
