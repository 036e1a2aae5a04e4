"""Answers of investors by mail: from a real mailbox into their threads, each once (staff.md S60, S61; trust.md T24, T31)."""

import re
import socket
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from inquiries import incoming, workflow
from inquiries.erasing import finish_erasures
from inquiries.form_key import fingerprint
from inquiries.incoming import Outcome, fetch, fetch_due, take
from inquiries.mailbox import Mailbox, MailboxError, account_of
from inquiries.models import IncomingLetter, Inquiry, Message, undelivered
from inquiries.reply_address import reply_address as reply_address_of
from inquiries.settling import settle_replies
from outbox.models import Letter, Run
from outbox.sending import deliver_due, send_again
from tests.factories import make_inquiry, make_letter, make_member, make_message, picture_file
from tests.inquiries.conftest import aged_key, send
from tests.inquiries.imap_server import FOLDERS, ImapServer, free_port
from tests.inquiries.letters_in import answer, letter, report
from tests.outbox.mail_server import MailServer
from zhaoqing_site import retention

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind


@pytest.fixture(scope="module")
def server():
    with ImapServer() as running:
        yield running


@pytest.fixture
def mailbox(server, settings):
    """The site reads this mailbox, which is empty."""
    server.empty()
    settings.IMAP_URL, settings.MAIL_REPLY_ADDRESS = server.url(), "inquiry@example.org"
    settings.EMAIL_TIMEOUT = 5
    return server


@pytest.fixture(autouse=True)
def reply_address(settings):
    settings.MAIL_REPLY_ADDRESS = "inquiry@example.org"


def answered(**fields):
    """An inquiry with an answer that the mail server has taken."""
    moment = timezone.now() - timedelta(hours=1)
    inquiry = make_inquiry(**{"status": Status.ANSWERED, "first_answered_at": moment, "answered_at": moment} | fields)
    ours = make_letter(state=Letter.State.SENT, sent_at=moment, tries=1, reference=inquiry.reference)
    make_message(inquiry=inquiry, kind=Kind.REPLY, step="reply", letter=ours, written_at=moment - timedelta(minutes=1))
    return inquiry, ours


def outcome(message) -> str:
    return take(message if isinstance(message, bytes) else message.as_bytes())[0]


def words(inquiry):
    return list(inquiry.messages.filter(kind=Kind.INVESTOR).values_list("body", flat=True))


# --- From the mailbox ---


def test_s61_answer_by_mail_stands_in_the_thread_and_the_bureau_has_the_next_word(mailbox, officer):
    inquiry, _ours = answered(assignee=officer)
    text = "Thursday suits us.\n\nOn Mon, 16 Nov 2026 at 15:05 Invest Zhaoqing wrote:\n> When do you come?\n"
    mailbox.deliver(answer(inquiry, text).as_bytes())
    assert fetch() == 1
    message = inquiry.messages.get(kind=Kind.INVESTOR)
    assert (message.body, message.via, message.foreign_sender) == ("Thursday suits us.", Message.Via.MAIL, "")
    assert "> When do you come?" in message.quoted
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.answered_at) == (Status.IN_PROGRESS, None)
    assert mailbox.count() == {"INBOX": 0, "Taken": 1, "Unassigned": 0}
    assert IncomingLetter.objects.get().message == message
    assert fetch() == 0


def test_letter_is_taken_once_though_the_visit_ended_before_it_was_moved(mailbox):
    inquiry, _ours = answered()
    raw = answer(inquiry).as_bytes()
    mailbox.deliver(raw)
    with Mailbox(account_of(mailbox.url())) as visit:
        ((number, _head),) = visit.heads()
        take(visit.letter(number))  # and the process is gone
    assert fetch() == 0
    assert len(words(inquiry)) == 1
    assert mailbox.count()["INBOX"] == 0


