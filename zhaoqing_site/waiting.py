"""What waits for a person, as the front page and the morning mail list it (staff.md S42, S43).

Each number is counted in the very rows that the linked list shows this person, so the two cannot disagree.
"""

from dataclasses import dataclass
from datetime import datetime, time

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from city.models import KeyFigure
from inquiries.inbox import shown
from inquiries.incoming import waiting as letters_that_wait
from inquiries.models import CannedReply, Erasure, IncomingLetter, Inquiry, Message
from outbox.models import Letter
from publishing import broken_links, consent_page, desk
from publishing.changes import at_hand
from publishing.facts import due_for_check
from publishing.languages import active_language
from publishing.models import Change, PageLink, Publishable, TakeDownAnswer, TakeDownQuestion, TranslationState

# How the moment of the oldest row is read: it has waited since then, it is late since then, it is due then.
WAITS, LATE, DUE = "waits", "late", "due"
DUE_WORDS = {"en": "D j M, H:i", "zh-hans": "n月j日（D）H:i", "zh-hant": "n月j日（D）H:i"}


@dataclass
class Task:
    """Something that waits: so many rows, in this list."""

    name: str
    url: str
    rows: list[QuerySet]
    moment: object = None  # of a row: a column or an expression
    reads: str = WAITS
    is_urgent: bool = False
    count: int = 0
    oldest: datetime | None = None

    @property
    def how_long(self) -> str:
        """For how long the oldest has waited, or when the first is due; nothing where that is not known."""
        return in_words(self.oldest, self.reads, self.count) if self.oldest else ""


# Views of the desk of changes that something waits in: (name, view, right, how its moment is read, is it urgent).
CHANGES = [
    (_("Changes not published as scheduled"), "failed", "publish", WAITS, True),
    (_("Changes sent back to you"), "sent-back", "edit", WAITS, False),
    (_("Changes that wait for your review"), "waiting", "approve", WAITS, False),
    (_("Changes approved, not yet public"), "approved", "publish", WAITS, False),
    (_("Changes published alone, to be signed afterwards"), "afterwards", "approve", WAITS, False),
    (_("Your drafts"), "mine", "edit", WAITS, False),
    (_("Drafts of colleagues"), "others", "publish alone", WAITS, False),
    (_("Changes that wait for a colleague's review"), "with-others", "publish alone", WAITS, False),
    (_("Changes that go live within 7 days"), "soon", "publish", DUE, False),
]
# Views of the officers' list that something waits in; one inquiry may stand in several.
LAST_REPLY = Message.objects.filter(inquiry=OuterRef("pk"), kind=Message.Kind.REPLY).order_by("-written_at", "-pk").values("written_at")[:1]
LAST_WORD = Message.objects.filter(inquiry=OuterRef("pk"), kind=Message.Kind.INVESTOR).order_by("-written_at").values("written_at")[:1]
INQUIRIES = [
    (_("Inquiries: answer overdue"), "overdue", "answer_by", LATE, True),
    (_("Inquiries: our e-mail did not arrive"), "undelivered", Coalesce(Subquery(LAST_REPLY), "received_at"), WAITS, True),
    (_("Inquiries: answer due today"), "today", "answer_by", DUE, True),
    (_("Investors have replied: waiting for us"), "replied", Subquery(LAST_WORD), WAITS, False),
    (_("Taken for spam, but the sender has written again"), "raised", Subquery(LAST_WORD), WAITS, True),
    (_("Inquiries that wait for a decision"), "decide", "received_at", WAITS, False),
    (_("Inquiries with a follow-up due"), "tasks", "received_at", WAITS, False),
    (_("Inquiries that nobody has taken"), "untaken", "received_at", WAITS, False),
    (_("Inquiries in your hands"), "mine", "received_at", WAITS, False),
    (_("Inquiries: the investor has not answered for more than 5 working days"), "silent", Subquery(LAST_REPLY), WAITS, False),
    (_("Inquiries taken for spam"), "spam", None, WAITS, False),
]
EXPIRING = (_("Inquiries whose sender is erased within 30 days"), "expiring", "closed_at", WAITS, False)
FORGOTTEN = (_("Inquiries unanswered for 3 months: an inspection counts them"), "forgotten", "received_at", WAITS, True)


