"""The square that an authenticator app reads, as a path that a template draws: no file, no script, no other host."""

from itertools import groupby
from typing import NamedTuple

import segno

# The empty edge that a camera needs around it.
_EDGE = 4


class Square(NamedTuple):
    """`side` in modules, and the dark ones as the `d` of an SVG path."""

    side: int
    path: str


def square(text: str) -> Square:
    """A QR code of the text. Raises ValueError if it is longer than any code holds (some 2,900 characters)."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=_EDGE)]
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                strokes.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return Square(len(rows), "".join(strokes))
