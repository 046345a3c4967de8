"""Rows of another table as one value: a list of objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Field, Func, TextField
from django.db.models.functions import Cast, JSONObject
from django.db.models.sql.compiler import SQLCompiler


class RowsAsJson(JSONBAgg):
    """
    All rows in `order`, each as an object of `columns`; none where there are no rows. It is `json`, for nothing looks
    into it: as `jsonb`, which Django makes, it takes a third longer.
    """

    function = "JSON_AGG"
    output_field = Field()  # type: ignore[assignment]  # the driver reads it, and Django has nothing to add

    def __init__(self, *, order: Sequence[str] = (), **columns: Any) -> None:
        super().__init__(_Object(**columns), order_by=order)


class _Object(JSONObject):
    output_field = Field()  # type: ignore[assignment]  # part of what the driver reads

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **extra_context: Any) -> Any:
        keyed = self.copy()
        keyed.set_source_expressions(
            [
                value if place % 2 else Cast(value, TextField())
                for place, value in enumerate(keyed.get_source_expressions())
            ]
        )
        return Func.as_sql(keyed, compiler, connection, function="JSON_BUILD_OBJECT", **extra_context)
