"""The filters of the timelines of courts, judges and parties."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ... import facets, keyset, search
from ...appearances import Tally
from ...facets import ENTRY_FACETS, Asked, Counts, Facet
from ...models import Event, Kind, Level
from ...models.visibility import EventQuerySet
from ..facets import FacetShown
from .criteria import criteria
from .faceted import FacetedFilter
from .fields import BoundFilter, ManyFilter, NamesFilter, RangeForm, WordsFilter
from .offered import Offered, in_order
from .timelines import TimelineOrder
from .words import OfWords


class AppearancesFilter(TimelineOrder, OfWords, FacetedFilter):
    """What the timelines of a court, a judge and a party have in common; newest first unless asked otherwise."""

    kind = ManyFilter(label=_("Kind"), choices=Kind.choices)
    after = BoundFilter(label=_("On or after"))
    before = BoundFilter(label=_("On or before"))
    outcome = ManyFilter(label=_("Outcome of a ruling"), choices=search.OUTCOME_CHOICES)
    q = WordsFilter(label=_("Words"))
    order = django_filters.ChoiceFilter(
        label=_("Order"), choices=[("newest", _("Newest first")), ("oldest", _("Oldest first"))], empty_label=None
    )
    unlisted = frozenset({"order"})

    class Meta:
        model = Event
        form = RangeForm
        fields: list[str] = []

    def __init__(
        self, data: QueryDict, queryset: EventQuerySet, whose: str, tally: Tally, state: str | None = None
    ) -> None:
        """
        `whose` timeline it is, by the key or the slug, tells what is remembered of one from that of another. `tally` is
        that of the whole timeline: of courts those are offered that are on it.
        """
        super().__init__(data, queryset, Offered(in_order(tally.courts)), state)
        self._whose, self._tally = whose, tally

    def narrow(self, queryset: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        return self.look_for_words(queryset, values)

    def question(self) -> tuple[str, Asked, str | None]:
        values = self.form.cleaned_data
        return self._whose, Asked(criteria(values)), values.get("q")

    def count(self) -> Counts:
        _, asked, _ = self.question()
        counts = facets.count_entries(asked, self._within, only_rulings=False, facets=self.counted)
        return self.known_in_part(counts, asked)

    @property
    def counted(self) -> list[Facet]:
        """Those of the form, and the years."""
        return [facet for facet in ENTRY_FACETS if facet == Facet.YEAR or facet in self.form.fields]

    @property
    def facets_here(self) -> list[FacetShown]:
        """Those by which entries of the whole timeline differ, and those with a choice, which is not to be lost."""
        tally = self._tally
        differs = {
            Facet.COURT: len(tally.courts) > 1,
            Facet.LEVEL: len({court[1] for court in tally.courts}) > 1,
            Facet.KIND: len(tally.kinds) > 1,
            Facet.OUTCOME: tally.rulings > 0,
        }
        return [facet for facet in self.shown.facets if differs[Facet(facet.name)] or facet.is_chosen or facet.errors]

    @property
    def number(self) -> tuple[int, bool] | None:
        """How many entries are listed and whether there are more; None where counting takes too long."""
        if not self.narrows:
            return self._tally.count, False
        return self.counts.found if self.counts else None

    @property
    def most(self) -> int | None:
        """How many texts of a kind were looked at, if there are more with these words."""
        return search.MOST_LISTED if self.found.is_bounded else None

    @property
    def paged_by(self) -> keyset.Order:
        """The order that is asked for."""
        return keyset.ENTRIES_NEWEST_FIRST if self.newest_first else keyset.ENTRIES_OLDEST_FIRST


class CourtTimelineFilter(AppearancesFilter):
    """The timeline of a court."""

    judge = NamesFilter(label=_("Judge"))

    def count(self) -> Counts:
        court, asked, words = self.question()
        if words:
            return super().count()
        # Asked as one of all entries: of a court alone the numbers are kept.
        here = replace(asked, entry=replace(asked.entry, courts=(court,)))
        return facets.count_entries(here, only_rulings=False, facets=self.counted)


class PersonTimelineFilter(AppearancesFilter):
    """The timeline of a judge or a party, by court too."""

    court = ManyFilter(label=_("Court"))
    level = ManyFilter(label=_("Level"), choices=Level.choices)


class JudgeTimelineFilter(PersonTimelineFilter):
    """The timeline of a judge."""


class PartyTimelineFilter(PersonTimelineFilter):
    """The timeline of a party, by judge too."""

    judge = NamesFilter(label=_("Judge"))
