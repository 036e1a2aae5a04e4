"""An investor's walk from a park to the answer, and the officer's from the front page to the reply (staff.md S56, S74)."""

import re

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from inquiries.form_key import fingerprint
from inquiries.models import Inquiry, Message
from outbox.models import Letter
from tests.e2e.staff import open_session, sign_in
from tests.e2e.watching import press_twice
from tests.factories import make_inquiry

pytestmark = pytest.mark.e2e

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# A form that comes back faster than a person reads it is not believed.
READING_TIME = 3100
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
TRACKING = re.compile(r"/inquiry/ZQ-[^/]+/[^/]+/$")


def say(text, language="zh-hant"):
    with override(language):
        return gettext(text)


@pytest.fixture
def phone(open_page):
    """A telephone in Hong Kong."""
    return open_page(**PHONE, locale="zh-HK")


@pytest.fixture
def officer(open_page):
    """The telephone of Sihui's officer, who has not signed in yet."""
    return open_page(**PHONE, locale="en-US")


@pytest.fixture(autouse=True)
def rested(site):
    """No limit is reached: all browsers of these tests have one address."""
    Inquiry.objects.update(sender_hash="")


def fill_in(page, name="陳大文"):
    page.locator("#id_name").fill(name)
    page.locator("#id_email").fill("chan@example.com")
    page.locator("#id_message").fill("我們想找兩公頃土地。\n\n電力 10,000 kVA。")
    page.locator("#id_consent").check()


def send(page):
    return page.locator("form.form").get_by_role("button", name=say("Send inquiry"))


def fits_a_finger(target):
    box = target.bounding_box()
    return box["height"] >= 44 and box["width"] >= 44


def fits_the_screen(page):
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_s56_s74_from_the_park_to_the_answer(phone, officer, site):
    open_form_from_the_park(phone, site)
    leave_it_empty_first(phone)
    reference = send_it(phone)
    answer_it(officer, site, reference)
    phone.reload()
    expect(phone.locator(".thread")).to_contain_text("感謝閣下於")
    expect(phone.locator(".thread")).to_contain_text("Ou")
    expect(phone.locator(".thread")).not_to_contain_text("Check the grid first")
    fits_the_screen(phone)


def open_form_from_the_park(page, site):
    page.goto(f"{site}/zh-hant/parks/sihui-starting-area/")
    ask = page.locator(".card").get_by_role("link", name=say("Make an inquiry"))
    assert fits_a_finger(ask)
    ask.tap()
    expect(page).to_have_url(re.compile(r"/zh-hant/inquiry/\?.*park=sihui-starting-area"))
    fits_the_screen(page)


def leave_it_empty_first(page):
    send(page).tap()
    summary = page.locator(".errsum")
    expect(summary).to_be_focused()
    assert page.title().startswith(say("Error:"))
    summary.get_by_role("link", name=say("Enter your name")).tap()
    expect(page.locator("#id_name")).to_be_focused()
    expect(page.locator("#id_name")).to_have_attribute("aria-invalid", "true")
    fits_the_screen(page)


def send_it(page):
    fill_in(page)
    page.wait_for_timeout(READING_TIME)
    assert fits_a_finger(send(page))
    send(page).tap()
    expect(page).to_have_url(TRACKING)
    reference = page.url.split("/")[-3]
    expect(page.locator("h1")).to_contain_text(reference)
    expect(page.locator(".thread")).to_contain_text("我們想找兩公頃土地。")
    assert Inquiry.objects.get(reference=reference).bureau.slug == "sihui"
    assert Letter.objects.filter(reference=reference, to="chan@example.com", language="zh-hant").count() == 1
    fits_the_screen(page)
    return reference


def answer_it(page, site, reference):
    """Five presses from the front page to a kept text in the investor's language (S56), then the answer; a note for the staff besides."""
    sign_in(page, site, "ou")
    fits_the_screen(page)
    page.locator(".tasks").get_by_role("link", name="Inquiries that nobody has taken").tap()
    page.get_by_role("link", name=reference).tap()
    press(page, "take", "took it")
    everything_fits_a_finger(page)
    page.get_by_role("button", name="First acknowledgment").tap()
    expect(page.locator("#reply")).to_have_value(re.compile("感謝閣下於.+提交查詢。"))
    expect(page.locator("#answers .default")).to_have_attribute("data-step", "update")
    press(page, "update", "感謝閣下於")
    page.locator("#reply").fill("高壓電力可滿足需要。")
    press(page, "reply", "高壓電力可滿足需要。")
    page.locator("#note").fill("Check the grid first")
    press(page, "note", "Check the grid first")


def everything_fits_a_finger(page):
    """Each control of the case, and each link outside running text."""
    controls = "button, select, textarea, summary, input:not([type=hidden], [type=checkbox]), label.case-tick, .case-list a, .case-facts a"
    is_small = "(one) => one.checkVisibility() && one.getBoundingClientRect().height < 44"
    small = page.locator(f"#case :is({controls})").evaluate_all(f"all => all.filter({is_small}).map((one) => one.outerHTML.slice(0, 200))")
    assert small == []


