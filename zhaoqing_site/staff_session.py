"""The session of the staff area, and what is typed when it has ended: carried through sign-in and put back (staff.md section 6)."""

from copy import copy
from dataclasses import astuple, dataclass
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bureaus.staff import BY, PUT_BACK
from publishing.presence import name_of, ping
from zhaoqing_site.accounts import AccountsSite

# Field of the sign-in form with everything that was typed.
CARRIED = "carried"
SALT = "zhaoqing_site.carried"
MAX_AGE = 12 * 60 * 60
# The sign-in form itself must stay below DATA_UPLOAD_MAX_MEMORY_SIZE.
MAX_LENGTH = 2_000_000
NEVER_CARRIED = ("csrfmiddlewaretoken", "password", "token", "secret", "otp")
# What is shorter is a choice, a date or a number: they come back in the form, but are no text to read.
TEXT_LENGTH = 20


@dataclass(frozen=True)
class Typed:
    """What was sent to an address of the staff area and could not be taken."""

    address: str
    by: str
    fields: list[list[str]]
    had_files: bool

    @property
    def texts(self) -> list[str]:
        """The longer ones, for the eye: a rich text, which begins with a mark, without its marks."""
        found = ((strip_tags(value) if value.startswith("<") else value).strip() for _name, value in self.fields)
        return [text for text in found if len(text) >= TEXT_LENGTH]

    @property
    def signed(self) -> str:
        """For a field of the sign-in form; "" if it is too long for that."""
        value = signing.dumps(astuple(self), salt=SALT, compress=True)
        return value if len(value) <= MAX_LENGTH else ""


def typed_in(request) -> Typed | None:
    """What a guarded form has sent: never passwords, tokens and files."""
    if request.method != "POST" or BY not in request.POST:
        return None
    names = [name for name in request.POST if name not in (BY, PUT_BACK) and not any(word in name.lower() for word in NEVER_CARRIED)]
    fields = [[name, value] for name in names for value in request.POST.getlist(name)]
    return Typed(request.get_full_path(), request.POST[BY], fields, bool(request.FILES))


def carried_in(request) -> Typed | None:
    """What the sign-in form carries; None where it carries nothing that this site has signed."""
    try:
        return Typed(*signing.loads(request.POST.get(CARRIED, ""), salt=SALT, max_age=MAX_AGE))
    except signing.BadSignature:
        return None


def came_from_this_site(request) -> bool:
    """Whether a page of this site has sent the request: browsers say so with each POST, and no page can say it for another."""
    return request.headers.get("Origin") in (f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS)


class SessionSite(AccountsSite):
    """A staff area where the end of a session costs nobody a word."""

    def get_urls(self):
        own = [
            path("session/", never_cache(self.session), name="session"),
            path("presence/", never_cache(self.presence), name="presence"),
            path("signed-in/", self.admin_view(self.signed_in), name="signed_in"),
        ]
        return own + super().get_urls()

    def session(self, request):
        """For scripts: who is signed in, and a token for the form. 401 for nobody; it never leads to the sign-in page."""
        if not self.has_permission(request):
            return JsonResponse({"user": None}, status=401)
        return JsonResponse({"user": str(request.user.pk), "name": name_of(request.user), "token": get_token(request)})

    def presence(self, request):
        """For scripts: who else has an item open. 401 for nobody."""
        return ping(request) if self.has_permission(request) else JsonResponse({"user": None}, status=401)

    def signed_in(self, request):
        """Where the sign-in window ends: it tells the window with the text, and closes. For staff."""
        is_other = request.GET.get("for", str(request.user.pk)) != str(request.user.pk)
        context = self.each_context(request) | {
            "title": _("You are signed in as somebody else") if is_other else _("You are signed in"),
            "name": name_of(request.user),
            "is_other": is_other,
            "again": f"{reverse('admin:login')}?{urlencode({'next': request.get_full_path()})}",
        }
        return TemplateResponse(request, "admin/signed_in.html", context)

    # --- Without script, or where the session ended after the script had asked ---

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request, *args, **kwargs):
            typed = None if self.has_permission(request) else typed_in(request)
            return self.sign_in_with(request, typed) if typed else inner(request, *args, **kwargs)

        return guarded

    def sign_in_with(self, request, typed):
        """The sign-in page as the answer to a form, with everything that was typed."""
        if not typed.signed:
            return self.typed_page(request, typed, "long")
        asked = as_get(request, next=typed.address)
        response = self.login(asked, {"carried": typed.signed, "app_path": reverse("admin:login"), "next": typed.address})
        if response.status_code == 302:  # the password is given, the code is owed
            response = self.with_code_asked(asked, typed)
        response.status_code = 403
        return response

    def with_code_asked(self, asked, typed):
        response = self.second_factor(asked)
        if isinstance(response, TemplateResponse):
            response.context_data["carried"] = typed.signed
            return response
        return self.typed_page(asked, typed, "long")

    def login(self, request, extra_context=None):
        typed = carried_in(request)
        if typed:
            extra_context = (extra_context or {}) | {"carried": typed.signed}
        response = super().login(request, extra_context)
        if typed is None or response.status_code != 302:
            return response
        page = (
            self.go_on(request, typed.address)
            if self.has_permission(request)
            else self.with_code_asked(as_get(request, next=typed.address), typed)
        )
        page.cookies = response.cookies
        return page

    def go_on(self, request, target):
        """Where a full sign-in leads: to what was typed, if it was carried."""
        typed = carried_in(request)
        return self.typed_page(request, typed, "signed in") if typed else super().go_on(request, target)

    def logout(self, request, extra_context=None):
        """Somebody else takes the text over into the session of who typed it."""
        typed = carried_in(request)
        response = super().logout(request, extra_context)
        return self.sign_in_with(request, typed) if typed else response

    def refused_token(self, request):
        """The page for a form whose token is stale, None if it is no guarded form of this site.

        One press sends it again. A form of another site never gets that far: that would undo the protection.
        """
        typed = typed_in(request)
        if typed is None or not came_from_this_site(request):
            return None
        if not self.has_permission(request):
            return self.sign_in_with(request, typed)
        return self.typed_page(request, typed, "stale", status=403)

    def typed_page(self, request, typed, reason, status=200):
        """What was typed, and a button that puts it back into its form or sends it again. `reason`: why it was not taken."""
        if self.has_permission(request) and typed.by != str(request.user.pk):
            reason = "other"
        elif reason == "stale" and typed.had_files:
            reason = "signed in"
        title = _("Nothing is saved yet") if reason in ("other", "long") else _("Your text is still here")
        context = self.each_context(request) | {"title": title, "typed": typed, "reason": reason, "put_back": PUT_BACK, "by": BY}
        response = TemplateResponse(request, "admin/typed.html", context, status=status)
        response.headers["Cache-Control"] = "private, no-store"
        return response


def as_get(request, **parameters):
    """The request as if somebody had only asked for the page."""
    asked = copy(request)
    asked.method, asked.GET, asked.POST = "GET", QueryDict(urlencode(parameters)), QueryDict()
    return asked
