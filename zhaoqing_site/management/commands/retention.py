"""Erases what is kept no longer; `jobs` does it once a day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from zhaoqing_site import retention


class Command(BaseCommand):
    help = "Erases closed inquiries, spam, texts of letters and log entries whose time is over. Repeatable."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say how much would go.")

    def handle(self, *, dry_run, **options):
        now = timezone.now()
        if dry_run:
            counts = {rule.name: number for rule, number in retention.due_now(now)}
        else:
            counts = retention.run(now)
        for rule in retention.RULES:
            self.stdout.write(f"{counts.get(rule.name, 0):6} {rule.words}")
        if dry_run:
            self.stdout.write("Nothing has been changed.")
