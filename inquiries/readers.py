"""Who has opened an inquiry: read from the audit log, where each opening is a line (staff.md S73)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max

from bureaus.models import AuditEntry
from bureaus.rights import may
from inquiries.models import Inquiry


@dataclass(frozen=True)
class Reader:
    person: object
    last_at: datetime
    times: int


def readers_of(inquiry: Inquiry, user) -> list[Reader] | None:
    """For who may read the audit log of the bureau, the last reader first; None for all others."""
    if not may(user, "see audit", inquiry):
        return None
    kind = ContentType.objects.get_for_model(Inquiry)
    views = AuditEntry.objects.filter(action=AuditEntry.Action.VIEW, kind=kind, thing_id=str(inquiry.pk)).exclude(user=None)
    rows = list(views.order_by().values("user").annotate(last_at=Max("at"), times=Count("pk")).order_by("-last_at", "user"))
    people = get_user_model().objects.in_bulk([row["user"] for row in rows])
    return [Reader(people[row["user"]], row["last_at"], row["times"]) for row in rows]
