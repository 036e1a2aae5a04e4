"""Erasing a person (I15, S72): what is held, who asks, who confirms, what goes, and the job that finishes what was interrupted.

First the texts go from the tables, in one transaction. Then the files go from the disk and the letters from the mailbox, which
no transaction can do; and the letter that tells the investor goes when it has left. Until all have gone the erasure is not
done, and `finish_erasures` goes on with it.
Dates, topic, bureau, result and grade stay, so that the ledger counts what it counted before.
"""

import contextlib
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from django.db.models import Q, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bureaus.audit import Action, record
from bureaus.rights import may
from inquiries import keeping, letters, mailbox_erasing
from inquiries.models import Attachment, Attempt, Erasure, Extension, FollowUp, IncomingLetter, Inquiry, Message, Transfer
from outbox.models import Letter, Run
from outbox.sending import post

Status, Kind, Origin = Inquiry.Status, Message.Kind, Erasure.Origin
# What an inquiry says about its sender, or somebody may have written about them.
PERSON = ("name", "email", "phone", "organization", "region", "message", "about", "sender_hash", "rating_text", "result_note")
# The same of what belongs to an inquiry; a file keeps its row until it has gone from the disk.
TEXTS = (
    (Message, "inquiry", ("body", "quoted", "foreign_sender", "not_taken")),
    (Transfer, "inquiry", ("reason", "agreed", "for_investor", "answer", "answer_for_investor")),
    (Extension, "inquiry", ("reason",)),
    (FollowUp, "inquiry", ("note",)),
)
# What went, by kind, as an erasure counts it.
KINDS = {
    "details": gettext_lazy("details of the person"),
    "texts": gettext_lazy("texts"),
    "files": gettext_lazy("files"),
    "letters": gettext_lazy("letters sent"),
    "mailbox": gettext_lazy("letters in the mailbox"),
}
# Under this name a try to finish is noted.
TRIED, TRIED_EVERY = "erasures tried", timedelta(minutes=10)
TOLD_WITHIN = timedelta(days=1)
log = logging.getLogger(__name__)


# --- What is held ---


@dataclass(frozen=True)
class Held:
    """One kind of what is held about a person: in words and numbers, never the text itself."""

    label: str
    value: str


def held(inquiry: Inquiry) -> list[Held]:
    """Everything that an erasure takes away; kinds of which there is nothing are left out."""
    messages, files = inquiry.messages.all(), Attachment.objects.filter(message__inquiry=inquiry)
    written = messages.exclude(body="")
    filled = [name for name in PERSON if getattr(inquiry, name) and name != "sender_hash"]
    fields = [capfirst(str(Inquiry._meta.get_field(name).verbose_name)) for name in filled]
    reasons = sum(rows_with_text(model, owner, names, [inquiry.pk]).count() for model, owner, names in TEXTS if model is not Message)
    size = files.aggregate(size=Sum("size"))["size"]
    numbers = [
        (_("Messages from the investor"), written.filter(kind=Kind.INVESTOR).count()),
        (_("Replies and questions"), written.filter(kind=Kind.REPLY).count()),
        (_("Notes for the staff"), written.filter(kind=Kind.NOTE).count()),
        (_("Notes on steps"), written.filter(kind=Kind.STEP).count()),
        (_("Quoted text of earlier letters"), messages.exclude(quoted="").count()),
        (_("Other addresses that letters came from"), messages.exclude(foreign_sender="").count()),
        (_("Reasons and notes of transfers, extensions and follow-ups"), reasons),
        (_("Letters sent, or waiting to be sent"), letters_of([inquiry.reference]).count()),
        (_("Letters received, in the mailbox itself"), letters_in_mailbox(inquiry).count()),
        (_("Hashes of network addresses"), bool(inquiry.sender_hash) + inquiry.attempts.exclude(sender_hash="").count()),
    ]
    rows = [Held(_("Details of the person"), pgettext("list", ", ").join(fields))] if fields else []
    rows += [Held(label, str(number)) for label, number in numbers if number]
    return rows + ([Held(_("Files"), f"{files.count()} ({filesizeformat(size)})")] if size else [])


def stays(inquiry: Inquiry) -> list[Held]:
    """What is left afterwards, and what has to be looked at beside it."""
    others = Inquiry.objects.exclude(pk=inquiry.pk).filter(erased_at=None)
    same = others.filter(email__iexact=inquiry.email) if inquiry.email else others.none()
    rows = [Held(_("Kept"), _("Reference, dates, language, topic, bureau, officer, result and rating, for the statistics"))]
    if number := inquiry.public_answers.count():
        rows.append(Held(_("Public answers made from it"), _("%d, in the bureau's own words: read them again") % number))
    if inquiry.became_project_id:
        rows.append(Held(_("Became the project"), _("The project stays: see that it does not name the person")))
    if references := list(same.order_by("received_at", "pk").values_list("reference", flat=True)[:20]):
        rows.append(Held(_("Other inquiries of the same e-mail address, each erased on its own"), pgettext("list", ", ").join(references)))
    return rows


