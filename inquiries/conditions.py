"""What the steps of the workflow ask before they are taken: whether they make sense, what stands in the way, what is missing."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureaus.rights import may
from inquiries import follow_ups, inbox, keeping, people
from inquiries.models import Extension, Inquiry, Message
from inquiries.steps import answering, closing, extensions, merging, transfers
from inquiries.thread_rights import case_of, is_same_person

Status, Result = Inquiry.Status, Inquiry.Result
RESULTS_TO_EXPLAIN = (Result.REFERRED, Result.NOT_POSSIBLE)
REOPENED_WITHIN = timedelta(days=30)
FOR_INVESTOR = gettext_lazy("This is no longer possible. Your inquiry is now: %s.")
FOR_STAFF = gettext_lazy("This step is no longer possible. The inquiry is now: %(status)s%(officer)s.")


# Nothing is written where a person has been erased: it would stay for ever.
ERASED = {
    "investor": gettext_lazy("Your details have been erased. Please send a new inquiry."),
    "staff": gettext_lazy("The person has been erased: nothing more is written here."),
}


def no_longer_possible(inquiry, actor) -> str:
    if actor == "investor":
        return FOR_INVESTOR % inquiry.status_for_investor
    who = inquiry.assignee
    officer = f" ({who.get_full_name() or who})" if who else ""
    return FOR_STAFF % {"status": inquiry.get_status_display(), "officer": officer}


def refuse(sentence):
    raise ValidationError(sentence)


# --- Taking, answering ---


def nobody_has_it(inquiry, user):
    return inquiry.assignee_id is None


def officer_has_left(inquiry, user):
    return inquiry.assignee_id is not None and not people.is_answerer(inquiry.bureau, inquiry.assignee)


def last_word_is_accepted_reply(inquiry, user):
    """Counted once where the state stays as it is."""
    is_to_count = inquiry.status not in (Status.WAITING, Status.MERGED) or inquiry.answered_at is None
    return is_to_count and (answering.accepted_reply(inquiry) or answering.overtaken_reply(inquiry)) is not None


def answer_is_due(inquiry, user):
    return inquiry.answered_at is None or inquiry.status != Status.WAITING


def not_same_person_merged(inquiry, user):
    """Whoever sent both inquiries is answered in the one that goes on; another person is answered beside it."""
    return inquiry.status != Status.MERGED or not is_same_person(inquiry, inquiry.merged_into)


def why_not_mail(inquiry, now):
    return "" if inquiry.email else _("This investor gave no e-mail address. Call, and note here what you said.")


def text(inquiry, user, details):
    if not details.body.strip():
        refuse(_("Write the text first."))


def may_be_spam(inquiry, user):
    """Once more, where the sender of what is spam has written again."""
    return inquiry.status != Status.SPAM or Inquiry.objects.filter(inbox.written_again(), pk=inquiry.pk).exists()


def reason(inquiry, user, details):
    if not details.reason.strip():
        refuse(_("Give the reason first."))


def assignee(inquiry, user, details):
    if not people.is_answerer(inquiry.bureau, details.assignee):
        refuse(_("Choose an officer of the bureau that has the inquiry."))


# --- Transfers ---


def transfer_is_proposed(inquiry, user):
    return transfers.proposal_of(inquiry) is not None


def transfer_is_offered(inquiry, user):
    """To a manager of the other bureau; whoever may transfer it from here confirms instead."""
    return transfer_is_proposed(inquiry, user) and not may(user, "transfer", inquiry)


def may_propose_transfer(inquiry, user):
    """Whoever may transfer need not propose."""
    return not may(user, "transfer", inquiry) and not transfer_is_proposed(inquiry, user)


def bureau_it_is_offered_to(inquiry):
    proposal = transfers.proposal_of(inquiry)
    return proposal.to_bureau if proposal else inquiry.bureau


def has_moved_here(inquiry, user):
    return transfers.last_move(inquiry) is not None


def why_not_refuse(inquiry, now):
    return _("The city bureau takes what no other bureau takes.") if inquiry.bureau.takes_unrouted else ""


def transfer(inquiry, user, details):
    if details.bureau is None or details.bureau.pk == inquiry.bureau_id:
        refuse(_("Choose another bureau."))
    reason(inquiry, user, details)
    if not inquiry.may_share and not details.agreed.strip():
        refuse(
            _(
                "The investor has not allowed that another bureau gets the inquiry. Ask first, with “Send as a question”; "
                "or write when and how the investor agreed."
            )
        )


# --- Extensions ---


def extension_is_asked_for(inquiry, user):
    return extensions.asked_of(inquiry) is not None


def extension(inquiry, user, details):
    if details.clock not in Extension.Clock.values:
        refuse(_("Say whether the answer or the result needs more time."))
    if details.clock == Extension.Clock.ANSWER and not inquiry.waits_for_answer:
        refuse(_("It has been answered: only the result can be given more time."))
    if not 1 <= details.days <= extensions.MOST_DAYS:
        refuse(_("Give the number of working days, from 1 to %d.") % extensions.MOST_DAYS)
    reason(inquiry, user, details)


# --- Closing, reopening, spam ---


def why_not_close(inquiry, now):
    if waiting := merging.unanswered_strangers(inquiry):
        return _("%s was merged into this inquiry, and its sender has had no answer yet. Answer there first.") % waiting[0].reference
    return ""


def nobody_else_waits(inquiry, user):
    return not merging.unanswered_strangers(inquiry)


def why_not_silent(inquiry, now):
    return "" if closing.silent_until(inquiry) < now else _("The investor has time to write.")


def result(inquiry, user, details):
    if details.result not in Inquiry.RESULTS_TO_CHOOSE:
        refuse(_("Say how the inquiry ended."))
    if details.result in RESULTS_TO_EXPLAIN and not details.result_note.strip():
        refuse(_("Say which office, or why it is not possible: the investor reads it."))
    if details.lost_because and details.lost_because not in Inquiry.Lost.values:
        refuse(_("Say why it came to nothing."))
    if details.result == Result.NOT_POSSIBLE and follow_ups.is_lead(inquiry) and not details.lost_because:
        refuse(_("Say why it came to nothing."))


def not_erased(inquiry, user):
    return inquiry.erased_at is None


def why_not_return(inquiry, now):
    return _("It has been spam for more than 30 days and stays so.") if now - keeping.spam_since(inquiry) > keeping.SPAM_KEPT else ""


# --- Merging ---


def why_not_merge(inquiry, now):
    """One level: what others have been merged into goes on."""
    if inquiry.merged_inquiries.filter(status=Status.MERGED).exists():
        return _("Another inquiry has been merged into this one. Merge that one elsewhere first, or merge into this one.")
    return ""


def merge(inquiry, user, details):
    target = details.target
    if target is None or target.pk == inquiry.pk or not target.is_open or not may(user, "answer", target):
        refuse(_("Give the reference of another open inquiry of your bureau."))
    if not is_same_person(inquiry, target) and not details.are_two_people:
        refuse(
            _(
                "%s has another e-mail address: another person. An answer there does not reach this one. "
                "If you merge them, tick that they are two people, and answer each by itself."
            )
            % target.reference
        )


def why_not_unmerge(inquiry, now):
    if inquiry.merged_at and now - inquiry.merged_at > merging.UNDONE_WITHIN:
        return _("It was merged more than 7 days ago and stays so.")
    return ""


# --- The investor ---


def case_is_closed(inquiry, user):
    return case_of(inquiry).status == Status.CLOSED


def why_not_write(inquiry, now):
    case = case_of(inquiry)
    if inquiry.erased_at or case.erased_at:
        return _("Your details have been erased. Please send a new inquiry.")
    if case.status == Status.CLOSED and now - case.closed_at > REOPENED_WITHIN:
        return _("This inquiry was closed more than 30 days ago. Please send a new inquiry and give this reference.")
    return ""


def words(inquiry, user, details):
    """A letter may be empty but for what it repeats or encloses; on the page there is a text or a file."""
    if details.via == Message.Via.PAGE and not details.files:
        text(inquiry, user, details)


def why_not_rate(inquiry, now):
    if inquiry.erased_at:
        return _("Your details have been erased. Please send a new inquiry.")
    return _("You have rated the service already. Thank you.") if inquiry.rated_at else ""


def grade(inquiry, user, details):
    if details.grade not in Inquiry.Grade.values:
        refuse(_("Choose one of the five ratings."))
