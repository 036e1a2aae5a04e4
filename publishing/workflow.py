"""The publishing steps as data: one table gives the buttons, the checks and the test matrix (staff.md section 2).

Until review comes, an item has one axis: never published, live, withdrawn, taken down.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from bureaus.rights import may
from publishing.languages import CODES, languages_of, to_attribute
from publishing.models import Status


@dataclass(frozen=True)
class Step:
    """One button. `asks` names what the person must say first: "note" for the public, "successor" address or none."""

    name: str
    label: str
    sources: frozenset[str]
    target: str
    right: str
    asks: str = ""
    done: str = ""


STEPS = [
    Step(
        "publish",
        gettext_noop("Publish now"),
        frozenset({Status.DRAFT}),
        Status.LIVE,
        "publish",
        done=gettext_noop("Published. The page is live."),
    ),
    Step(
        "withdraw",
        gettext_noop("Withdraw …"),
        frozenset({Status.LIVE}),
        Status.WITHDRAWN,
        "withdraw",
        asks="note",
        done=gettext_noop("Withdrawn. The page stays under a notice and has left the lists."),
    ),
    Step(
        "take_down",
        gettext_noop("Take down …"),
        frozenset({Status.LIVE, Status.WITHDRAWN}),
        Status.TAKEN_DOWN,
        "take down",
        asks="successor",
        done=gettext_noop("Taken down. The address now says so."),
    ),
    Step(
        "put_back",
        gettext_noop("Put back"),
        frozenset({Status.WITHDRAWN, Status.TAKEN_DOWN}),
        Status.LIVE,
        "publish",
        done=gettext_noop("Put back. The page is live again."),
    ),
]


def available_steps(item, user) -> list[Step]:
    """The steps that this person may take with this item now."""
    return [step for step in STEPS if item.status in step.sources and may(user, step.right, item)]


def step_named(name: str) -> Step:
    """The step of that name; KeyError if there is none."""
    return {step.name: step for step in STEPS}[name]


def missing_for_publishing(item) -> list[tuple[str, str]]:
    """What still stops an item from going live, as `(field, sentence)`; empty when it is ready."""
    missing = []
    if not languages_of(item):
        missing.append((to_attribute("title", item.original_language), _("A title in at least one language is missing.")))
    for code in languages_of(item):
        if not getattr(item, to_attribute("summary", code)) and item.needs_summary:
            missing.append((to_attribute("summary", code), _("The summary is missing in a language that has a title.")))
    missing += item.missing_facts()
    for use in item.pictures.select_related("picture") if item.pk else []:
        picture = use.picture
        if picture.has_file and not all(getattr(picture, to_attribute("alt", code)) for code in CODES):
            missing.append(("pictures", _("A picture has no alternative text in all three languages.")))
    return missing


def take(item, name: str, user, *, notes: dict[str, str] | None = None, successor: str = "") -> None:
    """Takes a step, or raises PermissionDenied (right) or ValidationError (state, or something is missing).

    `notes` are the reasons shown to the public, by language code. One transaction; the row is locked first,
    so that two people pressing at once take it once.
    """
    step = step_named(name)
    if not may(user, step.right, item):
        raise PermissionDenied
    with transaction.atomic():
        locked = type(item).objects.select_for_update().get(pk=item.pk)
        if locked.status not in step.sources:
            raise ValidationError(_("Somebody has changed this item meanwhile. Look at its state and try again."))
        if step.target == Status.LIVE and (missing := missing_for_publishing(locked)):
            raise ValidationError([sentence for _field, sentence in missing])
        if step.asks == "note" and not any((notes or {}).values()):
            raise ValidationError(_("Say why, in at least one language: the page shows it."))
        _write(locked, step, notes or {}, successor)
    item.refresh_from_db()


def _write(item, step, notes, successor):
    now = timezone.now()
    item.status = step.target
    item.version += 1
    if step.target == Status.LIVE:
        item.first_published_at = item.first_published_at or now
        item.published_at = now
        item.withdrawn_at, item.successor, notes = None, "", {}
    elif step.target == Status.WITHDRAWN:
        item.withdrawn_at = now
    else:
        item.successor = successor
    for code in CODES:
        setattr(item, to_attribute("withdrawal_note", code), notes.get(code, ""))
    item.save()
