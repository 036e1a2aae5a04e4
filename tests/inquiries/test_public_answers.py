"""Questions and answers for everybody: made of an answered inquiry without its words, and shown where they belong."""

import datetime

import pytest
from django.urls import reverse

from bureaus.models import Membership
from inquiries import public_answers
from inquiries.models import Message, PublicAnswer
from publishing import changes, revisions
from publishing.models import Status
from tests.browsing import submit
from tests.factories import (
    in_three,
    make_answer,
    make_article,
    make_bureau,
    make_contact,
    make_inquiry,
    make_member,
    make_message,
    make_park,
)
from tests.inquiries.conftest import aged_key, sent
from tests.pages import page_of

pytestmark = pytest.mark.django_db
WORDS = "Our plant at Canary Works needs 2 hectares."
ASKED = datetime.datetime(2026, 3, 2, 1, 0, tzinfo=datetime.UTC)


@pytest.fixture
def both(db):
    """An officer who also writes for the website."""
    person = make_member("both", Membership.Role.OFFICER)
    Membership.objects.create(user=person, bureau=make_bureau(), role=Membership.Role.EDITOR)
    return person


def make_answered(**fields):
    fields = {
        "message": WORDS,
        "received_at": ASKED,
        "first_answered_at": ASKED + datetime.timedelta(days=1),
        "status": "answered",
    } | fields
    return make_inquiry(**fields)


def press(client, inquiry):
    return client.post(reverse("admin:inquiries_inquiry_public_answer", args=[inquiry.pk]))


def case_of(client, inquiry):
    return client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])).content.decode()


def form_of(client, answer):
    return client.get(reverse("admin:inquiries_publicanswer_change", args=[answer.pk])).content.decode()


# --- From the inquiry to the draft ---


def test_the_draft_has_topic_park_page_and_dates_and_not_a_word_of_the_person(both, signed_in):
    article, park = make_article(slug="new-road"), make_park()
    inquiry = make_answered(park=park, topic="policy", about=f"/zh-hans/news/{article.slug}/?page=1", organization="Canary Ltd")
    client = signed_in(both)
    assert "Make a public answer" in case_of(client, inquiry)
    response = press(client, inquiry)
    draft = PublicAnswer.objects.get()
    assert response.headers["Location"] == reverse("admin:inquiries_publicanswer_change", args=[draft.pk])
    assert (draft.status, draft.topic, draft.park, draft.bureau) == (Status.DRAFT, "policy", park, inquiry.bureau)
    assert (draft.asked_about, draft.asked_on, draft.answered_on) == (
        "/news/new-road/",
        datetime.date(2026, 3, 2),
        datetime.date(2026, 3, 3),
    )
    kept = str(changes.open_change(draft).revision.data) + draft.slug
    assert not any(word in kept for word in ("Canary", "hectares", "Erika", inquiry.reference))
    press(client, inquiry)
    assert PublicAnswer.objects.count() == 1
    assert "Make a public answer" not in case_of(client, inquiry)


def test_only_who_answers_and_writes_makes_a_public_answer(officer, editor, stranger, manager, signed_in):
    inquiry = make_answered()
    assert "Make a public answer" not in case_of(signed_in(officer), inquiry)
    assert [press(signed_in(person), inquiry).status_code for person in (officer, editor, stranger)] == [403, 404, 404]
    assert not PublicAnswer.objects.exists()
    assert press(signed_in(manager), inquiry).status_code == 303
    assert PublicAnswer.objects.exists()


@pytest.mark.parametrize("fields", [{"first_answered_at": None, "status": "new"}, {"status": "spam"}])
def test_what_is_not_answered_makes_no_public_answer(both, signed_in, fields):
    inquiry = make_answered(**fields)
    assert "Make a public answer" not in case_of(signed_in(both), inquiry)
    assert press(signed_in(both), inquiry).headers["Location"] == reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])
    assert not PublicAnswer.objects.exists()


@pytest.mark.parametrize("may_publish", [True, False])
def test_the_wording_stands_beside_the_form_only_where_its_sender_allows_it(both, editor, signed_in, may_publish):
    inquiry = make_answered(may_publish=may_publish)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, body="Yes, at the western dock.")
    draft = public_answers.make_draft(inquiry, both)
    shown = form_of(signed_in(both), draft)
    assert "at the western dock" in shown
    assert (WORDS in shown) is may_publish
    # An editor writes the draft on, and learns nothing of the inquiry.
    seen = form_of(signed_in(editor), draft)
    assert not any(word in seen for word in (WORDS, "western dock", inquiry.reference))


