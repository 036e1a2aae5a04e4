"""Nothing that somebody types is lost: sessions end, browsers crash, networks drop, buttons are pressed twice (staff.md S1-S11, S85)."""

import re
import time

import pytest
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from inquiries.models import Message
from news.models import Article
from outbox.models import Letter
from publishing import changes
from publishing.models import Picture, Status
from tests.e2e.staff import open_language, open_session, user_named
from tests.e2e.watching import Watch, press_twice
from tests.factories import (
    make_article,
    make_change,
    make_conflict,
    make_inquiry,
    make_opportunity,
    make_park,
    make_picture,
    picture_file,
)
from tests.places import PASSWORD

pytestmark = pytest.mark.e2e

# With both scripts, emoji, line breaks, marks of HTML and of templates, and white space in the middle.
ODD = "第一行：肇慶招商引資，臺灣與香港。\n\nSecond line <b>&amp; “quoted”</b> 😀👩‍👩‍👧 {{ x }}\ttab  two spaces — 鱻𠮷."


@pytest.fixture
def tab(open_page, site):
    """A function: the browser of a person who has signed in, at an address."""

    def tab_of(name, address, **options):
        page = open_page(**options)
        open_session(page.context, site, name)
        page.goto(f"{site}{address}")
        return page

    return tab_of


@pytest.fixture
def rough_tab(browser, browser_context_args, site):
    """As `tab`, for browsers that lose session or network: Chromium notes refused requests in the console; nothing else may stand there."""
    watched = []

    def tab_of(name, address, **options):
        watched.append(Watch(browser.new_context(**browser_context_args | options).new_page(), site))
        page = watched[-1].page
        open_session(page.context, site, name)
        page.goto(f"{site}{address}")
        return page

    yield tab_of
    noted = [line for watch in watched for line in watch.take() if not re.search(r"session/|presence/|ERR_INTERNET_DISCONNECTED|403", line)]
    for watch in watched:
        watch.page.context.close()
    assert noted == []


def draft_article(**fields):
    return make_article(bureau="sihui", status=Status.DRAFT, **fields)


def address_of(item, prefix="/admin"):
    return f"{prefix}/{item._meta.app_label}/{item._meta.model_name}/{item.pk}/change/"


def editor(page, language="zh-Hans"):
    return page.locator(f".ProseMirror[contenteditable][lang='{language}']")


def write(page, words):
    open_language(page, "简体中文")
    editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def save(page):
    page.locator(".submit-row [name=_continue]").click()


def is_saved(page):
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("#unsaved")).to_be_hidden()


def copies(page):
    """What the browser keeps, as text."""
    return page.evaluate("JSON.stringify(Object.entries(localStorage).filter(([name]) => name.startsWith('unsaved:')))")


def kept(page, words):
    """Waits until the browser keeps these words."""
    page.wait_for_function("(words) => Object.values(localStorage).some((copy) => copy.includes(words))", arg=words)


def end_session(page):
    page.context.clear_cookies(name="sessionid")


def sign_in_here(page, name):
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login-form [type=submit]").click()


def sign_in_beside(page, name):
    """Presses the dialog's link and signs in, in the window that opens."""
    with page.expect_popup() as opened:
        page.get_by_role("dialog").get_by_role("link", name="Sign in").click()
    window = opened.value
    sign_in_here(window, name)
    return window


# --- S1: the session ends ---


def test_s01_a_session_that_ends_costs_nothing(rough_tab, site):
    project = make_opportunity(bureau="sihui", status=Status.DRAFT, slug="session-ends")
    page = rough_tab("ann", address_of(project))
    words = "字" * 300
    page.locator("#id_title_en").fill("Other title")
    write(page, words)
    end_session(page)
    save(page)
    dialog = page.get_by_role("dialog", name="You are signed out")
    expect(dialog).to_contain_text("Your text is safe")
    assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    assert page.url == f"{site}{address_of(project)}"
    window = sign_in_beside(page, "ann")
    is_saved(page)
    if not window.is_closed():
        window.wait_for_event("close")
    project.refresh_from_db()
    assert words in project.body_zh_hans
    assert project.title_en == "Other title"
    assert copies(page) == "[]"


