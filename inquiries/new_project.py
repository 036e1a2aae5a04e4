"""From an inquiry to the project that it became: a draft with the facts that are nobody's personal data (staff.md S69)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from bureaus.rights import may
from inquiries.models import Inquiry
from projects.models import Project
from publishing import changes
from publishing.languages import CODES, text_of, to_attribute

SIGNS = "abcdefghjkmnpqrstvwxyz23456789"
# What the draft is called until somebody finds a better title: where it is to be, else what was asked for.
LONGEST_TITLE = 120
TITLE, TITLE_ALONE = gettext_noop("New project: %s"), gettext_noop("New project")


def may_make(inquiry: Inquiry, user) -> bool:
    """Whoever may answer the inquiry and write for the website, at its bureau."""
    return may(user, "answer", inquiry) and may(user, "edit", inquiry)


def why_not(inquiry: Inquiry) -> str:
    """Why no project can be made of an inquiry; empty where one can."""
    if not inquiry.is_open:
        return _("Only an open inquiry becomes a project.")
    if inquiry.first_answered_at is None:
        return _("Answer the inquiry first.")
    return ""


def of_case(inquiry: Inquiry, user) -> dict:
    """What the page of an inquiry shows: the project, with a link for those who see drafts, or the way to it."""
    project = inquiry.became_project
    return {
        "project_made": project,
        "may_open_project": project is not None and may(user, "see drafts", project),
        "may_make_project": project is None and may_make(inquiry, user) and not why_not(inquiry),
    }


def make_draft(inquiry: Inquiry, user) -> Project:
    """The draft, made once and linked with the inquiry. Not a word of the person: neither name nor text nor company."""
    if not may_make(inquiry, user):
        raise PermissionDenied
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
        if locked.became_project is not None:
            return locked.became_project
        if reason := why_not(locked):
            raise ValidationError(reason)
        park = locked.park or (locked.listing and locked.listing.park) or (locked.project and locked.project.park)
        draft = Project.objects.create(
            kind=Project.Kind.ENTERPRISE,
            slug=f"project-{get_random_string(6, SIGNS)}",
            bureau=locked.bureau,
            original_language="zh-hans",
            park=park,
            district=locked.district or (park and park.district),
            **{to_attribute("title", code): title_in(code, locked, park) for code in CODES},
        )
        if locked.listing:
            draft.listings.add(locked.listing)
        if locked.project:
            draft.industries.set(locked.project.industries.all())
        changes.begin(draft, user)
        locked.became_project = draft
        locked.save(update_fields=["became_project"])
    return draft


def title_in(language: str, inquiry: Inquiry, park) -> str:
    place = inquiry.listing or park or inquiry.district
    with override(language):
        if place is None:
            return _(TITLE_ALONE)
        return (_(TITLE) % text_of(place, "title" if hasattr(place, "title") else "name", language)[0])[:LONGEST_TITLE]
