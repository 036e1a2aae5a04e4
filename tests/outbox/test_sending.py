"""Letters: stored with their cause, sent until the mail server has taken each one."""

import email
import email.policy
import socket
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from outbox.models import Letter
from outbox.sending import BLOT, PAUSES, deliver_due, due, lease_next, post, send_again
from tests.factories import make_letter
from tests.outbox.mail_server import MailServer

pytestmark = pytest.mark.django_db
State = Letter.State


@pytest.fixture
def smtp(settings):
    """A function: lets the site send by this mail server (or to this port)."""

    def use(port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.3

    return use


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def the_letter():
    return Letter.objects.get()


def make_due():
    Letter.objects.update(next_try_at=timezone.now())


def test_letter_is_stored_then_sent():
    post("erika@example.com", "zh-hans", "您的咨询", "您好！\n", reply_to="desk@example.com", reference="ZQ-1")
    assert mail.outbox == []
    assert deliver_due() == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body, sent.reply_to) == (["erika@example.com"], "您的咨询", "您好！\n", ["desk@example.com"])
    assert the_letter().state == State.SENT
    assert deliver_due() == 0


@pytest.mark.parametrize(("is_by_person", "said"), [(False, ("auto-generated", "All")), (True, (None, None))])
def test_a_letter_that_no_person_wrote_says_so_and_is_not_answered_by_machines(is_by_person, said):
    post("erika@example.com", "en", "Subject", "Text", is_by_person=is_by_person)
    deliver_due()
    head = mail.outbox[0].message()
    assert (head["Auto-Submitted"], head["X-Auto-Response-Suppress"]) == said


def test_letter_goes_with_its_transaction():
    with transaction.atomic():
        post("erika@example.com", "en", "Subject", "Text")
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("field", ["to", "reply_to", "reference"])
def test_line_breaks_cannot_write_headers(field, break_):
    fields = {"to": "erika@example.com"} | {field: f"a@example.com{break_}Bcc: everybody@example.com"}
    with pytest.raises(ValueError, match="line break"):
        post(language="en", subject="Subject", body="Text", **fields)


def test_subject_is_one_line():
    letter = post("erika@example.com", "en", "One\r\nBcc: everybody@example.com", "Text")
    assert letter.subject == "One Bcc: everybody@example.com"


def test_a_real_server_gets_the_letter_whole(smtp):
    with MailServer() as server:
        smtp(server.port)
        letter = post("erika@例子.中国", "zh-hant", "已收到您的查詢", "您好！\n多謝查詢。\n")
        assert deliver_due() == 1
        message = email.message_from_bytes(server.letters[0], policy=email.policy.default)
    assert message["Subject"] == "已收到您的查詢"
    assert message["Message-ID"] == f"<{letter.pk}@127.0.0.1>"
    assert message["Content-Language"] == "zh-hant"
    assert message.get_content().splitlines() == ["您好！", "多謝查詢。"]


@pytest.mark.parametrize("answer", ["450 try later", "550 no such mailbox"])
def test_refused_letter_waits_longer_each_time_and_is_parked_with_the_reason(smtp, answer):
    with MailServer(rcpt=answer) as server:
        smtp(server.port)
        make_letter()
        for pause in PAUSES:
            assert deliver_due() == 0
            wait = the_letter().next_try_at - timezone.now()
            assert timedelta(minutes=pause, seconds=-5) < wait <= timedelta(minutes=pause)
            assert the_letter().last_error == answer
            make_due()
        deliver_due()
    assert (the_letter().state, the_letter().last_error, the_letter().tries) == (State.PARKED, answer, len(PAUSES) + 1)
    assert deliver_due() == 0


def test_every_try_carries_the_same_message_id(smtp):
    make_letter()
    with MailServer(data_end="451 again") as server:
        smtp(server.port)
        deliver_due()
    make_due()
    with MailServer() as server:
        smtp(server.port)
        assert deliver_due() == 1
        assert f"Message-ID: <{the_letter().pk}@127.0.0.1>".encode() in server.letters[0]


def test_one_bad_address_does_not_stop_the_others(smtp):
    make_letter(to="gone@example.com")
    make_letter(to="here@example.com")
    with MailServer() as server:
        server.recipients["gone@example.com"] = "550 no such mailbox"
        smtp(server.port)
        assert deliver_due() == 1
    assert Letter.objects.get(to="here@example.com").state == State.SENT
    assert Letter.objects.get(to="gone@example.com").tries == 1


def nothing_has_aged():
    return list(Letter.objects.values_list("tries", "state", "leased_until")) == [(0, State.QUEUED, None)] * Letter.objects.count()


def test_dead_server_costs_one_probe_and_no_letter_ages(smtp):
    make_letter(), make_letter()
    smtp(closed_port())
    assert deliver_due() == 0
    assert nothing_has_aged()
    assert "refused" in Letter.objects.first().last_error.lower()
    with MailServer() as server:
        smtp(server.port)
        assert deliver_due() == 2


def test_silent_server_holds_nothing_up(smtp):
    make_letter()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        smtp(silent.getsockname()[1])
        assert deliver_due() == 0
    assert nothing_has_aged()


@pytest.mark.parametrize(
    "answers", [{"greeting": "421 closing"}, {"greeting": "554 no"}, {"mail": "550 not you"}, {"rcpt": "421 closing"}, {"greeting": "drop"}]
)
def test_server_that_refuses_everybody_makes_no_letter_older(smtp, answers):
    make_letter(), make_letter()
    with MailServer(**answers) as server:
        smtp(server.port)
        assert deliver_due() == 0
    assert nothing_has_aged()


def test_line_that_goes_dead_counts_for_one_letter_alone(smtp):
    make_letter(), make_letter()
    with MailServer(data_end="drop") as server:
        smtp(server.port)
        deliver_due()
    assert sorted(Letter.objects.values_list("tries", flat=True)) == [0, 1]


def test_letter_that_cannot_be_written_is_the_letters_own_fault():
    make_letter(to="erika@" + "ü" * 70 + ".example")
    make_letter(to="here@example.com")
    assert deliver_due() == 1
    assert Letter.objects.get(to="here@example.com").state == State.SENT
    assert Letter.objects.exclude(to="here@example.com").get().tries == 1


def test_leased_letter_belongs_to_one_sender_until_the_lease_ends():
    make_letter()
    letter = lease_next()
    assert lease_next() is None
    Letter.objects.filter(pk=letter.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert lease_next() == letter


def test_key_of_a_private_link_is_blotted_out_once_the_letter_has_left():
    post("erika@example.com", "en", "Subject", "https://x/inquiry/ZQ-1/k3y/\n", secret="k3y")
    deliver_due()
    assert "k3y" in mail.outbox[0].body
    assert "k3y" not in the_letter().body
    assert the_letter().secret == BLOT


def test_parked_letter_can_go_again_with_all_its_tries():
    letter = make_letter(state=State.PARKED, tries=8, last_error="550 no")
    assert send_again(letter)
    assert the_letter().tries == 0
    assert deliver_due() == 1


def test_letter_that_has_left_does_not_go_again():
    letter = make_letter(state=State.SENT)
    assert not send_again(letter)
    assert not due().exists()


def test_mail_lies_in_files_by_default(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    make_letter()
    assert deliver_due() == 1
    (file,) = (tmp_path / "mail").iterdir()
    assert "To: erika@example.com" in file.read_text()
