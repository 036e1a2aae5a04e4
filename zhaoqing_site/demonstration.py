"""People to try the staff area with: one for each role at three bureaus. Only where DEBUG is on."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.db import transaction

from bureaus.models import Bureau, Membership

Role = Membership.Role
# (name to sign in with, name shown, role, bureau); the city bureau's manager is the city desk.
STAFF = [
    ("ann", "Ann", Role.EDITOR, "sihui"),
    ("rui", "Rui", Role.REVIEWER, "sihui"),
    ("mei", "Mei", Role.MANAGER, "sihui"),
    ("ou", "Ou", Role.OFFICER, "sihui"),
    ("du", "Du", Role.EDITOR, "dinghu"),
    ("dr", "Dr", Role.REVIEWER, "dinghu"),
    ("dm", "Dm", Role.MANAGER, "dinghu"),
    ("do", "Do", Role.OFFICER, "dinghu"),
    ("city", "City desk", Role.MANAGER, "zhaoqing"),
    ("root", "Root", Role.ADMINISTRATOR, "zhaoqing"),
]


@transaction.atomic
def create_staff(password: str = "") -> tuple[list[tuple[str, str, str]], str]:
    """Creates who is missing; returns `(name, role, bureau)` of everybody and the password they sign in with.

    With a `password`, everybody gets it. Without one, the people created now get a random one, and people who exist
    keep theirs: the password returned is empty where nobody was created.
    """
    if not settings.DEBUG:
        raise CommandError("Demonstration staff are created only where DEBUG is on.")
    bureaus = {bureau.slug: bureau for bureau in Bureau.objects.filter(slug__in={slug for *_, slug in STAFF})}
    if len(bureaus) < 3:
        raise CommandError("The bureaus are missing: run `manage.py seed` first.")
    known = set(get_user_model().objects.values_list("username", flat=True))
    wanting = [person for person in STAFF if password or person[0] not in known]
    chosen = (password or secrets.token_urlsafe(9)) if wanting else ""
    for username, name, role, slug in wanting:
        _create(username, name, role, bureaus[slug], chosen)
    return [(username, role.label, str(bureaus[slug])) for username, _name, role, slug in STAFF], chosen


def _create(username, name, role, bureau, password):
    user, _is_new = get_user_model().objects.get_or_create(
        username=username, defaults={"first_name": name, "email": f"{username}@example.com"}
    )
    user.set_password(password)
    user.is_staff = user.is_active = True
    user.save()
    Membership.objects.get_or_create(user=user, bureau=bureau, role=role)
