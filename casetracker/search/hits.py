"""
Where public texts have the words that a reader looks for, best first; of very many the newest.

Each kind of text is looked through by an index of its own, and all words of a question stand in one text. What is
found of each kind has a bound, `MOST`: how many millions there may be beyond decides neither how long it takes nor what
is shown first.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from math import log
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchRank
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models import Case as Either
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact

from .. import patience
from ..models import (
    Case,
    DocketEntry,
    DocketNumber,
    Document,
    Event,
    Judge,
    Party,
    PartyRole,
    ProceedingJudge,
    RulingCitation,
    RulingJudge,
)
from ..models.functions import CitationKey, DocketKey, SortKey
from ..models.visibility import CaseQuerySet
from ..patience import rows_of, rows_within
from .words import Asked

# So many hits of each kind of text are looked at, the newest.
MOST = 2_000
# Where more texts than this have the words, by the database's own estimate, they are met soon enough by walking from
# the newest to the oldest; where fewer have them, the index of words names all.
COMMON = 50_000


class Where(IntEnum):
    """The kinds of text, those first by which a reader most likely means one thing."""

    NUMBER = 1
    CITATION = 2
    CASE = 3
    PARTY = 4
    JUDGE = 5
    ENTRY = 6
    DOCKET = 7
    DOCUMENT = 8


# Above every rank that words can have.
IS_THE_NUMBER, IS_THE_CITATION, IS_THE_NAME = 100.0, 90.0, 80.0
# The same words tell more in the name of a case than in an entry of it. A rank is at most 1.
_NAME_COUNTS, PERSON_COUNTS, PART_OF_A_NAME = 3.0, 1.5, 0.5


class Hit(NamedTuple):
    """That a text of a case has the words. `key` is that of the row: an entry, a docket entry, a party and so on."""

    case: int
    where: Where
    key: int
    rank: float


class Place(NamedTuple):
    """Where a case stands among others that are found by as good a match."""

    is_invented: bool
    sort_key: str


@dataclass(frozen=True, slots=True)
class CasesFound:
    """
    The hits of each case, best first, and its place. `is_bounded`: there are more, of which only the newest were looked
    at. `is_partial`: all hits are known in those cases alone that fulfil what else is asked. `scattered`: no text has
    all of the words, and these cases have them in several; any of them is marked then.
    """

    hits: dict[int, list[Hit]] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    is_bounded: bool = False
    is_partial: bool = False
    scattered: Asked | None = None

    @property
    def are_written(self) -> bool:
        """Whether a text has the words themselves, which a name that has them as a part of a word has not."""
        texts = {Where.ENTRY, Where.DOCKET, Where.DOCUMENT}
        return self.scattered is None and any(hit.where in texts for found in self.hits.values() for hit in found)

    def best_first(self, cases: CaseQuerySet | None = None) -> list[int]:
        """
        The keys of what is found, or of those of it that are among `cases`: best first, invented ones last. Cases of
        one rank stand by how often they have the words, then by name. At most one query.
        """
        keys: Iterable[int] = self.hits
        if cases is not None:
            keys = cases.filter(pk__among=list(self.hits)).order_by().values_list("pk", flat=True)
        return sorted(keys, key=self._order)

    def _order(self, case: int) -> tuple[Any, ...]:
        hits, place = self.hits[case], self.places[case]
        return place.is_invented, -(hits[0].rank + 0.02 * log(len(hits))), place.sort_key, case

    def completed(self, listed: "CasesFound") -> "CasesFound":
        """The newest hits of all, together with those that were `listed` after looking through some cases anew."""
        hits = dict(self.hits)
        for case, found in listed.hits.items():
            hits[case] = _best_first(dict.fromkeys((*hits.get(case, ()), *found)))
        return CasesFound(hits, self.places | listed.places, listed.is_bounded, is_partial=True)


class Has(Func):
    """
    Whether a vector has the words, as a function and not by its operator: no index answers it, and the planner takes
    every third row for one that has them, so that rows are met in their order until there are enough.
    """

    function = "ts_match_vq"
    output_field = BooleanField()


class _NoIndex(Func):
    """A day or a key in a form by which no index has rows in order, so that they are looked up by their words."""

    template = "(%(expressions)s + 0)"


def expected(*questions: Asked) -> list[dict[Where, float]]:
    """
    How many texts of each kind have the words of each question, by the planner's own estimate. One query, which reads
    nothing but what the planner knows.
    """
    models = {Where.ENTRY: Event, Where.DOCKET: DocketEntry, Where.DOCUMENT: Document}
    queries = [
        model._default_manager.filter(search=asked.query, **({"sealed": False} if model is Document else {}))
        .order_by()
        .values_list(Value(1))
        .query.sql_with_params()
        for asked in questions
        for model in models.values()
    ]
    counts = ", ".join(f"(SELECT count(*) FROM ({sql}) rows)" for sql, _ in queries)  # noqa: S608 - a queryset's own
    values = [value for _, values in queries for value in values]
    # What is counted by several workers is said of one of them.
    ((plan,),) = rows_within(
        patience.LONGEST, f"EXPLAIN (FORMAT JSON) SELECT {counts}", values, max_parallel_workers_per_gather="0"
    )
    subqueries = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plans"]
    rows = iter([count["Plans"][0]["Plan Rows"] for count in subqueries])
    return [{where: next(rows) for where in models} for _ in questions]


def common(asked: Asked) -> set[Where]:
    """The kinds of text in which the words are common. One query."""
    (rows,) = expected(asked)
    return {where for where, count in rows.items() if count > COMMON}


def with_words(rows: QuerySet[Any], asked: Asked, *, is_common: bool) -> QuerySet[Any]:
    """Those of `rows`, of a model with `search`, that have the words: looked up by them, or met on the way."""
    if is_common:
        return rows.filter(Has(F("search"), asked.query))
    return rows.filter(search=asked.query)


def newest(rows: QuerySet[Any], *, is_common: bool) -> QuerySet[Any]:
    """Entries from the newest to the oldest, rows of another table from the last to the first that was recorded."""
    first, *rest = Event.TIMELINE_ORDER if issubclass(rows.model, Event) else ("pk",)
    if is_common:
        return rows.order_by(*(f"-{name}" for name in (first, *rest)))
    field_of = DateField() if issubclass(rows.model, Event) else BigIntegerField()
    return rows.order_by(_NoIndex(F(first), output_field=field_of).desc(), *(f"-{name}" for name in rest))


Within = CaseQuerySet | RawSQL | None
# What a part tells of each hit, and of its case.
COLUMNS = ("in_case", "found_in", "found_key", "found_rank", "of_invented", "of_name")


def find_cases(asked: Asked, *, within: CaseQuerySet | None = None, milliseconds: int | None = None) -> CasesFound:
    """
    The public cases that answer to what is asked; with `within` only those among these, and the bound then counts
    theirs alone. At most two queries. Raises `TakesTooLongError`.
    """
    if asked.problem:
        return CasesFound()
    common_in = common(asked) if within is None else set()
    return gathered(rows_of(union(asked, common_in, within), milliseconds))


def union(asked: Asked, common_in: set[Where], within: Within = None) -> QuerySet[Any, Any]:
    """The query of all hits, at most `MOST` of each kind, as `COLUMNS`."""
    first, *others = _parts(asked, common_in, within)
    return first.union(*others, all=True)


def gathered(rows: Iterable[tuple[Any, ...]]) -> CasesFound:
    """What rows of `COLUMNS` say."""
    hits: dict[int, list[Hit]] = {}
    places: dict[int, Place] = {}
    counts: dict[int, int] = {}
    for case, where, key, rank, is_invented, name in rows:
        hits.setdefault(case, []).append(Hit(case, Where(where), key, rank))
        places[case] = Place(is_invented, name)
        counts[where] = counts.get(where, 0) + 1
    in_order = {case: _best_first(found) for case, found in hits.items()}
    return CasesFound(in_order, places, is_bounded=any(count >= MOST for count in counts.values()))


def _best_first(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.rank, hit.where, -hit.key))


def _parts(asked: Asked, common_in: set[Where], within: Within) -> Iterator[QuerySet[Any, Any]]:
    """For each kind of text that may have the words a query of its hits, as `COLUMNS`."""

    def hits(
        rows: QuerySet[Any], where: Where, *, case: str, key: str = "pk", rank: Any, ordered: bool = False
    ) -> QuerySet[Any, Any]:
        if within is not None:
            rows = rows.filter(**{f"{case}__in": within})
        if not ordered:
            rows = rows.order_by("-pk")
        of_case = "" if case == "pk" else f"{case}__"
        return rows.annotate(
            in_case=F(case),
            found_in=Value(where.value, IntegerField()),
            found_key=F(key),
            found_rank=rank if hasattr(rank, "resolve_expression") else Value(rank, FloatField()),
            of_invented=F(f"{of_case}is_invented"),
            of_name=F(f"{of_case}sort_key"),
        ).values_list(*COLUMNS)[:MOST]

    texts: tuple[tuple[Where, Any, str], ...] = (
        (Where.ENTRY, Event, "case"),
        (Where.DOCKET, DocketEntry, "event__case"),
        (Where.DOCUMENT, Document, "event__case"),
    )
    for where, model, path in texts:
        is_common = where in common_in
        rows = newest(with_words(model._default_manager.public(), asked, is_common=is_common), is_common=is_common)
        yield hits(rows, where, case=path, rank=rank_of(asked), ordered=True)
    yield hits(_named_cases(asked), Where.CASE, case="pk", rank=_rank_of_name(asked))
    people: tuple[tuple[Where, Any, str, str, Any], ...] = (
        (Where.PARTY, PartyRole, "proceeding__case", "party", Party),
        (Where.JUDGE, RulingJudge, "ruling__case", "judge", Judge),
        (Where.JUDGE, ProceedingJudge, "proceeding__case", "judge", Judge),
    )
    for where, model, path, person, people_ in people:
        among = {f"{person}__among": ArraySubquery(named_people(people_, asked).values("pk"))}
        rank = Either(
            When(**{f"{person}__sort_key": SortKey(Value(asked.words))}, then=Value(2 * PERSON_COUNTS)),
            default=rank_of(asked, f"{person}__search") * Value(PERSON_COUNTS) + Value(PART_OF_A_NAME),
            output_field=FloatField(),
        )
        yield hits(model._default_manager.public().filter(**among), where, case=path, key=person, rank=rank)
    if any(character.isdigit() for character in asked.words):
        numbers = DocketNumber.objects.public().filter(key=DocketKey(Value(asked.words)))
        yield hits(numbers, Where.NUMBER, case="proceeding__case", rank=IS_THE_NUMBER)
        citations = RulingCitation.objects.public().filter(cited(asked.words))
        yield hits(citations, Where.CITATION, case="ruling__case", rank=IS_THE_CITATION)


def cited(words: str) -> Q:
    """The condition on a citation that it is this one, however it is spaced."""
    return Q(Exact(CitationKey(F("text")), CitationKey(Value(words))))


def named_people(model: type[Party | Judge], asked: Asked) -> QuerySet[Any]:
    """Parties or judges, public or not, with the words in the name, or with a part of the name that is just these."""
    condition = Q(search=asked.query)
    if asked.is_plain and len(asked.words) >= 3:
        condition |= Q(sort_key__contains=SortKey(Value(asked.words)))
    return model._default_manager.filter(condition).order_by()


def _named_cases(asked: Asked) -> CaseQuerySet:
    condition = Q(search=asked.query)
    if asked.is_plain:
        condition |= Q(sort_key__contains=SortKey(Value(asked.words)))
    return Case.objects.public().filter(condition)


def rank_of(asked: Asked, vector: str = "search") -> Any:
    return SearchRank(F(vector), asked.query)


def _rank_of_name(asked: Asked) -> Any:
    name = SortKey(Value(asked.words))
    return Either(
        When(Q(sort_key=name) | Q(Exact(SortKey(F("short_name")), name)), then=Value(IS_THE_NAME)),
        When(sort_key__contains=name, then=rank_of(asked) * Value(_NAME_COUNTS) + Value(PART_OF_A_NAME)),
        default=rank_of(asked) * Value(_NAME_COUNTS),
        output_field=FloatField(),
    )


def first_rows(hits: Iterable[Hit], where: Where) -> list[int]:
    """The keys of the rows of one kind among hits."""
    return [hit.key for hit in hits if hit.where is where]
