"""A real IMAP server for tests: pymap, in a process of its own, with one mailbox in memory."""

import imaplib
import socket
import subprocess
import sys
import time
from functools import cached_property
from urllib.parse import quote

USER, PASSWORD = "inquiry@example.org", "secret:/%@"
FOLDERS = ("INBOX", "Taken", "Unassigned")


class ImapServer:
    """Used with `with`. `options` are those of pymap, e.g. `--cert`."""

    def __init__(self, *options):
        self.port = free_port()
        start = ["--host", "127.0.0.1", "--port", str(self.port), *(options or ["--no-tls"])]
        mailbox = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
        self.command = [sys.executable, "-c", "from pymap.main import main; main()", *start, *mailbox]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _try in range(400):
            assert self.process.poll() is None, "pymap did not start: is requirements.txt installed?"
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError("pymap does not listen")

    def __exit__(self, *_reason):
        self.process.kill()
        self.process.wait()

    def url(self, way="imap", password=PASSWORD, user=USER):
        return f"{way}://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:{self.port}/INBOX"

    @cached_property
    def program(self):
        """The connection of a mail program, signed in: that takes a quarter of a second."""
        line = imaplib.IMAP4("127.0.0.1", self.port, timeout=5)
        line.login(USER, PASSWORD)
        return line

    def deliver(self, *letters: bytes):
        for letter in letters:
            assert self.program.append("INBOX", "", "", letter)[0] == "OK"

    def count(self) -> dict[str, int]:
        """How many letters lie in each folder that is there."""
        found = {name: self.program.select(name) for name in FOLDERS}
        return {name: int(said[0]) for name, (ok, said) in found.items() if ok == "OK"}

    def empty(self):
        for name in self.count():
            self.program.select(name)
            self.program.store("1:*", "+FLAGS", r"(\Deleted)")
            self.program.expunge()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
