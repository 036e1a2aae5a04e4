"""Pages for what goes wrong: in the language of the address, with the same frame, without the database where that may be the trouble."""

from functools import wraps

from django.shortcuts import render
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
    return error_page(request, 404)


@in_language_of_address
def gone(request, title=""):
    """An item that was taken down: its address says so, in one sentence."""
    return error_page(request, 410, gone_title=title)


@in_language_of_address
def server_error(request):
    return error_page(request, 500)


@in_language_of_address
def unavailable(request):
    response = error_page(request, 503)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


@in_language_of_address
def csrf_failure(request, reason=""):
    """Keeps what was typed. A public form is sent again by one click; a staff form is not: that would undo the protection."""
    posted = [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
    is_staff_form = request.path_info.startswith("/admin/")
    response = error_page(request, 403, "csrf.html", posted=posted, may_resend=not is_staff_form)
    response.headers["Cache-Control"] = "private, no-store"
    return response
