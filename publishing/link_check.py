"""Trying the links to other sites, at night: broken is what failed on two days (staff.md S45)."""

import http.client
import socket
import ssl
import time
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from outbox.models import Run
from publishing import fetching, links
from publishing.models import PageLink

State = PageLink.State
# Beijing hours in which the jobs of every minute try some; no more of their time than this at once.
NIGHT = range(1, 6)
SLICE = 8  # seconds
AGAIN = timedelta(hours=20)
# What those answer who let no program in: a person has to look.
ROBOT_BLOCKERS = {403, 405, 429, 999}
GATHERED = "links gathered"


def check_links_by_night(now=None, allowed=frozenset()) -> int:
    """The job: a few links in each round, from one o'clock in the night. How many were tried."""
    now = now or timezone.now()
    if timezone.localtime(now).hour not in NIGHT:
        return 0
    if not Run.objects.filter(job=GATHERED, at__gt=now - AGAIN).exists():
        gather(now)
    return try_due(now, allowed, until=time.monotonic() + SLICE)


def gather(now) -> None:
    links.gather()
    Run.objects.update_or_create(job=GATHERED, defaults={"at": now})


def try_due(now, allowed=frozenset(), until=None) -> int:
    """Tries each address that is due, those that have waited longest first; stops at `until`, a time of `time.monotonic`."""
    number = 0
    for address in due(now):
        if until is not None and time.monotonic() >= until:
            break
        note(address, answer_of(address, allowed), now)
        number += 1
    return number


def due(now) -> list[str]:
    """The addresses elsewhere that were not tried since yesterday and that no person has checked of late."""
    waiting = PageLink.objects.filter(Q(tried_at=None) | Q(tried_at__lt=now - AGAIN), path="")
    waiting = waiting.exclude(checked_at__gt=now - PageLink.QUIET)
    return list(dict.fromkeys(waiting.order_by(F("tried_at").asc(nulls_first=True), "pk").values_list("address", flat=True)))


def answer_of(address: str, allowed=frozenset()) -> str:
    """What an address answers: a number of HTTP, or a word for no answer."""
    try:
        return str(fetching.status_of(address, allowed))
    except fetching.NotAsked:
        return "private"
    except socket.gaierror:
        return "unknown host"
    except TimeoutError:
        return "timeout"
    except ssl.SSLError:
        return "certificate"
    except (ValueError, http.client.InvalidURL):
        return "malformed"
    except (OSError, http.client.HTTPException):
        return "no answer"


def note(address: str, answer: str, now) -> None:
    """Stores what an address answered, on every page that links to it."""
    same = PageLink.objects.filter(digest=links.digest_of(address)).exclude(checked_at__gt=now - PageLink.QUIET)
    if answer.isdecimal() and 200 <= int(answer) < 300:
        same.update(state=State.WORKS, answer="", since=None, failed_on=None, tried_at=now)
        return
    if answer.isdecimal() and int(answer) in ROBOT_BLOCKERS:
        same.exclude(state=State.BY_HAND).update(since=now)
        same.update(state=State.BY_HAND, answer=answer, failed_on=None, tried_at=now)
        return
    today = timezone.localdate(now)
    same.filter(failed_on__lt=today).update(state=State.BROKEN)
    same.filter(failed_on=None).update(state=State.DOUBTFUL, since=now, failed_on=today)
    same.update(answer=answer, tried_at=now)


def confirm(link: PageLink, user, bureaus) -> None:
    """A person has opened the link and it is right: quiet for half a year, at all bureaus that this person may speak for."""
    same = PageLink.objects.filter(digest=link.digest, bureau__in=bureaus)
    same.update(state=State.WORKS, answer="", since=None, failed_on=None, checked_by=user, checked_at=timezone.now())
