"""Languages, figures and pictures in the form: what a script says while somebody types, and what works without one."""

import pytest
from playwright.sync_api import expect

from publishing.models import Picture
from tests.e2e.staff import open_language, open_session, staff_address

pytestmark = pytest.mark.e2e


@pytest.fixture
def page(open_page, site):
    page = open_page()
    open_session(page.context, site, "mei")
    return page


@pytest.fixture
def plain(open_page, site):
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    open_session(page.context, site, "mei")
    return page


@pytest.mark.parametrize(
    ("language", "twelve", "hundred"), [("en", "CNY 12 million", "CNY 120 million"), ("zh-hant", "1200萬元", "1.2億元")]
)
def test_s37_the_amount_is_said_in_the_persons_language_while_it_is_typed(page, site, language, twelve, hundred):
    page.context.add_cookies([{"name": "django_language", "value": language, "url": f"{site}/admin/"}])
    page.goto(f"{site}/admin/projects/project/add/")
    words = page.locator("output[for=id_investment_cny]")
    for typed, said in (("12000000", twelve), ("1,200万元", twelve), ("１．２亿元", hundred), ("about", "")):
        page.locator("#id_investment_cny").fill(typed)
        expect(words).to_have_text(said)


def test_s37_script_and_site_say_the_same(page, site):
    page.goto(f"{site}/admin/projects/project/add/")
    page.locator("#id_investment_cny").fill("22.83亿元")
    said = page.locator("output[for=id_investment_cny]").text_content()
    page.locator(".submit-row [name=_continue]").click()
    page.locator(".error-links").wait_for()
    expect(page.locator("output[for=id_investment_cny]")).to_have_text(said)


def test_s33_the_proposal_without_script(plain, site):
    plain.goto(f"{site}/admin/news/article/add/")
    plain.locator("#id_title_zh_hans").fill("软件与网络")
    plain.get_by_role("button", name="Fill the empty fields from Simplified Chinese").click()
    expect(plain.locator("#id_title_zh_hant")).to_have_value("軟件與網絡")
    expect(plain.locator(".messagelist")).to_contain_text("Read them, then save")
    expect(plain.locator(".error-links")).to_have_count(0)


def test_s33_the_return_key_saves_and_converts_nothing(page, site):
    page.goto(f"{site}/admin/news/article/add/")
    open_language(page, "简体中文")
    page.locator("#id_title_zh_hans").fill("回车")
    page.locator("#id_title_zh_hans").press("Enter")
    page.locator(".messagelist").wait_for()
    expect(page.locator("#id_title_zh_hant")).to_have_value("")


def test_s35_a_click_on_the_picture_sets_its_focal_point(page, site):
    page.goto(site + staff_address("publishing/picture/{picture}/change/"))
    page.locator(".picked").wait_for()
    box = page.locator("#focus-picture").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(page.locator("#id_focal_x")).to_have_value("25")
    expect(page.locator(".crop")).to_have_class("crop fx-30 fy-50")
    page.locator("[name=_continue]").click()
    page.locator(".messagelist").wait_for()
    assert Picture.objects.filter(focal_x=25, focal_y=50).exists()


def test_s35_the_focal_point_without_script(plain, site):
    plain.goto(site + staff_address("publishing/picture/{picture}/change/"))
    plain.locator("#id_focal_x").fill("40")
    plain.locator("#id_focal_y").fill("60")
    plain.locator("[name=_continue]").click()
    expect(plain.locator(".crop")).to_have_class("crop fx-40 fy-60")
