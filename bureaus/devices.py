"""Browsers: what to call them, and whether somebody has signed in with this one before."""

import hashlib
import re
import secrets

from django.conf import settings
from django.utils.translation import gettext as _

COOKIE = "staff_device"
COOKIE_AGE = 400 * 24 * 60 * 60  # the longest that browsers keep one
KEY = re.compile(r"[\w-]{20,60}")
# Looked for in this order: most browsers also name those that they descend from.
BROWSERS = [
    ("MicroMessenger", "WeChat"),
    ("QQBrowser", "QQ Browser"),
    ("360SE", "360"),
    ("360EE", "360"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("UCBrowser", "UC Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
]


def in_words(user_agent: str) -> str:
    """What a person would call the browser that introduces itself like this, in the active language."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("unknown browser")


def key_of(request) -> str:
    """The key in the browser's cookie, or "" where it has none that we could have written."""
    key = request.COOKIES.get(COOKIE, "")
    return key if KEY.fullmatch(key) else ""


def new_key() -> str:
    return secrets.token_urlsafe(24)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def remember(response, key: str):
    """Gives the browser the cookie by which it is known again; it is sent to staff addresses alone and says nothing of the person."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=COOKIE_AGE,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
