"""What is kept for a time and then erased (trust.md section 6, point 4): one rule for each kind, once a day, repeatable."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from bureaus.audit import Action, Result, record
from bureaus.lock_out import COUNTED
from bureaus.models import AuditEntry
from inquiries import attachments, erasing, keeping
from outbox.models import Run
from outbox.sending import forget_texts, old_texts

LETTERS_KEPT = timedelta(days=90)
# A minute more than the database insists on (bureaus/migrations/0004): its clock shows whole seconds.
SIGN_INS_KEPT = timedelta(days=180, minutes=1)
AUDIT_KEPT_MONTHS = 36
AT_ONCE = 200
EVERY = timedelta(days=1)
# Under these names the runs are noted: one that was begun, and one that came to its end.
BEGUN, DONE = "retention begun", "retention done"


@dataclass(frozen=True)
class Rule:
    """`rows(now)` are due; `forget(rows)` takes up to 200 of them away in one transaction, so that they are due no longer."""

    name: str
    words: str
    rows: Callable[[datetime], QuerySet]
    forget: Callable[[QuerySet], None]


def erase(rows):
    """Locked, and looked at once more: the investor may just have written."""
    erasing.erase_in_time(list(rows.select_for_update(of=("self",))))


def delete(rows):
    rows.delete()


def failed_sign_ins(now: datetime) -> QuerySet:
    failed = Q(action__in=COUNTED, result=Result.FAILED) | Q(action=Action.LOCK_OUT)
    return AuditEntry.objects.filter(failed, at__lt=now - SIGN_INS_KEPT).order_by("pk")


RULES = [
    Rule("again", "inquiries that a restored backup has brought back", erasing.brought_back, erase),
    Rule("inquiries", "inquiries closed too long ago", keeping.kept_too_long, erase),
    Rule("spam", "inquiries that have been spam for 30 days", keeping.old_spam, erase),
    Rule("letters", "texts of letters older than 90 days", lambda now: old_texts(now - LETTERS_KEPT).order_by("pk"), forget_texts),
    Rule("received", "records of letters received that belong to no inquiry, older than 90 days", keeping.old_incoming, delete),
    Rule("sign-ins", "failed sign-ins older than 180 days", failed_sign_ins, delete),
    Rule(
        "entries",
        "entries of the audit log older than three years",
        lambda now: AuditEntry.objects.filter(at__lt=keeping.months_before(now, AUDIT_KEPT_MONTHS)).order_by("pk"),
        delete,
    ),
]


def due_now(now: datetime) -> list[tuple[Rule, int]]:
    """How many rows each rule would take."""
    return [(rule, rule.rows(now).count()) for rule in RULES]


def run(now: datetime) -> dict[str, int]:
    """Takes away what is due; how many rows by the names of RULES. One line in the audit log says it."""
    counts = {rule.name: count for rule in RULES if (count := follow(rule, now))}
    erasing.finish_erasures()
    attachments.forget_unclaimed()
    AccessAttempt.objects.filter(attempt_time__lt=now - SIGN_INS_KEPT).delete()
    if counts:
        record(Action.RETENTION, detail=" ".join(f"{name}:{number}" for name, number in counts.items()))
    return counts


def follow(rule: Rule, now: datetime) -> int:
    """Batch after batch, each its own short transaction: whoever writes meanwhile waits for one batch at most."""
    done = 0
    while keys := list(rule.rows(now).values_list("pk", flat=True)[:AT_ONCE]):
        with erasing.overwritten(), transaction.atomic():
            rule.forget(rule.rows(now).filter(pk__in=keys))
        done += len(keys)
    return done


def retention() -> int:
    """Once a day, among the jobs; how many rows went."""
    now = timezone.now()
    if Run.objects.filter(job=BEGUN, at__gt=now - EVERY).exists():
        return 0
    Run.objects.update_or_create(job=BEGUN, defaults={"at": now})
    counts = run(now)
    Run.objects.update_or_create(job=DONE, defaults={"at": now})
    return sum(counts.values())


def overdue_since():
    """When it last came to its end, where that is more than two days ago: it was begun since and failed, or nothing runs."""
    return Run.objects.filter(job=DONE, at__lt=timezone.now() - 2 * EVERY).values_list("at", flat=True).first()