@pytest.fixture
def code_of_ann():
    """A function: the code that Ann's telephone shows. She has a second factor for one test."""
    device = TOTPDevice.objects.create(user=user_named("ann"), name="app", confirmed=True)

    def code():
        totp = TOTP(device.bin_key)
        totp.time = time.time()
        return f"{totp.token():06d}"

    yield code
    device.delete()


def give_code(page, code):
    page.locator("#id_code").fill(code)
    page.locator("#second-factor-form [type=submit]").click()


def test_s01_the_second_factor_is_asked_in_the_sign_in_window(rough_tab, code_of_ann):
    article = draft_article(slug="with-code")
    page = rough_tab("ann", address_of(article))
    page.locator("#id_title_en").fill("With both factors")
    end_session(page)
    save(page)
    give_code(sign_in_beside(page, "ann"), code_of_ann())
    is_saved(page)
    article.refresh_from_db()
    assert article.title_en == "With both factors"


def test_s02_s85_posted_text_is_carried_through_the_second_factor(rough_tab, code_of_ann):
    page = rough_tab("ann", address_of(draft_article(slug="carried-with-code")), java_script_enabled=False)
    page.locator("#id_to_confirm").fill(ODD)
    end_session(page)
    save(page)
    sign_in_here(page, "ann")
    give_code(page, "000000" if code_of_ann() != "000000" else "111111")
    wait_for_next_try()
    give_code(page, code_of_ann())
    page.get_by_role("button", name="Put it back into the form").click()
    expect(page.locator("#id_to_confirm")).to_have_value(ODD)


def wait_for_next_try():
    """After a wrong code the device looks at none for a second."""
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)


def test_s01_another_person_does_not_save_the_text(rough_tab):
    article = draft_article(slug="another-person")
    page = rough_tab("ann", address_of(article))
    page.locator("#id_title_en").fill("Ann's words")
    end_session(page)
    save(page)
    window = sign_in_beside(page, "rui")
    expect(page.get_by_role("dialog")).to_contain_text("Nothing is saved, and the text stays here")
    expect(window.locator("h1")).to_have_text("You are signed in as somebody else")
    expect(page.locator("#id_title_en")).to_have_value("Ann's words")
    article.refresh_from_db()
    assert article.title_en != "Ann's words"
    window.get_by_role("button", name="Sign in as somebody else").click()
    sign_in_here(window, "ann")
    is_saved(page)
    article.refresh_from_db()
    assert article.title_en == "Ann's words"


def test_s01_who_does_not_want_to_sign_in_now_goes_on_writing(rough_tab):
    page = rough_tab("ann", address_of(draft_article(slug="not-now")))
    page.locator("#id_title_en").fill("First")
    end_session(page)
    save(page)
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("#id_title_en").fill("Second")
    save(page)
    expect(page.get_by_role("dialog")).to_be_visible()


def test_s01_a_reply_survives_the_end_of_a_session(rough_tab):
    inquiry = make_inquiry(bureau="sihui", reference="ZQ-LOST-0001")
    page = rough_tab("ou", address_of(inquiry))
    page.locator("#reply").fill(ODD)
    end_session(page)
    page.locator("button[formaction$='/step/reply/']").click()
    sign_in_beside(page, "ou")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert inquiry.messages.get(kind=Message.Kind.REPLY).body == ODD
    assert copies(page) == "[]"


# --- S2, S85: no script ---


def test_s02_s85_posted_text_is_carried_through_sign_in(rough_tab, site):
    article = draft_article(slug="carried")
    page = rough_tab("ann", address_of(article), java_script_enabled=False)
    page.locator("#id_to_confirm").fill(ODD)
    page.locator("#id_body_zh_hans").fill("<p>正文😀</p>")
    end_session(page)
    save(page)
    expect(page.locator(".carried")).to_be_visible()
    sign_in_here(page, "ann")
    page.get_by_role("button", name="Put it back into the form").click()
    assert page.url == f"{site}{address_of(article)}"
    expect(page.locator("#id_to_confirm")).to_have_value(ODD)
    article.refresh_from_db()
    assert article.to_confirm == ""
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.to_confirm.replace("\r\n", "\n") == ODD
    assert article.body_zh_hans == "<p>正文😀</p>"


