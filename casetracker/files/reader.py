"""
The program that reads one file, in a process of its own: a PDF from a stranger may be made to eat memory and time.

It takes the bytes on its standard input and writes one line of JSON: `outcome`, one of `casetracker.models.Reading`;
`pages`, or null; `text`. It knows nothing of the site: no settings, no database, no module of ours, no environment.
Limits are set before the first byte is read and cannot be raised again.
"""

import contextlib
import io
import json
import logging
import resource
import sys

MEMORY = 1024 * 1024 * 1024
SECONDS = 60
# No court's document has more; what says so is made to keep a program busy.
MOST_PAGES = 100_000
# The most characters that are given out. Whoever stores them cuts further.
MOST_CHARACTERS = 600_000


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        # A system may keep a limit to itself; the others hold.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def read(content: bytes) -> dict[str, object]:
    """What can be told of a PDF."""
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    pages: int | None = None
    texts: list[str] = []
    length = 0
    try:
        reader = PdfReader(io.BytesIO(content))
        # Many are locked against changes alone, and open without a password.
        if reader.is_encrypted and not reader.decrypt(""):
            return _told("locked")
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            return _told("too_much")
        for page in reader.pages:
            text = page.extract_text()
            texts.append(text)
            length += len(text) + 1
            if length > MOST_CHARACTERS:
                break
    except (MemoryError, RecursionError, LimitReachedError):
        return _told("too_much", pages)
    except Exception:  # a parser given a stranger's bytes may raise anything
        return _told("damaged", pages)
    text = "\n".join(texts)[:MOST_CHARACTERS]
    return _told("read" if text.strip() else "empty", pages, text)


def _told(outcome: str, pages: int | None = None, text: str = "") -> dict[str, object]:
    return {"outcome": outcome, "pages": pages, "text": text}


if __name__ == "__main__":
    _limit()
    logging.disable()
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))
