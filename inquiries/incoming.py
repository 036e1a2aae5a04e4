"""What becomes of a letter from the mailbox: put into its inquiry, noted for staff, or left for a person to look at.

Each letter is taken once. What it leads to and the fact that it was taken are stored in one transaction; only then it is
moved out of the way. Whoever stops in between finds it again, knows it, and moves it.
"""

import logging
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries import investor, not_taken, workflow
from inquiries.attachments import MOST_FILES, judge, stored
from inquiries.letter_text import Bounce, ReadLetter, fingerprint, read
from inquiries.mailbox import Mailbox, MailboxError, account_of
from inquiries.models import IncomingLetter, Inquiry, Message
from inquiries.reply_address import reference_in
from outbox.models import Letter, Run
from outbox.runs import note
from outbox.sending import came_back

Outcome = IncomingLetter.Outcome
# What a person has to look at; the letter itself lies in the folder of its own.
TO_LOOK_AT = (Outcome.UNKNOWN, Outcome.UNREADABLE)
VISIT_EVERY = timedelta(seconds=55)
VISIT_LASTS = 45  # seconds; what is left waits for the next visit
# A report that a letter was not delivered comes within days.
BOUNCES_WITHIN = timedelta(days=30)
LONGEST_NOTE = 1000
# Under these names the visits are noted; the second is watched (zhaoqing_site/due.py).
TRIED, READ = "mailbox tried", "mailbox read"
log = logging.getLogger(__name__)


# --- The visits ---


def fetch_due() -> int:
    """A visit to the mailbox, once a minute; how many letters were taken. A mailbox that does not answer holds up nothing else."""
    now = timezone.now()
    if not settings.IMAP_URL or Run.objects.filter(job=TRIED, at__gt=now - VISIT_EVERY).exists():
        return 0
    Run.objects.update_or_create(job=TRIED, defaults={"at": now})
    Run.objects.get_or_create(job=READ, defaults={"at": now})  # from now on silence is noticed
    try:
        return fetch()
    except MailboxError as error:
        log.warning("The mailbox cannot be read: %s", error)
        return 0


def fetch() -> int:
    """Takes every new letter of the mailbox; how many. MailboxError where it cannot be read."""
    until, taken = time.monotonic() + VISIT_LASTS, 0
    account = account_of(settings.IMAP_URL)
    with Mailbox(account) as mailbox:
        for number, head in mailbox.heads():
            if time.monotonic() > until:
                break
            outcome = known(head)
            if outcome is None:
                raw = mailbox.letter(number)
                if raw is None:
                    continue
                outcome, is_new = take(raw)
                taken += is_new
            if not mailbox.put_away(number, account.unassigned if outcome in TO_LOOK_AT else account.taken):
                log.warning("A letter that was taken could not be moved in the mailbox.")
    note(READ)
    return taken


def known(head: bytes) -> str | None:
    """What became of a letter, by its Message-ID; None for a new one, and for one without."""
    row = IncomingLetter.objects.filter(pk=fingerprint(head)).first() if head.strip() else None
    return row.outcome if row else None


def waiting(rows):
    """Those of the letters received that nobody has looked at in the mailbox yet."""
    return rows.filter(outcome__in=TO_LOOK_AT, message=None, seen_at=None)


# --- One letter ---


def take(raw: bytes) -> tuple[str, bool]:
    """What becomes of a letter, and whether it is taken only now. Raises only where the database is away."""
    mark = fingerprint(raw)
    try:
        letter = read(raw)
        good, refused = judged(letter)
        with stored(good) as files, transaction.atomic():
            row = IncomingLetter.objects.create(pk=mark, fetched_at=timezone.now(), outcome=Outcome.UNREADABLE)
            row.outcome, row.message = put(letter, uuid.UUID(mark[:32]), files, refused)
            row.save()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if isinstance(error, IntegrityError) and (row := IncomingLetter.objects.filter(pk=mark).first()):
            return row.outcome, False
        # Its text may be in the error: only the kind of it is logged.
        log.error("A letter could not be read (%s…): %s", mark[:12], type(error).__name__)
        row, is_new = IncomingLetter.objects.get_or_create(pk=mark, defaults={"fetched_at": timezone.now(), "outcome": Outcome.UNREADABLE})
        return row.outcome, is_new
    return row.outcome, True


