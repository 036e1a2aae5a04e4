"""Who may read what of a thread: the investor, and the staff of each bureau.

Merged inquiries are worked on as one and read as two: staff see both threads, each person only their own, unless both
inquiries have the same e-mail address (staff.md S63).
"""

from django.db.models import Q, QuerySet

from bureaus.rights import bureaus_where
from inquiries.models import Inquiry, Message


def case_of(inquiry: Inquiry) -> Inquiry:
    """The inquiry in which the work is done: itself, or the one that it has been merged into."""
    return inquiry.merged_into if inquiry.status == Inquiry.Status.MERGED and inquiry.merged_into else inquiry


def worked_on_as_one(inquiry: Inquiry) -> QuerySet[Inquiry]:
    """The inquiry, the one that it is merged into, and all that are merged into that one."""
    case = case_of(inquiry)
    merged = Q(merged_into=case, status=Inquiry.Status.MERGED)
    return Inquiry.objects.filter(Q(pk=case.pk) | merged).order_by("received_at", "pk")


def of_one_person(inquiry: Inquiry) -> list[Inquiry]:
    """Those worked on as one that the same e-mail address sent; this inquiry is always among them."""
    together = worked_on_as_one(inquiry)
    return [other for other in together if other.pk == inquiry.pk or is_same_person(inquiry, other)]


def is_same_person(inquiry: Inquiry, other: Inquiry) -> bool:
    """Whether both gave the same e-mail address. A telephone number is not enough: an office shares one."""
    return bool(inquiry.email) and inquiry.email.casefold() == other.email.casefold()


def for_investor(inquiry: Inquiry) -> QuerySet[Message]:
    """The messages that the sender of this inquiry may read."""
    return Message.objects.filter(inquiry__in=of_one_person(inquiry), kind__in=Message.OPEN_KINDS).order_by("written_at", "pk")


def for_staff(inquiry: Inquiry, user) -> QuerySet[Message]:
    """The messages that this member of staff may read: all, but other bureaus' private notes; of merged ones only where they may answer."""
    own = bureaus_where(user, "answer")
    others = worked_on_as_one(inquiry).filter(Q(pk=inquiry.pk) | Q(bureau__in=own))
    shown = Q(is_private=False) | Q(bureau__in=own)
    return Message.objects.filter(shown, inquiry__in=others).order_by("written_at", "pk")
