"""Publishes what is scheduled and due; `jobs` does it too, every 10 seconds."""

from django.core.management.base import BaseCommand

from outbox import runs
from publishing.workflow import publish_due, publish_scheduled


class Command(BaseCommand):
    help = "Publishes the approved changes whose time has come. What cannot be published is reported to the reviewers."

    def handle(self, **options):
        published, failed = publish_due()
        runs.note(publish_scheduled.__name__)
        self.stdout.write(f"{published} published, {failed} could not be published")
