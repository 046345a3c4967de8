"""
Queries put together once. Django writes the SQL of a queryset anew each time, which for a query of many joins takes as
long as the database takes to answer it; a page of a case has seven such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import cached_property


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
        compiler, sql, parameters, names = self._statement
        told = [values[value.name] if isinstance(value, Slot) else value for value in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, told)
            found = cursor.fetchall()
        for row in compiler.results_iter(results=[found]):
            yield dict(zip(names, row, strict=True))

    @cached_property
    def _statement(self) -> tuple[SQLCompiler, str, list[Any], list[str]]:
        query = self._build().query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        return compiler, sql, list(parameters), list(query.selected or ())
