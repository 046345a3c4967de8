"""Bytes into the database and out of it."""

import hashlib
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection, transaction

from casetracker.models import StoredFile

from .kinds import kind_of

# So much of a file is in memory at once when it is given out.
PIECE = 256 * 1024


def checksum(content: bytes) -> str:
    """The SHA-256 by which a file is found."""
    return hashlib.sha256(content).hexdigest()


def store(content: bytes, *, uploaded_by: Any) -> StoredFile:
    """
    Keep the file, in the transaction of what will name it. One that is here already is that one, also if somebody else
    stores it at the same moment. Raises `FileError` for what is not taken.
    """
    media_type = kind_of(content)
    sha256 = checksum(content)
    with transaction.atomic():
        # A cursor that sends the bytes as they are: Django's writes them into the statement, at twice the length.
        with connection.cursor(), psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(
                "INSERT INTO casetracker_storedfile (content, sha256, size, media_type, uploaded_by_id)"
                " VALUES (%b, %s, %s, %s, %s) ON CONFLICT (sha256) DO NOTHING",
                [content, sha256, len(content), media_type.value, getattr(uploaded_by, "pk", None)],
                prepare=False,
            )
        # Held until the transaction ends, so that no redaction takes it away before a document names it.
        return StoredFile.objects.select_for_update(no_key=True).get(sha256=sha256)


def pieces(file: int, start: int, end: int) -> Iterator[bytes]:
    """
    The bytes of the file with this key from `start` up to `end`, piece by piece. If it is removed meanwhile they end
    early, and whoever receives them sees by the length that they are not all.
    """
    while start < end:
        length = min(PIECE, end - start)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT substring(content FROM %s FOR %s) FROM casetracker_storedfile WHERE id = %s",
                [start + 1, length, file],
            )
            found = cursor.fetchone()
        if found is None:
            return
        yield bytes(found[0])
        start += length
