"""A lookup of our own: among many keys, as one array."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Field, ForeignKey, Lookup

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


class Array(str):
    """Whole numbers as PostgreSQL writes an array of them: `{1,2,3}`."""

    __slots__ = ()


def as_array(keys: Iterable[int]) -> Array:
    """For who asks several times with the same keys; for once, `among` takes the keys themselves."""
    return Array(f"{{{','.join([str(int(key)) for key in keys])}}}")


@ForeignKey.register_lookup
@Field.register_lookup
class Among(_Lookup):
    """
    `pk__among=[1, 2, 3]` or `court__among=ArraySubquery(...)`: one of these. It finds what `in` finds.

    A list of whole numbers goes to the database as one value, where `in` has a placeholder for each that the driver
    must parse; the planner still sees how many there are. An `ArraySubquery` is asked first and its answer looked up in
    an index, where the planner turns `in` with a subquery into a join and often reads the whole outer table for it.
    """

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Any) -> None:
        super().__init__(lhs, rhs if isinstance(rhs, Array) or hasattr(rhs, "as_sql") else as_array(rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        if hasattr(self.rhs, "as_sql"):
            array, values = compiler.compile(self.rhs)
            return f"{column} = ANY({array})", (*parameters, *values)
        # As text: a page asks with the same thousand keys a dozen times, and the driver would look at each of them.
        return f"{column} = ANY(%s::bigint[])", (*parameters, self.rhs)