def test_what_was_not_stored_is_taken_at_the_next_visit(mailbox):
    inquiry, _ours = answered()
    mailbox.deliver(answer(inquiry).as_bytes())
    with transaction.atomic():
        with Mailbox(account_of(mailbox.url())) as visit:
            ((number, _head),) = visit.heads()
            take(visit.letter(number))
        transaction.set_rollback(True)
    assert words(inquiry) == []
    assert fetch() == 1
    assert len(words(inquiry)) == 1


def test_same_letter_that_comes_twice_is_one_message(mailbox):
    inquiry, _ours = answered()
    raw = answer(inquiry).as_bytes()
    mailbox.deliver(raw, b"Received: by another way\r\n" + raw)
    assert fetch() == 1
    assert len(words(inquiry)) == 1
    assert mailbox.count() == {"INBOX": 0, "Taken": 2, "Unassigned": 0}


def test_odd_letters_stop_none_behind_them(mailbox):
    inquiry, _ours = answered()
    odd = [b"\xff\x00\xfe" * 50, b"\n", b'Subject: =?utf-8?b?////?=\nContent-Type: text/plain; charset="\xff"\n\nx']
    mailbox.deliver(*odd, letter("To nobody in particular").as_bytes(), answer(inquiry).as_bytes())
    assert fetch() == 5
    assert len(words(inquiry)) == 1
    assert mailbox.count() == {"INBOX": 0, "Taken": 1, "Unassigned": 4}


def test_letter_that_cannot_be_read_is_left_for_a_person_and_not_quoted_in_the_log(caplog):
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(3000))
    assert outcome(b"From: CANARY@example.com\nMessage-ID: <CANARY@example.com>\n" + nested) == Outcome.UNREADABLE
    assert "could not be read" in caplog.text
    assert "CANARY" not in caplog.text
    assert incoming.waiting(IncomingLetter.objects.all()).count() == 1


def test_letters_are_moved_where_the_server_knows_no_move(mailbox):
    mailbox.deliver(letter("one").as_bytes(), letter("two").as_bytes())
    for lacking in ({"MOVE"}, {"MOVE", "UIDPLUS"}):
        with Mailbox(account_of(mailbox.url())) as visit:
            visit.can -= lacking
            assert visit.put_away(next(iter(visit.heads()))[0], "Taken")
    assert mailbox.count() == {"INBOX": 0, "Taken": 2, "Unassigned": 0}


def test_letters_are_read_over_tls_and_only_from_a_server_that_proves_who_it_is(settings, monkeypatch):
    folder = settings.BASE_DIR / "tests/inquiries"
    with ImapServer("--cert", str(folder / "imap_server.pem"), "--key", str(folder / "imap_server.pem")) as server:
        settings.IMAP_URL = server.url("imap+tls")
        with pytest.raises(MailboxError, match="CERTIFICATE_VERIFY_FAILED"):
            fetch()
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "imap_server.pem"))
        assert fetch() == 0


def test_wrong_password_is_said_without_the_password(mailbox, settings, caplog):
    settings.IMAP_URL = mailbox.url(password="CANARY")
    with pytest.raises(CommandError, match="cannot be read") as raised:
        call_command("fetch_mail")
    assert fetch_due() == 0
    assert "cannot be read" in caplog.text
    assert "CANARY" not in caplog.text + str(raised.value)


def test_silent_mailbox_holds_up_nothing_and_is_noticed_after_five_minutes(settings, signed_in, manager):
    settings.EMAIL_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.IMAP_URL = f"imap://user:password@127.0.0.1:{silent.getsockname()[1]}/INBOX"
        assert fetch_due() == 0
    home = signed_in(manager).get("/admin/")
    assert b"letters of investors" not in home.content
    Run.objects.filter(job=incoming.READ).update(at=timezone.now() - timedelta(minutes=6))
    home = signed_in(manager).get("/admin/")
    assert b"letters of investors" in home.content


def test_mailbox_is_visited_once_a_minute(mailbox):
    assert fetch_due() == 0
    mailbox.deliver(letter().as_bytes())
    assert fetch_due() == 0
    Run.objects.filter(job=incoming.TRIED).update(at=timezone.now() - timedelta(minutes=1))
    assert fetch_due() == 1


