"""Pages for what goes wrong: in the language of the address, with the same frame, without the database where that may be the trouble."""

import sys
from functools import wraps

from django.contrib import admin
from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

# Seconds after which a browser or a proxy may ask again.
RETRY_AFTER = 30


def in_language_of_address(page):
    """The thread may still speak the language of an earlier request: the address decides."""

    @wraps(page)
    def wrapped(request, *args, **kwargs):
        language = translation.get_language_from_path(request.path_info) or translation.get_language_from_request(request)
        with translation.override(language):
            response = page(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return wrapped


def error_page(request, status, template=None, **context):
    context |= {"noindex": True, "without_database": status != 404}
    response = render(request, template or f"{status}.html", context, status=status)
    if status not in (404, 410):
        response.headers["Cache-Control"] = "no-store"
    return response


@in_language_of_address
def bad_request(request, exception=None):
    return error_page(request, 400)


@in_language_of_address
def forbidden(request, exception=None):
    return error_page(request, 403)


@in_language_of_address
def not_found(request, exception=None):
    below_inquiries = request.path_info.startswith(reverse("inquiries:form"))
    return error_page(request, 404, "inquiries/not_found.html" if below_inquiries else None)


@in_language_of_address
def gone(request, title=""):
    """An item that was taken down: its address says so, in one sentence."""
    return error_page(request, 410, gone_title=title)


@in_language_of_address
def server_error(request):
    """503 with what was typed where the database does not answer; else 500. No trace of the error reaches the reader."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return error_page(request, 500)


@in_language_of_address
def unavailable(request):
    response = error_page(request, 503, posted=typed(request), may_resend=may_resend(request))
    response.headers["Retry-After"] = RETRY_AFTER
    return response


@in_language_of_address
def csrf_failure(request, reason=""):
    """Keeps what was typed. A public form is sent again by one click; a staff form only where it came from this site."""
    if staff_page := admin.site.refused_token(request):
        return staff_page.render()
    response = error_page(request, 403, "csrf.html", posted=typed(request), may_resend=may_resend(request))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def typed(request) -> list[tuple[str, str]]:
    """What was posted, for the page that gives it back; never tokens or passwords."""
    kept = [(name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" and "password" not in name]
    return [(name, value) for name, values in kept for value in values]


def may_resend(request) -> bool:
    return request.method == "POST" and not request.path_info.startswith("/admin/")