def test_s02_s85_a_wrong_password_loses_nothing_and_somebody_else_gets_nothing(rough_tab):
    article = draft_article(slug="carried-on")
    page = rough_tab("ann", address_of(article), java_script_enabled=False)
    page.locator("#id_to_confirm").fill(ODD)
    end_session(page)
    save(page)
    page.locator("#id_username").fill("ann")
    page.locator("#id_password").fill("wrong")
    page.locator("#login-form [type=submit]").click()
    sign_in_here(page, "rui")
    expect(page.locator("h1")).to_have_text("Nothing is saved yet")
    assert "肇慶" not in page.content()
    page.get_by_role("button", name="Sign in as somebody else").click()
    sign_in_here(page, "ann")
    page.get_by_role("button", name="Put it back into the form").click()
    expect(page.locator("#id_to_confirm")).to_have_value(ODD)


def test_s02_s85_a_reply_is_carried_through_sign_in_and_not_sent_by_it(rough_tab):
    inquiry = make_inquiry(bureau="sihui", reference="ZQ-LOST-0002")
    page = rough_tab("ou", address_of(inquiry), java_script_enabled=False)
    page.locator("#reply").fill(ODD)
    end_session(page)
    page.locator("button[formaction$='/step/reply/']").click()
    sign_in_here(page, "ou")
    page.get_by_role("button", name="Put it back into the form").click()
    expect(page.locator("#reply")).to_have_value(ODD)
    assert not inquiry.messages.exists()
    page.locator("button[formaction$='/step/reply/']").click()
    assert inquiry.messages.get(kind=Message.Kind.REPLY).body.replace("\r\n", "\n") == ODD


# --- S3: the token is stale ---


def sign_in_anew(page, site):
    """Signs out and in again in a second tab of the same browser."""
    second = page.context.new_page()
    second.goto(f"{site}/admin/")
    second.locator("#logout-form button").click()
    second.goto(f"{site}/admin/")
    sign_in_here(second, "ann")
    expect(second.locator(".front-page, .tasks, #content").first).to_be_visible()
    second.close()


def test_s03_a_form_from_before_a_new_sign_in_is_saved(tab, site):
    article = draft_article(slug="stale-tab")
    page = tab("ann", address_of(article))
    page.locator("#id_title_en").fill("From the old tab")
    sign_in_anew(page, site)
    save(page)
    is_saved(page)
    article.refresh_from_db()
    assert article.title_en == "From the old tab"


def test_s03_without_script_it_is_sent_again_by_one_press(rough_tab, site):
    article = draft_article(slug="stale-plain-tab")
    page = rough_tab("ann", address_of(article), java_script_enabled=False)
    page.locator("#id_to_confirm").fill(ODD)
    sign_in_anew(page, site)
    save(page)
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.to_confirm.replace("\r\n", "\n") == ODD


# --- S4: the browser crashes ---


def crash(page):
    """Closes the page without asking, and opens its address anew in the same browser."""
    context, address = page.context, page.url
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(address)
    return page


def test_s04_text_of_a_crashed_browser_is_offered_and_put_back(tab):
    article = draft_article(slug="crash", title_en="Before")
    page = tab("ann", address_of(article))
    page.locator("#id_title_en").fill("After")
    write(page, "新的一句。😀")
    page.locator("#id_to_confirm").fill(ODD)
    kept(page, "two spaces")
    page = crash(page)
    offer = page.locator("#unsaved")
    expect(offer.get_by_role("heading")).to_have_text(re.compile(r"^Unsaved text from \d\d:\d\d$"))
    page.get_by_role("button", name="Show difference").click()
    expect(offer.locator("tr", has_text="Title")).to_contain_text("Before")
    expect(offer.locator("tr", has_text="Title")).to_contain_text("After")
    page.get_by_role("button", name="Put it back").click()
    expect(offer).to_be_hidden()
    expect(page.locator("#id_title_en")).to_have_value("After")
    expect(page.locator("#id_to_confirm")).to_have_value(ODD)
    expect(editor(page)).to_contain_text("新的一句。😀")
    save(page)
    is_saved(page)
    article.refresh_from_db()
    assert article.title_en == "After"
    assert "新的一句。😀" in article.body_zh_hans
    assert article.to_confirm == ODD
    assert copies(page) == "[]"


