"""
A server under load while its PostgreSQL goes away and comes back, and while it is asked to stop itself; and a form that
is saved while the one is away or the other is killed.

All run for real: a cluster of their own and the web server of the try-out. Requests are few and bounded.
"""

import contextlib
import http.cookiejar
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from devtools.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Running:
    cluster: Cluster
    process: "subprocess.Popen[bytes]"
    base: str
    env: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """What a management command printed."""
        done = subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def get(self, path: str) -> tuple[int, str]:
        """The status of an answer and its Retry-After."""
        try:
            with urllib.request.urlopen(f"{self.base}{path}", timeout=20) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Retry-After", "")


@pytest.fixture(scope="module")
def running(static_files: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for all tests but those that end it: making a database takes seconds."""
    with _running(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture
def ending(static_files: None, tmp_path: Path) -> Iterator[Running]:
    with _running(tmp_path) as found:
        yield found


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[Running]:
    with Cluster(folder, fast=True) as cluster:
        cluster.create_database("restart")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        env = {
            **os.environ,
            "DATABASE_URL": cluster.url("restart"),
            "CASETRACKER_TRYOUT": "1",
            "CASETRACKER_ALLOWED_HOSTS": "127.0.0.1",
            "CASETRACKER_STATIC_ROOT": str(settings.STATIC_ROOT),
        }
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True, timeout=120
        )
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "casetracker.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4",
                "--worker-class", "gthread", "--graceful-timeout", "15", "--no-control-socket",
            ],
            cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        found = Running(cluster, process, f"http://127.0.0.1:{port}", env)
        try:
            wait_until(lambda: ready(found))
            yield found
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


def ready(running: Running) -> bool:
    with contextlib.suppress(OSError):
        return running.get("/readyz")[0] == 200
    return False


def wait_until(true: object, *, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if callable(true) and true():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def test_a_restart_of_postgresql_under_load_leaves_no_error_behind(running: Running) -> None:
    seen: Counter[tuple[int, str]] = Counter()
    done = threading.Event()

    def ask() -> None:
        for _ in range(2_000):
            if done.is_set():
                return
            seen[running.get("/cases/")] += 1

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    running.cluster._stop()
    down = running.get("/cases/")
    assert running.get("/readyz")[0] == 503
    assert running.get("/livez") == (200, "")
    running.cluster._start()
    wait_until(running.cluster.is_ready)
    # From now on every thread of the server takes a new connection and notices nothing.
    after = Counter(running.get("/cases/") for _ in range(40))
    done.set()
    for thread in threads:
        thread.join(30)
    assert down == (503, "30")
    assert after == {(200, ""): 40}
    assert set(seen) == {(200, ""), (503, "30")}


def test_a_request_that_runs_is_answered_before_the_server_stops(ending: Running) -> None:
    answers: list[tuple[int, str]] = []
    with psycopg.connect(ending.cluster.url("restart")) as connection:
        connection.execute("LOCK TABLE casetracker_case IN ACCESS EXCLUSIVE MODE")
        thread = threading.Thread(target=lambda: answers.append(ending.get("/cases/")))
        thread.start()
        watch = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        wait_until(lambda: connection.execute(watch).fetchone() != (0,))
        ending.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert answers == []
        connection.rollback()
    thread.join(30)
    assert answers == [(200, "")]
    assert ending.process.wait(30) == 0


# --- a form that is saved at the wrong moment -----------------------------------------------------------------------

TEXT = "An hour's work.\nWith a second line & <signs>."
NOT_BY_ITSELF = {"submit", "file", "checkbox", "radio"}
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


class Form(HTMLParser):
    """What a browser would send of the last form with `method="post"` on a page that holds text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action = ""
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "form" and has.get("method") == "post" and "logout" not in (has.get("action") or ""):
            self.action = has.get("action") or ""
            self.fields = {}
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in has:
            self.fields[self._select] = value
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "input" and name and (has.get("type") not in NOT_BY_ITSELF or "checked" in has):
            self.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser leaves out the line end with which the page begins a text.
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


@dataclass
class Answer:
    status: int
    headers: Any
    page: str


@dataclass
class Editor:
    """Somebody who is signed in to the running site, with their cookies."""

    base: str
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
    )

    def ask(self, path: str, sent: dict[str, str] | None = None) -> Answer:
        address = path if path.startswith("http") else f"{self.base}{path}"
        data = urllib.parse.urlencode(sent).encode() if sent is not None else None
        try:
            with self.opener.open(address, data, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())


@dataclass
class Opened:
    """The form of a draft, as an editor has it open."""

    editor: Editor
    running: Running
    case: int

    @property
    def path(self) -> str:
        return f"/admin/casetracker/case/{self.case}/change/"

    def in_database(self, query: str) -> Any:
        with psycopg.connect(self.running.cluster.url("restart")) as connection:
            found = connection.execute(query.encode(), [self.case]).fetchone()
        assert found is not None
        return found[0]

    def summary(self) -> str:
        return str(self.in_database("SELECT summary FROM casetracker_case WHERE id = %s"))

    def summaries_in_history(self) -> int:
        query = "SELECT count(*) FROM casetracker_caserevision WHERE pgh_obj_id = %s AND summary <> ''"
        return int(self.in_database(query))


