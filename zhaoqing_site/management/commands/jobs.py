"""Runs what is due: once from a system timer, or for ever beside the server."""

import logging
import os
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from outbox import runs
from zhaoqing_site.due import JOBS

PAUSE = 10  # seconds
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Runs what is due: sends the mail and settles what follows from it. With --loop every 10 seconds."

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="Go on until the process that started this one ends.")

    def handle(self, *, loop, **options):
        parent = os.getppid()
        self.run_all()
        while loop and os.getppid() == parent:
            time.sleep(PAUSE)
            close_old_connections()
            self.run_all()

    def run_all(self):
        """Each job on its own: one that fails is logged and does not stop the others."""
        for name, job in JOBS.items():
            try:
                if number := job():
                    self.stdout.write(f"{number} {name}")
                    self.stdout.flush()
                runs.note(job.__name__)
            except Exception:
                log.exception("The job “%s” failed.", name)
