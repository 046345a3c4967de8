"""A filter beside whose choices stands how many each would list."""

from collections.abc import Hashable
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

from ...facets import Counts
from .. import facets as shown
from .address import AddressFilter
from .offered import Offered


class FacetedFilter(AddressFilter):
    """
    Subclasses say in `question` what is counted and in `count` how. `state` is that of the record, for which counts are
    remembered; None to count anew.
    """

    of_cases = False

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], offered: Offered, state: str | None = None) -> None:
        super().__init__(data, queryset)
        self._state = state
        self._offered = offered
        if "court" in self.form.fields:
            self.offer_courts([(key, name) for _, _, key, name in offered.courts])

    def question(self) -> Hashable:
        raise NotImplementedError

    def count(self) -> Counts:
        raise NotImplementedError

    @cached_property
    def counts(self) -> Counts | None:
        """How many rows stand behind each choice; None where that takes too long. At most one query."""
        # `qs` narrows by the words first.
        found = self.qs is not None and shown.counted((type(self), self.question()), self._state, self.count)
        # A judge who is chosen by the slug goes by name from now on.
        self.names = found.names if found else {}
        return found or None

    @cached_property
    def shown(self) -> shown.Shown:
        return shown.Shown(self, self.counts, self._offered, of_cases=self.of_cases)
