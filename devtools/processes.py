"""
Children and signals: what is started here is stopped here.

A request to stop (Ctrl-C, SIGTERM, a closed terminal) is raised once, as `Stop`, and from then on ignored, so that the
`finally` blocks it unwinds through are not themselves interrupted. While a child is being born the request waits.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, ClassVar

from devtools.console import Failure

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(BaseException):
    """The person, or the system, asked us to stop. Not an Exception, so that nothing swallows it by mistake."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


class _Requests:
    """What signal has come, and whether now is a moment to act on it. There is one, for signals are per process."""

    def __init__(self) -> None:
        self.holds = 0
        self.waiting: int | None = None
        self.raised = False
        # Set while a child at the terminal is the one to answer Ctrl-C.
        self.interrupt_is_childs = False

    def handle(self, signum: int, frame: FrameType | None) -> None:
        if self.raised or (signum == signal.SIGINT and self.interrupt_is_childs):
            return
        if self.holds:
            self.waiting = signum
            return
        self.raised = True
        raise Stop(signum)

    def release(self) -> None:
        self.holds -= 1
        if not self.holds and self.waiting is not None and not self.raised:
            self.raised = True
            raise Stop(self.waiting)


_requests = _Requests()


def listen_for_stop() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP raise `Stop` in the main thread, once."""
    for signum in STOP_SIGNALS:
        # A signal that our own parent told us to ignore (nohup, a shell's background job) stays ignored.
        if signal.getsignal(signum) is not signal.SIG_IGN:
            signal.signal(signum, _requests.handle)


@contextlib.contextmanager
def hold_stop() -> Iterator[None]:
    """A request to stop that comes inside is raised at the end: for short work that must not be left half done."""
    _requests.holds += 1
    try:
        yield
    finally:
        _requests.release()


class Child:
    """
    A child in a session of its own, so that a Ctrl-C reaches only us and it is ended as a whole group.

    Without `output` it talks to the person; with a file it has no input and writes there.
    """

    _living: ClassVar[set["Child"]] = set()

    def __init__(
        self, args: Sequence[str], *, env: Mapping[str, str] | None = None, output: IO[bytes] | int | None = None
    ) -> None:
        with hold_stop():
            self.process = subprocess.Popen(
                args,
                stdin=None if output is None else subprocess.DEVNULL,
                stdout=output,
                stderr=None if output is None else subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )
            self._living.add(self)

    def wait(self) -> int:
        return self.process.wait()

    def stop(self, *, grace: float, signum: int = signal.SIGTERM) -> None:
        """Ask it to stop, wait `grace` seconds, then end whatever is left of its group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            self.process.send_signal(signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(grace)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._living.discard(self)

    @classmethod
    def stop_all(cls) -> None:
        """End every child that is still there: the last thing a command does, however it ends."""
        for child in list(cls._living):
            child.stop(grace=10)


class LoggedChild(Child):
    """A child that writes to a log, to be waited for with `finish`. `what` names it for the person."""

    def __init__(self, args: Sequence[str], *, what: str, log: Path, env: Mapping[str, str] | None = None) -> None:
        self.what = what
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "ab") as output:
            self._since = output.tell()
            super().__init__(args, env=env, output=output)

    def finish(self) -> None:
        """Wait for its end. Raises Failure with its last lines when it ends with an error."""
        try:
            status = self.wait()
        finally:
            self.stop(grace=10)
        if status:
            words = tail(self.log, since=self._since)
            raise Failure(f"{self.what} ended with an error ({status}). Its last lines:\n{words}\n\nAll: {self.log}")


def run_and_read(args: Sequence[str], *, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """
    The lines that a child writes, as they come, both its outputs together.

    Raises subprocess.CalledProcessError after the last line when it ends with an error.
    """
    child = Child(args, env=env, output=subprocess.PIPE)
    assert child.process.stdout is not None  # noqa: S101 (asked for above)
    try:
        with child.process.stdout as lines:
            for line in lines:
                yield line.decode("utf-8", "replace").rstrip()
        status = child.wait()
    finally:
        child.stop(grace=10)
    if status:
        raise subprocess.CalledProcessError(status, args)


def read(args: Sequence[str], *, what: str, env: Mapping[str, str] | None = None) -> list[str]:
    """All lines that a child writes. Raises Failure with the last of them when it ends with an error."""
    lines: list[str] = []
    try:
        lines.extend(run_and_read(args, env=env))
    except subprocess.CalledProcessError as error:
        words = "\n".join(f"  {line}" for line in lines[-15:])
        raise Failure(f"{what} ended with an error ({error.returncode}). Its last lines:\n{words}") from None
    return lines


def run_in_foreground(args: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
    """
    Run a child that talks to the person itself (tests, a shell, a question for a password) and give its exit status,
    128 and more for a signal as shells do.

    At a terminal it shares our process group, without which it could not read; Ctrl-C is then its own to answer.
    """
    status = _run_at_terminal(args, env=env) if sys.stdin.isatty() else _run_elsewhere(args, env=env)
    return status if status >= 0 else 128 - status


def _run_elsewhere(args: Sequence[str], *, env: Mapping[str, str] | None) -> int:
    child = Child(args, env=env)
    grace = 0.0
    signum: int = signal.SIGTERM
    try:
        return child.wait()
    except Stop as stop:
        grace, signum = 30.0, stop.signum
        raise
    finally:
        child.stop(grace=grace, signum=signum)


def _run_at_terminal(args: Sequence[str], *, env: Mapping[str, str] | None) -> int:
    _requests.interrupt_is_childs = True
    child = subprocess.Popen(args, env=env)
    try:
        return child.wait()
    except Stop:
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        raise
    finally:
        _requests.interrupt_is_childs = False


def tail(log: Path, *, lines: int = 15, since: int = 0) -> str:
    """The last lines of a log, indented; at most 8 KB are read."""
    try:
        with open(log, "rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(since, size - 8192))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return "  (nothing was written)"
    return "\n".join("  " + line for line in text.strip().splitlines()[-lines:]) or "  (nothing was written)"
