"""Processes of the site that a test kills: started ready to run, so that a kill costs no start.

    python -m tests.outbox.killed

reads lines from its input: `serve PORT` or `send SMTP-PORT` or `mail PORT FILE` answers with the number of a new process,
which runs the web server, the sender of the outbox, or a mail server that writes down each letter before it says yes.
"""

import os
import signal
import socketserver
import sys
import time

import django


def serve(port):
    import waitress

    from zhaoqing_site.wsgi import application

    proxy = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-for"}}  # each inquiry from another address
    waitress.serve(application, host="127.0.0.1", port=int(port), threads=8, ident=None, **proxy)


def send(port):
    from django.conf import settings

    from outbox.sending import deliver_due

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", int(port), 5
    while True:
        deliver_due()
        time.sleep(0.01)


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


def mail(port, path):
    """Says yes only to what it has written down: whoever hears the yes may rely on it."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self):
            self.say(b"220 ready")
            while line := self.rfile.readline().strip().lower():
                if line == b"data":
                    self.say(b"354 go on")
                    if not self.take():
                        return
                self.say(b"221 bye" if line == b"quit" else b"250 ok")

        def take(self):
            letter = []
            while (line := self.rfile.readline()) != b".\r\n":
                if not line:
                    return False
                letter.append(line)
            (number,) = [line.split(b"<")[1].split(b"@")[0] for line in letter if line.lower().startswith(b"message-id:")]
            with open(path, "ab") as file:
                file.write(number + b"\n")
            return True

        def say(self, answer):
            self.wfile.write(answer + b"\r\n")

    MailServer(("127.0.0.1", int(port)), Talk).serve_forever()


def prepare():
    """Somebody who takes inquiries, and everything loaded that a first request loads."""
    from django.db import connections
    from django.test import Client

    from bureaus.models import Contact
    from tests.factories import make_bureau, make_contact

    bureau = make_bureau("zhaoqing")
    make_contact(bureau=bureau, kind=Contact.Kind.DESK, email="desk@example.com")
    assert Client(SERVER_NAME="127.0.0.1").get("/en/inquiry/").status_code == 200
    connections.close_all()


def say(answer):
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    django.setup()
    prepare()
    say("ready")
    for line in sys.stdin:
        what, *arguments = line.split()
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            {"serve": serve, "send": send, "mail": mail}[what](*arguments)
            os._exit(1)
        say(child)


if __name__ == "__main__":
    main()
