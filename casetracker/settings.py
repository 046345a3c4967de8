"""
Settings, all of them from the environment.

A value that is missing or malformed stops the start with a sentence that names the variable and says how to mend it;
see docs/operations.md for the list. Nothing in the package imports this module: code reads `django.conf.settings`.
"""

import ipaddress
import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def _text(name: str, *, default: str | None = None, mend: str = "") -> str:
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {mend}".strip())
    return value


def _flag(name: str) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "no", "false"}:
        return False
    if value in {"1", "yes", "true"}:
        return True
    raise ImproperlyConfigured(f"{name} is {value!r}. Write 1 or 0.")


def _integer(name: str, *, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,10}", value):
        raise ImproperlyConfigured(f"{name} is {value[:40]!r}. Write a whole number.")
    return int(value)


def _list(name: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def _database(url: str) -> dict[str, object]:
    """
    Django's form of a PostgreSQL address: `postgresql://user:password@host:5432/name`, or with a Unix socket
    `postgresql://user@/name?host=/directory/of/the/socket`. `prepared_statements=no` is for a pooler that cannot keep
    them; other query parameters go to libpq as they are.
    """
    mend = "Write postgresql://USER:PASSWORD@HOST:5432/NAME, with %23 for # and so on in the password."
    try:
        parts = urlsplit(url)
        port, hostname = parts.port, parts.hostname
    except ValueError:
        # Its own words would show the password.
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read, or its port is not a number. {mend}") from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"DATABASE_URL does not begin with postgresql://. {mend}")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured(f"DATABASE_URL names no database. {mend}")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "") or unquote(hostname or ""))
    options.setdefault("application_name", "casetracker")
    # Pages ask short questions. Where the planner overrates one, as it does a recursive one, compiling it would take
    # many times as long as answering it; and with the price that it puts on the movement of a disk's arm it reads
    # whole tables for a thousand rows. What is prepared (models/prepared.py) is planned once.
    options.setdefault("options", "-c jit=off -c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan")
    prepared = options.pop("prepared_statements", "yes")
    if prepared not in {"yes", "no"}:
        raise ImproperlyConfigured("DATABASE_URL: prepared_statements is neither yes nor no.")
    # When a connection is asked the same for the second time; Django itself writes all values into the statement.
    options["prepare_threshold"] = 1 if prepared == "yes" else None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
        # A connection is kept and asked about before use: the one setting seen to give no errors after a restart of
        # the server (docs/decisions.md, 4).
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _email(url: str) -> dict[str, object]:
    """Django's settings for a mail server: `smtps://` is TLS from the start, `smtp://` turns to it (STARTTLS)."""
    mend = "Write smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, with %23 for # and so on."
    try:
        parts = urlsplit(url)
        port, hostname = parts.port, parts.hostname
    except ValueError:
        # Its own words would show the password.
        raise ImproperlyConfigured(
            f"CASETRACKER_EMAIL_URL cannot be read, or its port is not a number. {mend}"
        ) from None
    options = dict(parse_qsl(parts.query))
    starttls = options.pop("starttls", "yes")
    if (
        parts.scheme not in {"smtp", "smtps"} or not hostname or parts.path.strip("/") or parts.fragment
        or options or starttls not in {"yes", "no"}
    ):  # fmt: skip
        raise ImproperlyConfigured(f"CASETRACKER_EMAIL_URL is no address of a mail server. {mend}")
    return {
        "EMAIL_HOST": hostname,
        "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and starttls == "yes",
    }


# --- what kind of start this is -------------------------------------------------------------------------------------

# A try-out on the reader's own machine, over plain HTTP; only `dev.py` sets it.
TRYOUT = _flag("CASETRACKER_TRYOUT")
DEBUG = _flag("CASETRACKER_DEBUG")
if DEBUG and not TRYOUT:
    raise ImproperlyConfigured(
        "CASETRACKER_DEBUG shows the inside of the program to visitors. It works only with `dev.py run --debug`."
    )

SECRET_KEY = _text(
    "CASETRACKER_SECRET_KEY",
    mend="Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'",
)
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
    raise ImproperlyConfigured(
        "CASETRACKER_SECRET_KEY is too short or too regular. "
        "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
    )

ALLOWED_HOSTS = _list("CASETRACKER_ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "CASETRACKER_ALLOWED_HOSTS is not set. Write the names under which readers reach the site, with commas between."
    )
for _host in ALLOWED_HOSTS:
    if "*" in _host or _host.startswith(".") or not re.fullmatch(r"[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:]+\]", _host):
        raise ImproperlyConfigured(
            f"CASETRACKER_ALLOWED_HOSTS contains {_host!r}. Write full host names without wildcard, scheme or port."
        )
if TRYOUT and not set(ALLOWED_HOSTS) <= LOOPBACK_HOSTS:
    raise ImproperlyConfigured(
        "CASETRACKER_TRYOUT serves over plain HTTP with a one-time sign-in, so CASETRACKER_ALLOWED_HOSTS may name only "
        "this machine: localhost, 127.0.0.1. For a public site leave CASETRACKER_TRYOUT unset."
    )

DATABASES = {
    "default": _database(
        _text(
            "DATABASE_URL",
            mend="Run through `python3 dev.py manage ...`, which starts its own PostgreSQL, "
            "or set DATABASE_URL to postgresql://USER:PASSWORD@HOST:5432/NAME.",
        )
    )
}

# --- the application ------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "casetracker.apps.CasetrackerConfig",
    "casetracker.apps.CasetrackerAdminConfig",
    "casetracker.accounts.apps.AccountsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "casetracker.web.middleware.LanguageOfAddress",
    "casetracker.web.middleware.ResponseHeaders",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "casetracker.web.middleware.RefuseLargeBodies",
    "casetracker.web.middleware.RefuseUnusableText",
    "casetracker.web.asked_again.AskedAgain",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "casetracker.urls"
WSGI_APPLICATION = "casetracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "builtins": ["casetracker.templatetags.marks"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casetracker.web.context.site",
            ],
            "loaders": [
                ("django.template.loaders.filesystem.Loader", [BASE_DIR / "templates"]),
                "django.template.loaders.app_directories.Loader",
            ]
            if DEBUG
            else [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        ("django.template.loaders.filesystem.Loader", [BASE_DIR / "templates"]),
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# Where a reader can report an error or ask for a removal: an e-mail address or a web address.
CONTACT = _text("CASETRACKER_CONTACT", default="")
if CONTACT and not re.fullmatch(r"[^\s@:/<>\"]+@[^\s@:/<>\"]+|https?://[^\s<>\"]+", CONTACT):
    raise ImproperlyConfigured(
        f"CASETRACKER_CONTACT is {CONTACT[:80]!r}. Write an e-mail address, or a web address that begins with https://."
    )

# The public pages have all of these, each under its prefix but the first (casetracker/web/prefixes.py); the desk is in
# English. Names as their own speakers write them.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = _text("CASETRACKER_STATIC_ROOT", default=str(BASE_DIR / ".casetracker" / "static"))
# With the folder under /static/ of each.
STATICFILES_DIRS = [("", BASE_DIR / "static"), ("handbook", BASE_DIR / "docs" / "images" / "handbook")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# --- people who sign in ---------------------------------------------------------------------------------------------

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "casetracker.accounts.passwords.LengthBoundValidator"},
]
# The longest that any one-time address holds; `accounts.links` has a shorter time for a new password.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
SESSION_ENGINE = "casetracker.accounts.sessions"
OTP_TOTP_ISSUER = "Casetracker"

