"""The investor's page: what they may see, and nobody else."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from inquiries import access, investor
from inquiries.form_key import fingerprint
from inquiries.models import Attempt, Erasure, Inquiry, Message, TrackingLink
from inquiries.workflow import Details, take
from outbox.models import Letter
from outbox.sending import deliver_due
from tests.factories import (
    in_three,
    make_article,
    make_bureau,
    make_extension,
    make_inquiry,
    make_letter,
    make_member,
    make_message,
    make_transfer,
    make_user,
)
from tests.inquiries.conftest import FORM, send
from tests.pages import page_of
from zhaoqing_site.logs import Line

pytestmark = pytest.mark.django_db
Status = Inquiry.Status


@pytest.fixture
def inquiry(city):
    return make_inquiry(bureau=city, reference="ZQ-AAAA-2222", secret_hash=fingerprint("right"), message="CANARY-OWN")


def page(visitor, language="en", secret="right", reference="ZQ-AAAA-2222"):
    return visitor.get(f"{FORM[language]}{reference}/{secret}/")


@pytest.mark.parametrize("language", FORM)
def test_page_shows_where_the_inquiry_stands(inquiry, visitor, language):
    response = page(visitor, language)
    text = response.content.decode()
    assert response.status_code == 200
    assert all(word in text for word in ("ZQ-AAAA-2222", "CANARY-OWN", "+86 758"))


def test_page_names_the_article_that_was_asked_on_while_it_is_public(inquiry, visitor):
    article = make_article(slug="grid", **in_three("title", "A new grid", "新电网"))
    Inquiry.objects.update(about="/en/news/grid/")
    assert re.search(r"咨询来源页面</dt>\s*<dd[^>]*><a href=\"/zh-hans/news/grid/\">新电网</a>", page(visitor, "zh-hans").content.decode())
    type(article).objects.update(status="draft")
    assert "A new grid" not in page(visitor).content.decode()


def test_page_is_private(inquiry, visitor):
    response = page(visitor)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex' in response.content.decode()
    assert 'rel="canonical"' not in response.content.decode()
    assert set(response.cookies) == {"csrftoken"}


def test_wrong_secret_is_answered_like_an_unknown_reference(inquiry, visitor):
    wrong, unknown = page(visitor, secret="wrong"), page(visitor, reference="ZQ-BBBB-3333", secret="wrong")
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.content.replace(b"ZQ-AAAA-2222", b"") == unknown.content.replace(b"ZQ-BBBB-3333", b"")


@pytest.mark.parametrize("secret", ["", "RIGHT", "right ", "righ", "right/x", "%00", "é"])
def test_only_the_right_secret_opens(inquiry, visitor, secret):
    assert visitor.get(f"/en/inquiry/ZQ-AAAA-2222/{secret}").status_code in (301, 404)
    assert page(visitor, secret=secret).status_code == 404 or secret == ""


def test_notes_and_steps_stay_with_the_staff(inquiry, visitor):
    make_message(inquiry=inquiry, kind=Message.Kind.NOTE, body="CANARY-NOTE")
    make_message(inquiry=inquiry, kind=Message.Kind.STEP, step="assign", body="CANARY-STEP")
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, body="Our answer", author=make_user("ou", first_name="Ou Wen"))
    text = page(visitor).content.decode()
    assert "Our answer" in text
    assert "Ou Wen" in text
    assert "CANARY-NOTE" not in text
    assert "CANARY-STEP" not in text


def test_officer_is_named_without_sign_in_name_or_mail(inquiry, visitor):
    officer = make_user("CANARY-LOGIN", email="CANARY@example.com")
    Inquiry.objects.update(assignee=officer, status=Status.ASSIGNED)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, body="Our answer", author=officer)
    assert "CANARY@" not in page(visitor).content.decode()
    assert "CANARY-LOGIN" not in page(visitor).content.decode()


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.CLOSED, Status.MERGED)])
def test_each_status_has_a_page(inquiry, visitor, status):
    Inquiry.objects.update(status=status)
    assert page(visitor).status_code == 200


def test_closed_inquiry_shows_its_result(inquiry, visitor):
    end = {"status": Status.CLOSED, "result": Inquiry.Result.REFERRED, "result_note": "Customs office"}
    Inquiry.objects.update(closed_at=inquiry.received_at, **end)
    text = page(visitor).content.decode()
    assert "Customs office" in text
    assert "referred" in text


def test_late_answer_is_admitted(inquiry, visitor):
    Inquiry.objects.update(answer_by=inquiry.received_at)
    assert "are late" in page(visitor).content.decode()


def test_letter_that_did_not_arrive_is_admitted(inquiry, visitor):
    letter = make_letter(state=Letter.State.PARKED, tries=8)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, body="Our answer", letter=letter)
    text = page(visitor).content.decode()
    assert "could not be delivered" in text
    assert "Our answer" in text


def test_s62_looking_changes_nothing(inquiry, visitor):
    """Mail scanners open every link of a letter, those of pages that ask included."""
    TrackingLink.objects.create(inquiry=inquiry, secret_hash=fingerprint("new"), made_at=timezone.now())
    before = Inquiry.objects.values().get()
    for secret in ("right", "new"):
        assert page(visitor, secret=secret).status_code == 200
        for act in ("write", "withdraw", "erase", "renew", "only", "rate", "change", "reopen"):
            assert visitor.get(f"{FORM['en']}ZQ-AAAA-2222/{secret}/{act}/").status_code in (200, 302)
        assert visitor.post(f"{FORM['en']}ZQ-AAAA-2222/{secret}/").status_code == 405
    assert Inquiry.objects.values().get() == before
    assert not Message.objects.exists()
    assert not Attempt.objects.exists()
    assert inquiry.links.count() == 1


def test_secret_is_long_and_different_each_time(city):
    first, second = send(key=None), send()
    assert first.status_code == 200
    assert len(second["Location"].split("/")[4]) >= 22


# --- What the page tells ---


def told(visitor, **more):
    return page_of(page(visitor, **more)).text


def officer_of_dinghu():
    return make_member("do", "officer", first_name="Wen", last_name="Ou")


def test_transfer_is_told_with_both_bureaus_and_what_is_for_the_investor(inquiry, visitor, city_desk):
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, body="First", author=city_desk)
    make_transfer(inquiry, city_desk, state="proposed", reason="CANARY-PROPOSED")
    inside = {"reason": "CANARY-REASON", "agreed": "CANARY-AGREED", "answer": "CANARY-ANSWER"}
    make_transfer(inquiry, city_desk, state="done", decided_at=timezone.now(), for_investor="The plot lies in Sihui.", **inside)
    make_transfer(inquiry, city_desk, state="refused", decided_at=timezone.now(), answer_for_investor="It lies in Dinghu.", **inside)
    Inquiry.objects.update(bureau=make_transfer(inquiry, city_desk, state="declined").to_bureau)
    text = told(visitor)
    assert f"Went from the {inquiry.bureau.name} to the Bureau of Sihui" in text
    assert "The plot lies in Sihui." in text
    assert "It lies in Dinghu." in text
    assert not [word for word in ("PROPOSED", "REASON", "AGREED", "ANSWER") if f"CANARY-{word}" in text]
    assert "CANARY-REASON" not in visitor.get("/en/inquiry/ZQ-AAAA-2222/right/copy.json").content.decode()
    assert f"{inquiry.bureau.name} {Message.objects.get().written_at:%-d}" in text  # who answered then, not who has it now
    assert "Bureau of Sihui has received your inquiry" in text


def test_more_time_is_told_with_its_reason_and_the_new_date(visitor, city, manager):
    officer = officer_of_dinghu()
    inquiry = make_inquiry(reference="ZQ-AAAA-2222", secret_hash=fingerprint("right"), status=Status.IN_PROGRESS, assignee=officer)
    take(inquiry, "ask_extension", officer, Details(clock="answer", days=3, reason="We wait for the grid."))
    assert "We wait for the grid" not in told(visitor)
    take(inquiry, "grant_extension", manager)
    text = told(visitor)
    assert "3 working days more for the answer" in text
    assert "Because: We wait for the grid." in text
    assert f"will now answer you by {inquiry.answer_by:%A}" in text


def test_question_says_since_when_it_waits(inquiry, visitor):
    inquiry.pauses.create(started_at=timezone.now())
    Inquiry.objects.update(status=Status.WAITING)
    text = told(visitor)
    assert "need your reply" in text
    assert "the time for the result stands still" in text


def test_what_a_letter_repeats_is_folded(inquiry, visitor):
    make_message(inquiry=inquiry, kind=Message.Kind.INVESTOR, via="mail", body="Yes.", quoted="> CANARY", foreign_sender="b@example.com")
    html = page(visitor).content.decode()
    folded = re.search(r'<details class="quoted">.*?</details>', html, re.DOTALL)[0]
    assert "CANARY" in folded
    assert html.count("CANARY") == folded.count("CANARY") + 1  # and the investor's own first text
    head = re.search(r'<p class="thread-head">(?:(?!</p>).)*b@example.com.*?</p>', html)[0]
    assert "You" not in head  # somebody else wrote it
    assert "by e-mail" in html


def test_s63_merged_inquiries_have_each_their_page_and_no_word_of_the_other(inquiry, visitor):
    theirs = make_inquiry(bureau=inquiry.bureau, email="other@example.com", message="CANARY-OTHER", result_note="CANARY-NOTE")
    Inquiry.objects.filter(pk=inquiry.pk).update(status=Status.MERGED, merged_into=theirs, merged_at=timezone.now())
    make_message(inquiry=theirs, kind=Message.Kind.REPLY, body="CANARY-REPLY", author=make_user("a"))
    make_extension(theirs, make_user("b"), state="approved", decided_at=timezone.now() + timedelta(hours=1), reason="CANARY-REASON")
    closed = {"closed_at": timezone.now(), "result": "referred"}
    for status in Status.NEW, Status.WAITING, Status.ANSWERED, Status.CLOSED:
        Inquiry.objects.filter(pk=theirs.pk).update(status=status, **closed)
        text = told(visitor)
        assert "CANARY-OWN" in text
        assert not re.search("CANARY-(OTHER|NOTE|REPLY|REASON)", text)
        assert "merged" not in text.lower()
        assert "need your reply" not in text
    Inquiry.objects.update(email="same@example.com", status=Status.ANSWERED)
    Inquiry.objects.filter(pk=inquiry.pk).update(status=Status.MERGED)
    text = told(visitor)
    assert "together with your inquiry" in text
    assert "CANARY-REPLY" in text


def test_erased_page_is_empty(inquiry, visitor):
    Inquiry.objects.update(status=Status.CLOSED, result="answered", closed_at=timezone.now(), erased_at=timezone.now(), message="", name="")
    response = page(visitor)
    assert "Your details were deleted" in page_of(response).text
    assert "<form" not in response.content.decode().partition("<main")[2].partition("</main")[0]


# --- What the investor does ---


def post(act, secret="right", visitor=None, **fields):
    return (visitor or Client()).post(f"/en/inquiry/ZQ-AAAA-2222/{secret}/{act}/", fields)


def close(inquiry, **fields):
    fields = {"status": Status.CLOSED, "result": "answered", "closed_at": timezone.now()} | fields
    Inquiry.objects.filter(pk=inquiry.pk).update(**fields)


def pdf(name="plan.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n")


def test_reply_with_files_is_stored_once_however_often_it_is_pressed(inquiry):
    key = str(uuid.uuid4())
    for _press in range(2):
        response = post("write", key=key, body="Power: 10,000 kVA", files=[pdf("a.pdf"), pdf("b.pdf")])
        assert response["Location"] == "/en/inquiry/ZQ-AAAA-2222/right/?done=write"
    message = inquiry.messages.get()
    assert (message.body, message.kind, message.via) == ("Power: 10,000 kVA", Message.Kind.INVESTOR, Message.Via.PAGE)
    assert message.attachments.count() == 2
    text = page_of(Client().get(response["Location"])).text
    assert "Your message is with the bureau" in text
    assert "Power: 10,000 kVA" in text


def test_file_alone_is_a_message_and_nothing_is_none(inquiry):
    assert post("write", files=[pdf()]).status_code == 303
    assert inquiry.messages.get().attachments.get().name == "plan.pdf"
    response = post("write", body="  ")
    assert "Write something, or choose a file" in response.content.decode()
    assert '<a href="#write_body">' in response.content.decode()


def test_refused_file_keeps_the_text(inquiry):
    text = post("write", body="CANARY-TYPED", files=[SimpleUploadedFile("run.exe", b"MZ")]).content.decode()
    assert "“run.exe” is not a PDF" in text
    assert "CANARY-TYPED" in text
    assert "<title>Error:" in text
    assert not inquiry.messages.exists()


def test_text_is_changed_within_ten_minutes_and_shown_as_changed(inquiry, visitor):
    address = "/en/inquiry/ZQ-AAAA-2222/right/change/"
    assert "CANARY-OWN" in visitor.get(address).content.decode()
    assert post("change", what=str(inquiry.pk), body="We look for 3 ha.").status_code == 303
    text = told(visitor)
    assert "We look for 3 ha." in text
    assert "changed" in text
    message = investor.write(inquiry, "2 ha", via=Message.Via.PAGE)
    stale = post("change", what=str(inquiry.pk), body="CANARY-TYPED")
    assert "can no longer be changed" in stale.content.decode()
    assert "CANARY-TYPED" in stale.content.decode()
    assert post("change", what=str(message.pk), body="4 ha").status_code == 303
    message.refresh_from_db()
    assert message.body == "4 ha"
    Message.objects.update(written_at=timezone.now() - timedelta(minutes=11))
    assert address not in page(visitor).content.decode()
    assert visitor.get(address)["Location"] == "/en/inquiry/ZQ-AAAA-2222/right/"


def test_older_tab_does_not_overwrite_a_newer_wording_and_shows_both(inquiry, visitor, officer, signed_in):
    Inquiry.objects.update(bureau=officer.memberships.get().bureau)
    address = "/en/inquiry/ZQ-AAAA-2222/right/change/"
    older, newer = (page_of(visitor.get(address)).one("input", name="was")["value"] for _tab in range(2))
    first = {"what": str(inquiry.pk), "was": newer, "body": "CANARY-SECOND"}
    assert [post("change", **first).status_code for _press in range(2)] == [303, 303]
    refused = post("change", what=str(inquiry.pk), was=older, body="CANARY-THIRD")
    text = refused.content.decode()
    assert all(words in text for words in ("CANARY-SECOND", "CANARY-THIRD", "another window"))
    inquiry.refresh_from_db()
    assert inquiry.message == "CANARY-SECOND"
    seen = page_of(refused).one("input", name="was")["value"]
    assert post("change", what=str(inquiry.pk), was=seen, body="CANARY-THIRD").status_code == 303
    message = investor.write(inquiry, "CANARY-FOURTH", via=Message.Via.PAGE)
    investor.change(message, "CANARY-FIFTH")
    for_investor = page(visitor).content.decode()
    assert [words for words in ("OWN", "SECOND", "FOURTH") if f"CANARY-{words}" in for_investor] == []
    for_staff = signed_in(officer).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    earlier = " ".join(re.findall(r'<details class="case-quoted">.*?</details>', for_staff))
    assert [words for words in ("OWN", "SECOND", "FOURTH") if f"CANARY-{words}" not in earlier] == []
    copy = visitor.get("/en/inquiry/ZQ-AAAA-2222/right/copy.json").json()
    assert [row["text"] for row in copy["earlier_wordings"]] == ["CANARY-OWN", "CANARY-SECOND", "CANARY-FOURTH"]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_withdrawn_is_not_what_a_page_of_the_site_is(inquiry, visitor, language):
    investor.withdraw(inquiry)
    text = page(visitor, language).content.decode()
    assert "已撤回" in text
    assert not re.search("停止[发發][布佈]", text)


def test_receipt_that_was_refused_is_told_to_investor_and_officer(inquiry, visitor, officer, signed_in):
    Inquiry.objects.update(bureau=officer.memberships.get().bureau)
    receipt = make_letter(reference=inquiry.reference, tries=1, last_error="421 try later")
    make_letter(reference=inquiry.reference, to="do@example.com", tries=1, last_error="550 5.1.1 no such mailbox")
    staff, view = f"/admin/inquiries/inquiry/{inquiry.pk}/change/", "/admin/inquiries/inquiry/?show=undelivered"

    def counted():
        tasks = signed_in(officer).get("/admin/").context["tasks"]
        number = next((task.count for task in tasks if task.name == "Inquiries: our e-mail did not arrive"), 0)
        assert signed_in(officer).get(view).context["cl"].result_count == number
        return number

    assert "could not be delivered" not in page(visitor).content.decode()
    assert counted() == 0
    Letter.objects.filter(pk=receipt.pk).update(last_error="550 5.1.1 no such mailbox")
    assert "could not be delivered to your address erika@example.com" in page(visitor).content.decode()
    shown = signed_in(officer).get(staff).content.decode()
    assert "The address erika@example.com refuses our e-mail." in shown
    assert "No telephone number is known" in shown
    assert counted() == 1
    make_letter(reference=inquiry.reference, state=Letter.State.SENT, tries=1, sent_at=timezone.now())
    assert "could not be delivered" not in page(visitor).content.decode()
    assert counted() == 0


def test_bureau_without_a_telephone_names_the_city_bureaus(inquiry, visitor, city):
    Inquiry.objects.update(bureau=make_bureau("sihui"))
    who = page(visitor).content.decode().split('class="card who"')[1].split("</div>")[0]
    assert f"{city.name}<br>" in who
    assert "tel:+867582899202" in who


def test_withdrawing_asks_first_and_is_done_once(inquiry, visitor):
    address = "/en/inquiry/ZQ-AAAA-2222/right/withdraw/"
    assert f'href="{address}"' in page(visitor).content.decode()
    asked = page_of(visitor.get(address))
    assert "nobody works on it any longer" in asked.text
    key = asked.one("input", name="key")["value"]
    for _press in range(2):
        assert post("withdraw", key=key, reason="We build elsewhere.").status_code == 303
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.result) == (Status.CLOSED, "withdrawn")
    assert inquiry.messages.count() == 1
    assert Letter.objects.filter(to=inquiry.email).count() == 1
    text = told(visitor)
    assert "We build elsewhere." in text
    assert address not in page(visitor).content.decode()


def test_s68_reopened_from_the_page_with_a_reason_within_thirty_days(inquiry, visitor):
    close(inquiry)
    assert "Say what is still open" in post("reopen", reason="").content.decode()
    key = str(uuid.uuid4())
    assert [post("reopen", key=key, reason="The rent was left out.").status_code for _press in range(2)] == [303, 303]
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.reopened) == (Status.IN_PROGRESS, 1)
    assert "The rent was left out." in told(visitor)
    close(inquiry, closed_at=timezone.now() - timedelta(days=31))
    assert "30 days ago" in post("reopen", reason="CANARY-TYPED").content.decode()
    assert "CANARY-TYPED" in post("reopen", reason="CANARY-TYPED").content.decode()
    assert 'id="reopen"' not in page(visitor).content.decode()


def test_s68_grade_in_five_words_once(inquiry, visitor):
    assert 'id="rate"' not in page(visitor).content.decode()
    close(inquiry)
    assert len(page_of(page(visitor)).all("input", name="grade")) == 5
    assert "Choose one of the five ratings" in post("rate", text="CANARY-TYPED").content.decode()
    assert [post("rate", grade="2", text="Slow").status_code for _press in range(2)] == [303, 303]
    inquiry.refresh_from_db()
    assert (inquiry.rating, inquiry.rating_text) == (2, "Slow")
    assert inquiry.follow_ups.count() == 1
    assert "rated the service already" in post("rate", grade="5").content.decode()
    assert "You rated our service: poor" in told(visitor)


def test_deletion_is_asked_for_once_and_ends_the_inquiry(inquiry, visitor):
    assert "cannot be undone" in visitor.get("/en/inquiry/ZQ-AAAA-2222/right/erase/").content.decode()
    assert [post("erase").status_code for _press in range(2)] == [303, 303]
    erasure = Erasure.objects.get()
    assert (erasure.origin, erasure.asked_by, erasure.done_at) == (Erasure.Origin.INVESTOR, None, None)
    inquiry.refresh_from_db()
    assert inquiry.status == Status.CLOSED
    text = told(visitor)
    assert "to have your details deleted" in text
    assert "Write to the bureau" not in text
    assert Letter.objects.filter(to=inquiry.email, subject__contains="delete your details").count() == 1


def test_lost_cookie_costs_no_text_and_a_page_without_referrer_may_send(inquiry):
    strict = Client(enforce_csrf_checks=True)
    refusal = strict.post("/en/inquiry/ZQ-AAAA-2222/right/write/", {"body": "CANARY-TYPED"})
    assert refusal.status_code == 403
    assert "CANARY-TYPED" in refusal.content.decode()
    token = page_of(strict.get("/en/inquiry/ZQ-AAAA-2222/right/")).all("input", name="csrfmiddlewaretoken")[0]["value"]
    fields = {"body": "Hello", "csrfmiddlewaretoken": token}
    assert strict.post("/en/inquiry/ZQ-AAAA-2222/right/write/", fields, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert strict.post("/en/inquiry/ZQ-AAAA-2222/right/write/", fields, HTTP_ORIGIN="null", secure=True).status_code == 303
    assert inquiry.messages.get().body == "Hello"


def test_posts_of_an_hour_are_limited_and_the_text_stays(inquiry):
    assert {post("write", body="Hello").status_code for _press in range(access.TRIES_AN_HOUR)} == {303}
    response = post("write", body="CANARY-TYPED")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "CANARY-TYPED" in response.content.decode()
    Attempt.objects.update(sender_hash="somebody else")
    assert post("write", body="Hello").status_code == 429
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert post("write", body="Hello").status_code == 303


def test_what_cannot_be_read_is_told_on_the_page(inquiry):
    assert "too large" in post("write", body="x" * 3_000_000, visitor=None).content.decode()
    response = Client().post("/en/inquiry/ZQ-AAAA-2222/right/write/", b"x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "CANARY-OWN" in response.content.decode()
    response = Client().post("/en/inquiry/ZQ-AAAA-2222/right/write/", b"x", content_type="multipart/form-data; boundary=")
    assert response.status_code == 400
    assert not inquiry.messages.exists()


@pytest.mark.parametrize("act", ["nothing", "file", "tracking"])
def test_other_acts_do_not_exist(inquiry, act):
    assert post(act).status_code == 404


# --- The address ---


def test_s62_wrong_secrets_slow_down_whoever_tries_and_not_the_owner(inquiry, visitor):
    def wrong(reference):
        return [
            visitor.get(f"/en/inquiry/{reference}/guess/"),
            visitor.post(f"/en/inquiry/{reference}/guess/write/", {"body": "x"}),
        ]

    for number in range(access.TRIES_AN_HOUR // 4):
        answers = wrong("ZQ-AAAA-2222") + wrong("ZQ-BBBB-3333")
        assert [answer.status_code for answer in answers] == [404] * 4, number
    known, unknown = wrong("ZQ-AAAA-2222")[0], wrong("ZQ-BBBB-3333")[0]
    assert known.status_code == unknown.status_code == 429
    assert known["Retry-After"]
    assert known.content.replace(b"ZQ-AAAA-2222", b"") == unknown.content.replace(b"ZQ-BBBB-3333", b"")
    assert page(visitor).status_code == 200
    assert visitor.get("/en/inquiry/ZQ-AAAA-2222/guess/", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert Attempt.objects.count() == access.TRIES_AN_HOUR + 1


def test_s62_wrong_secret_and_unknown_reference_are_the_same_work(inquiry, visitor, django_assert_num_queries):
    page(visitor, secret="warm-up")
    with django_assert_num_queries(8) as known:
        page(visitor, secret="wrong")
    with django_assert_num_queries(8) as unknown:
        page(visitor, secret="wrong", reference="ZQ-BBBB-3333")
    first, second = ([re.sub(r"'[^']*'|\"s\d+_x\d+\"", "?", query["sql"]) for query in done.captured_queries] for done in (known, unknown))
    assert first == second


def test_s62_new_address_ends_the_old_one_at_once_and_goes_by_mail(inquiry, visitor):
    TrackingLink.objects.create(inquiry=inquiry, secret_hash=fingerprint("mailed"), made_at=timezone.now())
    key = next(form for form in page_of(page(visitor)).all("input", name="key") if ":" in form["value"])["value"]
    first, second = post("renew", key=key), post("renew", key=key)
    assert first["Location"] == second["Location"]
    assert visitor.get(first["Location"]).status_code == 200
    assert [page(visitor, secret=secret).status_code for secret in ("right", "mailed")] == [404, 404]
    letter = Letter.objects.get()
    assert first["Location"].partition("?")[0] in letter.body
    assert (letter.to, Inquiry.objects.get().secret_hash) == (inquiry.email, fingerprint(first["Location"].split("/")[4]))
    assert post("renew", secret=first["Location"].split("/")[4], key="forged").status_code == 200
    deliver_due()
    letter.refresh_from_db()
    assert first["Location"].split("/")[4] not in letter.body


def ask_for_link(reference="ZQ-AAAA-2222", email="erika@example.com", language="en"):
    return Client().post(f"{FORM[language]}lost/", {"reference": reference, "email": email})


@pytest.mark.parametrize("language", FORM)
def test_s62_lost_link_is_answered_alike_and_mailed_to_the_owner_alone(inquiry, language):
    pairs = [("zq aaaa2222", "Erika@Example.com"), ("ZQ-AAAA-2222", "eve@example.com"), ("ZQ-BBBB-3333", "erika@example.com")]
    answers = [ask_for_link(*pair, language) for pair in pairs]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.content for answer in answers}) == 1
    letter = Letter.objects.get()
    secret = re.search(r"/ZQ-AAAA-2222/([\w-]{40,})/", letter.body)[1]
    assert (letter.to, inquiry.links.get().secret_hash, letter.secret) == (inquiry.email, fingerprint(secret), secret)


def test_s62_mailed_link_ends_the_old_one_when_something_is_sent_from_it(inquiry, visitor):
    ask_for_link()
    secret = Letter.objects.get().secret
    assert page(visitor).status_code == page(visitor, secret=secret).status_code == 200
    assert "End the earlier address" in told(visitor, secret=secret)
    assert "End the earlier address" not in told(visitor)
    assert post("write", secret=secret, body="").status_code == 200  # nothing was done
    assert page(visitor).status_code == 200
    assert post("only", secret=secret).status_code == 303
    assert page(visitor).status_code == 404
    assert page(visitor, secret=secret).status_code == 200
    assert not inquiry.links.exists()


def test_letters_with_links_flood_nobody(inquiry):
    for _press in range(2):
        ask_for_link()
    assert Letter.objects.count() == 1
    for _day in range(5):
        Attempt.objects.filter(kind="letter").update(at=timezone.now() - timedelta(minutes=5))
        assert ask_for_link().status_code == 200
    assert Letter.objects.count() == access.LETTERS_A_DAY
    Attempt.objects.filter(kind="letter").update(at=timezone.now() - timedelta(hours=25))
    Inquiry.objects.update(status=Status.SPAM)
    ask_for_link()
    assert Letter.objects.count() == access.LETTERS_A_DAY


def test_t23_a_thousand_guesses_are_slowed_alike(inquiry):
    answers = [ask_for_link(email=f"guess{number}@example.com") for number in range(access.TRIES_AN_HOUR + 2)]
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]
    assert {answer.status_code for answer in answers[:-2]} == {200}
    assert ask_for_link().status_code == 429
    assert not Letter.objects.exists()


def test_secret_of_an_address_stays_out_of_the_log(inquiry, visitor, caplog):
    page(visitor, secret="CANARY-SECRET")
    line = Line("{message}", style="{")
    assert "CANARY-SECRET" in caplog.text
    written = [line.format(record) for record in caplog.records]
    assert any("/en/inquiry/ZQ-AAAA-2222/" in one for one in written)
    assert not any("CANARY-SECRET" in one for one in written)
