"""More time for the answer or the result (I8): asked for by an officer, decided by a manager, told to the investor."""

from django.utils.translation import gettext_lazy as _

from inquiries import clock, deadlines, people
from inquiries.models import Extension, Inquiry, Message
from inquiries.steps.thread import tell_investor, tell_staff, write_down

Status, Kind, State, Clock = Inquiry.Status, Message.Kind, Extension.State, Extension.Clock
AT_MOST = 2
MOST_DAYS = 30


def ask(inquiry, user, details):
    Extension.objects.create(
        inquiry=inquiry, clock=details.clock, days=details.days, reason=details.reason.strip(), asked_by=user, asked_at=details.now
    )
    write_down(inquiry, user, Kind.STEP, "ask_extension", details, body=f"+{details.days}: {details.reason.strip()}")
    tell_staff(inquiry, "extension_asked", people.managers(inquiry.bureau))


def grant(inquiry, user, details):
    """The due times are worked out again; the investor is told the new date and the reason."""
    extension = decide(inquiry, State.APPROVED, user, details)
    name = "answer_by" if extension.clock == Clock.ANSWER else "result_by"
    before = getattr(inquiry, name)
    deadlines.set_due_times(inquiry)
    after = getattr(inquiry, name)
    write_down(inquiry, user, Kind.STEP, "grant_extension", details, body=f"{clock.in_digits(before)} → {clock.in_digits(after)}")
    tell_investor(inquiry, "extended", extension=extension, due=clock.in_words(after, inquiry.language))
    tell_asker(inquiry, "extension_granted", extension, user)


def refuse(inquiry, user, details):
    extension = decide(inquiry, State.REFUSED, user, details)
    write_down(inquiry, user, Kind.STEP, "refuse_extension", details, body=details.reason.strip())
    tell_asker(inquiry, "extension_refused", extension, user)


def decide(inquiry, state, user, details) -> Extension:
    extension = asked_of(inquiry)
    extension.state, extension.decided_by, extension.decided_at = state, user, details.now
    extension.save()
    return extension


def tell_asker(inquiry, name, extension, user):
    if extension.asked_by != user:
        tell_staff(inquiry, name, [extension.asked_by])


def asked_of(inquiry) -> Extension | None:
    return inquiry.extensions.filter(state=State.ASKED).select_related("asked_by").order_by("asked_at", "pk").first()


def why_not_ask(inquiry, now) -> str:
    """Why no more time can be asked for; empty where it can."""
    used = list(inquiry.extensions.filter(asked_at__gte=inquiry.opened_at).values_list("state", flat=True))
    if State.ASKED in used:
        return _("More time has been asked for already, and the manager has not decided yet.")
    if used.count(State.APPROVED) >= AT_MOST:
        return _("The time has been extended twice already.")
    return why_not_now(inquiry, now)


def why_not_now(inquiry, now) -> str:
    """An extension moves a due time that is still to come, and hides none that has passed."""
    if inquiry.waits_for_answer and inquiry.answer_by <= now:
        return _("The answer is overdue: more time can only be given before it is due. Answer now, if only in part.")
    if inquiry.result_by <= now:
        return _("The result is overdue: more time can only be given before it is due.")
    return ""


def why_not_grant(inquiry, now) -> str:
    extension = asked_of(inquiry)
    if extension and extension.clock == Clock.ANSWER and not inquiry.waits_for_answer:
        return _("It has been answered in the meantime: refuse the extension.")
    return why_not_now(inquiry, now)