@pytest.fixture
def opened(running: Running) -> Opened:
    editor = Editor(running.base)
    link = running.manage("tryout_link", "--port", running.base.rpartition(":")[2])
    assert editor.ask(link, Form(editor.ask(link).page).fields).status == 200
    slug = f"doe-v-roe-{secrets.token_hex(4)}"
    made = f"print(Case.objects.create(name='Doe v. Roe', short_name='Doe', slug={slug!r}).pk)"
    key = running.manage("shell", "--no-imports", "--command", f"from casetracker.models import Case; {made}")
    return Opened(editor, running, int(key))


def test_what_was_typed_comes_back_while_postgresql_is_stopped_and_is_saved_when_it_is_there_again(
    running: Running, opened: Opened
) -> None:
    fields = Form(opened.editor.ask(opened.path).page).fields
    typed = fields | {"summary": TEXT, "password": "hunter2 hunter2", "otp_token": "314159", "code": "271828"}
    running.cluster._stop()
    first = opened.editor.ask(opened.path, typed)
    assert first.status == 503
    assert first.headers["Retry-After"] == "30"
    assert first.headers["Cache-Control"] == "private, no-store"
    assert "Not saved: the database does not answer" in first.page
    # It looks like the site, and asked nothing of it that is down.
    assert 'class="site"' in first.page
    held = Form(first.page)
    assert held.action == opened.path
    assert held.fields["summary"] == TEXT
    assert held.fields["name"] == "Doe v. Roe"
    for secret in ("hunter2", "314159", "271828", fields["csrfmiddlewaretoken"]):
        assert secret not in first.page
    # Whoever presses too soon still has it.
    again = opened.editor.ask(held.action, held.fields)
    assert again.status == 503
    assert Form(again.page).fields["summary"] == TEXT
    # Another, who asks without having sent it, gets nothing of it.
    assert "An hour" not in Editor(running.base).ask(opened.path).page
    running.cluster._start()
    wait_until(running.cluster.is_ready)
    assert opened.summary() == ""
    saved = opened.editor.ask(opened.path, Form(again.page).fields)
    assert saved.status == 200
    assert opened.summary() == TEXT


def test_a_connection_that_breaks_in_the_middle_of_a_save_leaves_nothing_of_it_and_gives_the_text_back(
    running: Running, opened: Opened
) -> None:
    typed = Form(opened.editor.ask(opened.path).page).fields | {"summary": TEXT}
    answers: list[Answer] = []
    address = running.cluster.url("restart")
    with psycopg.connect(address, autocommit=True) as watching, psycopg.connect(address) as holding:
        holding.execute("LOCK TABLE casetracker_caserevision IN SHARE MODE")
        thread = threading.Thread(target=lambda: answers.append(opened.editor.ask(opened.path, typed)))
        thread.start()
        wait_until(lambda: watching.execute(WAITING).fetchone() != (0,))
        watching.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        thread.join(30)
    assert [answer.status for answer in answers] == [503]
    assert Form(answers[0].page).fields["summary"] == TEXT
    assert opened.summary() == ""


def test_a_server_that_is_killed_in_the_middle_of_a_save_leaves_nothing_of_it(running: Running, opened: Opened) -> None:
    typed = Form(opened.editor.ask(opened.path).page).fields | {"summary": TEXT}
    broken: list[str] = []

    def save() -> None:
        try:
            opened.editor.ask(opened.path, typed)
        except OSError as error:
            broken.append(type(error).__name__)

    with psycopg.connect(running.cluster.url("restart"), autocommit=True) as watching:
        with psycopg.connect(running.cluster.url("restart")) as holding:
            # The row itself is written by then; what the database notes of it waits.
            holding.execute("LOCK TABLE casetracker_caserevision IN SHARE MODE")
            thread = threading.Thread(target=save)
            thread.start()
            wait_until(lambda: watching.execute(WAITING).fetchone() != (0,))
            for worker in workers(running.process.pid):
                os.kill(worker, signal.SIGKILL)
            thread.join(30)
        wait_until(lambda: watching.execute(WAITING).fetchone() == (0,))
        assert broken
        assert opened.summary() == ""
    assert opened.summaries_in_history() == 0
    # The server has another worker by now, and the same form is taken.
    wait_until(lambda: ready(running))
    assert opened.editor.ask(opened.path, typed).status == 200
    assert opened.summary() == TEXT


def workers(server: int) -> list[int]:
    """The processes that a server has begun."""
    found = subprocess.run(["pgrep", "-P", str(server)], capture_output=True, text=True, check=True)
    return [int(line) for line in found.stdout.split()]
