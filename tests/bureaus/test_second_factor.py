"""The second factor (staff.md S75, trust.md T16): without it nothing but its own pages; codes work once; guessing slows down."""

import base64
import datetime
import time

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus import second_factor
from bureaus.models import AuditEntry, Membership
from outbox.models import Letter
from tests.browsing import fields_of
from tests.factories import make_member

pytestmark = pytest.mark.django_db
Role = Membership.Role
PASSWORD = "a-long-pass-2026"
LOGIN = reverse("admin:login")
FRONT = reverse("admin:index")
ASK = reverse("admin:second_factor")
SET_UP = reverse("admin:second_factor_set_up")
NEW_CODES = reverse("admin:recovery_codes")


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def person(db):
    user = make_member("li", email="li@example.com")
    user.set_password(PASSWORD)
    user.save()
    return user


def give_password(user, **options):
    client = Client(**options)
    assert client.post(LOGIN, {"username": user.username, "password": PASSWORD}).status_code == 302
    return client


def code_of(key, steps=0):
    """What the app shows, now or some steps of half a minute later."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def set_up(client):
    """Ties an app to the account: the key, the recovery codes."""
    offer = fields_of(client.get(SET_UP), "set-up-form")["offer"][0]
    key = second_factor.key_of_offer(User.objects.get(pk=client.session["_auth_user_id"]), offer)
    response = client.post(SET_UP, {"offer": offer, "code": code_of(key)})
    return key, response.context["codes"]


@pytest.fixture
def with_app(person):
    """A person with an app, signed out again: the key and the recovery codes."""
    return set_up(give_password(person))


def forget_failures():
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - datetime.timedelta(days=1))


def test_s75_after_the_password_the_app_is_set_up_and_ten_codes_are_shown_once(person):
    client = give_password(person)
    assert client.get(FRONT).headers["Location"].startswith(ASK)
    assert client.get(ASK).headers["Location"].startswith(SET_UP)
    page = client.get(SET_UP).content.decode()
    assert "<svg" in page
    assert 'style="' not in page
    _key, codes = set_up(client)
    assert len(set(codes)) == 10
    assert client.get(FRONT).status_code == 200
    assert not any(code in client.get(address).content.decode() for address in (SET_UP, reverse("admin:account")) for code in codes)


def test_the_typed_key_is_the_key_of_the_square(person):
    page = give_password(person).get(SET_UP)
    key = second_factor.key_of_offer(person, page.context["offer"])
    letters = page.context["typed_key"].replace(" ", "")
    assert base64.b32decode(letters + "=" * (-len(letters) % 8)).hex() == key
    assert f"secret={letters}" in second_factor.address_for_app(person, key)


def test_looking_at_the_set_up_stores_nothing(person):
    client = give_password(person)
    client.get(SET_UP)
    assert not TOTPDevice.objects.exists()


def test_the_key_of_another_person_is_not_taken(person, signed_in):
    foreign = second_factor.new_offer(make_member("du"))
    key = "00" * 20
    response = give_password(person).post(SET_UP, {"offer": foreign, "code": code_of(key)})
    assert response.context["form"].errors["code"]
    assert not TOTPDevice.objects.exists()


def test_recovery_codes_are_stored_as_hashes(person):
    _key, codes = set_up(give_password(person))
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 10
    assert not stored & {code.replace("-", "") for code in codes} | stored & set(codes)


def test_s75_later_the_code_of_the_app_lets_in(person, with_app):
    key, _codes = with_app
    client = give_password(person)
    assert client.get(FRONT).headers["Location"].startswith(ASK)
    before = client.session.session_key
    assert client.post(ASK, {"code": code_of(key, 1)[:3] + " " + code_of(key, 1)[3:]}).headers["Location"] == FRONT
    assert client.get(FRONT).status_code == 200
    assert client.session.session_key != before


def test_s75_a_code_is_refused_the_second_time(person, with_app):
    code = code_of(with_app[0], 1)
    give_password(person).post(ASK, {"code": code})
    thief = give_password(person)
    assert thief.post(ASK, {"code": code}).context["form"].errors["code"]
    assert thief.get(FRONT).status_code == 302


def test_s75_five_failures_slow_down(person, with_app):
    client = give_password(person)
    for _try in range(5):
        forget_failures()
        client.post(ASK, {"code": "000000"})
    response = client.post(ASK, {"code": code_of(with_app[0], 1)})
    assert "Too many wrong codes" in response.content.decode()
    assert client.get(FRONT).status_code == 302
    assert TOTPDevice.objects.get().verify_is_allowed()[1]["locked_until"] - timezone.now() > datetime.timedelta(seconds=10)


def test_a_code_that_was_not_looked_at_is_no_failure(person, with_app):
    client = give_password(person)
    client.post(ASK, {"code": "000000"})
    client.post(ASK, {"code": "000000"})
    assert TOTPDevice.objects.get().throttling_failure_count == 1


def test_a_recovery_code_works_once_and_is_told_by_mail(person, with_app):
    code = with_app[1][0]
    assert give_password(person).post(ASK, {"code": code.lower()}).headers["Location"] == FRONT
    assert give_password(person).post(ASK, {"code": code}).status_code == 200
    assert second_factor.recovery_codes_left(person) == 9
    assert Letter.objects.filter(to="li@example.com", subject="您的一个备用码已被使用").count() == 1


def test_a_wrong_recovery_code_does_not_slow_the_app_down(person, with_app):
    client = give_password(person)
    client.post(ASK, {"code": "WRONG-CODE1"})
    assert client.post(ASK, {"code": code_of(with_app[0], 1)}).status_code == 302


def test_new_recovery_codes_ask_for_the_password_and_end_the_old_ones(person):
    client = give_password(person)
    _key, old = set_up(client)
    assert client.post(NEW_CODES, {"password": "wrong"}).context["form"].errors["password"]
    new = client.post(NEW_CODES, {"password": PASSWORD}).context["codes"]
    assert not set(old) & set(new)
    assert give_password(person).post(ASK, {"code": old[0]}).status_code == 200
    assert give_password(person).post(ASK, {"code": new[0]}).status_code == 200  # the wrong one before slows down
    StaticToken.objects.first().device.throttle_reset()
    assert give_password(person).post(ASK, {"code": new[0]}).status_code == 302


def test_another_telephone_asks_for_the_password_and_takes_the_place_of_the_first(person):
    client = give_password(person)
    old, _codes = set_up(client)
    offer = fields_of(client.get(SET_UP), "set-up-form")["offer"][0]
    new = second_factor.key_of_offer(person, offer)
    assert "password" in client.post(SET_UP, {"offer": offer, "code": code_of(new)}).context["form"].errors
    client.post(SET_UP, {"offer": offer, "code": code_of(new), "password": PASSWORD})
    assert TOTPDevice.objects.get().key == new != old


def test_half_a_sign_in_does_not_replace_the_app(person, with_app):
    client = give_password(person)
    assert client.get(SET_UP).headers["Location"].startswith(ASK)
    offer = second_factor.new_offer(person)
    client.post(SET_UP, {"offer": offer, "code": code_of(second_factor.key_of_offer(person, offer)), "password": PASSWORD})
    assert TOTPDevice.objects.get().key == with_app[0]


@pytest.mark.parametrize("target", ["//e.example", "https://e.example/", "/\\e.example", "javascript:alert(1)"])
def test_no_forged_target_leads_off_the_site(target, person, with_app):
    response = give_password(person).post(ASK, {"code": code_of(with_app[0], 1), "next": target})
    assert response.headers["Location"] == FRONT


def test_the_page_that_was_asked_for_comes_after_the_code(person, with_app):
    client, page = give_password(person), reverse("admin:news_article_changelist")
    asked = client.get(page)
    assert fields_of(client.get(asked.headers["Location"]), "second-factor-form")["next"] == [page]
    assert client.post(ASK, {"code": code_of(with_app[0], 1), "next": page}).headers["Location"] == page


# --- Resetting ---


def reset_address(person):
    return reverse("admin:auth_user_second_factor_reset", args=[person.pk])


def test_a_manager_resets_the_second_factor_of_the_own_staff(person, with_app, signed_in, settings):
    settings.SECOND_FACTOR = False
    manager = make_member("mei", Role.MANAGER)
    open_session = give_password(person)
    assert signed_in(manager).post(reset_address(person)).status_code == 302
    assert not second_factor.has_one(person)
    assert open_session.get(FRONT).status_code == 302
    written = AuditEntry.objects.get(action=AuditEntry.Action.SECOND_FACTOR_RESET)
    assert (written.user, written.thing) == (manager, "li")
    assert Letter.objects.filter(to=person.email, subject="您的双重验证已重置").exists()


def test_a_look_at_the_question_resets_nothing(person, with_app, manager, signed_in, settings):
    settings.SECOND_FACTOR = False
    assert signed_in(manager).get(reset_address(person)).status_code == 200
    assert second_factor.has_one(person)


@pytest.mark.parametrize("who", ["stranger", "editor", "officer", "city_desk"])
def test_nobody_else_resets_it(who, person, with_app, request, signed_in, settings):
    settings.SECOND_FACTOR = False
    assert signed_in(request.getfixturevalue(who)).post(reset_address(person)).status_code == 404
    assert second_factor.has_one(person)


def test_nobody_resets_their_own(signed_in, settings, manager):
    settings.SECOND_FACTOR = False
    assert signed_in(manager).post(reset_address(manager)).status_code == 403


def test_the_installer_helps_who_has_nobody_to_ask(person, with_app, capsys):
    browser = give_password(person)
    call_command("reset_second_factor", "li")
    assert not second_factor.has_one(person)
    assert browser.get(FRONT).headers["Location"].startswith(LOGIN)
    assert AuditEntry.objects.get(action=AuditEntry.Action.SECOND_FACTOR_RESET).thing == "li"
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody-at-all")


# --- Where the setting is off ---


def test_who_has_set_it_up_is_asked_also_where_nobody_must(person, with_app, settings):
    settings.SECOND_FACTOR = False
    client = give_password(person)
    assert client.get(FRONT).headers["Location"].startswith(ASK)
    client.post(ASK, {"code": code_of(with_app[0], 1)})
    assert client.get(FRONT).status_code == 200


def test_who_has_none_is_not_asked_where_nobody_must(person, settings):
    settings.SECOND_FACTOR = False
    assert give_password(person).get(FRONT).status_code == 200


# --- In the audit log ---


def test_set_up_codes_and_failures_are_written_down(person, with_app):
    client = give_password(person)
    client.post(ASK, {"code": "000000"})
    forget_failures()
    client.post(ASK, {"code": code_of(with_app[0], 1)})
    written = AuditEntry.objects.order_by("pk").values_list("action", "result")
    assert list(written) == [
        ("sign-in", "ok"),
        ("second-factor", "ok"),
        ("sign-in", "ok"),
        ("sign-in-code", "failed"),
        ("sign-in-code", "ok"),
    ]
