"""The page of one inquiry: each step that is open to the person, and what stays between the staff."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bureaus.audit import record
from bureaus.models import AuditEntry, Membership
from inquiries import case_words, investor
from inquiries.form_key import fingerprint
from inquiries.inbox import short
from inquiries.models import Attachment, Inquiry, Message, Transfer
from outbox.models import Letter
from projects.models import Project
from publishing.models import Presence, Status
from tests.factories import (
    in_three,
    make_bureau,
    make_extension,
    make_follow_up,
    make_inquiry,
    make_letter,
    make_listing,
    make_member,
    make_message,
    make_park,
    make_project,
    make_transfer,
)
from tests.inquiries.test_attachments import pdf

pytestmark = pytest.mark.django_db
State, Kind, Role = Inquiry.Status, Message.Kind, Membership.Role
PDF = pdf()


def address(inquiry, name="change", *more):
    return reverse(f"admin:inquiries_inquiry_{name}", args=[inquiry.pk, *more])


def press(browser, inquiry, name, **fields):
    """Opens the page and presses a button on it."""
    form = browser.get(address(inquiry)).context["form"]
    sent = {"key": form.initial["key"], "seen": form.initial["seen"], "reply": "", "note": ""}
    return browser.post(address(inquiry, "step", name), sent | fields)


def page(browser, inquiry):
    return browser.get(address(inquiry)).content.decode()


@pytest.fixture
def sihui_manager(db):
    return make_member("mei", Role.MANAGER, "sihui")


# --- Steps ---


def test_s66_proposal_is_confirmed_declined_or_accepted_on_the_page(officer, manager, sihui_manager, signed_in):
    sihui = make_bureau("sihui")
    for step, person, ends_at in (
        ("confirm_transfer", manager, "sihui"),
        ("accept_transfer", sihui_manager, "sihui"),
        ("decline_transfer", manager, "dinghu"),
    ):
        inquiry = make_inquiry(assignee=officer, status=State.ASSIGNED, message="CANARY-QUESTION")
        make_message(inquiry=inquiry, body="CANARY-PRIVATE", bureau=inquiry.bureau, is_private=True)
        foreign = signed_in(sihui_manager)
        assert foreign.get(address(inquiry)).status_code == 404
        response = press(signed_in(officer), inquiry, "propose_transfer", bureau=sihui.pk, propose_transfer_reason="It lies in Sihui.")
        assert response.status_code == 303, step
        offered = page(foreign, inquiry)
        assert "It lies in Sihui." in offered
        assert "CANARY-QUESTION" in offered
        assert "CANARY-PRIVATE" not in offered
        assert "formaction" in offered.split('id="decide-title"')[1].split("</section>")[0]
        reason = {"decline_transfer_reason": "We keep it."} if step == "decline_transfer" else {}
        answer = press(signed_in(person), inquiry, step, **reason)
        assert answer.status_code == 303, step
        inquiry.refresh_from_db()
        assert inquiry.bureau.slug == ends_at, step


def test_s53_offered_inquiry_stands_only_where_it_is_decided(officer, sihui_manager, signed_in):
    make_transfer(make_inquiry(), officer)
    browser, inbox = signed_in(sihui_manager), reverse("admin:inquiries_inquiry_changelist")
    assert browser.get(inbox).context["cl"].result_count == 0
    assert browser.get(inbox, {"q": "Erika"}).context["cl"].result_count == 0
    assert browser.get(inbox, {"show": "decide"}).context["cl"].result_count == 1
    officer_there = signed_in(make_member("ou", Role.OFFICER, "sihui"))
    assert officer_there.get(address(Inquiry.objects.get())).status_code == 404


def test_s67_extension_is_asked_for_before_it_is_due_and_afterwards_the_page_says_why_not(officer, manager, signed_in):
    inquiry = make_inquiry()
    browser = signed_in(officer)
    asked = {"clock": "answer", "days": "2", "ask_extension_reason": "We wait for the grid."}
    assert press(browser, inquiry, "ask_extension", **asked).status_code == 303
    assert "We wait for the grid." in page(signed_in(manager), inquiry)
    assert press(signed_in(manager), inquiry, "grant_extension").status_code == 303
    late = make_inquiry(answer_by=timezone.now() - timedelta(hours=1))
    shown = page(browser, late)
    assert "The answer is overdue: more time can only be given before it is due." in shown
    assert address(late, "step", "ask_extension") not in shown


def test_s63_merge_by_reference_shows_both_threads_to_staff_and_is_undone(officer, signed_in):
    inquiry, other = (
        make_inquiry(message="First question, at length."),
        make_inquiry(name="Zaphod", email="z@example.com", message="Second one."),
    )
    foreign = make_inquiry(bureau="sihui")
    browser = signed_in(officer)
    assert press(browser, inquiry, "merge", target=foreign.reference).status_code == 400
    assert press(browser, inquiry, "merge", target=other.reference.lower(), are_two_people="on").status_code == 303
    assert "First question, at length." in page(browser, other)
    assert "Merged into" in page(browser, inquiry)
    assert press(browser, inquiry, "unmerge").status_code == 303
    assert "First question, at length." not in page(browser, other)


def test_s63_reference_to_merge_into_is_read_as_people_type_it(officer, signed_in):
    other = make_inquiry(reference="ZQ-NBTZ-EPGZ")
    browser = signed_in(officer)
    for typed in ("zq nbtz epgz ", "ZQNBTZEPGZ", "ｚｑ－ｎｂｔｚ－ｅｐｇｚ"):
        inquiry = make_inquiry()  # of the same person
        assert press(browser, inquiry, "merge", target=typed).status_code == 303, typed
        inquiry.refresh_from_db()
        assert inquiry.merged_into == other


def test_s68_closing_as_not_possible_asks_why_and_reopening_asks_for_a_reason(officer, manager, signed_in):
    inquiry = make_inquiry(status=State.ANSWERED, assignee=officer, first_answered_at=timezone.now())
    browser = signed_in(officer)
    closing = {"result": "not-possible", "result_note": "No plot is large enough."}
    assert press(browser, inquiry, "close", **closing).status_code == 400
    assert press(browser, inquiry, "close", lost_because="site", **closing).status_code == 303
    assert "formaction" not in page(browser, inquiry).split('id="rare-title"')[-1].split("</section>")[0]
    assert press(signed_in(manager), inquiry, "reopen").status_code == 400
    assert press(signed_in(manager), inquiry, "reopen", reopen_reason="A plot became free.").status_code == 303
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.reopened) == (State.IN_PROGRESS, 1)


def test_each_step_says_in_words_what_was_done(officer, manager, signed_in):
    inquiry = make_inquiry()
    make_extension(inquiry, officer)
    for step in ("take", "ask_extension", "grant_extension", "merged_here", "rate", "follow_up", "silent", "untake"):
        make_message(inquiry=inquiry, kind=Kind.STEP, step=step, body="", author=officer)
    shown = page(signed_in(manager), inquiry)
    for step in ("ask_extension", "grant_extension", "merged_here", "untake"):
        assert f" {step} " not in shown.split("<ol>")[1].split("</ol>")[0]


def test_follow_up_is_done_with_a_note_once_and_the_managers_by_the_manager(officer, manager, signed_in):
    inquiry = make_inquiry()
    own, managers = make_follow_up(inquiry), make_follow_up(inquiry, kind="poor-grade", is_for_manager=True)
    browser = signed_in(officer)
    assert browser.post(address(inquiry, "follow_up", own.pk), {f"task_{own.pk}": " "}).status_code == 400
    for _press in range(2):
        browser.post(address(inquiry, "follow_up", own.pk), {f"task_{own.pk}": "Still interested.", "reply": "Kept text"})
    assert inquiry.messages.filter(step="follow_up", body="Still interested.").count() == 1
    assert browser.post(address(inquiry, "follow_up", managers.pk), {f"task_{managers.pk}": "x"}).status_code == 403
    assert signed_in(manager).post(address(inquiry, "follow_up", managers.pk), {f"task_{managers.pk}": "Called."}).status_code == 303
    assert not inquiry.follow_ups.filter(done_at=None).exists()
    foreign = make_follow_up(make_inquiry(bureau="sihui"))
    assert browser.post(address(inquiry, "follow_up", foreign.pk), {}).status_code == 404


def test_what_is_typed_in_any_box_survives_another_step(officer, signed_in):
    inquiry = make_inquiry()
    typed = {"reply": "Half a reply", "propose_transfer_reason": "Half a reason", "target": "ZQ-26"}
    response = press(signed_in(officer), inquiry, "note", note="Kept", **typed)
    assert response.status_code == 200
    assert {name: response.context["form"].initial[name] for name in typed} == typed
    assert "note" not in response.context["form"].initial


# --- S58: two officers ---


def test_s58_second_officer_reads_who_is_writing_and_what_was_written_meanwhile(officer, manager, signed_in):
    inquiry = make_inquiry()
    here, there = signed_in(officer), signed_in(manager)
    here.post(address(inquiry, "presence"), {"page": "a", "changed": "yes", "base": "0"})
    lines = there.post(address(inquiry, "presence"), {"page": "b", "changed": "no", "base": "0"}).json()["lines"]
    assert [line.split(" (")[0] for line in lines] == ["do is writing"]
    press(here, inquiry, "reply", reply="From the officer")
    here.post(address(inquiry, "presence"), {"page": "a", "leaves": "yes"})
    (line,) = there.post(address(inquiry, "presence"), {"page": "b", "base": "0"}).json()["lines"]
    assert line.startswith("do has written to the investor meanwhile")
    assert there.post(address(make_inquiry(bureau="sihui"), "presence"), {"page": "b"}).status_code == 404
    assert Presence.objects.count() == 2


def test_s58_refused_page_says_just_now_and_offers_whoever_has_it_meanwhile(officer, manager, signed_in):
    """The manager's page was opened when nobody had it: the box named the first of the bureau."""
    inquiry = make_inquiry()
    press(signed_in(officer), inquiry, "reply", reply="From the officer")
    browser, late = signed_in(manager), {"key": str(uuid.uuid4()), "seen": "0", "note": "", "assignee": manager.pk}
    refused = browser.post(address(inquiry, "step", "reply"), late | {"reply": "From the manager"})
    assert refused.status_code == 400
    assert "wrote to the investor just now" in refused.content.decode()
    assert refused.context["form"].initial["assignee"] == officer.pk


