"""Every page: nothing in the console, no other host asked, no sideways scrolling (libraries.md G21, investors.md P8, trust.md T58)."""

import pytest

from tests.e2e.watching import Watch, scrolls_sideways
from publishing.languages import TAGS
from tests.places import PUBLIC

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def watched(browser, browser_context_args, site):
    context = browser.new_context(**browser_context_args | {"viewport": {"width": 390, "height": 844}})
    yield Watch(context.new_page(), site)
    context.close()


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", TAGS)
def test_public_page_is_quiet_and_fits_narrow_screens(watched, site, language, name):
    address, status = PUBLIC[name]
    page = watched.page
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.goto(f"{site}/{language}/{address}").status == status
    assert page.locator("html").get_attribute("lang") == TAGS[language]
    assert scrolls_sideways(page, 390) == []
    assert scrolls_sideways(page, 320) == []
    assert watched.take() == []


def test_a_planted_fault_is_noted(browser, site):
    with browser.new_context() as context:
        watched = Watch(context.new_page(), site)
        watched.page.goto(f"{site}/en/")
        watched.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"width: 900px\">x</p><img src=\"http://example.invalid/\">')")
        noted = " ".join(watched.take())
    assert "Content Security Policy" in noted
