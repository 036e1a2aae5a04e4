"""Every kind of public page once, and the rows that show what the seeded content lacks: what browser and markup tests visit."""

import datetime

from django.contrib.auth import get_user_model
from django.test import override_settings
from django.utils import timezone

from inquiries.form_key import fingerprint
from inquiries.models import Message
from publishing.models import Status
from tests import factories
from zhaoqing_site import demonstration, seeding

PASSWORD = "correct-horse-battery"
REFERENCE, CLOSED, SECRET = "ZQ-TEST-0001", "ZQ-TEST-0002", "known-to-the-tests-alone"

# name: (address after the language, status)
PUBLIC = {
    "home": ("", 200),
    "parks": ("parks/", 200),
    "parks, filtered": ("parks/?level=national&area_min=1&unit=mu&sort=title", 200),
    "parks, none found": ("parks/?q=zzzz", 200),
    "parks, odd filter": ("parks/?kind=castle&page=abc", 200),
    "past the end": ("parks/?page=999", 404),
    "park": ("parks/hightech-zone/", 200),
    "listings": ("listings/", 200),
    "factories": ("listings/?kind=factory", 200),
    "listing": ("listings/municipal-starting-areas-industrial-land/", 200),
    "sample listing": ("listings/sample-factory-hightech-zone/", 200),
    "expired listing": ("listings/expired-listing/", 200),
    "projects": ("projects/", 200),
    "enterprise": ("projects/xpeng/", 200),
    "works": ("projects/longsha-avenue/", 200),
    "opportunity": ("projects/sample-auto-die-casting/", 200),
    "industries": ("industries/", 200),
    "industry": ("industries/new-energy-vehicles/", 200),
    "figures": ("figures/", 200),
    "subject": ("figures/hightech-zone/", 200),
    "history": ("history/", 200),
    "news": ("news/", 200),
    "article": ("news/industry-in-2023/", 200),
    "article with a photograph": ("news/photograph/", 200),
    "missing language": ("news/half-translated/", 200),
    "policies": ("policies/", 200),
    "policy": ("policies/equipment-factory-reward/", 200),
    "service": ("policies/one-stop-service/", 200),
    "about": ("about/", 200),
    "page": ("about/why-zhaoqing/", 200),
    "contacts": ("contacts/", 200),
    "bureau": ("contacts/sihui/", 200),
    "search": ("search/", 200),
    "search, found": ("search/?q=2023", 200),
    "search, none found": ("search/?q=zzzz", 200),
    "site map": ("sitemap/", 200),
    "open data": ("data/", 200),
    "inquiry": ("inquiry/", 200),
    "inquiry about a park": ("inquiry/?topic=land&park=hightech-zone", 200),
    "promise": ("promise/", 200),
    "questions": ("questions/", 200),
    "question": ("questions/land-near-the-port/", 200),
    "tracking": (f"inquiry/{REFERENCE}/{SECRET}/", 200),
    "tracking, withdrawing": (f"inquiry/{REFERENCE}/{SECRET}/withdraw/", 200),
    "tracking, closed": (f"inquiry/{CLOSED}/{SECRET}-of-closed/", 200),
    "lost link": ("inquiry/lost/", 200),
    "withdrawn": ("parks/withdrawn-park/", 200),
    "taken down": ("news/taken-down/", 410),
    "not found": ("no-such-page/", 404),
    "style guide": ("styleguide/", 200),
}


def load():
    """The seeded content with its samples, the demonstration staff, and one row for each state that no seed is in."""
    seeding.load()
    seeding.load(samples=True)
    with override_settings(DEBUG=True):
        demonstration.create_staff(PASSWORD)
    now = timezone.now()
    why = factories.in_three("withdrawal_note", "The area is under review.", "该片区正在复核。")
    factories.make_park(slug="withdrawn-park", bureau="sihui", status=Status.WITHDRAWN, withdrawn_at=now, **why)
    factories.make_listing(slug="expired-listing", bureau="sihui", expires_at=now - datetime.timedelta(days=1))
    factories.make_article(slug="taken-down", bureau="sihui", status=Status.TAKEN_DOWN)
    chinese_alone = {f"{name}_{code}": "" for name in ("title", "summary", "body") for code in ("en", "zh_hant")}
    factories.make_article(slug="half-translated", bureau="sihui", **chinese_alone)
    photograph = factories.make_article(slug="photograph", bureau="sihui")
    factories.use_picture(photograph, factories.make_picture(bureau="sihui", **factories.in_three("caption", "A hall", "厂房")))
    make_inquiry_with_reply()
    make_closed_inquiry(now)
    make_counted_inquiries(now)
    factories.make_answer(slug="land-near-the-port", bureau="sihui", asked_about="/news/industry-in-2023/")
    make_drafts()


def make_drafts():
    """An article with a draft of one person beside what another typed, and one that waits for its review."""
    people = get_user_model().objects
    factories.make_conflict(factories.make_article(slug="drafted", bureau="sihui"), people.get(username="ann"), people.get(username="mei"))
    in_review = factories.make_article(slug="in-review", bureau="sihui")
    factories.make_change(in_review, "in-review", by=people.get(username="ann"), **factories.in_three("title", "Read me", "请审核"))


def make_counted_inquiries(now):
    """What the figures of the promise count: old inquiries, long closed."""
    for number in range(30):
        received = now - datetime.timedelta(days=370 + 10 * number)
        answered, language = received + datetime.timedelta(hours=5 * number), ["en", "zh-hans", "zh-hans", "zh-hant"][number % 4]
        fields = {"received_at": received, "first_answered_at": answered, "closed_at": answered, "status": "closed", "result": "answered"}
        factories.make_inquiry(bureau="zhaoqing", language=language, district=factories.make_district("sihui"), **fields)


def make_closed_inquiry(now):
    """With everything that its page can tell and ask: a file, a folded letter, a transfer, more time, a grade to give."""
    fields = {"status": "closed", "result": "referred", "result_note": "Customs office", "closed_at": now}
    secret = fingerprint(f"{SECRET}-of-closed")
    inquiry = factories.make_inquiry(bureau="sihui", reference=CLOSED, secret_hash=secret, email="closed@example.com", **fields)
    officer = get_user_model().objects.get(username="ou")
    letter = factories.make_message(inquiry=inquiry, kind="investor", via="mail", body="The plan.", quoted="> Which plan?")
    factories.make_attachment(message=letter)
    factories.make_transfer(inquiry, officer, from_bureau=factories.make_bureau("zhaoqing"), state="done", decided_at=now)
    factories.make_extension(inquiry, officer, state="approved", decided_at=now)


def make_inquiry_with_reply():
    inquiry = factories.make_inquiry(bureau="sihui", reference=REFERENCE, secret_hash=fingerprint(SECRET), phone="+4930123456")
    officer = get_user_model().objects.get(username="ou")
    factories.make_message(inquiry=inquiry, kind=Message.Kind.REPLY, author=officer, body="Yes, there is land.\n\nCall us.")
    factories.make_message(inquiry=inquiry, author=officer, body="For the staff alone.")
