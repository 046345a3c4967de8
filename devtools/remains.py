"""
What a PostgreSQL that did not end well leaves behind, and how to tell it from one that is still alive.

A server that was killed leaves `postmaster.pid`. PostgreSQL itself removes it when no process has its number any more,
but stays down for ever when the file is empty, when the number belongs to another program by now (after a reboot, in
a container), or when the dead process is a zombie that nobody collects. All of this is called only under the
cluster's lock, so no second start is under way.
"""

import contextlib
import os
import subprocess
import time
from pathlib import Path


def recorded_pid(lock_file: Path) -> int | None:
    """The process number in a lock file of PostgreSQL; 0 when there is a file without one, None when there is none."""
    try:
        # Not through a link: as root we read in a folder that is not root's.
        descriptor = os.open(lock_file, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with open(descriptor, "rb") as stream:
        first = stream.read(4096).split(b"\n", 1)[0].strip()
    return int(first) if first.isdigit() else 0


def serves(pid: int, data: Path) -> bool | None:
    """
    Whether a live process with this number is a PostgreSQL at this data directory; None for one that may be, where
    the system does not tell. A zombie is not alive.
    """
    if not Path("/proc/self/cmdline").exists():
        return _serves_elsewhere(pid)
    try:
        # Empty for a zombie; "/.../bin/postgres -D ..." for the first process, "postgres: what it does" for the rest.
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False
    if not command.startswith(b"postgres:") and os.path.basename(command) != b"postgres":
        return False
    try:
        # All of them work in the data directory.
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except PermissionError:
        # A root without the right to look into processes, which containers often withhold.
        return None
    except OSError:
        return False


def _serves_elsewhere(pid: int) -> bool | None:
    """The same without /proc, where the data directory cannot be known."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(
            ["ps", "-o", "state=,command=", "-p", str(pid)], capture_output=True, text=True, timeout=10, check=False
        )
        if "postgres" in answer.stdout and not answer.stdout.lstrip().startswith("Z"):
            return None
    return False


def _living(data: Path) -> dict[int, bool | None]:
    """
    The live server processes of a data directory, each with what `serves` says of it.

    Without /proc none is seen; PostgreSQL's own check of its shared memory has to do there.
    """
    numbers = (int(process.name) for process in Path("/proc").glob("[0-9]*"))
    return {pid: answer for pid in numbers if (answer := serves(pid, data)) is not False}


def clear(data: Path, socket_lock: Path, *, patience: float = 10.0) -> None:
    """
    Remove the lock files that would keep a server from starting although none is alive.

    Waits up to `patience` seconds for the last processes of a killed server to go: while one of them is still at its
    shared memory a new server must not touch the data.
    """
    end = time.monotonic() + patience
    while (living := _living(data)) and time.monotonic() < end:
        if recorded_pid(data / "postmaster.pid") in living:
            return
        time.sleep(0.1)
    if any(living.values()):
        return
    for lock_file in (data / "postmaster.pid", socket_lock):
        pid = recorded_pid(lock_file)
        if pid is not None and serves(pid, data) is False:
            lock_file.unlink(missing_ok=True)
