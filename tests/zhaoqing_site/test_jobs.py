"""`manage.py jobs`: the mail, and what follows from it."""

import pytest
from django.core.management import call_command

from inquiries.models import Inquiry, Message
from outbox.models import Letter
from tests.factories import make_inquiry, make_letter, make_message
from zhaoqing_site.management.commands import jobs

pytestmark = pytest.mark.django_db


def test_reply_is_sent_and_then_counts_as_answered(capsys):
    inquiry = make_inquiry(status=Inquiry.Status.IN_PROGRESS)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY, letter=make_letter())
    call_command("jobs")
    inquiry.refresh_from_db()
    assert inquiry.status == Inquiry.Status.ANSWERED
    assert capsys.readouterr().out == "1 letters sent\n1 inquiries answered\n"


def test_job_that_fails_does_not_stop_the_others(monkeypatch, capsys):
    def broken():
        raise RuntimeError("broken")

    monkeypatch.setitem(jobs.JOBS, "letters sent", broken)
    inquiry = make_inquiry(status=Inquiry.Status.IN_PROGRESS)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY)
    call_command("jobs")
    assert "1 inquiries answered" in capsys.readouterr().out


def test_outbox_can_be_sent_alone(capsys):
    make_letter()
    call_command("send_outbox")
    assert Letter.objects.get().state == Letter.State.SENT