# Views of the list of pages to take down.
ANSWERED = [
    (_("Pages that may be taken down now: all bureaus agree"), "agreed"),
    (_("Pages that another bureau wants to stay"), "objected"),
]
# Views of the list of links.
LINKS = [(_("Broken links"), "broken"), (_("Links that a person has to check"), "by-hand")]


# --- Which lists, and what of them ---


def as_seen_by(person) -> HttpRequest:
    """A request of a person who asks for no page: the morning mail sees what they would see."""
    request = HttpRequest()
    request.user = person
    return request


def tasks(site, request) -> list[Task]:
    """What waits for the person of this request: the urgent first, then what has waited longest. All numbers come from one query."""
    kinds = (changes, inquiries, letters, erasures, taking_down, facts)
    found = [task for of_kind in kinds for task in of_kind(site, request)]
    count_all(found)
    waiting = [task for task in found if task.count]
    return sorted(waiting, key=lambda task: (not task.is_urgent, task.reads == DUE, task.oldest or timezone.now()))


def changes(site, request) -> list[Task]:
    if (model_list := list_of(site, request, Change)) is None:
        return []
    rows = model_list.get_queryset(request)
    return [
        Task(
            name,
            address(Change, "changelist", show=view),
            [desk.shown(rows, view, request.user)],
            "go_live_at" if reads == DUE else "changed_at",
            reads,
            is_urgent,
        )
        for name, view, right, reads, is_urgent in CHANGES
        if may(request.user, right)
    ]


def inquiries(site, request) -> list[Task]:
    if (model_list := list_of(site, request, Inquiry)) is None:
        return []
    rows = model_list.get_queryset(request)
    views = [*INQUIRIES, EXPIRING, FORGOTTEN] if may(request.user, "assign") else INQUIRIES
    return proposed_replies(site, request) + [
        Task(name, address(Inquiry, "changelist", show=view), [shown(rows, view, request.user)], moment, reads, is_urgent)
        for name, view, moment, reads, is_urgent in views
    ]


def proposed_replies(site, request) -> list[Task]:
    """Standard replies that wait for somebody who may put them into use."""
    if not may(request.user, "keep replies") or (model_list := list_of(site, request, CannedReply)) is None:
        return []
    proposed = model_list.get_queryset(request).filter(is_in_use=False)
    return [Task(_("Standard replies that somebody proposes"), address(CannedReply, "changelist", is_in_use__exact=0), [proposed])]


def letters(site, request) -> list[Task]:
    return [*not_delivered(site, request), *not_understood(site, request)]


def not_understood(site, request) -> list[Task]:
    if (model_list := list_of(site, request, IncomingLetter)) is None:
        return []
    rows = letters_that_wait(model_list.get_queryset(request))
    return [Task(_("Letters that belong to no inquiry"), address(IncomingLetter, "changelist", waits="yes"), [rows], "fetched_at")]


def not_delivered(site, request) -> list[Task]:
    if (model_list := list_of(site, request, Letter)) is None:
        return []
    query = {"state__exact": Letter.State.PARKED.value}
    column = model_list.list_display.index("written")  # nothing is ticked in this list, so no column stands before them
    where = address(Letter, "changelist", **query, o=column)
    return [Task(_("Letters not delivered"), where, [model_list.get_queryset(request).filter(**query)], "created_at", is_urgent=True)]


def erasures(site, request) -> list[Task]:
    """Those that a second person has to confirm."""
    if (model_list := list_of(site, request, Erasure)) is None:
        return []
    rows = model_list.get_queryset(request).filter(done_at=None, inquiry__erased_at=None)
    waits = rows.filter(inquiry__bureau__in=bureaus_where(request.user, "erase")).exclude(asked_by=request.user)
    return [Task(_("Erasures that wait for you to confirm"), address(Erasure, "changelist", state="open"), [waits], "asked_at")]


def taking_down(site, request) -> list[Task]:
    """What managers ask each other before a page leaves to which other bureaus' pages refer."""
    found = []
    if model_list := list_of(site, request, TakeDownAnswer):
        rows = consent_page.unanswered(model_list.get_queryset(request), "open")
        name = _("Other bureaus ask whether a page may be taken down")
        found.append(Task(name, address(TakeDownAnswer, "changelist", show="open"), [rows], "question__asked_at"))
    if model_list := list_of(site, request, TakeDownQuestion):
        rows = model_list.get_queryset(request)
        for name, view in ANSWERED:
            where = address(TakeDownQuestion, "changelist", show=view)
            found.append(Task(name, where, [consent_page.asked(rows, view)], "asked_at"))
    return found


