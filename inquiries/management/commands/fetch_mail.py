"""Takes the letters that investors have sent. `manage.py jobs` does this every minute; alone it is for a look at the mailbox."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inquiries.incoming import fetch
from inquiries.mailbox import MailboxError


class Command(BaseCommand):
    help = "Takes the letters that lie in the mailbox of IMAP_URL into their inquiries."

    def handle(self, **options):
        if not settings.IMAP_URL:
            raise CommandError("IMAP_URL is not set: see docs/mail.md.")
        try:
            self.stdout.write(f"Taken: {fetch()}.")
        except MailboxError as error:
            raise CommandError(f"The mailbox cannot be read: {error}") from error
