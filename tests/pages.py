"""What tests read out of an HTML page: its links, identifiers, languages, and the text that a reader sees."""

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Elements inside a line of text; all others stand apart from what is beside them.
INLINE = {"a", "abbr", "b", "bdi", "code", "em", "i", "small", "span", "strong", "sub", "sup", "time"}
UNSEEN = {"script", "style", "title", "template"}


class Page(HTMLParser):
    """`elements` are `(tag, attributes)`; `text` is what a reader sees, white space as single blanks."""

    def __init__(self, html: str):
        super().__init__()
        self.elements, self.open, self.words = [], [], []
        self.feed(html)
        self.close()
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.set_apart(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        self.set_apart(tag)
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def set_apart(self, tag):
        if tag not in INLINE:
            self.words.append(" ")

    def handle_data(self, data):
        if not UNSEEN & set(self.open):
            self.words.append(data)

    def all(self, tag, **wanted):
        """The attributes of every element of that tag with these attributes: `page.all("link", rel="alternate")`."""
        return [found for name, found in self.elements if name == tag and all(found.get(key) == value for key, value in wanted.items())]

    def one(self, tag, **wanted):
        (found,) = self.all(tag, **wanted)
        return found

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _tag, attributes in self.elements if "id" in attributes]

    def links(self, address: str) -> list[str]:
        """Where the page leads and what it loads, as addresses of this site or of another."""
        found = []
        for _tag, attributes in self.elements:
            found += [attributes[name] for name in ("href", "src", "action") if name in attributes]
            found += [part.split()[0] for part in attributes.get("srcset", "").split(",") if part.strip()]
        return [urljoin(address, one) for one in found]


def page_of(response) -> Page:
    return Page(response.content.decode())


def own_part(address: str) -> tuple[str, str]:
    """`(path with query, fragment)` of an address."""
    address, fragment = urldefrag(address)
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else ""), fragment


def section(html: str, identifier: str) -> Page:
    """The element of that id as a page of its own (up to the end of the element)."""
    start = html.index(f'id="{identifier}"')
    start = html.rindex("<", 0, start)
    tag = html[start + 1 :].split(None, 1)[0]
    depth, at = 0, start
    while True:
        opened, closed = html.find(f"<{tag}", at + 1), html.find(f"</{tag}>", at + 1)
        if opened != -1 and opened < closed:
            depth, at = depth + 1, opened
        elif depth:
            depth, at = depth - 1, closed
        else:
            return Page(html[start:closed])
