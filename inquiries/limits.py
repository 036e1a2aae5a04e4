"""How many inquiries one sender may make: counted in the table of inquiries, so that no cache can forget them."""

import ipaddress
from datetime import datetime, timedelta

from axes.helpers import get_client_ip_address
from django.db.models import Q
from django.utils.crypto import salted_hmac

from inquiries.models import Inquiry

LIMITS = ((5, timedelta(minutes=10)), (20, timedelta(days=1)))
# Automatic letters a day to one address, and because of one sender: nobody floods a stranger's mailbox through the form.
RECEIPTS_A_DAY = 10


def sender_of(request) -> str:
    """A salted hash of the visitor's network address (the one that sign-in locks count by), or "" where there is none.

    An IPv6 visitor owns a whole /64 network and counts as one sender.
    """
    address = get_client_ip_address(request) or ""
    try:
        network = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if network.version == 6:
        address = str(ipaddress.ip_network(f"{address.split('%')[0]}/64", strict=False))
    return salted_hmac("inquiries.sender", address, algorithm="sha256").hexdigest()


def free_again(sender: str, now: datetime) -> datetime | None:
    """When a sender who has reached a limit may send again; None for everybody else."""
    if not sender:
        return None
    waits = []
    for number, period in LIMITS:
        times = Inquiry.objects.filter(sender_hash=sender, received_at__gt=now - period).order_by("-received_at")
        waits += [time + period for time in times.values_list("received_at", flat=True)[number - 1 : number]]
    return max(waits, default=None)


def may_have_receipt(email: str, sender: str, now: datetime) -> bool:
    """Whether one more automatic letter may go to this address because of this sender."""
    causes = Q(email=email) | Q(sender_hash=sender) if sender else Q(email=email)
    return Inquiry.objects.filter(causes, received_at__gt=now - timedelta(days=1)).count() < RECEIPTS_A_DAY
