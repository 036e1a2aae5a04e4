"""What is to be done for an inquiry without the investor asking, on its page: done, with a note of what came of it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureaus.rights import may
from inquiries.models import FollowUp, Inquiry, Message


def open_tasks(inquiry: Inquiry) -> list[FollowUp]:
    return list(inquiry.follow_ups.filter(done_at=None).order_by("due_at", "pk"))


def may_finish(task: FollowUp, user) -> bool:
    """An officer's task is done by whoever may answer, the manager's by a manager."""
    return may(user, "assign" if task.is_for_manager else "answer", task.inquiry)


def finish(task: FollowUp, user, note: str) -> None:
    """Done; the note stands in the thread, for the staff. Pressed twice, it is done once."""
    if not may_finish(task, user):
        raise PermissionDenied
    if not note.strip():
        raise ValidationError(_("Write in a few words what came of it."))
    with transaction.atomic():
        locked = FollowUp.objects.select_for_update(of=("self",)).select_related("inquiry").get(pk=task.pk)
        if locked.done_at:
            return
        locked.done_at, locked.done_by, locked.note = timezone.now(), user, note.strip()
        locked.save()
        Message.objects.create(
            inquiry=locked.inquiry, kind=Message.Kind.STEP, step="follow_up", author=user, body=locked.note, written_at=locked.done_at
        )
