"""A walk over the site with its real content, as a visitor would click, for all tests that read what it finds."""

from dataclasses import dataclass

from django.db.models import TextField
from django.test import Client

from bureaus.models import Contact
from publishing.languages import TAGS
from tests.pages import Page, own_part
from zhaoqing_site.seeding import FILES

HOST = "http://testserver"


class Answer:
    """What a visitor got: `page` is empty for what is no page."""

    def __init__(self, response):
        self.status, self.headers = response.status_code, response.headers
        self.body = b"".join(response.streaming_content) if response.streaming else response.content
        self.is_page = response.headers.get("Content-Type", "").startswith("text/html")
        self.page = Page(self.body.decode()) if self.is_page else Page("")


def is_followed(path, seen) -> bool:
    """Own addresses, once each. The inquiry form is opened once per kind of subject, not for every item that leads to it."""
    if path in seen or path.startswith(("/static/", "/admin/")):
        return False
    return "/inquiry/?" not in path or not any(one.startswith(path.partition("=")[0]) for one in seen if "/inquiry/?" in one)


def walk(client, starts):
    seen, waiting = {}, list(starts)
    while waiting:
        path = waiting.pop()
        if not is_followed(path, seen):
            continue
        seen[path] = answer = Answer(client.get(path))
        for link in answer.page.links(HOST + path):
            if link.startswith(HOST):
                waiting.append(own_part(link)[0])
    return seen


@dataclass
class Walk:
    """`answers`: each address that links lead to from the three home pages; `doubts`: what staff alone may read."""

    answers: dict[str, Answer]
    doubts: list[str]


def walk_everywhere() -> Walk:
    return Walk(walk(Client(), [f"/{code}/" for code in TAGS]), doubts())


def doubts():
    texts = list(Contact.objects.exclude(doubt="").values_list("doubt", flat=True))
    for _name, model, _key in FILES:
        if any(field.name == "to_confirm" and isinstance(field, TextField) for field in model._meta.fields):
            texts += model.objects.exclude(to_confirm="").values_list("to_confirm", flat=True)
    return texts