# --- What the page says ---


def test_page_says_in_words_why_a_letter_did_not_arrive_and_folds_what_the_server_said(officer, signed_in):
    said = {
        "550 5.1.1 <x@example.com>: no such mailbox": "There is no such mailbox",
        "552 5.2.2 mailbox full": "The mailbox is full.",
        "SMTPServerDisconnected: Connection unexpectedly closed": "The mail server cannot be reached.",
        "ConnectionRefusedError: [Errno 111] Connection refused": "The mail server cannot be reached.",
        "550 5.1.2 Host unknown": "The domain behind the @ does not exist.",
        "451 4.3.0 try later": "it is tried again",
        "554 5.7.1 rejected": "The mail server of the reader refuses our letters.",
        "Weird: thing": "The letter could not be sent.",
    }
    inquiry = make_inquiry()
    for raw in said:
        letter = make_letter(reference=inquiry.reference, tries=1, last_error=raw)
        make_message(inquiry=inquiry, kind=Kind.REPLY, author=officer, letter=letter)
    make_message(inquiry=inquiry, kind=Kind.STEP, step="came_back", body="550 5.1.1 User unknown")
    shown = html.unescape(page(signed_in(officer), inquiry))
    folded = re.findall(r"<details[^>]*><summary>What the mail server said</summary>.*?</details>", shown, re.DOTALL)
    assert len(folded) == len(said) + 1
    for raw, words in said.items():
        assert any(raw in one for one in folded), raw
        assert words in shown, raw
    rest = re.sub(r"<details.*?</details>", "", shown, flags=re.DOTALL)
    assert not any(raw in rest for raw in [*said, "550 5.1.1 User unknown"])
    browser = signed_in(make_member("dm2", Role.MANAGER))
    assert "The mailbox is full." in browser.get(reverse("admin:outbox_letter_changelist")).content.decode()


