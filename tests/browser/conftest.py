"""
The site as a person meets it: a database with the demonstration data, the server that a try-out runs, and Chromium.

Nothing here goes through Django's test client: the pages come over HTTP with their headers, hashed files and policy.
Each process that runs such tests has a site of its own, which all of its files share.
"""

import contextlib
import datetime
import functools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import databases
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

# Playwright runs an event loop of its own in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None) or (
    shutil.which("chromium") or shutil.which("google-chrome")
)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="NO BROWSER: install Chromium (apt-get install chromium)"))


@dataclass
class Site:
    """A running site. `manage` runs a management command against its database and returns what it printed."""

    base: str
    env: dict[str, str]
    log: Path

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "--command", code)

    @functools.cached_property
    def keys_of_cases(self) -> dict[str, str]:
        """The keys of all cases by their slugs, as the addresses of the desk have them."""
        code = "from casetracker.models import Case; print(*(f'{case.slug}={case.pk}' for case in Case.objects.all()))"
        return dict(pair.split("=") for pair in self.shell(code).split())

    def sign_in_address(self) -> str:
        return self.manage("tryout_link", "--port", self.base.rpartition(":")[2])


@pytest.fixture(scope="session")
def site(static_files: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    name = f"casetracker_browser_{secrets.token_hex(4)}"
    with databases.copied(name, databases.demonstration(datetime.date.today())), socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        env = {
            **os.environ,
            "DATABASE_URL": databases.address(name),
            "CASETRACKER_TRYOUT": "1",
            "CASETRACKER_ALLOWED_HOSTS": "127.0.0.1",
            "CASETRACKER_STATIC_ROOT": str(settings.STATIC_ROOT),
            "CASETRACKER_CONTACT": "corrections@example.org",
            "PYTHONPATH": str(ROOT),
        }
        folder = tmp_path_factory.mktemp("site")
        running = Site(f"http://127.0.0.1:{port}", env, folder / "server.log")
        with server(running, port):
            yield running


@contextlib.contextmanager
def server(running: Site, port: int) -> Iterator[None]:
    command = [
        sys.executable, "-m", "gunicorn", "casetracker.wsgi", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--threads", "4", "--no-control-socket",
    ]  # fmt: skip
    with running.log.open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=running.env, stdout=log, stderr=log)
        try:
            for _ in range(200):
                assert process.poll() is None, running.log.read_text()[-2000:]
                with contextlib.suppress(OSError):  # not there yet, or busy
                    urllib.request.urlopen(f"{running.base}/readyz", timeout=5)
                    break
                time.sleep(0.1)
            else:
                raise AssertionError(running.log.read_text()[-2000:])
            yield
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def chromium(site: Site) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody with a browser. `noted` holds every error, warning and policy violation that it reported."""

    context: BrowserContext
    page: Page
    base: str
    noted: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """Open an address of the site; the status of the answer."""
        response = self.page.goto(path if path.startswith("http") else f"{self.base}{path}", wait_until="load")
        assert response is not None
        return response.status


@pytest.fixture
def visitor(site: Site, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A reader with a new browser; parametrise indirectly with options of `Browser.new_context`."""
    options = getattr(request, "param", {})
    with visiting(site, chromium, **options) as found:
        yield found
        assert found.noted == []


@pytest.fixture(scope="session")
def signed_in(site: Site, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of an editor who has signed in by the one-time link."""
    with visiting(site, chromium) as found:
        found.go(site.sign_in_address())
        found.page.get_by_role("button", name="Sign in as an editor").click()
        found.page.wait_for_url("**/admin/")
        assert found.noted == []
        state = tmp_path_factory.mktemp("editor") / "state.json"
        found.context.storage_state(path=state)
        return state


@pytest.fixture
def editor_visitor(site: Site, chromium: Browser, signed_in: Path, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    options = getattr(request, "param", {})
    with visiting(site, chromium, storage_state=signed_in, **options) as found:
        yield found
        assert found.noted == []


@contextlib.contextmanager
def visiting(site: Site, browser: Browser, **options: Any) -> Iterator[Visitor]:
    options.setdefault("viewport", {"width": 1280, "height": 900})
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(15_000)
    found = Visitor(context, page, site.base)

    def note(message: ConsoleMessage) -> None:
        # The browser itself notes that a page which should be missing is missing.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            found.noted.append(message.text[:300])

    page.on("console", note)
    page.on("pageerror", lambda error: found.noted.append(str(error)[:300]))
    try:
        yield found
    finally:
        context.close()
