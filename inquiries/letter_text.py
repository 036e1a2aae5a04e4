"""Reads a letter as it came over the wire: who sent it, what it answers, its words, its files, and whether a machine wrote it.

Nothing of its markup is kept. What cannot be decoded is replaced, never a reason to refuse the letter.
"""

import codecs
import hashlib
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import collapse_rfc2231_value, getaddresses
from html.parser import HTMLParser
from mimetypes import guess_extension

import nh3
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bureaus.text import clean_line, clean_text
from inquiries import quotes

# Characters of a letter's own words, and of what it repeats, that are kept.
LONGEST_BODY = 50_000
LONGEST_QUOTE = 100_000
LONGEST_HTML = 2_000_000
LONGEST_TEXT = LONGEST_BODY + LONGEST_QUOTE
LONGEST_HEADER = 10_000
MOST_FILES = 50
DEEPEST = 20
# Headers in which mail servers name the mailbox that a letter was sent to.
READERS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
OUR_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]{1,255}>", re.IGNORECASE)


@dataclass
class Bounce:
    """A mail server says that a letter of ours was not delivered: which one, and why."""

    letters: list[uuid.UUID]
    reason: str


@dataclass
class ReadLetter:
    sender: str
    readers: list[str]
    own_number: uuid.UUID | None
    answers: list[uuid.UUID]
    subject: str
    body: str
    quoted: str
    is_cut: bool
    is_automatic: bool
    files: list[tuple[str, bytes]] = field(default_factory=list)
    bounce: Bounce | None = None


def fingerprint(raw: bytes) -> str:
    """SHA-256 of the Message-ID, or of the whole letter where it has none. The head alone gives the same where it has one."""
    name = " ".join(str(BytesHeaderParser(policy=policy.compat32).parsebytes(raw)["Message-ID"] or "").split())
    return hashlib.sha256(name.encode("utf-8", "replace") if name else raw).hexdigest()


def read(raw: bytes) -> ReadLetter:
    message = message_from_bytes(raw, policy=policy.compat32)
    texts, files = [], []
    collect(message, texts, files)
    text = safe_text("\n\n".join(text.strip("\n") for text in texts if text.strip()))
    own, quoted = quotes.split(text[:LONGEST_TEXT])
    return ReadLetter(
        sender=address_in(header(message, "From")),
        readers=[header(message, name) for name in READERS],
        own_number=next(iter(our_numbers(header(message, "Message-ID"))), None),
        answers=our_numbers(header(message, "In-Reply-To") + header(message, "References")),
        subject=safe_line(header(message, "Subject")),
        body=own[:LONGEST_BODY],
        quoted=quoted[:LONGEST_QUOTE],
        is_cut=len(own) > LONGEST_BODY or len(text) > LONGEST_TEXT,
        is_automatic=is_automatic(message),
        files=files,
        bounce=bounce_in(message, text),
    )


# --- Headers ---


def header(message: Message, name: str) -> str:
    """All headers of a name, decoded, in one line: what stands behind a coded line break cannot become a header of ours."""
    return " ".join(" ".join(decoded(value) for value in message.get_all(name, [])).split())[:LONGEST_HEADER]


def decoded(value) -> str:
    try:
        parts = decode_header(str(value)[: 2 * LONGEST_HEADER])
    except (HeaderParseError, ValueError):
        return str(value)
    return "".join(part if isinstance(part, str) else in_charset(part, charset) for part, charset in parts)


def address_in(value: str) -> str:
    """The sender's address; "" where there is none that a person could answer."""
    address = next((address for _name, address in getaddresses([value]) if address), "")
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""


def our_numbers(value: str) -> list[uuid.UUID]:
    """The letters of ours that are named in it; the last is the nearest."""
    return [uuid.UUID(number) for number in OUR_ID.findall(value)]


# --- Written by a machine ---

AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Response")
AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:automatic reply|auto[- ]?reply|autoreply|out of (?:the )?office|vacation reply|自动回复|自動回復|自動回覆|系统自动回复)",
    re.IGNORECASE,
)
REPORTER = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
REASON = re.compile(r"^.*\b(?:5\d\d[ -]|5\.\d{1,3}\.\d{1,3}\b).*$", re.MULTILINE)


def is_automatic(message: Message) -> bool:
    """RFC 3834, and the marks of those who do not keep to it: an absence note, a read receipt, a mailing."""
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or any(name in message for name in AUTOMATIC_HEADERS)
        or message.get_content_type() == "multipart/report"
        or header(message, "Return-Path") == "<>"
        or bool(AUTOMATIC_SUBJECT.match(header(message, "Subject")))
    )


