"""The investor's page: what they may see, and nobody else."""

import pytest

from inquiries.form_key import fingerprint
from inquiries.models import Inquiry, Message
from outbox.models import Letter
from tests.factories import make_inquiry, make_letter, make_message, make_user
from tests.inquiries.conftest import FORM, send

pytestmark = pytest.mark.django_db
Status = Inquiry.Status


@pytest.fixture
def inquiry(city):
    return make_inquiry(bureau=city, reference="ZQ-AAAA-2222", secret_hash=fingerprint("right"), message="CANARY-OWN")


def page(visitor, language="en", secret="right", reference="ZQ-AAAA-2222"):
    return visitor.get(f"{FORM[language]}{reference}/{secret}/")


@pytest.mark.parametrize("language", FORM)
def test_page_shows_where_the_inquiry_stands(inquiry, visitor, language):
    response = page(visitor, language)
    text = response.content.decode()
    assert response.status_code == 200
    assert all(word in text for word in ("ZQ-AAAA-2222", "CANARY-OWN", "+86 758"))


def test_page_is_private(inquiry, visitor):
    response = page(visitor)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex' in response.content.decode()
    assert 'rel="canonical"' not in response.content.decode()
    assert not response.cookies


def test_wrong_secret_is_answered_like_an_unknown_reference(inquiry, visitor):
    wrong, unknown = page(visitor, secret="wrong"), page(visitor, reference="ZQ-BBBB-3333", secret="wrong")
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.content.replace(b"ZQ-AAAA-2222", b"") == unknown.content.replace(b"ZQ-BBBB-3333", b"")


@pytest.mark.parametrize("secret", ["", "RIGHT", "right ", "righ", "right/x", "%00", "é"])
def test_only_the_right_secret_opens(inquiry, visitor, secret):
    assert visitor.get(f"/en/inquiry/ZQ-AAAA-2222/{secret}").status_code in (301, 404)
    assert page(visitor, secret=secret).status_code == 404 or secret == ""


def test_notes_and_steps_stay_with_the_staff(inquiry, visitor):
    make_message(inquiry=inquiry, kind=Message.Kind.NOTE, body="CANARY-NOTE")
    make_message(inquiry=inquiry, kind=Message.Kind.STEP, step="assign", body="CANARY-STEP")
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, body="Our answer", author=make_user("ou", first_name="Ou Wen"))
    text = page(visitor).content.decode()
    assert "Our answer" in text
    assert "Ou Wen" in text
    assert "CANARY-NOTE" not in text
    assert "CANARY-STEP" not in text


def test_officer_is_named_without_sign_in_name_or_mail(inquiry, visitor):
    officer = make_user("CANARY-LOGIN", email="CANARY@example.com")
    Inquiry.objects.update(assignee=officer, status=Status.ASSIGNED)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, body="Our answer", author=officer)
    assert "CANARY@" not in page(visitor).content.decode()
    assert "CANARY-LOGIN" not in page(visitor).content.decode()


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.CLOSED, Status.MERGED)])
def test_each_status_has_a_page(inquiry, visitor, status):
    Inquiry.objects.update(status=status)
    assert page(visitor).status_code == 200


def test_closed_inquiry_shows_its_result(inquiry, visitor):
    end = {"status": Status.CLOSED, "result": Inquiry.Result.REFERRED, "result_note": "Customs office"}
    Inquiry.objects.update(closed_at=inquiry.received_at, **end)
    text = page(visitor).content.decode()
    assert "Customs office" in text
    assert "referred" in text


def test_late_answer_is_admitted(inquiry, visitor):
    Inquiry.objects.update(answer_by=inquiry.received_at)
    assert "are late" in page(visitor).content.decode()


def test_letter_that_did_not_arrive_is_admitted(inquiry, visitor):
    letter = make_letter(state=Letter.State.PARKED, tries=8)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, body="Our answer", letter=letter)
    text = page(visitor).content.decode()
    assert "could not be delivered" in text
    assert "Our answer" in text


def test_looking_changes_nothing(inquiry, visitor):
    before = Inquiry.objects.values().get()
    page(visitor)
    assert visitor.post(f"{FORM['en']}ZQ-AAAA-2222/right/").status_code == 405
    assert Inquiry.objects.values().get() == before


def test_secret_is_long_and_different_each_time(city):
    first, second = send(key=None), send()
    assert first.status_code == 200
    assert len(second["Location"].split("/")[4]) >= 22
