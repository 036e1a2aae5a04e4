"""Reminds, escalates and ends what time has run out for; `jobs` does it too, every 10 seconds."""

from django.core.management.base import BaseCommand

from inquiries.reminders import inquiry_clock
from outbox import runs


class Command(BaseCommand):
    help = "Does what the clocks of the inquiries call for: reminders, escalations, silent endings. Repeatable."

    def handle(self, **options):
        number = inquiry_clock()
        runs.note(inquiry_clock.__name__)
        self.stdout.write(f"{number} done")