def test_dates_and_extra_days_are_written_one_way_and_taking_up_has_its_moment(officer, signed_in):
    inquiry = make_inquiry(status=State.IN_PROGRESS, assignee=officer)
    taken = timezone.now() - timedelta(hours=3)
    make_message(inquiry=inquiry, kind=Kind.STEP, step="take", author=officer, written_at=taken)
    make_message(inquiry=inquiry, kind=Kind.STEP, step="ask_extension", author=officer, body="+3: We wait.")
    make_message(inquiry=inquiry, kind=Kind.STEP, step="grant_extension", author=officer, body="2020-11-24 17:30 → 2020-11-26 17:30")
    make_extension(inquiry, officer, clock="result")
    task = make_follow_up(inquiry, kind="poor-grade", is_for_manager=True)
    shown = html.unescape(page(signed_in(officer), inquiry))
    assert "asked for 3 working days more: <bdi>We wait." in shown
    assert "24 Nov 2020, 17:30 → Thu 26 Nov 2020, 17:30" in shown
    assert f"({short(task.due_at)})" in shown
    assert "A poor rating: write to the investor" in shown  # there is no telephone
    browser = signed_in(officer)
    browser.cookies["django_language"] = "zh-hans"
    chinese = re.sub("<[^>]*>", "", page(browser, inquiry).split('id="case"')[1])
    assert not re.search(r"\+\d\b|\d{4}-\d\d-\d\d \d\d:\d\d", chinese)
    Inquiry.objects.update(phone="+852 23456789")
    assert "A poor rating: call the investor" in page(signed_in(officer), inquiry)
    spam = make_inquiry(status=State.SPAM, spam_reason="trap")
    assert [case_words.clocks(one, timezone.now())[0].words for one in (inquiry, spam)] == [short(taken), "–"]
    assert "Taken for spam: a trap field that no person sees was filled in." in page(signed_in(officer), spam)


