"""Sends the letters that are due. `manage.py jobs` does this and what follows from it; alone it is for a look at the mail."""

import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from outbox.sending import deliver_due


class Command(BaseCommand):
    help = "Sends the letters that are due."

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="Go on for ever, with a look every 10 seconds.")

    def handle(self, *, loop, **options):
        while True:
            if sent := deliver_due():
                self.stdout.write(f"Sent {sent}.")
            if not loop:
                return
            close_old_connections()
            time.sleep(10)
