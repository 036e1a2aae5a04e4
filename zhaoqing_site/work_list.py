"""What the staff front page shows: what waits for this person, and the places where they work, in their words.

Each number is counted in the very rows that the linked list shows this person, so the two cannot disagree.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Bureau, Contact, District
from city.models import ExchangeRate, Industry, KeyFigure, Milestone, Page
from inquiries.inbox import shown
from inquiries.models import CalendarDay, Inquiry
from news.models import Article, Policy
from outbox.models import Letter
from parks.models import Listing, Park, TransportLink
from projects.models import Project
from publishing.facts import due_for_check
from publishing.models import Picture, Publishable, Status


@dataclass(frozen=True)
class Task:
    """Something that waits: so many, in this list."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class Place:
    """A list that the person works in, and the way to a new row of it."""

    name: str
    url: str
    count: int | None
    add_name: str
    add_url: str


# What people come for, as (name of the list, name of a new row, model).
WRITE = [
    (_("News and notices"), _("Write news"), Article),
    (_("Parks"), _("Add a park"), Park),
    (_("Land and buildings"), _("Offer land or a building"), Listing),
    (_("Projects"), _("Add a project"), Project),
    (_("Figures"), _("Add a figure"), KeyFigure),
    (_("Policies and services"), _("Add a policy or service"), Policy),
    (_("Industries"), _("Add an industry"), Industry),
    (_("Pages about the city"), _("Write a page"), Page),
    (pgettext_lazy("the city", "History"), _("Add a milestone"), Milestone),
    (_("Pictures"), _("Upload a picture"), Picture),
]
ANSWER = [
    (_("Inquiries"), "", Inquiry),
    (_("Letters"), "", Letter),
]
ARRANGE = [
    (_("Contacts"), _("Add a contact"), Contact),
    (_("People and their roles"), _("Add a person"), User),
    (_("Bureaus"), _("Add a bureau"), Bureau),
    (_("Districts"), "", District),
    (_("Ways to the city"), _("Add a way to the city"), TransportLink),
    (_("Exchange rates"), _("Add an exchange rate"), ExchangeRate),
    (_("Holidays and working days"), _("Add a day"), CalendarDay),
]
# Views of the officers' list that something waits in; one inquiry may stand in several.
INQUIRIES = [
    (_("Inquiries: answer overdue"), "overdue"),
    (_("Inquiries: answer due today"), "today"),
    (_("Inquiries that nobody has taken"), "untaken"),
    (_("Inquiries: your reply did not arrive"), "undelivered"),
    (_("Inquiries in your hands"), "mine"),
]


def work_list(site, request) -> dict:
    """`tasks` that wait and `groups` of places, for the person of this request."""
    counts = {}
    groups = [
        (_("Write and change"), places(site, request, WRITE, counts)),
        (_("Answer"), places(site, request, ANSWER, counts)),
        (_("Arrange"), places(site, request, ARRANGE, counts)),
    ]
    return {
        "tasks": [task for task in tasks(site, request, counts) if task.count],
        "groups": [(title, rows) for title, rows in groups if rows],
    }


def admin_of(site, request, model):
    """The model's staff list, where this person has one."""
    if not site.is_registered(model):
        return None
    model_admin = site.get_model_admin(model)
    return model_admin if model_admin.has_module_permission(request) and model_admin.has_view_permission(request) else None


def address(model, name, query=None) -> str:
    found = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")
    return f"{found}?{urlencode(query)}" if query else found


def places(site, request, rows, counts) -> list[Place]:
    found = []
    for name, new, model in rows:
        if (model_admin := admin_of(site, request, model)) is None:
            continue
        counts[model] = count(request, model, model_admin.get_queryset(request))
        may_add = new and model_admin.has_add_permission(request)
        found.append(Place(name, address(model, "changelist"), counts[model]["all"], new if may_add else "", address(model, "add") if may_add else ""))
    return found


def count(request, model, rows) -> dict[str, int]:
    """All rows that the list opens with; of a published kind also the drafts. One query."""
    if model is Inquiry:
        rows = shown(rows, "open", request.user)
    numbers = {"all": Count("pk", distinct=True)}
    if issubclass(model, Publishable):
        numbers["drafts"] = Count("pk", filter=Q(status=Status.DRAFT))
    return rows.order_by().aggregate(**numbers)


def tasks(site, request, counts) -> list[Task]:
    found = [*inquiries(site, request), *undelivered(site, request)]
    if model_admin := admin_of(site, request, KeyFigure):
        stale = due_for_check(model_admin.get_queryset(request)).count()
        found.append(Task(_("Figures that nobody has checked for a year"), stale, address(KeyFigure, "changelist", {"check": "due"})))
    for name, _new, model in WRITE:
        if drafts := counts.get(model, {}).get("drafts"):
            found.append(Task(_("Drafts: %s") % name, drafts, address(model, "changelist", {"status__exact": Status.DRAFT.value})))
    return found


def inquiries(site, request) -> list[Task]:
    if (model_admin := admin_of(site, request, Inquiry)) is None:
        return []
    rows = model_admin.get_queryset(request).order_by()
    return [Task(name, shown(rows, view, request.user).count(), address(Inquiry, "changelist", {"show": view})) for name, view in INQUIRIES]


def undelivered(site, request) -> list[Task]:
    if (model_admin := admin_of(site, request, Letter)) is None:
        return []
    query = {"state__exact": Letter.State.PARKED.value}
    number = model_admin.get_queryset(request).filter(**query).count()
    return [Task(_("Letters not delivered"), number, address(Letter, "changelist", query))]
