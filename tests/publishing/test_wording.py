"""The list of preferred words: it warns at submission, replaces by one press, and asks why other words stay (staff.md S34)."""

import pytest
from django.urls import reverse

from publishing import changes, wording
from publishing.models import Decision, PreferredWord, Status
from tests import factories
from tests.browsing import submit
from tests.factories import make_article, make_park, make_preferred_word
from tests.publishing.test_admin import address, save, sentences


@pytest.fixture
def park(db):
    return make_park(slug="lianhua", status=Status.DRAFT, title_zh_hans="招商专案园区")


@pytest.fixture
def word(db):
    return make_preferred_word(note="As in docs of the city")


def state_of(item):
    return changes.open_change(item).state


def test_s34_submitting_another_word_leads_to_a_page_that_proposes(editor, signed_in, park, word):
    client = signed_in(editor)
    answer = save(client, park, _step="submit")
    assert answer.headers["Location"] == address(park, "wording")
    assert state_of(park) == "draft"
    text = client.get(address(park, "wording")).content.decode()
    assert "<del>专案</del>" in text
    assert "<ins>项目</ins>" in text
    assert "As in docs of the city" in text


def test_s34_one_press_replaces_all_and_submits(editor, signed_in, park, word):
    factories.make_functional_area(park=park, title_zh_hans="专案区", title_en="专案")
    client = signed_in(editor)
    save(client, park, summary_zh_hans="专案与专案", _step="submit")
    client.post(address(park, "wording"), {"replace": "1"})
    park.refresh_from_db()
    assert (park.title_zh_hans, park.summary_zh_hans, state_of(park)) == ("招商项目园区", "项目与项目", "in-review")
    area = park.functional_areas.get()
    assert (area.title_zh_hans, area.title_en) == ("项目区", "专案")


def test_s34_the_word_is_kept_only_with_a_reason(editor, signed_in, park, word):
    client = signed_in(editor)
    save(client, park, _step="submit")
    refused = client.post(address(park, "wording"), {"keep": "1", "reason": " "})
    assert refused.status_code == 200
    assert state_of(park) == "draft"
    client.post(address(park, "wording"), {"keep": "1", "reason": "The name of a company"})
    assert state_of(park) == "in-review"
    assert Decision.objects.get(kind="submitted").comment == "The name of a company"
    assert "The name of a company" in client.get(address(park, "history")).content.decode()


def test_s34_no_other_way_leads_past_the_question(editor, signed_in, park, word):
    client = signed_in(editor)
    save(client, park)
    answer = client.post(address(park, "step", "submit"))
    assert any("专案 → 项目" in sentence for sentence in sentences(answer))
    assert state_of(park) == "draft"


def test_s34_a_text_without_such_words_is_submitted_at_once(editor, signed_in, park):
    make_preferred_word(instead_of="厂房區")
    save(signed_in(editor), park, _step="submit")
    assert state_of(park) == "in-review"


@pytest.mark.parametrize(("owner", "asked"), [("dinghu", True), ("sihui", False), (None, True)])
def test_s34_the_words_of_the_bureau_and_those_for_all_count(owner, asked, editor, signed_in, park):
    make_preferred_word(bureau=owner)
    save(signed_in(editor), park, _step="submit")
    assert (state_of(park) == "draft") is asked


@pytest.mark.parametrize(
    ("language", "instead_of", "use", "text", "wanted"),
    [
        ("en", "site", "plot", "A site by the website. Site!", "A plot by the website. plot!"),
        ("zh-hans", "项目", "招商项目", "项目和招商项目", "招商项目和招商项目"),
        ("zh-hans", "招商专案", "项目", "招商专案", "项目"),
        ("zh-hans", "图书", "书", '<p><a href="/图书/">图书</a></p>', '<p><a href="/图书/">书</a></p>'),
    ],
)
def test_s34_what_is_replaced(language, instead_of, use, text, wanted):
    word = PreferredWord(language=language, instead_of=instead_of, use=use)
    assert wording.replaced_in(text, word) == wanted
    assert wording.replaced_in(wanted, word) == wanted


def test_s34_the_longest_word_goes_first(park):
    make_preferred_word(instead_of="专案", use="项目")
    make_preferred_word(instead_of="招商专案", use="招商机会")
    rows = changes.revisions.snapshot(park)
    assert wording.with_preferred_words(park, rows)[0]["fields"]["title_zh_hans"] == "招商机会园区"


def test_s34_the_page_is_for_drafts_alone(editor, signed_in, word):
    article = make_article(title_zh_hans="专案")
    assert signed_in(editor).get(address(article, "wording")).status_code == 404


# --- Keeping the list ---


def add(client, **fields):
    fields = {"language": "zh-hans", "instead_of": "专案", "use": "项目"} | fields
    return submit(client, reverse("admin:publishing_preferredword_add"), "preferredword_form", **fields)


def test_a_reviewer_keeps_the_words_of_the_bureau(publisher, signed_in):
    add(signed_in(publisher))
    assert PreferredWord.objects.get().bureau.slug == "dinghu"


def test_the_city_bureau_keeps_words_for_all_and_others_only_read_them(city_desk, publisher, signed_in, zhaoqing):
    add(signed_in(city_desk))
    word = PreferredWord.objects.get()
    assert word.bureau is None
    page = reverse("admin:publishing_preferredword_change", args=[word.pk])
    assert "专案" in signed_in(publisher).get(page).content.decode()
    assert signed_in(publisher).post(page, {"use": "x"}).status_code == 403


def test_a_word_stands_in_a_list_once(publisher, signed_in, word):
    answer = add(signed_in(publisher))
    assert "instead_of" in answer.context["adminform"].form.errors
    assert "use" in add(signed_in(publisher), instead_of="项目").context["adminform"].form.errors
    assert PreferredWord.objects.count() == 1