def bounce_in(message: Message, text: str) -> Bounce | None:
    """What a mail server reports as not delivered: by the standard (RFC 3464), or in words that name our letter."""
    if message.get_content_type() == "multipart/report":
        return reported(message)
    if REPORTER.search(header(message, "From")) and (numbers := numbers_within(message, text)):
        found = REASON.search(text)
        return Bounce(numbers, one_line(found[0] if found else header(message, "Subject")))
    return None


def reported(message: Message) -> Bounce | None:
    """Delays, and reports that a letter was delivered or read, are no bounce."""
    statuses = [part for part in walk(message) if part.get_content_type() == "message/delivery-status"]
    groups = [group for status in statuses for group in children(status)]  # the parser makes a message of each block of headers
    failed = [group for group in groups if header(group, "Action").lower() == "failed"]
    if not failed:
        return None
    reasons = [header(group, "Diagnostic-Code").partition(";")[2] or header(group, "Status") for group in failed]
    return Bounce(numbers_within(message, ""), one_line(" / ".join(reason.strip() for reason in reasons)))


def numbers_within(message: Message, text: str) -> list[uuid.UUID]:
    """Our letters that a report sends back, whole, as headers, or named in its words."""
    found = our_numbers(header(message, "In-Reply-To") + header(message, "References") + text)
    for part in list(walk(message))[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            found += our_numbers(content_of(part))
        found += our_numbers(header(part, "Message-ID"))
    return list(dict.fromkeys(found))


def one_line(reason: str) -> str:
    return " ".join(safe_text(reason).split())[:500]


# --- Words and files ---

SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


def walk(message: Message, depth: int = 0):
    """All parts of a letter, letters within it included, as deep as a person would ever nest them."""
    yield message
    if depth < DEEPEST:
        for part in children(message):
            yield from walk(part, depth + 1)


def children(part: Message) -> list[Message]:
    """Asked for otherwise, the text of a part without any would be decoded, by whatever character set it claims."""
    return part.get_payload() if part.is_multipart() else []


def collect(part: Message, texts: list[str], files: list[tuple[str, bytes]], depth: int = 0) -> None:
    """Puts the words of a part into `texts`, and what is no text into `files`."""
    kind, within = part.get_content_type(), children(part)
    is_file = part.get_content_disposition() == "attachment" or file_name(part) is not None
    if kind.startswith("multipart/") and within and not is_file and depth < DEEPEST:
        for child in [best(within)] if kind == "multipart/alternative" else within:
            collect(child, texts, files, depth + 1)
    elif kind in ("text/plain", "text/html") and not is_file:
        texts.append(words_of(part))
    elif len(files) < MOST_FILES and not kind.startswith("multipart/") and kind not in SIGNATURES:
        files.append((safe_line(file_name(part) or f"attachment{guess_extension(kind) or ''}")[:120], bytes_of(part)))


def best(alternatives: list[Message]) -> Message:
    """The plain text unless it is empty; else the richest, which stands last."""
    plain = [part for part in alternatives if part.get_content_type() == "text/plain" and words_of(part).strip()]
    return plain[0] if plain else alternatives[-1]


def words_of(part: Message) -> str:
    text = content_of(part)
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def content_of(part: Message) -> str:
    return in_charset(bytes_of(part), part.get_content_charset())


def bytes_of(part: Message) -> bytes:
    """What the part holds; a letter within a letter as it would be written."""
    if part.is_multipart():
        return part.get_payload(0).as_bytes() if part.get_content_maintype() == "message" else b""
    return part.get_payload(decode=True) or b""


def file_name(part: Message) -> str | None:
    name = part.get_param("filename", None, "content-disposition") or part.get_param("name", None)
    return decoded(collapse_rfc2231_value(name)) if name else None


# --- Character sets ---

# Names under which mail comes, and the widest set that reads it.
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "iso8859-1": "cp1252", "ascii": "utf-8"}
ALIASES = {"x-gbk": "gbk", "gb_2312-80": "gbk", "gb2312-80": "gbk", "x-x-big5": "big5", "utf8mb4": "utf-8", "x-sjis": "shift_jis"}
# Python knows sets that are no character sets of mail, and some that are slow to read.
READABLE = re.compile(
    r"utf-(?:7|8|8-sig|16|16-le|16-be|32|32-le|32-be)|ascii|iso8859-\d+|cp\d+|koi8-[rut]|mac-roman|tis-620|hz|gb\w+|big5\w*"
    r"|shift_jis\w*|euc_\w+|iso2022_\w+|johab"
)


