"""
The first command of the README, tried as a reader would: `python3 -m devtools.smoke`.

Runs `dev.py run` against a new data directory on a free port, reads the founding case, asks it to stop, and looks that
nothing is left; then once more, for a second start goes other ways than a first. Ends with a line of counts, and with
status 1 when anything was not as it should be.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from devtools.paths import ROOT

# A first start may have to download its packages.
_PATIENCE = 600.0


class Verdicts:
    """What was looked at, and how it was."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def add(self, what: str, *, good: bool, detail: str = "") -> None:
        self.passed += good
        self.failed += not good
        print(f"{'ok  ' if good else 'BAD '} {what}{f': {detail}' if detail and not good else ''}", flush=True)


def main() -> int:
    """Try a first and a second start; 0 when both were as they should be."""
    verdicts = Verdicts()
    with tempfile.TemporaryDirectory(prefix="casetracker-smoke-") as folder:
        # Root's server runs as another user, who has to reach its data; the folder is ours and new.
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        for name in ("first", "second"):
            _try_start(name, data, verdicts)
    print(f"\nsmoke: {verdicts.passed} passed, {verdicts.failed} failed")
    return 1 if verdicts.failed else 0


def _try_start(name: str, data: Path, verdicts: Verdicts) -> None:
    port = _free_port()
    log = data.parent / f"{name}.log"
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {"CASETRACKER_DATA": str(data)}
    begun = time.monotonic()
    with _started([sys.executable, str(ROOT / "dev.py"), "run", "--port", str(port)], env, log) as process:
        status, listing = _read_when_up(process, f"http://127.0.0.1:{port}/cases/")
        verdicts.add(f"{name} start: the list of cases answers", good=status == 200, detail=f"{status}")
        print(f"     after {time.monotonic() - begun:.1f} s")
        found = re.search(r'href="(/cases/[^"/?#]*abrego[^"/?#]*/)"', listing)
        status, page = _read(f"http://127.0.0.1:{port}{found[1]}") if found else (0, "")
        verdicts.add(f"{name} start: the founding case is listed and answers", good=status == 200, detail=f"{status}")
        verdicts.add(f"{name} start: it tells of 10 April 2025", good="2025-04-10" in page)
        if status == 200:
            # The address to sign in with is printed once the site answers; a stop before would cut it off.
            _wait_for_greeting(process, log)
        process.send_signal(signal.SIGTERM)
        try:
            ended: int | None = process.wait(60)
        except subprocess.TimeoutExpired:
            ended = None
    verdicts.add(f"{name} start: stops cleanly when asked", good=ended == 0, detail=f"status {ended}")
    left = _processes_of(data)
    verdicts.add(f"{name} start: leaves nothing running", good=not left, detail="; ".join(left))
    if verdicts.failed:
        print(log.read_text(errors="replace"))
        for path in sorted((data / "log").glob("*.log")):
            print(f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}")


@contextlib.contextmanager
def _started(command: list[str], env: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read(address: str) -> tuple[int, str]:
    """The status and text of a page; 0 where nothing answers."""
    # Not through a proxy that the environment may name.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=30) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""


def _read_when_up(process: "subprocess.Popen[bytes]", address: str) -> tuple[int, str]:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        status, text = _read(address)
        if status:
            return status, text
        time.sleep(0.2)
    return 0, ""


def _wait_for_greeting(process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 60
    while (
        time.monotonic() < end and process.poll() is None and "Ctrl-C stops it" not in log.read_text(errors="replace")
    ):
        time.sleep(0.1)


def _processes_of(data: Path) -> list[str]:
    """The command lines of live processes that name the data directory, the database server's among them."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (path / "cmdline").read_bytes().replace(b"\0", b" ")
            environment = (path / "environ").read_bytes()
            if os.fsencode(data) in line + environment and int(path.name) != os.getpid():
                found.append(f"{path.name} {line.decode('utf-8', 'replace')[:100]}")
    return found


if __name__ == "__main__":
    sys.exit(main())
