"""
A PostgreSQL server of the clone's own: made, started, shared, mended and stopped.

    with Cluster(data_directory() / "postgres") as cluster:
        cluster.create_database("casetracker")
        os.environ["DATABASE_URL"] = cluster.url("casetracker")

Reached through a Unix socket in a folder that only its account can enter, never by TCP; that folder is the
authentication, so the server trusts who comes. Any number of processes may enter one cluster at once: the first starts
the server and the last to leave stops it. Who is in is known from a shared lock that each holds on one file, which the
system takes back from a process however it dies, so the count is never wrong.

The folder of a cluster:

    lock          held while the server is started or stopped
    in-use        held, shared, by everybody who uses the server
    data/         PostgreSQL's own, of its account
    socket/       the socket; when this path is too long for one, short-socket names the folder used instead
    server.log    of the present server, server.log.1 of the one before
"""

import contextlib
import fcntl
import locale
import os
import re
import shlex
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from devtools import accounts, binaries, remains
from devtools.console import Console, Failure
from devtools.processes import hold_stop, tail

ROLE = "casetracker"
PORT = 5432
_SOCKET_NAME = f".s.PGSQL.{PORT}"
# The system's limit for a socket's path is 104 (macOS) to 108 bytes, its closing zero included.
_LONGEST_SOCKET_PATH = 100

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "1h",
}
# What a server says that will start once the last processes of a killed one are gone.
_PASSING = re.compile(r"lock file .* (already exists|is empty)|shared memory block|could not create lock file")


