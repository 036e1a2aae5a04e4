"""Closing, reopening, and spam."""

import secrets
from dataclasses import replace
from datetime import datetime

from django.db.models import Max

from inquiries import clock, deadlines, follow_ups, letters, limits, people
from inquiries.form_key import fingerprint
from inquiries.models import Inquiry, Message, TrackingLink
from inquiries.steps.thread import tell_investor, tell_investor_with_link, write_down
from outbox.sending import post

Status, Kind, Result = Inquiry.Status, Message.Kind, Inquiry.Result
SILENT_DAYS = 15  # working days


def close(inquiry, user, details):
    inquiry.result, inquiry.result_note = details.result, details.result_note.strip()
    inquiry.lost_because = details.lost_because if inquiry.result == Result.NOT_POSSIBLE else ""
    if inquiry.result == Result.PROJECT:
        inquiry.became_project = details.project or inquiry.became_project
    end(inquiry, details.now)
    said = [str(inquiry.get_result_display()), inquiry.result_note]
    write_down(inquiry, user, Kind.STEP, "close", details, body=": ".join(text for text in said if text))
    tell_investor_with_link(inquiry, "closed", details.now)


def silent_until(inquiry: Inquiry, special=None) -> datetime:
    """When an answered or waiting inquiry ends by itself: so many working days after the last word or the answer."""
    last = inquiry.messages.filter(kind__in=Message.OPEN_KINDS).order_by("written_at", "pk").last()
    words = [
        last.written_at if last else inquiry.asked_at,
        inquiry.answered_at,
        inquiry.merged_inquiries.aggregate(last=Max("merged_at"))["last"],
    ]
    return clock.add_working_days(max(moment for moment in words if moment), SILENT_DAYS, special)


def silent(inquiry, user, details):
    """The investor has not written for 15 working days: an answered inquiry ends as answered, a question as not answered."""
    inquiry.result = Result.SILENT if inquiry.status == Status.WAITING else Result.ANSWERED
    end(inquiry, details.now)
    write_down(inquiry, None, Kind.STEP, "silent", details, body="")
    tell_investor_with_link(inquiry, "silent", details.now)


def reopen(inquiry, user, details):
    """By the bureau."""
    write_down(inquiry, user, Kind.STEP, "reopen", details, body=details.reason.strip())
    start_again(inquiry, details)
    tell_investor(inquiry, "reopened")


def spam(inquiry, user, details):
    inquiry.status = Status.SPAM
    write_down(inquiry, user, Kind.STEP, "spam", details, body="")


def not_spam(inquiry, user, details):
    """Back in the inbox, with the due times of the day it came in. Where it was spam on arrival its letters leave now."""
    inquiry.status, inquiry.assignee = Status.NEW, None
    write_down(inquiry, user, Kind.STEP, "not_spam", details, body="")
    if inquiry.spam_reason:
        inquiry.spam_reason = ""
        send_what_was_held_back(inquiry, details.now)


def send_what_was_held_back(inquiry, now):
    """The receipt holds a new address of the page: the first one went to the browser alone."""
    for letter in letters.arrival_notices(inquiry):
        post(**letter)
    if inquiry.email and limits.may_have_receipt(inquiry.email, inquiry.sender_hash, now):
        secret = secrets.token_urlsafe(32)
        TrackingLink.objects.create(inquiry=inquiry, secret_hash=fingerprint(secret), made_at=now)
        post(**letters.receipt(inquiry, secret))


def end(inquiry: Inquiry, now: datetime):
    """The caller has set the result."""
    deadlines.go_on(inquiry, now)
    inquiry.status, inquiry.closed_at = Status.CLOSED, now
    if inquiry.result in follow_ups.ENDS:
        follow_ups.drop(inquiry, now)


def separate(inquiry: Inquiry, user, details):
    """No longer merged: as before, with an entry in both threads."""
    other = inquiry.merged_into
    inquiry.status, inquiry.status_before_merge = inquiry.status_before_merge, ""
    inquiry.merged_into, inquiry.merged_at, inquiry.merged_apart = None, None, False
    deadlines.set_due_times(inquiry)
    follow_ups.plan(inquiry, details.now)
    write_down(inquiry, user, Kind.STEP, "unmerge", replace(details, key=None, files=()), body=f"← {other.reference}")
    note_in(other, user, "unmerged", details, inquiry.reference)


def note_in(other, user, step, details, reference):
    Message.objects.create(inquiry=other, kind=Kind.STEP, step=step, author=user, body=reference, written_at=details.now)


def start_again(inquiry: Inquiry, details):
    """A closed inquiry is open again, with new clocks, in the hands of its officer or the deputy."""
    inquiry.status, inquiry.closed_at = Status.IN_PROGRESS, None
    inquiry.result = inquiry.result_note = inquiry.lost_because = ""
    inquiry.reopened += 1
    inquiry.opened_at = details.now
    inquiry.assignee = people.in_charge(inquiry, details.now)
    deadlines.ask_anew(inquiry, details.now)
