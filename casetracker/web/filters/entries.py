"""The filters of the lists of entries: of all of them, and of rulings alone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ... import facets, search
from ...facets import Asked, Counts
from ...models import Event, Kind, Level
from ...models.visibility import EventQuerySet
from .. import facets as shown
from .address import AddressFilter
from .criteria import criteria
from .fields import BoundFilter, ManyFilter, NamesFilter, RangeForm, WordsFilter
from .offered import offered


class EntriesFilter(AddressFilter):
    """What the lists of entries of all cases have in common; each says which entries it lists."""

    q = WordsFilter(label=_("Words"))
    court = ManyFilter(label=_("Court"))
    level = ManyFilter(label=_("Level"), choices=Level.choices)
    after = BoundFilter(label=_("On or after"))
    before = BoundFilter(label=_("On or before"))
    outcome = ManyFilter(label=_("Outcome"), choices=search.OUTCOME_CHOICES)
    judge = NamesFilter(label=_("Judge"))
    only_rulings: ClassVar[bool]
    # What is looked for and what has it, known when the list has been narrowed.
    asked: search.Asked | None = None
    found: search.EntriesFound | None = None

    class Meta:
        model = Event
        form = RangeForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: EventQuerySet, state: str | None = None) -> None:
        super().__init__(data, queryset)
        self._state = state
        self._offered = offered(state)
        self.offer_courts([(key, name) for _, _, key, name in self._offered.courts])

    def narrow(self, queryset: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        self._within: EventQuerySet = queryset  # type: ignore[assignment]  # a filter set knows no kind of queryset
        self.asked = search.understand(values.get("q") or "")
        if self.asked is not None:
            self.found = search.entries_found(self._within, self.asked)
            self._within = self.found.rows
        return search.entries_that(criteria(values), self._within)

    @cached_property
    def counts(self) -> Counts | None:
        """How many entries stand behind each choice; None where that takes too long. At most one query."""
        values = self.form.cleaned_data
        asked = Asked(criteria(values))
        question = (type(self), asked, values.get("q"))
        found = self.qs is not None and shown.counted(
            question,
            self._state,
            lambda: facets.count_entries(
                asked, self._within if values.get("q") else None, only_rulings=self.only_rulings
            ),
        )
        return self._counted(found or None)

    @cached_property
    def shown(self) -> shown.Shown:
        return shown.Shown(self, self.counts, self._offered, of_cases=False)


class RulingFilter(EntriesFilter):
    """The list of rulings of all cases."""

    only_rulings = True


class EntryListFilter(EntriesFilter):
    """The list of all entries of all cases, and by kind."""

    kind = ManyFilter(label=_("Kind"), choices=Kind.choices)
    only_rulings = False