# --- S59: notes never leave ---


def test_s59_note_its_files_and_private_notes_stay_with_the_staff(officer, manager, sihui_manager, signed_in, visitor):
    inquiry = make_inquiry(secret_hash=fingerprint("right"))
    browser = signed_in(officer)
    files = [SimpleUploadedFile("CANARY-FILE.pdf", PDF, "application/pdf")]
    assert press(browser, inquiry, "note", note="CANARY-NOTE", files=files, is_private="on").status_code == 303
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.message.is_private) == ("CANARY-FILE.pdf", True)
    press(browser, inquiry, "reply", reply="Three sites fit.")
    assert b"".join(browser.get(address(inquiry, "file", attachment.pk)).streaming_content) == PDF
    assert "CANARY" not in "".join(f"{letter.subject}{letter.body}" for letter in Letter.objects.all())
    shown = visitor.get(f"/en/inquiry/{inquiry.reference}/right/").content.decode()
    assert "Three sites fit." in shown
    assert "CANARY" not in shown
    make_transfer(inquiry, officer)
    other = signed_in(sihui_manager)
    assert "CANARY" not in page(other, inquiry)
    assert other.get(address(inquiry, "file", attachment.pk)).status_code == 404


def test_s59_file_that_cannot_be_taken_leaves_note_and_text_in_the_box(officer, signed_in):
    inquiry = make_inquiry()
    files = [SimpleUploadedFile("tool.exe", b"MZ\x90\x00", "application/pdf")]
    response = press(signed_in(officer), inquiry, "note", note="With a file", files=files)
    assert response.status_code == 400
    assert "tool.exe" in response.content.decode()
    assert response.context["form"].initial["note"] == "With a file"
    assert not Message.objects.exists()


def test_s59_note_pressed_twice_keeps_its_file_once(officer, signed_in):
    inquiry = make_inquiry()
    browser, sent = signed_in(officer), {"key": str(uuid.uuid4()), "seen": "0", "reply": "", "note": "Twice"}
    for _press in range(2):
        upload = SimpleUploadedFile("plan.pdf", PDF, "application/pdf")
        assert browser.post(address(inquiry, "step", "note"), sent | {"files": upload}).status_code == 303
    assert Message.objects.count() == Attachment.objects.count() == 1


# --- S65: what may belong together ---


def test_s65_same_mail_telephone_or_text_is_hinted_at_among_visible_inquiries_alone(officer, signed_in, django_assert_max_num_queries):
    now = timezone.now()
    text = "We look for two hectares of land near the river port, with 10,000 kVA."
    inquiry = make_inquiry(message=text, phone="+86 758 269 2222")
    found = {
        "mail": make_inquiry(email="ERIKA@example.com", message="Something else."),
        "telephone": make_inquiry(email="a@example.com", phone="0758-2692222", message="Something else."),
        "text": make_inquiry(email="b@example.com", message=text.replace("two", "three")),
    }
    make_inquiry(email="c@example.com", message="Which subsidies are there?")
    make_inquiry(received_at=now - timedelta(days=15))
    make_inquiry(bureau="sihui", message=text)
    browser = signed_in(officer)
    shown = browser.get(address(inquiry)).context
    reasons = {similar.inquiry.pk: [str(why) for why in similar.why] for similar in shown["duplicates"]}
    assert reasons == {
        found["mail"].pk: ["same e-mail"],
        found["telephone"].pk: ["same telephone"],
        found["text"].pk: ["nearly the same text"],
    }
    assert len(shown["earlier"]) == 1
    for number in range(30):
        make_inquiry(message=f"{text} {number}")
    with django_assert_max_num_queries(60):
        assert browser.get(address(inquiry)).status_code == 200


