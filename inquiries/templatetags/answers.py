"""Questions and answers under the page that they are about."""

from django import template

from inquiries.models import PublicAnswer
from publishing.languages import columns

register = template.Library()
MOST = 10


@register.simple_tag
def answers_about(item):
    """The public questions and answers about the page of an item, newest first: one query."""
    _language, _slash, path = item.get_absolute_url().strip("/").partition("/")
    return list(PublicAnswer.objects.public().in_language().filter(asked_about=f"/{path}/").defer(*columns("body"))[:MOST])
