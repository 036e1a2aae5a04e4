"""How translations stand beside their original, and the proposal for Traditional Chinese (staff.md S32, S33)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from news.models import Article
from parks.models import Park
from publishing import changes, revisions, scripts, translations
from publishing.languages import CODES
from publishing.models import Status, TranslationState
from publishing.workflow import available_steps
from tests import factories
from tests.browsing import fields_of, submit
from tests.factories import make_park
from tests.publishing.test_admin import address, save, sentences

State = translations.State


@pytest.fixture
def park(db):
    return make_park(slug="lianhua", original_language="en", title_en="Lianhua", title_zh_hans="莲花园区", title_zh_hant="蓮花園區")


def state(item, language):
    newest = changes.head(item)
    return translations.translations(item, newest.data if newest else revisions.snapshot(item))[language].state


def section(page, language):
    """The part of a form above the fields of a language."""
    name = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}[language]
    return re.search(rf'class="fieldset-heading">{name}</h2>.*?<div class="form-row', page.content.decode(), re.DOTALL)[0]


# --- S32: the state of each translation ---


def test_s32_a_translation_whose_original_changed_says_what_changed(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, summary_en="A park for new energy.")
    assert state(park, "zh-hans") == State.CHANGED
    said = section(client.get(address(park)), "zh-hans")
    assert "the original has changed" in said
    assert "<del>Summary</del>" in said
    assert "<ins>A park for new energy.</ins>" in said


def test_s32_still_correct_clears_it_and_notes_who(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, summary_en="A park for new energy.")
    answer = save(client, park, **{"fits_zh-hans": "on"})
    assert "简体中文: noted as read and correct." in sentences(answer)
    assert (state(park, "zh-hans"), state(park, "zh-hant")) == (State.CURRENT, State.CHANGED)
    assert TranslationState.objects.get(language="zh-hans").checked_by == editor
    assert "read by du" in section(client.get(address(park)), "zh-hans")


def test_s32_a_text_translated_in_the_same_save_is_in_step(editor, signed_in, park):
    save(signed_in(editor), park, summary_en="New energy.", summary_zh_hans="新能源。")
    assert (state(park, "zh-hans"), state(park, "zh-hant")) == (State.CURRENT, State.CHANGED)


def test_s32_writing_the_title_anew_does_not_hide_that_the_summary_is_behind(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, summary_en="New energy.")
    save(client, park, title_zh_hans="莲花新园区")
    assert state(park, "zh-hans") == State.CHANGED


def test_s32_discarding_the_draft_leaves_nothing_to_check(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, summary_en="New energy.", summary_zh_hans="新能源。")
    client.post(address(park, "step", "discard"))
    assert [state(park, code) for code in ("en", "zh-hans", "zh-hant")] == [State.ORIGINAL, State.CURRENT, State.CURRENT]


def test_s32_putting_the_original_back_puts_the_translation_in_step(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, summary_en="New energy.")
    save(client, park, summary_en="Summary")
    assert state(park, "zh-hans") == State.CURRENT


def test_s32_a_missing_title_and_a_missing_text_are_told_apart(editor, signed_in, park):
    save(signed_in(editor), park, title_zh_hant="", summary_zh_hans="")
    assert (state(park, "zh-hans"), state(park, "zh-hant")) == (State.INCOMPLETE, State.MISSING)


def test_s32_the_texts_of_the_rows_count_too(editor, signed_in, park):
    area = factories.make_functional_area(park=park, title_en="North", title_zh_hans="北区", title_zh_hant="北區")
    client = signed_in(editor)
    save(client, park, **{"functional_areas-0-title_en": "North shore"})
    found = translations.translations(park, changes.head(park).data)["zh-hans"]
    assert [place for place, _version in found.changed] == [("functional_areas", str(area.pk), "title")]
    assert "<ins>North shore</ins>" in section(client.get(address(park)), "zh-hans")


def test_s32_an_item_nobody_has_changed_is_in_step(park):
    assert (state(park, "en"), state(park, "zh-hans")) == (State.ORIGINAL, State.CURRENT)


def test_s32_a_translation_can_be_confirmed_while_the_change_is_reviewed(editor, publisher, signed_in, park):
    save(signed_in(editor), park, summary_en="New energy.", _step="submit")
    client = signed_in(publisher)
    assert 'form="fits-zh-hans"' in section(client.get(address(park)), "zh-hans")
    client.post(address(park, "translation", "zh-hans"))
    assert state(park, "zh-hans") == State.CURRENT
    assert TranslationState.objects.get(language="zh-hans").checked_by == publisher


# --- S33: the proposal ---


@pytest.fixture
def simplified(db):
    fields = {"title_en": "", "title_zh_hans": "莲花园区", "title_zh_hant": "", "summary_en": "", "summary_zh_hans": "软件与网络"}
    return make_park(slug="lianhua", status=Status.DRAFT, summary_zh_hant="", **fields)


def fill(client, item, **typed):
    """Presses the button of the proposal; returns the page that comes back."""
    page = fields_of(client.get(address(item)), "park_form")
    return client.post(address(item), page | typed | {scripts.BUTTON: "1"})


def test_s33_the_proposal_fills_empty_fields_and_keeps_what_was_typed(editor, signed_in, simplified):
    answer = fill(signed_in(editor), simplified, address_zh_hans="鼎湖大道", summary_zh_hant="自己寫的", title_en="Typed")
    form = fields_of(answer, "park_form")
    assert (form["title_zh_hant"], form["address_zh_hant"]) == (["蓮花園區"], ["鼎湖大道"])
    assert (form["summary_zh_hant"], form["title_en"]) == (["自己寫的"], ["Typed"])
    assert "Read them, then save." in answer.content.decode()
    assert Park.objects.get().title_zh_hant == ""


def test_s33_the_proposal_fills_rows_too(editor, signed_in, simplified):
    factories.make_functional_area(park=simplified, title_en="", title_zh_hans="北区", title_zh_hant="")
    form = fields_of(fill(signed_in(editor), simplified), "park_form")
    assert form["functional_areas-0-title_zh_hant"] == ["北區"]


def test_s33_the_proposal_leaves_links_of_rich_texts_alone():
    html = '<p><a href="/zh-hans/图书/?a=1>0">图书馆</a></p>'
    assert scripts.rich_to_traditional(html) == '<p><a href="/zh-hans/图书/?a=1>0">圖書館</a></p>'


def test_s33_the_proposal_works_on_a_new_item_too(editor, signed_in):
    client, new = signed_in(editor), reverse("admin:news_article_add")
    page = fields_of(client.get(new), "article_form")
    form = fields_of(client.post(new, page | {"title_zh_hans": "新闻", scripts.BUTTON: "1"}), "article_form")
    assert form["title_zh_hant"] == ["新聞"]
    client.post(new, form | {"_continue": "1"})
    (row,) = TranslationState.objects.filter(language="zh-hant")
    assert row.pairs["::title"][0][3] is True


def convert_and_save(client, item, **changed):
    form = fields_of(fill(client, item), "park_form")
    return client.post(address(item), form | {"_continue": "1"} | changed)


def test_s33_a_saved_proposal_is_converted_and_not_checked(editor, signed_in, simplified):
    client = signed_in(editor)
    convert_and_save(client, simplified)
    assert state(simplified, "zh-hant") == State.CONVERTED
    said = section(client.get(address(simplified)), "zh-hant")
    assert "converted, not checked" in said
    assert "Title · Summary" in said


def test_s33_a_text_cleared_and_converted_anew_is_not_checked_either(editor, signed_in, park):
    client = signed_in(editor)
    save(client, park, summary_zh_hans="软件与网络", summary_zh_hant="舊")
    convert_and_save(client, park, **fields_of(fill(client, park, summary_zh_hant=""), "park_form"))
    found = translations.translations(park, changes.head(park).data)["zh-hant"]
    assert found.converted == [("", "", "summary")]


def test_s33_a_text_changed_by_hand_counts_as_read(editor, signed_in, simplified):
    client = signed_in(editor)
    convert_and_save(client, simplified, title_zh_hant="蓮花園")
    found = translations.translations(simplified, changes.head(simplified).data)["zh-hant"]
    assert found.converted == [("", "", "summary")]


def test_s33_what_a_person_typed_is_no_conversion_though_it_reads_the_same(editor, signed_in, simplified):
    save(signed_in(editor), simplified, title_zh_hant="蓮花園區", summary_zh_hant="軟件與網絡")
    assert state(simplified, "zh-hant") == State.CURRENT


def test_s33_no_approval_of_a_conversion_that_nobody_has_read(editor, publisher, signed_in, simplified):
    client = signed_in(editor)
    convert_and_save(client, simplified)
    answer = save(client, simplified, _step="submit")
    assert any("converted and nobody has read it" in sentence for sentence in sentences(answer))
    reviewer = signed_in(publisher)
    assert "approve" not in [step.name for step in available_steps(simplified, publisher)]
    assert "nobody has read it" in reviewer.get(address(simplified)).content.decode()
    assert reviewer.post(address(simplified, "step", "approve_and_publish")).status_code == 403
    reviewer.post(address(simplified, "translation", "zh-hant"))
    reviewer.post(address(simplified, "step", "approve_and_publish"))
    simplified.refresh_from_db()
    assert simplified.status == Status.LIVE


def test_s33_the_author_may_read_it_and_tick(editor, publisher, signed_in, simplified):
    client = signed_in(editor)
    convert_and_save(client, simplified)
    save(client, simplified, **{"fits_zh-hant": "on", "_step": "submit"})
    assert "approve" in [step.name for step in available_steps(simplified, publisher)]


def test_s33_nobody_publishes_alone_what_nobody_has_read(editor, manager, dinghu, signed_in, simplified):
    dinghu.manager_may_publish_alone = True
    dinghu.save()
    convert_and_save(signed_in(editor), simplified)
    assert "publish_alone" not in [step.name for step in available_steps(Park.objects.get(), manager)]
    save(signed_in(editor), simplified, **{"fits_zh-hant": "on"})
    assert "publish_alone" in [step.name for step in available_steps(Park.objects.get(), manager)]


@pytest.mark.parametrize(
    ("titles", "original", "stands"),
    [
        ({"title_en": "A new line"}, "en", "original"),
        ({"title_zh_hant": "新線"}, "zh-hant", "original"),
        ({"title_en": "A new line", "title_zh_hans": "新线"}, "zh-hans", "original"),
        ({"title_en": "A new line", "title_zh_hant": "新線"}, "zh-hans", "missing"),
    ],
)
def test_s32_a_new_item_is_in_the_one_language_that_has_a_title(titles, original, stands, editor, signed_in):
    client = signed_in(editor)
    submit(client, reverse("admin:news_article_add"), "article_form", **titles)
    article = Article.objects.get()
    assert article.original_language == original
    ((title, states),) = rows_of(client).items()
    assert states[CODES.index(original)] == stands
    assert states.count("original") == (stands == "original")
    assert f'translation-state {stands}">' in section(client.get(address(article)), original)


def test_s32_the_original_language_is_not_changed_by_a_later_save(editor, signed_in):
    park = make_park(original_language="zh-hans", title_en="Behind", title_zh_hans="", title_zh_hant="", status=Status.DRAFT)
    save(signed_in(editor), park, summary_en="New")
    park.refresh_from_db()
    assert (park.original_language, park.summary_en) == ("zh-hans", "New")
    assert state(park, "zh-hans") == State.MISSING


# --- S32: the table of all ---


def rows_of(client, **query):
    """`{title: [state in each language]}` of the table."""
    page = client.get(reverse("admin:translations"), query).content.decode()
    found = re.findall(r'<th scope="row"><a [^>]*>(.*?)</a>.*?</tr>', page, re.DOTALL)
    return {title: cells_of(page, title) for title in found}


def cells_of(page, title):
    row = page[page.index(f">{title}</a>") :].partition("</tr>")[0]
    return re.findall(r'translation-state [\w-]+">([^<]*)<', row)


@pytest.fixture
def three(editor, signed_in, simplified):
    """A park without English, one behind its original, one in step."""
    behind = make_park(original_language="en", title_en="Behind", title_zh_hans="旧", title_zh_hant="舊")
    make_park(title_en="In step", title_zh_hans="新", title_zh_hant="新")
    client = signed_in(editor)
    save(client, behind, summary_en="New energy.")
    convert_and_save(client, simplified)
    return client


def test_s32_the_table_shows_items_by_languages_in_their_newest_state(three):
    rows = rows_of(three)
    assert rows["Behind"] == ["original", "the original has changed", "the original has changed"]
    assert rows["In step"] == ["in step with the original", "original", "in step with the original"]
    assert rows["莲花园区"] == ["missing", "original", "converted, not checked"]


def test_s32_the_table_has_filters(three):
    for query, titles in (
        ({"show": "missing"}, {"莲花园区"}),
        ({"show": "missing", "language": "zh-hant"}, set()),
        ({"show": "changed"}, {"Behind"}),
        ({"show": "converted"}, {"莲花园区"}),
        ({"mine": "on"}, {"Behind", "莲花园区"}),
        ({"kind": "news.article"}, set()),
        ({"show": "nonsense", "kind": "auth.user"}, {"Behind", "In step", "莲花园区"}),
    ):
        assert set(rows_of(three, **query)) == titles, query


def test_s32_the_table_finds_what_is_missing_in_a_row_alone_or_in_a_draft_alone(editor, signed_in):
    in_a_row, in_a_draft, complete = (make_park(title_zh_hans=name, title_en=name) for name in ("In a row", "In a draft", "Complete"))
    factories.make_functional_area(park=in_a_row, title_en="")
    factories.make_functional_area(park=complete)
    client = signed_in(editor)
    save(client, in_a_draft, address_zh_hans="鼎湖大道")
    assert set(rows_of(client, show="missing")) == {"In a row", "In a draft"}


def test_s32_the_table_is_exported_as_it_is_filtered(three):
    answer = three.get(reverse("admin:translations"), {"show": "changed", "format": "csv"})
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Kind,Title,Bureau,English,简体中文,繁體中文,Address"
    assert "Park,Behind,Bureau of Dinghu,original,the original has changed,the original has changed,http" in text
    assert len(text.splitlines()) == 2


def test_s32_the_table_holds_nothing_of_another_bureau(three, stranger, signed_in):
    assert rows_of(signed_in(stranger)) == {}
    assert "Behind" not in signed_in(stranger).get(reverse("admin:translations"), {"format": "csv"}).content.decode()


@pytest.mark.parametrize("query", [{}, {"show": "missing"}])
def test_the_table_asks_as_often_for_many_items_as_for_few(query, editor, signed_in):
    client, table = signed_in(editor), reverse("admin:translations")

    def queries():
        for _number in range(3):
            factories.make_functional_area(park=make_park(title_en=""))
        with CaptureQueriesContext(connection) as found:
            client.get(table, query)
        return len(found)

    queries()
    assert queries() == queries()