def test_without_a_mailbox_nothing_is_fetched():
    assert fetch_due() == 0
    with pytest.raises(CommandError, match="IMAP_URL"):
        call_command("fetch_mail")


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("MAIL_REPLY_ADDRESS", "inquiry", "E011"),
        ("MAIL_REPLY_ADDRESS", "a+b@example.org", "E011"),
        ("MAIL_REPLY_ADDRESS", f"{'a' * 40}@example.org", "E011"),
        ("MAIL_REPLY_ADDRESS", "inquiry@example.org\r\nBcc: all@example.com", "E011"),
        ("IMAP_URL", "imap.example.org", "E012"),
        ("IMAP_URL", "imap://user:CANARY@imap.example.org/", "E013"),
    ],
)
def test_wrong_settings_of_mail_stop_the_start(settings, name, value, number):
    setattr(settings, name, value)
    found = run_checks(tags=["security"], include_deployment_checks=True)
    assert f"zhaoqing.{number}" in [error.id for error in found]
    assert "CANARY" not in str(found)


@pytest.mark.parametrize("value", ["", "inquiry@example.org", "@reply.example.org"])
def test_right_reply_addresses_pass(settings, value):
    settings.MAIL_REPLY_ADDRESS = value
    assert "zhaoqing.E011" not in [error.id for error in run_checks(tags=["security"])]


@pytest.mark.parametrize("url", ["imap+ssl://host/", "pop3://a:b@host/", "imap://a:b@host:x/", "nonsense", "imap://a:b@host/?taken=已办"])
def test_wrong_address_of_a_mailbox_is_refused(url):
    with pytest.raises(MailboxError):
        account_of(url)


# --- Whose letter it is ---


def test_capitals_in_the_reply_address_do_not_matter():
    inquiry, _ours = answered()
    message = answer(inquiry)
    message.replace_header("To", message["To"].upper())
    assert outcome(message) == Outcome.TAKEN


def test_reply_address_may_be_a_domain_of_its_own(settings):
    settings.MAIL_REPLY_ADDRESS = "@reply.example.org"
    inquiry, _ours = answered()
    message = answer(inquiry)
    assert message["To"].split("<")[1].startswith(inquiry.reference.lower() + ".")
    assert outcome(message) == Outcome.TAKEN


def test_letters_of_before_a_new_key_find_their_inquiry_while_the_old_key_is_kept(settings):
    inquiry, _ours = answered()
    first, second = answer(inquiry), answer(inquiry)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    assert outcome(first) == Outcome.TAKEN
    settings.SECRET_KEY_FALLBACKS = []
    assert outcome(second) == Outcome.UNKNOWN


def test_made_up_token_and_token_of_another_inquiry_open_nothing():
    inquiry, _ours = answered()
    other, _ours = answered()
    genuine = reply_address_of(inquiry.reference)
    for wrong in (genuine.replace(inquiry.reference.lower(), other.reference.lower()), genuine.replace("@", "x@"), genuine[::-1]):
        assert outcome(letter(to=wrong)) == Outcome.UNKNOWN
    assert outcome(letter(to=f"inquiry+{inquiry.reference}@example.org")) == Outcome.UNKNOWN
    assert words(inquiry) == words(other) == []


def test_address_that_only_the_mail_server_names_counts():
    inquiry, _ours = answered()
    hidden = str(answer(inquiry)["To"])
    assert outcome(letter(to="undisclosed-recipients:;", headers=[("Delivered-To", hidden)])) == Outcome.TAKEN


def test_answer_to_a_letter_of_ours_finds_the_inquiry_without_a_token():
    inquiry, ours = answered()
    assert outcome(letter(headers=[("In-Reply-To", f"<{ours.pk}@127.0.0.1>")])) == Outcome.TAKEN
    assert outcome(letter(headers=[("References", f"<x@y> <{str(ours.pk).upper()}@127.0.0.1>")])) == Outcome.TAKEN
    assert outcome(letter(headers=[("In-Reply-To", f"<{uuid.uuid4()}@127.0.0.1>")])) == Outcome.UNKNOWN


