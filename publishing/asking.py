"""From a page to a person: the inquiry form, told what it is about. It is reached by the name of its address alone."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext


def inquiry_address(item=None, topic: str = "", about: str = "") -> str:
    """The address of the form, filled in for an item (its topic, and itself or its page) or for a page `about`."""
    words = {"topic": topic or getattr(item, "inquiry_topic", "")}
    if parameter := getattr(item, "inquiry_parameter", ""):
        words[parameter] = item.slug
    elif item and not about:  # a name that the template does not know comes as an empty text
        about = item.get_absolute_url()
    words["about"] = about
    query = urlencode({name: word for name, word in words.items() if word})
    return reverse("inquiries:form") + (f"?{query}" if query else "")


def ask_us(item=None, topic: str = "") -> SafeString:
    """What stands where a fact is not known: a link that asks for it."""
    return format_html('<a class="ask" href="{}">{}</a>', inquiry_address(item, topic), gettext("Ask us"))
