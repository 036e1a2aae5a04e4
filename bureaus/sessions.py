"""Sign-ins of the staff: how long they last, which are open, and how they are ended from afar (trust.md T17).

The marks of a session lie in the session itself, so that an ordinary page asks nothing more of the database; the
table holds the same for its owner to see, and is written as often: every five minutes at most (trust.md T4).
"""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.utils import timezone

from bureaus import devices
from bureaus.audit import Action, address_of, record
from bureaus.models import StaffSession

MARKS = "staff_session"
WRITE_EVERY = timedelta(minutes=5)
# For how long the table remembers sessions that are over: by them a browser is known again.
REMEMBER = timedelta(days=400)
IDLE, TOO_LONG = "idle", "too long"


def begin(request, device: str = "") -> StaffSession:
    """Writes down that the person of this request has signed in, with the browser of that device key."""
    now = timezone.now()
    if request.session.session_key is None:
        request.session.save()
    row = StaffSession.objects.create(
        user_id=request.user.pk,
        session_key=request.session.session_key,
        device_hash=devices.hash_of(device),
        browser=request.headers.get("User-Agent", "").replace("\0", "")[:300],
        address=address_of(request),
        started_at=now,
        seen_at=now,
    )
    request.session[MARKS] = {"row": row.pk, "started": now.timestamp(), "seen": now.timestamp()}
    return row


def keep(request) -> str:
    """Goes on with the session of this request, or ends it: the reason why it is over, or "".

    A session without marks began before there were any; it begins now.
    """
    if MARKS not in request.session:
        begin(request)
        return ""
    if reason := why_over(request.session):
        record(Action.SESSION_END, request=request, detail=reason)
        close(request.session)
        logout(request)
        return reason
    now, marks = timezone.now(), request.session[MARKS]
    if now - moment(marks["seen"]) >= WRITE_EVERY and counts_as_use(request):
        request.session[MARKS] = marks | {"seen": now.timestamp()}
        StaffSession.objects.filter(pk=marks["row"]).update(seen_at=now)
    return ""


def counts_as_use(request) -> bool:
    """What a page asks by itself, without anybody pressing anything, keeps no session alive. Such scripts send this header."""
    return "X-Background" not in request.headers


def why_over(session) -> str:
    """Why the session is over: nobody used it for an hour, or it has lasted half a day; "" while it is not."""
    if MARKS not in session:
        return ""
    marks, now = session[MARKS], timezone.now()
    if now - moment(marks["started"]) >= timedelta(seconds=settings.SESSION_LONGEST_SECONDS):
        return TOO_LONG
    if now - moment(marks["seen"]) >= timedelta(seconds=settings.SESSION_IDLE_SECONDS):
        return IDLE
    return ""


def seconds_left(session) -> int:
    """For how long the session goes on when nobody presses anything."""
    if MARKS not in session:
        return settings.SESSION_IDLE_SECONDS
    marks = session[MARKS]
    ends = min(marks["seen"] + settings.SESSION_IDLE_SECONDS, marks["started"] + settings.SESSION_LONGEST_SECONDS)
    return max(0, round(ends - timezone.now().timestamp()))


def moment(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, tz=timezone.get_default_timezone())


def follow_key(request):
    """Tells the table the new key of a session that has changed it."""
    if MARKS in request.session:
        StaffSession.objects.filter(pk=request.session[MARKS]["row"]).update(session_key=request.session.session_key)


def close(session):
    """Marks the row of a session that is about to end by itself."""
    if MARKS in session:
        StaffSession.objects.filter(pk=session[MARKS]["row"], ended_at=None).update(ended_at=timezone.now())


def open_sessions(user):
    """The sessions that a person could go on with, the last used one first."""
    now = timezone.now()
    return StaffSession.objects.filter(
        user_id=user.pk,
        ended_at=None,
        seen_at__gt=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        started_at__gt=now - timedelta(seconds=settings.SESSION_LONGEST_SECONDS),
    ).order_by("-seen_at", "pk")


def end(rows) -> int:
    """Ends sessions, wherever they are open: the next request of each comes from nobody. How many there were."""
    rows = list(rows)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        store(session_key=row.session_key).delete()
    StaffSession.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=timezone.now())
    return len(rows)


def end_all(user, *, but=None) -> int:
    """Ends every session of a person, the one of the request `but` excepted."""
    rows = StaffSession.objects.filter(user_id=user.pk, ended_at=None)
    if but is not None:
        rows = rows.exclude(session_key=but.session.session_key)
    return end(rows)


def is_new_device(user, device: str) -> bool:
    """Whether the person has signed in before, and never with the browser of this key."""
    earlier = StaffSession.objects.filter(user_id=user.pk)
    return earlier.exists() and not (device and earlier.filter(device_hash=devices.hash_of(device)).exists())


def forget_old() -> int:
    """Deletes what nobody can go on with, and the rows by which browsers were known long ago. Writes only where there is something."""
    now, number = timezone.now(), 0
    for rows in (Session.objects.filter(expire_date__lt=now), StaffSession.objects.filter(seen_at__lt=now - REMEMBER)):
        if rows.exists():
            number += rows.delete()[0]
    return number