def test_answer_of_an_officer_to_a_notice_is_not_the_investors_word():
    inquiry, _ours = answered()
    notice = make_letter(to="ou@example.org", state=Letter.State.SENT, reference=inquiry.reference)
    assert outcome(letter(sender="ou@example.org", headers=[("In-Reply-To", f"<{notice.pk}@127.0.0.1>")])) == Outcome.UNKNOWN


def test_s61_unknown_sender_with_a_valid_address_is_taken_and_marked(signed_in, officer):
    inquiry, _ours = answered(assignee=officer)
    assert outcome(answer(inquiry, sender="Somebody else <colleague@example.net>")) == Outcome.TAKEN
    assert inquiry.messages.get(kind=Kind.INVESTOR).foreign_sender == "colleague@example.net"
    page = signed_in(officer).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    assert "from another address: colleague@example.net" in page.content.decode()


CODED = "=?utf-8?q?one=0D=0ABcc:_all@example.com?="
INJECTIONS = {
    "From": [
        f"{CODED} <x@example.net>",
        "=?utf-8?q?x@example.net=0D=0ABcc:_all?=@example.com",
        '"a\r\n Bcc: all@example.com" <x@example.net>',
    ],
    "Subject": [CODED, "one\r\n Bcc: all@example.com", "\u2028Bcc: all@example.com"],
    "Message-ID": ["<x@y>\r\n Bcc: all@example.com", CODED],
    "References": [f"<{CODED}@x>", "<x@y>\r\n Bcc: all@example.com"],
    "To": [f"{CODED} <{{to}}>", "<{to}>,\r\n Bcc: all@example.com"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in INJECTIONS.items() for value in values])
def test_t24_line_breaks_in_a_letter_write_no_header_of_ours(name, value, officer):
    """What comes in by mail causes letters to staff, and replies later on."""
    officer.email = "do@example.com"
    officer.save()
    inquiry, _ours = answered(assignee=officer)
    to = reply_address_of(inquiry.reference)
    heads = {"From": "erika@example.com", "To": to, "Subject": "Re: answer", "Message-ID": f"<{uuid.uuid4()}@example.com>"}
    heads[name] = value.replace("{to}", to)
    raw = "".join(f"{head}: {text}\r\n" for head, text in heads.items()) + "\r\nThursday.\r\n"
    assert outcome(raw.encode()) == Outcome.TAKEN
    workflow.take(inquiry, "reply", officer, workflow.Details(body="Good."))
    deliver_due()
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        head = sent.message().as_bytes().split(b"\n\n")[0]
        assert b"all@example.com" not in head
        assert sent.recipients() in (["do@example.com"], ["erika@example.com"])


BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "%0d%0a", "=0D=0A"]


@pytest.mark.parametrize("break_", BREAKS)
def test_t24_line_breaks_in_the_form_write_no_header_of_ours(break_, city):
    """Whatever field they come in: refused, or part of a text."""
    officer = make_member("wu", "officer", "zhaoqing", email="wu@example.com")
    for number, name in enumerate(("name", "email", "organization", "region", "phone", "about", "message", "topic")):
        value = {"email": "erika@example.com", "phone": "+852 2345 6789"}.get(name, "one")
        send(**{"key": aged_key(f"{number}" * 32), name: f"{value}{break_}Bcc: all@example.com"})
    for inquiry in Inquiry.objects.all():
        if inquiry.email:
            workflow.take(inquiry, "reply", officer, workflow.Details(body=f"Good.{break_}Bcc: all@example.com"))
    deliver_due()
    assert mail.outbox
    for sent in mail.outbox:
        head = sent.message().as_bytes().split(b"\n\n")[0]
        assert b"\nBcc" not in head
        assert sent.recipients() in (["wu@example.com"], ["erika@example.com"])


def test_known_sender_without_a_token_stays_out_of_every_thread():
    inquiry, _ours = answered()
    assert outcome(letter(subject=f"About {inquiry.reference}")) == Outcome.UNKNOWN
    assert words(inquiry) == []


