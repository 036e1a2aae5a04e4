"""What the staff front page shows: what waits for this person, and the places where they work, in their words.

Each number is counted in the very rows that the linked list shows this person, so the two cannot disagree.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from bureaus.models import AuditEntry, Bureau, Contact, District
from bureaus.staff import list_name
from city.models import ExchangeRate, Industry, KeyFigure, Milestone, Page
from inquiries.inbox import shown
from inquiries.models import CalendarDay, Inquiry
from news.models import Article, Policy
from outbox.models import Letter
from parks.models import Listing, Park, TransportLink
from projects.models import Project
from publishing import desk
from publishing.changes import at_hand
from publishing.facts import due_for_check
from publishing.models import Change, Picture, PreferredWord, Publishable
from zhaoqing_site.due import silent_jobs


@dataclass
class Task:
    """Something that waits: so many rows, in this list."""

    name: str
    url: str
    rows: QuerySet
    count: int = 0


@dataclass
class Place:
    """A list that the person works in, and the way to a new row of it."""

    name: str
    url: str
    rows: QuerySet
    add_name: str
    add_url: str
    count: int = 0


# What people come for, as (name of a new row, model); the list itself names its place.
WRITE = [
    (_("Write an article"), Article),
    (_("Add a park"), Park),
    (_("Offer land or a building"), Listing),
    (_("Add a project"), Project),
    (_("Add a figure"), KeyFigure),
    (_("Add a policy or service"), Policy),
    (_("Add an industry"), Industry),
    (_("Write a page"), Page),
    (_("Add a milestone"), Milestone),
    (_("Upload a picture"), Picture),
    ("", Change),
]
ANSWER = [
    ("", Inquiry),
    ("", Letter),
]
MANAGE = [
    (_("Add a contact"), Contact),
    (_("Invite a person"), User),
    (_("Add a word"), PreferredWord),
    ("", AuditEntry),
    (_("Add a bureau"), Bureau),
    ("", District),
    (_("Add a transport link"), TransportLink),
    (_("Add an exchange rate"), ExchangeRate),
    (_("Add a day"), CalendarDay),
]
# What a job that has stopped leaves undone.
SILENT = {
    "publish_scheduled": _("scheduled pages"),
    "deliver_due": _("letters"),
    "settle_replies": _("answered inquiries"),
}
GROUPS = [(_("Write and change"), WRITE), (_("Answer"), ANSWER), (_("Manage"), MANAGE)]
# Views of the officers' list that something waits in; one inquiry may stand in several.
INQUIRIES = [
    (_("Inquiries: answer overdue"), "overdue"),
    (_("Inquiries: answer due today"), "today"),
    (_("Inquiries that nobody has taken"), "untaken"),
    (_("Inquiries: your reply did not arrive"), "undelivered"),
    (_("Inquiries in your hands"), "mine"),
]

# Views of the desk of changes that something waits in.
CHANGES = [
    (_("Changes sent back to you"), "sent-back"),
    (_("Changes that wait for your review"), "waiting"),
    (_("Changes not published as scheduled"), "failed"),
    (_("Changes published alone, to be signed afterwards"), "afterwards"),
    (_("Your drafts"), "mine"),
    (_("Changes that are scheduled"), "scheduled"),
    (_("Changes approved, not yet public"), "approved"),
]


def work_list(site, request) -> dict:
    """`tasks` that wait and `groups` of places, for the person of this request. All numbers come from one query."""
    groups = [(title, places(site, request, rows)) for title, rows in GROUPS]
    waiting = tasks(site, request)
    entries = [*waiting, *(place for _title, found in groups for place in found)]
    for entry, number in zip(entries, count([entry.rows for entry in entries]), strict=True):
        entry.count = number
    return {
        "alarms": alarms(),
        "tasks": [task for task in waiting if task.count],
        "groups": [(title, found) for title, found in groups if found],
    }


def alarms() -> list[str]:
    """What a person must tell the technicians: the clock that publishes and sends has stopped."""
    return [
        _("Since %(time)s nothing that falls due has been done (%(job)s). Tell those who run the server.")
        % {"time": f"{timezone.localtime(at):%Y-%m-%d %H:%M}", "job": SILENT[name]}
        for name, at in silent_jobs().items()
    ]


def count(querysets) -> list[int]:
    """How many rows each queryset has, by one query: a column for each."""
    columns = {f"number_{place}": Subquery(number_of(rows)) for place, rows in enumerate(querysets)}
    row = Bureau.objects.order_by("pk").annotate(**columns).values(*columns).first() if columns else None
    return [(row or {}).get(name) or 0 for name in columns]


def number_of(rows):
    """A queryset as the number of its rows, for a column of another query."""
    plain = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")).order_by()
    return plain.annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")


def list_of(site, request, model):
    """The model's staff list, where this person has one."""
    if not site.is_registered(model):
        return None
    found = site.get_model_admin(model)
    return found if found.has_module_permission(request) and found.has_view_permission(request) else None


def rows_of(model_list, request):
    """The rows that a list opens with: what was put away is no longer counted or found."""
    rows = model_list.get_queryset(request)
    return at_hand(rows) if issubclass(rows.model, Publishable) else rows


def address(model, name, **query) -> str:
    found = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")
    return f"{found}?{urlencode(query)}" if query else found


def places(site, request, rows) -> list[Place]:
    found = []
    for new, model in rows:
        if (model_list := list_of(site, request, model)) is None:
            continue
        shown_rows = rows_of(model_list, request)
        if model is Inquiry:
            shown_rows = shown(shown_rows, "open", request.user)
        elif model is Change:
            shown_rows = desk.shown(shown_rows, "", request.user)
        way_in = (new, address(model, "add")) if new and model_list.has_add_permission(request) else ("", "")
        found.append(Place(list_name(model), address(model, "changelist"), shown_rows, *way_in))
    return found


def tasks(site, request) -> list[Task]:
    found = []
    if inquiries := list_of(site, request, Inquiry):
        rows = inquiries.get_queryset(request)
        found += [Task(name, address(Inquiry, "changelist", show=view), shown(rows, view, request.user)) for name, view in INQUIRIES]
    if letters := list_of(site, request, Letter):
        query = {"state__exact": Letter.State.PARKED.value}
        found.append(
            Task(_("Letters not delivered"), address(Letter, "changelist", **query), letters.get_queryset(request).filter(**query))
        )
    if figures := list_of(site, request, KeyFigure):
        stale = due_for_check(figures.get_queryset(request))
        found.append(Task(_("Figures that nobody has checked for a year"), address(KeyFigure, "changelist", check="due"), stale))
    if changes := list_of(site, request, Change):
        rows = changes.get_queryset(request)
        found += [Task(name, address(Change, "changelist", show=view), desk.shown(rows, view, request.user)) for name, view in CHANGES]
    return found
