"""
The filter forms of the public pages. They read an address, say what is wrong with it, and hand plain criteria down.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator, RegexValidator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .. import facets, keyset, search, threads
from ..dates import DateError, parse_bound
from ..facets import Asked, Counts
from ..freshness import Remembered
from ..language import refusal
from ..models import (
    PUBLIC_ID_ALPHABET,
    PUBLIC_ID_LENGTH,
    Case,
    Court,
    Event,
    FormerCourt,
    Kind,
    Level,
    PartyKind,
    Status,
    System,
    Topic,
)
from ..models.visibility import CaseQuerySet, EventQuerySet
from ..overview import OUTSIDE
from . import facets as shown

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    """
    One filter that is on: what it says, and the query string of the page without it. `is_stored`: its value is a text
    of the record and not of the page.
    """

    label: str
    value: str
    without: str
    is_stored: bool


class BoundField(forms.CharField):
    """
    One end of a range of days, as a reader types it: 2025-04-10, 2025-04 or 2025. The value is the first and the last
    day that it means.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.widget.attrs.update({"placeholder": "2025-04-10", "autocomplete": "off", "size": "11"})

    def clean(self, value: Any) -> tuple[datetime.date, datetime.date] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_bound(text)
        except DateError as error:
            raise ValidationError(refusal(error), code="invalid") from error


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


class BoundFilter(django_filters.Filter):
    field_class = BoundField


class WordsFilter(django_filters.CharFilter):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=search.LONGEST_QUERY, **options)


class EntryFilter(django_filters.CharFilter):
    """The identifier of an entry, as it stands in its address. Readers follow a link to it and do not type it."""

    def __init__(self, **options: Any) -> None:
        form = RegexValidator(
            rf"^[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}\Z",
            format_lazy(_("This is no entry’s address: it has {count} letters and digits."), count=PUBLIC_ID_LENGTH),
        )
        super().__init__(widget=forms.HiddenInput, validators=[form], **options)


class ManyFilter(django_filters.MultipleChoiceFilter):
    """Several of a few choices, as boxes to tick."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**options)


class NamesField(forms.MultipleChoiceField):
    """Several names or slugs, which need not be among those that are offered."""

    longest, most = 120, 20

    def to_python(self, value: Any) -> list[str]:
        return [name for name in dict.fromkeys(text.strip() for text in super().to_python(value)) if name]

    def validate(self, value: Any) -> None:
        if len(value) > self.most:
            raise ValidationError(_("Name at most %(most)s of them at once.") % {"most": self.most})
        for name in value:
            ProhibitNullCharactersValidator()(name)
            MaxLengthValidator(self.longest)(name)


class NamesFilter(django_filters.MultipleChoiceFilter):
    field_class = NamesField


class RangeForm(forms.Form):
    """Refuses a range whose last day is before its first."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for first, last in (("after", "before"), ("decided_after", "decided_before")):
            if values.get(first) and values.get(last) and values[last][1] < values[first][0]:
                self.add_error(last, _("This is before the first day of the range."))
        return values


class AddressFilter(django_filters.FilterSet):
    """
    A filter whose whole state is the query string of the page. Subclasses say in `narrow` what the cleaned values mean.

    Parameters that it does not know are ignored, a value that it cannot read gives an error beside its field and does
    not narrow the list.
    """

    data: Any

    def narrow(self, queryset: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        raise NotImplementedError

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.narrow(queryset, self.form.cleaned_data)

    @property
    def is_on(self) -> bool:
        """Whether the address asks for anything: such a page is not for search engines."""
        return any(value for name, values in self._given() for value in values)

    @property
    def chips(self) -> list[Chip]:
        """The filters that are on and valid, each with the address without it."""
        if not self.is_bound:
            return []
        found = []
        for name, values in self._given():
            if name in self.form.errors:
                continue
            field = self.form.fields[name]
            labels = {**dict(_flat(getattr(field, "choices", []))), **self.names}
            for value in values:
                if value and name not in self.unlisted:
                    label = str(field.label or name.replace("_", " ").capitalize())
                    is_stored = name in self.stored and value != OUTSIDE and value in labels
                    found.append(
                        Chip(label, str(labels.get(value, value)), _without(self.data, name, value), is_stored)
                    )
        return found

    @property
    def has_dates(self) -> bool:
        """Whether a date is asked for, or could not be read."""
        return any(any(values) for name, values in self._given() if isinstance(self.form.fields[name], BoundField))

    @property
    def narrows(self) -> bool:
        """Whether it may leave anything out: some filter is on and valid."""
        return bool(self.chips)

    # What a chip says in place of a value, where the field itself cannot tell: the title of an entry.
    names: Mapping[str, str] = MappingProxyType({})
    # Parameters whose values are texts of the record.
    stored: frozenset[str] = frozenset({"court", "judge", "topic", "thread"})
    # Parameters that order the list and do not narrow it.
    unlisted: frozenset[str] = frozenset()

    def offer_courts(self, choices: Any) -> None:
        """
        Offer these courts, whether as a list or in groups. An address that names a court by an identifier that it had
        before it was merged asks for the court that stayed.
        """
        self.form.fields["court"].choices = choices
        if not isinstance(self.data, QueryDict):
            return
        offered = {key for key, _ in _flat(choices)}
        asked = [value.strip() for value in self.data.getlist("court")]
        unknown = {value for value in asked if value not in offered and "\x00" not in value}
        if not unknown or not offered:
            return
        former = FormerCourt.objects.public().filter(identifier__in=unknown)
        stayed = dict(former.values_list("identifier", "court_id"))
        if stayed:
            data = self.data.copy()
            data.setlist("court", list(dict.fromkeys(stayed.get(value, value) for value in asked)))
            self.data = self.form.data = data

    def _counted(self, counts: Counts | None) -> Counts | None:
        """The same counts; a judge who is chosen by the slug goes by name from now on."""
        self.names = counts.names if counts else {}
        return counts

    def _given(self) -> Iterator[tuple[str, list[str]]]:
        data = self.data
        for name in self.form.fields:
            values = data.getlist(name) if isinstance(data, QueryDict) else []
            yield name, list(dict.fromkeys(value.strip() for value in values))


def _flat(choices: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)


def _without(data: QueryDict, name: str, value: str) -> str:
    rest = data.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other.strip() != value])
    rest.pop("page", None)
    kept = QueryDict(mutable=True)
    for key, values in rest.lists():
        kept.setlist(key, [item for item in values if item])
    text = kept.urlencode()
    return f"?{text}" if text else "?"


