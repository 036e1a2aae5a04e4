"""The officers' list: what it shows under each heading, and due times in words."""

from datetime import datetime, timedelta

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bureaus.rights import bureaus_where
from inquiries import clock
from inquiries.follow_ups import to_do
from inquiries.keeping import soon_erased
from inquiries.models import Extension, Inquiry, Message, Transfer, undelivered
from publishing.languages import active_language

Status = Inquiry.Status
SILENT_DAYS = 5  # working days
FORGOTTEN = timedelta(days=90)  # an inspection of government websites counts what is older (investors.md 8.2)
WITH_YEAR = {"en": "D j M Y, H:i", "zh-hans": "Y年n月j日（l）H:i", "zh-hant": "Y年n月j日（l）H:i"}
SHORT = {"en": "D j M, H:i", "zh-hans": "n月j日（l）H:i", "zh-hant": "n月j日（l）H:i"}

# What the list can show; the first is what it opens with. The work list counts the same rows.
VIEWS = {
    "open": (gettext_lazy("open"), lambda rows, user, now: rows.at_work()),
    "mine": (gettext_lazy("mine"), lambda rows, user, now: rows.at_work().filter(in_hands_of(user))),
    "untaken": (gettext_lazy("not taken yet"), lambda rows, user, now: rows.untaken()),
    "decide": (gettext_lazy("waiting for a decision"), lambda rows, user, now: rows.filter(to_decide(user))),
    "tasks": (gettext_lazy("follow-ups due"), lambda rows, user, now: rows.filter(pk__in=with_task(user, now))),
    "today": (gettext_lazy("due today"), lambda rows, user, now: rows.unanswered().filter(answer_by__gte=now, answer_by__lt=midnight(now))),
    "overdue": (gettext_lazy("overdue"), lambda rows, user, now: rows.overdue(now)),
    "undelivered": (gettext_lazy("e-mail not delivered"), lambda rows, user, now: undelivered(rows.at_work())),
    "waiting": (gettext_lazy("waiting for the investor"), lambda rows, user, now: rows.filter(status=Status.WAITING)),
    "silent": (gettext_lazy("waiting for more than 5 working days"), lambda rows, user, now: silent(rows, now)),
    "forgotten": (gettext_lazy("unanswered for 3 months"), lambda rows, user, now: forgotten(rows, now)),
    "replied": (gettext_lazy("the investor has replied"), lambda rows, user, now: replied(rows)),
    "answered": (gettext_lazy("answered"), lambda rows, user, now: rows.filter(status=Status.ANSWERED)),
    "closed": (gettext_lazy("closed"), lambda rows, user, now: rows.filter(status=Status.CLOSED)),
    "merged": (gettext_lazy("merged"), lambda rows, user, now: rows.filter(status=Status.MERGED)),
    "spam": (gettext_lazy("spam"), lambda rows, user, now: rows.filter(status=Status.SPAM).annotate(is_raised=written_again())),
    "raised": (gettext_lazy("spam, written again"), lambda rows, user, now: rows.filter(written_again(), status=Status.SPAM)),
    "expiring": (gettext_lazy("erased within 30 days"), lambda rows, user, now: soon_erased(own_to_erase(rows, user), now)),
    "all": (gettext_lazy("all"), lambda rows, user, now: rows),
}


def shown(rows, view: str, user):
    """The inquiries among `rows` that a view of the list shows to this person. What is only offered stands where it is decided."""
    if view != "decide":
        rows = rows.filter(pk__in=Inquiry.objects.visible_to(user).order_by().values("pk"))
    return VIEWS[view][1](rows, user, timezone.now())


def in_hands_of(user) -> Q:
    """Those that the person has, and those of others that were merged into them."""
    return Q(assignee=user) & ~Q(status=Status.MERGED) | Q(status=Status.MERGED, merged_into__assignee=user)


def offered_to(user):
    """Keys of the open inquiries that another bureau proposes to transfer to one where this person decides about transfers."""
    proposed = Transfer.objects.filter(state=Transfer.State.PROPOSED, to_bureau__in=bureaus_where(user, "transfer"))
    return proposed.filter(inquiry__status__in=Inquiry.OPEN).order_by().values("inquiry")


def silent(rows, now: datetime):
    """Those whose investor was written to more than five working days ago and has not answered."""
    last = Message.objects.filter(inquiry=OuterRef("pk"), kind=Message.Kind.REPLY).order_by("-written_at").values("written_at")[:1]
    since = clock.days_ago(now, SILENT_DAYS)
    return rows.filter(status=Status.WAITING).alias(written_last=Subquery(last)).filter(written_last__lt=since)


def replied(rows):
    """Those in somebody's hands in which the investor has the last word; what came with the form is none."""
    words = Message.objects.filter(Q(inquiry=OuterRef("pk")) | Q(inquiry__merged_into=OuterRef("pk"), inquiry__status=Status.MERGED))
    last = words.filter(kind__in=Message.OPEN_KINDS).exclude(step="enclosed").order_by("-written_at", "-pk").values("kind")[:1]
    at_hand = rows.filter(status__in=[Status.ASSIGNED, Status.IN_PROGRESS])
    return at_hand.alias(last_kind=Subquery(last)).filter(last_kind=Message.Kind.INVESTOR)


