"""Rich text: which marks are allowed, and cleaning by that list (trust.md T12)."""

import nh3

TAGS = {"h2", "h3", "p", "br", "ul", "ol", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td", "blockquote"}
ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}, "*": {"lang"}}


def clean(html: str) -> str:
    """The text with only the allowed marks and links; everything else is dropped."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"}, link_rel="noopener")
