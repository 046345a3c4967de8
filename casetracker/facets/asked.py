"""What a list is asked for, so that it can be asked again without one of its facets."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from ..models import CaseTopic, Event, PartyRole
from ..models.visibility import CaseQuerySet, EventQuerySet
from ..search import EntryCriteria, entries_that, seats_in


class Facet(StrEnum):
    """What choices are counted for; each is named as its parameter in an address, but the years."""

    COURT = "court"
    LEVEL = "level"
    KIND = "kind"
    YEAR = "year"
    OUTCOME = "outcome"
    JUDGE = "judge"
    TOPIC = "topic"
    STATUS = "status"
    PARTY_KIND = "party_kind"


# Which of the criteria each facet chooses.
_OF_ENTRY: dict[Facet, dict[str, Any]] = {
    Facet.COURT: {"courts": ()},
    Facet.LEVEL: {"levels": ()},
    Facet.KIND: {"kinds": ()},
    Facet.YEAR: {"after": None, "before": None},
    Facet.OUTCOME: {"outcomes": ()},
    Facet.JUDGE: {"judges": ()},
}
_OF_CASE: dict[Facet, dict[str, Any]] = {
    Facet.TOPIC: {"topics": ()},
    Facet.STATUS: {"statuses": ()},
    Facet.PARTY_KIND: {"party_kinds": ()},
}
# What the list of entries has: what is said of their cases is no choice there.
ENTRY_FACETS = tuple(_OF_ENTRY)
# What the list of cases has.
CASE_FACETS = (*(facet for facet in _OF_ENTRY if facet != Facet.KIND), *_OF_CASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """
    The choices of a filter: `entry` must hold for one and the same entry, the others for its case, several of one mean
    any of them. What is no facet, such as words, has narrowed the rows before.
    """

    entry: EntryCriteria = field(default_factory=EntryCriteria)
    topics: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    party_kinds: tuple[str, ...] = ()

    def without(self, facet: Facet) -> "Asked":
        """The same with nothing chosen in `facet`."""
        if facet in _OF_CASE:
            return replace(self, **_OF_CASE[facet])
        return replace(self, entry=replace(self.entry, **_OF_ENTRY[facet]))

    def cases_of(self, cases: CaseQuerySet) -> CaseQuerySet:
        """Those of `cases`, which are public, that fulfil this; as one question to the database."""
        found = self.by_themselves(cases)
        if self.entry:
            keys: QuerySet[Any, Any] = self.entries().order_by().values_list("case", flat=True)
            if not self.entry.needs_an_entry:
                keys = keys.union(seats_in(self.entry).order_by().values_list("case", flat=True))
            found = found.filter(pk__among=ArraySubquery(keys))
        return found

    def by_themselves(self, cases: CaseQuerySet) -> CaseQuerySet:
        """Those of `cases` that fulfil what is asked of the case itself."""
        if self.topics:
            cases = cases.filter(pk__in=_with_topics(self.topics))
        if self.statuses:
            cases = cases.filter(status__in=self.statuses)
        if self.party_kinds:
            cases = cases.alias(kinds_of_parties=_KINDS_OF_PARTIES).filter(
                kinds_of_parties__overlap=list(self.party_kinds)
            )
        return cases

    def entries(self) -> EventQuerySet:
        """The entries that fulfil what is asked of an entry, public if their case is."""
        return self.entries_of(Event.objects.public_if_their_case_is())

    def entries_of(self, events: EventQuerySet) -> EventQuerySet:
        """Those of `events`, which are public, that fulfil what is asked of an entry."""
        return entries_that(self.entry, events)


def bases(asked: Asked, facets: tuple[Facet, ...]) -> Iterator[tuple[Asked, list[Facet]]]:
    """
    What is asked with nothing chosen in a facet, for each of `facets`, those for which that is the same together; first
    what is asked as a whole, even if each facet has a choice.
    """
    groups: dict[Asked, list[Facet]] = {asked: []}
    for facet in facets:
        groups.setdefault(asked.without(facet), []).append(facet)
    yield from groups.items()


def _with_topics(slugs: tuple[str, ...]) -> QuerySet[Any, Any]:
    return CaseTopic.objects.filter(topic__slug__in=slugs).order_by().values("case")


# Asked of each case in the order of the list, whose page is soon full. As a condition on parties, of whom many are of
# each kind, the planner would read all of those first.
_KINDS_OF_PARTIES = ArraySubquery(
    PartyRole.objects.filter(proceeding__case=OuterRef("pk")).order_by().values("party__kind")
)
