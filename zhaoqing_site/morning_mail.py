"""The morning mail: the work list as a letter, on working days, to those who have chosen it (staff.md S43)."""

import logging
from datetime import date, time

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from bureaus.models import Preference
from inquiries.clock import is_working_day
from outbox.sending import post
from publishing.letters import name_of
from zhaoqing_site.inspection import findings
from zhaoqing_site.waiting import as_seen_by, tasks

# Between these the job writes, in Beijing time: a server that was away all morning does not write in the evening.
OPENS, CLOSES = time(7, 30), time(12)
log = logging.getLogger(__name__)


def write_morning_mails() -> int:
    """The job: how many letters it has stored. Most of its runs look at the clock and at nobody's list."""
    return write_all(timezone.localdate()) if OPENS <= timezone.localtime().time() < CLOSES else 0


def write_all(today: date) -> int:
    """One letter to each who wants it, has a role and something that waits; once a day, and on working days alone."""
    people = list(readers(today))
    if not people or not is_working_day(today):
        return 0
    return sum(write_safely(person, today) for person in people)


def readers(today: date):
    """Who wants the letter, still works here, and has had none today."""
    chosen = Preference.objects.filter(morning_mail=True).exclude(morning_mail_on=today)
    staff = User.objects.filter(is_active=True, is_staff=True, memberships__isnull=False, preference__in=chosen).exclude(email="")
    return staff.select_related("preference").distinct().order_by("pk")


def write_safely(person, today: date) -> bool:
    """A list that cannot be made keeps no other reader waiting."""
    try:
        return write(person, today)
    except Exception:
        log.exception("The morning mail of person %s could not be written.", person.pk)
        return False


def write(person, today: date) -> bool:
    """Stores the letter, if anything waits and nobody else has stored it meanwhile."""
    language = person.preference.language
    with translation.override(language):
        letter = letter_to(person, today, language)
    with transaction.atomic():
        mine = Preference.objects.filter(user=person, morning_mail=True).exclude(morning_mail_on=today)
        if not mine.update(morning_mail_on=today) or letter is None:
            return False
        post(person.email, language, *letter)
    return True


def letter_to(person, today: date, language: str) -> tuple[str, str] | None:
    """Subject and body; None where nothing waits. Each line has its count and an address that also survives the sign-in."""
    request = as_seen_by(person)
    waiting, found = tasks(admin.site, request), findings(admin.site, request)
    if not waiting and not found:
        return None
    context = {
        "name": name_of(person),
        "today": today,
        "tasks": waiting,
        "findings": found,
        "site": settings.SITE_ADDRESS,
        "front": settings.SITE_ADDRESS + reverse("admin:index"),
        "account": settings.SITE_ADDRESS + reverse("admin:account"),
    }
    subject, _end, body = render_to_string(f"letters/morning.{language}.txt", context).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
