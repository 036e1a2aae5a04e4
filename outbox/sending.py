"""Stores letters with what caused them, and sends them afterwards until the mail server has taken each one."""

import logging
import smtplib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.utils import timezone

from outbox.models import Letter

# Minutes to wait after the first, second ... failed try; after the last the letter is parked until somebody looks at it.
PAUSES = (1, 5, 15, 60, 240, 720, 1440)
# How long one sender keeps a letter to itself; longer than any time-out of the mail server.
LEASE = timedelta(minutes=5)
BLOT = "…"
log = logging.getLogger(__name__)


# The second is what Exchange heeds.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class ServerAway(Exception):
    """The mail server takes no letters at the moment; trying the others would only cost them a try."""


def post(
    to: str, language: str, subject: str, body: str, reply_to: str = "", reference: str = "", secret: str = "", is_by_person=False
) -> Letter:
    """Stores a letter in the caller's transaction; `deliver_due` sends it later.

    `secret` is a part of the body that only the reader may have: it is blotted out once the letter has left.
    ValueError for an address with a line break: nobody may write headers.
    """
    for value in (to, reply_to, reference):
        if "\r" in value or "\n" in value:
            raise ValueError("a header of a letter holds a line break")
    return Letter.objects.create(
        to=to,
        language=language,
        subject=" ".join(subject.split())[:200],
        body=body,
        reply_to=reply_to,
        reference=reference,
        secret=secret,
        is_by_person=is_by_person,
        next_try_at=timezone.now(),
    )


def send_again(letter: Letter) -> bool:
    """Puts a letter back to the front of the queue, with all its tries; False where it may not go again."""
    waiting = Letter.objects.filter(pk=letter.pk).exclude(state=Letter.State.SENT).exclude(secret=BLOT)
    return bool(waiting.update(state=Letter.State.QUEUED, tries=0, next_try_at=timezone.now(), leased_until=None))


def readdress(reference: str, earlier: str, address: str) -> None:
    """The letters about a reference that have not left, to `earlier`, go to `address`. ValueError for a line break."""
    if "\r" in address or "\n" in address:
        raise ValueError("a header of a letter holds a line break")
    Letter.objects.filter(reference=reference, to=earlier).exclude(state=Letter.State.SENT).update(to=address)


def old_texts(before: datetime):
    """The letters that were written before a moment and still have their text; never those that wait."""
    return Letter.objects.filter(created_at__lt=before).exclude(body="").exclude(state=Letter.State.QUEUED)


def forget_texts(letters) -> None:
    """Keeps when they left and to whom, without the text; none of them can go out again."""
    letters.update(body="", secret=BLOT)


def came_back(letter: Letter, reason: str) -> bool:
    """A letter that a mail server had taken was not delivered after all; False where that is known already.

    It stays on record when it left; only somebody who has looked at it sends it again.
    """
    left = Letter.objects.filter(pk=letter.pk, state=Letter.State.SENT)
    return bool(left.update(state=Letter.State.PARKED, last_error=reason))


def may_go_again(letter: Letter) -> bool:
    """Whether sending it again makes sense: it has not left, and has not lost the key of a private link on its first way."""
    return letter.state != Letter.State.SENT and letter.secret != BLOT


def deliver_due() -> int:
    """Sends what is due, one leased letter at a time and outside any transaction; the number that left.

    Where the mail server cannot be reached this is one probe: the reason is noted, no letter counts a try.
    """
    if not due().exists():
        return 0
    sent = 0
    try:
        connection = get_connection()
        connection.open()
        while letter := lease_next():
            sent += deliver(letter, connection)
        connection.close()
    except (ServerAway, OSError) as error:
        log.warning("The mail server takes no letters: %s", reason_of(error))
        due().exclude(last_error=reason_of(error)).update(last_error=reason_of(error))
    return sent


def due():
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Letter.objects.filter(free, state=Letter.State.QUEUED, next_try_at__lte=now).order_by("next_try_at", "pk")


def lease_next() -> Letter | None:
    """The letter that waits longest, leased: no other sender takes it before the lease ends."""
    while letter := due().first():
        if due().filter(pk=letter.pk).update(leased_until=timezone.now() + LEASE):
            return letter
    return None


def deliver(letter: Letter, connection) -> bool:
    """Hands one leased letter to the mail server and writes down what came of it: whether it left.

    ServerAway where the others need not be tried.
    """
    try:
        message_of(letter, connection).send()
    except Exception as error:
        reason = reason_of(error)
        write_down_failure(letter, reason, is_letters_fault=not refuses_everybody(error))
        if refuses_everybody(error) or broke_off(error):
            raise ServerAway(reason) from error
        return False
    write_down_departure(letter)
    return True


def code_of(error) -> int | None:
    """The answer code of the mail server, where it answered."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return getattr(error, "smtp_code", None)


def refuses_everybody(error) -> bool:
    """The server closes (421) or refuses our own address (a wrong setting). 552: only this letter is too large."""
    return code_of(error) == 421 or (isinstance(error, smtplib.SMTPSenderRefused) and code_of(error) != 552)


def broke_off(error) -> bool:
    """The line went dead in the middle. The letter counts a try all the same: it may be what the server stumbles over."""
    return isinstance(error, OSError) and code_of(error) is None


def message_of(letter: Letter, connection) -> EmailMessage:
    """The same Message-ID at every try, so that a reader's mailbox drops a second copy."""
    return EmailMessage(
        subject=letter.subject,
        body=letter.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={
            "Message-ID": f"<{letter.pk}@{urlsplit(settings.SITE_ADDRESS).hostname}>",
            "Content-Language": letter.language,
        }
        | ({} if letter.is_by_person else AUTOMATIC),
        connection=connection,
    )


def write_down_departure(letter):
    body = letter.body.replace(letter.secret, BLOT) if letter.secret else letter.body
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.SENT,
        sent_at=timezone.now(),
        tries=F("tries") + 1,
        leased_until=None,
        last_error="",
        body=body,
        secret=BLOT if letter.secret else "",
    )


def write_down_failure(letter, reason, *, is_letters_fault=True):
    """Waits longer after each try; after the last pause the letter is parked, with the reason."""
    tries = letter.tries + is_letters_fault
    waiting = tries <= len(PAUSES)
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.QUEUED if waiting else Letter.State.PARKED,
        tries=tries,
        next_try_at=timezone.now() + timedelta(minutes=PAUSES[max(tries - 1, 0)] if waiting else 0),
        leased_until=None,
        last_error=reason,
    )


def reason_of(error) -> str:
    """What the mail server said, in one readable line."""
    if isinstance(error, ServerAway):
        return str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        error = smtplib.SMTPResponseException(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return " ".join(f"{error.smtp_code} {said}".split())[:500]
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]
