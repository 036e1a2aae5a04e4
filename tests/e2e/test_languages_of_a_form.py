"""The languages of a form as tabs and side by side: states, faults, links, text put back (staff.md section 8, S9, S19, S33)."""

import pytest
from playwright.sync_api import expect

from publishing.models import Status
from tests.e2e.axe import AXE, judge
from tests.e2e.staff import open_language, open_session
from tests.e2e.watching import scrolls_sideways
from tests.factories import make_article
from tests.publishing.test_admin import address

pytestmark = pytest.mark.e2e


@pytest.fixture
def page(open_page, site):
    page = open_page()
    page.context.add_init_script(AXE)
    open_session(page.context, site, "ann")
    return page


@pytest.fixture
def draft(site):
    return make_article(bureau="sihui", status=Status.DRAFT, original_language="en", title_zh_hant="", summary_zh_hant="", body_zh_hant="")


def tab(page, name):
    return page.get_by_role("tab", name=name)


def test_tabs_say_how_their_language_stands_and_are_turned_by_keys(page, site, draft):
    page.goto(site + address(draft))
    expect(tab(page, "English")).to_have_attribute("aria-selected", "true")
    expect(tab(page, "English")).to_contain_text("original")
    expect(tab(page, "繁體中文")).to_contain_text("no text yet")
    tab(page, "English").focus()
    page.keyboard.press("ArrowLeft")
    expect(tab(page, "繁體中文")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="繁體中文").locator("#id_title_zh_hant")).to_be_visible()
    expect(page.locator("#id_title_en")).to_be_hidden()
    page.locator("#id_title_zh_hant").fill("標籤")
    expect(tab(page, "繁體中文")).not_to_contain_text("no text yet")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Draft saved")
    expect(tab(page, "繁體中文")).to_have_attribute("aria-selected", "true")
    expect(tab(page, "繁體中文")).to_contain_text("some texts are missing")
    page.locator(".missing a[href='#id_summary_zh_hant']").click()
    expect(page.locator("#id_summary_zh_hant")).to_be_in_viewport()
    tab(page, "English").click()
    page.locator(".missing a[href='#id_body_zh_hant']").click()
    expect(page.locator(".ProseMirror[contenteditable][lang='zh-Hant']")).to_be_focused()


def test_s9_a_fault_opens_and_marks_its_tab(page, site):
    page.goto(f"{site}/admin/news/article/add/")
    expect(page.locator("#id_title_en")).to_be_focused()
    open_language(page, "繁體中文")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".error-links")).to_be_focused()
    expect(tab(page, "简体中文")).to_have_attribute("aria-selected", "true")
    expect(tab(page, "简体中文")).to_contain_text("please correct")
    open_language(page, "English")
    page.locator(".error-links a").first.click()
    expect(page.locator("#id_title_zh_hans")).to_be_in_viewport()


def test_a_required_field_in_a_tab_that_is_not_open_stops_no_press(page, site):
    page.goto(f"{site}/admin/bureaus/contact/add/")
    open_language(page, "English")
    page.locator("#id_name_en").fill("Desk")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".error-links")).to_be_focused()
    expect(tab(page, "简体中文")).to_contain_text("please correct")


def test_text_put_back_opens_its_tab(page, site, draft):
    page.goto(site + address(draft))
    open_language(page, "繁體中文")
    page.locator("#id_summary_zh_hant").fill("沒有儲存的文字")
    page.wait_for_timeout(400)
    context = page.context
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(site + address(draft))
    expect(tab(page, "English")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#id_summary_zh_hant")).to_be_visible()
    expect(page.locator("#id_summary_zh_hant")).to_have_value("沒有儲存的文字")


def test_side_by_side_is_remembered_where_there_is_room(page, site, draft):
    page.goto(site + address(draft))
    page.get_by_role("button", name="Side by side").click()
    titles = [page.locator(f"#id_title_{code}") for code in ("en", "zh_hans", "zh_hant")]
    for title in titles:
        expect(title).to_be_visible()
    tops = {
        name: {round(page.locator(f"#id_{name}_{code}").bounding_box()["y"]) for code in ("en", "zh_hans", "zh_hant")}
        for name in ("title", "summary")
    }
    assert [len(found) for found in tops.values()] == [1, 1]
    assert max(tops["title"]) < min(tops["summary"])
    assert judge(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    expect(titles[2]).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(0)
    assert scrolls_sideways(page, 1280) == []
    assert scrolls_sideways(page, 390) == []
    expect(titles[2]).to_be_hidden()
    expect(page.get_by_role("button", name="Side by side")).to_be_hidden()
    open_language(page, "繁體中文")
    expect(titles[2]).to_be_visible()


def test_s33_the_reviewer_reads_a_conversion_in_its_tab(open_page, page, site, draft):
    page.goto(site + address(draft))
    open_language(page, "繁體中文")
    page.get_by_role("button", name="Fill the empty fields from Simplified Chinese").click()
    expect(page.locator("#id_title_zh_hant")).not_to_have_value("")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist .success").first).to_contain_text("review")
    reviewer = open_page()
    open_session(reviewer.context, site, "rui")
    reviewer.goto(site + address(draft))
    expect(reviewer.get_by_role("button", name="Approve and publish")).to_have_count(0)
    read = reviewer.get_by_role("button", name="I have read 繁體中文 and it is correct")
    expect(read).to_be_hidden()
    reviewer.get_by_role("link", name="Read the converted text: 繁體中文").click()
    read.click()
    reviewer.get_by_role("button", name="Approve and publish").click()
    expect(reviewer.locator(".messagelist .success").first).to_contain_text("published")
