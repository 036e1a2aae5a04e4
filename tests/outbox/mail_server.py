"""A tiny mail server for tests: says what it is told to say, and keeps what it accepts."""

import socketserver
import threading


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` maps the first word of a command (or "data end") to a reply; "drop" hangs up."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, **answers):
        super().__init__(("127.0.0.1", 0), Talk)
        self.answers = {name.replace("_", " "): answer for name, answer in answers.items()}
        self.recipients, self.letters = {}, []

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_reason):
        self.shutdown()
        self.server_close()


class Talk(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self):
        if not self.say("greeting", "220 ready"):
            return
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].split()[0].lower()
            if verb == "quit":
                self.wfile.write(b"221 bye\r\n")
                return
            if verb == "rcpt" and (answer := self.server.recipients.get(line.split("<")[1].rstrip(">"))):
                self.wfile.write(f"{answer}\r\n".encode())
            elif verb == "data":
                self.wfile.write(b"354 go on\r\n")
                if not self.take():
                    return
            elif not self.say(verb, "250 ok"):
                return

    def take(self):
        letter = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            letter += line
        if self.server.answers.get("data end", "250").startswith("250"):
            self.server.letters.append(letter)
        return self.say("data end", "250 taken")

    def say(self, name, otherwise):
        answer = self.server.answers.get(name, otherwise)
        if answer == "drop":
            return False
        self.wfile.write(f"{answer}\r\n".encode())
        return True
