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
from django.utils.translation import pgettext_lazy

from bureaus.models import AuditEntry, Bureau, Contact, District
from bureaus.rights import bureaus_where, may
from city.models import ExchangeRate, Industry, KeyFigure, Milestone, Page
from inquiries.clock import calendar_missing
from inquiries.inbox import shown
from inquiries.incoming import READ, waiting
from inquiries.models import Absence, CalendarDay, CannedReply, Erasure, IncomingLetter, Inquiry, PublicAnswer, TimeLimit
from news.models import Article, Policy
from outbox.models import Letter
from parks.models import Listing, Park, TransportLink
from projects.models import Project
from publishing import desk
from publishing.facts import due_for_check
from publishing.models import Change, Picture, PreferredWord
from zhaoqing_site.due import silent_jobs


@dataclass
class Task:
    """Something that waits: so many rows, in this list."""

    name: str
    url: str
    rows: QuerySet
    count: int = 0
    is_alarm: bool = False  # an investor waits in vain


@dataclass
class Place:
    """A list that the person works in, and the way to a new row of it."""

    name: str
    url: str
    rows: QuerySet
    add_name: str
    add_url: str
    count: int = 0


# What people come for, as (name of the list, name of a new row, model).
WRITE = [
    (_("News and notices"), _("Write news"), Article),
    (_("Parks"), _("Add a park"), Park),
    (_("Land and buildings"), _("Offer land or a building"), Listing),
    (_("Projects"), _("Add a project"), Project),
    (_("Figures"), _("Add a figure"), KeyFigure),
    (_("Policies and services"), _("Add a policy or service"), Policy),
    (_("Questions and answers"), _("Write a question and answer"), PublicAnswer),
    (_("Industries"), _("Add an industry"), Industry),
    (_("Pages about the city"), _("Write a page"), Page),
    (pgettext_lazy("the city", "History"), _("Add a milestone"), Milestone),
    (_("Pictures"), _("Upload a picture"), Picture),
    (_("Drafts and reviews"), "", Change),
]
ANSWER = [
    (_("Inquiries"), "", Inquiry),
    (_("Kept replies"), _("Propose a reply"), CannedReply),
    (_("Absences"), _("Enter an absence"), Absence),
    (_("Letters"), "", Letter),
    (_("Letters received"), "", IncomingLetter),
    (_("Erasures"), "", Erasure),
]
ARRANGE = [
    (_("Contacts"), _("Add a contact"), Contact),
    (_("People and their roles"), _("Invite a person"), User),
    (_("Preferred words"), _("Add a word"), PreferredWord),
    (_("Audit log"), "", AuditEntry),
    (_("Bureaus"), _("Add a bureau"), Bureau),
    (_("Districts"), "", District),
    (_("Ways to the city"), _("Add a way to the city"), TransportLink),
    (_("Exchange rates"), _("Add an exchange rate"), ExchangeRate),
    (_("Holidays and working days"), _("Add a day"), CalendarDay),
    (_("Time limits for inquiries"), _("Add a topic"), TimeLimit),
]
# What a job that has stopped leaves undone.
SILENT = {
    "publish_scheduled": _("scheduled pages"),
    "deliver_due": _("letters"),
    "settle_replies": _("answered inquiries"),
    "inquiry_clock": _("reminders of inquiries"),
    READ: _("letters of investors"),
    "retention": _("details to be erased in time"),
}
GROUPS = [(_("Write and change"), WRITE), (_("Answer"), ANSWER), (_("Arrange"), ARRANGE)]
# Views of the officers' list that something waits in; one inquiry may stand in several.
INQUIRIES = [
    (_("Inquiries: answer overdue"), "overdue"),
    (_("Inquiries: answer due today"), "today"),
    (_("Inquiries that nobody has taken"), "untaken"),
    (_("Inquiries: your reply did not arrive"), "undelivered"),
    (_("Inquiries that wait for a decision"), "decide"),
    (_("Inquiries with a follow-up due"), "tasks"),
    (_("Inquiries in your hands"), "mine"),
    (_("Inquiries whose sender is erased within 30 days"), "expiring"),
]
ALARMS = {"overdue", "undelivered"}

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
        "alarms": alarms() + missing_calendar(site, request),
        "tasks": [task for task in waiting if task.count],
        "groups": [(title, found) for title, found in groups if found],
    }


