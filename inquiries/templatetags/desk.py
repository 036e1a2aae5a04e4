"""How the desk writes a moment."""

from django import template

from inquiries.inbox import short as in_short

register = template.Library()


@register.filter
def short(moment):
    """Wed 2 Dec, 17:30 · 12月2日（星期三）17:30, in Beijing time."""
    return in_short(moment)
