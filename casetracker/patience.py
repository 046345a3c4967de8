"""Questions of strangers, about which the database may think for a while and no longer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import OperationalError, connection
from django.db.models import QuerySet
from psycopg.errors import QueryCanceled

# Milliseconds for one query of a search. What is worth waiting for takes a tenth of it.
LONGEST = 3_000


_ran_out: ContextVar[bool] = ContextVar("ran_out", default=False)


class TakesTooLongError(Exception):
    """The database was not done in time and was told to stop. `ran_out` tells of it, whoever catches it."""

    def __init__(self) -> None:
        super().__init__()
        _ran_out.set(True)


def ran_out() -> bool:
    """Whether any question was given up since `noticing` began, though what was made without it may be shown."""
    return _ran_out.get()


@contextmanager
def noticing() -> Iterator[None]:
    """Begins with nothing given up, for `ran_out`."""
    before = _ran_out.set(False)
    try:
        yield
    finally:
        _ran_out.reset(before)


def rows_of(rows: QuerySet[Any, Any], milliseconds: int | None = None) -> list[tuple[Any, ...]]:
    """The rows of a queryset of `values_list`, of numbers and texts, within this time or `LONGEST`."""
    return rows_within(milliseconds or LONGEST, *rows.query.sql_with_params())


def rows_within(milliseconds: int, sql: str, parameters: Sequence[Any], **settings: str) -> list[tuple[Any, ...]]:
    """
    The rows of one query, before which some settings of the database are made for it alone. Raises `TakesTooLongError`
    if it takes longer.

    The limit goes with the query in one message and ends with it, so that it means the same behind a pooler of
    connections. Within a transaction, such as that of a preview, none is set: what is stopped there takes everything
    else with it.
    """
    if not connection.in_atomic_block:
        settings["statement_timeout"] = str(int(milliseconds))
    before = "".join(f"SET LOCAL {name.replace('__', '.')} = {value};\n" for name, value in settings.items())
    with connection.cursor() as cursor:
        try:
            cursor.execute(before + sql, parameters)
            for _ in settings:
                cursor.nextset()
            return list(cursor.fetchall())
        except OperationalError as error:
            if isinstance(error.__cause__, QueryCanceled):
                raise TakesTooLongError from error
            raise