def facts(site, request) -> list[Task]:
    """What was right once and may not be any more: translations, figures, links."""
    found = []
    if may(request.user, "edit"):
        found.append(Task(_("Translations to check"), f"{reverse('admin:translations')}?show=check", translations(site, request)))
    if may(request.user, "edit") and (model_list := list_of(site, request, KeyFigure)):
        stale = due_for_check(model_list.get_queryset(request))
        where = address(KeyFigure, "changelist", check="due")
        found.append(Task(_("Figures that nobody has checked for a year"), where, [stale], Coalesce("checked_on", "as_of")))
    if may(request.user, "edit") and (model_list := list_of(site, request, PageLink)):
        rows = model_list.get_queryset(request)
        for name, view in LINKS:
            found.append(Task(name, address(PageLink, "changelist", show=view), [broken_links.shown(rows, view)], "since"))
    return found


def translations(site, request) -> list[QuerySet]:
    """The items of each kind with a translation that is behind its original, or converted and unread."""
    states = TranslationState.objects.filter(to_check=True)
    return [
        at_hand(model_admin.get_queryset(request)).filter(
            pk__in=states.filter(content_type=ContentType.objects.get_for_model(model)).values("object_id")
        )
        for model, model_admin in site._registry.items()
        if issubclass(model, Publishable) and model_admin.has_view_permission(request)
    ]


# --- Counting ---


def count_all(entries) -> None:
    """Fills `count` and `oldest` of entries with `rows`, by one query: a column for each number and moment."""
    columns = {}
    for place, entry in enumerate(entries):
        for part, rows in enumerate(entry.rows):
            columns[f"number_{place}_{part}"] = Subquery(of_all(rows, Count("pk")))
            if moment := getattr(entry, "moment", None):
                columns[f"moment_{place}_{part}"] = Subquery(of_all(rows, Min("moment"), moment))
    row = (Bureau.objects.order_by("pk").annotate(**columns).values(*columns).first() or {}) if columns else {}
    for place, entry in enumerate(entries):
        parts = range(len(entry.rows))
        entry.count = sum(row.get(f"number_{place}_{part}") or 0 for part in parts)
        moments = [at for part in parts if (at := row.get(f"moment_{place}_{part}"))]
        if moments:
            entry.oldest = as_moment(min(moments))


def of_all(rows, number, moment=None):
    """A queryset as one value over all its rows, for a column of another query."""
    plain = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")).order_by()
    if moment is not None:
        plain = plain.annotate(moment=F(moment) if isinstance(moment, str) else moment)
    return plain.annotate(all=Value(1)).values("all").annotate(value=number).values("value")


def as_moment(found) -> datetime:
    """A day begins at midnight in Beijing."""
    return found if isinstance(found, datetime) else datetime.combine(found, time(0), timezone.get_default_timezone())


def list_of(site, request, model):
    """The model's staff list, where this person has one."""
    if not site.is_registered(model):
        return None
    found = site.get_model_admin(model)
    return found if found.has_module_permission(request) and found.has_view_permission(request) else None


def address(model, name, **query) -> str:
    found = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")
    return f"{found}?{urlencode(query)}" if query else found


# --- Words ---


def in_words(moment: datetime, reads: str, count: int) -> str:
    """For 3 days · the oldest for 3 days · the first: Tue 1 Dec, 09:00, in Beijing time."""
    if reads == DUE:
        at = formats.date_format(timezone.localtime(moment), DUE_WORDS[active_language()])
        return at if count == 1 else gettext("the first: %s") % at
    length = length_in_words((timezone.localdate() - timezone.localdate(moment)).days)
    if reads == LATE:
        return gettext("overdue %s") % length if count == 1 else gettext("the oldest overdue %s") % length
    return length if count == 1 else gettext("the oldest %s") % length


def length_in_words(days: int) -> str:
    """Since today · since yesterday · for 3 days · for 5 months · for 3 years."""
    if days <= 0:
        return gettext("since today")
    if days == 1:
        return gettext("since yesterday")
    if days < 90:
        return gettext("for %d days") % days
    if days < 730:
        return gettext("for %d months") % (days // 30)
    return gettext("for %d years") % (days // 365)
