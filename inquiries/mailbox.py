"""The mailbox that investors' answers come to, over IMAP: what lies in it, and putting it away once it is taken."""

import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

# A larger letter is read up to here: its words stand in front of its files.
LARGEST = 25_000_000
HEADS_AT_ONCE = 200
PORTS = {"imap": 143, "imap+tls": 143, "imap+ssl": 993}
NUMBER, SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")
log = logging.getLogger(__name__)


class MailboxError(Exception):
    """The mailbox cannot be read at the moment, or not with these settings."""


@dataclass(frozen=True)
class Account:
    """What `IMAP_URL` says: imap+ssl://user:password@host:993/INBOX?taken=Taken&unassigned=Unassigned.

    imap+ssl: encrypted from the start; imap+tls: after STARTTLS; imap: not at all. Letters that were taken are moved to one
    folder, those that somebody has to look at to the other.
    """

    way: str
    host: str
    port: int
    user: str
    password: str
    folder: str
    taken: str
    unassigned: str


def account_of(url: str) -> Account:
    """MailboxError for an address of another form."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    except (ValueError, KeyError) as error:
        raise MailboxError("IMAP_URL is not of the form imap+ssl://user:password@host/INBOX") from error
    folder = unquote(parts.path.strip("/")) or "INBOX"
    folders = (folder, options.get("taken", "Taken"), options.get("unassigned", "Unassigned"))
    if not (parts.hostname and parts.username and all(name.isascii() and name.isprintable() for name in folders)):
        raise MailboxError("IMAP_URL needs a user and a host; names of folders are written in ASCII")
    return Account(parts.scheme, parts.hostname, port, unquote(parts.username), unquote(parts.password or ""), *folders)


class Mailbox:
    """One visit. Used with `with`; every failure to speak with the server is a MailboxError."""

    def __init__(self, account: Account):
        self.account = account

    def __enter__(self):
        try:
            self.connect()
            self.open()
        except (OSError, imaplib.IMAP4.error) as error:
            self.leave()
            raise MailboxError(reason_of(error)) from error
        except MailboxError:
            self.leave()
            raise
        return self

    def __exit__(self, kind, error, _trace):
        self.leave()
        if isinstance(error, OSError | imaplib.IMAP4.error):
            raise MailboxError(reason_of(error)) from error

    def connect(self):
        self.line = None
        account, trusted = self.account, ssl.create_default_context()
        if account.way == "imap+ssl":
            self.line = imaplib.IMAP4_SSL(account.host, account.port, ssl_context=trusted, timeout=settings.EMAIL_TIMEOUT)
        else:
            self.line = imaplib.IMAP4(account.host, account.port, timeout=settings.EMAIL_TIMEOUT)
        if account.way == "imap+tls":
            self.line.starttls(ssl_context=trusted)
        self.line.login(account.user, account.password)
        _ok, said = self.line.capability()
        self.can = set(said[0].decode("ascii", "replace").upper().split())
        if "ID" in self.can | set(self.line.capabilities):
            # Several providers in China open no mailbox to a program that does not say what it is.
            self.line.xatom("ID", '("name" "zhaoqing" "version" "1")')

    def open(self):
        for name in (self.account.taken, self.account.unassigned):
            _ok, found = self.line.list('""', quoted(name))
            if not any(found) and self.line.create(quoted(name))[0] != "OK":
                raise MailboxError(f"The folder “{name}” is not there and cannot be made; name others in IMAP_URL")
        if self.line.select(quoted(self.account.folder))[0] != "OK":
            raise MailboxError(f"The folder “{self.account.folder}” cannot be opened")

    def leave(self):
        try:
            if self.line:
                self.line.logout()
        except (OSError, imaplib.IMAP4.error):
            pass

    def look_into(self, folder: str):
        """Another folder instead of the one of new letters."""
        if self.line.select(quoted(folder))[0] != "OK":
            raise MailboxError(f"The folder “{folder}” cannot be opened")

    def delete(self, numbers: list[str]) -> None:
        """For good. Where the server cannot expunge by number, with everything else in the folder that is marked as deleted."""
        for start in range(0, len(numbers), HEADS_AT_ONCE):
            some = ",".join(numbers[start : start + HEADS_AT_ONCE])
            said = self.line.uid("STORE", some, "+FLAGS.SILENT", r"(\Deleted)")[0]
            gone = self.line.uid("EXPUNGE", some)[0] if "UIDPLUS" in self.can else self.line.expunge()[0]
            if not said == gone == "OK":
                raise MailboxError("The server does not delete letters")

    def heads(self) -> Iterator[tuple[str, bytes]]:
        """Number and Message-ID header of each letter in the folder, the oldest first."""
        _ok, said = self.line.uid("SEARCH", "UNDELETED")
        numbers = [number.decode() for number in (said[0] or b"").split()]
        for start in range(0, len(numbers), HEADS_AT_ONCE):
            some = numbers[start : start + HEADS_AT_ONCE]
            _ok, said = self.line.uid("FETCH", ",".join(some), "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
            found = dict(numbered(said))
            yield from ((number, found.get(number, b"")) for number in some)

    def letter(self, number: str) -> bytes | None:
        """The letter as it came, up to a size; None where somebody has removed it meanwhile. It stays marked as it was."""
        _ok, said = self.line.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
        return dict(numbered(said)).get(number)

    def put_away(self, number: str, folder: str) -> bool:
        """Moves a letter out of the way; False where the server does not (it is found, known and moved the next time)."""
        if "MOVE" in self.can:
            return self.line.uid("MOVE", number, quoted(folder))[0] == "OK"
        if self.line.uid("COPY", number, quoted(folder))[0] != "OK":
            return False
        self.line.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self.can:
            return self.line.uid("EXPUNGE", number)[0] == "OK"
        return self.line.expunge()[0] == "OK"


def numbered(said) -> Iterator[tuple[str, bytes]]:
    """`(number, text)` of each answer to FETCH; the number stands before or behind the text."""
    for at, item in enumerate(said):
        if isinstance(item, tuple):
            behind = said[at + 1] if at + 1 < len(said) and isinstance(said[at + 1], bytes) else b""
            if found := NUMBER.search(item[0]) or NUMBER.search(behind):
                yield found[1].decode(), item[1]


def quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def reason_of(error) -> str:
    """What went wrong, in one line; no password stands in it."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