def test_s04_what_a_step_that_is_over_would_have_sent_is_not_put_back(tab, site):
    """Choices go with their form; what somebody wrote stays to be read."""
    answered = {"status": "answered", "first_answered_at": timezone.now(), "answered_at": timezone.now()}
    for number, note in ((1, ""), (2, "No plot is large enough.")):
        inquiry = make_inquiry(bureau="sihui", reference=f"ZQ-SHUT-000{number}", topic="land", assignee=user_named("ou"), **answered)
        page = tab("ou", address_of(inquiry))
        page.locator("#result").select_option("not-possible")
        page.locator("#result_note").fill(note)
        page.locator("button[formaction$='/step/close/']").click()
        expect(page.locator(".messagelist .error").first).to_be_visible()
        kept(page, "not-possible")
        page.close(run_before_unload=False)
        page = page.context.new_page()
        page.goto(f"{site}{address_of(inquiry)}")
        offer = page.locator("#unsaved")
        expect(offer.get_by_role("button", name="Put it back")).to_be_visible()
        page.locator("#result").select_option("visit")
        page.locator("button[formaction$='/step/close/']").click()
        expect(page.locator(".messagelist .success").first).to_be_visible()
        if not note:
            expect(offer).to_be_hidden()
            assert copies(page) == "[]"
            continue
        expect(offer.get_by_role("button", name="Put it back")).to_be_hidden()
        offer.get_by_role("button", name="Show difference").click()
        expect(offer.locator("tr", has_text=note)).to_contain_text("Explanation for the investor")
        offer.get_by_role("button", name="Discard").click()
        assert copies(page) == "[]"


def test_s06_a_download_comes_as_often_as_it_is_asked_for(tab):
    page = tab("mei", "/admin/inquiries/inquiry/ledger/")
    page.locator("[name=reason]").fill("Report to the city government")
    for _press in range(2):
        with page.expect_download():
            page.locator("form.narrow button[type=submit]").click()


def test_s04_new_rows_and_searched_choices_come_back(tab):
    park = make_park(bureau="sihui", status=Status.DRAFT, slug="crash-park")
    picture = make_picture(bureau="sihui", caption_en="Crane hall")
    page = tab("ann", address_of(park))
    rows = page.locator("#publishing-pictureuse-content_type-object_id-group")
    rows.locator(".add-row a").click()
    rows.locator(".select2-selection").first.click()
    page.locator(".select2-dropdown .select2-search__field").fill("Crane")
    page.locator(".select2-results__option", has_text="Crane hall").click()
    areas = page.locator("#functional_areas-group")
    areas.locator("summary").first.click()
    areas.locator(".add-row a").click()
    areas.locator("[name='functional_areas-0-title_en']").fill("New area")
    kept(page, "New area")
    page = crash(page)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("[name='functional_areas-0-title_en']")).to_have_value("New area")
    expect(page.locator("#publishing-pictureuse-content_type-object_id-0 .select2-selection__rendered")).to_contain_text("Crane hall")
    assert page.locator("[name='publishing-pictureuse-content_type-object_id-0-picture']").input_value() == str(picture.pk)


def test_s04_a_comment_survives_a_crash_and_the_end_of_the_session(rough_tab):
    article = draft_article(slug="crash-comment")
    make_change(article, "in-review", by=user_named("ann"))
    page = rough_tab("rui", address_of(article).replace("/change/", "/step/ask_for_changes/"))
    page.locator("#id_comment").fill(ODD)
    kept(page, "肇慶招商")
    page = crash(page)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#id_comment")).to_have_value(ODD)
    end_session(page)
    page.locator("#step_form [type=submit]").click()
    sign_in_beside(page, "rui")
    expect(page.locator(".messagelist .success")).to_contain_text("Sent back")
    assert copies(page) == "[]"
    assert changes.last_decision(article).comment == ODD


