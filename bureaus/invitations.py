"""Invitations: a manager names mail and roles, the person makes the account (staff.md S76).

The manager gets the same answer whether or not the address is known at another bureau: who has an account there is
told to the owner of the mailbox alone, and takes the new role by signing in to it.
"""

import hashlib
import secrets

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from bureaus import letters
from bureaus.audit import Action, record
from bureaus.models import Bureau, Invitation, Membership, Preference
from bureaus.rights import bureaus_where, roles_to_grant


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def invite(request, *, email: str, bureau: Bureau, roles: list[str], language: str) -> Invitation:
    """Stores the invitation and its letter. An earlier one of this bureau to this address ends."""
    open_invitations().filter(bureau=bureau, email__iexact=email).update(withdrawn_at=timezone.now())
    key, now = secrets.token_urlsafe(32), timezone.now()
    invited = Invitation.objects.create(
        bureau=bureau,
        roles=sorted(roles),
        email=email,
        language=language,
        key_hash=hash_of(key),
        invited_by_id=request.user.pk,
        created_at=now,
        expires_at=now + Invitation.LIFE,
    )
    invited.letter = letters.invitation(invited, key)
    invited.save(update_fields=["letter"])
    record(Action.INVITE, request=request, thing=invited, detail=" ".join(invited.roles))
    return invited


def open_invitations():
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


def open_invitations_of(user):
    """Those of the bureaus whose people the person looks after."""
    return open_invitations().filter(bureau__in=bureaus_where(user, "manage members")).select_related("bureau", "letter")


def find(key: str) -> Invitation | None:
    """The invitation that a link leads to, while it is good: also while who gave it may still give it."""
    found = open_invitations().select_related("bureau", "invited_by").filter(key_hash=hash_of(key)).first()
    if found is None:
        return None
    giver = found.invited_by
    may_give = found.bureau_id in bureaus_where(giver, "manage members") and set(found.roles) <= roles_to_grant(giver)
    return found if may_give else None


def account_of(invited: Invitation) -> User | None:
    """The account that the owner of the mailbox has already."""
    return User.objects.filter(email__iexact=invited.email, is_active=True, is_staff=True).order_by("pk").first()


@transaction.atomic
def accept(invited: Invitation, user: User, *, request=None, language: str = "") -> bool:
    """Gives the roles to the person, who is stored here where new. False if the invitation was used meanwhile."""
    now = timezone.now()
    if not open_invitations().filter(pk=invited.pk).update(accepted_at=now):
        return False
    if user.pk is None:
        user.is_staff = True
        user.save()
    Invitation.objects.filter(pk=invited.pk).update(user_id=user.pk)
    if language:
        Preference.objects.update_or_create(user_id=user.pk, defaults={"language": language})
    given = [
        membership
        for role in invited.roles
        for membership, is_new in [Membership.objects.get_or_create(user_id=user.pk, bureau=invited.bureau, role=role)]
        if is_new
    ]
    record(Action.JOIN, request=request, user=user, thing=user, bureau=invited.bureau, detail=" ".join(invited.roles))
    if not language and given:
        letters.roles_changed(user, given, [])
    return True


@transaction.atomic
def withdraw(request, invited: Invitation):
    if open_invitations().filter(pk=invited.pk).update(withdrawn_at=timezone.now()):
        record(Action.INVITE_WITHDRAWN, request=request, thing=invited)
