"""The markup of every public page, in three languages: what a validator and a screen reader stumble over (trust.md G17, T62)."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import transaction
from django.test import Client, RequestFactory
from django.utils import translation

from publishing.languages import CODES, TAGS
from tests import places
from tests.markup import Document
from zhaoqing_site import errors
from zhaoqing_site.content import KINDS

pytestmark = pytest.mark.django_db

FLOW = {
    "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
}  # fmt: skip
PHRASE_ONLY = {"p", "h1", "h2", "h3", "h4", "span", "b", "strong", "em", "i", "summary", "label", "button", "dt", "legend", "time", "bdi"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# A summary may hold one heading, and a link whatever its place may.
MAY_HOLD = {("summary", "h2"), ("summary", "h3"), ("legend", "h2"), ("dt", "p")}
PARENTS = {
    "li": {"ul", "ol", "menu"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "tr": {"thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"},
    "thead": {"table"}, "tbody": {"table"}, "caption": {"table"}, "option": {"select", "optgroup", "datalist"}, "legend": {"fieldset"},
    "summary": {"details"}, "figcaption": {"figure"}, "source": {"picture"},
}  # fmt: skip
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "select": {"option", "optgroup"}, "tr": {"td", "th"}, "tbody": {"tr"}}
CONTROLS = ("input", "select", "textarea")
UNLABELED = {"hidden", "submit", "button", "reset"}
OBSOLETE = {"center", "font", "big", "strike", "tt", "marquee", "frame", "frameset", "acronym", "applet"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "headers", "form")


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker, tmp_path_factory, menu_kept):
    """Address -> the page there: every kind of page in every language, and every item, with samples, in one of them."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        places.load()
        yield {path: Document(html) for path, html in pages()}
        transaction.set_rollback(True)


def pages():
    client = Client()
    for address in addresses():
        yield address, client.get(address).content.decode()
    for code in CODES:
        yield f"/{code}/inquiry/ (errors)", client.post(f"/{code}/inquiry/", {"email": "x", "website": ""}).content.decode()
        for name in ("bad_request", "forbidden", "server_error", "unavailable", "csrf_failure"):
            yield f"/{code}/ ({name})", getattr(errors, name)(RequestFactory().get(f"/{code}/")).content.decode()


def addresses():
    for code in CODES:
        yield from (f"/{code}/{address}" for address, _status in places.PUBLIC.values())
    # Items of a kind share a template: the languages take turns.
    for number, item in enumerate(item for kind in KINDS for item in kind.objects.public()):
        with translation.override(CODES[number % len(CODES)]):
            yield item.get_absolute_url()


def faults(documents, rule) -> dict:
    """What a rule finds on each page that it finds something on; at most ten pages."""
    found = {path: sorted(set(map(str, rule(document)))) for path, document in documents.items()}
    return dict([(path, wrong) for path, wrong in found.items() if wrong][:10])


def test_every_kind_of_page_is_read(documents):
    assert len(documents) > 240
    assert all(document.has_doctype for document in documents.values())


def test_every_element_is_closed_and_every_attribute_quoted(documents):
    assert faults(documents, lambda page: page.faults) == {}


def test_an_identifier_stands_once(documents):
    def twice(page):
        seen = [node.get("id") for node in page.root.all() if "id" in node.attributes]
        return {one for one in seen if seen.count(one) > 1 or not one or " " in one}

    assert faults(documents, twice) == {}


def test_every_reference_finds_its_identifier(documents):
    def lost(page):
        known = {node.get("id") for node in page.root.all()}
        for node in page.root.all():
            wanted = [one for name in REFERENCES for one in node.get(name, "").split()]
            if node.tag == "a" and node.get("href", "").startswith("#"):
                wanted.append(node.get("href")[1:])
            yield from (f"{node}: {one}" for one in wanted if one not in known)

    assert faults(except_style_guide(documents), lost) == {}


def test_no_style_script_or_event_is_written_into_a_page(documents):
    def inline(page):
        for node in page.root.all():
            if node.tag == "style" or (node.tag == "script" and "src" not in node.attributes and "json" not in node.get("type", "")):
                yield node
            yield from (f"{node}: {name}" for name in node.attributes if name == "style" or name.startswith("on"))
            addresses = [node.get(name, "").strip().lower() for name in ("href", "src", "action")]
            yield from (f"{node}: {one}" for one in addresses if one.startswith(("javascript:", "data:")))

    assert faults(documents, inline) == {}


def test_elements_stand_where_they_may(documents):
    assert faults(documents, misplaced) == {}


def misplaced(page):
    for node in page.root.all():
        parent = node.parent.tag
        if node.is_below("svg"):
            continue
        if node.tag in OBSOLETE:
            yield f"{node} is obsolete"
        if node.tag in PARENTS and parent not in PARENTS[node.tag]:
            yield f"{node} in <{parent}>"
        if parent in CHILDREN and node.tag not in CHILDREN[parent]:
            yield f"{node} in <{parent}>"
        if parent in PHRASE_ONLY and node.tag in FLOW and (parent, node.tag) not in MAY_HOLD:
            yield f"{node} in <{parent}>"
        if node.tag in {"a", "button", "select", "textarea", "details"} and node.is_below("a", "button"):
            yield f"{node} in a link or button"
        if node.tag == "form" and node.is_below("form"):
            yield f"{node} in a form"
        if node.tag in {"legend", "summary"} and node.parent.children[0] is not node:
            yield f"{node} is not the first in <{parent}>"


