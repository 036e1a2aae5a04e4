"""Who gets to a tracking page: its secret addresses, new ones, and how often somebody may try (staff.md S62).

An address holds a secret of 256 bits, of which the hash alone is stored. A page is looked for by that hash: a wrong secret with
a right reference and an unknown reference are the same work and the same answer.

A lost address is replaced in two steps, because a mail scanner opens every link and a stranger may know reference and e-mail:
neither may shut the owner out. The address in the letter is good at once *beside* the one before; the first thing done on its
page, always a POST, makes it the only one. "New address for this page" is pressed by whoever has the page open: it ends all
others at once.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from inquiries import letters
from inquiries.form_key import fingerprint
from inquiries.models import Attempt, Inquiry, TrackingLink
from outbox.sending import post

Kind = Attempt.Kind
RELATED = ("bureau", "assignee", "park", "listing", "project", "district", "merged_into__bureau", "merged_into__assignee")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# So many tries an hour; of what is sent from a page both by one sender and for one inquiry.
TRIES_AN_HOUR = 20
# Letters with a link a day: for one inquiry, and to one address. Two presses at a moment are one letter.
LETTERS_A_DAY, LETTERS_TO_ONE_ADDRESS = 3, 10
ONE_PRESS = timedelta(minutes=1)
# Links that have been sent and never used; the oldest give way.
MOST_LINKS = 10


# --- Addresses ---


def find(reference: str, secret: str) -> tuple[Inquiry | None, TrackingLink | None]:
    """The inquiry of an address, and the link where the address is a new one that has not ended the one before."""
    mark = fingerprint(secret)
    link = None
    inquiry = Inquiry.objects.select_related(*RELATED).filter(secret_hash=mark).first()
    if inquiry is None:
        link = TrackingLink.objects.select_related(*(f"inquiry__{name}" for name in RELATED)).filter(secret_hash=mark).first()
        inquiry = link.inquiry if link else None
    if inquiry is None or not constant_time_compare(reference, inquiry.reference):
        return None, None
    return inquiry, link


def settle_on(inquiry: Inquiry, secret_hash: str) -> None:
    """From now on this is the only address of the page."""
    with transaction.atomic():
        Inquiry.objects.filter(pk=inquiry.pk).update(secret_hash=secret_hash)
        inquiry.links.all().delete()


def renew(inquiry: Inquiry, secret: str) -> None:
    """Ends all addresses but this new one, and sends it to the investor's mailbox."""
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        if locked.secret_hash == fingerprint(secret):
            return  # pressed twice
        settle_on(locked, fingerprint(secret))
        if may_mail(locked, timezone.now()):
            send(locked, "new_address", secret)


def ask_for_link(reference: str, email: str, stand_in: Inquiry) -> None:
    """A letter with a new link, where reference and e-mail belong together. Nobody learns whether they do.

    For a pair that does not, the same work is done with `stand_in`, an inquiry that is not stored, and undone.
    """
    now, secret = timezone.now(), secrets.token_urlsafe(32)
    inquiry = (
        Inquiry.objects.select_related("bureau").filter(reference=reference, email__iexact=email, erased_at=None).exclude(email="").first()
    )
    is_theirs = inquiry is not None and inquiry.status != Inquiry.Status.SPAM
    with transaction.atomic():
        goes = may_mail(inquiry if is_theirs else stand_in, now) and is_theirs
        if goes:
            TrackingLink.objects.create(inquiry=inquiry, secret_hash=fingerprint(secret), made_at=now)
            inquiry.links.filter(pk__in=list(inquiry.links.order_by("-made_at", "-pk").values_list("pk", flat=True)[MOST_LINKS:])).delete()
        send(inquiry if goes else stand_in, "lost_link", secret)
        transaction.set_rollback(not goes)


def send(inquiry, name, secret):
    letter = letters.to_investor(inquiry, name, link=letters.tracking_address(inquiry, secret))
    post(**letter | {"secret": secret})
    Attempt.objects.create(kind=Kind.LETTER, inquiry=inquiry if inquiry.pk else None, at=timezone.now())


def may_mail(inquiry: Inquiry, now: datetime) -> bool:
    """Whether one more letter with a link may go out: nobody floods a mailbox with them."""
    if not inquiry.email:
        return False
    sent = Attempt.objects.filter(kind=Kind.LETTER, at__gt=now - DAY)
    own = list(sent.filter(inquiry=inquiry.pk).exclude(inquiry=None).order_by("-at").values_list("at", flat=True)[:LETTERS_A_DAY])
    to_address = sent.filter(inquiry__email__iexact=inquiry.email).count()
    return len(own) < LETTERS_A_DAY and to_address < LETTERS_TO_ONE_ADDRESS and not (own and now - own[0] < ONE_PRESS)


# --- Tries ---


def note_try(kind: str, sender: str, inquiry: Inquiry | None = None) -> None:
    """Counts a try; what no limit looks at any longer is forgotten."""
    now = timezone.now()
    with transaction.atomic():
        Attempt.objects.filter(at__lt=now - DAY).delete()
        Attempt.objects.create(kind=kind, sender_hash=sender, inquiry=inquiry, at=now)


def free_again(kind: str, sender: str, inquiry: Inquiry | None = None) -> datetime | None:
    """When whoever has tried too often within the hour may try again; None for everybody else."""
    since = timezone.now() - HOUR
    tries = Attempt.objects.filter(kind=kind, at__gt=since).order_by("-at")
    counted = [tries.filter(sender_hash=sender)] * bool(sender) + [tries.filter(inquiry=inquiry)] * (inquiry is not None)
    full = [moment for some in counted for moment in some.values_list("at", flat=True)[TRIES_AN_HOUR - 1 : TRIES_AN_HOUR]]
    return max(full) + HOUR if full else None
