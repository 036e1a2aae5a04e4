"""By keyboard alone: everything is reached, and one always sees where one is (investors.md A3, staff.md S83, trust.md T56)."""

import re

import pytest
from playwright.sync_api import expect

from inquiries.models import Inquiry
from news.models import Article
from tests.e2e.staff import open_session
from tests.factories import make_inquiry

pytestmark = pytest.mark.e2e

# What has the focus: a name for it, whether its ring shows, whether something hides it altogether.
FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const shown = one.closest("label, .select2-selection") ?? one, box = one.getBoundingClientRect();
    const style = getComputedStyle(one.closest(".select2-selection") ?? one);
    const isSeen = ([x, y]) => {
        const above = document.elementFromPoint(x, y);
        return above && (one.contains(above) || above.contains(one) || shown.contains(above));
    };
    const xs = [box.left + 3, (box.left + box.right) / 2, box.right - 3], ys = [box.top + 3, (box.top + box.bottom) / 2, box.bottom - 3];
    const called = one.name || one.getAttribute("href") || one.className || one.textContent.trim().slice(0, 30);
    return {
        name: `${one.tagName.toLowerCase()} ${called}`,
        ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
        hidden: !xs.some((x) => ys.some((y) => isSeen([x, y]))),
    };
}"""
MANY = 200


def walk(page, until=lambda name: False, key="Tab"):
    """Presses Tab until the wanted control has the focus, or the page ends; the names of all that had it."""
    names = []
    for _step in range(MANY):
        page.keyboard.press(key)
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        assert focus["ring"], f"no ring around {focus['name']}"
        assert not focus["hidden"], f"something hides {focus['name']}"
        names.append(focus["name"])
        if until(names[-1]):
            break
    return names


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.mark.parametrize("address", ["en/", "en/parks/hightech-zone/", "zh-hans/figures/?group=economy", "zh-hant/contacts/"])
def test_every_control_is_reached_and_seen(page, site, address):
    page.goto(f"{site}/{address}")
    controls = page.locator(":is(a[href], button, input, select, textarea, summary, [tabindex='0']):not([tabindex='-1']):visible")
    names = walk(page)
    assert names[0] == "a #main"
    assert len(names) >= min(controls.count(), MANY)


def test_the_skip_link_leads_past_the_menu(page, site):
    page.goto(f"{site}/en/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_list_is_filtered(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/en/listings/")
    walk(page, until=lambda name: name.startswith("summary") and "Filter" in name)
    page.keyboard.press("Enter")
    walk(page, until=lambda name: name == "input kind")
    page.keyboard.press("Space")
    walk(page, until=lambda name: name.startswith("button btn"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?.*kind="))
    expect(page.locator(".chips")).to_be_visible()


def test_an_inquiry_is_sent(page, site):
    page.goto(f"{site}/en/inquiry/")
    Inquiry.objects.update(sender_hash="")
    for field, text in (("input name", "By Keyboard"), ("input email", "keys@example.com")):
        walk(page, until=lambda name, field=field: name == field)
        page.keyboard.type(text)
    walk(page, until=lambda name: name == "input topic")
    page.keyboard.press("ArrowDown")
    walk(page, until=lambda name: name == "textarea message")
    page.keyboard.type("We look for a factory.")
    walk(page, until=lambda name: name == "input consent")
    page.keyboard.press("Space")
    page.wait_for_timeout(3100)  # a form that comes back faster than a person reads it is not believed
    walk(page, until=lambda name: name.startswith("button btn"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ZQ-"))
    assert Inquiry.objects.filter(name="By Keyboard").count() == 1


def test_the_hidden_field_against_machines_is_never_reached(page, site):
    page.goto(f"{site}/en/inquiry/")
    assert "input website" not in walk(page)


def test_s83_news_is_written_and_published(page, site):
    open_session(page.context, site, "rui")
    page.goto(f"{site}/admin/news/article/add/")
    page.keyboard.press("Shift+Tab")
    for field, text in (("input title_en", "By keyboard"), ("textarea summary_en", "Without a mouse.")):
        walk(page, until=lambda name, field=field: name == field)
        page.keyboard.type(text)
    walk(page, until=lambda name: "ProseMirror" in name)
    page.keyboard.type("The text")
    page.keyboard.press("Tab")
    walk(page, until=lambda name: name == "button _step")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success").first).to_contain_text("Submitted")
    open_session(page.context, site, "mei")
    page.goto(page.url)
    walk(page, until=lambda name: name.startswith("button step"))
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success").first).to_contain_text("published")
    assert Article.objects.get(title_en="By keyboard").is_live


def test_s83_an_inquiry_is_taken_and_answered(page, site):
    inquiry = make_inquiry(bureau="sihui", reference="ZQ-KEYS-0001")
    open_session(page.context, site, "ou")
    page.goto(f"{site}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    walk(page, until=lambda name: name == "textarea reply")
    page.keyboard.type("By keyboard.")
    walk(page, until=lambda name: name.startswith("button default"))
    page.keyboard.press("Enter")
    expect(page.locator(".case-thread")).to_contain_text("By keyboard.")
    assert inquiry.messages.filter(kind="reply").count() == 1
