"""Static files, collected once and again only when something has changed."""

import fcntl
import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from devtools import processes
from devtools.environment import RUN_LOCK
from devtools.paths import ROOT


class Collection:
    """
    Fills a folder with the hashed and compressed files that whitenoise serves.

    Work begins with the context and is over with it; `is_needed` is false when the folder held all of it already. A
    second collection into the same folder waits for the first.
    """

    def __init__(self, *, env: Mapping[str, str], log: Path) -> None:
        self.root = Path(env["CASETRACKER_STATIC_ROOT"])
        self._env = env
        self._log = log
        self._mark = self.root.with_name(f"{self.root.name}.collected")
        self._wanted = _fingerprint()
        self._lock: IO[bytes] | None = None
        self._child: processes.LoggedChild | None = None

    @property
    def is_needed(self) -> bool:
        return self._child is not None

    def __enter__(self) -> Self:
        self.root.mkdir(parents=True, exist_ok=True)
        self._lock = open(self._mark.with_suffix(".lock"), "wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if not self._mark.exists() or self._mark.read_text() != self._wanted:
            self._mark.unlink(missing_ok=True)
            command = [sys.executable, str(ROOT / "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
            what = "Collecting the static files"
            self._child = processes.LoggedChild(command, what=what, env=self._env, log=self._log)
        return self

    def finish(self) -> None:
        """Wait for the files. Raises Failure when something went wrong."""
        if self._child is not None:
            self._child.finish()
            self._mark.write_text(self._wanted)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._child.stop(grace=5)
        if self._lock is not None:
            self._lock.close()


def _fingerprint() -> str:
    """What the collected files are made from: ours by name, size and time, those of packages by the lock."""
    digest = hashlib.sha256(RUN_LOCK.read_bytes())
    for path in sorted([*(ROOT / "static").rglob("*"), ROOT / "casetracker" / "settings.py"]):
        if path.is_file():
            held = path.stat()
            digest.update(f"{path.relative_to(ROOT)} {held.st_size} {held.st_mtime_ns}\n".encode())
    return digest.hexdigest()
