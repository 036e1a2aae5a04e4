"""Every step, from every state, by every role: the table of the workflow is the table of these tests (staff.md section 2)."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from bureaus.models import AuditEntry, Membership
from bureaus.rights import RIGHTS
from outbox.models import Letter
from publishing import changes
from publishing.effects import Answers, signatures
from publishing.languages import CODES
from publishing.models import Change, Decision, OldAddress, Revision, Status
from publishing.readiness import missing_for_publishing
from publishing.workflow import (
    AFTERWARDS,
    CHANGE,
    PUBLIC,
    STEPS,
    available_steps,
    publish_due,
    step_named,
    steps_for,
    take,
)
from tests.factories import in_three, make_change, make_member, make_park

Role, State, Kind = Membership.Role, Change.State, Decision.Kind
TOMORROW = timezone.now() + datetime.timedelta(days=1)
ANSWERS = Answers(
    notes=dict.fromkeys(CODES, "The map is being corrected."), successor="/parks/other/", comment="Because.", go_live_at=TOMORROW
)
CHANGE_STEPS = [step for step in STEPS if step.axis == CHANGE]
PUBLIC_STEPS = [step for step in STEPS if step.axis == PUBLIC]
NAMED = {"ids": lambda step: step.name}


def item_in(step, state):
    """A park that stands where a step begins, with a change that somebody else has submitted."""
    if step.axis == PUBLIC:
        return make_park(status=state)
    park = make_park()
    park.bureau.manager_may_publish_alone = True
    park.bureau.save()
    make_change(park, state, title_en="New name")
    return park


def with_mail(*people):
    for person in people:
        person.email = f"{person.username}@invest.example"
        person.save()


# --- The table ---


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", PUBLIC_STEPS, **NAMED)
def test_a_public_step_is_taken_by_its_roles_from_its_states_and_no_other(step, role, status, db):
    park, person = item_in(step, status), make_member("person", role)
    holds, leads_on = role in RIGHTS[step.right], status in step.sources
    assert (step in available_steps(park, person)) == (holds and leads_on)
    if holds and leads_on:
        take(park, step.name, person, ANSWERS)
        assert park.status == step.target
        return
    with pytest.raises(ValidationError if holds else PermissionDenied):
        take(park, step.name, person, ANSWERS)
    park.refresh_from_db()
    assert park.status == status


@pytest.mark.parametrize("state", Change.OPEN)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", [step for step in CHANGE_STEPS if step.name not in ("take_back", "discard")], **NAMED)
def test_a_step_of_a_change_is_taken_by_its_roles_from_its_states_and_no_other(step, role, state, db):
    park, person = item_in(step, state), make_member("person", role)
    holds, leads_on = role in RIGHTS[step.right], state in step.sources
    assert (step in available_steps(park, person)) == (holds and leads_on)
    if holds and leads_on:
        take(park, step.name, person, ANSWERS)
        assert changes.last_decision(park).kind == step.target
        return
    with pytest.raises(ValidationError if holds else PermissionDenied):
        take(park, step.name, person, ANSWERS)
    assert changes.open_change(park).state == state


@pytest.mark.parametrize("step", STEPS, **NAMED)
def test_people_of_another_bureau_take_no_step(step, db):
    park = make_park() if step.axis == AFTERWARDS else item_in(step, min(step.sources))
    with pytest.raises(PermissionDenied):
        take(park, step.name, make_member("mei", Role.MANAGER, "sihui"), ANSWERS)


@pytest.mark.parametrize("step", CHANGE_STEPS, **NAMED)
def test_without_an_open_change_there_is_nothing_to_do_with_it(step, manager):
    with pytest.raises(ValidationError):
        take(make_park(), step.name, manager, ANSWERS)


def test_the_city_desk_withdraws_elsewhere_and_does_nothing_else_there(city_desk):
    elsewhere = {step.name for status in Status for step in available_steps(make_park(status=status), city_desk)}
    assert elsewhere == {"withdraw"}


def test_every_step_has_its_own_button():
    assert len({step.name for step in STEPS}) == len({step.label for step in STEPS}) == len(STEPS)
    assert step_named("publish").number == "C7"


# --- Four eyes ---


def test_s25_nobody_approves_what_they_submitted(publisher, manager):
    park = make_park()
    make_change(park, State.DRAFT, title_en="New name")
    take(park, "submit", publisher)
    reasons = {step.name: reason for step, reason in steps_for(park, publisher)}
    assert "a colleague has to read it" in str(reasons["approve"])
    for name in ("approve", "approve_and_publish"):
        with pytest.raises(PermissionDenied):
            take(park, name, publisher)
    take(park, "approve_and_publish", manager)
    assert park.title_en == "New name"


def test_s25_of_two_signatures_nobody_gives_both(editor, publisher, manager):
    park = make_park()
    park.bureau.review_steps = 2
    park.bureau.save()
    make_change(park, State.DRAFT, title_en="New name")
    take(park, "submit", editor)
    with pytest.raises(PermissionDenied):
        take(park, "approve_and_publish", publisher)
    take(park, "approve", publisher)
    assert changes.open_change(park).state == State.IN_REVIEW
    with pytest.raises(PermissionDenied):
        take(park, "approve", publisher)
    take(park, "approve_and_publish", manager)
    assert park.title_en == "New name"


def test_s25_an_edit_voids_the_approvals(editor, publisher):
    park = make_park()
    make_change(park, State.DRAFT, title_en="New name")
    take(park, "submit", editor)
    take(park, "approve", publisher)
    take(park, "edit_again", editor)
    change = changes.open_change(park)
    assert (change.state, signatures(change)) == (State.DRAFT, [])
    assert change.decisions.filter(kind=Kind.APPROVED, is_void=True).count() == 1


def test_only_the_person_who_submitted_takes_it_back(editor, publisher):
    park = make_park()
    make_change(park, State.DRAFT, title_en="New name")
    take(park, "submit", editor)
    with pytest.raises(PermissionDenied):
        take(park, "take_back", publisher)
    take(park, "take_back", editor)
    assert changes.open_change(park).state == State.DRAFT


def test_an_editor_discards_their_own_draft_and_a_reviewer_any(editor, publisher):
    park = make_park()
    make_change(park, State.DRAFT, opened_by=publisher, title_en="New name")
    with pytest.raises(PermissionDenied):
        take(park, "discard", editor)
    take(park, "discard", publisher)
    assert changes.open_change(park) is None
    assert changes.head(park).kind == Revision.Kind.FOUND
    make_change(park, State.DRAFT, opened_by=editor, title_en="Newer name")
    take(park, "discard", editor)
    assert changes.open_change(park) is None


def test_s26_asking_for_changes_needs_words_and_reaches_the_author(editor, publisher):
    with_mail(editor, publisher)
    park = make_park()
    make_change(park, State.DRAFT, title_en="New name")
    take(park, "submit", editor)
    with pytest.raises(ValidationError):
        take(park, "ask_for_changes", publisher)
    take(park, "ask_for_changes", publisher, Answers(comment="Name the source."))
    assert changes.open_change(park).state == State.DRAFT
    letter = Letter.objects.filter(to=editor.email).get()
    assert "Name the source." in letter.body
    assert f"/admin/parks/park/{park.pk}/change/" in letter.body


def test_reviewers_are_told_and_the_author_is_not(editor, publisher, manager, stranger):
    with_mail(editor, publisher, manager, stranger)
    park = make_park()
    make_change(park, State.DRAFT, title_en="New name")
    take(park, "submit", publisher)
    assert set(Letter.objects.values_list("to", flat=True)) == {manager.email}


# --- Alone ---


def test_s27_a_manager_publishes_alone_only_where_the_bureau_allows_it(manager, publisher):
    park = make_park()
    make_change(park, State.DRAFT, title_en="New name")
    with pytest.raises(PermissionDenied):
        take(park, "publish_alone", manager, ANSWERS)
    park.bureau.manager_may_publish_alone = True
    park.bureau.save()
    with pytest.raises(ValidationError):
        take(park, "publish_alone", manager)
    take(park, "publish_alone", manager, ANSWERS)
    assert park.title_en == "New name"
    assert "sign_afterwards" not in {step.name for step in available_steps(park, manager)}
    take(park, "sign_afterwards", publisher)
    assert not Change.objects.filter(awaits_signature=True).exists()


# --- Publishing ---


def test_what_is_missing_stops_submitting_and_is_named_by_field(editor):
    park = make_park(status=Status.DRAFT, summary_en="")
    make_change(park, State.DRAFT)
    assert [name for name, _sentence in missing_for_publishing(park)] == ["summary_en"]
    with pytest.raises(ValidationError):
        take(park, "submit", editor)


def test_what_is_missing_in_the_change_of_a_live_item_stops_it_too(editor):
    park = make_park()
    make_change(park, State.DRAFT, summary_en="")
    with pytest.raises(ValidationError, match="summary"):
        take(park, "submit", editor)
    park.refresh_from_db()
    assert park.summary_en


def test_publishing_applies_the_change_counts_the_version_and_keeps_the_old_address(publisher):
    park = make_park(slug="old-name", version=1)
    first = park.first_published_at
    make_change(park, State.APPROVED, slug="new-name", **in_three("title", "New name"))
    take(park, "publish", publisher)
    assert (park.slug, park.title_en, park.version, park.first_published_at) == ("new-name", "New name", 2, first)
    assert OldAddress.objects.get().slug == "old-name"
    assert changes.head(park).kind == Revision.Kind.PUBLISHED
    assert changes.open_change(park) is None


def test_withdrawing_needs_a_reason_in_each_language_of_the_page(publisher):
    park = make_park(title_en="Park", title_zh_hans="园区", title_zh_hant="")
    with pytest.raises(ValidationError, match="Say why in 简体中文"):
        take(park, "withdraw", publisher, Answers(notes={"en": "Error", "zh-hans": ""}))
    take(park, "withdraw", publisher, Answers(notes={"en": "Error", "zh-hans": "有误"}))
    assert (park.status, park.withdrawal_note_zh_hans) == (Status.WITHDRAWN, "有误")


def test_the_day_of_first_publication_stays(publisher):
    park = make_park()
    first = park.first_published_at
    take(park, "withdraw", publisher, ANSWERS)
    take(park, "put_back", publisher)
    assert park.first_published_at == first
    assert park.published_at > first
    assert (park.withdrawn_at, park.withdrawal_note_en) == (None, "")


def test_what_was_withdrawn_long_ago_is_reviewed_before_it_comes_back(publisher, manager):
    park = make_park(status=Status.WITHDRAWN, withdrawn_at=timezone.now() - datetime.timedelta(days=31))
    with pytest.raises(PermissionDenied):
        take(park, "put_back", publisher)
    make_change(park, State.APPROVED, title_en="Read again")
    take(park, "publish", publisher)
    assert (park.status, park.title_en) == (Status.LIVE, "Read again")


# --- The clock ---


def test_s28_a_scheduled_change_goes_live_at_its_minute_and_not_before(editor, publisher):
    park = make_park()
    make_change(park, State.DRAFT, title_en="New name")
    take(park, "submit", editor)
    take(park, "approve", publisher)
    nine = datetime.datetime(2036, 12, 1, 9, 0, tzinfo=timezone.get_default_timezone())
    take(park, "schedule", publisher, Answers(go_live_at=nine))
    assert publish_due(nine - datetime.timedelta(seconds=1)) == (0, 0)
    assert publish_due(nine) == (1, 0)
    assert publish_due(nine) == (0, 0)
    park.refresh_from_db()
    assert park.title_en == "New name"
    assert changes.last_decision(park).kind == Kind.PUBLISHED_AS_SCHEDULED


def test_s28_cancelling_the_schedule_does_not_publish(publisher):
    park = make_park()
    make_change(park, State.APPROVED, title_en="New name")
    take(park, "schedule", publisher, ANSWERS)
    take(park, "cancel_schedule", publisher)
    assert publish_due(TOMORROW + datetime.timedelta(days=1)) == (0, 0)
    assert changes.open_change(park).state == State.APPROVED


def test_a_time_that_has_passed_is_refused(publisher):
    park = make_park()
    make_change(park, State.APPROVED, title_en="New name")
    with pytest.raises(ValidationError):
        take(park, "schedule", publisher, Answers(go_live_at=timezone.now()))


def test_s16_a_scheduled_change_whose_base_changed_is_not_applied(editor, publisher):
    with_mail(editor, publisher)
    park = make_park()
    make_change(park, State.DRAFT, title_en="New name")
    take(park, "submit", editor)
    take(park, "approve", publisher)
    take(park, "schedule", publisher, ANSWERS)
    type(park).objects.filter(pk=park.pk).update(summary_en="Changed behind its back.")
    Letter.objects.all().delete()
    assert publish_due(TOMORROW + datetime.timedelta(days=1)) == (0, 1)
    park.refresh_from_db()
    change = changes.open_change(park)
    assert park.title_en != "New name"
    assert change.state == State.APPROVED
    assert "after this change began" in change.failure
    assert Letter.objects.filter(to=publisher.email).exists()


def test_s16_edited_again_the_draft_takes_over_what_changed_on_the_live_page(publisher):
    park = make_park()
    make_change(park, State.APPROVED, title_en="New name")
    type(park).objects.filter(pk=park.pk).update(summary_en="Changed behind its back.", title_en="Changed too")
    with pytest.raises(ValidationError, match="Edit again"):
        take(park, "publish", publisher)
    take(park, "edit_again", publisher)
    row = changes.head(park).data[0]["fields"]
    assert (row["title_en"], row["summary_en"]) == ("New name", "Changed behind its back.")
    Change.objects.update(state=State.APPROVED)
    take(park, "publish", publisher)
    assert (park.title_en, park.summary_en) == ("New name", "Changed behind its back.")


def test_a_column_that_came_later_is_no_difference(publisher):
    park = make_park()
    change = make_change(park, State.APPROVED, title_en="New name")
    for revision in (change.live, change.revision):
        del revision.data[0]["fields"]["address_en"]
        revision.save()
    take(park, "publish", publisher)
    assert park.title_en == "New name"


def test_what_the_public_sees_stands_in_the_audit_log(publisher, manager):
    park = make_park()
    make_change(park, State.APPROVED, title_en="New name")
    take(park, "publish", publisher)
    for name, person in (("withdraw", publisher), ("put_back", publisher), ("take_down", manager)):
        take(park, name, person, ANSWERS)
    logged = AuditEntry.objects.filter(thing_id=str(park.pk)).order_by("pk").values_list("action", "user__username")
    assert list(logged) == [("publish", "dr"), ("withdraw", "dr"), ("put-back", "dr"), ("take-down", "dm")]