def judged(letter: ReadLetter) -> tuple[list, list[tuple]]:
    """The files that may be stored, and the others for `not_taken.stored`: before the transaction, pictures take their time."""
    good, refused = [], []
    inquiry = inquiry_of(letter) if letter.files and not letter.is_automatic else None
    if inquiry is None:
        return good, refused
    for name, content in letter.files:
        try:
            if len(good) == MOST_FILES:
                raise ValidationError(gettext_lazy("at most %d files with a message"), params=MOST_FILES)
            good.append(judge(ContentFile(content, name=name)))
        except ValidationError as error:
            first = error.error_list[0]
            with translation.override(None):  # each reader gets it in their own language
                refused.append((name, len(content), str(first.message), first.params))
    return good, refused


def put(letter: ReadLetter, key: uuid.UUID, files=(), refused=()) -> tuple[str, Message | None]:
    """Puts a letter where it belongs: `(outcome, entry of the thread)`. `key` is the entry's, the same at every try."""
    if letter.bounce is not None:
        return Outcome.BOUNCE, bounced(letter.bounce, key)
    if letter.own_number and Letter.objects.filter(pk=letter.own_number).exists():
        return Outcome.AUTOMATIC, None  # one of our own that came round
    inquiry = inquiry_of(letter)
    if inquiry is None or inquiry.erased_at:
        return Outcome.UNKNOWN, None
    if letter.is_automatic:
        return Outcome.AUTOMATIC, step(inquiry, "automatic", letter.body[:LONGEST_NOTE], key)
    try:
        with transaction.atomic():
            sender = "" if letter.sender.casefold() == inquiry.email.casefold() else letter.sender or "?"
            said = {"quoted": letter.quoted, "foreign_sender": sender, "files": files}
            said["not_taken"] = not_taken.stored(refused, letter.is_cut)
            return Outcome.TAKEN, investor.write(inquiry, text_of(letter, inquiry), via=Message.Via.MAIL, key=key, **said)
    except ValidationError:
        return Outcome.UNKNOWN, step(inquiry, "late_letter", "", key)


def inquiry_of(letter: ReadLetter) -> Inquiry | None:
    """By the address that it was sent to; else by the letter of ours that it answers, of those that the investor had."""
    if reference := reference_in(letter.readers):
        return Inquiry.objects.filter(reference=reference).first()
    for number in reversed(letter.answers[-20:]):
        ours = Letter.objects.filter(pk=number).first()
        inquiry = ours and Inquiry.objects.filter(reference=ours.reference).exclude(email="").first()
        if inquiry and ours.to.casefold() == inquiry.email.casefold():
            return inquiry
    return None


def bounced(bounce: Bounce, key: uuid.UUID) -> Message | None:
    """Our letter is not delivered: it is shown so, and what followed from its arrival is taken back."""
    since = timezone.now() - BOUNCES_WITHIN
    ours = Letter.objects.filter(pk__in=bounce.letters[:20], sent_at__gt=since).order_by("-sent_at").first()
    if ours is None or not came_back(ours, bounce.reason):
        return None
    message = ours.messages.select_related("inquiry").first()
    inquiry = message.inquiry if message else Inquiry.objects.filter(reference=ours.reference, email__iexact=ours.to).first()
    if inquiry is None or inquiry.erased_at:
        return None
    workflow.take(inquiry, "came_back", None, workflow.Details(body=bounce.reason, letter=ours, key=key))
    return Message.objects.filter(pk=key).first()


def step(inquiry, name, body, key) -> Message:
    """An entry for staff; nothing about the inquiry changes."""
    return Message.objects.create(pk=key, inquiry=inquiry, kind=Message.Kind.STEP, step=name, body=body, written_at=timezone.now())


def text_of(letter: ReadLetter, inquiry: Inquiry) -> str:
    """The words; before them a subject that says something."""
    parts = [letter.body]
    with translation.override(inquiry.language):
        if letter.subject and inquiry.reference.casefold() not in letter.subject.casefold():
            parts.insert(0, _("Subject: %s") % letter.subject)
    return "\n\n".join(part for part in parts if part.strip())
