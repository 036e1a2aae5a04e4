"""People to try the staff area with: one for each role at three bureaus. Only where DEBUG is on."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.db import transaction

from bureaus.models import Bureau, Membership

Role = Membership.Role
# (name to sign in with, name shown, role, bureau)
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
UNCHANGED = "(unchanged)"


@transaction.atomic
def create_staff(password: str | None = None) -> list[tuple[str, str, str, str]]:
    """Creates who is missing and returns `(name, password, role, bureau)` of everybody.

    Without a `password` each new person gets a random one; people who exist keep theirs. With one, all get it.
    """
    if not settings.DEBUG:
        raise CommandError("Demonstration staff are created only where DEBUG is on.")
    bureaus = {bureau.slug: bureau for bureau in Bureau.objects.filter(slug__in={slug for *_, slug in STAFF})}
    if len(bureaus) < 3:
        raise CommandError("The bureaus are missing: run `manage.py seed` first.")
    return [_create(*person, bureaus, password) for person in STAFF]


def _create(username, name, role, slug, bureaus, password):
    people = get_user_model()
    user = people.objects.filter(username=username).first() or people(username=username, first_name=name, email=f"{username}@example.com")
    is_new = user.pk is None
    if is_new or password:
        chosen = password or secrets.token_urlsafe(12)
        user.set_password(chosen)
    user.is_staff = user.is_active = True
    user.save()
    Membership.objects.get_or_create(user=user, bureau=bureaus[slug], role=role)
    return username, chosen if is_new or password else UNCHANGED, role.value, str(bureaus[slug])