class Cluster:
    """
    A cluster in `folder`, which is made when it is not there.

    `fast` gives up every guarantee against a power cut, for tests; such a cluster is disposable, and made anew when it
    no longer starts or is of another version. As root the server runs as `nobody`; if `nobody` cannot reach `folder`,
    one of root's is used that it can, always the same for the same `folder`, and `console` is told.

    Entering raises Failure, in words for the person, when there is no server to be had.
    """

    def __init__(self, folder: Path, *, fast: bool = False, console: Console | None = None) -> None:
        self.asked_folder = folder.absolute()
        self.fast = fast
        self.console = console or Console(patience=1.0)
        binaries.refuse_unspeakable(self.asked_folder)
        self.account = accounts.server_account()
        self.binaries = binaries.find(self.account)
        self.folder = accounts.usable_folder(self.asked_folder, self.account)
        if self.folder != self.asked_folder:
            self.console.say(
                f"For root PostgreSQL runs as the user 'nobody', who cannot use {self.asked_folder}; "
                f"the database is kept in {self.folder}."
            )
        self._in_use: IO[bytes] | None = None

    # --- what others ask of it ---------------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies; settled by entering the cluster."""
        with contextlib.suppress(OSError):
            return Path((self.folder / "short-socket").read_text())
        return self.folder / "socket"

    def url(self, database: str) -> str:
        """The address of a database of this cluster, as DATABASE_URL wants it."""
        return f"postgresql://{ROLE}@/{quote(database, safe='')}?host={quote(str(self.socket_folder))}&port={PORT}"

    def create_database(self, name: str) -> bool:
        """Make a database unless it is there; whether it was made. Names are plain: letters, digits, underscores."""
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
            raise ValueError(f"not a plain database name: {name!r}")
        with self._locked():
            query = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"  # noqa: S608 (a plain name, checked above)
            if self._client("psql", "-XAtc", query, "postgres").strip():
                return False
            self._client("createdb", "--maintenance-db=postgres", name)
            return True

    def is_ready(self) -> bool:
        """Whether a server answers and takes connections."""
        place = ["-h", str(self.socket_folder), "-p", str(PORT), "-d", "postgres", "-U", ROLE]
        return self.account.run([self.binaries.program("pg_isready"), "-q", "-t", "3", *place]).returncode == 0

    # --- entering and leaving ----------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        with self._locked():
            try:
                # A request to stop waits until the server is either up, with us as a user, or not there.
                with hold_stop():
                    self._in_use = open(self.folder / "in-use", "wb")
                    fcntl.flock(self._in_use, fcntl.LOCK_SH)
                    self._ensure_running()
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with hold_stop(), self._locked():
            self._leave()

    def _leave(self) -> None:
        """Give up our use of the server, and stop it when nobody else's is left. Called under the lock."""
        if self._in_use is None:
            return
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            self._stop()
        finally:
            self._in_use.close()
            self._in_use = None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """The cluster's lock; held for seconds only, so that it not being had within two minutes is an error."""
        with open(self.folder / "lock", "wb") as lock:
            end = time.monotonic() + 120
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > end:
                        raise Failure(
                            "Another dev.py has been starting or stopping PostgreSQL for two minutes and holds "
                            f"{self.folder / 'lock'}. End it and try again."
                        ) from None
                    time.sleep(0.05)
            yield

    # --- the server --------------------------------------------------------------------------------------------------

    def _ensure_running(self) -> None:
        if self.data.exists():
            self._check_data()
            if self.is_ready():
                return
        self._settle_socket()
        try:
            self._initialise()
            self._start()
        except Failure:
            if not self.fast:
                raise
            self._discard()
            self._settle_socket()
            self._initialise()
            self._start()

    def _check_data(self) -> None:
        """Raise Failure for data that the server could not use; a fast cluster's is thrown away instead."""
        owner = self.data.stat().st_uid
        if owner != self.account.uid:
            raise Failure(
                f"The database in {self.data} belongs to user number {owner}, and PostgreSQL runs here as number "
                f"{self.account.uid}. Run dev.py as the user of before, or begin anew by moving that folder away."
            )
        version = self.data / "PG_VERSION"
        held = version.read_text().strip() if version.exists() else ""
        if held == str(self.binaries.major):
            return
        if self.fast:
            self._discard()
        elif not held:
            raise Failure(f"{self.data} exists but holds no database. Move it away and start again.")
        else:
            raise Failure(
                f"The database in {self.data} was made by PostgreSQL {held}, which version {self.binaries.version} "
                'cannot read. To keep what it holds, take it along as docs/operations.md says under "Another version '
                'of PostgreSQL". To begin anew, move the folder away:\n'
                f"  mv {shlex.quote(str(self.data))} {shlex.quote(f'{self.data}.{held}')}"
            )

    def _discard(self) -> None:
        self._stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def _initialise(self) -> None:
        """Make the data directory under a passing name, so that one half made is never taken for whole."""
        if self.data.exists():
            return
        passing = self.folder / "data.unfinished"
        shutil.rmtree(passing, ignore_errors=True)
        self._make_own(passing)
        arguments = [
            "--encoding=UTF8",
            f"--username={ROLE}",
            "--auth=trust",
            "--no-instructions",
            *self._locale_arguments(),
        ]
        if self.fast:
            arguments.append("--no-sync")
        answer = self.account.run([self.binaries.program("initdb"), "-D", passing, *arguments], timeout=300)
        if answer.returncode:
            words = (answer.stderr or answer.stdout).strip()
            raise Failure(f"PostgreSQL could not make its database in {self.data}:\n{words}")
        passing.rename(self.data)

    def _locale_arguments(self) -> list[str]:
        """
        The same order and letters everywhere: by code point, with Unicode's letters known as letters.

        Under the plain C locale accented letters would silently be missing from trigrams.
        """
        letters = next(filter(_is_locale, ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")), "C")
        arguments = ["--locale=C", f"--lc-ctype={letters}"]
        if self.binaries.major >= 17:
            arguments = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *arguments]
        return arguments

    def _start(self) -> None:
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600, exist_ok=False)
        self.account.own(self.log)
        end = time.monotonic() + 40
        while True:
            begun = self.log.stat().st_size
            remains.clear(self.data, self.socket_folder / f"{_SOCKET_NAME}.lock")
            # A server that lives but cannot be reached (its socket was swept away) has to go first.
            self._stop()
            self._settle_socket()
            if self._control("start", "-w", "-t", "120", "-l", str(self.log), "-o", self._options()):
                return
            words = tail(self.log, since=begun)
            if time.monotonic() > end or not _PASSING.search(words):
                raise Failure(f"PostgreSQL did not start. Its last lines:\n{words}\n\nAll of them: {self.log}")
            time.sleep(0.5)

    def _options(self) -> str:
        """The server's settings, as pg_ctl hands them to the shell."""
        settings = _SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        if self.fast:
            settings |= _FAST_SETTINGS
        return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())

    def _stop(self) -> None:
        pid = remains.recorded_pid(self.data / "postmaster.pid")
        alive = pid and remains.serves(pid, self.data) is not False
        if alive and not self._control("stop", "-w", "-t", "30", "-m", "fast"):
            self._control("stop", "-w", "-t", "10", "-m", "immediate")
        with contextlib.suppress(OSError):
            short = Path((self.folder / "short-socket").read_text())
            (self.folder / "short-socket").unlink()
            shutil.rmtree(short.parent, ignore_errors=True)

    def _control(self, *arguments: str) -> bool:
        """Run pg_ctl; whether it succeeded."""
        command = [self.binaries.program("pg_ctl"), "-D", str(self.data), *arguments]
        return self.account.run(command, timeout=150).returncode == 0

    def _client(self, program: str, *arguments: str) -> str:
        place = ["-h", str(self.socket_folder), "-p", str(PORT), "-U", ROLE]
        answer = self.account.run([self.binaries.program(program), *place, *arguments])
        if answer.returncode:
            raise Failure(f"PostgreSQL's {program} failed: {answer.stderr.strip()}")
        return answer.stdout

    # --- folders -----------------------------------------------------------------------------------------------------

    def _make_own(self, folder: Path) -> None:
        """A new folder that only the account can enter."""
        folder.mkdir(mode=0o700)
        self.account.own(folder)

    def _settle_socket(self) -> None:
        """Make the folder of the socket; where its path is too long, or cannot be written in a list, a short one."""
        plain = self.folder / "socket"
        if len(os.fsencode(plain / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH and not re.search(r"[,'\s]", str(plain)):
            (self.folder / "short-socket").unlink(missing_ok=True)
            if not plain.exists():
                self._make_own(plain)
            return
        with contextlib.suppress(OSError):
            held = self.socket_folder.lstat()
            if stat.S_ISDIR(held.st_mode) and held.st_uid == self.account.uid and not held.st_mode & 0o077:
                return
        # In a folder of our own within the temporary one, so that nobody can put another in its place.
        parent = Path(tempfile.mkdtemp(prefix="casetracker-", dir="/tmp"))
        parent.chmod(0o711 if self.account.drops else 0o700)
        self._make_own(parent / "s")
        (self.folder / "short-socket").write_text(str(parent / "s"))


def _is_locale(name: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    else:
        return True
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