def rows_with_text(model, owner, names, keys):
    some = Q()
    for name in names:
        some |= ~Q(**{name: ""})
    return model.objects.filter(some, **{f"{owner}__in": keys})


def letters_of(references):
    return Letter.objects.filter(reference__in=references)


def letters_in_mailbox(inquiry):
    return IncomingLetter.objects.filter(message__inquiry=inquiry)


# --- Asking and confirming ---


def why_not(inquiry: Inquiry) -> str:
    """What stands in the way of erasing it, or ""."""
    if inquiry.erased_at:
        return _("The person has been erased already.")
    if inquiry.legal_hold:
        return _("It is kept for legal reasons: %s") % inquiry.legal_hold
    if inquiry.status != Status.CLOSED:
        return _("Only a closed inquiry is erased. Close it first.")
    return ""


def open_erasure(inquiry: Inquiry) -> Erasure | None:
    return inquiry.erasures.filter(done_at=None).first()


def is_asked(inquiry: Inquiry, origin: str) -> bool:
    erasure = open_erasure(inquiry)
    return erasure is not None and erasure.origin == origin and not inquiry.erased_at


def ask(inquiry: Inquiry, user, reason: str, request=None) -> Erasure:
    """The manager asks for it and says why; asked twice is asked once."""
    if not reason.strip():
        raise ValidationError(_("Give the reason first."))
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        if not may(user, "request erasure", locked):
            raise PermissionDenied
        if sentence := why_not(locked):
            raise ValidationError(sentence)
        asked = {"origin": Origin.STAFF, "asked_by": user, "asked_at": timezone.now(), "reason": reason.strip()}
        erasure, is_new = Erasure.objects.get_or_create(inquiry=locked, done_at=None, defaults=asked)
        if is_new:
            record(Action.ERASE, request=request, user=user, thing=locked, detail="asked for")
    return erasure


def take_back(inquiry: Inquiry, user, request=None) -> None:
    """The bureau's own request, while nobody has confirmed it. What the investor has asked for stands."""
    if not may(user, "request erasure", inquiry):
        raise PermissionDenied
    with transaction.atomic():
        waiting = inquiry.erasures.select_for_update().filter(done_at=None, confirmed_by=None, origin=Origin.STAFF, inquiry__erased_at=None)
        if not waiting.delete()[0]:
            raise ValidationError(_("There is no request of the bureau that could be taken back."))
        record(Action.ERASE, request=request, user=user, thing=inquiry, detail="taken back")


def hold(inquiry: Inquiry, user, reason: str, request=None) -> None:
    """Keeps it for legal reasons, or no longer where the reason is empty. Whoever has asked for the erasure is told."""
    if not may(user, "request erasure", inquiry):
        raise PermissionDenied
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        if locked.erased_at or locked.legal_hold == reason:
            return
        was_held, locked.legal_hold = bool(locked.legal_hold), reason
        locked.save(update_fields=["legal_hold"])
        record(Action.ERASE, request=request, user=user, thing=locked, detail="held" if reason else "hold ended")
        if reason and not was_held and locked.email and is_asked(locked, Origin.INVESTOR):
            post(**letters.to_investor(locked, "erasure_held"))


def why_not_confirm(erasure: Erasure, user) -> str:
    """What stands in the way of this person's confirming it, or ""."""
    if erasure.asked_by_id == user.pk:
        return _("You have asked for it: another person confirms.")
    return why_not(erasure.inquiry)


def confirm(erasure: Erasure, user, request=None) -> None:
    """A second person confirms: the texts go at once, files and mailbox right afterwards."""
    with overwritten(), transaction.atomic():
        inquiry = Inquiry.objects.select_for_update().get(pk=erasure.inquiry_id)
        locked = Erasure.objects.select_for_update().filter(pk=erasure.pk).first()
        if not may(user, "erase", inquiry):
            raise PermissionDenied
        if locked is None or locked.done_at:
            raise ValidationError(_("There is nothing left to confirm."))
        locked.inquiry = inquiry
        if sentence := why_not_confirm(locked, user):
            raise ValidationError(sentence)
        locked.confirmed_by, locked.counts = user, counted(inquiry)
        locked.save()
        farewell = letters.to_investor(inquiry, "erased", backup_months=settings.BACKUPS_KEPT_MONTHS) if inquiry.email else None
        erase_texts([inquiry.pk])
        if farewell:
            post(**farewell)
        record(Action.ERASE, request=request, user=user, thing=inquiry, detail="confirmed")
        transaction.on_commit(lambda: finish([locked]), robust=True)


# --- What goes ---


def counted(inquiry: Inquiry) -> dict[str, int]:
    """What will have gone, by KINDS."""
    return {
        "details": sum(bool(getattr(inquiry, name)) for name in PERSON),
        "texts": sum(rows_with_text(model, owner, names, [inquiry.pk]).count() for model, owner, names in TEXTS),
        "files": Attachment.objects.filter(message__inquiry=inquiry).count(),
        "letters": letters_of([inquiry.reference]).count(),
        "mailbox": letters_in_mailbox(inquiry).count(),
    }


