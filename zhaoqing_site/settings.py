"""Every setting, from the environment; SQLite, local files and mail to files unless told otherwise.

Names and meanings of the variables: docs/settings.md.
"""

from pathlib import Path

import environ

from zhaoqing_site import password_profiles
from zhaoqing_site.secret_key import secret_key_from

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
# Demonstration: http on this machine is allowed, and the staff pages say that nothing here is real traffic.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
HTTPS = env.bool("HTTPS", default=not (DEBUG or DEMONSTRATION))
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key_from(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# Address of the site as the world knows it: links in mails, canonical links, sitemap.
SITE_ADDRESS = env.str("SITE_ADDRESS", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS] if SITE_ADDRESS.startswith("https://") else []

# --- Applications ---

INSTALLED_APPS = [
    "zhaoqing_site.apps.StaffAdminConfig",
    "zhaoqing_site.apps.ZhaoqingSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_filters",
    "django_prose_editor",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "outbox",
    "bureaus",
    "publishing",
    "city",
    "parks",
    "projects",
    "news",
    "inquiries",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhaoqing_site.headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "zhaoqing_site.staff_gate.StaffGateMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "zhaoqing_site.urls"
WSGI_APPLICATION = "zhaoqing_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["publishing.templatetags.publishing", "zhaoqing_site.templatetags.site"],
        },
    }
]

# --- Database: SQLite in WAL, one writer at a time, nothing acknowledged is lost on power failure ---

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728; "
        "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
    ),
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# --- Languages and time ---

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_PATH = "/admin/"  # staff choose a language; public addresses carry theirs
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # stored in UTC, shown in Beijing time

# --- Files ---

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "zhaoqing_site.static_storage.OneStylesheetStorage"},
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_PERMISSIONS = 0o640
PICTURE_MAX_BYTES = 20_000_000
PICTURE_MAX_PIXELS = 40_000_000

# --- Mail: every letter goes through the outbox ---

EMAIL_CONFIG = env.email("EMAIL_URL", default="filemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Invest Zhaoqing <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Answers of investors by mail (docs/mail.md): the address that they go to, and the mailbox in which they lie. Empty: off.
MAIL_REPLY_ADDRESS = env.str("MAIL_REPLY_ADDRESS", default="")
IMAP_URL = env.str("IMAP_URL", default="")

# --- Sign-in ---

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# "default" or, where graded protection (MLPS) is examined, "mlps".
PASSWORD_PROFILE = password_profiles.known(env.str("PASSWORD_PROFILE", default="default"))
AUTH_PASSWORD_VALIDATORS = password_profiles.VALIDATORS[PASSWORD_PROFILE]
PASSWORD_LIFE_DAYS = password_profiles.LIFE_DAYS[PASSWORD_PROFILE]
LOGIN_URL = "admin:login"
# Five failures of a name from an address pause that pair for a quarter of an hour; many failures from one address pause
# the address for an hour, unless it is an office whose people share it (networks, e.g. 203.0.113.0/28).
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "zhaoqing_site.client_address.client_address"
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # the staff area is for staff; `manage.py axes_reset` opens what was locked
AXES_DISABLE_ACCESS_LOG = True  # the audit log knows more
SIGN_IN_FAILURES_PER_ADDRESS = env.int("SIGN_IN_FAILURES_PER_ADDRESS", default=20)
SIGN_IN_OFFICES = env.list("SIGN_IN_OFFICES", default=[])
# Networks from which the staff area answers; everywhere else it is as if it did not exist. Empty: from everywhere.
STAFF_NETWORKS = env.list("STAFF_NETWORKS", default=[])
# Staff give a code from an app after the password; without one they reach nothing but the page that sets it up.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=not (DEBUG or DEMONSTRATION))
# Where it is off: the roles that give one all the same, e.g. manager,administrator; the installer always does then.
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=[])
OTP_TOTP_ISSUER = "Invest Zhaoqing"
# A session ends when nobody has used it for so long, and in any case after so many hours.
SESSION_IDLE_SECONDS = 60 * env.int("SESSION_IDLE_MINUTES", default=password_profiles.IDLE_MINUTES[PASSWORD_PROFILE])
SESSION_LONGEST_SECONDS = 3600 * env.int("SESSION_LONGEST_HOURS", default=12)
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
# How many proxies stand in front; only that many X-Forwarded-For entries are believed.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)

# --- Security (trust.md 2.5) ---

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=HTTPS)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=HTTPS)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_FAILURE_VIEW = "zhaoqing_site.errors.csrf_failure"

# --- What the deploying bureau sets: footer marks; an unset mark is left out (investors.md 8.4) ---

FOOTER_OPERATOR = {code: env.str(f"FOOTER_OPERATOR_{code.upper().replace('-', '_')}", default="") for code, _name in LANGUAGES}
FOOTER_ICP = env.str("FOOTER_ICP", default="")
FOOTER_PUBLIC_SECURITY = env.str("FOOTER_PUBLIC_SECURITY", default="")
FOOTER_SITE_CODE = env.str("FOOTER_SITE_CODE", default="")
MAP_REVIEW_NUMBER = env.str("MAP_REVIEW_NUMBER", default="")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")  # mailto: or https: for security.txt

# For how long a process remembers which menu entries lead somewhere: as long as a shared cache keeps a page.
MENU_SECONDS = 2
# For how long it remembers the figures of the promise, which look at every inquiry.
LEDGER_SECONDS = 3600

# --- The promise to investors, in Beijing working time (investors.md 6.3) ---

PROMISE_ACKNOWLEDGE_HOURS = env.int("PROMISE_ACKNOWLEDGE_HOURS", default=4)
PROMISE_ANSWER_DAYS = env.int("PROMISE_ANSWER_DAYS", default=2)

# --- How long personal details are kept: the notice at the form and the pages of the staff say the same numbers ---

RETENTION_MONTHS = env.int("RETENTION_MONTHS", default=24)  # after an inquiry is closed
BACKUPS_KEPT_MONTHS = env.int("BACKUPS_KEPT_MONTHS", default=6)
# The references of what was erased, beside the database: a backup that is restored must not bring it back.
ERASED_FILE = VAR_DIR / "erased.txt"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"class": "zhaoqing_site.logs.Line", "format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
SILENCED_SYSTEM_CHECKS = []
