"""The filter of the timeline of a case, and the form of the days beside it."""

import datetime
from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ... import search, threads
from ...models import Event, Kind
from ...models.visibility import EventQuerySet
from ...overview import OUTSIDE
from .address import AddressFilter
from .criteria import criteria
from .fields import BoundField, BoundFilter, EntryFilter, ManyFilter, RangeForm, WordsFilter
from .offered import Choices


class DayForm(forms.Form):
    """The day for which a reader asks where a case stands, and the one to which the timeline is to go."""

    on = BoundField(label=_("On"), required=False)
    at = BoundField(label=_("Go to"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.fields["on"].widget.attrs["placeholder"] = "2025-04-08"
        self.is_valid()

    @property
    def day(self) -> datetime.date | None:
        """The day of `on`, if that is one."""
        return self.cleaned_data.get("on")

    def place(self, *, newest_first: bool) -> datetime.date | None:
        """The day of `at` that stands first in the order of the timeline: of "2025", the first day or the last."""
        days = self.cleaned_data.get("at")
        return days[newest_first] if days else None

    def clean_on(self) -> datetime.date | None:
        days = self.cleaned_data["on"]
        if days is None:
            return None
        first, last = days
        if first != last:
            raise ValidationError(_("Write one day here, such as 2025-04-08."))
        return first


class TimelineOrder:
    """Of a filter with an `order`: the first choice is what holds unless the address says otherwise."""

    @property
    def newest_first(self) -> bool:
        form: Any = self.form  # type: ignore[attr-defined]  # of the filter that it is part of
        # A mistake in another field leaves the order as it is asked for.
        form.is_valid()
        return bool((form.cleaned_data.get("order") or form.fields["order"].choices[0][0]) == "newest")


class TimelineFilter(TimelineOrder, AddressFilter):
    """The timeline of one case. Its courts are offered, and what happened outside court."""

    court = ManyFilter(label=_("Court"))
    kind = ManyFilter(label=_("Kind"), choices=Kind.choices)
    after = BoundFilter(label=_("On or after"))
    before = BoundFilter(label=_("On or before"))
    since = BoundFilter(label=_("New here since"))
    q = WordsFilter(label=_("Words"), help_text=_("In titles, summaries, notes, dockets, documents and what was said."))
    thread = EntryFilter(label=_("Thread of"))
    order = django_filters.ChoiceFilter(
        label=_("Order"), choices=[("oldest", _("Oldest first")), ("newest", _("Newest first"))], empty_label=None
    )
    unlisted = frozenset({"order"})
    # What is looked for, known when the timeline has been narrowed.
    asked: search.Asked | None = None

    class Meta:
        model = Event
        form = RangeForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: EventQuerySet, courts: Choices) -> None:
        super().__init__(data, queryset)
        self.offer_courts(courts)

    def narrow(self, queryset: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        chosen = set(values.get("court") or ())
        events: Any = queryset
        if OUTSIDE in chosen:
            events = events.filter(search.in_courts(chosen - {OUTSIDE}, outside=True))
            values = {**values, "court": ()}
        events = search.entries_that(criteria(values), events)
        if values.get("since"):
            events = search.new_since(events, values["since"][0])
        if values.get("thread"):
            events = events.filter(pk__among=threads.of_entry(values["thread"]))
        self.asked = search.understand(values.get("q") or "")
        return events if self.asked is None else search.entries_mentioning(events, self.asked)
