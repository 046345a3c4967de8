"""How far a docket has come that is being loaded: told a few times a second while it is, not at its end alone. Pure."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

# Told at most so often, in seconds: whoever hears it writes it down.
EVERY = 0.5
# The lines are read, and then written into four tables; each takes about as long.
_PASSES = 5

# Is told which share of the docket is done, from 0 to 1.
Tell = Callable[[float], None]


class Progress:
    """Of one docket with so many lines. Where nobody wants to be told, nothing is counted."""

    def __init__(self, lines: int, tell: Tell | None) -> None:
        self._all = lines * _PASSES
        self._tell = tell
        self._done = 0
        self._told_at = time.monotonic()

    def over(self, rows: Iterable[T]) -> Iterable[T]:
        """The rows, each of which counts when it is taken."""
        return rows if self._tell is None or not self._all else self._counted(rows, self._tell)

    def _counted(self, rows: Iterable[T], tell: Tell) -> Iterator[T]:
        for row in rows:
            yield row
            self._done += 1
            if time.monotonic() - self._told_at >= EVERY:
                self._told_at = time.monotonic()
                tell(min(self._done / self._all, 1.0))


NOBODY = Progress(0, None)
