"""What the mail server and the calendar of working days bring about: answers that count, due times that move."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from inquiries import clock, deadlines, workflow
from inquiries.models import Inquiry, Message
from inquiries.steps.answering import LAST_WORDS
from outbox.models import Letter

Status, Kind = Inquiry.Status, Message.Kind


def settle_replies() -> int:
    """Marks as answered what has an accepted reply as its last word, questions and updates aside; how many. Repeatable."""
    last = Message.objects.filter(LAST_WORDS, inquiry=OuterRef("pk")).order_by("-written_at", "-pk")
    once = Q(status__in=[Status.WAITING, Status.MERGED], answered_at=None)
    unsettled = Inquiry.objects.filter(Q(status__in=[Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS]) | once).order_by()
    last_words = unsettled.annotate(last=Subquery(last.values("pk")[:1])).values("last")
    accepted = Message.objects.filter(Q(letter=None) | Q(letter__state=Letter.State.SENT), kind=Kind.REPLY, pk__in=last_words)
    settled = sum(settle(message.inquiry) for message in accepted.select_related("inquiry"))
    return settled + sum(settle(inquiry) for inquiry in overtaken())


def overtaken():
    """Those whose sender wrote on before an answer counted that the mail server has accepted."""
    replies = Message.objects.filter(kind=Kind.REPLY, letter__state=Letter.State.SENT, inquiry=OuterRef("pk"))
    answers = replies.exclude(step__in=["ask", "update"]).filter(written_at__gte=OuterRef("asked_at"))
    words = Message.objects.filter(kind=Kind.INVESTOR, inquiry=OuterRef("pk"), written_at__gt=OuterRef("asked_at"))
    open_ones = Inquiry.objects.filter(status__in=Inquiry.UNANSWERED, answered_at=None)
    return open_ones.filter(Exists(answers), Exists(words)).order_by("pk")


def settle(inquiry: Inquiry) -> bool:
    """Marks one inquiry as answered, unless something has happened in the meantime."""
    try:
        workflow.take(inquiry, "settle", None)
    except ValidationError:
        return False
    return True


def calendar_changed() -> int:
    """Works out again by when the inquiries at work are due, and notes each change in the thread; how many changed."""
    changed = deadlines.changed_due_times(Inquiry.objects.at_work().order_by("received_at", "pk"))
    for inquiry, moved in changed:
        with transaction.atomic():
            Inquiry.objects.filter(pk=inquiry.pk).update(**{name: right for name, (_stored, right) in moved.items()})
            if inquiry.waits_for_answer and "answer_by" in moved:
                before, after = moved["answer_by"]
                body = f"{clock.in_digits(before)} → {clock.in_digits(after)}"
                Message.objects.create(inquiry=inquiry, kind=Kind.STEP, step="calendar", body=body, written_at=timezone.now())
    return len(changed)
