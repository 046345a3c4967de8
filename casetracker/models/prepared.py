"""
Queries put together and planned once. Django writes the SQL of a queryset anew each time, and PostgreSQL plans it anew,
which for a query of many joins takes longer than answering it; a page of a case has seven such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection
from django.db.models import BigIntegerField, Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import cached_property
from psycopg import Cursor
from psycopg.abc import Params
from psycopg.sql import Literal


class Slot(Expression):
    """
    The place of a key in a prepared query, where the queryset would have the value: `filter(case=Slot("case"))`. For
    `among` it holds what `as_array` makes: `filter(event__among=Slot.of_keys("keys"))`.
    """

    def __init__(self, name: str, sql: str = "%s") -> None:
        super().__init__(BigIntegerField())
        self.name = name
        self.sql = sql

    @classmethod
    def of_keys(cls, name: str) -> Slot:
        return cls(name, sql="%s::bigint[]")

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self.sql, (self,)


class Prepared:
    """
    What `build` returns, a queryset of `.values(...)` with a `Slot` for all that differs from one time to the next.
    Nothing else of it may: it is built once in the life of the process, whoever asks and in whichever language.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    def rows(self, **values: Any) -> Iterator[dict[str, Any]]:
        """
        The rows for these values of the slots, as `.values()` has them. One query. Raises `KeyError` for a slot without
        a value.
        """
        compiler, sql, slots, names = self._statement
        told = [str(values[name]) for name in slots]
        try:
            found = asked(sql, told)
        except NotSupportedError:
            # A column has got another type since the statement was prepared. A new connection prepares it anew.
            if connection.in_atomic_block:
                raise
            connection.close()
            found = asked(sql, told)
        for row in compiler.results_iter(results=[found]):
            yield dict(zip(names, row, strict=True))

    @cached_property
    def _statement(self) -> tuple[SQLCompiler, str, list[str], list[str]]:
        query = self._build().query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        sql, slots = with_literals(sql, parameters)
        return compiler, sql, slots, list(query.selected or ())


def with_literals(sql: str, parameters: Sequence[Any]) -> tuple[str, list[str]]:
    """
    A statement with its parameters written into it, where the planner sees them: an index of the published rows is of
    use only to who asks for those. A `Slot` keeps its place; the names of all come back too.
    """
    values = iter(parameters)
    slots: list[str] = []

    def written(found: re.Match[str]) -> str:
        if found[0] != "%s":
            return found[0]
        value = next(values)
        if isinstance(value, Slot):
            slots.append(value.name)
            return found[0]
        return Literal(value).as_string(connection.connection).replace("%", "%%")

    return re.sub("%[%s]", written, sql), slots


def asked(sql: str, values: Sequence[str] = ()) -> list[Sequence[Any]]:
    """The rows of a statement that is the same each time but for the values of its placeholders. It is planned once."""
    with connection.cursor() as cursor:
        # In place of Django's own, which writes the values into the statement, so that it is another one each time.
        cursor.cursor = _Cursor(connection.connection)
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


class _Cursor(Cursor[tuple[Any, ...]]):
    def execute(self, query: Any, params: Params | None = None, **options: Any) -> Self:
        super().execute(query, params, **options)
        if self._query is None and connection.queries_logged:
            # Django's log of queries asks for it, and psycopg does not keep that of a prepared statement.
            self._query = self._convert_query(query, params)
        return self
