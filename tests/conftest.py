"""The cast: editor, publisher, officer and manager of Dinghu, a stranger from Sihui, a visitor."""

import gc

import pytest
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.utils import translation

from bureaus.models import Membership
from tests import audit_flush
from tests.factories import make_bureau, make_member
from tests.walking import walk_everywhere
from zhaoqing_site import frame, seeding

Role = Membership.Role
audit_flush.stand_aside()
# The tests keep a large heap of long-lived objects: looked through as often as is usual, it takes an eighth of the time.
gc.set_threshold(200_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def pages_alone_are_kept(django_test_environment):
    """Django's test client keeps a copy of the context of each template: of fields and their widgets that is work for nothing."""
    keep = Template._render

    def render(self, context):
        return self.nodelist.render(context) if (self.name or "").startswith("django/forms/") else keep(self, context)

    Template._render = render
    yield
    Template._render = keep


@pytest.fixture(autouse=True)
def settings_of_tests(settings, tmp_path):
    """Plain http, files in a folder of the test's own, no hashing of static files, quick password hashes."""
    settings.SECURE_SSL_REDIRECT = False
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASED_FILE = tmp_path / "erased.txt"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def english():
    """A page in Chinese leaves its language behind; the next test starts in English again."""
    translation.activate("en")


@pytest.fixture
def dinghu(db):
    return make_bureau("dinghu")


@pytest.fixture
def sihui(db):
    return make_bureau("sihui")


@pytest.fixture
def zhaoqing(db):
    return make_bureau("zhaoqing")


@pytest.fixture
def editor(db):
    return make_member("du", Role.EDITOR)


@pytest.fixture
def publisher(db):
    return make_member("dr", Role.REVIEWER)


@pytest.fixture
def officer(db):
    return make_member("do", Role.OFFICER)


@pytest.fixture
def manager(db):
    return make_member("dm", Role.MANAGER)


@pytest.fixture
def stranger(db):
    """An editor of Sihui: to Dinghu's rows, somebody else."""
    return make_member("ann", Role.EDITOR, "sihui")


@pytest.fixture
def city_desk(db):
    return make_member("city", Role.MANAGER, "zhaoqing")


@pytest.fixture
def administrator(db):
    return make_member("root", Role.ADMINISTRATOR, "zhaoqing")


@pytest.fixture
def visitor():
    """A browser that has not signed in."""
    return Client()


@pytest.fixture
def signed_in():
    """A function: the browser of a person who has signed in."""

    def client_of(user, **options):
        client = Client(**options)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The real content of seeds/, loaded once for the tests of a module, which are marked django_db; gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        seeding.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def walked(django_db_setup, django_db_blocker):
    """What a visitor finds on the site with its real content; read once, its rows are gone before the tests begin."""
    frame._answers.clear()
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.MENU_SECONDS", 3600)
        seeding.load()
        found = walk_everywhere()
        transaction.set_rollback(True)
    frame._answers.clear()
    return found


@pytest.fixture(scope="module")
def menu_kept():
    """For modules whose content stays as it is: what the menu may show is asked once, as on the running site."""
    frame._answers.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.MENU_SECONDS", 3600)
        yield
    frame._answers.clear()
