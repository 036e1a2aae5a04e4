"""WCAG 2.2 AA by axe: every public template, three languages, light and dark, wide and narrow (trust.md G16, investors.md A1)."""

from pathlib import Path

import axe_playwright_python
import pytest

from publishing.languages import CODES
from tests.e2e.staff import STAFF, open_session, staff_address
from tests.places import PUBLIC

pytestmark = pytest.mark.e2e

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Dark changes colors alone.
COLORS = ["color-contrast", "link-in-text-block"]
VIEWS = [("light", 1280, "tag", TAGS), ("dark", 1280, "rule", COLORS), ("light", 390, "tag", TAGS), ("dark", 390, "rule", COLORS)]
# The languages are judged side by side: the promise is kept in the page while the others start.
START = """([type, values]) => { window.judged = axe.run({runOnly: {type, values}, preload: false, resultTypes: ["violations"]}); }"""
RESULT = """() => window.judged.then(({violations}) => violations.map(({id, help, nodes}) => {
    const why = (node) => [...node.any, ...node.all, ...node.none][0]?.message ?? "";
    return `${id}: ${help}: ` + nodes.slice(0, 4).map((node) => `${node.html.slice(0, 160)} [${why(node)}]`).join(" | ");
}))"""


@pytest.fixture(scope="module")
def tabs(browser, browser_context_args):
    """A page for each language. axe writes style sheets into a page, which the site's own policy forbids."""
    contexts = {code: browser.new_context(**browser_context_args, bypass_csp=True) for code in CODES}
    yield {code: context.new_page() for code, context in contexts.items()}
    for context in contexts.values():
        context.close()


def judge(tabs, views=VIEWS) -> list[str]:
    """What axe finds in the open pages, in all these views."""
    found = []
    for page in tabs.values():
        page.evaluate(AXE)
    for scheme, width, kind, values in views:
        for page in tabs.values():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(START, [kind, values])
        for code, page in tabs.items():
            found += [f"{code} {scheme} {width}: {violation}" for violation in page.evaluate(RESULT)]
    return found


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_has_no_violation(tabs, site, name):
    address, status = PUBLIC[name]
    for code, page in tabs.items():
        assert page.goto(f"{site}/{code}/{address}").status == status
    assert judge(tabs) == []


def test_inquiry_form_with_errors_has_no_violation(tabs, site):
    for code, page in tabs.items():
        page.goto(f"{site}/{code}/inquiry/")
        page.locator("form.form button").click()
    assert judge(tabs) == []


def test_a_planted_fault_is_found(tabs, site):
    page = tabs["en"]
    page.goto(f"{site}/en/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any("image-alt" in violation for violation in judge({"en": page}))


@pytest.fixture(scope="module")
def staff_tabs(browser, browser_context_args, site):
    """A function: the pages of a person in English and in Chinese."""
    made = {}

    def tabs_of(person):
        for locale in ("en-US", "zh-CN"):
            if (person, locale) not in made:
                context = browser.new_context(**browser_context_args | {"locale": locale}, bypass_csp=True)
                if person:
                    open_session(context, site, person)
                made[person, locale] = context.new_page()
        return {locale: made[person, locale] for locale in ("en-US", "zh-CN")}

    yield tabs_of
    for page in made.values():
        page.context.close()


@pytest.mark.parametrize("name", STAFF)
def test_staff_page_has_no_violation(staff_tabs, site, name):
    person, address = STAFF[name]
    tabs = staff_tabs(person)
    for page in tabs.values():
        page.goto(site + staff_address(address))
    assert judge(tabs, VIEWS[1:3]) == []
