"""
Pages and text of files, read behind the desk's back: a document with a new file waits (`Document.reading`), and the
database asks a worker to read it (`models/triggers.py`). `read` does one, `read_waiting` all that wait. Any number may
run side by side, and each may be ended at any moment.
"""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from casetracker import jobs
from casetracker.models import Document, MediaType, Reading, StoredFile
from casetracker.validators import no_identity_numbers, without_hidden_characters

from .storing import pieces

log = logging.getLogger(__name__)

# The most bytes of text that are kept. What the index of a search makes of any text so long stays below the megabyte
# that PostgreSQL can hold of one.
MOST_BYTES = 400_000
# After so many seconds a reader is ended, whatever it does.
LONGEST = 90

_READER = Path(__file__).with_name("reader.py")
# Names the locks of this module among those of the database.
_LOCKS = 0x66696C65


def read(key: int) -> bool:
    """
    Read the file of the document with this key, if it waits and nobody is reading it; whether it was. Once it is read
    nothing is done, so that it may be asked for any number of times.
    """
    with _held(key) as is_ours:
        return is_ours and _read(key)


def waits(key: int) -> bool:
    """Whether the document with this key is still to be read."""
    return Document.objects.filter(pk=key, reading=Reading.WAITING).exists()


def read_waiting(*, stop: Callable[[], bool] = lambda: False) -> int:
    """
    Read every file that waits, oldest document first; how many were read. `stop` is asked between two. What another
    process is reading at this moment is left to it.
    """
    count = 0
    waiting = Document.objects.filter(reading=Reading.WAITING).order_by("pk")
    for key in list(waiting.values_list("pk", flat=True)[:1_000]):
        if stop():
            break
        if read(key):
            count += 1
            jobs.take_back(jobs.Task.READ_DOCUMENT, key)
    return count


@contextmanager
def _held(key: int) -> Iterator[bool]:
    """
    Whether this process alone reads the document until the end. No row is locked meanwhile, so that no editor waits for
    it; and if the process dies, PostgreSQL gives the document to the next.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, key % 2**31])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, key % 2**31])


def _read(key: int) -> bool:
    row = Document.objects.filter(pk=key, reading=Reading.WAITING).values_list("file", flat=True).first()
    file = StoredFile.objects.filter(pk=row).first() if row is not None else None
    if file is None:
        return False
    content = b"".join(pieces(file.pk, 0, file.size))
    outcome, pages, text = _plain(content, file.media_type) if file.media_type != MediaType.PDF else _pdf(content)
    outcome, text = _fit(outcome, text)
    found = {"reading": outcome, "text": text} | ({"pages": pages} if pages is not None else {})
    with pghistory.context(act="read file", command="extract_texts"):
        # Only if it still has this file: it may have been replaced or removed meanwhile.
        same = Document.objects.filter(pk=key, file=file.pk, reading=Reading.WAITING)
        try:
            with transaction.atomic():
                written = same.update(**found)
        except IntegrityError:
            # The database reads a text a little otherwise than we do, and has the last word.
            written = same.update(**found | {"reading": Reading.HELD_BACK, "text": ""})
    log.info("Document %s: %s", key, outcome)
    return bool(written)


def _plain(content: bytes, media_type: str) -> tuple[Reading, int | None, str]:
    encoding = "utf-8-sig" if media_type == MediaType.TEXT else "cp1252"
    return Reading.READ, None, content.decode(encoding, "replace")


def _pdf(content: bytes) -> tuple[Reading, int | None, str]:
    """What the reader says of it, a process without our environment and with bounds of its own."""
    try:
        ended = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(_READER)],
            input=content,
            capture_output=True,
            timeout=LONGEST,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Reading.TOO_MUCH, None, ""
    if ended.returncode < 0:
        # Ended by a limit.
        return Reading.TOO_MUCH, None, ""
    try:
        told = json.loads(ended.stdout)
        return Reading(told["outcome"]), told["pages"], str(told["text"])
    except (ValueError, KeyError, TypeError):
        log.warning("The reader of files failed: %s", ended.stderr[-500:].decode("utf-8", "replace"))
        return Reading.DAMAGED, None, ""


def _fit(outcome: Reading, text: str) -> tuple[Reading, str]:
    """The text as it may be stored: without what is hidden, with the white space of prose, and cut."""
    # Halves of a character are no text that a database can hold; the rest of what is hidden goes with them.
    text, _ = without_hidden_characters(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r"\n\s*\n+", "\n\n", text).strip()
    text = text.encode("utf-8")[:MOST_BYTES].decode("utf-8", "ignore")
    if outcome == Reading.READ and not text:
        return Reading.EMPTY, ""
    try:
        no_identity_numbers(text)
    except ValidationError:
        return Reading.HELD_BACK, ""
    return outcome, text
