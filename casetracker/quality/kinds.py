"""What a kind of fault is."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from ..models import Court, Proceeding, Reference, Source

Text = str | Promise


class Weight(Enum):
    BLOCKS = "blocks"
    WARNS = "warns"
    # Nothing to do with whether it may be published.
    TELLS = "tells"


@dataclass(frozen=True, slots=True)
class Check:
    """
    One kind of fault. `find` gives the rows of `model` that have it on a day; `case` and `entry` are the paths from
    such a row to its case and to the entry on whose screen it is mended, empty where there is none. `part` is the
    part of that screen. `sentence` tells an editor of one row, `counted` of several.
    """

    name: str
    heading: Text
    sentence: Text
    counted: Any
    model: type[Model]
    weight: Weight
    find: Callable[[datetime.date], QuerySet[Any]]
    case: str
    entry: str = ""
    part: str = ""

    def rows(self, *, on: datetime.date | None = None, case: int | None = None) -> QuerySet[Any]:
        """The rows with the fault, of one case or of all."""
        rows = self.find(on or timezone.now().date())
        return self.of_case(rows, case) if case is not None else rows

    def of_case(self, rows: QuerySet[Any], case: int) -> QuerySet[Any]:
        if self.model is Source:
            behind = Reference.objects.filter(
                Q(case=case) | Q(event__case=case) | Q(statement__event__case=case), source=OuterRef("pk")
            )
            return rows.filter(Exists(behind))
        if self.model is Court:
            return rows.filter(Exists(Proceeding.objects.filter(case=case, court=OuterRef("pk"))))
        return rows.filter(**{self.case: case})
