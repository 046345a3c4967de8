"""A filter whose whole state is the address of the page, and what the page says of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict

from ...models import FormerCourt
from ...overview import OUTSIDE
from .fields import BoundField


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
        parameters = self._parameters()
        for name, values in self._given():
            if name in self.form.errors or name in self.unlisted or not any(values):
                continue
            field = self.form.fields[name]
            labels = {**dict(_flat(getattr(field, "choices", []))), **self.names}
            for value in values:
                if value:
                    label = str(field.label or name.replace("_", " ").capitalize())
                    is_stored = name in self.stored and value != OUTSIDE and value in labels
                    rest = "&".join(text for *pair, text in parameters if pair != [name, value])
                    found.append(Chip(label, str(labels.get(value, value)), f"?{rest}", is_stored))
        return found

    def _parameters(self) -> list[tuple[str, str, str]]:
        """
        What is in the address but the page: name, value, and both as they are written there. Of two hundred choices
        each chip writes the other ones.
        """
        return [
            (name, value.strip(), urlencode({name: value}))
            for name, values in self.data.lists()
            for value in values
            if value and name != "page"
        ]

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
