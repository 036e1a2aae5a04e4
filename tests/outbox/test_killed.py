"""The web server, the sender and the mail server are killed in the middle of work: nothing acknowledged is lost (trust.md G1, F1, F2).

In processes of their own, on a database of their own: SQLite, where what is acknowledged is on the disk. It takes a quarter
of a minute, most of it waiting, and runs with all other tests; with PostgreSQL it is left out.
"""

import http.client
import os
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from contextlib import closing
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection

from bureaus.models import AuditEntry
from tests.inquiries.conftest import aged_key, answers
from tests.inquiries.imap_server import free_port

IS_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not IS_SQLITE, reason="kills processes that use SQLite")]
SERVER_KILLS, SENDER_KILLS, MAIL_KILLS = 28, 14, 14
CLIENTS = 8
TOKEN = "t" * 32


class Site:
    """The processes of a site, started and killed by name."""

    def __init__(self, folder):
        self.database, self.received = folder / "db.sqlite3", folder / "received"
        self.received.touch()
        self.copy_database()
        self.ports = {"serve": free_port(), "mail": free_port()}
        self.commands = {
            "serve": f"serve {self.ports['serve']}",
            "mail": f"mail {self.ports['mail']} {self.received}",
            "send": f"send {self.ports['mail']}",
        }
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "zhaoqing_site.settings",
            "VAR_DIR": str(folder),
            "DEBUG": "true",
            "LOG_LEVEL": "CRITICAL",
        }
        environment |= {"SECRET_KEY": settings.SECRET_KEY}
        command = [sys.executable, "-m", "tests.outbox.killed"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": (folder / "log").open("w"), "text": True}
        self.parent = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, **pipes)
        assert self.parent.stdout.readline() == "ready\n", (folder / "log").read_text()
        self.running, self.lock = {}, threading.Lock()

    def copy_database(self):
        """The tables, as the migrations have made them for the tests: without what a test has put in."""
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as tests, closing(sqlite3.connect(self.database)) as own:
            tests.backup(own)

    def start(self, name):
        with self.lock:
            self.parent.stdin.write(self.commands[name] + "\n")
            self.parent.stdin.flush()
            self.running[name] = int(self.parent.stdout.readline())

    def kill(self, name):
        number = self.running[name]
        os.kill(number, signal.SIGKILL)
        while is_alive(number):
            time.sleep(0.001)

    def end(self):
        self.parent.kill()
        for name in self.running:
            if is_alive(self.running[name]):
                self.kill(name)
        self.parent.wait()

    def rows(self, query, *values):
        with closing(sqlite3.connect(self.database, timeout=10)) as line:
            found = line.execute(query, values).fetchall()
            line.commit()
        return found

    def arrived(self) -> list[str]:
        """The numbers of the letters that the mail server has taken."""
        return [str(uuid.UUID(line)) for line in self.received.read_text().split()]

    def sent(self) -> set[str]:
        return {str(uuid.UUID(number)) for (number,) in self.rows("SELECT id FROM outbox_letter WHERE state = 'sent'")}


def is_alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


class Investors:
    """Eight who send inquiries all the time, and note what was acknowledged. After a failure they press again, or leave it for later."""

    def __init__(self, port):
        self.port, self.keys, self.references, self.over = port, [], {}, threading.Event()
        self.threads = [threading.Thread(target=self.go_on, args=(random.Random(number),), daemon=True) for number in range(CLIENTS)]

    def go_on(self, chance):
        while not self.over.is_set():
            key = aged_key(secrets.token_hex(16))
            self.keys.append(key)
            while not self.send(key) and not self.over.is_set() and chance.random() < 0.8:
                time.sleep(0.02)
            if self.references and chance.random() < 0.1:
                self.send(chance.choice(list(self.references)))  # reload

    def send(self, key) -> bool:
        """Whether the site acknowledged it."""
        words = {"email": f"{key[:12]}@example.com", "message": f"We look for 2 hectares near the port. {key[:12]}"}
        fields = answers(key=key, csrfmiddlewaretoken=TOKEN, **words)
        head = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={TOKEN}", "X-Forwarded-For": f"10.{address()}"}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("POST", "/en/inquiry/", urlencode(fields), head)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if answer.status != 303:
            return False
        self.references.setdefault(key, set()).add(answer.headers["Location"].split("/")[3])
        return True


def address():
    return ".".join(str(secrets.randbelow(256)) for _part in range(3))


@pytest.fixture
def site(tmp_path):
    running = Site(tmp_path)
    yield running
    running.end()


def killing(site, name, times, chance, investors):
    """Kills at any moment, but not before somebody was answered once more: on a slow machine all waits are longer."""
    for _kill in range(times):
        answered = len(investors.references)
        time.sleep(chance.uniform(0.1, 0.6))
        wait_for(lambda answered=answered: len(investors.references) > answered)
        site.kill(name)
        site.start(name)


def test_g1_nothing_acknowledged_is_lost_and_every_letter_leaves_however_often_processes_are_killed(site):
    for name in site.commands:
        site.start(name)
    investors = Investors(site.ports["serve"])
    kills = {"serve": SERVER_KILLS, "send": SENDER_KILLS, "mail": MAIL_KILLS}
    killers = [threading.Thread(target=killing, args=(site, name, times, random.Random(name), investors)) for name, times in kills.items()]
    for thread in [*investors.threads, *killers]:
        thread.start()
    while any(thread.is_alive() for thread in killers):
        time.sleep(0.2)
        shown_as_sent = site.sent()
        assert shown_as_sent <= set(site.arrived())
    investors.over.set()
    for thread in investors.threads:
        thread.join()
    acknowledged = {key: set(found) for key, found in investors.references.items()}
    assert len(acknowledged) >= SERVER_KILLS

    # Everybody presses once more: the same reference for whoever had one, and one inquiry for each form.
    wait_for(lambda: investors.send(investors.keys[0]))
    for key in investors.keys:
        assert investors.send(key)
    assert {key: investors.references[key] for key in acknowledged} == acknowledged
    assert all(len(found) == 1 for found in investors.references.values())
    stored = [reference for (reference,) in site.rows("SELECT reference FROM inquiries_inquiry")]
    assert sorted(stored) == sorted(reference for found in investors.references.values() for reference in found)
    assert len(stored) == len(investors.keys)

    # The leases of killed senders end, and the pauses after failures: then every letter has left, and none twice but for a kill.
    site.rows("UPDATE outbox_letter SET leased_until = NULL, next_try_at = '2020-01-01' WHERE state = 'queued'")
    wait_for(lambda: not site.rows("SELECT 1 FROM outbox_letter WHERE state <> 'sent' LIMIT 1"))
    arrived = site.arrived()
    assert site.sent() == set(arrived)
    assert len(arrived) - len(set(arrived)) <= SENDER_KILLS + MAIL_KILLS
    letters = site.rows("SELECT reference, COUNT(*) FROM outbox_letter GROUP BY reference")
    assert dict(letters) == dict.fromkeys(stored, 2)  # the receipt, and the notice to the bureau
    entries = site.rows("SELECT thing, COUNT(*) FROM bureaus_auditentry WHERE action = ? GROUP BY thing", AuditEntry.Action.RECEIVE.value)
    assert dict(entries) == dict.fromkeys(stored, 1)
    assert site.rows("PRAGMA integrity_check") == [("ok",)]


def wait_for(happens, seconds=60):
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.05)
