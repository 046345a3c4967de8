"""
Who the server runs as, and where that account can get.

PostgreSQL refuses to run as root, so root's server runs as `nobody`. What `nobody` cannot reach, because the clone
lies in a closed home, is put in a place of root's that it can; no existing folder's permissions are ever changed.
"""

import errno
import functools
import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devtools.console import Failure


@dataclass(frozen=True)
class Account:
    """Who runs the server. `drops` is true when we are root and it is not."""

    uid: int
    gid: int
    drops: bool

    @property
    def child_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to start a child under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drops else {}

    def can_enter(self, folder: Path) -> bool:
        """Whether it gets into a folder, through all of the folders above; asked of the system by trying."""
        try:
            return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0
        except OSError:
            return False

    def own(self, path: Path) -> None:
        """Give it a file or folder that we have made."""
        if self.drops:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def run(self, args: Sequence[str | Path], *, timeout: float = 60) -> "subprocess.CompletedProcess[str]":
        """
        Run a program under the account, out of reach of a Ctrl-C that is meant for us, and give what it wrote.

        It writes to files: a server that it starts would hold a pipe open, and the reader would wait for ever.
        """
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            status = subprocess.run(
                args,
                cwd="/",
                env=server_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                timeout=timeout,
                start_new_session=True,
                check=False,
                **self.child_arguments,
            ).returncode
            written = []
            for stream in (output, errors):
                stream.seek(0)
                written.append(stream.read().decode("utf-8", "replace"))
        return subprocess.CompletedProcess(args, status, *written)


def server_environment() -> dict[str, str]:
    """
    What PostgreSQL's programs see of our environment: nearly nothing.

    PGHOST, PGOPTIONS and their like, which a developer may have set for another server, would lead them astray.
    """
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


@functools.cache
def server_account() -> Account:
    """
    Ourselves, or `nobody` when we are root.

    Raises Failure where root has no way to become `nobody` (some containers), and for a user without a name, whom
    initdb refuses.
    """
    uid = os.geteuid()
    if uid != 0:
        try:
            pwd.getpwuid(uid)
        except KeyError:
            raise Failure(
                f"PostgreSQL does not start for a user without a name, and user {uid} has no line in /etc/passwd. "
                "Add one, or set DATABASE_URL to a PostgreSQL that runs already."
            ) from None
        return Account(uid, os.getegid(), drops=False)
    try:
        entry = pwd.getpwnam("nobody")
        account = Account(entry.pw_uid, entry.pw_gid, drops=True)
        account.run(["/bin/sh", "-c", ":"]).check_returncode()
    except (KeyError, OSError, subprocess.SubprocessError) as error:
        raise Failure(
            f"PostgreSQL does not run as root, and root cannot become the user 'nobody' here ({error}). "
            "Run dev.py as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs already."
        ) from None
    return account


def shared_place() -> Path:
    """
    A folder of root's that everybody can enter, for what `nobody` could not reach otherwise.

    Raises Failure when there is none to be had.
    """
    for base in (Path("/var/lib"), Path("/var/db"), Path("/opt")):
        if base.is_dir() and os.access(base, os.W_OK):
            place = base / "casetracker"
            try:
                place.mkdir(mode=0o755)
                place.chmod(0o755)
            except FileExistsError:
                refuse_unowned(place)
            return place
    raise Failure(
        "root's PostgreSQL runs as 'nobody', who cannot reach this clone, and neither /var/lib nor /opt can be "
        "written. Run dev.py as an ordinary user, or set CASETRACKER_DATA to a folder that everybody can enter."
    )


def refuse_unowned(place: Path) -> None:
    """Raise Failure unless only root can change what lies here."""
    held = place.lstat()
    if not stat.S_ISDIR(held.st_mode) or held.st_uid != 0 or held.st_mode & 0o022:
        raise Failure(
            f"{place} is not a folder that only root can write, so it is not trusted. Remove it and start again."
        )


def usable_folder(asked: Path, account: Account) -> Path:
    """
    A folder in which the account can be given folders of its own: the one asked for, which is made if need be, or
    else one of `shared_place`, always the same for the same request.

    Raises Failure when the one asked for cannot be written by ourselves.
    """
    try:
        asked.mkdir(parents=True, exist_ok=True)
        if not os.access(asked, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise Failure(
            f"The folder {asked} cannot be made or written ({error.strerror}). Set CASETRACKER_DATA to one that can."
        ) from None
    if account.can_enter(asked) and _can_give_away(asked, account):
        return asked
    folder = shared_place() / f"cluster-{hashlib.sha256(os.fsencode(asked)).hexdigest()[:16]}"
    folder.mkdir(mode=0o755, exist_ok=True)
    folder.chmod(0o755)
    return folder


def _can_give_away(folder: Path, account: Account) -> bool:
    """Whether the file system lets the account own something here; some network and shared folders do not."""
    if not account.drops:
        return True
    probe = Path(tempfile.mkdtemp(prefix=".probe-", dir=folder))
    try:
        account.own(probe)
        return account.can_enter(probe)
    except OSError:
        return False
    finally:
        probe.rmdir()