def test_lists_and_tables_hold_no_loose_text(documents):
    def loose(page):
        for node in page.root.all("ul", "ol", "dl", "table", "thead", "tbody", "tr", "select"):
            yield from (f"{word.strip()} in {node}" for word in node.words if isinstance(word, str) and word.strip())

    assert faults(documents, loose) == {}


def test_every_list_and_table_has_entries(documents):
    assert faults(documents, lambda page: [node for node in page.root.all("ul", "ol", "dl", "tbody", "table") if not node.children]) == {}


def test_headings_begin_with_one_h1_and_skip_no_level(documents):
    def wrong(page):
        levels = [(int(node.tag[1]), node) for node in page.root.all(*HEADINGS)]
        if [level for level, _node in levels].count(1) != 1:
            yield "not one h1"
        yield from (f"{node} after h{before}" for (before, _), (level, node) in zip(levels, levels[1:], strict=False) if level > before + 1)
        yield from (f"{node} is empty" for _level, node in levels if not node.text)

    assert faults(documents, wrong) == {}


def test_every_field_has_a_label(documents):
    def nameless(page):
        labels = {node.get("for") for node in page.root.all("label") if node.text}
        for node in page.root.all(*CONTROLS):
            wrapped = any(above.tag == "label" and above.text for above in node.above())
            named = node.get("aria-label") or node.get("aria-labelledby") or node.get("id") in labels
            if node.get("type") not in UNLABELED and not (wrapped or named):
                yield node

    assert faults(documents, nameless) == {}


def test_every_link_and_button_has_a_name(documents):
    def nameless(page):
        for node in page.root.all("a", "button", "summary"):
            images = any(image.get("alt") for image in node.all("img"))
            if not (node.text or node.get("aria-label") or node.get("aria-labelledby") or images):
                yield node

    assert faults(documents, nameless) == {}


def test_every_picture_says_what_it_shows_and_how_large_it_is(documents):
    wanted = {"alt", "width", "height"}
    assert faults(documents, lambda page: [node for node in page.root.all("img") if not wanted <= set(node.attributes)]) == {}


def test_page_and_parts_name_their_language(documents):
    def wrong(page):
        yield from (node for node in page.root.all("html") if node.get("lang") not in TAGS.values())
        yield from (f"{node}: {node.get('lang')}" for node in page.root.all() if node.get("lang", "en") not in TAGS.values())

    assert faults(documents, wrong) == {}


def test_the_head_is_whole(documents):
    def wrong(page):
        (head,) = page.root.all("head")
        if not any(node.text for node in head.all("title")):
            yield "no title"
        if [node.get("charset") for node in head.all("meta") if node.get("charset")] != ["utf-8"]:
            yield "not one charset"
        yield from (node for node in page.root.all("title") if not node.is_below("head", "svg"))

    assert faults(documents, wrong) == {}


def test_every_moment_can_be_read_by_machines(documents):
    moment = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?([+-]\d\d:?\d\d|Z))?")
    assert faults(documents, lambda page: [node for node in page.root.all("time") if not moment.fullmatch(node.get("datetime", ""))]) == {}


def test_one_main_and_landmarks_with_names_of_their_own(documents):
    def wrong(page):
        if len(list(page.root.all("main"))) != 1:
            yield "not one main"
        for tag in ("nav", "aside"):
            names = [node.get("aria-label") or node.get("aria-labelledby") for node in page.root.all(tag)]
            if len(names) > 1 and (None in names or len(set(names)) < len(names)):
                yield f"{tag}: {names}"

    assert faults(except_style_guide(documents), wrong) == {}


def test_no_file_of_the_site_names_a_host_that_serves_others():
    """What a page loads comes from the site itself; maps of style sheets, which nobody loads, may name their origin."""
    foreign = re.compile(rb"googleapis|gstatic|jsdelivr|unpkg|cdnjs")
    files = [storage.path(path) for finder in get_finders() for path, storage in finder.list([]) if not path.endswith(".map")]
    files += (settings.BASE_DIR / "templates").rglob("*.*")
    assert [str(path) for path in files if foreign.search(Path(path).read_bytes())] == []
    assert len(files) > 100


def except_style_guide(documents):
    """The style guide shows parts of pages beside each other; its links lead nowhere."""
    return {path: document for path, document in documents.items() if "/styleguide/" not in path}


WRONG = """<p><div></div></p>
<p>
<b><i></b></i>
<p id=x></p>
<p class="a"id="b"></p>
<p id="a" id="b"></p>
<div/>
<ul><p></p></ul>"""


@pytest.mark.parametrize("html", WRONG.split("\n"))
def test_the_reader_sees_what_is_wrong(html):
    page = Document(html)
    assert page.faults or list(misplaced(page))
