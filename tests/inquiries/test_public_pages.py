"""The public pages of an inquiry: ways back to a lost one, who receives it, what it says about itself."""

import pytest
from django.test import Client

from bureaus.rights import Role
from inquiries.form_key import fingerprint
from inquiries.models import Erasure, Inquiry
from outbox.models import Letter
from publishing.models import Status
from tests.factories import make_bureau, make_inquiry, make_listing, make_member, make_park, make_transport_link
from tests.inquiries.conftest import FORM, send, sent
from tests.pages import page_of

pytestmark = pytest.mark.django_db


def tracked(city, visitor, language="en", **fields):
    make_inquiry(bureau=city, reference="ZQ-AAAA-2222", secret_hash=fingerprint("right"), **fields)
    return page_of(visitor.get(f"{FORM[language]}ZQ-AAAA-2222/right/")).text


@pytest.mark.parametrize("language", FORM)
def test_s62_every_wrong_address_is_answered_alike_and_leads_to_a_new_link(city, visitor, language):
    make_inquiry(bureau=city, reference="ZQ-AAAA-2222", secret_hash=fingerprint("right"))
    ends = ["ZQ-AAAA-2222/guess/", "ZQ-BBBB-3333/guess/", "ZQ-AAAA-2222/guess/write/", "ZQ-AAAA-2222/guess/copy.txt"]
    ends += ["ZQ-AAAA-2222/guess/file/00000000-0000-0000-0000-000000000000/", "ZQ-AAAA-2222/right/nothing/"]
    answers = [visitor.get(FORM[language] + end) for end in ends]
    assert [answer.status_code for answer in answers] == [404] * len(ends)
    assert len({answer.content.replace(end.encode(), b"") for answer, end in zip(answers, ends, strict=True)}) == 1
    for answer in (answers[0], visitor.get(f"{FORM[language]}nothing/"), visitor.get(f"{FORM[language]}a/b/c/d/e/")):
        assert answer.status_code == 404
        assert page_of(answer).all("a", href=f"{FORM[language]}lost/")
    elsewhere = visitor.get(f"/{language}/nothing/")
    assert elsewhere.status_code == 404
    assert not page_of(elsewhere).all("a", href=f"{FORM[language]}lost/")


@pytest.mark.parametrize("address", ["/en/inquiry/", "/en/contacts/", "/en/sitemap/"])
def test_way_to_a_lost_inquiry_stands_where_one_looks_for_it(city, visitor, address):
    assert page_of(visitor.get(address)).all("a", href="/en/inquiry/lost/")


def test_receiver_on_the_form_is_who_gets_it_also_after_an_error(city, visitor):
    sihui = make_bureau("sihui")
    park = make_park(slug="starting-area", bureau=sihui)
    receives = f"Who receives it {sihui.name}"
    assert receives in page_of(visitor.get("/en/inquiry/?park=starting-area")).text
    assert receives in page_of(send(visitor, park=park.slug, name="")).text
    assert receives in page_of(send(visitor, park="", listing=make_listing(bureau=sihui).slug, name="")).text
    assert f"Who receives it {city.name}" in page_of(send(visitor, name="")).text


def test_text_that_is_too_long_comes_back_whole_and_is_counted(city, visitor):
    text = "长" * 5003
    for response in (send(visitor, message=text), tracking_post(city, body=text)):
        assert "At most 5,000 characters fit, and these are 3 too many." in page_of(response).text
        assert text in response.content.decode()
    assert not page_of(visitor.get("/en/inquiry/")).one("textarea", name="message").get("maxlength")
    assert not Inquiry.objects.filter(message=text).exists()


def tracking_post(city, **fields):
    make_inquiry(bureau=city, reference="ZQ-AAAA-2222", secret_hash=fingerprint("right"))
    return Client().post("/en/inquiry/ZQ-AAAA-2222/right/write/", fields)


def test_page_says_what_the_inquiry_is_about_and_whose_it_is(city, visitor):
    park = make_park(title_en="Fuxi Park", slug="fuxi")
    shown = make_listing(title_en="Plot DW-04", park=park)
    text = tracked(city, visitor, topic="land", listing=shown, park=park, name="Erika Beispiel", organization="Pumpen GmbH")
    assert "Topic Industrial land Land or building Plot DW-04 Park Fuxi Park Name Erika Beispiel, Pumpen GmbH" in text
    type(shown).objects.update(status=Status.DRAFT)
    assert "DW-04" not in page_of(visitor.get("/en/inquiry/ZQ-AAAA-2222/right/")).text


def test_receipt_names_what_it_is_about(city):
    listing = make_listing(title_en="Plot DW-04")
    inquiry = sent(listing=listing.slug)
    receipt = Letter.objects.get(to="erika@example.com")
    assert "It is about: Plot DW-04." in receipt.body
    assert f"The {inquiry.bureau.name} will answer you by" in receipt.body


@pytest.mark.parametrize(("email", "sentence"), [("erika@example.com", "We send you an e-mail"), ("", "this page says so")])
def test_page_says_how_the_investor_learns_of_the_deletion(city, visitor, email, sentence):
    tracked(city, visitor, email=email, phone="+85223456789")
    inquiry = Inquiry.objects.get()
    Erasure.objects.create(inquiry=inquiry, asked_at=inquiry.received_at, origin="investor")
    assert sentence in page_of(visitor.get("/en/inquiry/ZQ-AAAA-2222/right/")).text


def test_lost_form_asks_for_no_telephone_number(city, visitor):
    text = page_of(visitor.post("/en/inquiry/lost/", {"reference": "ZQ-AAAA-2222", "email": "用户@例子.中国"})).text
    assert "name@example.com" in text
    assert "telephone number instead" not in text


def test_what_the_investor_reads_is_typed_in_the_look_of_the_investors_language(city, signed_in):
    officer = make_member("ou", Role.OFFICER, bureau=city.slug)
    inquiry = make_inquiry(bureau=city, language="zh-hant", assignee=officer, status="in-progress")
    page = page_of(signed_in(officer).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/"))
    assert page.one("textarea", name="reply")["lang"] == "zh-Hant"
    assert "lang" not in page.one("textarea", name="note")


def test_unknown_facts_share_one_link_for_each_part_of_a_page(city, visitor):
    for _number in range(3):
        make_transport_link(km=None)
    for item in (make_park(), make_listing()):
        page = page_of(visitor.get(item.get_absolute_url().replace("zh-hans", "en")))
        links = page.all("a", **{"class": "ask"})
        assert page.text.count("Ask us") > 2 * len(links) > 0
        assert len({link["href"] for link in links}) == 1
