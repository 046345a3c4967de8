"""Says what is going on, in plain words: one line a step with its seconds, live on a terminal and plain elsewhere."""

import os
import shutil
import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO


class Failure(Exception):  # noqa: N818 (it is how a command ends, not a fault of the program)
    """Something that the person can mend. The text is for them, in whole sentences; no traceback is shown."""


class Console:
    """
    Writes to standard error, so that `dev.py manage dumpdata > file` keeps its output clean.

    `patience` is how many seconds a step may take before it is spoken of: 0 speaks of all, which `run` wants; one
    second keeps a warm `manage` silent.
    """

    def __init__(self, stream: TextIO | None = None, *, patience: float = 0.0) -> None:
        self.stream = stream if stream is not None else sys.stderr
        self.patience = patience
        self.live = self.stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._step: Step | None = None

    def say(self, text: str) -> None:
        """One line, also in the middle of a step."""
        if self.live and self._step is not None:
            self.write("\r\x1b[K")
        self.write(text + "\n")

    def step(self, text: str) -> "Step":
        return Step(self, text)

    def write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError):
            # The reader of our output has gone (a closed pipe or terminal); the work goes on and is cleaned up.
            pass


class Step:
    """One step of the work, from `with` to its end. Use `Console.step`."""

    def __init__(self, console: Console, text: str) -> None:
        self.console = console
        self.text = text
        self.progress = ""
        self._begun = time.monotonic()
        self._ended = threading.Event()
        self._announced = False
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    def __enter__(self) -> Self:
        self._begun = time.monotonic()
        self.console._step = self
        if not self.console.patience:
            self._announce()
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._ticker.join()
        self.console._step = None
        if not self._announced and kind is None:
            return
        outcome = f"{self.seconds:.0f} s" if self.seconds >= 1 else "done"
        if kind is not None:
            outcome = f"stopped after {self.seconds:.0f} s"
        if self.console.live:
            self.console.write(f"\r\x1b[K{self._line(outcome)}\n")
        elif self._announced:
            self.console.write(f"  {outcome}\n")
        else:
            self.console.write(f"{self.text}: {outcome}\n")

    def _announce(self) -> None:
        self._announced = True
        if not self.console.live:
            self.console.write(self.text + "\n")

    def _tick(self) -> None:
        if not self._announced:
            if self._ended.wait(self.console.patience):
                return
            self._announce()
        if not self.console.live:
            return
        while True:
            progress = ", ".join(part for part in (self.progress, f"{self.seconds:.0f} s") if part)
            self.console.write(f"\r\x1b[K{self._line(progress)}")
            if self._ended.wait(0.2):
                return

    def _line(self, right: str) -> str:
        """The step and what there is to say about it, cut to the terminal so that it never wraps."""
        columns = max(shutil.get_terminal_size().columns - 1, 20)
        room = max(columns - len(right) - 2, 10)
        return f"{self.text[:room]:<{min(room, 44)}}  {right}"[:columns]
