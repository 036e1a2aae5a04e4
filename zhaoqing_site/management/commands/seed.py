"""Loads the content of seeds/: repeatable, changes nothing that exists, invents nothing."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhaoqing_site import demonstration, seeding


class Command(BaseCommand):
    help = "Loads the real content of seeds/. Rows that exist stay as they are."

    def add_arguments(self, parser):
        parser.add_argument("--samples", action="store_true", help="also load made-up listings and opportunities, each marked as a sample")
        parser.add_argument("--remove-samples", action="store_true", help="take the samples away, and do nothing else")
        parser.add_argument("--staff", action="store_true", help="also create demonstration staff; only where DEBUG is on")

    def handle(self, *args, **options):
        if options["remove_samples"]:
            self.stdout.write(f"{seeding.remove_samples()} samples taken away.")
            return
        if options["staff"] and not settings.DEBUG:
            raise CommandError("Demonstration staff are created only where DEBUG is on.")
        self.report(seeding.load())
        if options["samples"]:
            self.report(seeding.load(samples=True))
        if options["staff"]:
            self.staff()

    def report(self, created):
        total = sum(created.values())
        if not total:
            self.stdout.write("Content: all there already, nothing changed.")
            return
        self.stdout.write("Content: " + ", ".join(f"{count} from {name}" for name, count in created.items() if count))

    def staff(self):
        people, password = demonstration.create_staff(os.environ.get("DEMO_STAFF_PASSWORD", ""))
        self.stdout.write("Sign in to the staff area (/admin/) as one of:")
        for username, role, bureau in people:
            self.stdout.write(f"  {username:<6}{role:<15}{bureau}")
        if password:
            self.stdout.write(f"Password of all: {password}   (shown this once; set DEMO_STAFF_PASSWORD to choose another)")
        else:
            self.stdout.write("Password: as shown when they were created. Set DEMO_STAFF_PASSWORD to choose another.")