def test_s04_choices_between_two_versions_survive_a_crash(tab):
    article = draft_article(slug="crash-choice", title_en="Before", summary_en="A summary.")
    make_conflict(article, user_named("rui"), user_named("ann"))
    page = tab("ann", address_of(article).replace("/change/", "/conflict/3/"))
    for radio in page.locator("[type=radio][value=mine]").all():
        radio.check()
    page.wait_for_function("() => Object.keys(localStorage).some((name) => name.includes('/conflict/'))")
    page = crash(page)
    expect(page.locator("[name=choice_0][value=mine]")).not_to_be_checked()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("[name=choice_0][value=mine]")).to_be_checked()
    page.locator("#conflict_form [type=submit]").click()
    is_saved(page)
    assert copies(page) == "[]"


def test_s28_the_button_names_the_time_of_beijing_while_it_is_chosen(tab):
    article = draft_article(slug="schedule-label")
    make_change(article, "approved", by=user_named("ann"))
    page = tab("rui", address_of(article).replace("/change/", "/step/schedule/"), timezone_id="America/Los_Angeles")
    button = page.locator("#step_form [type=submit]")
    expect(button).to_have_text("Schedule")
    page.locator("[name=go_live_at_0]").fill("2036-12-01")
    page.locator("[name=go_live_at_1]").fill("09:00")
    expect(button).to_have_text("Schedule for 1 Dec 2036 09:00")
    button.click()
    expect(page.locator(".messagelist .success")).to_have_text("Goes live on Mon 1 Dec 2036, 09:00 Beijing time.")


def test_s04_it_is_offered_to_nobody_else_and_discarded_for_good(tab, site):
    page = tab("ann", address_of(draft_article(slug="private-copy")))
    page.locator("#id_to_confirm").fill("For Ann's eyes")
    kept(page, "For Ann's eyes")
    page.close(run_before_unload=False)
    open_session(page.context, site, "rui")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#id_to_confirm")).to_be_visible()
    expect(other.locator("#unsaved")).to_be_hidden()
    open_session(page.context, site, "ann")
    other.reload()
    other.get_by_role("button", name="Discard").click()
    other.reload()
    expect(other.locator("#unsaved")).to_be_hidden()
    assert copies(other) == "[]"


def test_s04_it_is_gone_after_signing_out(tab):
    page = tab("ann", address_of(draft_article(slug="signed-out-copy")))
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#id_to_confirm").fill("Left behind")
    kept(page, "Left behind")
    page.locator("#logout-form button").click()
    expect(page.locator("#logout-form")).to_have_count(0)
    assert copies(page) == "[]"


def test_s04_it_is_gone_after_fourteen_days(tab):
    page = tab("ann", address_of(draft_article(slug="old-copy")))
    page.locator("#id_to_confirm").fill("Too old")
    kept(page, "Too old")
    days = "(days) => { for (const [key, text] of Object.entries(localStorage)) if (key.startsWith('unsaved:'))" + (
        "localStorage[key] = JSON.stringify(JSON.parse(text).map((copy) => ({ ...copy, at: Date.now() - days * 86400000 }))); }"
    )
    page.evaluate(days, 13)
    page = crash(page)
    expect(page.locator("#unsaved")).to_be_visible()
    page.evaluate(days, 15)
    page = crash(page)
    expect(page.locator("#id_to_confirm")).to_be_visible()
    expect(page.locator("#unsaved")).to_be_hidden()
    assert copies(page) == "[]"


def test_s04_it_never_holds_passwords_tokens_and_files(tab):
    page = tab("ann", address_of(draft_article(slug="secrets")))
    secret = """() => document.querySelector("#article_form").insertAdjacentHTML("beforeend",
        "<input type=password name=old value=''><input name=code autocomplete=one-time-code><input type=hidden name=token value=t0ken>")"""
    page.evaluate(secret)
    page.locator("[name=old]").fill("a-secret-word-77")
    page.locator("[name=code]").fill("331177")
    page.locator("#id_to_confirm").fill("Not secret")
    kept(page, "Not secret")
    assert not any(word in copies(page) for word in ("a-secret-word-77", "331177", "t0ken"))
    assert page.locator("[name=csrfmiddlewaretoken]").first.input_value() not in copies(page)
    page = tab("mei", "/admin/publishing/picture/add/")
    file = picture_file("secret-name.jpg")
    page.locator("#id_file").set_input_files({"name": file.name, "mimeType": "image/jpeg", "buffer": file.read()})
    page.locator("#id_credit").fill("Credit line")
    kept(page, "Credit line")
    assert "secret-name" not in copies(page)


