"""`manage.py jobs`: what falls due, and what is said when it has stopped."""

import datetime

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Inquiry, Message
from outbox.models import Letter, Run
from tests.factories import make_change, make_inquiry, make_letter, make_message, make_park
from zhaoqing_site import due

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

    monkeypatch.setitem(due.JOBS, "letters sent", broken)
    inquiry = make_inquiry(status=Inquiry.Status.IN_PROGRESS)
    make_message(inquiry=inquiry, kind=Message.Kind.REPLY)
    call_command("jobs")
    assert "1 inquiries answered" in capsys.readouterr().out


def test_outbox_can_be_sent_alone(capsys):
    make_letter()
    call_command("send_outbox")
    assert Letter.objects.get().state == Letter.State.SENT


def test_what_is_scheduled_goes_live_when_the_jobs_run(capsys):
    park = make_park()
    change = make_change(park, "scheduled", title_en="New name")
    call_command("publish_due")
    change.go_live_at = timezone.now()
    change.save()
    call_command("publish_due")
    park.refresh_from_db()
    assert park.title_en == "New name"
    assert capsys.readouterr().out.splitlines() == ["0 published, 0 could not be published", "1 published, 0 could not be published"]


def test_s30_a_clock_that_has_stopped_is_said_on_the_front_page_and_by_the_health_address(editor, signed_in, visitor):
    client, front = signed_in(editor), reverse("admin:index")
    call_command("jobs")
    assert "alarm" not in client.get(front).content.decode()
    assert visitor.get("/readyz").json()["state"] == "ok"
    Run.objects.filter(job="publish_scheduled").update(at=timezone.now() - datetime.timedelta(minutes=6))
    assert "scheduled pages" in client.get(front).content.decode()
    health = visitor.get("/readyz")
    assert (health.status_code, health.json()["state"], health.json()["silent_jobs"]) == (200, "degraded", ["publish_scheduled"])
    call_command("jobs")
    assert visitor.get("/readyz").json()["state"] == "ok"
