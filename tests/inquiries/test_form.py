"""The public form: stored once, nothing lost, every refusal in words."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.test import Client

from inquiries.form_key import fingerprint, key_from, notice_of, secret_of
from inquiries.models import Inquiry
from inquiries.notice import VERSION
from outbox.models import Letter
from publishing.models import Status
from tests.factories import make_district, make_listing, make_park, make_policy, make_project
from tests.inquiries.conftest import FORM, NOTICE, aged_key, answers, send, sent

pytestmark = pytest.mark.django_db
KEY = f"{'a' * 32}.{NOTICE}"


def test_inquiry_is_stored_with_its_letters_and_leads_to_its_page(city, visitor):
    response = send(visitor, organization="Pumpen GmbH", region="Germany", phone="+49 30 1234567")
    assert response.status_code == 303
    inquiry = Inquiry.objects.get()
    assert response["Location"] == f"/en/inquiry/{inquiry.reference}/{secret_of(KEY)}/"
    assert (inquiry.name, inquiry.organization, inquiry.language) == ("Erika Beispiel", "Pumpen GmbH", "en")
    assert (inquiry.bureau, inquiry.status) == (city, Inquiry.Status.NEW)
    assert set(Letter.objects.values_list("to", flat=True)) == {"erika@example.com", "desk@example.com"}
    assert visitor.get(response["Location"]).status_code == 200


def test_secret_and_key_are_stored_as_hashes_alone(city):
    inquiry = sent()
    assert inquiry.secret_hash == fingerprint(secret_of(KEY))
    assert inquiry.form_key_hash == fingerprint(KEY)
    assert "127.0.0.1" not in inquiry.sender_hash


def test_consent_is_stored_with_version_and_hash_of_the_notice_that_was_shown(city, visitor):
    hashes = set()
    for number, language in enumerate(FORM):
        key = key_from(visitor.get(FORM[language]).context["form"].initial["key"])
        inquiry = sent(language=language, key=aged_key(f"{number:032d}", notice=notice_of(key)))
        assert inquiry.consent_at
        assert inquiry.notice_version == VERSION
        hashes.add(inquiry.notice_hash)
    assert len(hashes) == 3
    assert {len(one) for one in hashes} == {64}


@pytest.mark.parametrize(
    ("field", "sentence"), [("name", "Enter your name"), ("message", "Enter your message"), ("consent", "Tick the box")]
)
def test_required_fields_say_what_is_missing_and_keep_the_rest(city, field, sentence):
    response = send(**{field: None})
    page = response.content.decode()
    assert response.status_code == 200
    assert not Inquiry.objects.exists()
    assert re.search(rf'<a href="#id_{field}">{sentence}', page)
    assert "<title>Error: " in page
    assert f'aria-describedby="id_{field}' in page or field == "consent"
    assert page.index("errsum") < page.index("<form")
    assert "erika@example.com" in page


def test_one_way_to_be_reached_is_enough(city):
    assert sent(email=None, phone="+852 2345 6789").email == ""
    assert sent(phone=None, key=aged_key("b" * 32)).phone == ""
    assert "an e-mail address or a telephone number" in send(email=None).content.decode()


def test_name_contact_message_and_consent_are_all_that_is_required(city):
    inquiry = sent(topic=None)
    assert inquiry.topic == Inquiry.Topic.OTHER


@pytest.mark.parametrize("email", ["erika@例子.中国", "o'neil+zhaoqing@sub.example.co.uk"])
def test_unusual_addresses_pass(city, email):
    assert sent(email=email).email == email


@pytest.mark.parametrize("email", ["erika", "erika@example", "用户@例子.中国", "a b@example.com", "<a@example.com>"])
def test_addresses_that_mail_servers_refuse_are_refused_in_words(city, email):
    response = send(email=email)
    assert "name@example.com" in response.content.decode()
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("phone", ["+86 758 289-9202", "(0758) 2899202 转 8", "＋８５２２３４５６７８９", "+1 (555) 010-9999 ext. 12"])
def test_telephone_numbers_pass_as_people_write_them(city, phone):
    assert sent(phone=phone).phone


@pytest.mark.parametrize("phone", ["call me", "12", "+852 2345 6789\r\nX: y"])
def test_what_is_no_telephone_number_is_refused(city, phone):
    assert send(phone=phone).status_code == 200
    assert not Inquiry.objects.exists()


# --- Sent once, however often it is pressed ---


def test_form_pressed_twice_is_one_inquiry_and_the_same_page(city):
    first, second = send(), send(message="Typed on while waiting")
    assert first["Location"] == second["Location"]
    assert Inquiry.objects.count() == 1
    assert Letter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_at_once_are_one_inquiry(city):
    start = threading.Barrier(20)

    def press(_number):
        start.wait()
        try:
            return send()
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        responses = list(pool.map(press, range(20)))
    assert [response.status_code for response in responses] == [303] * 20
    assert len({response["Location"] for response in responses}) == 1
    assert Inquiry.objects.count() == 1
    assert Letter.objects.count() == 2


@pytest.mark.parametrize("key", ["", "forged", "a:b:c", None])
def test_form_without_our_key_gets_one_and_can_be_sent(city, key):
    response = send(key=key)
    assert "once more" in response.content.decode()
    fresh = response.context["form"].data["key"]
    assert sent(key=fresh).status == Inquiry.Status.NEW  # pressed again at once


def test_clock_put_back_is_no_reason_to_refuse(city):
    assert sent(key=aged_key(age=-3600))


def test_form_may_be_open_for_days(city):
    assert sent(key=aged_key(age=5 * 86400))


# --- Machines ---


def test_trapped_form_is_kept_as_spam_without_any_mail(city, visitor):
    response = send(visitor, website="https://spam.example")
    assert response.status_code == 303
    assert Inquiry.objects.get().status == Inquiry.Status.SPAM
    assert not Letter.objects.exists()
    page = visitor.get(response["Location"]).content.decode()
    assert "spam" not in page.lower()
    assert "received" in page.lower()


# --- Cookies and caches ---


def test_form_and_tracking_page_are_never_cached(city, visitor):
    form, redirect = visitor.get(FORM["en"]), send(visitor)
    for response in (form, redirect, visitor.get(redirect["Location"])):
        assert "no-store" in response["Cache-Control"]
    assert list(visitor.cookies) == ["csrftoken"]


def test_refused_token_keeps_the_text_for_one_more_press(city):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(FORM["en"], answers())
    assert response.status_code == 403
    page = response.content.decode()
    assert "near the port" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    again = strict.post(FORM["en"], answers(csrfmiddlewaretoken=token))
    assert again.status_code == 303


def test_database_that_takes_no_writes_keeps_the_text(city, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(Inquiry, "save", locked)
    response = send()
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "near the port" in response.content.decode()


def test_other_methods_are_refused(city, visitor):
    assert visitor.delete(FORM["en"]).status_code == 405


# --- What a link fills in ---


def test_link_fills_in_topic_listing_and_its_park(city, visitor):
    park = make_park(slug="dasha")
    make_listing(slug="plot-7", park=park, title_en="Plot 7")
    form = visitor.get(FORM["en"], {"topic": "land", "listing": "plot-7", "about": "/en/listings/plot-7/"})
    initial = form.context["form"].initial
    assert (initial["topic"], initial["listing"], initial["park"], initial["about"]) == ("land", "plot-7", park, "/en/listings/plot-7/")
    assert "Plot 7" in form.content.decode()
    # Without the page in the link it is the item's own: reports count from where people write.
    project = make_project(slug="works")
    for query, page in (
        ({"listing": "plot-7", "park": "dasha"}, "/zh-hans/listings/plot-7/"),
        ({"park": "dasha"}, "/zh-hans/parks/dasha/"),
        ({"project": "works"}, f"/zh-hans{project.get_absolute_url()[3:]}"),
        ({"topic": "policy"}, ""),
    ):
        assert visitor.get(FORM["zh-hans"], query).context["form"].initial["about"] == page


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ({"listing": "plot"}, "land"),
        ({"listing": "hall"}, "factory"),
        ({"listing": "store", "park": "dasha"}, "factory"),
        ({"project": "works", "park": "dasha"}, "project"),
        ({"park": "dasha"}, "land"),
        ({"park": "dasha", "topic": "policy"}, "policy"),
        ({"listing": "hall", "topic": "castle"}, "factory"),
        ({"district": "dinghu"}, ""),
    ],
)
def test_topic_comes_from_what_the_link_names_and_the_investor_may_choose_another(city, visitor, query, topic):
    park = make_park(slug="dasha")
    for slug, kind in (("plot", "land"), ("hall", "factory"), ("store", "warehouse")):
        make_listing(slug=slug, kind=kind, park=park)
    make_project(slug="works")
    page = visitor.get(FORM["en"], query)
    chosen = [str(radio.data["value"]) for radio in page.context["form"]["topic"] if radio.data["selected"]]
    assert chosen == ([topic] if topic else [])
    assert sent(**query | {"topic": "after-care"}).topic == "after-care"


def test_what_the_link_filled_in_is_stored(city):
    park = make_park(slug="dasha", bureau="dinghu", district=make_district("sihui"))
    listing, project = make_listing(slug="plot-7", park=park, bureau="dinghu"), make_project(slug="works", bureau="dinghu")
    inquiry = sent(listing="plot-7", project="works", park="dasha", about="/en/listings/plot-7/")
    assert (inquiry.listing, inquiry.project, inquiry.park, inquiry.about) == (listing, project, park, "/en/listings/plot-7/")
    assert inquiry.district.slug == "sihui"
    assert inquiry.bureau.slug == "dinghu"


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "castle", "listing": "no-such", "project": "../../x", "park": "no-such", "district": "atlantis"},
        {"listing": "a\x00b", "park": "\x00", "topic": "\x00"},
        {"listing": "x" * 5000, "park": "é", "about": "y" * 5000},
        {"csrfmiddlewaretoken": "x", "bureau": "1", "status": "closed"},
    ],
)
def test_link_with_unknown_words_opens_an_empty_form(city, visitor, query):
    response = visitor.get(FORM["en"], query)
    assert response.status_code == 200
    filled = {name for name, value in response.context["form"].initial.items() if value} - {"key"}
    assert filled == set()


def test_unpublished_items_are_neither_offered_nor_accepted(city, visitor):
    make_listing(slug="secret-plot", status=Status.DRAFT, title_en="CANARY")
    make_park(slug="secret-park", status=Status.DRAFT, title_en="CANARY")
    page = visitor.get(FORM["en"], {"listing": "secret-plot", "park": "secret-park", "about": "/en/parks/secret-park/"}).content.decode()
    assert "CANARY" not in page
    assert 'value="secret-p' not in page
    assert sent(listing="secret-plot").listing is None
    assert send(park="secret-park", key=aged_key("b" * 32)).status_code == 200


@pytest.mark.parametrize("about", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "parks/", "/a\nb"])
def test_page_it_is_about_lies_on_this_site(city, about):
    assert sent(about=about).about == ""


def test_page_it_is_about_is_named(city, visitor):
    make_policy(slug="reward", title_en="Reward for equipment")
    page = visitor.get(FORM["en"], {"topic": "policy", "about": "/en/policies/reward/"}).content.decode()
    assert "Reward for equipment" in page


def test_posted_fields_that_the_form_does_not_have_change_nothing(city):
    inquiry = sent(status="closed", bureau="1", reference="ZQ-MINE", assignee="1", answer_by="2099-01-01", is_superuser="1")
    assert (inquiry.status, inquiry.assignee) == (Inquiry.Status.NEW, None)
    assert inquiry.reference != "ZQ-MINE"


def test_site_without_any_bureau_says_that_it_cannot_take_inquiries_now(db, visitor):
    assert visitor.get(FORM["en"]).status_code == 200
    response = send()
    assert response.status_code == 503
    assert "near the port" in response.content.decode()


@pytest.mark.parametrize("language", FORM)
def test_form_answers_in_every_language(city, visitor, language):
    response = visitor.get(FORM[language])
    assert response.status_code == 200
    assert "24" in response.context["notice"]
    inquiry = sent(language=language)
    assert inquiry.language == language
