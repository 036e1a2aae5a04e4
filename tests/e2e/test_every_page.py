"""Every page: nothing in the console, no other host asked, no sideways scrolling (libraries.md G21, investors.md P8, trust.md T58)."""

import pytest

from publishing.languages import TAGS
from tests.e2e.staff import STAFF, open_session, staff_address
from tests.e2e.watching import Watch, scrolls_sideways
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
        watched.page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<p style=\"width: 900px\">x</p><img src=\"http://example.invalid/\">')"
        )
        noted = " ".join(watched.take())
    assert "Content Security Policy" in noted


@pytest.fixture(scope="module")
def desks(browser, browser_context_args, site):
    """A function: the watched page of a person who has signed in, one for each person and language of the staff area."""
    made = {}

    def desk_of(name, locale):
        if (name, locale) not in made:
            context = browser.new_context(**browser_context_args | {"locale": locale})
            if name:
                open_session(context, site, name)
            made[name, locale] = Watch(context.new_page(), site)
        return made[name, locale]

    yield desk_of
    for desk in made.values():
        desk.page.context.close()


@pytest.mark.parametrize("name", STAFF)
def test_staff_page_is_quiet_and_fits_narrow_screens(desks, site, name):
    person, address = STAFF[name]
    desk = desks(person, "zh-CN")
    answer = desk.page.goto(site + staff_address(address))
    assert answer.status == {"no right": 403, "not found": 404}.get(name, 200)
    assert scrolls_sideways(desk.page, 1280) == []
    assert scrolls_sideways(desk.page, 390) == []
    assert scrolls_sideways(desk.page, 320) == []
    assert desk.take() == []