def written_again() -> Exists:
    """Of what is taken for spam: its sender has written or changed something since, and nobody has said again that it is spam."""
    wrote = Q(kind=Message.Kind.INVESTOR) & ~Q(step="enclosed") | Q(kind=Message.Kind.STEP, step__in=["change", "reword"])
    judged = Message.objects.filter(inquiry=OuterRef("inquiry"), step="spam", written_at__gte=OuterRef("written_at"))
    return Exists(Message.objects.filter(wrote, ~Exists(judged), inquiry=OuterRef("pk")))


def forgotten(rows, now: datetime):
    return rows.unanswered().filter(received_at__lt=now - FORGOTTEN)


def to_decide(user) -> Q:
    """A transfer is proposed, or more time asked for, and this person may say yes or no."""
    transfers, own = bureaus_where(user, "transfer"), bureaus_where(user, "extend")
    proposed = Transfer.objects.filter(state=Transfer.State.PROPOSED, inquiry__status__in=Inquiry.OPEN)
    asked = Extension.objects.filter(state=Extension.State.ASKED, inquiry__status__in=Inquiry.OPEN, inquiry__bureau__in=own)
    moves = proposed.filter(Q(inquiry__bureau__in=transfers) | Q(to_bureau__in=transfers))
    return Q(pk__in=moves.order_by().values("inquiry")) | Q(pk__in=asked.order_by().values("inquiry"))


def with_task(user, now: datetime):
    """Keys of the inquiries with something to do now: the officer's own, and those for managers where one is."""
    own = Q(is_for_manager=False, inquiry__assignee=user) | Q(is_for_manager=True, inquiry__bureau__in=bureaus_where(user, "keep absences"))
    return to_do(now).filter(own).order_by().values("inquiry")


def own_to_erase(rows, user):
    """Whose erasure this person may ask for or prevent."""
    return rows.filter(bureau__in=bureaus_where(user, "request erasure"))


def midnight(now: datetime) -> datetime:
    """The end of the day in Beijing."""
    tomorrow = now.astimezone(clock.BEIJING).date() + clock.ONE_DAY
    return datetime.combine(tomorrow, clock.MIDNIGHT, clock.BEIJING)


class ViewFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "show"

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _rows) in VIEWS.items()]

    def choices(self, changelist):
        """Without "All" in front: the list opens with the open ones, a search looks everywhere."""
        for name, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: name}, remove=["p"])
            yield {"selected": name == self.view(changelist.query), "query_string": query, "display": label}

    def view(self, words):
        return self.value() if self.value() in VIEWS else "all" if words else "open"

    def queryset(self, request, queryset):
        return shown(queryset, self.view(request.GET.get("q")), request.user)


class Inbox(ChangeList):
    """The rows of one page with what their columns say, worked out with one look at the calendar."""

    def get_ordering(self, request, queryset):
        """In the spam list first what its sender does not leave at that."""
        first = ["-is_raised"] if "is_raised" in queryset.query.annotations else []
        return [*first, *super().get_ordering(request, queryset)]

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        now = timezone.now()
        first = min((inquiry.received_at for inquiry in self.result_list), default=now)
        special = clock.special_days(first.astimezone(clock.BEIJING).date())
        failed = set(undelivered(Inquiry.objects.filter(pk__in=[row.pk for row in self.result_list])).values_list("pk", flat=True))
        suspects = [row.pk for row in self.result_list if row.status == Status.SPAM]
        raised = set(Inquiry.objects.filter(written_again(), pk__in=suspects).values_list("pk", flat=True)) if suspects else ()
        for inquiry in self.result_list:
            inquiry.is_raised = inquiry.pk in raised
            inquiry.due_words, inquiry.is_late = due_in_words(inquiry, now, special)
            inquiry.is_undelivered = inquiry.pk in failed


def due_in_words(inquiry: Inquiry, now: datetime, special=None) -> tuple[str, bool]:
    """`(words, late?)`: due Wed 2 Dec, 17:30 (2 working days left). Empty where nothing is due."""
    if not inquiry.waits_for_answer:
        return "", False
    due = short(inquiry.answer_by)
    if inquiry.answer_by < now:
        return _("overdue since %s") % due, True
    left = clock.working_days_left(inquiry.answer_by, now, special)
    days = ngettext("%d working day left", "%d working days left", left) % left if left else _("today")
    words = _("due %(moment)s (%(left)s)") % {"moment": due, "left": days}
    if inquiry.status == Status.NEW and inquiry.take_by < now:
        return _("%s; should have been taken by now") % words, True
    return words, False


def short(moment: datetime) -> str:
    """Wed 2 Dec, 17:30, in Beijing time; Wed 2 Dec 2026, 17:30 in another year."""
    at = moment.astimezone(clock.BEIJING)
    is_of_this_year = at.year == timezone.now().astimezone(clock.BEIJING).year
    return formats.date_format(at, (SHORT if is_of_this_year else WITH_YEAR)[active_language()])
