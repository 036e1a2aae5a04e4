"""When the jobs last ran, so that a timer that has stopped is seen (staff.md S30)."""

from datetime import timedelta

from django.utils import timezone

from outbox.models import Run

# After so long without a run somebody has to look at the timer; a run is noted at most once a minute.
SILENCE = timedelta(minutes=5)
NOTED_EVERY = timedelta(minutes=1)


def note(job: str) -> None:
    """Notes that a job has run to its end."""
    now = timezone.now()
    if not Run.objects.filter(job=job, at__gt=now - NOTED_EVERY).exists():
        Run.objects.update_or_create(job=job, defaults={"at": now})


def silent_since(jobs: list[str]) -> dict:
    """When the jobs that have been silent too long last ran, by name; without those that run or have never run on this site."""
    return dict(Run.objects.filter(job__in=jobs, at__lt=timezone.now() - SILENCE).values_list("job", "at"))
