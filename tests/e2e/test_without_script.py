"""With JavaScript switched off: public pages, the inquiry, writing, publishing and answering (trust.md T58, staff.md S85)."""

import re

import pytest
from playwright.sync_api import expect

from inquiries.models import Inquiry
from news.models import Article
from tests.e2e.staff import sign_in
from tests.factories import make_inquiry

pytestmark = pytest.mark.e2e


@pytest.fixture
def page(open_page):
    return open_page(java_script_enabled=False, viewport={"width": 390, "height": 844})


def test_menu_languages_filters_and_pages_work(page, site):
    page.goto(f"{site}/en/")
    page.locator("details.menu summary").click()
    page.locator("details.menu").get_by_role("link", name="Projects").click()
    page.locator("details.filters summary").click()
    page.locator("details.filters [name=kind][value=enterprise]").check()
    page.locator("details.filters button").click()
    expect(page).to_have_url(re.compile(r"/en/projects/\?.*kind=enterprise"))
    expect(page.locator(".chips")).to_contain_text("enterprise", ignore_case=True)
    page.get_by_role("link", name="简体中文").first.click()
    expect(page).to_have_url(re.compile(r"/zh-hans/projects/\?.*kind=enterprise"))


def test_search_finds(page, site):
    page.goto(f"{site}/zh-hant/search/")
    page.locator("main [name=q]").fill("小鹏")
    page.locator("main form button").first.click()
    expect(page.locator("main a[href='/zh-hant/projects/xpeng/']")).to_be_visible()


def test_an_inquiry_is_sent(page, site):
    Inquiry.objects.update(sender_hash="")
    page.goto(f"{site}/en/inquiry/")
    page.locator("form.form button").click()
    page.locator(".errsum a").first.click()
    expect(page).to_have_url(re.compile("#id_name"))
    page.locator("#id_name").fill("Without Script")
    page.locator("#id_email").fill("plain@example.com")
    page.locator("#id_message").fill("We look for land.")
    page.locator("#id_consent").check()
    page.wait_for_timeout(3100)
    page.locator("form.form button").click()
    expect(page).to_have_url(re.compile("/ZQ-"))


def test_s85_news_is_written_and_published(page, site):
    sign_in(page, site, "rui")
    page.get_by_role("link", name="Write an article").click()
    page.locator("#id_title_en").fill("Plain form")
    page.locator("#id_summary_en").fill("Nothing but a form.")
    page.locator("#id_body_en").fill("<p>With <strong>marks</strong> <script>alert(1)</script></p>")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist .success").first).to_contain_text("Submitted")
    form = page.url
    page.get_by_role("button", name="Sign out").or_(page.get_by_role("button", name="Log out")).first.click()
    sign_in(page, site, "mei")
    page.goto(form)
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.locator(".messagelist .success").first).to_contain_text("published")
    page.get_by_role("link", name="Open the public page").click()
    expect(page.locator("main strong", has_text="marks")).to_be_visible()
    assert "script" not in Article.objects.get(title_en="Plain form").body_en


def test_s85_an_inquiry_is_taken_and_answered(page, site):
    make_inquiry(bureau="sihui", reference="ZQ-NSCR-0001")
    sign_in(page, site, "ou")
    page.goto(f"{site}/admin/inquiries/inquiry/reference/ZQ-NSCR-0001/")
    page.locator("button[formaction$='/step/take/']").click()
    page.locator("#reply").fill("Without script.")
    page.locator("button[formaction$='/step/reply/']").click()
    expect(page.locator(".case-thread")).to_contain_text("Without script.")