# --- S5, S6, S7: network, double press, leaving ---


def test_s05_a_network_that_drops_saves_nothing_twice(rough_tab, site):
    article = draft_article(slug="offline")
    page = rough_tab("ann", address_of(article))
    page.locator("#id_title_en").fill("Typed on the train")
    page.context.set_offline(True)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    assert page.url == f"{site}{address_of(article)}"
    expect(page.locator("#id_title_en")).to_have_value("Typed on the train")
    page.context.set_offline(False)
    save(page)
    is_saved(page)
    article.refresh_from_db()
    assert article.title_en == "Typed on the train"


def test_s06_a_draft_saved_twice_is_one(tab):
    page = tab("ann", "/admin/news/article/add/")
    page.locator("#id_title_en").fill("Pressed twice")
    press_twice(page.locator(".submit-row [name=_continue]"))
    is_saved(page)
    assert Article.objects.filter(title_en="Pressed twice").count() == 1


def test_s06_a_reply_pressed_twice_is_one_mail(tab):
    inquiry = make_inquiry(bureau="sihui", reference="ZQ-LOST-0003")
    page = tab("ou", address_of(inquiry))
    page.locator("#reply").fill("One answer.")
    press_twice(page.locator("button[formaction$='/step/reply/']"))
    expect(page.locator(".messagelist .success").first).to_be_visible()
    assert inquiry.messages.filter(kind=Message.Kind.REPLY).count() == 1
    assert Letter.objects.filter(reference=inquiry.reference).count() == 1


def warns(page) -> bool:
    """Whether leaving the page asks first."""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator(".breadcrumbs a").first.click()
    page.wait_for_url(re.compile(r"/admin/$"))
    return asked == ["beforeunload"]


@pytest.mark.parametrize(
    ("case", "expected"),
    [("nothing changed", False), ("changed", True), ("changed and put back", False), ("editor changed", True), ("editor put back", False)],
)
def test_s07_leaving_warns_only_of_real_changes(case, expected, tab):
    # White space that the editor writes differently from what is stored.
    article = draft_article(
        slug=f"leaving-{case.replace(' ', '-')}", title_en="Title", body_zh_hans="<p>正文</p>\n\n<ul>\n<li>甲</li></ul>"
    )
    page = tab("ann", address_of(article))
    expect(editor(page)).to_be_attached()
    page.locator("#id_title_en").click()
    if case.startswith("changed"):
        page.locator("#id_title_en").fill("Other")
    if case == "changed and put back":
        page.locator("#id_title_en").fill("Title")
    if case.startswith("editor"):
        write(page, "乙")
    if case == "editor put back":
        page.keyboard.press("Backspace")
    assert warns(page) is expected


# --- S8: Chinese input ---


def compose(page, letters):
    """Types letters into an input method, as the browser sees it: the word is not chosen yet."""
    client = page.context.new_cdp_session(page)
    for end in range(1, len(letters) + 1):
        client.send("Input.imeSetComposition", {"text": letters[:end], "selectionStart": end, "selectionEnd": end})
    return client


def test_s08_nothing_is_kept_or_searched_while_a_word_is_composed(tab):
    make_picture(bureau="sihui", caption_zh_hans="肇庆大桥")
    page = tab("ann", address_of(draft_article(slug="input-method")))
    open_language(page, "简体中文")
    page.locator("#id_title_zh_hans").click()
    client = compose(page, "zhaoqing")
    page.wait_for_timeout(600)
    assert copies(page) == "[]"
    client.send("Input.insertText", {"text": "肇庆"})
    kept(page, "肇庆")
    assert "zhaoqing" not in copies(page)
    rows = page.locator("#publishing-pictureuse-content_type-object_id-group")
    rows.locator(".add-row a").click()
    rows.locator(".select2-selection").first.click()
    expect(page.locator(".select2-results__option").first).to_be_visible()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "autocomplete" in request.url else None)
    client = compose(page, "daqiao")
    page.wait_for_timeout(600)
    assert asked == []
    client.send("Input.insertText", {"text": "大桥"})
    expect(page.locator(".select2-results__option", has_text="肇庆大桥")).to_be_visible()
    assert all("daqiao" not in address for address in asked)


