"""The pages of a list at the desk, without counting rows that nobody will page to."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

# More rows than anybody pages through: who wants one behind them narrows the list, or turns its order round.
MOST_COUNTED = 2_000


class BoundedPaginator(Paginator):
    """
    Counts no further than `MOST_COUNTED`, so that what a list costs does not grow with the table. `goes_on` is whether
    there are more rows than that; they have no page.
    """

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def goes_on(self) -> bool:
        return self._counted > MOST_COUNTED