# Where X-Forwarded-For is believed from: sign-ins are counted, and listed, by the address that asks.
TRUSTED_PROXIES: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
# A proxy that speaks to us through a socket of this machine has no address.
TRUSTS_SOCKET = False
for _proxy in _list("CASETRACKER_TRUSTED_PROXIES"):
    if _proxy == "socket":
        TRUSTS_SOCKET = True
        continue
    try:
        TRUSTED_PROXIES.append(ipaddress.ip_network(_proxy))
    except ValueError:
        raise ImproperlyConfigured(
            f"CASETRACKER_TRUSTED_PROXIES contains {_proxy[:80]!r}. Write addresses or networks of your proxies, as in "
            "127.0.0.1,10.0.0.0/24, or the word socket."
        ) from None

# --- e-mail ---------------------------------------------------------------------------------------------------------

_EMAIL_URL = _text("CASETRACKER_EMAIL_URL", default="")
SENDS_EMAIL = bool(_EMAIL_URL)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SENDS_EMAIL else 'dummy'}.EmailBackend"
EMAIL_TIMEOUT = 10
if SENDS_EMAIL:
    globals().update(_email(_EMAIL_URL))
    DEFAULT_FROM_EMAIL = _text(
        "CASETRACKER_EMAIL_FROM",
        mend="Write the address that the site's e-mails come from, as in desk@example.org.",
    )
    if not re.fullmatch(r"[^\s@:/<>\"]+@[^\s@:/<>\"]+", DEFAULT_FROM_EMAIL):
        raise ImproperlyConfigured(
            f"CASETRACKER_EMAIL_FROM is {DEFAULT_FROM_EMAIL[:80]!r}. Write an e-mail address, as in desk@example.org."
        )
    SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- cookies --------------------------------------------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not TRYOUT
CSRF_COOKIE_SECURE = not TRYOUT
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = _list("CASETRACKER_CSRF_ORIGINS")
for _origin in CSRF_TRUSTED_ORIGINS:
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?", _origin):
        raise ImproperlyConfigured(
            f"CASETRACKER_CSRF_ORIGINS contains {_origin!r}. Write scheme and host, as in https://cases.example.org, "
            "without wildcard or path."
        )
CSRF_FAILURE_VIEW = "casetracker.urls.csrf_failure"

# --- headers --------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = not TRYOUT
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if TRYOUT else _integer("CASETRACKER_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not TRYOUT
SECURE_HSTS_PRELOAD = not TRYOUT
if _flag("CASETRACKER_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- limits ---------------------------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
_MEGABYTES = _integer("CASETRACKER_LARGEST_FILE", default=25)
if not 1 <= _MEGABYTES <= 200:
    raise ImproperlyConfigured(
        f"CASETRACKER_LARGEST_FILE is {_MEGABYTES}. Write how many megabytes the file of a document may have, 1 to 200."
    )
# The most that the file of a document may have, in bytes.
LARGEST_FILE = _MEGABYTES * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "casetracker.admin.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Nothing longer is read at all. Forms say themselves what is too much for them, so that nothing typed is lost.
LARGEST_BODY = 512 * 1024 * 1024

# --- history --------------------------------------------------------------------------------------------------------

PGHISTORY_APPEND_ONLY = True
# A request that only reads opens no history context.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # A request for an unknown host or a malformed address is the visitor's mistake, not ours.
        "django.security": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
    },
}