def test_letter_of_our_own_that_comes_round_starts_nothing():
    inquiry, ours = answered()
    message = answer(inquiry)
    message.replace_header("Message-ID", f"<{ours.pk}@127.0.0.1>")
    assert outcome(message) == Outcome.AUTOMATIC
    assert words(inquiry) == []


# --- What it does ---


def test_closed_inquiry_is_open_again_within_thirty_days_and_later_a_person_looks(city_desk):
    closed = {"status": Status.CLOSED, "result": "answered"}
    recent, _ours = answered(**closed, closed_at=timezone.now() - timedelta(days=29))
    assert outcome(answer(recent)) == Outcome.TAKEN
    recent.refresh_from_db()
    assert (recent.status, recent.reopened) == (Status.IN_PROGRESS, 1)
    old, _ours = answered(**closed, closed_at=timezone.now() - timedelta(days=31))
    assert outcome(answer(old)) == Outcome.UNKNOWN
    old.refresh_from_db()
    assert old.status == Status.CLOSED
    assert old.messages.filter(step="late_letter").exists()


def test_nothing_is_stored_of_a_person_who_has_been_erased():
    inquiry, ours = answered(email="", erased_at=timezone.now())
    assert outcome(answer(inquiry)) == Outcome.UNKNOWN
    assert outcome(report(ours)) == Outcome.BOUNCE
    assert not inquiry.messages.exclude(kind=Kind.REPLY).exists()


@pytest.mark.parametrize("status", [Status.WAITING, Status.ANSWERED, Status.CLOSED])
def test_s61_automatic_reply_is_noted_for_staff_and_changes_nothing(status, signed_in, officer, visitor):
    result = {"result": "answered", "closed_at": timezone.now()} if status == Status.CLOSED else {}
    inquiry, _ours = answered(status=status, **result)
    before = Inquiry.objects.filter(pk=inquiry.pk).values().get()
    away = answer(inquiry, "I am away until Monday.", headers=[("Auto-Submitted", "auto-replied")])
    assert outcome(away) == Outcome.AUTOMATIC
    assert Inquiry.objects.filter(pk=inquiry.pk).values().get() == before
    assert not Letter.objects.filter(state=Letter.State.QUEUED).exists()
    page = signed_in(officer).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    assert "An automatic reply came by e-mail:" in page
    assert "I am away until Monday." in page
    assert words(inquiry) == []


def test_files_are_checked_and_stored_and_each_reads_in_their_own_language_what_is_not_taken_over(visitor, officer, signed_in):
    inquiry, _ours = answered(language="zh-hans", secret_hash=fingerprint("right"))
    message = answer(inquiry, "x" * 60_000, subject="布局图与面积")
    message.add_attachment(picture_file().read(), maintype="application", subtype="octet-stream", filename="photo.jpg")
    message.add_attachment(b"MZ" + b"0" * 2046, maintype="application", subtype="pdf", filename="../pl\u202ean.pdf")
    assert outcome(message) == Outcome.TAKEN
    said = inquiry.messages.get(kind=Kind.INVESTOR)
    assert "布局图与面积" in said.body
    assert len(said.body) < 51_000
    for_staff = signed_in(officer).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    for_investor = visitor.get(f"/zh-hans/inquiry/{inquiry.reference}/right/").content.decode()
    english, chinese = ("is not taken over:", "is not a PDF"), ("附件未收录：", "WebP 文件")
    for html, ours, others in ((for_staff, english, chinese), (for_investor, chinese, english)):
        own = html.split("布局图与面积")[1].split("</div>")[0]
        lines = "".join(re.findall(r'<ul class="[^"]*(?:not-taken|hint)[^"]*">.*?</ul>', html))
        assert "plan.pdf" not in own
        assert "../plan.pdf (2.0" in lines
        assert "\u202e" not in html
        assert [words for words in ours if words not in lines] == []
        assert [words for words in others if words in lines] == []
    (stored,) = said.attachments.all()
    assert (stored.name, stored.kind) == ("photo.jpg", "image/jpeg")
    assert default_storage.exists(stored.file.name)


