"""The session as scripts ask for it, and what was typed when it had ended: given back to whom it belongs (staff.md S1-S3, S85)."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from publishing.models import Status
from tests.factories import make_article, make_inquiry, make_user
from tests.zhaoqing_site.test_staff_site import FRONT
from zhaoqing_site import staff_session

SESSION = reverse("admin:session")
ORIGIN = {"headers": {"origin": "http://testserver"}}
PASSWORD = "a-long-pass-2026"
ODD = "繁體 😀\r\n\r\n<b>&amp;</b> \"'{{ x }}"


@pytest.fixture
def article(editor):
    editor.set_password(PASSWORD)
    editor.save()
    return make_article(status=Status.DRAFT, slug="typed")


def form_of(article):
    return reverse("admin:news_article_change", args=[article.pk])


def typed(user, **fields):
    return {"_by": str(user.pk), "title_en": "Typed", "to_confirm": ODD, "password": "secret-1", "csrfmiddlewaretoken": "secret-2"} | fields


def sign_in(client, page, user, password=PASSWORD):
    """Signs in with the form of a sign-in page, with all that it carries."""
    answers = {"username": user.username, "password": password, "next": page.context["next"], "carried": page.context["carried"]}
    return client.post(reverse("admin:login"), answers)


# --- What scripts ask ---


def test_the_session_tells_who_is_signed_in_and_gives_a_token_that_works(editor, signed_in):
    client = signed_in(editor, enforce_csrf_checks=True)
    answer = client.get(SESSION)
    found = answer.json()
    assert (found["user"], found["name"]) == (str(editor.pk), editor.get_full_name() or "du")
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post(reverse("set_language"), {"language": "en", "csrfmiddlewaretoken": found["token"]}).status_code == 302


def test_nobody_is_told_so_without_being_led_to_the_sign_in(visitor, db):
    answer = visitor.get(SESSION)
    assert (answer.status_code, answer.json()) == (401, {"user": None})


def test_a_person_who_may_not_enter_counts_as_nobody(signed_in, db):
    assert signed_in(make_user("outsider", is_staff=False)).get(SESSION).status_code == 401


def test_the_end_of_the_sign_in_window_says_if_it_is_the_wrong_person(editor, manager, signed_in):
    address = reverse("admin:signed_in")
    assert "You are signed in as somebody else" in signed_in(manager).get(address, {"for": editor.pk}).content.decode()
    assert "You are signed in as somebody else" not in signed_in(editor).get(address, {"for": editor.pk}).content.decode()


# --- Carried through sign-in ---


def test_s02_what_was_typed_comes_back_to_the_character(article, editor):
    client = Client()
    page = client.post(form_of(article), typed(editor))
    assert page.status_code == 403
    given_back = sign_in(client, page, editor).context["typed"]
    assert given_back.address == form_of(article)
    assert dict(given_back.fields) == {"title_en": "Typed", "to_confirm": ODD}


def test_s02_the_form_comes_back_filled_and_nothing_is_saved(article, editor, signed_in):
    answer = signed_in(editor).post(form_of(article), typed(editor, _put_back="1", original_language="en", slug="typed"))
    assert answer.context["adminform"].form["to_confirm"].value() == ODD
    assert "It is not saved yet" in answer.content.decode()
    article.refresh_from_db()
    assert article.to_confirm == ""


def test_s02_passwords_tokens_and_files_are_never_carried(article, editor):
    page = Client().post(form_of(article), typed(editor, otp_token="123456", api_secret="x"))
    carried = signing.loads(page.context["carried"], salt=staff_session.SALT)
    assert {name for name, _value in carried[2]} == {"title_en", "to_confirm"}


def test_s02_a_wrong_password_keeps_the_text(article, editor):
    client = Client()
    page = sign_in(client, client.post(form_of(article), typed(editor)), editor, password="wrong")
    assert sign_in(client, page, editor).context["typed"].address == form_of(article)


def test_s02_somebody_else_gets_no_text(article, editor, manager):
    manager.set_password(PASSWORD)
    manager.save()
    client = Client()
    answer = sign_in(client, client.post(form_of(article), typed(editor)), manager)
    assert answer.context["reason"] == "other"
    assert "{{ x }}" not in answer.content.decode()


def test_s02_what_this_site_has_not_signed_is_not_given_back(article, editor):
    forged = signing.dumps(["//e.example/", str(editor.pk), [["title_en", "x"]], False], salt="other")
    answer = Client().post(reverse("admin:login"), {"username": "du", "password": PASSWORD, "next": FRONT, "carried": forged})
    assert (answer.status_code, answer.headers["Location"]) == (302, FRONT)


def test_s02_too_long_a_text_is_shown_to_be_copied(article, editor, monkeypatch):
    monkeypatch.setattr(staff_session, "MAX_LENGTH", 100)
    page = Client().post(form_of(article), typed(editor, body_en="<p>A text that is longer than the limit.</p>"))
    assert "A text that is longer than the limit." in page.content.decode()


def test_a_form_without_guard_leads_to_the_sign_in_as_ever(article, editor):
    assert Client().post(form_of(article), {"title_en": "Typed"}).status_code == 302


def test_s02_a_reply_put_back_is_not_sent(officer, signed_in):
    inquiry = make_inquiry()
    address = reverse("admin:inquiries_inquiry_step", args=[inquiry.pk, "reply"])
    answer = signed_in(officer).post(address, {"_by": officer.pk, "_put_back": "1", "reply": ODD})
    assert answer.context["form"]["reply"].value() == ODD
    assert not inquiry.messages.exists()


# --- A stale token ---


def test_s03_a_form_of_this_site_with_a_stale_token_is_sent_again_by_one_press(article, editor, signed_in):
    answer = signed_in(editor, enforce_csrf_checks=True).post(form_of(article), typed(editor), **ORIGIN)
    assert answer.status_code == 403
    assert "Send again" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("origin", ["https://e.example", "null", "http://testserver.e.example", ""])
def test_s03_a_form_of_another_site_is_never_sent_again(origin, article, editor, signed_in):
    headers = {"origin": origin} if origin else {}
    answer = signed_in(editor, enforce_csrf_checks=True).post(form_of(article), typed(editor), headers=headers)
    assert answer.status_code == 403
    assert "<form" not in answer.content.decode().partition("<main")[2]


def test_s03_a_stale_token_of_a_person_who_is_signed_out_leads_through_sign_in(article, editor):
    answer = Client(enforce_csrf_checks=True).post(form_of(article), typed(editor), **ORIGIN)
    assert answer.context["carried"]


def test_s03_a_stale_token_of_somebody_else_saves_nothing_under_another_name(article, editor, manager, signed_in):
    answer = signed_in(manager, enforce_csrf_checks=True).post(form_of(article), typed(editor), **ORIGIN)
    assert answer.context["reason"] == "other"
    assert "Send again" not in answer.content.decode()
