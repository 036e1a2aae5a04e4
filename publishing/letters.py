"""The letters that the review of a change causes, to colleagues of the bureau.

Each text stands in templates/publishing/letters/<name>.<language>.txt; the first line is the subject.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from bureaus.models import Membership
from bureaus.rights import RIGHTS
from outbox.sending import post

STAFF_LANGUAGE = "zh-hans"


def to_reviewers(item, change, name="submitted") -> None:
    """To each who may sign the change: it waits for them, or could not be published as scheduled."""
    roles = RIGHTS["approve"]
    held = Membership.objects.filter(bureau=item.bureau, role__in=roles, user__is_active=True, user__is_staff=True)
    signers = {membership.user for membership in held.select_related("user")} - {change.submitted_by}
    for person in sorted(signers, key=lambda person: person.pk):
        write(person, item, change, name)


def to_reviewers_of_many(batch, count, user) -> None:
    """One letter to each who may sign: so many changes of an import or an action wait for them."""
    roles = RIGHTS["approve"]
    held = Membership.objects.filter(bureau=batch.bureau, role__in=roles, user__is_active=True, user__is_staff=True)
    for person in sorted({membership.user for membership in held.select_related("user")} - {user}, key=lambda person: person.pk):
        write_about_many(person, batch, count, user, "submitted_many")


def to_submitters_of_many(batch, count, user, keys) -> None:
    """One letter to each who had submitted some of them: they are published."""
    for person in get_user_model().objects.filter(pk__in=keys, is_active=True).exclude(pk=user.pk).order_by("pk"):
        write_about_many(person, batch, count, user, "published_many")


def write_about_many(person, batch, count, user, name):
    if not person.email:
        return
    opts = batch.content_type.model_class()._meta
    link = settings.SITE_ADDRESS + reverse(f"admin:{opts.app_label}_{opts.model_name}_batch", args=[batch.pk])
    with translation.override(STAFF_LANGUAGE):
        context = {"batch": batch, "kind": opts.verbose_name, "count": count, "author": name_of(user), "link": link}
        text = render_to_string(f"publishing/letters/{name}.{STAFF_LANGUAGE}.txt", context)
    subject, _end, body = text.strip().partition("\n")
    post(person.email, STAFF_LANGUAGE, subject.strip(), body.strip() + "\n")


def to_author(item, change, name, comment="") -> None:
    """To the person who submitted the change: approved, published or sent back."""
    if change.submitted_by is not None:
        write(change.submitted_by, item, change, name, comment)


def write(person, item, change, name, comment=""):
    if not person.email or not person.is_active:
        return
    opts = item._meta
    with translation.override(STAFF_LANGUAGE):
        text = render_to_string(
            f"publishing/letters/{name}.{STAFF_LANGUAGE}.txt",
            {
                "item": item,
                "kind": opts.verbose_name,
                "change": change,
                "author": name_of(change.submitted_by),
                "submitted": timezone.localtime(change.submitted_at) if change.submitted_at else None,
                "comment": comment,
                "link": settings.SITE_ADDRESS + reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[item.pk]),
            },
        )
    subject, _end, body = text.strip().partition("\n")
    post(person.email, STAFF_LANGUAGE, subject.strip(), body.strip() + "\n")


def name_of(person) -> str:
    return (person.get_full_name() or person.get_username()) if person else ""
