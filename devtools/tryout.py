"""`dev.py run`: from whatever is there to a site that answers, and back to nothing running."""

import contextlib
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from devtools import processes, surroundings
from devtools.console import Console, Failure
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
    log = data / "log" / "prepare.log"
    with surroundings.database(data / "postgres", "casetracker", console=console) as held:
        env = surroundings.tryout(
            held, static_root=data / "static", secret_key=surroundings.kept_secret_key(), debug=debug
        )
        _prepare(console, env, log)
        server_log = data / "log" / f"server-{port}.log"
        with _server(env, port=port, debug=debug, log=server_log) as server:
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


def _prepare(console: Console, env: Mapping[str, str], log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    # Compressing keeps one core busy while the database keeps the other.
    with Collection(env=env, log=log.with_name("static.log")) as static:
        with console.step("Bringing the database up to date"):
            _manage("migrate", "--noinput", env=env, log=log)
        if _has_command("load_courts"):
            with console.step("Loading the courts"):
                _manage("load_courts", env=env, log=log)
        if _has_command("load_demonstration") and not _has_cases(env):
            with console.step("Loading the demonstration cases"):
                _manage("load_demonstration", env=env, log=log)
        if static.is_needed:
            with console.step("Compressing styles and scripts"):
                static.finish()


def _has_command(name: str) -> bool:
    return (ROOT / "casetracker" / "management" / "commands" / f"{name}.py").exists()


def _manage(*arguments: str, env: Mapping[str, str], log: Path) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    processes.LoggedChild(command, what=f"manage.py {arguments[0]}", env=env, log=log).finish()


def _has_cases(env: Mapping[str, str]) -> bool:
    query = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['DATABASE_URL']) as connection:\n"
        "    print(connection.execute('SELECT EXISTS (SELECT FROM casetracker_case)').fetchone()[0])\n"
    )
    return "True" in processes.run_and_read([sys.executable, "-c", query], env=env)


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
    lines = [f"Casetracker is at  http://{ADDRESS}:{port}/", ""]
    if _has_command("tryout_link"):
        command = [sys.executable, str(ROOT / "manage.py"), "tryout_link", "--port", str(port)]
        lines += [
            "To try it as an editor, sign in with this address; it works once:",
            *processes.run_and_read(command, env=env),
            "",
        ]
    lines += [
        "To make an editor with a password:  python3 dev.py manage createsuperuser",
        f"What it keeps lies in {data_directory()}",
        "Ctrl-C stops it.",
    ]
    print("\n" + "\n".join(lines), flush=True)