def alarms() -> list[str]:
    """What a person must tell the technicians: the clock that publishes and sends has stopped."""
    return [
        _("Since %(time)s nothing that falls due has been done (%(job)s). Tell those who run the server.")
        % {"time": f"{timezone.localtime(at):%Y-%m-%d %H:%M}", "job": SILENT[name]}
        for name, at in silent_jobs().items()
        if name in SILENT
    ]


def missing_calendar(site, request) -> list[str]:
    """To those who keep the calendar: a year without it would count its holidays as working days."""
    days = list_of(site, request, CalendarDay)
    year = calendar_missing(timezone.now()) if days and days.has_add_permission(request) else None
    return [_("The holidays of %(year)d are missing: enter them under “Holidays and working days”.") % {"year": year}] if year else []


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


def address(model, name, **query) -> str:
    found = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")
    return f"{found}?{urlencode(query)}" if query else found


def places(site, request, rows) -> list[Place]:
    found = []
    for name, new, model in rows:
        if (model_list := list_of(site, request, model)) is None:
            continue
        shown_rows = model_list.get_queryset(request)
        if model is Inquiry:
            shown_rows = shown(shown_rows, "open", request.user)
        elif model is Change:
            shown_rows = desk.shown(shown_rows, "", request.user)
        way_in = (new, address(model, "add")) if new and model_list.has_add_permission(request) else ("", "")
        found.append(Place(name, address(model, "changelist"), shown_rows, *way_in))
    return found


def tasks(site, request) -> list[Task]:
    found = []
    if inquiries := list_of(site, request, Inquiry):
        rows = inquiries.get_queryset(request)
        for name, view in INQUIRIES:
            waits = shown(rows, view, request.user)
            found.append(Task(name, address(Inquiry, "changelist", show=view), waits, is_alarm=view in ALARMS))
    if may(request.user, "keep replies") and (replies := list_of(site, request, CannedReply)):
        proposed = replies.get_queryset(request).filter(is_in_use=False)
        found.append(Task(_("Kept replies that somebody proposes"), address(CannedReply, "changelist", is_in_use__exact=0), proposed))
    if letters := list_of(site, request, Letter):
        query = {"state__exact": Letter.State.PARKED.value}
        found.append(
            Task(_("Letters not delivered"), address(Letter, "changelist", **query), letters.get_queryset(request).filter(**query))
        )
    if received := list_of(site, request, IncomingLetter):
        rows = waiting(received.get_queryset(request))
        found.append(Task(_("Letters that belong to no inquiry"), address(IncomingLetter, "changelist", waits="yes"), rows))
    if erasures := list_of(site, request, Erasure):
        rows = erasures.get_queryset(request).filter(done_at=None, inquiry__erased_at=None)
        waits = rows.filter(inquiry__bureau__in=bureaus_where(request.user, "erase")).exclude(asked_by=request.user)
        found.append(Task(_("Erasures that wait for you to confirm"), address(Erasure, "changelist", state="open"), waits))
    if figures := list_of(site, request, KeyFigure):
        stale = due_for_check(figures.get_queryset(request))
        found.append(Task(_("Figures that nobody has checked for a year"), address(KeyFigure, "changelist", check="due"), stale))
    if changes := list_of(site, request, Change):
        rows = changes.get_queryset(request)
        found += [Task(name, address(Change, "changelist", show=view), desk.shown(rows, view, request.user)) for name, view in CHANGES]
    return found
