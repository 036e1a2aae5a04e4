"""Writes the morning mails now. `manage.py jobs` does it each morning; alone it is for a timer of one's own."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from outbox import runs
from zhaoqing_site.morning_mail import write_all, write_morning_mails


class Command(BaseCommand):
    help = "Writes the morning mails of today, on working days, to those who have not had theirs."

    def handle(self, **options):
        self.stdout.write(f"Written {write_all(timezone.localdate())}.")
        runs.note(write_morning_mails.__name__)