class Offered(NamedTuple):
    """What the filters of a list offer: the courts, as system, level, identifier and name, and the topics."""

    courts: list[tuple[str, str, str, str]]
    topics: Choices


_OFFERED: Remembered[Offered] = Remembered(1)


def offered(state: str | None) -> Offered:
    """The courts and topics that have something public, in their order. Two queries for each state of the record."""
    return _OFFERED.get("", state, _offered)


def _offered() -> Offered:
    systems, levels = ({value: place for place, value in enumerate(kind.values)} for kind in (System, Level))
    columns = ("system", "level", "display_order", "sort_key", "id", "name")
    courts = sorted(
        Court.objects.in_use().public().order_by().values_list(*columns),
        key=lambda court: (systems[court[0]], levels[court[1]], *court[2:5]),
    )
    topics = list(Topic.objects.public().order_by("name", "pk").values_list("slug", "name"))
    return Offered([(court[0], court[1], court[4], court[5]) for court in courts], topics)


def _first(value: tuple[datetime.date, datetime.date] | None) -> datetime.date | None:
    return value[0] if value else None


def _last(value: tuple[datetime.date, datetime.date] | None) -> datetime.date | None:
    return value[1] if value else None


def _each(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """What is chosen in a filter, each once; in an order of its own, for it means the same in any."""
    return tuple(sorted(set(values.get(name) or ())))


def _criteria(values: Mapping[str, Any]) -> search.EntryCriteria:
    return search.EntryCriteria(
        courts=_each(values, "court"),
        levels=_each(values, "level"),
        kinds=_each(values, "kind"),
        outcomes=_each(values, "outcome"),
        judges=_each(values, "judge"),
        after=_first(values.get("after")),
        before=_last(values.get("before")),
        decided_after=_first(values.get("decided_after")),
        decided_before=_last(values.get("decided_before")),
    )


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
        return Asked(_criteria(values), _each(values, "topic"), _each(values, "status"), _each(values, "party_kind"))

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


class RulingFilter(AddressFilter):
    """The list of rulings of all cases."""

    q = WordsFilter(label=_("Words"))
    court = ManyFilter(label=_("Court"))
    level = ManyFilter(label=_("Level"), choices=Level.choices)
    after = BoundFilter(label=_("On or after"))
    before = BoundFilter(label=_("On or before"))
    outcome = ManyFilter(label=_("Outcome"), choices=search.OUTCOME_CHOICES)
    judge = NamesFilter(label=_("Judge"))
    only_rulings = True
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
        return search.entries_that(_criteria(values), self._within)

    @cached_property
    def counts(self) -> Counts | None:
        """How many rulings stand behind each choice; None where that takes too long. At most one query."""
        values = self.form.cleaned_data
        asked = Asked(_criteria(values))
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


class EntryListFilter(RulingFilter):
    """The list of all entries of all cases: that of rulings, and by kind."""

    only_rulings = False
    kind = ManyFilter(label=_("Kind"), choices=Kind.choices)


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
        events = search.entries_that(_criteria(values), events)
        if values.get("since"):
            events = search.new_since(events, values["since"][0])
        if values.get("thread"):
            events = events.filter(pk__among=threads.of_entry(values["thread"]))
        return search.entries_mentioning(events, values.get("q") or "")


class CourtTimelineFilter(TimelineOrder, AddressFilter):
    """The timeline of a court, newest first unless asked otherwise."""

    kind = ManyFilter(label=_("Kind"), choices=Kind.choices)
    after = BoundFilter(label=_("On or after"))
    before = BoundFilter(label=_("On or before"))
    outcome = ManyFilter(label=_("Outcome"), choices=search.OUTCOME_CHOICES)
    q = WordsFilter(label=_("Words"))
    order = django_filters.ChoiceFilter(
        label=_("Order"), choices=[("newest", _("Newest first")), ("oldest", _("Oldest first"))], empty_label=None
    )
    unlisted = frozenset({"order"})

    class Meta:
        model = Event
        form = RangeForm
        fields: list[str] = []

    def narrow(self, queryset: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        events = search.entries_that(_criteria(values), queryset)  # type: ignore[arg-type]  # a filter set knows no kind of queryset
        return search.entries_matching(events, values.get("q") or "")

    @property
    def paged_by(self) -> keyset.Order:
        """The order that is asked for."""
        return keyset.ENTRIES_NEWEST_FIRST if self.newest_first else keyset.ENTRIES_OLDEST_FIRST


class PersonTimelineFilter(CourtTimelineFilter):
    """The timeline of a judge or a party: that of a court, and by court. Courts with an entry on it are offered."""

    court = ManyFilter(label=_("Court"))

    def __init__(self, data: QueryDict, queryset: EventQuerySet, courts: Choices) -> None:
        super().__init__(data, queryset)
        self.offer_courts(courts)
