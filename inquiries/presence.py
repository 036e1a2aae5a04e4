"""Who else has an inquiry open, and who is writing (staff.md S58): asked every 15 seconds, as for the forms of items. Nothing is locked."""

from django.http import HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _

from inquiries.inbox import offered_to
from inquiries.models import Inquiry, Message
from publishing.presence import HERE, HERE_UNSEEN, clock, leave, name_of, note, number, others


def ping(model_admin, request, object_id):
    """What scripts send: whether a box holds a text, how many messages the page shows. For those who may open the inquiry."""
    inquiry = model_admin.get_object(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    sent = request.POST
    page = "".join(sign for sign in sent.get("page", "") if sign.isalnum())[:40]
    if "leaves" in sent:
        leave(inquiry, request.user, page)
    else:
        stays = HERE_UNSEEN if "unseen" in sent else HERE
        note(inquiry, request.user, page, stays, has_changes=sent.get("changed") == "yes")
    return JsonResponse({"lines": lines(inquiry, request.user, number(sent.get("base")))})


def lines(inquiry: Inquiry, user, seen: int) -> list[str]:
    """Sentences about the others, and about what was written to or by the investor since the page was opened."""
    said = [in_words(row) for row in others(inquiry, user) if sees(row.user, inquiry)]
    for message in newer(inquiry, seen):
        if message.author_id is None:
            said.append(
                _("The investor has written meanwhile (%(time)s). Load the page again to read it.") % {"time": clock(message.written_at)}
            )
        elif message.author_id != user.pk:
            words = {"name": name_of(message.author), "time": clock(message.written_at)}
            said.append(_("%(name)s has written to the investor meanwhile (%(time)s). Load the page again to read it.") % words)
    return said


def sees(user, inquiry: Inquiry) -> bool:
    """Whoever had it open when it went to another bureau is gone from it."""
    here = Inquiry.objects.filter(pk=inquiry.pk)
    return here.visible_to(user).exists() or here.filter(pk__in=offered_to(user)).exists()


def newer(inquiry: Inquiry, seen: int):
    open_ones = inquiry.messages.filter(kind__in=Message.OPEN_KINDS).select_related("author").order_by("written_at", "pk")
    return open_ones[seen : seen + 3]


def in_words(row) -> str:
    words = {"name": name_of(row.user), "time": clock(row.since)}
    return (
        _("%(name)s is writing (since %(time)s).") if row.has_changes else _("%(name)s has this inquiry open (since %(time)s).")
    ) % words
