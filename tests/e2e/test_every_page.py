"""Every page: usable by all, quiet in the console, asking no other host, no wider than a telephone.

(trust.md G14, G16, T58; investors.md A1, P8; libraries.md G21; staff.md S83)
"""

import pytest

from publishing.languages import CODES, TAGS
from tests.e2e.axe import AXE, judge
from tests.e2e.staff import STAFF, open_session, staff_address
from tests.e2e.watching import Watch, scrolls_sideways
from tests.places import PUBLIC

pytestmark = pytest.mark.e2e

NAMES = list(PUBLIC)
STAFF_NAMES = list(STAFF)
STAFF_STATUS = {"no right": 403, "not found": 404, "old invitation": 404}


@pytest.fixture(scope="module")
def open_tab(browser, browser_context_args, site):
    """A function: a watched page that stays open for all tests of this module, one for each language and person."""
    tabs = {}

    def tab_of(locale, person=None):
        if (locale, person) not in tabs:
            context = browser.new_context(**browser_context_args | {"locale": locale})
            context.add_init_script(AXE)
            if person:
                open_session(context, site, person)
            tabs[locale, person] = Watch(context.new_page(), site)
        return tabs[locale, person]

    yield tab_of
    for tab in tabs.values():
        tab.page.context.close()


def what_is_wrong(tabs, judged, colors=True) -> list[str]:
    """Of the pages open in the tabs, of which axe judges the one in `judged`."""
    found = [line for tab in tabs for width in (1280, 320) for line in scrolls_sideways(tab.page, width)]
    found += judge(judged.page, colors)
    return found + [line for tab in tabs for line in tab.take()]


@pytest.mark.parametrize("name", NAMES)
def test_public_page(open_tab, site, name):
    address, status = PUBLIC[name]
    tabs = [open_tab(code) for code in CODES]
    for code, tab in zip(CODES, tabs, strict=True):
        assert tab.page.goto(f"{site}/{code}/{address}").status == status
        assert tab.page.locator("html").get_attribute("lang") == TAGS[code]
    assert what_is_wrong(tabs, tabs[NAMES.index(name) % len(tabs)]) == []  # to axe the languages are alike: they take turns


def test_inquiry_form_with_errors(open_tab, site):
    tabs = [open_tab(code) for code in CODES]
    for code, tab in zip(CODES, tabs, strict=True):
        tab.page.goto(f"{site}/{code}/inquiry/")
        tab.page.locator("form.form button").click()
        tab.page.locator(".errsum").wait_for()
    assert what_is_wrong(tabs, tabs[0]) == []


@pytest.mark.parametrize("name", STAFF_NAMES)
def test_staff_page(open_tab, site, name):
    person, address = STAFF[name]
    number = STAFF_NAMES.index(name)
    tab = open_tab(("en-US", "zh-CN")[number % 2], person)
    assert tab.page.goto(site + staff_address(address)).status == STAFF_STATUS.get(name, 200)
    assert what_is_wrong([tab], tab, colors=number % 3 == 0) == []


def test_planted_faults_are_found(open_page, site):
    """Else the tests above would be worth nothing."""
    context = open_page().context
    context.add_init_script(AXE)
    tab = Watch(context.new_page(), site)
    tab.page.goto(f"{site}/en/")
    faults = '<p style="color: red">x</p><img src="http://example.invalid/x.png"><table><tr><td nowrap>' + 200 * "x "
    tab.page.evaluate("(faults) => document.querySelector('main').insertAdjacentHTML('beforeend', faults)", faults)
    found = " ".join(what_is_wrong([tab], tab))
    for sign in ("Content Security Policy", "foreign host", "image-alt", "page "):
        assert sign in found