def test_files_of_letters_that_are_not_taken_leave_nothing_behind(settings):
    inquiry, _ours = answered(status=Status.CLOSED, result="answered", closed_at=timezone.now() - timedelta(days=31))
    for message in (answer(inquiry), letter("To nobody"), answer(answered()[0], headers=[("Precedence", "bulk")])):
        message.add_attachment(picture_file().read(), maintype="image", subtype="jpeg", filename="photo.jpg")
        assert outcome(message) != Outcome.TAKEN
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


# --- Letters that come back ---


def test_s60_reply_that_comes_back_is_no_answer_and_the_first_question_still_counts(signed_in, officer, settings):
    inquiry = make_inquiry(
        email="gone@example.com", phone="+852 23456789", received_at=timezone.now() - timedelta(days=3), assignee=officer
    )
    Inquiry.objects.update(status=Status.IN_PROGRESS)
    inquiry.refresh_from_db()
    workflow.take(inquiry, "reply", officer, workflow.Details(body="Two sites."))
    deliver_due()
    assert settle_replies() == 1
    ours = inquiry.messages.get(kind=Kind.REPLY).letter
    asked = inquiry.asked_at
    assert outcome(report(ours)) == Outcome.BOUNCE
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.answered_at, inquiry.first_answered_at) == (Status.IN_PROGRESS, None, None)
    assert (inquiry.asked_at, inquiry.waits_for_answer) == (asked, True)
    assert settle_replies() == 0
    assert list(undelivered(Inquiry.objects.all())) == [inquiry]
    page = signed_in(officer).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    assert "no such mailbox" in page
    assert "call +852 23456789." in page
    assert "our e-mail did not arrive" in signed_in(officer).get("/admin/").content.decode()
    assert "Send the letter again" in page
    workflow.take(inquiry, "send_again", officer)  # and this time it arrives
    deliver_due()
    assert settle_replies() == 1
    inquiry.refresh_from_db()
    assert inquiry.status == Status.ANSWERED


def test_s60_reply_that_cannot_leave_is_red_until_it_has_left_and_no_answer_before(signed_in, officer, settings):
    inquiry = make_inquiry(phone="+852 23456789", status=Status.IN_PROGRESS, assignee=officer)
    workflow.take(inquiry, "reply", officer, workflow.Details(body="Two sites."))
    page, working = f"/admin/inquiries/inquiry/{inquiry.pk}/change/", settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    for is_down in (True, False):
        with MailServer(rcpt="550 no such mailbox") as server:
            settings.EMAIL_PORT = free_port() if is_down else server.port
            deliver_due()
        settle_replies()
        inquiry.refresh_from_db()
        assert (inquiry.status, inquiry.answered_at) == (Status.IN_PROGRESS, None)
        shown = signed_in(officer).get(page).content.decode()
        assert "Not delivered yet." in shown
        assert "call +852 23456789." in shown
        red = [task.name for task in signed_in(officer).get("/admin/").context["tasks"] if task.is_urgent]
        assert red == ["Inquiries: our e-mail did not arrive"]
    settings.EMAIL_BACKEND = working
    Letter.objects.update(next_try_at=timezone.now())
    deliver_due()
    settle_replies()
    inquiry.refresh_from_db()
    assert inquiry.status == Status.ANSWERED
    assert "Not delivered yet." not in signed_in(officer).get(page).content.decode()


def test_same_report_twice_and_a_report_of_another_letter_change_nothing_more():
    inquiry, ours = answered()
    later = timezone.now()
    Inquiry.objects.update(answered_at=later, first_answered_at=later)
    assert outcome(report(ours)) == Outcome.BOUNCE
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.answered_at) == (Status.ANSWERED, later)
    again = report(ours).replace(b"<report-", b"<second-")
    assert outcome(again) == Outcome.BOUNCE
    assert inquiry.messages.filter(step="came_back").count() == 1