def test_queries_of_the_page_do_not_grow_with_thread_and_neighbours(officer, signed_in, django_assert_num_queries):
    inquiry = make_inquiry()
    make_message(inquiry=inquiry, author=officer, bureau=inquiry.bureau)
    make_inquiry()
    browser = signed_in(officer)
    browser.get(address(inquiry))
    with CaptureQueriesContext(connection) as few:
        browser.get(address(inquiry))
    for _number in range(6):
        make_message(inquiry=inquiry, author=officer, bureau=inquiry.bureau)
        make_inquiry()
    with django_assert_num_queries(len(few)):
        browser.get(address(inquiry))


# --- S69: became a project ---


def test_s69_project_is_a_draft_with_place_and_bureau_and_nothing_of_the_person(officer, manager, signed_in):
    park = make_park(**in_three("title", "High-tech Zone", "高新区"))
    listing = make_listing(park=park, **in_three("title", "Plot 7", "地块7"))
    inquiry = make_inquiry(
        name="CANARY-NAME", organization="CANARY-COMPANY", message="CANARY-TEXT", email="canary@example.com", listing=listing, park=park
    )
    browser = signed_in(manager)
    browser.post(address(inquiry, "project"))
    assert not Project.objects.exists(), "an inquiry without an answer"
    Inquiry.objects.update(first_answered_at=timezone.now(), answered_at=timezone.now(), status=State.ANSWERED)
    assert signed_in(officer).post(address(inquiry, "project")).status_code == 403
    for _press in range(2):
        assert browser.post(address(inquiry, "project")).status_code == 303
    project = Project.objects.get()
    assert (project.status, project.bureau, project.park, list(project.listings.all())) == (Status.DRAFT, inquiry.bureau, park, [listing])
    assert (project.title_en, project.title_zh_hans) == ("New project: Plot 7", project.title_zh_hans)
    assert "CANARY" not in "".join(str(value) for value in Project.objects.values().get().values()).upper().replace(project.slug, "")
    inquiry.refresh_from_db()
    assert inquiry.became_project == project
    assert inquiry.status == State.ANSWERED, "closed only by its own step"
    assert str(project) in page(browser, inquiry)
    assert inquiry.reference in browser.get(reverse("admin:projects_project_change", args=[project.pk])).content.decode()
    assert press(browser, inquiry, "close", result="project").status_code == 303
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.became_project) == (State.CLOSED, project)


def test_s69_what_became_a_project_is_closed_as_one_unless_somebody_says_otherwise(officer, signed_in):
    answered = {"status": State.ANSWERED, "assignee": officer, "first_answered_at": timezone.now(), "answered_at": timezone.now()}
    made, plain = make_inquiry(became_project=make_project(), **answered), make_inquiry(**answered)
    browser = signed_in(officer)
    chosen = '<option value="project" selected>'
    assert (chosen in page(browser, made), chosen in page(browser, plain)) == (True, False)


def test_s69_project_names_its_inquiry_to_those_who_see_inquiries_alone(editor, manager, signed_in):
    inquiry = make_inquiry(first_answered_at=timezone.now(), status=State.ANSWERED)
    signed_in(manager).post(address(inquiry, "project"))
    form = signed_in(editor).get(reverse("admin:projects_project_change", args=[Project.objects.get().pk]))
    assert form.status_code == 200
    assert inquiry.reference not in form.content.decode()


# --- S73: readers ---


def test_s73_manager_reads_who_has_opened_an_inquiry_and_the_officer_does_not(officer, manager, signed_in):
    inquiry, other = make_inquiry(), make_inquiry()
    for thing in (inquiry, inquiry, other):
        record(AuditEntry.Action.VIEW, user=officer, thing=thing)
    readers = signed_in(manager).get(address(inquiry)).context["readers"]
    assert (officer, 2) in [(reader.person, reader.times) for reader in readers]
    assert signed_in(officer).get(address(inquiry)).context["readers"] is None


def test_transfer_takes_the_officer_back_to_the_list_when_the_inquiry_has_left(manager, signed_in):
    inquiry = make_inquiry(may_share=True)
    response = press(signed_in(manager), inquiry, "transfer", bureau=make_bureau("sihui").pk, transfer_reason="It lies there.")
    assert (response.status_code, response["Location"]) == (303, reverse("admin:inquiries_inquiry_changelist"))
    assert Transfer.objects.get().state == Transfer.State.DONE