def test_addresses_numbers_and_names_in_the_texts_are_warned_of(both, signed_in):
    make_contact(phone="+867582899202", email="desk@example.cn")
    draft = public_answers.make_draft(make_answered(name="Erika Beispiel", organization="Canary Ltd"), both)
    for column, text in {
        "title_en": "Can Beispiel build near the port in 2027 on 1,355 mu?",
        "summary_zh_hans": "可以，请致电0758-2899202或desk@example.cn。",
        "body_en": "<p>Write to erika@example.com or +49 30 1234567.</p>",
    }.items():
        setattr(draft, column, text)
    assert public_answers.personal_data(draft) == [
        "The text holds an e-mail address: erika@example.com",
        "The text holds what looks like a telephone number: +49 30 1234567",
        "The text names the person or the company that asked.",
    ]
    draft.save()
    changes.keep(draft, revisions.snapshot(draft), both, seen=changes.open_change(draft).revision)
    assert "The text names the person or the company that asked." in form_of(signed_in(both), draft)


def test_an_answer_needs_its_text_and_both_days_before_it_goes_live():
    answer = make_answer(asked_on=None, answered_on=None, **in_three("body", ""))
    assert [name for name, _sentence in answer.missing_facts()] == ["body_en", "body_zh_hans", "body_zh_hant", "asked_on", "answered_on"]


def test_the_page_under_which_it_stands_must_be_published(db):
    make_article(slug="new-road")
    assert public_answers.page_without_language("/news/new-road/") == "/news/new-road/"
    assert public_answers.page_without_language("https://e.example/en/news/new-road/") == ""
    assert public_answers.page_without_language("/en/news/no-such/") == ""
    assert public_answers.page_without_language("/en/parks/") == ""


def test_whole_address_of_this_site_is_accepted_and_the_question_names_its_page(both, signed_in, settings):
    make_article(slug="new-road")
    draft = public_answers.make_draft(make_answered(topic="policy"), both)
    assert str(draft) == "Question not written yet (policies and services)"
    client, change = signed_in(both), reverse("admin:inquiries_publicanswer_change", args=[draft.pk])

    def saved(**fields):
        submit(client, change, "publicanswer_form", **fields)
        draft.refresh_from_db()
        return draft.asked_about, draft.slug

    made_up = draft.slug
    whole = f"{settings.SITE_ADDRESS}/zh-hans/news/new-road/"
    assert saved(asked_about=whole, title_zh_hans="新路何时通车？") == ("/news/new-road/", made_up)
    assert saved(asked_about="http://testserver/en/news/new-road/?page=2#top", title_en="When does the road open?") == (
        "/news/new-road/",
        "when-does-the-road-open",
    )
    assert saved(slug="road") == ("/news/new-road/", "road")


# --- On the website ---


def test_questions_stand_in_their_list_under_their_park_and_under_their_article(visitor):
    park, article = make_park(), make_article(slug="new-road")
    secret = make_answered(may_publish=True)
    answer = make_answer(park=park, asked_about="/news/new-road/", inquiry=secret, **in_three("title", "When does the road open?"))
    make_answer(topic="policy", **in_three("title", "Which policy?"))
    draft = make_answer(status=Status.DRAFT, park=park, asked_about="/news/new-road/", **in_three("title", "Not yet"))
    addresses = ["/en/questions/", f"/en{park.get_absolute_url()[3:]}", f"/en{article.get_absolute_url()[3:]}", "/en/questions/data.json"]
    for address in [*addresses, f"/en/questions/{answer.slug}/"]:
        html = visitor.get(address).content.decode()
        assert "When does the road open?" in html, address
        assert not any(word in html for word in ("Canary", "Not yet", "Erika", secret.reference)), address
    filtered = page_of(visitor.get("/en/questions/?topic=policy")).text
    assert "Which policy?" in filtered
    assert "When does the road open?" not in filtered
    of_park = page_of(visitor.get(f"/en/questions/?park={park.slug}")).text
    assert "Which policy?" not in of_park
    detail = page_of(visitor.get(f"/en/questions/{answer.slug}/"))
    assert "asked 2 Mar 2026, answered 2 Mar 2026" in detail.text
    assert "Bureau of Dinghu" in detail.text
    assert visitor.get(f"/en/questions/{draft.slug}/").status_code == 404


def test_an_article_asks_for_questions_about_itself(visitor):
    make_article(slug="new-road")
    page = page_of(visitor.get("/zh-hant/news/new-road/"))
    assert page.all("a", href="/zh-hant/inquiry/?about=%2Fzh-hant%2Fnews%2Fnew-road%2F")


def test_the_form_stores_whether_the_question_may_be_published(city):
    assert sent(may_publish="on").may_publish
    assert not sent(key=aged_key("b" * 32)).may_publish
