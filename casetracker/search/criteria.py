"""
Which cases and entries answer a question. Everything starts from `public()`; nothing here knows of a request.

Court, level, dates, outcome and judge must hold for one and the same entry: "rulings of D. Md. in April 2025" is not
answered by a case with a ruling of D. Md. in March and a filing elsewhere in April.
"""

import datetime
import functools
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy

from ..models import (
    DERIVED_OUTCOMES,
    Court,
    Event,
    FormerJudge,
    FormerParty,
    Judge,
    Kind,
    Outcome,
    Party,
    PartyRole,
    Proceeding,
    RulingJudge,
    Treatment,
)
from ..models.functions import SortKey
from ..models.visibility import CaseQuerySet, EventQuerySet
from .words import clean_words

# The outcomes a reader can choose: the answers to what was asked, then those that follow from what a ruling did to
# another.
_DERIVED = {label.lower(): verb for verb, label in DERIVED_OUTCOMES.items()}
OUTCOME_CHOICES: list[tuple[str, Any]] = [
    *((str(value), label) for value, label in Outcome.choices),
    *((label.lower(), gettext_lazy(label)) for label in DERIVED_OUTCOMES.values()),
]


@dataclass(frozen=True, slots=True)
class EntryCriteria:
    """
    What one entry must fulfil. Empty means anything; several courts, levels, outcomes or judges mean any of them. Both
    ends of a range count as in it. A `decided_` range asks for a ruling.
    """

    courts: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()  # of each a slug, or a part of the name
    after: datetime.date | None = None
    before: datetime.date | None = None
    decided_after: datetime.date | None = None
    decided_before: datetime.date | None = None

    @property
    def needs_an_entry(self) -> bool:
        """Whether only an entry can fulfil this; court and level alone are fulfilled by a proceeding too."""
        return bool(
            self.kinds or self.outcomes or self.judges
            or self.after or self.before or self.decided_after or self.decided_before
        )  # fmt: skip

    def __bool__(self) -> bool:
        return bool(self.courts or self.levels or self.needs_an_entry)


def in_range(after: datetime.date | None, before: datetime.date | None) -> Q:
    """
    The condition that an entry may lie in a range of days: its span, open ends included, meets it. As with
    `UncertainDate.may_lie_in`, nothing lies in a range that ends before it begins.
    """
    if after is not None and before is not None and after > before:
        return Q(pk__in=[])
    if after is None and before is None:
        return Q()
    return Q(span__overlap=DateRange(after, before, "[]"))


def entries_that(criteria: EntryCriteria, events: EventQuerySet | None = None) -> EventQuerySet:
    """Public entries that fulfil all of `criteria`."""
    found: EventQuerySet = Event.objects.public() if events is None else events
    if criteria.courts:
        found = found.filter(court__in=criteria.courts)
    if criteria.levels:
        found = found.filter(court__among=_courts_of(criteria.levels))
    if criteria.kinds:
        found = found.filter(kind__in=criteria.kinds)
    if criteria.outcomes:
        answers = [outcome for outcome in criteria.outcomes if outcome not in _DERIVED]
        verbs = [_DERIVED[outcome] for outcome in criteria.outcomes if outcome in _DERIVED]
        condition = Q(outcome__in=answers) if answers else Q()
        if verbs:
            condition |= Q(Exists(Treatment.objects.public().filter(act=OuterRef("pk"), verb__in=verbs)))
        found = found.filter(condition, kind=Kind.RULING)
    if criteria.judges:
        any_of_them = functools.reduce(operator.or_, map(named, criteria.judges))
        slugs = [clean_words(name) for name in criteria.judges]
        # An address from before two were merged asks for the one that stayed.
        former = FormerJudge.objects.filter(slug__in=slugs, was_public=True).order_by().values("judge")
        judges = ArraySubquery(
            Judge.objects.filter(any_of_them | Q(pk__among=ArraySubquery(former))).order_by().values("pk")
        )
        found = found.filter(Exists(RulingJudge.objects.filter(judge__among=judges, ruling=OuterRef("pk"))))
    found = found.filter(in_range(criteria.after, criteria.before))
    if criteria.decided_after or criteria.decided_before:
        found = found.filter(in_range(criteria.decided_after, criteria.decided_before), kind=Kind.RULING)
    return found


def new_since(events: EventQuerySet, day: datetime.date) -> EventQuerySet:
    """Of public entries those that readers see since `day`: the entry or its case was published then or later."""
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    return events.filter(Q(published_from__gte=start) | Q(case__published_from__gte=start))


def _courts_of(levels: Iterable[str]) -> ArraySubquery:
    return ArraySubquery(Court.objects.in_use().filter(level__in=levels).order_by().values("pk"))


def in_courts(courts: Iterable[str], *, outside: bool) -> Q:
    """The condition that an entry stands in one of `courts` or, with `outside`, in none at all."""
    condition = Q(court__in=list(courts))
    return condition | Q(court__isnull=True) if outside else condition


def named(name: str) -> Q:
    """The condition that somebody has this slug, or `name` in the name, whatever its accents and capitals."""
    words = clean_words(name)
    if not words:
        return Q(pk__in=[])
    return Q(slug=words) | Q(sort_key__contains=SortKey(Value(words)))


def cases_of_party(name: str) -> QuerySet[Any, Any]:
    """The keys of public cases with a party of this slug, present or former, or with `name` in its name."""
    former = FormerParty.objects.filter(slug=clean_words(name), was_public=True).order_by().values("party")
    parties = Party.objects.filter(named(name) | Q(pk__among=ArraySubquery(former)))
    return PartyRole.objects.public().filter(party__in=parties).order_by().values_list("proceeding__case", flat=True)


def cases_with(cases: CaseQuerySet, criteria: EntryCriteria) -> CaseQuerySet:
    """
    Those of `cases`, which are public, that have a public entry that fulfils `criteria`; for court and level alone a
    proceeding is enough.
    """
    if not criteria:
        return cases
    # Parts of a union keep the order of their model unless told otherwise, and the database would sort each by it.
    entries = entries_that(criteria, Event.objects.public_if_their_case_is())
    keys: QuerySet[Any, Any] = entries.order_by().values_list("case", flat=True).distinct()
    if not criteria.needs_an_entry:
        keys = keys.union(seats_in(criteria).order_by().values_list("case", flat=True))
    return those(cases, keys)


def seats_in(criteria: EntryCriteria) -> QuerySet[Proceeding]:
    """Proceedings before a court that `criteria` asks for, which says nothing else; public if their case is."""
    proceedings = Proceeding.objects.all()
    if criteria.courts:
        proceedings = proceedings.filter(court__in=criteria.courts)
    if criteria.levels:
        proceedings = proceedings.filter(court__among=_courts_of(criteria.levels))
    return proceedings


def those(cases: CaseQuerySet, keys: QuerySet[Any, int]) -> CaseQuerySet:
    """
    Those of `cases` that `keys` name. The keys are read here and now: a list asks twice, how many there are and which
    stand on this page, and with a subquery under a LIMIT the planner bets on meeting the first 25 early. Where that bet
    is lost it takes ten times as long.
    """
    return cases.filter(pk__among=list(keys))
