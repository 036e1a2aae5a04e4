"""Clerk, reviewer and manager: news from the first word to the end of its address (staff.md S18)."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from news.models import Article
from outbox.models import Letter
from publishing.models import Status
from tests.e2e.staff import open_language, open_session, sign_in
from tests.e2e.watching import press_twice
from tests.factories import make_article, make_change, picture_file

pytestmark = pytest.mark.e2e

PLACE = "news/plant-opens"


@pytest.fixture
def desk(open_page, site):
    """A function: the browser of a person who has signed in."""

    def desk_of(name):
        page = open_page(locale="en-US")
        open_session(page.context, site, name)
        page.goto(f"{site}/admin/")
        return page

    return desk_of


def test_s18_news_from_the_first_word_to_the_end_of_its_address(open_page, desk, site):
    reader = open_page()
    clerk = open_page(locale="en-US")
    sign_in(clerk, site, "ann")
    presses = Presses(clerk)
    write_news(clerk)
    assert presses.count <= 8, presses
    assert reader.goto(f"{site}/en/{PLACE}/").status == 404
    reviewer = desk("rui")
    presses = Presses(reviewer)
    publish(reviewer)
    assert presses.count <= 5, presses
    read_in_three_languages(reader, site)
    withdraw(reviewer, reader, site)
    take_down(desk("mei"), reader, site)


def write_news(page):
    page.get_by_role("link", name="Write an article").click()
    page.locator("#id_title_en").fill("A plant opens")
    page.locator("#id_summary_en").fill("The first line runs.")
    page.locator("#id_slug").fill("plant-opens")
    write(page, "en", "The first line ", "runs today")
    open_language(page, "简体中文")
    page.locator("#id_title_zh_hans").fill("工厂投产")
    page.locator("#id_summary_zh_hans").fill("首条生产线投产。")
    write(page, "zh-Hans", "首条生产线", "今日投产")
    add_picture(page)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist")).to_contain_text("Submitted")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


class Presses:
    """Counts what a person presses or chooses in the windows of a browser; typing and Tab are free."""

    def __init__(self, page):
        self.names = []
        page.context.expose_function("notePress", lambda name: self.names.append(name))
        script = """addEventListener("pointerdown", (e) => window.notePress(e.target.textContent.trim().slice(0, 40) || e.target.id), true);
            addEventListener("change", (e) => { if (e.target.type === "file") window.notePress("file"); }, true);"""
        page.context.add_init_script(script)
        page.evaluate(script)

    @property
    def count(self):
        return len(self.names)

    def __repr__(self):
        return f"{self.count}: {self.names}"


def write(page, language, words, bold):
    """Types into the editor of that language; the last words are bold."""
    editor = page.locator(f".ProseMirror[contenteditable][lang='{language}']")
    expect(editor).to_have_accessible_name("Text")
    editor.focus()
    page.keyboard.type(words)
    page.keyboard.press("Control+b")
    page.keyboard.type(bold)


def add_picture(page):
    """Uploads a photograph in a window beside the form, which takes it over."""
    rows = page.locator("#publishing-pictureuse-content_type-object_id-group")
    rows.locator(".add-row a").click()
    assert rows.get_by_role("button", name="Remove").bounding_box()["width"] > 20
    with page.expect_popup() as opened:
        rows.locator("[id^='add_id_']:visible").click()
    upload(opened.value)
    expect(rows.locator(".select2-selection__rendered").first).to_contain_text("The plant")


def upload(page):
    file = picture_file("plant.jpg", size=(960, 640))
    page.locator("#id_file").set_input_files({"name": file.name, "mimeType": "image/jpeg", "buffer": file.read()})
    page.locator("#id_credit").fill("Bureau of Sihui")
    page.locator("#id_license").select_option("own")
    for code, alt, caption in (("en", "A hall with machines", "The plant"), ("zh_hans", "车间", "工厂"), ("zh_hant", "車間", "工廠")):
        page.locator(f"#id_alt_{code}").fill(alt)
        page.locator(f"#id_caption_{code}").fill(caption)
    with page.expect_event("close"):
        page.locator("[name=_save]").click()


def publish(page):
    """From the letter: the item, two previews, one press."""
    letter = Letter.objects.filter(subject__contains="工厂投产").latest("created_at")
    page.goto(re.search(r"\S+/admin/\S+", letter.body)[0].replace(settings.SITE_ADDRESS, page.url.partition("/admin/")[0]))
    page.get_by_role("link", name="Preview: English").click()
    expect(page.locator("main .prose")).to_contain_text("The first line runs today")
    page.locator(".preview-bar").get_by_role("link", name="简体中文").click()
    expect(page.locator("main .prose")).to_contain_text("首条生产线今日投产")
    page.get_by_role("link", name="Back to the form").click()
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.locator(".messagelist .success")).to_contain_text("published")


def read_in_three_languages(page, site):
    assert page.goto(f"{site}/en/{PLACE}/").status == 200
    expect(page.locator("main strong", has_text="runs today")).to_be_visible()
    expect(page.locator("main figure img")).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator("main figure")).to_contain_text("Bureau of Sihui")
    assert page.locator("main figure img").get_attribute("alt") == "A hall with machines"
    page.goto(f"{site}/zh-hans/{PLACE}/")
    expect(page.locator("h1")).to_have_text("工厂投产")
    expect(page.locator("main [role=note]")).to_have_count(0)
    page.goto(f"{site}/zh-hant/{PLACE}/")
    expect(page.locator("main [role=note]")).to_be_visible()
    expect(page.locator("h1 [lang=zh-Hans]")).to_have_text("工厂投产")
    assert page.locator("meta[name=robots]").get_attribute("content") == "noindex, follow"
    page.goto(f"{site}/en/news/")
    expect(page.locator("main").get_by_role("link", name="A plant opens")).to_be_visible()


def withdraw(page, reader, site):
    page.get_by_role("link", name="Withdraw").click()
    for place in page.locator("textarea[name^=note_]").all():
        place.fill("The date was wrong.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Withdrawn")
    assert reader.goto(f"{site}/en/{PLACE}/").status == 200
    expect(reader.locator("main [role=note]")).to_contain_text("The date was wrong.")
    reader.goto(f"{site}/en/news/")
    expect(reader.locator("main").get_by_role("link", name="A plant opens")).to_have_count(0)


def take_down(page, reader, site):
    page.goto(f"{site}/admin/news/article/{Article.objects.get(slug='plant-opens').pk}/change/")
    page.get_by_role("link", name="Take down").click()
    page.get_by_role("button", name="Take down").click()
    expect(page.locator(".error-links")).to_be_focused()
    page.get_by_role("radio", name="Say that the page is gone for good").check()
    page.locator("#id_comment").fill("Published by mistake.")
    page.get_by_role("button", name="Take down").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Taken down")
    for language in ("en", "zh-hans", "zh-hant"):
        assert reader.goto(f"{site}/{language}/{PLACE}/").status == 410


def test_publish_pressed_twice_publishes_once(desk, site):
    article = make_article(slug="pressed-twice", bureau="sihui", status=Status.DRAFT)
    make_change(article, "approved")
    page = desk("rui")
    page.goto(f"{site}/admin/news/article/{article.pk}/change/")
    press_twice(page.get_by_role("button", name="Publish now"))
    expect(page.locator(".messagelist .success").first).to_contain_text("Published")
    article.refresh_from_db()
    assert (article.status, article.version) == (Status.LIVE, 1)


def test_a_link_to_a_faulty_text_leads_into_its_editor(desk, site):
    article = make_article(slug="no-text", bureau="sihui", status=Status.DRAFT, body_zh_hans="")
    page = desk("rui")
    page.goto(f"{site}/admin/news/article/{article.pk}/change/")
    page.locator(".missing").get_by_role("link").first.click()
    expect(page.locator(".ProseMirror[contenteditable][lang='zh-Hans']")).to_be_focused()


def test_a_refused_form_keeps_what_was_typed(desk, site):
    page = desk("ann")
    page.get_by_role("link", name="Write an article").click()
    open_language(page, "繁體中文")
    page.locator("#id_summary_zh_hant").fill("沒有標題的文字")
    write(page, "zh-Hant", "正文", "粗體")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".error-links")).to_be_focused()
    open_language(page, "繁體中文")
    expect(page.locator("#id_summary_zh_hant")).to_have_value("沒有標題的文字")
    expect(page.locator(".ProseMirror[contenteditable][lang='zh-Hant'] strong")).to_have_text("粗體")
