"""An order of rows, and what stands behind or before a place in it."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler
from django.utils.crypto import salted_hmac

from .values import BETWEEN, PlaceError, same

# Greater and smaller than any key.
_BEHIND, _BEFORE = 2**63 - 1, 0


class _Rows(Func):
    """`(a, b) > (x, y)`: rows compared as a whole, which an index over the columns answers."""

    output_field = BooleanField()

    def __init__(self, columns: Sequence[Any], sign: str, values: Sequence[Any]) -> None:
        super().__init__(*columns, *values)
        self.sign = sign

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        parts: list[str] = []
        parameters: list[Any] = []
        for source in self.get_source_expressions():
            sql, values = compiler.compile(source)
            parts.append(sql)
            parameters += values
        half = len(parts) // 2
        return f"({', '.join(parts[:half])}) {self.sign} ({', '.join(parts[half:])})", tuple(parameters)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which a list is ordered, and how its values are written in an address."""

    path: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    # How it is compared where it may be null; null stands last.
    compared: Callable[[Any], Any] = same
    # The day for which a value stands, where the order is by days.
    day: Callable[[Any], datetime.date | None] | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """
    The unique last column of an order, and the public name that stands for it in an address: its own value would tell
    how many rows there are that nobody sees. A row that is public no more is not asked for; what has the same columns
    may then be shown twice, and is never left out.
    """

    path: str
    public: str
    form: str
    rows: Callable[[], QuerySet[Any]]

    def read(self, text: str) -> str:
        if not re.fullmatch(self.form, text, re.ASCII):
            raise PlaceError
        return text

    def write(self, public: Any) -> str:
        return str(public)

    def key(self, name: str, values: tuple[Any, ...], otherwise: int) -> Any:
        """The value for which the name of a row with these columns stands, as an expression."""
        return Coalesce(Subquery(self.rows().filter(**{self.public: name}).order_by().values("pk")[:1]), otherwise)


@dataclass(frozen=True, slots=True)
class MadeUpName(Name):
    """For rows that have no public name: one that only this site can make of the key. `column` is that of the order."""

    column: str = ""

    def write(self, public: Any) -> str:
        return salted_hmac("casetracker.keyset", str(public)).hexdigest()[:16]

    def key(self, name: str, values: tuple[Any, ...], otherwise: int) -> Any:
        keys = self.rows().filter(**{self.column: values[0]}).values_list("pk", flat=True)
        return Value(next((key for key in keys if self.write(key) == name), otherwise))


@dataclass(frozen=True, slots=True)
class Place:
    """The values of all columns and the name, or for the beginning of a letter or year of the first columns alone."""

    values: tuple[Any, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """
    An order in which all columns ascend, or all descend. The first `indexed` of them are never null, and an index
    begins with them. `starts` says what stands before the beginning of a letter or a year.
    """

    word: str
    columns: tuple[Column, ...]
    name: Name
    indexed: int
    descending: bool = False
    newest_first: bool = False
    by_letter: bool = False
    start_of: Callable[[str], tuple[Any, ...]] | None = None
    # What its index holds, which is all that is asked for and more.
    within: Q = Q()  # noqa: RUF009 - never changed
    # Which rows have a day, for `ends`.
    dated: Q = Q()  # noqa: RUF009 - never changed

    def by(self, *, backwards: bool = False) -> tuple[str, ...]:
        sign = "-" if self.descending != backwards else ""
        return tuple(f"{sign}{path}" for path in (*(column.path for column in self.columns), self.name.path))

    def behind(self, place: Place, *, backwards: bool = False) -> tuple[_Rows, ...]:
        """The conditions, all of which hold for what stands behind a place, or before it."""
        ascending = self.descending == backwards
        sign = ">" if ascending else "<"
        columns = self.columns[: len(place.values)]
        pairs = [(column, Value(value)) for column, value in zip(columns, place.values, strict=True)]
        if place.name is None:
            # From where a letter or a year begins: that itself is behind it, and never before.
            return (self._compared(pairs, sign if backwards else f"{sign}="),)
        key = self.name.key(place.name, place.values, _BEFORE if ascending else _BEHIND)
        exact = self._compared(pairs, sign, (F(self.name.path), key))
        if self.indexed > len(columns):
            return (exact,)
        # For the index, which knows nothing of what a missing time counts as.
        return (self._compared(pairs[: self.indexed], f"{sign}="), exact)

    @property
    def by_year(self) -> bool:
        return self.start_of is not None and not self.by_letter

    def day(self, row: Sequence[Any]) -> datetime.date | None:
        """The day by which a row of `rows` stands where it stands."""
        days = [column.day(value) for column, value in zip(self.columns, row[2:], strict=True) if column.day]
        return days[0] if days else None

    def ends(self, rows: QuerySet[Any]) -> list[datetime.date]:
        """The first and the last day of a list, none of an empty one. One query."""
        column = next(column for column in self.columns if column.day)
        dated = rows.filter(self.within, self.dated)
        first, last = (
            dated.order_by(*self.by(backwards=backwards)).values_list(column.path, flat=True)[:1]
            for backwards in (False, True)
        )
        found = [column.day(value) for value in first.union(last, all=True)] if column.day else []
        return sorted(day for day in found if day is not None)

    @staticmethod
    def _compared(pairs: Sequence[tuple[Column, Any]], sign: str, *more: tuple[Any, Any]) -> _Rows:
        columns = [column.compared(F(column.path)) for column, _ in pairs] + [column for column, _ in more]
        return _Rows(columns, sign, [column.compared(value) for column, value in pairs] + [value for _, value in more])

    def write(self, row: Sequence[Any]) -> str:
        """The place of a row of `rows`, as text."""
        values = [column.write(value) for column, value in zip(self.columns, row[2:], strict=True)]
        return BETWEEN.join([self.word, *values, self.name.write(row[1])])

    def read(self, text: str) -> Place:
        """Raises `PlaceError` unless it is a place in this order."""
        word, *values = text.split(BETWEEN)
        if word != self.word or len(values) != len(self.columns) + 1:
            raise PlaceError
        found = tuple(column.read(value) for column, value in zip(self.columns, values[:-1], strict=True))
        return Place(found, self.name.read(values[-1]))

    def read_start(self, text: str) -> Place:
        """Where a letter or a year begins. Raises `PlaceError` as `read` does."""
        word, _, start = text.partition(BETWEEN)
        form = r"[a-z]" if self.by_letter else r"1[0-9]{3}|2[01][0-9]{2}"
        if word != self.word or self.start_of is None or not re.fullmatch(form, start, re.ASCII):
            raise PlaceError
        return Place(self.start_of(start))

    def rows(
        self, rows: QuerySet[Any], size: int, place: Place | None = None, *, backwards: bool = False, skipped: int = 0
    ) -> tuple[list[tuple[Any, ...]], bool]:
        """
        At most `size` rows behind `place`, or before it, in order: key, name and columns of each. And whether there
        are more that way. One query.
        """
        wanted = rows.filter(self.within, *(self.behind(place, backwards=backwards) if place else ()))
        columns = (column.path for column in self.columns)
        found = wanted.order_by(*self.by(backwards=backwards)).values_list("pk", self.name.public, *columns)
        read = list(found[skipped : skipped + size + 1])
        shown = read[:size]
        return (shown[::-1] if backwards else shown), len(read) > size
