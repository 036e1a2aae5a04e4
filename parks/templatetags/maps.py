"""Template tags for the drawn map."""

from django import template
from django.conf import settings

from parks import maps
from publishing.languages import active_language

register = template.Library()


@register.simple_tag
def map_drawing(view, pins=(), focus="", key=""):
    """The drawing in the language of the page. `pins` is a list of maps.Pin, `focus` the map_id of the park to mark."""
    return maps.render(view, active_language(), tuple(pins), focus, key)


@register.simple_tag
def map_note():
    """What stands below each drawing."""
    return maps.text("note", active_language())


@register.simple_tag
def map_review_number():
    return settings.MAP_REVIEW_NUMBER
