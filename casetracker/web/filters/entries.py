"""The filters of the lists of entries: of all of them, and of rulings alone."""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ... import facets, search
from ...facets import Asked, Counts
from ...models import Event, Kind, Level
from ...models.visibility import EventQuerySet
from .criteria import criteria
from .faceted import FacetedFilter
from .fields import BoundFilter, ManyFilter, NamesFilter, RangeForm, WordsFilter
from .offered import offered
from .words import OfWords


class EntriesFilter(OfWords, FacetedFilter):
    """What the lists of entries of all cases have in common; each says which entries it lists."""

    q = WordsFilter(label=_("Words"))
    court = ManyFilter(label=_("Court"))
    level = ManyFilter(label=_("Level"), choices=Level.choices)
    after = BoundFilter(label=_("On or after"))
    before = BoundFilter(label=_("On or before"))
    outcome = ManyFilter(label=_("Outcome"), choices=search.OUTCOME_CHOICES)
    judge = NamesFilter(label=_("Judge"))
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=[("relevance", _("Best match first")), ("recent", _("Newest first"))],
        empty_label=None,
    )
    only_rulings: ClassVar[bool]
    unlisted = frozenset({"sort"})

    class Meta:
        model = Event
        form = RangeForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: EventQuerySet, state: str | None = None) -> None:
        super().__init__(data, queryset, offered(state), state)

    def narrow(self, queryset: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        return self.look_for_words(queryset, values, ranked=self.order == "relevance")

    @property
    def order(self) -> str:
        """The order asked for. Where words are looked for the best match stands first, unless asked otherwise."""
        self.form.is_valid()
        words = bool(search.clean_words(self.form.cleaned_data.get("q") or ""))
        return (self.form.cleaned_data.get("sort") or "relevance") if words else "recent"

    @property
    def most(self) -> int:
        """So many texts of each kind are looked at in this order."""
        return search.MOST if self.order == "relevance" else search.MOST_LISTED

    def question(self) -> tuple[Asked, str | None, str]:
        values = self.form.cleaned_data
        return Asked(criteria(values)), values.get("q"), self.order

    def count(self) -> Counts:
        asked, words, _ = self.question()
        counts = facets.count_entries(asked, self._within if words else None, only_rulings=self.only_rulings)
        return self.known_in_part(counts, asked)


class RulingFilter(EntriesFilter):
    """The list of rulings of all cases."""

    only_rulings = True


class EntryListFilter(EntriesFilter):
    """The list of all entries of all cases, and by kind."""

    kind = ManyFilter(label=_("Kind"), choices=Kind.choices)
    only_rulings = False