# --- S9, S10: refused forms ---


def test_s09_a_refused_form_keeps_values_rows_and_photo(tab):
    picture = make_picture(bureau="sihui", caption_en="Kept photo")
    park = make_park(bureau="sihui", status=Status.DRAFT, slug="refused-park")
    page = tab("ann", address_of(park))
    rows = page.locator("#publishing-pictureuse-content_type-object_id-group")
    rows.locator(".add-row a").click()
    rows.locator(".select2-selection").first.click()
    page.locator(".select2-results__option", has_text="Kept photo").click()
    areas = page.locator("#functional_areas-group")
    areas.locator("summary").first.click()
    areas.locator(".add-row a").click()
    areas.locator("[name='functional_areas-0-title_zh_hans']").fill("新片区")
    write(page, "新的正文")
    page.locator("#id_slug").fill("not a slug!")
    save(page)
    expect(page.locator(".error-links")).to_be_focused()
    expect(page.locator(".error-links")).to_be_in_viewport()
    expect(page.locator("[name='functional_areas-0-title_zh_hans']")).to_have_value("新片区")
    assert page.locator("[name='publishing-pictureuse-content_type-object_id-0-picture']").input_value() == str(picture.pk)
    expect(editor(page)).to_contain_text("新的正文")
    expect(page.locator("#unsaved")).to_be_hidden()
    page.locator(".error-links a").first.click()
    expect(page).to_have_url(re.compile("#id_slug$"))
    assert warns(page)


def test_s09_the_text_of_a_refused_form_survives_a_crash(tab):
    article = draft_article(slug="refused-then-crashed")
    page = tab("ann", address_of(article))
    page.locator("#id_to_confirm").fill("Refused once")
    page.locator("#id_slug").fill("not a slug!")
    save(page)
    expect(page.locator(".error-links")).to_be_focused()
    page = crash(page)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#id_to_confirm")).to_have_value("Refused once")
    page.locator("#id_slug").fill("refused-then-saved")
    save(page)
    is_saved(page)
    assert copies(page) == "[]"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("IMG_0001.heic", b"\0\0\0\x18ftypheic" + 64 * b"\0", "JPEG"),
        ("setup.jpg", b"MZ" + 200 * b"\0", "JPEG"),
        ("large.jpg", 20_000_001 * b"\0", "20"),
        ("wide.jpg", picture_file("wide.jpg", size=(12_000, 4_000)).read(), "megapixels"),
    ],
)
def test_s10_a_refused_upload_says_why_and_keeps_the_rest(name, content, words, tab):
    page = tab("mei", "/admin/publishing/picture/add/")
    page.locator("#id_credit").fill("Of the refused upload")
    page.locator("#id_alt_zh_hans").fill("车间")
    page.locator("#id_license").select_option("own")
    page.locator("#id_file").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": content})
    page.locator("[name=_save]").click()
    expect(page.locator(".error-links")).to_contain_text(words)
    expect(page.locator("#id_credit")).to_have_value("Of the refused upload")
    expect(page.locator("#id_alt_zh_hans")).to_have_value("车间")
    assert not Picture.objects.filter(credit="Of the refused upload", alt_zh_hans="车间").exists()


# --- S11: two people ---


def test_s11_both_see_each_other_and_the_one_who_leaves_is_gone(tab, site):
    article = draft_article(slug="two-people")
    ann, rui = tab("ann", address_of(article)), tab("rui", address_of(article))
    named = {name: user_named(name).get_full_name() or name for name in ("ann", "rui")}
    expect(rui.locator("#presence")).to_have_text(f"{named['ann']} has this open.")
    rui.locator("#id_title_en").fill("Typed by Rui")
    pattern = rf"{named['rui']} is editing \(since \d\d:\d\d\)"
    expect(ann.locator("#presence")).to_have_text(re.compile(pattern), timeout=20_000)
    ann.goto(f"{site}/admin/")
    expect(rui.locator("#presence")).to_be_empty(timeout=20_000)
