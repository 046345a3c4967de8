"""
Where two loads at once might both make the same row, one of them waits, before it looks whether the row is there, until
the transaction of the other has ended.

A load takes its turns in the order of `Turn`, all of one kind at once and sorted, so that no two ever wait for each
other.
"""

import zlib
from collections.abc import Iterable
from enum import IntEnum

from django.db import connection

# Locks of the database lie in memory that all share: names are told apart by so many, however many a docket has. Two of
# one lock wait without need, and that is all.
_LOCKS = 2_048


class Turn(IntEnum):
    """What is taken turns at; the number names it among the locks of the database."""

    DOCKET = 0x646F636B
    CASE = DOCKET + 1
    NAME = CASE + 1


def take(turn: Turn, names: Iterable[str]) -> None:
    """Wait until nobody else has one of these, and keep them from others until the transaction ends."""
    if locks := sorted({number_of(name) for name in names}):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, each) FROM unnest(%s::int[]) AS each", [int(turn), locks])


def number_of(name: str) -> int:
    return zlib.crc32(name.encode()) % _LOCKS
