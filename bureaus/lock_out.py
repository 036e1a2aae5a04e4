"""Network addresses from which many sign-ins fail wait for an hour (trust.md T15).

django-axes pauses a name together with an address; this is the wider net, counted in the audit log, so that no
restart and no second process forgets it. Offices whose people share one address can be exempt.
"""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from bureaus.audit import Action, Result, address_of, record
from bureaus.models import AuditEntry

WINDOW = timedelta(hours=1)
PAIR_WINDOW = timedelta(minutes=15)
WHOLE_ADDRESS = "whole network address"
UNKNOWN_NAME = "unknown name"
COUNTED = (Action.SIGN_IN, Action.SIGN_IN_CODE, Action.PASSWORD, Action.RECOVERY_CODES, Action.SECOND_FACTOR)


def is_paused(request) -> bool:
    """Whether the address of this request has failed so often that it must wait."""
    return _since(request, WINDOW, action=Action.LOCK_OUT, detail=WHOLE_ADDRESS).exists()


def note_failure(request, action: str, name: str = "", detail: str = ""):
    """Writes down a wrong name, password or code; pauses the whole address where it is one too many.

    A name that nobody has is not written down: people type passwords into that field.
    """
    user = get_user_model().objects.filter(username=name).first() if name else None
    detail = detail or ("" if user or request.user.is_authenticated else UNKNOWN_NAME)
    record(action, request=request, user=user, thing=user, result=Result.FAILED, detail=detail)
    failures = _since(request, WINDOW, action__in=COUNTED, result=Result.FAILED).count()
    if failures >= settings.SIGN_IN_FAILURES_PER_ADDRESS and not is_exempt(address_of(request)) and not is_paused(request):
        record(Action.LOCK_OUT, request=request, result=Result.REFUSED, detail=WHOLE_ADDRESS)


def note_pause(request, name: str):
    """Writes down, once in a pause, that a name together with this address has to wait."""
    user = get_user_model().objects.filter(username=name).first()
    if not _since(request, PAIR_WINDOW, action=Action.LOCK_OUT, user=user, detail="").exists():
        record(Action.LOCK_OUT, request=request, user=user, thing=user, result=Result.REFUSED)


def is_exempt(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network, strict=False) for network in settings.SIGN_IN_OFFICES)


def _since(request, window, **fields):
    return AuditEntry.objects.filter(address=address_of(request), at__gt=timezone.now() - window, **fields)
