"""Questions that the database may think about for a while and no longer."""

from collections.abc import Sequence
from typing import Any

from django.db import OperationalError, connection

_CANCELLED = "57014"


class TookTooLongError(Exception):
    """The database was not done in time and was told to stop."""


def rows_within(milliseconds: int, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """
    The rows of one query. Raises `TookTooLongError` if it takes longer.

    The limit goes with the query in one message and ends with it. Within a transaction, such as that of a preview, none
    is set: what is stopped there takes everything else with it.
    """
    limit = "" if connection.in_atomic_block else f"SET LOCAL statement_timeout = {int(milliseconds)};\n"
    with connection.cursor() as cursor:
        try:
            cursor.execute(limit + sql, parameters)
            if limit:
                cursor.nextset()
            return list(cursor.fetchall())
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) == _CANCELLED:
                raise TookTooLongError from error
            raise