def press(page, step, seen):
    """Takes a step of the case and waits until the thread shows it."""
    button = page.locator(f"button[formaction$='/step/{step}/']")
    assert fits_a_finger(button)
    button.tap()
    expect(page.locator(".case-thread")).to_contain_text(seen)
    fits_the_screen(page)


def test_an_inquiry_pressed_twice_is_stored_once(phone, site):
    phone.goto(f"{site}/en/inquiry/")
    fill_in(phone, name="Pressed Twice")
    phone.wait_for_timeout(READING_TIME)
    posted = []
    phone.on("request", lambda request: posted.append(request.method) if request.method == "POST" else None)
    press_twice(phone.locator("form.form button"))
    expect(phone).to_have_url(TRACKING)
    assert posted.count("POST") == 2
    assert Inquiry.objects.filter(name="Pressed Twice").count() == 1


def test_reloading_the_tracking_page_sends_nothing_again(phone, site):
    phone.goto(f"{site}/en/inquiry/")
    fill_in(phone, name="Reloaded")
    phone.wait_for_timeout(READING_TIME)
    phone.locator("form.form button").dblclick()
    expect(phone).to_have_url(TRACKING)
    phone.reload()
    assert Inquiry.objects.filter(name="Reloaded").count() == 1


def test_s68_investor_answers_with_a_file_and_gives_a_grade(phone, site):
    """The page sends no referrer: the browser names no origin with what is sent from it."""
    inquiry = make_inquiry(bureau="sihui", reference="ZQ-FWUP-0001", secret_hash=fingerprint("follow-up"), language="zh-hant")
    phone.goto(f"{site}/zh-hant/inquiry/ZQ-FWUP-0001/follow-up/")
    phone.locator("#write_body").fill("附上平面圖。")
    phone.locator("#write_files").set_input_files({"name": "run.exe", "mimeType": "application/pdf", "buffer": b"MZ"})
    tap(phone, "Send message")
    expect(phone.locator(".errsum")).to_contain_text("run.exe")
    expect(phone.locator("#write_body")).to_have_value("附上平面圖。")
    phone.locator("#write_files").set_input_files({"name": "平面圖.pdf", "mimeType": "application/pdf", "buffer": PDF})
    tap(phone, "Send message")
    expect(phone.locator(".done")).to_be_focused()
    expect(phone.locator(".thread")).to_contain_text("附上平面圖。")
    with phone.expect_download() as download:
        phone.locator(".thread").get_by_role("link", name="平面圖.pdf").tap()
    assert (download.value.suggested_filename, download.value.path().read_bytes()) == ("平面圖.pdf", PDF)
    Inquiry.objects.filter(pk=inquiry.pk).update(status="closed", result="answered", closed_at=timezone.now())
    phone.reload()
    phone.get_by_label(say("very good").capitalize()).check()
    tap(phone, "Send rating")
    expect(phone.locator("#rate + p")).to_contain_text(say("very good"))
    fits_the_screen(phone)
    inquiry.refresh_from_db()
    assert (inquiry.rating, inquiry.messages.filter(kind=Message.Kind.INVESTOR).count()) == (5, 1)


def tap(page, label):
    button = page.locator("main").get_by_role("button", name=say(label))
    assert fits_a_finger(button)
    button.tap()


def test_a_reply_pressed_twice_is_sent_once(officer, site):
    inquiry = make_inquiry(bureau="sihui", reference="ZQ-TWIC-0001", email="twice@example.com")
    open_session(officer.context, site, "ou")
    officer.goto(f"{site}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    officer.locator("#reply").fill("Only once.")
    press_twice(officer.locator("button[formaction$='/step/reply/']"))
    expect(officer.locator(".messagelist")).to_be_visible()
    assert inquiry.messages.filter(kind=Message.Kind.REPLY).count() == 1
    assert Letter.objects.filter(to="twice@example.com").count() == 1


def test_s56_s58_kept_reply_asks_before_it_replaces_a_text_and_colleagues_see_who_is_writing(open_page, site):
    inquiry = make_inquiry(bureau="sihui", reference="ZQ-KEPT-0001", email="kept@example.com", name="Erika Beispiel")
    ou, mei = open_page(), open_page()
    for page, name in ((ou, "ou"), (mei, "mei")):
        open_session(page.context, site, name)
    ou.goto(f"{site}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    box = ou.locator("#reply")
    ou.get_by_role("button", name="Ask what is needed").click()
    expect(box).to_have_value(re.compile("^1. How much land"))
    ou.get_by_role("button", name="First acknowledgment").click()
    expect(box).to_have_value(re.compile("^Thank you for your inquiry"))
    box.fill("My own words.")
    ou.get_by_role("button", name="Invitation to visit").click()
    expect(box).to_have_value("My own words.")
    ou.get_by_role("button", name="Below my text").click()
    expect(box).to_have_value(re.compile(r"^My own words\.\n\n"))
    expect(ou.locator("#kept-says")).to_contain_text("{date}")
    ou.locator("summary", has_text="Merge into another").click()
    ou.locator("#target").press("Enter")
    expect(box).to_have_value(re.compile("^My own words"))
    mei.goto(f"{site}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    ou.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(ou.locator("#presence")).to_contain_text("Mei")
    mei.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(mei.locator("#presence")).to_contain_text("is writing")
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.assignee) == (Inquiry.Status.NEW, None), "the Enter key takes no step"
