"""`dev.py run`: from whatever is there to a site that answers, and back to nothing running."""

import contextlib
import hashlib
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from devtools import processes, surroundings
from devtools.console import Console, Failure
from devtools.environment import RUN_LOCK
from devtools.paths import ROOT, data_directory
from devtools.static import Collection

ADDRESS = "127.0.0.1"
# How long a request under way may still take after a request to stop.
_GRACE = 15


def refuse_taken_port(port: int) -> None:
    """Raise Failure when something listens there already; asked first, before anybody has waited for anything."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except PermissionError:
            raise Failure(f"Port {port} is reserved for root. Choose one over 1024, for example --port 8000.") from None
        except OSError as error:
            raise Failure(
                f"Port {port} is in use ({error.strerror}): is Casetracker running already? "
                f"Stop what uses it, or choose another port: python3 dev.py run --port {min(port + 1, 65535)}"
            ) from None


def run(console: Console, *, port: int, debug: bool) -> int:
    """
    Serve until asked to stop; 0 then. To be called inside the environment.

    Raises Failure when a step or the server fails.
    """
    data = data_directory()
    with surroundings.database(data / "postgres", "casetracker", console=console) as held:
        env = surroundings.tryout(
            held, static_root=data / "static", secret_key=surroundings.kept_secret_key(), debug=debug
        )
        _prepare(console, env, data, ours=held.programs is not None)
        server_log = data / "log" / f"server-{port}.log"
        with (
            _server(env, port=port, debug=debug, log=server_log) as server,
            _worker(env, log=data / "log" / f"worker-{port}.log"),
        ):
            with console.step("Starting the web server"):
                _wait_for_answer(server, port, server_log)
            _greet(env, port)
            try:
                status = server.wait()
            except processes.Stop:
                console.say("\nStopping: letting open requests end.")
                return 0
            raise Failure(
                f"The web server ended by itself ({status}). Its last lines:\n{processes.tail(server_log)}\n\n"
                f"All: {server_log}"
            )


def _prepare(console: Console, env: Mapping[str, str], data: Path, *, ours: bool) -> None:
    """
    Bring the database and the static files to where the code is.

    `ours` says that the database is one of this clone, so that marks in `data` can be believed about it.
    """
    log = data / "log" / "prepare.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")

    def manage(*arguments: str) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        processes.LoggedChild(command, what=f"manage.py {arguments[0]}", env=env, log=log).finish()

    # Compressing keeps one core busy while the database keeps the other.
    with Collection(env=env, log=log.with_name("static.log")) as static:
        with console.step("Bringing the database up to date"):
            manage("migrate", "--noinput")
        has_courts, has_cases = _holds(env)
        loaded = data / "courts.loaded"
        wanted = _court_sources()
        if not (ours and has_courts and loaded.exists() and loaded.read_text() == wanted):
            with console.step("Loading the courts"):
                manage("load_courts")
            loaded.write_text(wanted)
        # Each case is loaded whole or not at all, but a load that was ended between two must go on.
        unfinished = data / "demonstration.unfinished"
        if not has_cases or (ours and unfinished.exists()):
            unfinished.touch()
            with console.step("Loading the demonstration cases"):
                manage("load_demonstration")
            unfinished.unlink()
        if static.is_needed:
            with console.step("Compressing styles and scripts"):
                static.finish()


def _holds(env: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether the database has any court, and any case."""
    query = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['DATABASE_URL']) as connection:\n"
        "    for table in ('casetracker_court', 'casetracker_case'):\n"
        "        print(connection.execute(f'SELECT EXISTS (SELECT FROM {table})').fetchone()[0])\n"
    )
    courts, cases = processes.read([sys.executable, "-c", query], what="Asking the database what it holds", env=env)
    return courts == "True", cases == "True"


def _court_sources() -> str:
    """What the table of courts is loaded from: courts-db, whose version the lock names, and our own files."""
    digest = hashlib.sha256(RUN_LOCK.read_bytes())
    for path in (
        ROOT / "casetracker" / "data" / "courts.yaml",
        *sorted((ROOT / "casetracker" / "importers").glob("*.py")),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _server(env: Mapping[str, str], *, port: int, debug: bool, log: Path) -> Iterator[processes.Child]:
    """
    The web server, asked to stop at the end of the context and given time for the requests under way.

    With `debug` it starts anew when code changes, and writes to the terminal instead of the log.
    """
    command = [
        *(sys.executable, "-m", "gunicorn", "casetracker.wsgi:application"),
        *("--chdir", str(ROOT), "--bind", f"{ADDRESS}:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "4"),
        *("--graceful-timeout", str(_GRACE), "--timeout", "60", "--no-control-socket"),
        *(("--reload",) if debug else ()),
    ]
    log.write_bytes(b"")
    server = processes.Child(command, env=env) if debug else processes.LoggedChild(command, what="", env=env, log=log)
    try:
        yield server
    finally:
        server.stop(grace=_GRACE + 5)


@contextlib.contextmanager
def _worker(env: Mapping[str, str], *, log: Path) -> Iterator[None]:
    """
    What does the work in the background, until the end of the context. The site goes on without it, should it fail;
    what it has not done by then waits for the next start.
    """
    log.write_bytes(b"")
    command = [sys.executable, str(ROOT / "manage.py"), "run_worker"]
    worker = processes.LoggedChild(command, what="manage.py run_worker", env=env, log=log)
    try:
        yield
    finally:
        worker.stop(grace=5)


def _wait_for_answer(server: processes.Child, port: int, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if server.process.poll() is not None:
            break
        try:
            # Not through a proxy that the environment may name.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            opener.open(f"http://{ADDRESS}:{port}/livez", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise Failure(f"The web server did not come up. Its last lines:\n{processes.tail(log)}\n\nAll: {log}")


def _greet(env: Mapping[str, str], port: int) -> None:
    """What the person needs to know, on standard output."""
    command = [sys.executable, str(ROOT / "manage.py"), "tryout_link", "--port", str(port)]
    lines = [
        f"Casetracker is at  http://{ADDRESS}:{port}/",
        "",
        "To try it as an editor, sign in with this address; it works once:",
        *processes.read(command, what="manage.py tryout_link", env=env),
        "",
        "To make an editor with a password:  python3 dev.py manage createsuperuser",
        f"What it keeps lies in {data_directory()}",
        "Ctrl-C stops it.",
    ]
    print("\n" + "\n".join(lines), flush=True)
