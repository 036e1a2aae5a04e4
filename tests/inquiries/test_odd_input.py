"""Input that no person types: a clear answer, never an error of ours."""

import pytest

from inquiries.models import Inquiry
from tests.inquiries.conftest import FORM, aged_key, answers, send, sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["name", "message", "organization", "email", "phone", "region"])
def test_nul_is_refused_at_its_field(city, field):
    response = send(**{field: "before\x00after@example.com"})
    assert response.status_code == 400
    assert response.context["form"].has_error(field)
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("field", ["listing", "about", "key", "website", "topic", "park"])
def test_nul_in_hidden_fields_is_no_error_of_ours(city, field):
    assert send(**{field: "a\x00b"}).status_code in (200, 400)
    assert not Inquiry.objects.exists()


def test_bytes_that_are_no_text_are_stored_as_marks_of_replacement(city, visitor):
    body = "&".join(f"{name}={value}" for name, value in answers(message=None, key=None).items()).replace("@", "%40").replace(" ", "+")
    key = aged_key().replace(":", "%3A")
    response = visitor.post(FORM["en"], f"{body}&key={key}&message=%ED%A0%80%FF+plan", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert "plan" in Inquiry.objects.get().message


def test_ten_megabytes_get_a_page_that_says_so(city, visitor):
    response = visitor.post(FORM["en"], "message=" + "x" * 10_000_000, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "too large" in response.content.decode()


def test_two_thousand_fields_get_a_page_that_says_so(city, visitor):
    body = "&".join(f"f{number}=x" for number in range(2000))
    response = visitor.post(FORM["en"], body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b'{"name": "\\ud800"}', "application/json"),
        (b"name=%", "application/x-www-form-urlencoded"),
        (b"name=x", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"\xff\xfe\x00", "text/plain"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_broken_bodies_get_the_form(city, visitor, body, content_type):
    response = visitor.post(FORM["en"], body, content_type=content_type)
    assert response.status_code in (200, 400)
    assert "<form" in response.content.decode()
    assert not Inquiry.objects.exists()


def test_longest_message_passes_with_its_line_ends_and_one_more_sign_is_refused_in_words(city):
    message = "十" * 4998 + "\r\n" + "x"
    assert len(sent(message=message).message) == 5000
    response = send(message="x" * 5001, key=aged_key("b" * 32))
    assert response.context["form"].has_error("message")
    assert "x" * 5001 in response.content.decode()


@pytest.mark.parametrize("name", ["Bob\r\nBcc: all@example.com", "Bob\nSubject: x", "Bob\u2028x"])
@pytest.mark.parametrize("field", ["name", "organization", "region", "phone"])
def test_line_breaks_in_one_line_fields_are_refused(city, field, name):
    response = send(**{field: name})
    assert response.context["form"].has_error(field)
    assert not Inquiry.objects.exists()


def test_names_lose_invisible_characters_and_keep_emoji(city):
    inquiry = sent(name="\u202eErika\u200b \u2066Bei\ufeffspiel\u2069 👩\u200d💻", message="שלום \u202e text")
    assert inquiry.name == "Erika Beispiel 👩\u200d💻"
    assert inquiry.message == "שלום \u202e text"


def test_text_is_stored_in_one_form(city):
    assert sent(name="Zu\u0308rich AG", message="e\u0301").name == "Zürich AG"
    assert Inquiry.objects.get().message == "é"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ settings.SECRET_KEY }}", "' OR 1=1 --", "=HYPERLINK(1)", "%s %(a)s {0}", "a" * 4000]
)
def test_text_stays_text(city, visitor, text):
    response = send(visitor, name=text[:100], message=text, organization=text[:100])
    assert response.status_code == 303
    page = visitor.get(response["Location"]).content.decode()
    assert "<script>alert" not in page
    assert Inquiry.objects.get().message == text
