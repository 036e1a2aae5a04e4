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


def silent_since(job: str):
    """When a job that has been silent too long last ran; None if it runs, or has never run on this site."""
    return Run.objects.filter(job=job, at__lt=timezone.now() - SILENCE).values_list("at", flat=True).first()
