"""The filter of the list of cases."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ... import facets, search
from ...facets import Asked, Counts
from ...models import Case, Level, PartyKind, Status
from ...models.visibility import CaseQuerySet
from .criteria import criteria, each
from .faceted import FacetedFilter
from .fields import BoundFilter, ManyFilter, NamesFilter, RangeForm, WordsFilter
from .offered import offered


class CaseFilter(FacetedFilter):
    """The list of cases."""

    q = WordsFilter(label=_("Words or docket number"))
    court = ManyFilter(label=_("Court"))
    level = ManyFilter(label=_("Level"), choices=Level.choices)
    after = BoundFilter(label=_("Entry on or after"))
    before = BoundFilter(label=_("Entry on or before"))
    decided_after = BoundFilter(label=_("Ruling on or after"))
    decided_before = BoundFilter(label=_("Ruling on or before"))
    outcome = ManyFilter(label=_("Outcome of a ruling"), choices=search.OUTCOME_CHOICES)
    topic = ManyFilter(label=_("Topic"))
    status = ManyFilter(label=_("Status"), choices=Status.choices)
    party_kind = ManyFilter(label=_("Kind of party"), choices=PartyKind.choices)
    party = django_filters.CharFilter(label=_("Party"), max_length=120)
    judge = NamesFilter(label=_("Judge"))
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=[
            ("name", _("By name")),
            ("recent", _("Latest entry first")),
            ("first", _("Oldest dispute first")),
            ("relevance", _("Best match first")),
        ],
        empty_label=None,
    )
    unlisted = frozenset({"sort"})
    of_cases = True
    # What is looked for and where it is, known when the list has been narrowed.
    asked: search.Asked | None = None
    found = search.CasesFound()

    class Meta:
        model = Case
        form = RangeForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: CaseQuerySet, state: str | None = None) -> None:
        super().__init__(data, queryset, offered(state), state)
        if data.get("q", "").strip():
            # What holds unless another is chosen stands first.
            self.form.fields["sort"].choices = self.form.fields["sort"].choices[::-1]
        self.form.fields["topic"].choices = self._offered.topics

    def narrow(self, queryset: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        cases: Any = queryset
        if values.get("party"):
            cases = cases.filter(pk__in=search.cases_of_party(values["party"]))
        choices = self._asked(values)
        narrowed = choices.by_themselves(search.cases_with(cases, choices.entry))
        self.asked = search.understand(values.get("q") or "")
        self._within: CaseQuerySet = cases
        self._is_narrowed = bool(values.get("party")) or choices != Asked()
        if self.asked is None:
            return narrowed
        self.found = search.cases_found(self.asked, narrowed if self._is_narrowed else None)
        self._within = cases.filter(pk__among=list(self.found.hits))
        return narrowed.filter(pk__among=list(self.found.hits))

    @property
    def best_first(self) -> list[int]:
        """The keys of the cases that are found and listed, the best match first. At most one query."""
        cases: Any = self.qs
        return self.found.best_first(cases if self._is_narrowed else None)

    @staticmethod
    def _asked(values: Mapping[str, Any]) -> Asked:
        return Asked(criteria(values), each(values, "topic"), each(values, "status"), each(values, "party_kind"))

    def question(self) -> tuple[Asked, str | None, str | None]:
        values = self.form.cleaned_data
        return self._asked(values), values.get("q"), values.get("party")

    def count(self) -> Counts:
        asked, *narrowing = self.question()
        counts = facets.count_cases(asked, self._within if any(narrowing) else None)
        is_known = not (self.found.is_bounded or self.found.is_partial)
        return counts if is_known else counts.at_least(asked, listed=self.found.is_bounded)

    @property
    def order(self) -> str:
        """The order asked for. Where words are looked for the best match stands first, unless asked otherwise."""
        self.form.is_valid()
        words = bool(search.clean_words(self.form.cleaned_data.get("q") or ""))
        chosen = self.form.cleaned_data.get("sort") or ("relevance" if words else "name")
        return "name" if chosen == "relevance" and not words else chosen
