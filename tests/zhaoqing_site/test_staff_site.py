"""The staff front page, its languages, the sign-in, and the people of the demonstration."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from bureaus.models import Membership
from tests.factories import make_member, make_user
from zhaoqing_site.demonstration import create_staff

Role = Membership.Role
FRONT = reverse("admin:index")


def test_a_person_without_role_reads_whom_to_ask(signed_in, db):
    assert "You hold no role at any bureau yet" in signed_in(make_user("new")).get(FRONT).content.decode()


def test_every_page_says_for_which_bureau_one_works(editor, signed_in):
    assert "Bureau of Dinghu · editor" in signed_in(editor).get(reverse("admin:parks_park_changelist")).content.decode()


@pytest.mark.parametrize(("is_on", "number"), [(True, 1), (False, 0)])
def test_a_demonstration_says_so(is_on, number, editor, signed_in, settings):
    settings.DEMONSTRATION = is_on
    assert signed_in(editor).get(FRONT).content.decode().count("Demonstration:") == number


# --- Languages ---


@pytest.mark.parametrize(("code", "tag"), [("en", "en"), ("zh-hans", "zh-hans"), ("zh-hant", "zh-hant")])
def test_the_language_is_chosen_by_a_button(code, tag, editor, signed_in):
    client = signed_in(editor)
    assert client.post(reverse("set_language"), {"language": code, "next": FRONT}).headers["Location"] == FRONT
    assert f'<html lang="{tag}"' in client.get(FRONT).content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "//e.example",
        "/\\e.example",
        "https:e.example",
        "https://e.example/",
        "http:///e.example",
        "javascript:alert(1)",
        "\\\\e.example",
        "/%0d%0aX: y",
        "https://е.example",
        "data:text/html,x",
        " //e.example",
        "\t//e.example",
        "https://127.0.0.1@e.example/",
        "///e.example",
        "ftp://e.example/",
    ],
)
def test_no_forged_target_leads_off_the_site(target, editor, signed_in):
    for address in (reverse("set_language"), reverse("admin:login")):
        response = signed_in(editor).post(address, {"language": "en", "next": target}, HTTP_REFERER="https://e.example/")
        location = response.headers.get("Location", "/")
        assert re.match(r"/(?![/\\])", location)
        assert "\r" not in location


def test_a_language_is_changed_by_post_with_token_alone(editor, signed_in):
    client = signed_in(editor, enforce_csrf_checks=True)
    assert client.post(reverse("set_language"), {"language": "en"}).status_code == 403
    client.get(reverse("set_language"), {"language": "zh-hans"})
    assert "django_language" not in client.cookies


# --- Signing in ---


def test_too_many_wrong_passwords_pause_the_sign_in_for_this_name_and_address_alone(settings, db):
    settings.AXES_ENABLED = True
    person = make_member("du")
    person.set_password("a-long-pass-2026")
    person.save()
    guesser, login = Client(REMOTE_ADDR="203.0.113.7"), reverse("admin:login")
    for _guess in range(settings.AXES_FAILURE_LIMIT):
        last = guesser.post(login, {"username": "du", "password": "wrong"})
    assert last.status_code == 429
    assert "Sign-in is paused" in last.content.decode()
    right = {"username": "du", "password": "a-long-pass-2026"}
    assert guesser.post(login, right).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.8").post(login, right).status_code == 302


def test_the_sign_in_page_is_there_in_three_languages(db):
    page = Client().get(reverse("admin:login")).content.decode()
    assert all(name in page for name in ("English", "简体中文", "繁體中文"))


def test_pages_of_the_staff_area_are_kept_by_no_cache(editor, signed_in):
    caching = signed_in(editor).get(FRONT).headers["Cache-Control"]
    assert "no-store" in caching
    assert "private" in caching


# --- Demonstration people ---


@pytest.fixture
def bureaus(zhaoqing, sihui, dinghu):
    return zhaoqing, sihui, dinghu


def test_demonstration_people_are_created_once_and_keep_their_password(bureaus, settings):
    settings.DEBUG = True
    people, password = create_staff()
    again, no_password = create_staff()
    assert len(people) == len(again) == User.objects.count() == Membership.objects.count() == 10
    assert all(User.objects.get(username=name).check_password(password) for name, *_rest in people)
    assert no_password == ""
    assert not User.objects.filter(is_superuser=True).exists()


def test_demonstration_people_are_not_created_where_investors_are(bureaus, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError):
        create_staff()
    assert not User.objects.exists()


def test_demonstration_people_need_their_bureaus(db, settings):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="seed"):
        create_staff()
