"""What stands before the staff area: from where it answers, how long a sign-in lasts, and the second factor."""

import ipaddress
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from bureaus import passwords, second_factor, sessions
from zhaoqing_site import errors
from zhaoqing_site.client_address import client_address

# What a person reaches with the password alone.
OPEN = {
    "admin:login",
    "admin:logout",
    "admin:second_factor",
    "admin:second_factor_set_up",
    "admin:jsi18n",
    "set_language",
}
# What a person reaches whose password is to be changed first.
OPEN_WITH_OLD_PASSWORD = {"admin:password_change", "admin:session", "admin:stay"}


class StaffGateMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_staff_address(request):
            # Public pages never ask who is there; what does ask, such as a picture of a draft, hears nothing of half a sign-in.
            request.user = SimpleLazyObject(partial(fully_signed_in, request, request.user))
            return self.get_response(request)
        if not is_in(client_address(request), settings.STAFF_NETWORKS):
            return errors.not_found(request)
        if request.user.is_authenticated and (reason := sessions.keep(request)):
            messages.warning(request, why_signed_out(reason))
        response = self.get_response(request)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response

    def process_view(self, request, view, args, kwargs):
        if not is_staff_address(request) or request.resolver_match.view_name in OPEN:
            return None
        if request.user.is_authenticated and second_factor.is_owed(request, request.user):
            return redirect_to_login(request.get_full_path(), reverse("admin:second_factor"))
        if request.session.get(passwords.OLD) and request.resolver_match.view_name not in OPEN_WITH_OLD_PASSWORD:
            return redirect_to_login(request.get_full_path(), reverse("admin:password_change"))
        return None


def is_staff_address(request) -> bool:
    return request.path_info.startswith(reverse("admin:index"))


def fully_signed_in(request, user):
    """The person, or nobody while the second factor is owed or the session is over."""
    if user.is_authenticated and (sessions.why_over(request.session) or second_factor.is_owed(request, user)):
        return AnonymousUser()
    return user


def is_in(address: str, networks: list[str]) -> bool:
    """Whether an address lies in one of the networks; always where none are named."""
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network, strict=False) for network in networks)


def why_signed_out(reason) -> str:
    if reason == sessions.IDLE:
        return _("You were signed out because this browser was not used for a while. Please sign in again.")
    return _("You were signed out because you had been signed in for a long time. Please sign in again.")
