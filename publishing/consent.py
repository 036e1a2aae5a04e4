"""Asking the managers of other bureaus before a page is taken down to which their live pages refer (staff.md S54, C14).

In an emergency nobody is asked: the page is withdrawn and stays under a notice (C13).
"""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureaus import audit
from bureaus.models import Bureau
from publishing import changes, letters
from publishing.models import Publishable, TakeDownAnswer, TakeDownQuestion

Verdict = TakeDownAnswer.Verdict


# --- Who refers to it ---


def referring(item) -> list:
    """The live pages that name an item among their facts, e.g. the projects in a park."""
    found = []
    for relation in item._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not issubclass(relation.related_model, Publishable):
            continue
        pages = relation.related_model.objects.public().filter(**{relation.field.name: item})
        found += pages.select_related("bureau").order_by("pk")
    return [page for page in dict.fromkeys(found) if page != item]


def pages_elsewhere(item) -> dict[Bureau, list]:
    """The live pages of other bureaus that refer to an item, e.g. Sihui's projects in a park of the city, by their bureau."""
    found = {}
    for page in referring(item):
        if page.bureau_id != item.bureau_id:
            found.setdefault(page.bureau, []).append(page)
    return dict(sorted(found.items(), key=lambda entry: (entry[0].order, entry[0].pk)))


def missing(item) -> list[Bureau]:
    """The bureaus whose pages refer to an item and that have not agreed."""
    bureaus = list(pages_elsewhere(item))
    question = open_question(item) if bureaus else None
    agreed = {answer.bureau_id for answer in question.answers.filter(verdict=Verdict.AGREES)} if question else set()
    return [bureau for bureau in bureaus if bureau.pk not in agreed]


def open_question(item) -> TakeDownQuestion | None:
    return about(item).filter(closed_at=None).select_related("asked_by").first()


def about(item):
    return TakeDownQuestion.objects.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk)


# --- Asking and answering ---


def ask(item, user, reason: str, successor: str) -> TakeDownQuestion:
    """Puts the question to every bureau whose pages refer to the item; an earlier question is closed."""
    with transaction.atomic():
        stored = changes.lock(item)
        close(stored)
        question = TakeDownQuestion.objects.create(
            content_type=ContentType.objects.get_for_model(item),
            object_id=item.pk,
            bureau_id=stored.bureau_id,
            asked_by=user,
            reason=reason,
            successor=successor,
        )
        for bureau in pages_elsewhere(stored):
            answer = TakeDownAnswer.objects.create(question=question, bureau=bureau)
            letters.about_taking_down(answer, stored)
        audit.record(audit.Action.TAKE_DOWN_ASKED, user=user, thing=stored)
        return question


def close(item) -> None:
    """After it was taken down, or because nobody wants to any more."""
    about(item).filter(closed_at=None).update(closed_at=timezone.now())


def reply(answer: TakeDownAnswer, user, verdict: str, comment: str) -> None:
    """What a manager says; it can be said anew until the page is taken down. ValidationError once the question is closed."""
    with transaction.atomic():
        question = TakeDownQuestion.objects.select_for_update().get(pk=answer.question_id)
        if question.closed_at is not None:
            raise ValidationError(_("The question is closed: the page was taken down, or its bureau has given it up."))
        answer.verdict, answer.comment, answer.by, answer.at = verdict, comment, user, timezone.now()
        answer.save()
        item = question.item
        audit.record(audit.Action.TAKE_DOWN_ANSWERED, user=user, thing=item, bureau=answer.bureau, detail=verdict)
        if verdict == Verdict.OBJECTS or not missing(item):
            letters.answered_about_taking_down(answer, item)
