"""The filter of the list of cases."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ... import facets, search
from ...facets import Asked, Counts
from ...models import Case, Level, PartyKind, Status
from ...models.visibility import CaseQuerySet
from .. import facets as shown
from .address import AddressFilter
from .criteria import criteria, each
from .fields import BoundFilter, ManyFilter, NamesFilter, RangeForm, WordsFilter
from .offered import offered


class CaseFilter(AddressFilter):
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
    # What is looked for and where it is, known when the list has been narrowed.
    asked: search.Asked | None = None
    found = search.CasesFound()

    class Meta:
        model = Case
        form = RangeForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: CaseQuerySet, state: str | None = None) -> None:
        super().__init__(data, queryset)
        self._state = state
        self._offered = offered(state)
        if data.get("q", "").strip():
            # What holds unless another is chosen stands first.
            self.form.fields["sort"].choices = self.form.fields["sort"].choices[::-1]
        self.offer_courts([(key, name) for _, _, key, name in self._offered.courts])
        self.form.fields["topic"].choices = self._offered.topics

    def narrow(self, queryset: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        cases: Any = queryset
        if values.get("party"):
            cases = cases.filter(pk__in=search.cases_of_party(values["party"]))
        self._within: CaseQuerySet = cases
        self.asked = search.understand(values.get("q") or "")
        if self.asked is not None:
            self._within, self.found = search.cases_found(cases, self.asked)
        asked = self._asked(values)
        return asked.by_themselves(search.cases_with(self._within, asked.entry))

    @staticmethod
    def _asked(values: Mapping[str, Any]) -> Asked:
        return Asked(criteria(values), each(values, "topic"), each(values, "status"), each(values, "party_kind"))

    @cached_property
    def counts(self) -> Counts | None:
        """How many cases stand behind each choice; None where that takes too long. At most one query."""
        values = self.form.cleaned_data
        asked = self._asked(values)
        question = (asked, values.get("q"), values.get("party"))
        # `qs` narrows by the words first.
        found = self.qs is not None and shown.counted(
            question, self._state, lambda: facets.count_cases(asked, self._within if any(question[1:]) else None)
        )
        return self._counted(found or None)

    @cached_property
    def shown(self) -> shown.Shown:
        return shown.Shown(self, self.counts, self._offered, of_cases=True)

    @property
    def order(self) -> str:
        """The order asked for. Where words are looked for the best match stands first, unless asked otherwise."""
        self.form.is_valid()
        words = bool(self.form.cleaned_data.get("q"))
        chosen = self.form.cleaned_data.get("sort") or ("relevance" if words else "name")
        return "name" if chosen == "relevance" and not words else chosen
