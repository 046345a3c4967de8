"""Children are ended with all that they started, and a request to stop comes once, at a moment that can bear it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from devtools import processes
from devtools.console import Console, Failure
from devtools.paths import ROOT

PARENT = """
import subprocess, sys, time
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_is_ended_with_what_it_started(
    tmp_path: Path, eventually: Callable[[Callable[[], bool]], bool]
) -> None:
    log = tmp_path / "log"
    child = processes.LoggedChild([sys.executable, "-c", PARENT], what="parent", log=log)
    assert eventually(lambda: log.read_text().endswith("\n"))
    grandchild = int(log.read_text())
    child.stop(grace=0.2)

    def has_gone() -> bool:
        try:
            return Path(f"/proc/{grandchild}/cmdline").read_bytes() == b""
        except FileNotFoundError:
            return True

    assert eventually(has_gone)


def test_every_child_left_is_ended_at_the_close(tmp_path: Path) -> None:
    child = processes.LoggedChild([sys.executable, "-c", "import time; time.sleep(60)"], what="x", log=tmp_path / "log")
    processes.Child.stop_all()
    assert child.process.returncode == -signal.SIGTERM


def test_a_failed_child_is_reported_with_its_own_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("of an earlier child\n")
    child = processes.LoggedChild([sys.executable, "-c", "print('went wrong'); exit(7)"], what="The step", log=log)
    with pytest.raises(Failure) as failure:
        child.finish()
    assert str(failure.value) == f"The step ended with an error (7). Its last lines:\n  went wrong\n\nAll: {log}"


def test_lines_are_read_as_they_come_and_the_error_follows() -> None:
    lines = processes.run_and_read([sys.executable, "-uc", "print('one'); print('two'); exit(2)"])
    assert next(lines) == "one"
    assert next(lines) == "two"
    with pytest.raises(subprocess.CalledProcessError):
        next(lines)


@pytest.mark.parametrize(
    ("signum", "during", "expected"),
    [
        (signal.SIGTERM, "time.sleep(30)", "stopped by 15"),
        (signal.SIGHUP, "time.sleep(30)", "stopped by 1"),
        (
            signal.SIGINT,
            "with processes.hold_stop(): time.sleep(1); print('done what was begun', flush=True)",
            "stopped by 2",
        ),
    ],
)
def test_a_request_to_stop_is_raised_once_and_not_amid_what_is_held(signum: int, during: str, expected: str) -> None:
    code = (
        "import time, os\nfrom devtools import processes\nprocesses.listen_for_stop()\n"
        f"try:\n    print('ready', flush=True)\n    {during}\n    time.sleep(30)\n"
        "except processes.Stop as stop:\n"
        "    os.kill(os.getpid(), 15)\n"  # A second request does not disturb the end.
        "    print(f'stopped by {stop.signum:d}')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signum)
    rest, _ = process.communicate(timeout=20)
    assert rest.splitlines() == (["done what was begun"] if "hold" in during else []) + [expected]
    assert process.returncode == 0


class Stream:
    """A terminal, or not, that keeps what is written."""

    def __init__(self, *, terminal: bool) -> None:
        self.terminal = terminal
        self.text = ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def test_steps_are_plain_lines_where_there_is_no_terminal() -> None:
    stream = Stream(terminal=False)
    console = Console(stream)  # type: ignore[arg-type]
    with console.step("Loading the courts") as step:
        step.progress = "1 of 2"
    with pytest.raises(Failure), console.step("Loading the cases"):
        raise Failure("no")
    assert stream.text == "Loading the courts\n  done\nLoading the cases\n  stopped after 0 s\n"


def test_a_step_is_one_live_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    stream = Stream(terminal=True)
    with Console(stream).step("Loading the courts of the federal system and others") as step:  # type: ignore[arg-type]
        step.progress = "1 of 2"
        time.sleep(0.3)
    assert "1 of 2" in stream.text
    assert stream.text.count("\n") == 1
    assert all(len(line) < 40 for line in stream.text.replace("\n", "").split("\r\x1b[K"))


def test_a_patient_console_is_silent_about_what_is_quick() -> None:
    stream = Stream(terminal=False)
    with Console(stream, patience=0.2).step("Quick"):  # type: ignore[arg-type]
        pass
    assert stream.text == ""
    with Console(stream, patience=0.05).step("Slow"):  # type: ignore[arg-type]
        time.sleep(0.2)
    assert stream.text == "Slow\n  done\n"


def test_a_reader_that_has_gone_disturbs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(terminal=False)
    tried: list[str] = []

    def broken(text: str) -> None:
        tried.append(text)
        raise BrokenPipeError

    monkeypatch.setattr(stream, "write", broken)
    with Console(stream).step("To nobody"):  # type: ignore[arg-type]
        pass
    assert tried == ["To nobody\n", "  done\n"]
