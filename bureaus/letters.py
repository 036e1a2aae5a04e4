"""Letters to the staff about their own accounts, each in the language that its reader has chosen.

The texts: templates/bureaus/letters/<name>.<language>.txt; the first line is the subject.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from bureaus import devices
from bureaus.models import Invitation, StaffSession
from outbox.models import Letter
from outbox.sending import post

STAFF_LANGUAGE = "zh-hans"  # of people who have chosen none


def language_of(user) -> str:
    """Who writes to many selects `preference` with them."""
    return user.preference.language if hasattr(user, "preference") else STAFF_LANGUAGE


def invitation(invited: Invitation, key: str) -> Letter:
    """To somebody who works with us from now on; the key of the link is blotted out once the letter has left."""
    link = settings.SITE_ADDRESS + reverse("admin:invitation", args=[key])
    context = {"invitation": invited, "link": link, "until": in_words(invited.expires_at)}
    return _post(invited.email, invited.language, "invitation", secret=key, **context)


def new_device(user, session: StaffSession):
    """Somebody has signed in with a browser that this person has not used before."""
    _to(user, "new_device", session=session, at=in_words(session.started_at))


def roles_changed(user, given: list, taken: list):
    """What the person may do from now on; `given` and `taken` hold memberships."""
    _to(user, "roles_changed", given=given, taken=taken)


def second_factor_reset(user, by):
    _to(user, "second_factor_reset", by=by.get_full_name() or by.get_username())


def recovery_code_used(user, left: int):
    _to(user, "recovery_code_used", left=left, at=in_words(timezone.now()))


def password_changed(user, by=None):
    """`by`: who has set it, where it was somebody else."""
    _to(user, "password_changed", by=by and (by.get_full_name() or by.get_username()), at=in_words(timezone.now()))


def in_words(time) -> str:
    """Beijing time as every language reads it: 2026-11-22 17:30."""
    return timezone.localtime(time).strftime("%Y-%m-%d %H:%M")


def _to(user, name, **context):
    """Nothing where we know no address: the manager hears of it from the audit log."""
    if user.email:
        account = settings.SITE_ADDRESS + reverse("admin:account")
        _post(user.email, language_of(user), name, user=user, account=account, **context)


def _post(to, language, name, secret="", **context):
    with translation.override(language):
        if "session" in context:
            context["device"] = devices.in_words(context["session"].browser)
        text = render_to_string(f"bureaus/letters/{name}.{language}.txt", context)
    subject, _end, body = text.strip().partition("\n")
    return post(to, language, subject.strip(), body.strip() + "\n", secret=secret)
