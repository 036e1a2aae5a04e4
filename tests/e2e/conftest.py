"""The browser tests: Chromium against the seeded site, served by the server and with the style sheet of production.

They are a process of their own, `pytest -m e2e`: Playwright keeps an event loop running, and the rows stay from test to test.
"""

import importlib.util
import os
import shutil
import threading
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from waitress import create_server

from tests import places
from tests.e2e.watching import Watch

# An older browser stands in with OLD_CHROMIUM=/path: staff.md S86 asks for 109.
CHROMIUM = os.environ.get("OLD_CHROMIUM") or shutil.which("chromium")
LIBRARIES = ("playwright", "pytest_playwright", "axe_playwright_python")
MISSING = [name for name in LIBRARIES if not importlib.util.find_spec(name)] + ([] if CHROMIUM else ["chromium"])
if MISSING and os.environ.get("E2E_REQUIRED") == "1":
    raise pytest.UsageError(f"The browser tests are required, and {', '.join(MISSING)} is missing: see requirements/e2e.txt.")
collect_ignore_glob = ["*"] if MISSING else []

# Chromium asks its maker's hosts for updates unless it is told not to: only the site shall be asked.
QUIET = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Asked for together with other tests, these stand back."""
    browser = [item for item in items if item.get_closest_marker("e2e")]
    if 0 < len(browser) < len(items):
        items[:] = [item for item in items if not item.get_closest_marker("e2e")]
        config.hook.pytest_deselected(items=browser)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": CHROMIUM, "args": QUIET + (["--no-sandbox"] if os.geteuid() == 0 else [])}


@pytest.fixture(scope="session", autouse=True)
def patience():
    """A busy machine may take longer than Playwright's five seconds."""
    from playwright.sync_api import expect

    expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_context_args():
    return {"locale": "en-US", "reduced_motion": "reduce", "viewport": {"width": 1280, "height": 800}}


@pytest.fixture(autouse=True)
def settings_of_tests():
    """The settings of these tests are set once, before the server starts."""


@pytest.fixture(scope="session")
def site(django_test_environment, django_db_blocker, tmp_path_factory):
    """Address of the running site, e.g. http://127.0.0.1:40123."""
    folder = tmp_path_factory.mktemp("site")
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "zhaoqing_site.static_storage.OneStylesheetStorage"}}
    production = override_settings(
        STORAGES=storages, STATIC_ROOT=folder / "static", MEDIA_ROOT=folder / "media", WHITENOISE_USE_FINDERS=False
    )
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with production, django_db_blocker.unblock(), database(folder):
        call_command("collectstatic", interactive=False, verbosity=0)
        places.load()
        server = start_server()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        server.task_dispatcher.shutdown()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def database(folder):
    """Empty tables: made here, or in a copy of the migrated SQLite file that MIGRATED_DATABASE names."""
    migrated = os.environ.get("MIGRATED_DATABASE")
    if migrated:
        shutil.copy(migrated, folder / "db.sqlite3")
        connection.settings_dict["TEST"]["NAME"] = folder / "db.sqlite3"
    old = setup_databases(verbosity=0, interactive=False, keepdb=bool(migrated))
    yield
    teardown_databases(old, verbosity=0, keepdb=bool(migrated))


def start_server():
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=8, ident=None)
    threading.Thread(target=server.run, daemon=True).start()
    return server


@pytest.fixture
def open_page(browser, browser_context_args, site):
    """A function: a page of a browser of its own, e.g. `open_page(locale="zh-HK")`. Whatever goes wrong on it fails the test."""
    watched = []

    def open_one(**options):
        watched.append(Watch(browser.new_context(**browser_context_args | options).new_page(), site))
        return watched[-1].page

    yield open_one
    noted = [line for watch in watched for line in watch.take()]
    for watch in watched:
        watch.page.context.close()
    assert noted == []
