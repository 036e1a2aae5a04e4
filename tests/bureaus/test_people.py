"""Who gives roles to whom: nobody to themselves, managers within their bureau, administrators to all (trust.md T6)."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from bureaus.models import Membership
from tests.browsing import submit
from tests.factories import make_bureau, make_member, make_user

Role = Membership.Role
ENTER = reverse("admin:auth_user_enter")
NEW = {"username": "li", "first_name": "Li", "password1": "a-long-pass-2026", "password2": "a-long-pass-2026"}


def change_page(person):
    return reverse("admin:auth_user_change", args=[person.pk])


def give(client, person, bureau, role):
    row = {"memberships-TOTAL_FORMS": str(person.memberships.count() + 1), "memberships-INITIAL_FORMS": str(person.memberships.count())}
    number = person.memberships.count()
    return submit(
        client, change_page(person), "user_form", **row, **{f"memberships-{number}-bureau": bureau.pk, f"memberships-{number}-role": role}
    )


def roles_of(person):
    return sorted(f"{held.bureau.slug} {held.role}" for held in person.memberships.all())


@pytest.fixture
def editor_of_dinghu(db):
    return make_member("wang")


def test_an_administrator_enters_a_person_whom_mail_does_not_reach(administrator, signed_in, dinghu):
    rows = {"memberships-TOTAL_FORMS": "1", "memberships-0-bureau": dinghu.pk, "memberships-0-role": Role.EDITOR}
    assert submit(signed_in(administrator), ENTER, "user_form", **NEW, **rows).status_code == 302
    person = User.objects.get(username="li")
    assert (person.is_staff, person.is_superuser, roles_of(person)) == (True, False, ["dinghu editor"])


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.OFFICER])
def test_a_manager_gives_the_roles_of_editor_reviewer_and_officer(role, manager, signed_in, dinghu):
    person = make_member("wang", Role.OFFICER if role != Role.OFFICER else Role.EDITOR)
    assert give(signed_in(manager), person, dinghu, role).status_code == 302
    assert f"dinghu {role.value}" in roles_of(person)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_a_manager_makes_no_managers_and_no_administrators(role, manager, signed_in, dinghu, editor_of_dinghu):
    give(signed_in(manager), editor_of_dinghu, dinghu, role)
    assert roles_of(editor_of_dinghu) == ["dinghu editor"]


def test_a_manager_gives_no_role_at_another_bureau(manager, signed_in, sihui, editor_of_dinghu):
    give(signed_in(manager), editor_of_dinghu, sihui, Role.EDITOR)
    assert roles_of(editor_of_dinghu) == ["dinghu editor"]


def test_a_manager_does_not_see_the_people_of_another_bureau(manager, signed_in, stranger):
    client = signed_in(manager)
    assert "ann" not in client.get(reverse("admin:auth_user_changelist")).content.decode()
    assert client.get(change_page(stranger)).status_code == 404


def test_a_manager_reads_a_person_who_also_works_elsewhere_and_not_where(manager, signed_in, sihui, editor_of_dinghu):
    Membership.objects.create(user=editor_of_dinghu, bureau=sihui, role=Role.EDITOR)
    client = signed_in(manager)
    assert "Bureau of Sihui" not in client.get(change_page(editor_of_dinghu)).content.decode()
    assert client.post(change_page(editor_of_dinghu), {"username": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_nobody_changes_their_own_account(who, request, signed_in):
    person = request.getfixturevalue(who)
    before = roles_of(person)
    response = signed_in(person).post(
        change_page(person), {"is_superuser": "on", "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    )
    person.refresh_from_db()
    assert (response.status_code, person.is_superuser, roles_of(person)) == (403, False, before)


@pytest.mark.parametrize("role", Role)
def test_an_administrator_gives_every_role_at_every_bureau(role, administrator, signed_in, sihui):
    person = make_user("li")
    assert give(signed_in(administrator), person, sihui, role).status_code == 302
    assert roles_of(person) == [f"sihui {role.value}"]


def test_the_flag_of_the_installer_is_neither_shown_nor_taken_from_others(administrator, manager, signed_in, editor_of_dinghu):
    for person in (administrator, manager):
        client = signed_in(person)
        assert b"is_superuser" not in client.get(change_page(editor_of_dinghu)).content
        submit(client, change_page(editor_of_dinghu), "user_form", is_superuser="on", is_staff="", groups="1", user_permissions="1")
    editor_of_dinghu.refresh_from_db()
    assert not editor_of_dinghu.is_superuser


def test_the_installer_is_out_of_reach(administrator, manager, signed_in):
    installer = make_user("installer", is_superuser=True)
    Membership.objects.create(user=installer, bureau=make_bureau(), role=Role.EDITOR)
    password = reverse("admin:auth_user_password_change", args=[installer.pk])
    for person in (administrator, manager):
        assert [signed_in(person).get(address).status_code for address in (change_page(installer), password)] == [404, 404]


def test_a_manager_sets_no_password_of_another_manager(manager, signed_in):
    other = make_member("other", Role.MANAGER)
    assert signed_in(manager).get(reverse("admin:auth_user_password_change", args=[other.pk])).status_code == 403


def test_a_manager_sets_a_new_password_for_an_editor(manager, signed_in, editor_of_dinghu):
    address = reverse("admin:auth_user_password_change", args=[editor_of_dinghu.pk])
    signed_in(manager).post(address, {"password1": "a-new-pass-2026", "password2": "a-new-pass-2026"})
    editor_of_dinghu.refresh_from_db()
    assert editor_of_dinghu.check_password("a-new-pass-2026")


def test_a_person_is_switched_off_and_never_deleted(manager, signed_in, editor_of_dinghu):
    client = signed_in(manager)
    form = client.get(change_page(editor_of_dinghu)).context["adminform"].form
    assert "their name stays in the history" in form.fields["is_active"].help_text
    submit(client, change_page(editor_of_dinghu), "user_form", is_active=[])
    editor_of_dinghu.refresh_from_db()
    assert not editor_of_dinghu.is_active
    assert client.post(reverse("admin:auth_user_delete", args=[editor_of_dinghu.pk]), {"post": "yes"}).status_code == 403
