"""How far the docket of an import has come that a worker tries or lands at this moment, where the page can read it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

# Is told how many lines of the docket are done.
Note = Callable[[int], None]


@contextmanager
def noted(key: int) -> Iterator[Note]:
    """
    Write it on the row of the import, by a connection of its own: what the transaction writes in which the docket lands
    is seen by nobody before it ends. That it cannot be told stops no import.
    """
    beside = connection.copy()
    statement = "UPDATE casetracker_import SET within = %s WHERE id = %s"

    def note(lines: int) -> None:
        # Not behind somebody who holds the row, for they may wait for this very docket.
        with suppress(DatabaseError), beside.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            cursor.execute(statement, [lines, key])

    try:
        yield note
    finally:
        beside.close()
