"""Tries every link to another site that is due, and looks at all links within this one; `jobs` does it too, at night."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from outbox import runs
from publishing import link_check
from publishing.models import PageLink


class Command(BaseCommand):
    help = "Tries the links on public pages. Broken is what failed on two days; staff find it in their list."

    def handle(self, **options):
        now = timezone.now()
        link_check.gather(now)
        number = link_check.try_due(now)
        runs.note(link_check.check_links_by_night.__name__)
        broken = PageLink.objects.filter(state=PageLink.State.BROKEN).count()
        self.stdout.write(f"{number} links to other sites tried; {broken} links are broken")
