"""Every step, from every state, by every role: the table of the workflow is the table of these tests (staff.md section 2)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bureaus.models import Membership
from bureaus.rights import RIGHTS
from publishing.models import Status
from publishing.workflow import STEPS, available_steps, missing_for_publishing, take
from tests.factories import make_member, make_park

Role = Membership.Role
ANSWERS = {"note": {"notes": {"en": "The map is being corrected."}}, "successor": {"successor": "/parks/other/"}}


def take_with_answers(park, step, user):
    take(park, step.name, user, **ANSWERS.get(step.asks, {}))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_is_taken_by_its_roles_from_its_states_and_no_other(step, role, status, db):
    park, person = make_park(status=status), make_member("person", role)
    holds, fits = role in RIGHTS[step.right], status in step.sources
    assert (step in available_steps(park, person)) == (holds and fits)
    if holds and fits:
        take_with_answers(park, step, person)
        assert park.status == step.target
        return
    with pytest.raises(ValidationError if holds else PermissionDenied):
        take_with_answers(park, step, person)
    park.refresh_from_db()
    assert park.status == status


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_people_of_another_bureau_take_no_step(step, db):
    park = make_park(status=min(step.sources))
    with pytest.raises(PermissionDenied):
        take_with_answers(park, step, make_member("mei", Role.MANAGER, "sihui"))


def test_the_city_desk_withdraws_elsewhere_and_does_nothing_else_there(city_desk):
    elsewhere = {step.name for status in Status for step in available_steps(make_park(status=status), city_desk)}
    assert elsewhere == {"withdraw"}


def test_what_is_missing_stops_publishing_and_is_named_by_field(publisher):
    park = make_park(status=Status.DRAFT, summary_en="")
    assert [name for name, _sentence in missing_for_publishing(park)] == ["summary_en"]
    with pytest.raises(ValidationError):
        take(park, "publish", publisher)


def test_withdrawing_needs_a_reason(publisher):
    with pytest.raises(ValidationError):
        take(make_park(), "withdraw", publisher, notes={"en": ""})


def test_the_day_of_first_publication_stays(publisher, manager):
    park = make_park()
    first = park.first_published_at
    take(park, "withdraw", publisher, notes={"en": "Error"})
    take(park, "put_back", publisher)
    assert park.first_published_at == first
    assert park.published_at > first
    assert (park.withdrawn_at, park.withdrawal_note_en) == (None, "")
