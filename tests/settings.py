"""The site's own settings, with a folder for files that goes away and a quick password hash."""

import os
import tempfile

os.environ["DEBUG"] = "true"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="zhaoqing-tests-")

from zhaoqing_site.settings import *  # noqa: E402,F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
SECOND_FACTOR = False  # its own tests switch it on
MENU_SECONDS = LEDGER_SECONDS = 0  # each test has its own content
WHITENOISE_AUTOREFRESH = True  # each test client would read all static files anew
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as where the site runs: threads that share a database in memory lock each other out.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}  # noqa: F405