def erase_texts(keys: list[int]) -> None:
    """Takes what is personal out of the tables, for inquiries of these keys, in the caller's transaction."""
    inquiries = Inquiry.objects.filter(pk__in=keys).order_by()
    for model, owner, names in TEXTS:
        rows_with_text(model, owner, names, keys).update(**dict.fromkeys(names, ""))
    Attachment.objects.filter(message__inquiry__in=keys).update(name="", kind="", size=0)
    Message.objects.filter(inquiry__in=keys).exclude(letter=None).update(letter=None)
    letters_of(inquiries.values("reference")).delete()
    Attempt.objects.filter(inquiry__in=keys).delete()
    # There is nobody left to call.
    FollowUp.objects.filter(inquiry__in=keys, done_at=None).update(done_at=timezone.now())
    inquiries.update(erased_at=timezone.now(), **dict.fromkeys(PERSON, ""))


def erase_in_time(inquiries: list[Inquiry]) -> None:
    """The time to keep these is over; in the caller's transaction."""
    known = {"origin": Origin.RETENTION, "asked_at": timezone.now()}
    for inquiry in inquiries:
        erasure, _is_new = Erasure.objects.get_or_create(inquiry=inquiry, done_at=None, defaults=known)
        Erasure.objects.filter(pk=erasure.pk).update(counts=counted(inquiry))
    erase_texts([inquiry.pk for inquiry in inquiries])


def finish(erasures: list[Erasure]) -> int:
    """Removes files, letters in the mailbox and letters that have told of it; how many erasures are done with it. Repeatable."""
    with overwritten():
        return remove_the_rest(erasures)


def remove_the_rest(erasures):
    keys = {erasure.inquiry_id for erasure in erasures}
    for attachment in Attachment.objects.filter(message__inquiry__in=keys).select_related("message"):
        try:
            default_storage.delete(attachment.file.name)
            attachment.delete()
        except OSError as error:
            log.warning("The file of attachment %s is not deleted yet: %s", attachment.pk, type(error).__name__)
            keys.discard(attachment.message.inquiry_id)
    keys -= still_told(keys)
    if not mailbox_erasing.forget(IncomingLetter.objects.filter(message__inquiry__in=keys)):
        return 0
    enter(Inquiry.objects.filter(pk__in=keys).values_list("reference", flat=True))
    left = Erasure.objects.filter(pk__in=[erasure.pk for erasure in erasures], inquiry__in=keys, done_at=None)
    return left.update(done_at=timezone.now())


def enter(references) -> None:
    """Writes down what was erased, outside of the database; a line may stand there twice."""
    lines = "".join(f"{timezone.now():%Y-%m-%d} {reference}\n" for reference in references)
    if lines:
        with open(settings.ERASED_FILE, "a", encoding="ascii") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())


def brought_back(now: datetime):
    """What was erased and is here again, because an older backup was restored."""
    try:
        lines = settings.ERASED_FILE.read_text("ascii").splitlines()
    except FileNotFoundError:
        return Inquiry.objects.none()
    first = f"{keeping.months_before(now, settings.BACKUPS_KEPT_MONTHS + 1):%Y-%m-%d}"
    references = {line.partition(" ")[2] for line in lines if line >= first}
    return Inquiry.objects.filter(reference__in=references, erased_at=None).order_by("pk")


def still_told(keys: set[int]) -> set[int]:
    """Those whose last letter has not left yet; for a day, then it goes as well. The others' go now."""
    references = dict(Inquiry.objects.filter(pk__in=keys).values_list("reference", "pk"))
    waiting = letters_of(references).filter(state=Letter.State.QUEUED, created_at__gt=timezone.now() - TOLD_WITHIN)
    left = {references[reference] for reference in waiting.values_list("reference", flat=True)}
    letters_of([reference for reference, key in references.items() if key not in left]).delete()
    return left


def unfinished():
    return Erasure.objects.filter(done_at=None, inquiry__erased_at__isnull=False).order_by("pk")


def finish_erasures() -> int:
    """Goes on with what was interrupted, every ten minutes; how many are done now."""
    now = timezone.now()
    if not unfinished().exists() or Run.objects.filter(job=TRIED, at__gt=now - TRIED_EVERY).exists():
        return 0
    Run.objects.update_or_create(job=TRIED, defaults={"at": now})
    return finish(list(unfinished()[:200]))


@contextlib.contextmanager
def overwritten() -> Iterator[None]:
    """On SQLite: what is erased meanwhile is overwritten in the file, and not only marked as free.

    PostgreSQL clears it away at its next VACUUM, which runs by itself. A backup holds neither.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA secure_delete").fetchone()[0]
        cursor.execute("PRAGMA secure_delete = ON")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA secure_delete = {int(before)}")
        if not connection.in_atomic_block:
            # The journal holds the pages as they were before. Where somebody reads meanwhile, the next checkpoint does it.
            with contextlib.suppress(OperationalError):
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
