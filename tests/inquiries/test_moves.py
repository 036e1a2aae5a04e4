"""Transfers between bureaus (S66), more time (S67), merging (S63): what each step does, and what each person reads after it."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import override

from inquiries import case_words, clock, deadlines, investor, standing, thread_rights
from inquiries.models import Extension, Inquiry, Message, Transfer
from inquiries.settling import settle_replies
from inquiries.workflow import Details, available_steps, buttons, take
from outbox.models import Letter
from outbox.sending import deliver_due
from tests.factories import make_bureau, make_extension, make_inquiry, make_member, make_message, make_transfer

pytestmark = pytest.mark.django_db
Status, Kind = Inquiry.Status, Message.Kind
REASON = "The plot lies in Sihui."


def mailed(person):
    person.email = f"{person.username}@example.com"
    person.save()
    return person


@pytest.fixture
def officer(officer):
    return mailed(officer)


@pytest.fixture
def manager(manager):
    return mailed(manager)


@pytest.fixture
def elsewhere(sihui):
    """The manager of Sihui."""
    return make_member("xm", "manager", "sihui", email="xm@example.com")


@pytest.fixture
def inquiry(officer):
    """With an officer of Dinghu, due as the calendar says."""
    inquiry = make_inquiry(status=Status.IN_PROGRESS, assignee=officer)
    deadlines.set_due_times(inquiry)
    inquiry.save()
    return inquiry


def told(inquiry, person=None):
    """The subjects of the letters to a member of staff, or to the investor."""
    letters = Letter.objects.filter(to=person.email if person else inquiry.email, reference=inquiry.reference)
    return list(letters.order_by("created_at").values_list("subject", flat=True))


def why_not(inquiry, user, name):
    return next(str(sentence) for step, sentence in buttons(inquiry, user) if step.name == name)


# --- S66 ---


def test_s66_proposed_transfer_moves_when_a_manager_confirms_and_no_clock_restarts(inquiry, officer, manager, elsewhere, sihui):
    due = (inquiry.answer_by, inquiry.result_by)
    take(inquiry, "propose_transfer", officer, Details(bureau=sihui, reason=REASON))
    assert (inquiry.bureau.slug, inquiry.status) == ("dinghu", Status.IN_PROGRESS)
    assert len(told(inquiry, manager)) == len(told(inquiry, elsewhere)) == 1
    assert "propose_transfer" not in {step.name for step in available_steps(inquiry, officer)}
    with pytest.raises(PermissionDenied):
        take(inquiry, "confirm_transfer", officer)
    take(inquiry, "confirm_transfer", manager)
    assert (inquiry.bureau, inquiry.status, inquiry.assignee) == (sihui, Status.NEW, None)
    assert (inquiry.answer_by, inquiry.result_by) == due
    assert "Bureau of Sihui" in told(inquiry)[0]
    assert Inquiry.objects.visible_to(elsewhere).exists()
    assert not Inquiry.objects.visible_to(officer).exists()


def test_s66_other_bureau_accepts_what_is_offered_to_it_and_nobody_else_does(inquiry, officer, elsewhere, sihui):
    stranger = make_member("gm", "manager", "gaoyao")
    with pytest.raises((PermissionDenied, ValidationError)):
        take(inquiry, "accept_transfer", elsewhere)
    make_transfer(inquiry, officer)
    with pytest.raises(PermissionDenied):
        take(inquiry, "accept_transfer", stranger)
    take(inquiry, "accept_transfer", elsewhere)
    assert inquiry.bureau == sihui


def test_s66_declined_transfer_stays_and_the_officer_is_told(inquiry, officer, manager, sihui):
    make_transfer(inquiry, officer)
    with pytest.raises(ValidationError, match="reason"):
        take(inquiry, "decline_transfer", manager, Details())
    take(inquiry, "decline_transfer", manager, Details(reason="It is ours."))
    assert (inquiry.bureau.slug, inquiry.transfers.get().state, inquiry.transfers.get().answer) == ("dinghu", "declined", "It is ours.")
    assert len(told(inquiry, officer)) == 1
    assert told(inquiry) == []


def test_s66_refused_transfer_comes_back_with_the_reason_and_the_same_due_time(inquiry, officer, manager, elsewhere, sihui):
    due = inquiry.answer_by
    take(inquiry, "transfer", manager, Details(bureau=sihui, reason=REASON, for_investor="The plot is theirs."))
    take(inquiry, "refuse_transfer", elsewhere, Details(reason="Not in Sihui after all.", for_investor="The plot is ours."))
    assert (inquiry.bureau.slug, inquiry.status, inquiry.answer_by) == ("dinghu", Status.NEW, due)
    assert inquiry.transfers.get().state == Transfer.State.REFUSED
    assert "Not in Sihui after all." in inquiry.messages.filter(kind=Kind.STEP).last().body
    there, back = Letter.objects.filter(to=inquiry.email).order_by("created_at")  # the investor knows who has it, both times
    assert f"is back with the {inquiry.bureau.name}" in back.subject
    assert "responsible for what you ask about" not in back.body
    assert ("The plot is theirs." in there.body, "The plot is ours." in back.body) == (True, True)
    assert not [words for words in (REASON, "after all") if words in there.body + back.body]
    assert len(told(inquiry, officer)) == 1
    with pytest.raises(ValidationError, match="no longer possible"):
        take(inquiry, "refuse_transfer", manager, Details(reason="Not ours either."))


@pytest.mark.parametrize("is_proposed", [False, True])
def test_s66_investor_reads_of_the_move_and_of_the_return(inquiry, officer, manager, elsewhere, sihui, zhaoqing, is_proposed):
    """The entry of the move stays as it was read; what each bureau did meanwhile stands under its own name."""
    start = timezone.now()
    there = {"bureau": sihui, "reason": REASON, "for_investor": "Sihui has a larger warehouse."}
    if is_proposed:
        take(inquiry, "propose_transfer", officer, Details(**there, now=start))
        take(inquiry, "accept_transfer", elsewhere, Details(now=start + timedelta(minutes=5)))
    else:
        take(inquiry, "transfer", manager, Details(**there, now=start + timedelta(minutes=5)))
    before = standing.thread(inquiry)
    take(inquiry, "update", elsewhere, Details(body="We look into it.", now=start + timedelta(minutes=6)))
    Inquiry.objects.update(status=Status.NEW)  # as when its officer has left
    sent_back = Details(reason="Not here.", for_investor="It is let.", now=start + timedelta(minutes=7))
    take(inquiry, "refuse_transfer", elsewhere, sent_back)
    after = standing.thread(inquiry)
    assert after[: len(before)] == before
    dinghu = inquiry.bureau.name
    assert [(entry.text, entry.reason, entry.at - start) for entry in after if entry.kind == "told"] == [
        (f"Went from the {dinghu} to the {sihui.name}", "Sihui has a larger warehouse.", timedelta(minutes=5)),
        (f"Came back from the {sihui.name} to the {dinghu}", "It is let.", timedelta(minutes=7)),
    ]
    assert [entry.who for entry in after if entry.kind == "reply"] == [sihui.name]


def test_s66_staff_read_of_each_move_in_their_own_language(inquiry, officer, manager, elsewhere, sihui):
    Inquiry.objects.update(may_share=False)
    with override("zh-hant"):
        there = Details(bureau=sihui, reason=REASON, agreed="By telephone,\r\nMonday", now=timezone.now())
        take(inquiry, "propose_transfer", officer, there)
        take(inquiry, "confirm_transfer", manager)
        take(inquiry, "refuse_transfer", elsewhere, Details(reason="Not in Sihui:\nlook again."))
    agreed = f"→ {sihui.name}: {REASON} (The investor agreed: By telephone, Monday)"
    said = [entry.body for entry in case_words.thread(inquiry, manager) if entry.step]
    assert said == [agreed, agreed, f"→ {inquiry.bureau.name}: Not in Sihui:\nlook again."]
    sihui.name_zh_hant = "四會市投資促進局"
    sihui.save()
    with override("zh-hant"):
        assert all("→ 四會市投資促進局" in entry.body for entry in case_words.thread(inquiry, manager)[1:3])
    make_message(inquiry=inquiry, kind=Kind.STEP, step="transfer", body="→ Bureau: as it was written")
    assert case_words.thread(inquiry, manager)[-1].body == "→ Bureau: as it was written"


def test_s66_taken_inquiry_cannot_be_sent_back(inquiry, manager, elsewhere, sihui):
    take(inquiry, "transfer", manager, Details(bureau=sihui, reason=REASON))
    take(inquiry, "take", elsewhere)
    with pytest.raises(ValidationError, match="no longer possible"):
        take(inquiry, "refuse_transfer", elsewhere, Details(reason="x"))


def test_s66_third_transfer_goes_to_the_city_desk_which_may_send_it_anywhere(inquiry, manager, elsewhere, city_desk, sihui, zhaoqing):
    for round_ in range(2):
        take(inquiry, "transfer", manager, Details(bureau=sihui, reason=REASON))
        if round_ == 0:
            take(inquiry, "refuse_transfer", elsewhere, Details(reason="No."))
    take(inquiry, "transfer", elsewhere, Details(bureau=make_bureau("gaoyao"), reason="Gaoyao then."))
    assert (inquiry.bureau, inquiry.transfers.last().to_bureau) == (zhaoqing, zhaoqing)
    assert why_not(inquiry, city_desk, "refuse_transfer")
    take(inquiry, "transfer", city_desk, Details(bureau=make_bureau("gaoyao"), reason="Yours."))
    assert inquiry.bureau.slug == "gaoyao"


def test_s66_answer_before_a_transfer_does_not_answer_after_it(inquiry, officer, manager, sihui, elsewhere):
    take(inquiry, "reply", officer, Details(body="We have three sites."))
    deliver_due(), settle_replies()
    inquiry.refresh_from_db()
    assert inquiry.status == Status.ANSWERED
    take(inquiry, "transfer", manager, Details(bureau=sihui, reason=REASON))
    assert settle_replies() == 0
    inquiry.refresh_from_db()
    assert inquiry.status == Status.NEW
    take(inquiry, "reply", elsewhere, Details(body="And we have two."))
    deliver_due()
    assert settle_replies() == 1


def test_s66_private_notes_stay_behind_and_the_rest_of_the_thread_goes_along(inquiry, officer, manager, elsewhere, sihui):
    take(inquiry, "note", officer, Details(body="CANARY", is_private=True))
    take(inquiry, "note", officer, Details(body="Needs a bonded store."))
    take(inquiry, "transfer", manager, Details(bureau=sihui, reason=REASON))
    bodies = [message.body for message in thread_rights.for_staff(inquiry, elsewhere)]
    assert "Needs a bonded store." in bodies
    assert "CANARY" not in bodies
    assert "CANARY" in [message.body for message in thread_rights.for_staff(inquiry, officer)]


def test_s66_waiting_inquiry_that_moves_is_paused_no_longer(inquiry, officer, manager, sihui):
    take(inquiry, "ask", officer, Details(body="How much power?"))
    take(inquiry, "transfer", manager, Details(bureau=sihui, reason=REASON))
    assert inquiry.pauses.get().ended_at is not None


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_s66_investor_reads_of_the_move_in_their_language(language, manager, sihui):
    words = {"en": "has been passed to", "zh-hans": "已转由", "zh-hant": "已轉交"}
    inquiry = make_inquiry(language=language)
    take(inquiry, "transfer", manager, Details(bureau=sihui, reason="SECRET reason of the staff"))
    letter = Letter.objects.get(to="erika@example.com")
    assert words[language] in letter.body
    assert clock.in_words(inquiry.answer_by, language) in letter.body
    assert "SECRET" not in letter.body


# --- S67 ---


def ask_for(days=2, what="answer"):
    return Details(clock=what, days=days, reason="The grid company answers on Friday.")


def test_s67_more_time_is_asked_for_approved_and_told_with_the_new_date(inquiry, officer, manager):
    before = inquiry.answer_by
    take(inquiry, "ask_extension", officer, ask_for())
    assert inquiry.answer_by == before
    assert "asked for" in why_not(inquiry, officer, "ask_extension")
    with pytest.raises(PermissionDenied):
        take(inquiry, "grant_extension", officer)
    take(inquiry, "grant_extension", manager)
    assert inquiry.answer_by == clock.add_working_days(before, 2)
    letter = Letter.objects.get(to=inquiry.email)
    assert clock.in_words(inquiry.answer_by, "en") in letter.body
    assert "The grid company answers on Friday." in letter.body
    assert clock.in_digits(before) in inquiry.messages.get(step="grant_extension").body


def test_s67_after_the_due_time_the_button_says_why_not(inquiry, officer, manager):
    make_extension(inquiry, officer)
    Inquiry.objects.update(asked_at=timezone.now() - timedelta(days=9), answer_by=timezone.now() - timedelta(minutes=1))
    inquiry.refresh_from_db()
    assert "overdue" in why_not(inquiry, manager, "grant_extension")
    with pytest.raises(ValidationError, match="overdue"):
        take(inquiry, "grant_extension", manager)
    take(inquiry, "refuse_extension", manager, Details(reason="Too late."))
    assert "overdue" in why_not(inquiry, officer, "ask_extension")
    with pytest.raises(ValidationError, match="overdue"):
        take(inquiry, "ask_extension", officer, ask_for())
    assert told(inquiry) == []


def test_s67_time_is_extended_twice_at_most(inquiry, officer, manager):
    for _number in range(2):
        take(inquiry, "ask_extension", officer, ask_for(1))
        take(inquiry, "grant_extension", manager)
    assert "twice" in why_not(inquiry, officer, "ask_extension")
    with pytest.raises(ValidationError, match="twice"):
        take(inquiry, "ask_extension", officer, ask_for(1))
    assert Extension.objects.count() == 2


def test_s67_refused_extension_leaves_the_date_and_tells_the_officer(inquiry, officer, manager):
    before = inquiry.answer_by
    take(inquiry, "ask_extension", officer, ask_for())
    take(inquiry, "refuse_extension", manager, Details(reason="Answer in part."))
    assert inquiry.answer_by == before
    assert len(told(inquiry, officer)) == 1
    assert told(inquiry) == []


@pytest.mark.parametrize("wrong", [ask_for(0), ask_for(31), ask_for(2, "take"), Details(clock="answer", days=2)])
def test_s67_extension_needs_a_clock_days_and_a_reason(inquiry, officer, wrong):
    with pytest.raises(ValidationError):
        take(inquiry, "ask_extension", officer, wrong)
    assert not Extension.objects.exists()


def test_s67_answered_inquiry_is_given_more_time_for_the_result_alone(officer, manager):
    inquiry = make_inquiry(status=Status.ANSWERED, first_answered_at=timezone.now(), result_by=timezone.now() + timedelta(days=9))
    with pytest.raises(ValidationError, match="only the result"):
        take(inquiry, "ask_extension", officer, ask_for())
    take(inquiry, "ask_extension", officer, ask_for(3, "result"))
    take(inquiry, "grant_extension", manager)
    base = clock.add_working_days(inquiry.opened_at, inquiry.result_days)
    assert inquiry.result_by == clock.add_working_days(base, 3)


# --- S63 ---


def test_s63_two_people_never_see_each_others_words(inquiry, officer):
    other = make_inquiry(email="max@example.com", name="Max", message="CANARY of Max")
    make_message(inquiry=other, kind=Kind.INVESTOR, body="CANARY said Max")
    take(other, "merge", officer, Details(target=inquiry, are_two_people=True))
    take(inquiry, "reply", officer, Details(body="CANARY for Erika"))
    take(other, "reply", officer, Details(body="CANARY for Max"))
    assert [message.body for message in thread_rights.for_investor(inquiry)] == ["CANARY for Erika"]
    assert [message.body for message in thread_rights.for_investor(other)] == ["CANARY said Max", "CANARY for Max"]
    for letter in Letter.objects.all():
        assert ("Max" in letter.subject + letter.body) == (letter.to == "max@example.com")
    bodies = {message.body for message in thread_rights.for_staff(inquiry, officer)}
    assert {"CANARY said Max", "CANARY for Erika", "CANARY for Max"} <= bodies


def test_s63_same_address_reads_both_threads_and_both_references_work(inquiry, officer):
    other = make_inquiry(email="Erika@Example.com")
    take(other, "merge", officer, Details(target=inquiry))
    take(inquiry, "reply", officer, Details(body="For both"))
    assert [message.body for message in thread_rights.for_investor(other)] == ["For both"]
    assert "reply" not in {step.name for step in available_steps(other, officer)}
    assert told(other)  # that both are answered together
    deliver_due(), settle_replies()
    investor.write(other, "Thank you, and the rent?", via="page")
    inquiry.refresh_from_db()
    assert (inquiry.status, other.status) == (Status.IN_PROGRESS, Status.MERGED)
    assert other.answered_at is not None
    assert "Thank you, and the rent?" in [message.body for message in thread_rights.for_investor(inquiry)]


def test_s63_inquiries_without_a_mail_address_are_of_two_people(officer):
    one, two = make_inquiry(email="", phone="+852 23456789"), make_inquiry(email="", phone="+852 23456789")
    take(two, "merge", officer, Details(target=one, are_two_people=True))
    take(one, "call", officer, Details(body="Said yes"))
    assert not thread_rights.for_investor(two).exists()


def test_s63_merging_gains_nobody_time(inquiry, officer):
    early = timezone.now() - timedelta(days=5)
    older = make_inquiry(received_at=early)
    take(older, "merge", officer, Details(target=inquiry))
    inquiry.refresh_from_db()
    assert inquiry.asked_at == early
    assert inquiry.answer_by == clock.add_working_days(early, inquiry.answer_days)


def test_s63_case_is_not_closed_while_a_merged_stranger_waits(inquiry, officer):
    other = make_inquiry(email="", phone="+852 23456789")
    take(other, "merge", officer, Details(target=inquiry, are_two_people=True))
    take(inquiry, "call", officer, Details(body="Said yes"))
    with pytest.raises(ValidationError, match=other.reference):
        take(inquiry, "close", officer, Details(result="answered"))
    take(other, "call", officer, Details(body="Said yes here too"))
    take(inquiry, "close", officer, Details(result="answered"))
    investor.rate(other, 5)
    assert (inquiry.status, other.status, other.rating) == (Status.CLOSED, Status.MERGED, 5)


def test_s63_unmerging_within_seven_days_is_as_before(inquiry, officer):
    other = make_inquiry(status=Status.ANSWERED, email="max@example.com", first_answered_at=timezone.now())
    take(other, "merge", officer, Details(target=inquiry, are_two_people=True))
    take(other, "unmerge", officer)
    assert (other.status, other.merged_into, other.merged_at, other.status_before_merge) == (Status.ANSWERED, None, None, "")
    take(other, "merge", officer, Details(target=inquiry, are_two_people=True))
    investor.write(other, "Still there?", via="page")
    take(other, "unmerge", officer)
    assert other.status == Status.IN_PROGRESS  # what was written meanwhile waits for an answer
    take(other, "merge", officer, Details(target=inquiry, are_two_people=True))
    Inquiry.objects.filter(pk=other.pk).update(merged_at=timezone.now() - timedelta(days=8))
    other.refresh_from_db()
    assert "7 days" in why_not(other, officer, "unmerge")
    with pytest.raises(ValidationError, match="7 days"):
        take(other, "unmerge", officer)


def test_s63_merging_needs_another_open_inquiry_of_ones_own(inquiry, officer):
    foreign = make_inquiry(bureau="sihui")
    shut = make_inquiry(status=Status.CLOSED, result="answered", closed_at=timezone.now())
    for target in (None, inquiry, foreign, shut):
        with pytest.raises(ValidationError, match="another open inquiry"):
            take(inquiry, "merge", officer, Details(target=target))
    other, third = make_inquiry(), make_inquiry()
    take(other, "merge", officer, Details(target=inquiry, are_two_people=True))
    with pytest.raises(ValidationError, match="has been merged into this one"):
        take(inquiry, "merge", officer, Details(target=third))


# --- Many at once ---


@pytest.mark.django_db(transaction=True)
def test_twenty_officers_take_one_inquiry_at_once_and_one_gets_it():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time anyway")
    officers = [make_member(f"officer-{number}", "officer") for number in range(20)]
    inquiry = make_inquiry()
    start, outcomes = threading.Barrier(20), []

    def press(officer):
        mine = Inquiry.objects.get(pk=inquiry.pk)
        start.wait(timeout=30)
        try:
            take(mine, "take", officer)
            outcomes.append(officer.pk)
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    inquiry.refresh_from_db()
    assert [outcome for outcome in outcomes if outcome == inquiry.assignee_id] == [inquiry.assignee_id]
    assert sum("no longer possible" in str(outcome) for outcome in outcomes) == 19
    assert inquiry.messages.filter(step="take").count() == Letter.objects.filter(subject__contains="taken up").count() == 1
