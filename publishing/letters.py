"""The letters that the review of a change causes, to colleagues of the bureau, each in its reader's own language.

Each text stands in templates/publishing/letters/<name>.<language>.txt; the first line is the subject.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from bureaus.letters import language_of
from bureaus.models import Membership
from bureaus.rights import RIGHTS
from outbox.sending import post


def signers_of(bureau, *, but=None) -> list:
    """Who may sign changes of a bureau and works there still, with the language each has chosen; without the person `but`."""
    held = Membership.objects.filter(bureau=bureau, role__in=RIGHTS["approve"], user__is_active=True, user__is_staff=True)
    people = {membership.user for membership in held.select_related("user__preference")} - {but}
    return sorted(people, key=lambda person: person.pk)


def to_reviewers(item, change, name="submitted") -> None:
    """To each who may sign the change: it waits for them, or could not be published as scheduled."""
    for person in signers_of(item.bureau, but=change.submitted_by):
        write(person, item, change, name)


def to_reviewers_of_many(batch, count, user) -> None:
    """One letter to each who may sign: so many changes of an import or an action wait for them."""
    for person in signers_of(batch.bureau, but=user):
        write_about_many(person, batch, count, user, "submitted_many")


def to_submitters_of_many(batch, count, user, keys) -> None:
    """One letter to each who had submitted some of them: they are published."""
    people = get_user_model().objects.filter(pk__in=keys, is_active=True).exclude(pk=user.pk)
    for person in people.select_related("preference").order_by("pk"):
        write_about_many(person, batch, count, user, "published_many")


def to_author(item, change, name, comment="") -> None:
    """To the person who submitted the change: approved, published or sent back."""
    if change.submitted_by is not None:
        write(change.submitted_by, item, change, name, comment)


def about_taking_down(answer, item) -> None:
    """To the managers of another bureau: may this page be taken down, to which theirs refer?"""
    held = Membership.objects.filter(bureau=answer.bureau, role__in=RIGHTS["take down"], user__is_active=True, user__is_staff=True)
    for membership in held.select_related("user__preference").order_by("user"):
        link = settings.SITE_ADDRESS + reverse("admin:publishing_takedownanswer_change", args=[answer.pk])
        person = membership.user
        send(person, "take_down_asked", item=item, question=answer.question, reader=name_of(person), link=link)


def answered_about_taking_down(answer, item) -> None:
    """To the person who asked: all agree, or this bureau objects."""
    opts = item._meta
    link = settings.SITE_ADDRESS + reverse(f"admin:{opts.app_label}_{opts.model_name}_step", args=[item.pk, "take_down"])
    person = answer.question.asked_by
    send(person, "take_down_answered", item=item, answer=answer, reader=name_of(person), link=link)


def write_about_many(person, batch, count, user, name):
    opts = batch.content_type.model_class()._meta
    link = settings.SITE_ADDRESS + reverse(f"admin:{opts.app_label}_{opts.model_name}_batch", args=[batch.pk])
    kind = opts.verbose_name if count == 1 else opts.verbose_name_plural
    send(person, name, batch=batch, kind=kind, count=count, author=name_of(user), link=link)


def write(person, item, change, name, comment=""):
    opts = item._meta
    send(
        person,
        name,
        item=item,
        kind=opts.verbose_name,
        change=change,
        author=name_of(change.submitted_by),
        submitted=timezone.localtime(change.submitted_at) if change.submitted_at else None,
        comment=comment,
        link=settings.SITE_ADDRESS + reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[item.pk]),
    )


def send(person, name, **context):
    """Nothing to people who have left, and to those whose address we do not know: the work list tells them."""
    if not (person.email and person.is_active):
        return
    language = language_of(person)
    with translation.override(language):
        text = render_to_string(f"publishing/letters/{name}.{language}.txt", context)
    subject, _end, body = text.strip().partition("\n")
    post(person.email, language, subject.strip(), body.strip() + "\n")


def name_of(person) -> str:
    return (person.get_full_name() or person.get_username()) if person else ""
