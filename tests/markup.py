"""A strict reader of HTML: what a browser would silently repair is a fault here. No dependency beyond Python."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
QUOTED = re.compile(r"""<[\w-]+(\s+[^\s"'=<>/]+(\s*=\s*("[^"]*"|'[^']*'))?)*\s*/?>""")


class Node:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children, self.words = tag, attributes, parent, [], []

    def get(self, name, default=None):
        return self.attributes.get(name, default)

    def all(self, *tags):
        """All elements below with one of these tags; every element if none is named."""
        for child in self.children:
            if not tags or child.tag in tags:
                yield child
            yield from child.all(*tags)

    def above(self):
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def is_below(self, *tags):
        return any(node.tag in tags for node in self.above())

    @property
    def text(self):
        return " ".join("".join(self._texts()).split())

    def _texts(self):
        for word in self.words:
            if isinstance(word, Node):
                yield from word._texts()
            else:
                yield word

    def __str__(self):
        marks = "".join(f' {name}="{value}"' for name, value in self.attributes.items() if name in ("id", "class", "name", "href"))
        return f"<{self.tag}{marks}> {self.text[:40]}".strip()


class Document(HTMLParser):
    """The tree of a page in `root`, and in `faults` what is not well formed."""

    def __init__(self, html: str):
        super().__init__()
        self.root = self.at = Node("", {}, None)
        self.faults, self.has_doctype = [], False
        self.feed(html)
        self.close()
        self.faults += [f"<{node.tag}> is never closed" for node in self._open() if node.tag]

    def _open(self):
        yield self.at
        yield from self.at.above()

    def handle_decl(self, declaration):
        self.has_doctype = declaration.lower() == "doctype html"

    def handle_starttag(self, tag, attributes):
        node = Node(tag, {name: "" if value is None else value for name, value in attributes}, self.at)
        self.at.children.append(node)
        self.at.words.append(node)
        source = self.get_starttag_text()
        if len(attributes) != len(node.attributes):
            self.faults.append(f"an attribute stands twice in {source}")
        if not QUOTED.fullmatch(source):
            self.faults.append(f"an attribute without quotes in {source}")
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag in VOID:
            return
        if tag != "svg" and not self.at.is_below("svg"):
            self.faults.append(f"<{tag}/> closes itself")
        self.at = self.at.parent

    def handle_endtag(self, tag):
        if tag != self.at.tag:
            self.faults.append(f"</{tag}> closes <{self.at.tag}> (line {self.getpos()[0]})")
        if tag in (node.tag for node in self._open()):
            while self.at.tag != tag:
                self.at = self.at.parent
            self.at = self.at.parent

    def handle_data(self, text):
        self.at.words.append(text)
