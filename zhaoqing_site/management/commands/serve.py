"""Serves the site on this machine, and runs the jobs (mail) beside it."""

import os
import socket
import subprocess
import sys

import waitress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhaoqing_site.wsgi import application


class Command(BaseCommand):
    help = "Serves the site with waitress on 127.0.0.1:$PORT and runs what is due (mail) every few seconds."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--threads", type=int, default=8)

    def handle(self, *args, host, port, threads, **options):
        check_free(host, port)
        jobs = subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), "jobs", "--loop"])
        self.stdout.write(f"The site: http://{host}:{port}/   The staff area: http://{host}:{port}/admin/   Stop: Ctrl+C")
        self.stdout.flush()
        try:
            waitress.serve(application, host=host, port=port, threads=threads, ident=None)
        finally:
            jobs.terminate()
            jobs.wait(timeout=10)


def check_free(host, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"{host}:{port} cannot be used ({error.strerror}). Choose another port: make demo PORT=8001") from error
