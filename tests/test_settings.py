"""
A missing or malformed value stops the start and says which and how to mend it; a public site starts closed.

The settings module is executed anew with an environment of its own for each test; the settings of the test run stay.
"""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
KEY = "abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRODUCTION = {
    "DATABASE_URL": "postgresql://casetracker:secret@db.example.org:5433/cases",
    "CASETRACKER_SECRET_KEY": KEY,
    "CASETRACKER_ALLOWED_HOSTS": "cases.example.org, www.cases.example.org",
    "CASETRACKER_CONTACT": "desk@example.org",
}
TRYOUT = {**PRODUCTION, "CASETRACKER_TRYOUT": "1", "CASETRACKER_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]"}


class Start:
    """Starts with exactly these variables of ours, whatever the shell of the test has."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def __call__(self, environment: dict[str, str], **changes: str | None) -> dict[str, Any]:
        for name in [name for name in os.environ if name.startswith("CASETRACKER_") or name == "DATABASE_URL"]:
            self.monkeypatch.delenv(name)
        for name, value in {**environment, **changes}.items():
            if value is not None:
                self.monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "casetracker" / "settings.py"))

    def refused(self, environment: dict[str, str], **changes: str | None) -> str:
        with pytest.raises(ImproperlyConfigured) as refusal:
            self(environment, **changes)
        return str(refusal.value)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    return Start(monkeypatch)


# --- what is missing or malformed -----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "", "   "])
@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("DATABASE_URL", "python3 dev.py manage"),
        ("CASETRACKER_SECRET_KEY", "secrets.token_urlsafe"),
        ("CASETRACKER_ALLOWED_HOSTS", "names under which readers reach the site"),
    ],
)
def test_missing_value_stops_the_start_and_says_how_to_mend_it(
    start: Start, name: str, mend: str, value: str | None
) -> None:
    told = start.refused(PRODUCTION, **{name: value})
    assert told.startswith(f"{name} is not set. ")
    assert mend in told


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("DATABASE_URL", "mysql://u:p@h/db", "postgresql://USER:PASSWORD@HOST:5432/NAME"),
        ("DATABASE_URL", "cases", "postgresql://USER:PASSWORD@HOST:5432/NAME"),
        ("DATABASE_URL", "postgresql://u:p@h:port/db", "postgresql://USER:PASSWORD@HOST:5432/NAME"),
        ("DATABASE_URL", "postgresql://u:p@h:99999/db", "postgresql://USER:PASSWORD@HOST:5432/NAME"),
        ("DATABASE_URL", "postgresql://u:p@h", "names no database"),
        ("DATABASE_URL", "postgresql://u:p@h/", "names no database"),
        ("DATABASE_URL", "postgresql://[::1/db", "cannot be read"),
        ("DATABASE_URL", "postgresql://u:p#word@h/db", "postgresql://USER:PASSWORD@HOST:5432/NAME"),
        ("CASETRACKER_SECRET_KEY", KEY[:49], "too short"),
        ("CASETRACKER_SECRET_KEY", "a" * 60, "too short or too regular"),
        ("CASETRACKER_SECRET_KEY", "changeme" * 8, "too short or too regular"),
        ("CASETRACKER_ALLOWED_HOSTS", "*", "without wildcard"),
        ("CASETRACKER_ALLOWED_HOSTS", "cases.example.org,*.example.org", "'*.example.org'"),
        ("CASETRACKER_ALLOWED_HOSTS", ".example.org", "without wildcard"),
        ("CASETRACKER_ALLOWED_HOSTS", "https://cases.example.org", "without wildcard, scheme or port"),
        ("CASETRACKER_ALLOWED_HOSTS", "cases.example.org:8000", "without wildcard, scheme or port"),
        ("CASETRACKER_ALLOWED_HOSTS", "cases example", "without wildcard, scheme or port"),
        ("CASETRACKER_TRYOUT", "maybe", "Write 1 or 0."),
        ("CASETRACKER_TRYOUT", "2", "Write 1 or 0."),
        ("CASETRACKER_DEBUG", "on please", "Write 1 or 0."),
        ("CASETRACKER_BEHIND_PROXY", "x", "Write 1 or 0."),
        ("CASETRACKER_HSTS_SECONDS", "one year", "Write a whole number."),
        ("CASETRACKER_HSTS_SECONDS", "-1", "Write a whole number."),
        ("CASETRACKER_HSTS_SECONDS", "1e5", "Write a whole number."),
        ("CASETRACKER_HSTS_SECONDS", "9" * 5000, "Write a whole number."),
        ("CASETRACKER_HSTS_SECONDS", "٣", "Write a whole number."),
        ("CASETRACKER_LARGEST_FILE", "0", "1 to 200"),
        ("CASETRACKER_LARGEST_FILE", "201", "1 to 200"),
        ("CASETRACKER_LARGEST_FILE", "25 MB", "Write a whole number."),
        ("CASETRACKER_CSRF_ORIGINS", "cases.example.org", "Write scheme and host"),
        ("CASETRACKER_CSRF_ORIGINS", "https://*.example.org", "without wildcard"),
        ("CASETRACKER_CSRF_ORIGINS", "https://cases.example.org/desk", "without wildcard or path"),
        ("CASETRACKER_CONTACT", "javascript:alert(1)", "Write an e-mail address"),
        ("CASETRACKER_CONTACT", "the desk", "Write an e-mail address"),
        ("CASETRACKER_TRUSTED_PROXIES", "10.0.0.1/8", "Write addresses or networks"),
        ("CASETRACKER_TRUSTED_PROXIES", "127.0.0.1,proxy.example.org", "'proxy.example.org'"),
        ("CASETRACKER_TRUSTED_PROXIES", "*", "Write addresses or networks"),
        ("CASETRACKER_EMAIL_URL", "mail.example.org", "Write smtp://USER:PASSWORD@HOST:587"),
        ("CASETRACKER_EMAIL_URL", "http://mail.example.org", "Write smtp://USER:PASSWORD@HOST:587"),
        ("CASETRACKER_EMAIL_URL", "smtp://", "Write smtp://USER:PASSWORD@HOST:587"),
        ("CASETRACKER_EMAIL_URL", "smtp://u:p@h:port", "Write smtp://USER:PASSWORD@HOST:587"),
        ("CASETRACKER_EMAIL_URL", "smtp://u:p#word@h", "Write smtp://USER:PASSWORD@HOST:587"),
        ("CASETRACKER_EMAIL_URL", "smtp://h?tls=no", "Write smtp://USER:PASSWORD@HOST:587"),
    ],
)
def test_malformed_value_stops_the_start_and_says_how_to_mend_it(
    start: Start, name: str, value: str, mend: str
) -> None:
    told = start.refused(PRODUCTION, **{name: value})
    assert told.startswith(name)
    assert mend in told
    assert len(told) < 400


@pytest.mark.parametrize(
    "value", ["postgresql://u:hunter2@h:port/db", "postgresql://u:hunter2@[::1/db", "mysql://u:hunter2@h/d"]
)
def test_refusal_of_the_database_does_not_show_its_password(start: Start, value: str) -> None:
    assert "hunter2" not in start.refused(PRODUCTION, DATABASE_URL=value)


def test_refusal_of_the_key_does_not_show_it(start: Start) -> None:
    assert KEY[:20] not in start.refused(PRODUCTION, CASETRACKER_SECRET_KEY=KEY[:45])


def test_refusal_of_the_mail_server_does_not_show_its_password(start: Start) -> None:
    assert "hunter2" not in start.refused(PRODUCTION, CASETRACKER_EMAIL_URL="smtp://u:hunter2@h:port")


@pytest.mark.parametrize("sender", [None, "the desk", "a@b@c", "a@b\nBcc: c@d"])
def test_email_needs_the_address_that_it_comes_from(start: Start, sender: str | None) -> None:
    told = start.refused(PRODUCTION, CASETRACKER_EMAIL_URL="smtp://mail.example.org", CASETRACKER_EMAIL_FROM=sender)
    assert told.startswith("CASETRACKER_EMAIL_FROM is ")
    assert "desk@example.org" in told


# --- the database ---------------------------------------------------------------------------------------------------


def test_database_is_read_from_its_address(start: Start) -> None:
    database = start(PRODUCTION)["DATABASES"]["default"]
    assert {name: database[name] for name in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "cases",
        "USER": "casetracker",
        "PASSWORD": "secret",
        "HOST": "db.example.org",
        "PORT": "5433",
    }
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["CONN_MAX_AGE"] == 600


def test_database_behind_a_socket_is_read_from_its_address(start: Start) -> None:
    address = "postgresql://casetracker@/cases?host=/run/some%20where/pg&sslmode=require"
    database = start(PRODUCTION, DATABASE_URL=address)["DATABASES"]["default"]
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("/run/some where/pg", "", "cases")
    assert database["OPTIONS"] == {
        "sslmode": "require",
        "application_name": "casetracker",
        "options": "-c jit=off -c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan",
        "prepare_threshold": 1,
    }


def test_pooler_that_keeps_no_prepared_statements_is_spared_them(start: Start) -> None:
    def options(value: str) -> Any:
        address = f"postgresql://u:p@h/cases?prepared_statements={value}"
        return start(PRODUCTION, DATABASE_URL=address)["DATABASES"]["default"]["OPTIONS"]

    assert options("no")["prepare_threshold"] is None
    assert options("yes")["prepare_threshold"] == 1
    assert "prepared_statements" not in options("yes")
    address = "postgresql://u:hunter2@h/cases?prepared_statements=maybe"
    told = start.refused(PRODUCTION, DATABASE_URL=address)
    assert "neither yes nor no" in told
    assert "hunter2" not in told


def test_signs_in_the_password_of_the_database_are_unescaped(start: Start) -> None:
    database = start(PRODUCTION, DATABASE_URL="postgres://u%40x:p%23%2F%3A@h/cases")["DATABASES"]["default"]
    assert (database["USER"], database["PASSWORD"]) == ("u@x", "p#/:")


# --- a public site --------------------------------------------------------------------------------------------------


def test_public_site_sends_everything_over_tls(start: Start) -> None:
    settings = start(PRODUCTION)
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert "SECURE_PROXY_SSL_HEADER" not in settings


def test_cookies_of_a_public_site_are_for_tls_alone(start: Start) -> None:
    settings = start(PRODUCTION)
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_HTTPONLY"] is True
    assert settings["SESSION_COOKIE_SAMESITE"] == settings["CSRF_COOKIE_SAMESITE"] == "Lax"


def test_public_site_shows_nothing_of_its_inside(start: Start) -> None:
    settings = start(PRODUCTION)
    assert settings["DEBUG"] is False
    assert settings["TRYOUT"] is False
    assert settings["ALLOWED_HOSTS"] == ["cases.example.org", "www.cases.example.org"]


def test_proxy_is_believed_only_when_named(start: Start) -> None:
    settings = start(PRODUCTION, CASETRACKER_BEHIND_PROXY="1")
    assert settings["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert not settings.get("USE_X_FORWARDED_HOST")


def test_password_of_an_editor_has_fifteen_characters(start: Start) -> None:
    (length,) = [
        rule["OPTIONS"]["min_length"] for rule in start(PRODUCTION)["AUTH_PASSWORD_VALIDATORS"] if "OPTIONS" in rule
    ]
    assert length >= 15


def test_content_security_policy_allows_nothing_unsafe(start: Start) -> None:
    for environment in (PRODUCTION, TRYOUT, {**TRYOUT, "CASETRACKER_DEBUG": "1"}):
        directives = start(environment)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
        words = [word for sources in directives.values() for word in sources]
        assert not [word for word in words if "unsafe" in word or "*" in word or word in {"http:", "https:"}]
        assert directives["default-src"] == directives["object-src"] == directives["base-uri"] == ["'none'"]
        assert directives["frame-ancestors"] == ["'none'"]
        assert directives["script-src"] == directives["style-src"] == ["'self'"]
        assert "CONTENT_SECURITY_POLICY_REPORT_ONLY" not in start(environment)


def test_files_of_the_site_are_hashed_and_compressed(start: Start) -> None:
    storage = start(PRODUCTION)["STORAGES"]["staticfiles"]["BACKEND"]
    assert storage == "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp://desk:p%23w@mail.example.org", 587, False, True),
        ("smtp://desk:p%23w@mail.example.org:2525", 2525, False, True),
        ("smtps://desk:p%23w@mail.example.org", 465, True, False),
        ("smtp://desk:p%23w@mail.example.org:25?starttls=no", 25, False, False),
    ],
)
def test_mail_server_is_read_from_its_address(start: Start, url: str, port: int, tls: bool, starttls: bool) -> None:
    settings = start(PRODUCTION, CASETRACKER_EMAIL_URL=url, CASETRACKER_EMAIL_FROM="desk@example.org")
    assert settings["SENDS_EMAIL"] is True
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")
    assert [settings[f"EMAIL_{name}"] for name in names] == ["mail.example.org", port, "desk", "p#w", tls, starttls]
    assert settings["DEFAULT_FROM_EMAIL"] == "desk@example.org"


def test_site_without_a_mail_server_sends_nothing(start: Start) -> None:
    settings = start(PRODUCTION)
    assert settings["SENDS_EMAIL"] is False
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"


def test_forwarded_address_is_believed_from_named_proxies_only(start: Start) -> None:
    settings = start(PRODUCTION, CASETRACKER_BEHIND_PROXY="1")
    assert settings["TRUSTED_PROXIES"] == []
    assert settings["TRUSTS_SOCKET"] is False
    settings = start(PRODUCTION, CASETRACKER_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/24, ::1, socket")
    assert [str(network) for network in settings["TRUSTED_PROXIES"]] == ["127.0.0.1/32", "10.0.0.0/24", "::1/128"]
    assert settings["TRUSTS_SOCKET"] is True


# --- a try-out ------------------------------------------------------------------------------------------------------


def test_tryout_serves_over_plain_http_on_this_machine(start: Start) -> None:
    settings = start(TRYOUT)
    assert settings["SECURE_SSL_REDIRECT"] is False
    assert settings["SECURE_HSTS_SECONDS"] == 0
    assert settings["SESSION_COOKIE_SECURE"] is False
    assert settings["DEBUG"] is False


@pytest.mark.parametrize(
    "hosts", ["cases.example.org", "localhost,cases.example.org", "192.168.1.5", "localhost.example.org"]
)
def test_tryout_is_for_this_machine_alone(start: Start, hosts: str) -> None:
    told = start.refused(TRYOUT, CASETRACKER_ALLOWED_HOSTS=hosts)
    assert told.startswith("CASETRACKER_TRYOUT serves over plain HTTP")
    assert "leave CASETRACKER_TRYOUT unset" in told


def test_debug_works_in_a_tryout_only(start: Start) -> None:
    assert start(TRYOUT, CASETRACKER_DEBUG="1")["DEBUG"] is True
    assert "dev.py run --debug" in start.refused(PRODUCTION, CASETRACKER_DEBUG="1")


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("no", False), ("", False)]
)
def test_switch_reads_the_usual_words(start: Start, value: str, meant: bool) -> None:
    assert start(TRYOUT, CASETRACKER_TRYOUT=value or None)["TRYOUT"] is meant


# --- as a whole -----------------------------------------------------------------------------------------------------


def run(*command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_deployment_check_finds_nothing_to_mend() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "DEBUG", environment=PRODUCTION)
    assert "System check identified no issues (0 silenced)." in done.stdout + done.stderr
    assert done.returncode == 0


def test_command_without_a_database_says_what_to_do_in_one_sentence() -> None:
    done = run("manage.py", "migrate", environment={})
    assert done.returncode == 1
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("DATABASE_URL is not set: run `python3 dev.py manage ...`")


def test_server_does_not_start_without_its_settings() -> None:
    done = run("-c", "import casetracker.wsgi", environment={**PRODUCTION, "CASETRACKER_SECRET_KEY": "short"})
    assert done.returncode == 1
    assert "CASETRACKER_SECRET_KEY is too short" in done.stderr.splitlines()[-1]


def test_tests_without_a_database_say_what_to_do_in_one_sentence() -> None:
    done = run("-m", "pytest", "tests/test_validators.py", environment={})
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("DATABASE_URL is not set: run `python3 dev.py test`")