def test_question_that_comes_back_stops_no_clock(officer):
    inquiry = make_inquiry(status=Status.IN_PROGRESS, assignee=officer)
    workflow.take(inquiry, "ask", officer, workflow.Details(body="Which product?"))
    deliver_due()
    assert outcome(report(inquiry.messages.get(kind=Kind.REPLY).letter)) == Outcome.BOUNCE
    inquiry.refresh_from_db()
    assert inquiry.status == Status.IN_PROGRESS
    assert not inquiry.pauses.filter(ended_at=None).exists()


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_report_of_delay_or_delivery_takes_nothing_back(action):
    inquiry, ours = answered()
    assert outcome(report(ours, action)) != Outcome.BOUNCE
    ours.refresh_from_db()
    assert ours.state == Letter.State.SENT


def test_report_in_words_alone_that_names_our_letter_is_understood():
    _inquiry, ours = answered()
    said = f"您的邮件未能送达。\n550 5.1.1 User unknown\nMessage-ID: <{ours.pk}@127.0.0.1>\n"
    assert outcome(letter(said, sender="PostMaster@qq.example", subject="系统退信")) == Outcome.BOUNCE
    ours.refresh_from_db()
    assert (ours.state, ours.last_error) == (Letter.State.PARKED, "550 5.1.1 User unknown")


def test_receipt_that_comes_back_does_not_go_again_without_its_key(signed_in, city_desk):
    ours = make_letter(body="https://x/inquiry/ZQ-1/k3y/\n", secret="k3y")
    deliver_due()
    outcome(report(ours))
    ours.refresh_from_db()
    assert ours.state == Letter.State.PARKED
    assert not send_again(ours)
    page = signed_in(city_desk).get(f"/admin/outbox/letter/{ours.pk}/change/").content.decode()
    assert "Send again" not in page


# --- The list of letters received ---


def test_letters_that_belong_to_no_inquiry_wait_for_the_city_bureau(signed_in, city_desk, manager, settings):
    settings.IMAP_URL = "imap+ssl://user:password@mail.example.org/INBOX"
    inquiry, _ours = answered()
    outcome(answer(inquiry))
    outcome(letter("CANARY"))
    address = "/admin/inquiries/incomingletter/"
    desk = signed_in(city_desk)
    page = desk.get(address).content.decode()
    assert "belongs to no inquiry" in page
    assert "“Unassigned”" in page
    assert "CANARY" not in page
    assert "Letters that belong to no inquiry" in desk.get("/admin/").content.decode()
    own = signed_in(manager).get(address).content.decode()
    assert inquiry.reference in own
    assert "not yet" not in own
    waiting = IncomingLetter.objects.get(outcome=Outcome.UNKNOWN)
    desk.post(address, {"action": "mark_seen", "_selected_action": [waiting.pk]})
    waiting.refresh_from_db()
    assert waiting.seen_at
    assert "Letters that belong to no inquiry" not in desk.get("/admin/").content.decode()


def test_folders_of_the_test_are_those_of_the_site():
    account = account_of("imap://a:b@host/")
    assert (account.folder, account.taken, account.unassigned) == FOLDERS


def test_s72_erasing_a_person_removes_their_letters_from_the_mailbox_and_no_others(mailbox, officer, settings):
    inquiry, _ours = answered(assignee=officer)
    other, _ours = answered()
    mailbox.deliver(*(answer(one).as_bytes() for one in (inquiry, inquiry, other)))
    assert fetch() == 3
    Inquiry.objects.filter(pk=inquiry.pk).update(status=Status.CLOSED, result="answered", closed_at=timezone.now() - timedelta(days=800))
    settings.IMAP_URL = settings.IMAP_URL.replace(f":{mailbox.port}/", f":{free_port()}/")
    retention.run(timezone.now())
    assert inquiry.erasures.get().done_at is None  # the mailbox does not answer
    assert mailbox.count()["Taken"] == 3
    settings.IMAP_URL = mailbox.url()
    Run.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert finish_erasures() == 1
    assert mailbox.count()["Taken"] == 1
    assert inquiry.erasures.get().counts["mailbox"] == 2
    assert IncomingLetter.objects.get().message.inquiry == other
