"""One search box over all kinds, in three scripts (investors.md 5.3, 8.3 D8)."""

import pytest

from publishing.languages import columns
from publishing.models import Status
from tests.factories import in_three, make_article, make_figure, make_listing, make_milestone, make_park, make_policy
from tests.pages import page_of
from tests.publishing.kinds import KINDS, only_in
from zhaoqing_site.views import SEARCHED

pytestmark = pytest.mark.django_db


def found(visitor, words, language="en", **more) -> list[str]:
    groups = visitor.get(f"/{language}/search/", {"q": words} | more).context["groups"]
    return [row.title for group in groups for row in group["rows"]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_found_by_its_title(visitor, kind):
    KINDS[kind](**in_three("title", "Unmistakable"))
    assert found(visitor, "unmistakable") == ["Unmistakable"]


def test_figures_and_milestones_are_found_too(visitor):
    make_figure(**in_three("title", "Unmistakable output"))
    make_milestone(**in_three("title", "Unmistakable opening"))
    assert found(visitor, "unmistakable") == ["Unmistakable output", "Unmistakable opening"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("words", ["Lotus", "lotus", "莲花", "蓮花", "ＬＯＴＵＳ"])
def test_any_of_the_three_scripts_finds_and_the_result_shows_in_the_language_of_the_page(visitor, language, words):
    make_park(title_en="Lotus park", title_zh_hans="莲花园区", title_zh_hant="蓮花園區")
    assert found(visitor, words, language) == [{"en": "Lotus park", "zh-hans": "莲花园区", "zh-hant": "蓮花園區"}[language]]


@pytest.mark.parametrize("words", ["肇庆", "肇慶", "新区"])
def test_words_of_two_characters_are_found(visitor, words):
    make_park(title_en="New District", title_zh_hans="肇庆新区", title_zh_hant="肇慶新區")
    assert found(visitor, words) == ["New District"]


def test_traditional_words_find_what_exists_in_simplified_alone(visitor):
    make_park(**only_in("zh_hans") | {"title_zh_hans": "肇庆新区"})
    assert found(visitor, "肇慶新區", "zh-hant") == ["肇庆新区"]


def test_codes_and_document_numbers_are_found(visitor):
    make_listing(**in_three("title", "Plot"), code="ZQ-CLUSTER-99")
    make_policy(**in_three("title", "Reward"), document_no="肇府规〔2023〕7号")
    make_figure(**in_three("title", "Output"), code="F99")
    assert found(visitor, "ZQ-CLUSTER-99") == ["Plot"]
    assert found(visitor, "zq-cluster") == ["Plot"]
    assert found(visitor, "肇府规〔2023〕7号") == ["Reward"]
    assert found(visitor, "F99") == ["Output"]


def test_hits_in_the_title_stand_before_hits_in_the_summary(visitor):
    make_article(**in_three("title", "Second"), **in_three("summary", "About lotus"))
    make_article(**in_three("title", "Lotus first"))
    assert found(visitor, "lotus") == ["Lotus first", "Second"]


def test_all_words_must_be_there(visitor):
    make_park(**in_three("title", "Red park"))
    make_park(**in_three("title", "Red house"))
    assert found(visitor, "red park") == ["Red park"]
    assert found(visitor, "park  red") == ["Red park"]
    assert found(visitor, "blue park") == []


def test_a_result_of_another_language_is_marked(visitor):
    make_park(**only_in("zh_hans"))
    html = visitor.get("/en/search/?q=简体文字").content.decode()
    assert 'lang="zh-Hans">简体文字</a>' in html


def test_what_is_hidden_is_not_found(visitor):
    for status in (Status.DRAFT, Status.WITHDRAWN, Status.TAKEN_DOWN):
        for builder in KINDS.values():
            builder(**in_three("title", "Unmistakable"), status=status)
    assert found(visitor, "unmistakable") == []
    assert "Nothing was found" in page_of(visitor.get("/en/search/?q=unmistakable")).text


def test_results_are_counted_by_kind_and_can_be_narrowed(visitor):
    for _number in range(3):
        make_park(**in_three("title", "Lotus"))
    make_article(**in_three("title", "Lotus"))
    page = page_of(visitor.get("/en/search/?q=lotus"))
    assert "4 results for “lotus”" in page.text
    assert {"?q=lotus&kind=park", "?q=lotus&kind=article"} <= {link.get("href") for link in page.all("a")}
    assert len(found(visitor, "lotus", kind="park")) == 3
    assert len(found(visitor, "lotus", kind="no-such-kind")) == 4


def test_words_with_signs_survive_the_links_to_one_kind(visitor):
    make_park(**in_three("title", "A & B = C"))
    make_article(**in_three("title", "A & B = C"))
    page = page_of(visitor.get("/en/search/", {"q": "A & B = C"}))
    (link,) = [one["href"] for one in page.all("a") if one.get("href", "").endswith("kind=park")]
    assert visitor.get(f"/en/search/{link}").context["q"] == "A & B = C"


@pytest.mark.parametrize("words", ["", "   ", "\u200b"])
def test_without_words_there_is_a_box_and_no_result(visitor, words):
    make_park()
    response = visitor.get("/en/search/", {"q": words})
    assert response.context["groups"] == []
    assert page_of(response).one("input", type="search")["maxlength"] == "100"


def test_results_are_not_for_search_engines(visitor):
    page = page_of(visitor.get("/en/search/?q=park&kind=park"))
    assert page.one("meta", name="robots")["content"] == "noindex, follow"
    assert page.one("link", rel="canonical")["href"].endswith("/en/search/")


def test_a_kind_of_many_results_says_that_there_are_more(visitor):
    for number in range(55):
        make_park(**in_three("title", f"Lotus {number}"))
    response = visitor.get("/en/search/?q=lotus")
    (group,) = response.context["groups"]
    assert (len(group["rows"]), group["has_more"]) == (50, True)


def test_every_real_title_finds_its_item(seeded):
    """D8: 100% of the titles, in each language."""
    missed = []
    for _code, _title, model in SEARCHED:
        for item in model.objects.public():
            titles = [getattr(item, column)[:100] for column in columns("title")]
            missed += [title for title in titles if item not in model.objects.public().containing(title)]
    assert missed == []
