"""Everything held about the sender of an inquiry as a file, from their page: as text, and as JSON for machines (trust.md section 6).

It holds what the page shows and what lies behind it, and nothing that staff wrote for each other.
"""

import json

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from inquiries.investor import EARLIER_WORDINGS
from inquiries.models import Inquiry
from inquiries.standing import standing, thread
from inquiries.tracking import private
from outbox.models import Letter

KINDS = {"txt": "text/plain; charset=utf-8", "json": "application/json"}


@require_safe
@private
def download(request, page, ending):
    """For whoever has the address of the page."""
    if ending not in KINDS or page.inquiry.erased_at:
        raise Http404
    found = everything(page.inquiry)
    if ending == "json":
        body = json.dumps(plain(found), ensure_ascii=False, indent=2, default=str)
    else:
        body = render_to_string("inquiries/own_copy.txt", found)
    response = HttpResponse(body, content_type=KINDS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{page.inquiry.reference}.{ending}"'
    return response


def everything(inquiry: Inquiry) -> dict:
    """What both files are made of."""
    return {
        "made_at": timezone.now(),
        "inquiry": inquiry,
        "stands": standing(inquiry, timezone.now()),
        "thread": thread(inquiry),
        "letters": list(Letter.objects.filter(reference=inquiry.reference, to__iexact=inquiry.email or "-").order_by("created_at", "pk")),
        "earlier": list(inquiry.messages.filter(step__in=EARLIER_WORDINGS).exclude(body="").order_by("written_at", "pk")),
        "erasures": list(inquiry.erasures.order_by("asked_at", "pk")),
    }


def plain(found: dict) -> dict:
    """The same with names that do not depend on the language; times in UTC."""
    inquiry, stands = found["inquiry"], found["stands"]
    names = ("name", "email", "phone", "organization", "region", "topic", "about", "language")
    return {
        "reference": inquiry.reference,
        "made_at": found["made_at"].isoformat(),
        "details": {name: getattr(inquiry, name) for name in names}
        | {name: str(thing) for name in ("listing", "park", "project", "district") if (thing := getattr(inquiry, name))},
        "received_at": inquiry.received_at.isoformat(),
        "consent": {
            "at": inquiry.consent_at.isoformat(),
            "notice_version": inquiry.notice_version,
            "may_share": inquiry.may_share,
            "may_publish": inquiry.may_publish,
        },
        "network_address_hash": inquiry.sender_hash,
        "status": stands.status,
        "bureau": stands.bureau.name,
        "officer": stands.officer,
        "result": {"result": stands.result, "note": stands.note, "closed_at": stands.closed_at and stands.closed_at.isoformat()},
        "grade": {"grade": inquiry.rating, "text": inquiry.rating_text, "at": inquiry.rated_at and inquiry.rated_at.isoformat()},
        "thread": [
            {
                "at": entry.at.isoformat(),
                "kind": entry.kind,
                "by": entry.who,
                "text": entry.text,
                "reason": entry.reason,
                "quoted": entry.quoted,
                "from_address": entry.sender,
                "not_taken": entry.not_taken,
                "files": [{"name": file.name, "bytes": file.size} for file in entry.files],
            }
            for entry in found["thread"]
        ],
        "earlier_wordings": [{"until": entry.written_at.isoformat(), "text": entry.body} for entry in found["earlier"]],
        "letters": [
            {"at": letter.created_at.isoformat(), "to": letter.to, "subject": letter.subject, "state": letter.state}
            for letter in found["letters"]
        ],
        "erasure_asked_at": [erasure.asked_at.isoformat() for erasure in found["erasures"]],
    }
