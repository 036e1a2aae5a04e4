"""Taking down a page to which live pages of other bureaus refer: their managers are asked first (staff.md S54)."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from bureaus.models import AuditEntry, Membership
from outbox.models import Letter
from publishing import consent
from publishing.effects import Answers
from publishing.languages import CODES
from publishing.models import Status, TakeDownAnswer, TakeDownQuestion
from publishing.workflow import take
from tests.factories import make_article, make_industry, make_listing, make_member, make_page, make_park, make_policy, make_project
from tests.publishing.test_admin import address

pytestmark = pytest.mark.django_db
Role, Verdict = Membership.Role, TakeDownAnswer.Verdict
LIST = "/admin/publishing/takedownanswer/"
QUESTIONS = "/admin/publishing/takedownquestion/"


def manager_of(bureau, name):
    return make_member(name, Role.MANAGER, bureau, email=f"{name}@invest.example")


@pytest.fixture
def city(zhaoqing):
    return manager_of("zhaoqing", "city")


@pytest.fixture
def mei(sihui):
    return manager_of("sihui", "mei")


@pytest.fixture
def dm(dinghu):
    return manager_of("dinghu", "dm")


@pytest.fixture
def park(zhaoqing):
    return make_park(bureau="zhaoqing", slug="cluster", title_en="The cluster")


def waits(client, words):
    return words in client.get("/admin/").content.decode()


def test_s54_rows_that_other_bureaus_refer_to_are_protected(park):
    project = make_project(bureau="sihui", park=park)
    with pytest.raises(ProtectedError):
        park.delete()
    assert project.park == park


def test_s54_live_pages_of_other_bureaus_that_refer_are_found_by_any_relation_and_no_others(park):
    project, listing = make_project(bureau="sihui", park=park), make_listing(bureau="dinghu", park=park)
    article = make_article(bureau="sihui")
    article.parks.add(park)
    make_project(bureau="sihui", park=park, status=Status.DRAFT)
    make_project(bureau="zhaoqing", park=park)
    found = {bureau.slug: set(pages) for bureau, pages in consent.pages_elsewhere(park).items()}
    assert found == {"sihui": {project, article}, "dinghu": {listing}}
    industry, old = make_industry(bureau="zhaoqing"), make_policy(bureau="zhaoqing")
    new = make_policy(bureau="sihui", replaced_by=old)
    new.industries.add(industry)
    related = make_article(bureau="dinghu")
    article.related.add(related)
    for item, user in ((industry, new), (old, new), (related, article), (article, related)):
        assert list(consent.pages_elsewhere(item).values()) == [[user]]
    assert consent.pages_elsewhere(make_page()) == {}


def test_s54_the_other_managers_are_asked_and_the_page_goes_when_all_agree(park, city, mei, dm, signed_in):
    project, draft = make_project(bureau="sihui", park=park), make_project(bureau="sihui", park=park, status=Status.DRAFT)
    listing, asker, way = make_listing(bureau="dinghu", park=park), signed_in(city), address(park, "step", "take_down")
    page = asker.get(way).content.decode()
    assert all(f'href="{one.get_absolute_url()}"' in page for one in (project, listing))
    assert draft.title not in page
    assert address(park, "step", "withdraw") in page
    assert "Ask these bureaus" in page
    asker.post(way, {"outcome": "gone"})  # the button of the step, pressed by somebody who knows its name
    with pytest.raises(ValidationError):
        take(park, "take_down", city)
    asker.post(way, {"ask": "1", "outcome": "gone", "comment": "Merged with the high-tech zone."})
    park.refresh_from_db()
    assert park.status == Status.LIVE
    assert {letter.to for letter in Letter.objects.all()} == {"mei@invest.example", "dm@invest.example"}
    assert all("Merged with the high-tech zone." in letter.body for letter in Letter.objects.all())
    assert "Ask these bureaus" not in asker.get(way).content.decode()
    for person, own, foreign in ((mei, project, listing), (dm, listing, project)):
        client = signed_in(person)
        assert waits(client, f'{LIST}?show=open"><strong>1</strong>')
        answer = TakeDownAnswer.objects.get(bureau=own.bureau)
        assert f'<a href="{LIST}{answer.pk}/change/">The cluster</a>' in client.get(f"{LIST}?show=open").content.decode()
        question = client.get(f"{LIST}{answer.pk}/change/").content.decode()
        assert "Merged with the high-tech zone." in question
        assert address(own) in question
        assert foreign.title not in question
        client.post(f"{LIST}{answer.pk}/change/", {"verdict": "agrees"})
        assert not waits(client, f"{LIST}?show=open")
        assert waits(asker, f'{QUESTIONS}?show=agreed"><strong>1</strong>') == (person is dm)
    last = Letter.objects.get(to="city@invest.example")
    assert f"/parks/park/{park.pk}/step/take_down/" in last.body
    ready = asker.get(way).content.decode()
    assert '<button type="submit" class="default">Take down</button>' in ready
    assert "have agreed" in ready
    assert 'name="give_up"' in ready
    assert "Merged with the high-tech zone.</textarea>" in ready
    asker.post(way, {"outcome": "gone", "comment": "Merged with the high-tech zone."})
    park.refresh_from_db()
    assert park.status == Status.TAKEN_DOWN
    assert TakeDownQuestion.objects.get().closed_at is not None
    assert not waits(asker, QUESTIONS)
    assert list(
        AuditEntry.objects.filter(action__startswith="take-down").order_by("pk").values_list("action", "bureau__slug", "detail")
    ) == [
        ("take-down-asked", "zhaoqing", ""),
        ("take-down-answered", "sihui", "agrees"),
        ("take-down-answered", "dinghu", "agrees"),
        ("take-down", "zhaoqing", "Merged with the high-tech zone."),
    ]


def test_s54_an_objection_says_why_and_keeps_the_page_until_it_is_asked_again(park, city, mei, signed_in):
    make_project(bureau="sihui", park=park)
    make_project(bureau="dinghu", park=park)  # says nothing: one objection is enough
    make_park(slug="other", bureau="zhaoqing")
    asker, other, way = signed_in(city), signed_in(mei), address(park, "step", "take_down")
    asker.post(way, {"ask": "1", "outcome": "moved", "successor": "/en/parks/other/", "comment": "Merged."})
    answer = f"{LIST}{TakeDownAnswer.objects.get(bureau__slug='sihui').pk}/change/"
    assert "lead to /parks/other/" in other.get(answer).content.decode()
    assert "Say why" in other.post(answer, {"verdict": "objects"}).content.decode()
    other.post(answer, {"verdict": "objects", "comment": "Two projects lie there."})
    assert "Two projects lie there." in Letter.objects.get(to="city@invest.example").body
    assert waits(asker, f'{QUESTIONS}?show=objected"><strong>1</strong>')
    page = asker.get(way).content.decode()
    assert "Two projects lie there." in page
    assert 'value="/parks/other/"' in page
    with pytest.raises(ValidationError):
        take(park, "take_down", city)
    asker.post(way, {"ask": "1", "outcome": "gone", "comment": "They have moved."})
    first, second = TakeDownQuestion.objects.order_by("pk")
    assert first.closed_at is not None
    assert second.closed_at is None
    assert "The question is closed" in other.post(answer, {"verdict": "agrees"}).content.decode()
    assert consent.missing(park) == [answer.bureau for answer in second.answers.all()]
    asker.post(way, {"give_up": "1"})
    assert consent.open_question(park) is None
    assert not waits(other, f"{LIST}?show=open")


def test_s54_nobody_is_asked_where_no_other_bureau_refers_and_in_an_emergency(park, city, mei):
    project = make_project(bureau="sihui", park=park)
    take(park, "withdraw", city, Answers(notes=dict.fromkeys(CODES, "Under review.")))
    assert park.status == Status.WITHDRAWN
    with pytest.raises(ValidationError):
        take(park, "take_down", city)
    project.park = None
    project.save()
    take(park, "take_down", city, Answers(comment="Merged."))
    assert park.status == Status.TAKEN_DOWN
    assert not Letter.objects.exists()


def test_s54_an_answer_counts_for_its_bureau_alone_and_only_managers_give_it(park, city, mei, dm, signed_in, editor, stranger):
    make_project(bureau="sihui", park=park)
    make_listing(bureau="dinghu", park=park)
    question = consent.ask(park, city, "Merged.", "")
    sihui = question.answers.get(bureau__slug="sihui")
    for person in (dm, city, editor, stranger):
        assert signed_in(person).post(f"{LIST}{sihui.pk}/change/", {"verdict": "agrees"}).status_code == 404
    consent.reply(sihui, mei, Verdict.AGREES, "")
    assert [bureau.slug for bureau in consent.missing(park)] == ["dinghu"]
    make_article(bureau="sihui").parks.add(park)  # one more of a bureau that has agreed
    assert [bureau.slug for bureau in consent.missing(park)] == ["dinghu"]
