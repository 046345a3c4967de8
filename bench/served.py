"""What answers over HTTP: the site under the server of operations.md, and nginx with a file, where there is one."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

# Seconds that a server may take to begin to answer.
PATIENCE = 120


class SilentError(Exception):
    """A server did not begin to answer."""


class Reader:
    """Asks one server over one connection that is kept open, as a proxy before it does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, address: str) -> bytes:
        """The page at a path with its query string. Raises `ValueError` where the answer is none."""
        self._connection.request("GET", address)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise ValueError(f"{address} answers {response.status}.")
        return body


@contextmanager
def running(command: Sequence[object], port: int, *, environment: dict[str, str] | None = None) -> Iterator[Reader]:
    """A server while it is needed. Raises `SilentError`."""
    server = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            if server.poll() is not None or time.monotonic() > until:
                raise SilentError(f"{command[0]} did not begin to answer.")
            time.sleep(0.2)
        yield Reader(port)
    finally:
        server.terminate()
        server.wait()


@contextmanager
def site() -> Iterator[Reader]:
    """The site by gunicorn: one worker, as there is one reader at a time."""
    port = free_port()
    command = (
        sys.executable, "-m", "gunicorn", "casetracker.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", 1,
        "--worker-class", "gthread", "--threads", 2, "--keep-alive", 75, "--timeout", 300, "--no-control-socket",
    )  # fmt: skip
    with running(command, port, environment=dict(os.environ)) as reader:
        yield reader


@contextmanager
def nginx(body: bytes) -> Iterator[Reader | None]:
    """nginx with one file of these bytes at `/page.html`: what serving it costs at least. None where there is none."""
    program = shutil.which("nginx")
    if program is None:
        yield None
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Where root starts it, nginx reads as somebody else.
        folder.chmod(0o755)
        (folder / "page.html").write_bytes(body)
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
        )
        with running((program, "-p", folder, "-c", folder / "nginx.conf"), port) as reader:
            yield reader


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
