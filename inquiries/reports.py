"""The manager's report: what is open and late, who has what, where inquiries come from, why leads were lost, how they were graded.

Own bureaus; for the city desk also what is open at the others. Grades: the number of answers, and no percent under five (S68).
"""

from collections import Counter
from datetime import datetime, timedelta
from statistics import median

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from inquiries import clock
from inquiries.case_words import name_of
from inquiries.follow_ups import to_do
from inquiries.inbox import midnight
from inquiries.models import FollowUp, Inquiry, undelivered
from inquiries.models.inquiry import UNANSWERED
from publishing.languages import CODES

Status = Inquiry.Status
SPANS = (30, 90, 365)  # days
USUAL = 90
LEAST = 5
MOST_PAGES = 20
MOST_TASKS = 30
WORKING_DAY = sum(((end.hour - start.hour) * 60 + end.minute - start.minute for start, end in clock.SHIFTS), 0) * 60  # seconds


def view(model_admin, request):
    """For managers."""
    if not may(request.user, "report on inquiries"):
        raise PermissionDenied
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else USUAL
    context = model_admin.admin_site.each_context(request) | report(request.user, timezone.now(), days)
    context |= {"title": _("Report on inquiries"), "opts": model_admin.opts, "days": days, "spans": SPANS}
    return TemplateResponse(request, "admin/inquiries/reports.html", context)


def report(user, now: datetime, days: int) -> dict:
    """A fixed number of queries, however many inquiries."""
    own = bureaus_where(user, "report on inquiries")
    mine = Inquiry.objects.filter(bureau__in=own).exclude(status=Status.SPAM)
    standing = Inquiry.objects.at_work().filter(bureau__in=own | bureaus_where(user, "assign"))
    came = mine.filter(received_at__gte=now - timedelta(days=days)).exclude(status=Status.MERGED, merged_apart=False)
    return {
        "bureaus": list(Bureau.objects.filter(pk__in=own)),
        "sees_others": not bureaus_where(user, "assign") <= own,
        "now_standing": standing_now(standing, now),
        "officers": officers(standing, now),
        "by_bureau": by_bureau(standing, now),
        "came": came.count(),
        "topics": counted(came, "topic", Inquiry.Topic),
        "results": counted(came.filter(status=Status.CLOSED), "result", Inquiry.Result),
        "lost": counted(came.exclude(lost_because=""), "lost_because", Inquiry.Lost),
        "pages": pages(came),
        "tasks": tasks(own, now),
        "first_answer": first_answer(came),
        "grades": grades(mine.filter(rated_at__gte=now - timedelta(days=days))),
    }


def standing_now(rows, now) -> list[tuple]:
    """(what, how many, view of the list)."""
    found = rows.aggregate(
        open=Count("pk"),
        untaken=Count("pk", filter=Q(status=Status.NEW)),
        today=Count("pk", filter=UNANSWERED & Q(answer_by__gte=now, answer_by__lt=midnight(now))),
        overdue=Count("pk", filter=UNANSWERED & Q(answer_by__lt=now)),
        waiting=Count("pk", filter=Q(status=Status.WAITING)),
    )
    labels = {
        "open": _("open"),
        "untaken": _("not taken yet"),
        "today": _("due today"),
        "overdue": _("overdue"),
        "waiting": _("waiting for the investor"),
    }
    numbers = [(label, found[name], name) for name, label in labels.items()]
    return [*numbers, (_("e-mail not delivered"), undelivered(rows).count(), "undelivered")]


def counts_of_open(now):
    return {
        "open": Count("pk"),
        "late": Count("pk", filter=UNANSWERED & Q(answer_by__lt=now)),
        "waiting": Count("pk", filter=Q(status=Status.WAITING)),
    }


def officers(rows, now) -> list[dict]:
    """Who has how many in hand, the most first; without a person what nobody has."""
    found = list(rows.order_by().values("assignee").annotate(**counts_of_open(now)).order_by("-open", "assignee"))
    people = get_user_model().objects.in_bulk([row["assignee"] for row in found if row["assignee"]])
    return [row | {"name": name_of(people.get(row["assignee"])) or _("nobody")} for row in found]


def by_bureau(rows, now) -> list[dict]:
    found = list(rows.order_by().values("bureau").annotate(**counts_of_open(now)).order_by("-open", "bureau"))
    bureaus = Bureau.objects.in_bulk([row["bureau"] for row in found])
    return [row | {"name": bureaus[row["bureau"]].name} for row in found] if len(found) > 1 else []


def counted(rows, name, choices) -> list[tuple]:
    """(label, how many), the most first; only what there is."""
    found = rows.order_by().values(name).annotate(number=Count("pk")).order_by("-number", name)
    labels = dict(choices.choices)
    return [(labels.get(row[name], row[name]), row["number"]) for row in found if row[name]]


def pages(rows) -> list[tuple]:
    """Which pages inquiries were written from, whatever their language and filters."""
    found = Counter(without_language(about) for about in rows.exclude(about="").order_by().values_list("about", flat=True))
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_PAGES]


def without_language(about: str) -> str:
    """/en/parks/?district=sihui -> /parks/."""
    first, _slash, rest = about.partition("?")[0].lstrip("/").partition("/")
    return f"/{rest}" if first in CODES else f"/{first}/{rest}"


def tasks(own, now) -> list[FollowUp]:
    """What is to be done now, the oldest first."""
    due = to_do(now).filter(inquiry__bureau__in=own)
    return list(due.select_related("inquiry__assignee").order_by("due_at", "pk")[:MOST_TASKS])


def first_answer(rows) -> dict:
    """How many were answered, and the median in words where there are enough to tell."""
    found = list(rows.exclude(first_answered_at=None).order_by().values_list("received_at", "first_answered_at"))
    if len(found) < LEAST:
        return {"number": len(found), "median": ""}
    special = clock.special_days(min(row[0] for row in found).astimezone(clock.BEIJING).date())
    middle = median(clock.working_time(came, answered, special) for came, answered in found)
    return {"number": len(found), "median": in_working_time(middle)}


def in_working_time(span: timedelta) -> str:
    """Working hours up to a day of six, then working days with one decimal."""
    days = span.total_seconds() / WORKING_DAY
    if days < 1:
        hours = max(1, round(span.total_seconds() / 3600))
        return ngettext("%d working hour", "%d working hours", hours) % hours
    return _("%s working days") % f"{days:.1f}"


def grades(rows) -> dict:
    """Each grade with its number, and its share where there are enough answers that a share means something."""
    found = dict(rows.exclude(rating=None).order_by().values_list("rating").annotate(number=Count("pk")))
    number = sum(found.values())
    shares = [
        (grade.label, found.get(grade.value, 0), round(100 * found.get(grade.value, 0) / number) if number >= LEAST else None)
        for grade in Inquiry.Grade
    ]
    return {"number": number, "rows": shares}
