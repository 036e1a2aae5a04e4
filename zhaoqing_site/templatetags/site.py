"""Template tags for the frame of the site."""

from django import template

register = template.Library()
