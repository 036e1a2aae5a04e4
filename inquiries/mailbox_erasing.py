"""Removing letters from the mailbox when their sender is erased: found again by the hash of their Message-ID."""

import logging

from django.conf import settings

from inquiries.letter_text import fingerprint
from inquiries.mailbox import Mailbox, MailboxError, account_of

log = logging.getLogger(__name__)


def forget(letters) -> bool:
    """Deletes these letters (rows of IncomingLetter) in the mailbox, then their rows; False where the mailbox cannot be reached.

    Without a mailbox in the settings there is nothing to look in: the rows alone go.
    """
    marks = set(letters.values_list("pk", flat=True))
    if marks and settings.IMAP_URL:
        try:
            account = account_of(settings.IMAP_URL)
            with Mailbox(account) as mailbox:
                for folder in (account.taken, account.unassigned, account.folder):
                    delete_in(mailbox, folder, marks)
        except MailboxError as error:
            log.warning("Letters of an erased person are still in the mailbox: %s", error)
            return False
    letters.delete()
    return True


def delete_in(mailbox: Mailbox, folder: str, marks: set[str]) -> None:
    mailbox.look_into(folder)
    numbers = [number for number, head in mailbox.heads() if head.strip() and fingerprint(head) in marks]
    if numbers:
        mailbox.delete(numbers)