def in_charset(raw: bytes, name: str | None) -> str:
    """Bytes as text. A set that is unknown or does not fit is guessed; what cannot be read is replaced."""
    named = known_charset(name)
    if named:
        text = raw.decode(named, "replace")
        if text.count("\ufffd") <= 2 + len(text) // 100:
            return text
    for guess in ("utf-8", "gb18030"):
        try:
            return raw.decode(guess)
        except UnicodeError:
            continue
    return raw.decode(named or "utf-8", "replace")


def known_charset(name: str | None) -> str | None:
    try:
        canonical = codecs.lookup(ALIASES.get((name or "").lower(), name or "")).name
    except (LookupError, ValueError):
        return None
    return WIDER.get(canonical, canonical) if READABLE.fullmatch(canonical) else None


# --- HTML ---

BLOCKS = {"p", "div", "tr", "table", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
KEPT = BLOCKS | {"br", "hr", "a", "td", "th"}
UNSEEN = {"script", "style", "head", "title", "template", "iframe", "object", "noscript", "svg", "math"}


def text_of_html(html: str) -> str:
    """The words of a page of HTML, a line for each block; what it repeats is marked with > as in plain text."""
    tidy = nh3.clean(
        html[:LONGEST_HTML], tags=KEPT, clean_content_tags=UNSEEN, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None
    )
    words = Words()
    words.feed(tidy)
    words.close()
    return words.text()


class Words(HTMLParser):
    """Reads what `nh3` has made well-formed into lines: how deep each is repeated, and its words."""

    def __init__(self):
        super().__init__()
        self.lines = [(0, [])]
        self.depth = self.pre = self.size = 0
        self.is_gap, self.before, self.link = False, "", None

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS or tag == "hr":
            self.end_line()
        if tag == "br":
            self.lines.append((self.depth, []))
        elif tag == "p":
            self.is_gap = True
        elif tag == "blockquote":
            self.depth += 1
        elif tag == "pre":
            self.pre += 1
        elif tag == "li":
            self.before = "- "
        elif tag == "a":
            self.link = (dict(attrs).get("href") or "", [])

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_line()
        if tag == "p":
            self.is_gap = True
        elif tag == "blockquote":
            self.depth -= 1
        elif tag == "pre":
            self.pre -= 1
        elif tag in ("td", "th"):
            self.handle_data(" ")
        elif tag == "a" and self.link:
            target, shown = self.link[0], "".join(self.link[1])
            self.link = None
            if target and shown.strip() and target.rstrip("/") not in shown:
                self.write(f" <{target}>")

    def handle_data(self, data):
        data = data.replace("\xa0", " ")[: LONGEST_TEXT + 1 - self.size]
        self.size += len(data)
        first, *others = data.split("\n") if self.pre else [re.sub(r"[ \t\r\n\f]+", " ", data)]
        self.write(first)
        for line in others:
            self.lines.append((self.depth, []))
            self.write(line)

    def write(self, words):
        """Adds words to the line, behind one space at most."""
        _depth, line = self.lines[-1]
        if not self.pre and (not line or line[-1].endswith(" ")):
            words = words.lstrip(" ")
        if not words:
            return
        if not line:
            self.begin_line()
        if self.link:
            self.link[1].append(words)
        self.lines[-1][1].append(words)

    def begin_line(self):
        """A paragraph stands apart from what is before it; a line belongs to the repetition in which its words stand."""
        self.lines.pop()
        if self.is_gap and self.lines and self.lines[-1][1]:
            self.lines.append((min(self.lines[-1][0], self.depth), []))
        self.lines.append((self.depth, [self.before] if self.before else []))
        self.is_gap, self.before = False, ""

    def end_line(self):
        if self.lines[-1][1]:
            self.lines.append((self.depth, []))

    def text(self) -> str:
        while self.lines and not self.lines[-1][1]:
            self.lines.pop()
        lines = ("> " * min(depth, 5) + "".join(words) for depth, words in self.lines)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


# --- Safe to store (trust.md T42) ---


def safe_text(text: str) -> str:
    """As `clean_text`, but nobody can be asked to type it again: what cannot be stored is replaced."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return clean_text(unicodedata.normalize("NFC", text))


def safe_line(text: str) -> str:
    return clean_line(" ".join(safe_text(text).split()))
