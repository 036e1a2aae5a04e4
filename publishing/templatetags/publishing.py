"""Template tags for published items."""

from django import template

register = template.Library()
