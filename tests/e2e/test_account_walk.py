"""A new colleague's way in: from the manager's invitation to the front page, with a second factor (staff.md S75, S76)."""

import base64
import re
import time

import pytest
from django.test import override_settings
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from outbox.models import Letter
from tests.e2e.staff import open_session
from tests.e2e.test_news_walk import Presses
from tests.e2e.watching import scrolls_sideways

pytestmark = pytest.mark.e2e
PASSWORD = "a-long-pass-2026"


@pytest.mark.parametrize(("locale", "language", "width"), [("en-US", "en", 1280), ("zh-CN", "zh-hans", 390)])
def test_s76_a_new_colleague_comes_in(open_page, site, locale, language, width):
    manager = open_page(locale=locale)
    open_session(manager.context, site, "mei")
    manager.goto(f"{site}/admin/")
    presses = Presses(manager)
    email = f"zhang-{language}@example.com"
    invite(manager, email)
    assert presses.count <= 4, presses
    letter = Letter.objects.get(to=email)
    with override_settings(SECOND_FACTOR=True):
        guest = open_page(locale=locale, viewport={"width": width, "height": 844})
        guest.goto(site + re.search(r"/admin/invitation/\S+/", letter.body)[0])
        join(guest, f"zhang-{language}", language)
        key = set_up(guest)
        expect(guest.locator("#user-tools")).to_contain_text("张伟")
        assert guest.url == f"{site}/admin/"
        assert guest.locator("html").get_attribute("lang").lower() == language
        later = open_page(locale=locale, viewport={"width": width, "height": 844})
        come_back(later, site, f"zhang-{language}", key)
    TOTPDevice.objects.all().delete()


def invite(page, email):
    page.locator('a[href="/admin/auth/user/add/"]').click()
    expect(page.locator("#id_email")).to_be_focused()
    page.locator("#id_email").fill(email)
    page.locator("#id_roles_0").check()
    page.locator("#invite-form [type=submit]").click()
    expect(page.locator(".waiting")).to_contain_text(email)


def join(page, username, language):
    expect(page.locator("#id_first_name")).to_be_focused()
    page.locator("#id_first_name").fill("张伟")
    page.locator("#id_username").fill(username)
    page.locator(f'input[name=language][value="{language}"]').check()
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.locator("#join-form [type=submit]").click()


def set_up(page):
    """Types the key into an app, as it were, and its code into the page; the recovery codes are shown. The key."""
    key = page.locator(".typed-key").inner_text().replace(" ", "")
    assert scrolls_sideways(page, page.viewport_size["width"]) == []
    expect(page.locator("#id_code")).to_be_focused()
    page.locator("#id_code").fill(code_of(key))
    page.locator("#set-up-form [type=submit]").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    assert scrolls_sideways(page, page.viewport_size["width"]) == []
    page.locator(".go-on").click()
    return key


def come_back(page, site, username, key):
    page.goto(f"{site}/admin/news/article/")
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login-form [type=submit]").click()
    expect(page.locator("#id_code")).to_be_focused()
    page.locator("#id_code").fill(code_of(key, 1))
    page.locator("#second-factor-form [type=submit]").click()
    page.wait_for_url(f"{site}/admin/news/article/")


def code_of(letters, steps=0):
    totp = TOTP(base64.b32decode(letters + "=" * (-len(letters) % 8)))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"