def test_third_transfer_says_before_and_after_that_the_city_bureau_gets_it(manager, sihui_manager, officer, signed_in):
    make_bureau("zhaoqing", takes_unrouted=True, name_en="Bureau of Zhaoqing")
    inquiry, sihui = make_inquiry(may_share=True), make_bureau("sihui")
    browser, old = signed_in(manager), signed_in(officer)
    assert "third transfer" not in page(browser, inquiry)
    press(browser, inquiry, "transfer", bureau=sihui.pk, transfer_reason="CANARY-INSIDE", transfer_for_investor="It lies in Sihui.")
    assert Transfer.objects.get().for_investor == "It lies in Sihui."
    answer = old.get(address(inquiry), follow=True)  # an old letter leads here
    assert f"{inquiry.reference} is with Bureau of Sihui now." in answer.content.decode()
    assert old.get(reverse("admin:inquiries_inquiry_reference", args=[inquiry.reference])).status_code == 302
    assert signed_in(make_member("gm", Role.MANAGER, "gaoyao")).get(address(inquiry)).status_code == 404
    there = signed_in(sihui_manager)
    response = press(
        there, inquiry, "refuse_transfer", refuse_transfer_reason="Not here.", refuse_transfer_for_investor="It lies in Dinghu."
    )
    assert response.status_code == 303
    press(browser, inquiry, "transfer", bureau=sihui.pk, transfer_reason="It does.")
    assert "it goes to Bureau of Zhaoqing, whichever bureau you choose" in page(there, inquiry)
    sent = {"bureau": make_bureau("gaoyao").pk, "transfer_reason": "Then there."}
    done = there.post(address(inquiry, "step", "transfer"), sent, follow=True).content.decode()
    assert "Transferred to Bureau of Zhaoqing: a third transfer always goes there." in done


def test_whoever_had_it_open_is_not_shown_to_the_bureau_that_has_it_now(officer, sihui_manager, signed_in):
    inquiry = make_inquiry()
    signed_in(officer).post(address(inquiry, "presence"), {"page": "a", "base": "0"})
    Inquiry.objects.update(bureau=make_bureau("sihui"))
    there = signed_in(sihui_manager)
    assert there.post(address(inquiry, "presence"), {"page": "b", "base": "0"}).json()["lines"] == []
    signed_in(make_member("ou", Role.OFFICER, "sihui")).post(address(inquiry, "presence"), {"page": "c", "base": "0"})
    assert len(there.post(address(inquiry, "presence"), {"page": "b", "base": "0"}).json()["lines"]) == 1


def test_thread_has_words_for_withdrawing_reopening_and_asking_to_be_deleted(manager, signed_in):
    inquiry = make_inquiry()
    investor.withdraw(inquiry)
    inquiry.refresh_from_db()
    investor.reopen(inquiry, "A plot became free.")
    investor.ask_to_erase(inquiry)
    shown = page(signed_in(manager), inquiry)
    assert shown.count("withdrew the inquiry") == 2  # the second with asking to be deleted
    assert shown.count("opened the inquiry again") == 1
    assert "The investor asked to have the personal details deleted." in shown.split('class="case-thread"')[1]
    hint = shown.split('class="case-hint"')[1].split("</p>")[0]
    assert "to have the personal details deleted" in hint
    assert address(inquiry, "person") in hint


def test_page_says_in_which_language_the_investor_reads_and_how_the_letter_begins_and_ends(manager, signed_in):
    manager.first_name, manager.last_name = "Mei", "Li"
    manager.save()
    inquiry = make_inquiry(status=State.IN_PROGRESS, name="Jürgen Groß", language="en", answered_at=None)
    browser = signed_in(manager)
    shown = page(browser, inquiry)
    around = shown.split('id="letter-around"')[1].split("</details>")[0]
    assert "Dear Jürgen Groß," in around
    assert "Yours sincerely,<br>Mei Li<br>" in around
    folds = shown.split('id="rare-title"')[1]
    assert folds.count("Write in: English.") == 2  # of a transfer, of more time
    make_extension(inquiry, manager)
    assert "in: English. If it is in another language, refuse it" in page(browser, inquiry)
    Inquiry.objects.update(status=State.ANSWERED, answered_at=timezone.now())
    assert "Write in: English." in page(browser, inquiry).split('id="close-title"')[1].split("</section>")[0]
