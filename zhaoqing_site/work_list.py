"""What the staff front page shows: what waits for this person, what the website lacks, and the places where they work."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.models import AuditEntry, Bureau, Contact, District
from bureaus.rights import may
from bureaus.staff import list_name
from city.models import ExchangeRate, Industry, KeyFigure, Milestone, Page
from inquiries.inbox import shown
from inquiries.incoming import READ
from inquiries.models import Absence, CalendarDay, CannedReply, Erasure, IncomingLetter, Inquiry, PublicAnswer, TimeLimit
from news.models import Article, Policy
from outbox.models import Letter
from parks.models import Listing, Park, TransportLink
from parks.rows import in_one_line
from projects.models import Project
from publishing import desk
from publishing.changes import at_hand
from publishing.models import Change, Picture, PreferredWord, Publishable
from zhaoqing_site.due import silent_jobs
from zhaoqing_site.inspection import findings
from zhaoqing_site.waiting import address, count_all, list_of, tasks


@dataclass
class Place:
    """A list that the person works in, and the way to a new row of it."""

    name: str
    url: str
    rows: list[QuerySet]
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
    (_("Write a question and answer"), PublicAnswer),
    (_("Add an industry"), Industry),
    (_("Write a page"), Page),
    (_("Add a milestone"), Milestone),
    (_("Upload a picture"), Picture),
    ("", Change),
]
ANSWER = [
    ("", Inquiry),
    (_("Propose a reply"), CannedReply),
    (_("Enter an absence"), Absence),
    ("", Letter),
    ("", IncomingLetter),
    ("", Erasure),
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
    (_("Add the time limits of a topic"), TimeLimit),
]
# What a new row is called for those who need nobody's approval: model -> (right, name).
WITHOUT_ASKING = {CannedReply: ("keep replies", _("Write a standard reply"))}
# What a job that has stopped leaves undone.
SILENT = {
    "publish_scheduled": _("scheduled pages"),
    "deliver_due": _("letters"),
    "settle_replies": _("answered inquiries"),
    "inquiry_clock": _("reminders of inquiries"),
    READ: _("letters of investors"),
    "retention": _("details to be erased in time"),
    "write_morning_mails": _("morning mails"),
}
GROUPS = [(_("Write and change"), WRITE), (_("Answer"), ANSWER), (_("Manage"), MANAGE)]


def work_list(site, request) -> dict:
    """`tasks` that wait, `findings` about the website and `groups` of places, for the person of this request."""
    groups = [(title, places(site, request, rows)) for title, rows in GROUPS]
    count_all([place for _title, found in groups for place in found])
    return {
        "alarms": alarms(),
        "tasks": tasks(site, request),
        "findings": findings(site, request),
        "groups": [(title, found) for title, found in groups if found],
    }


def alarms() -> list[str]:
    """What a person must tell the technicians: the clock that publishes and sends has stopped."""
    stopped = silent_jobs()
    silent = {name: stopped[name] for name in SILENT if name in stopped}
    if not silent:
        return []
    time, jobs = f"{timezone.localtime(min(silent.values())):%Y-%m-%d %H:%M}", in_one_line(SILENT[name] for name in silent)
    return [
        gettext("Since %(time)s nothing that falls due has been done (%(job)s). Tell those who run the server.")
        % {"time": time, "job": jobs}
    ]


def rows_of(model_list, request):
    """The rows that a list opens with: what was put away is no longer counted or found."""
    rows = model_list.get_queryset(request)
    return at_hand(rows) if issubclass(rows.model, Publishable) else rows


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
        right, own_name = WITHOUT_ASKING.get(model, ("", ""))
        new = own_name if right and may(request.user, right) else new
        way_in = (new, address(model, "add")) if new and model_list.has_add_permission(request) else ("", "")
        found.append(Place(list_name(model), address(model, "changelist"), [shown_rows], *way_in))
    return found
