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
from django.contrib.postgres.search import SearchRank, SearchVectorField
from django.db.models import BigIntegerField, DateField, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models import Case as Either
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
_IS_THE_NUMBER, _IS_THE_CITATION, _IS_THE_NAME = 100.0, 90.0, 80.0
# The same words tell more in the name of a case than in an entry of it. A rank is at most 1.
_NAME_COUNTS, _PERSON_COUNTS, _PART_OF_A_NAME = 3.0, 1.5, 0.5


class Hit(NamedTuple):
    """That a text of a case has the words. `key` is that of the row: an entry, a docket entry, a party and so on."""

    case: int
    where: Where
    key: int
    rank: float


@dataclass(frozen=True, slots=True)
class CasesFound:
    """
    The hits of each case, best first. `is_bounded`: there are more, of which only the newest were looked at.
    `scattered`: no text has all of the words, and these cases have them in several; any of them is marked then.
    """

    hits: dict[int, list[Hit]] = field(default_factory=dict)
    is_bounded: bool = False
    scattered: Asked | None = None

    def best_first(self, cases: CaseQuerySet) -> list[int]:
        """
        The keys of those of `cases` that are found, best first, invented ones last. Cases of one rank stand by how
        often they have the words, then by name. One query.
        """
        rows = cases.filter(pk__among=list(self.hits)).order_by("sort_key", "pk").values_list("pk", "is_invented")
        return [key for key, _ in sorted(rows, key=lambda row: (row[1], *self._place(row[0])))]

    def _place(self, case: int) -> tuple[float, ...]:
        hits = self.hits[case]
        return (-(hits[0].rank + 0.02 * log(len(hits))),)


class Walked(Func):
    """A column in a form that no index has, so that rows are met in their order and not looked up by it."""

    template = "COALESCE(%(expressions)s, %(expressions)s)"
    output_field = SearchVectorField()


class _NoIndex(Func):
    """A day or a key in a form by which no index has rows in order, so that they are looked up by their words."""

    template = "(%(expressions)s + 0)"


def common(asked: Asked) -> set[Where]:
    """The kinds of text in which the words are common. One query, which reads nothing but what the planner knows."""
    models = {Where.ENTRY: Event, Where.DOCKET: DocketEntry, Where.DOCUMENT: Document}
    queries = [
        model._default_manager.filter(search=asked.query, **({"sealed": False} if model is Document else {}))
        .order_by()
        .values_list(Value(1))
        .query.sql_with_params()
        for model in models.values()
    ]
    sql = " UNION ALL ".join(sql for sql, _ in queries)
    values = [value for _, values in queries for value in values]
    ((plan,),) = rows_within(patience.LONGEST, f"EXPLAIN (FORMAT JSON) {sql}", values)
    rows = _rows_by_table((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return {where for where, model in models.items() if rows.get(model._meta.db_table, 0) > COMMON}


def _rows_by_table(node: dict[str, Any]) -> dict[str, float]:
    found = {node["Relation Name"]: node["Plan Rows"]} if "Relation Name" in node else {}
    for inner in node.get("Plans", ()):
        found |= _rows_by_table(inner)
    return found


def with_words(rows: QuerySet[Any], asked: Asked, *, is_common: bool) -> QuerySet[Any]:
    """Those of `rows`, of a model with `search`, that have the words: looked up by them, or met on the way."""
    if is_common:
        return rows.annotate(walked=Walked(F("search"))).filter(walked=asked.query)
    return rows.filter(search=asked.query)


def newest(rows: QuerySet[Any], *, is_common: bool) -> QuerySet[Any]:
    """Entries from the newest to the oldest, rows of another table from the last to the first that was recorded."""
    first, *rest = Event.TIMELINE_ORDER if issubclass(rows.model, Event) else ("pk",)
    if is_common:
        return rows.order_by(*(f"-{name}" for name in (first, *rest)))
    field_of = DateField() if issubclass(rows.model, Event) else BigIntegerField()
    return rows.order_by(_NoIndex(F(first), output_field=field_of).desc(), *(f"-{name}" for name in rest))


def find_cases(asked: Asked, *, within: list[int] | None = None) -> CasesFound:
    """
    The public cases that answer to what is asked; with `within` only those with one of these keys, and the bound then
    counts theirs alone. Two queries. Raises `TakesTooLongError`.
    """
    if asked.problem:
        return CasesFound()
    parts = list(_parts(asked, common(asked), within))
    first, *others = parts
    hits: dict[int, list[Hit]] = {}
    counts: dict[int, int] = {}
    for case, where, key, rank in rows_of(first.union(*others, all=True)):
        hits.setdefault(case, []).append(Hit(case, Where(where), key, rank))
        counts[where] = counts.get(where, 0) + 1
    for found in hits.values():
        found.sort(key=lambda hit: (-hit.rank, hit.where, -hit.key))
    return CasesFound(hits, is_bounded=any(count >= MOST for count in counts.values()))


def _parts(asked: Asked, common_in: set[Where], within: list[int] | None) -> Iterator[QuerySet[Any, Any]]:
    """For each kind of text that may have the words a query of its hits: case, kind, key, rank."""

    def hits(
        rows: QuerySet[Any], where: Where, *, case: str, key: str = "pk", rank: Any, ordered: bool = False
    ) -> QuerySet[Any, Any]:
        if within is not None:
            rows = rows.filter(**{f"{case}__among": within})
        if not ordered:
            rows = rows.order_by("-pk")
        return rows.annotate(
            in_case=F(case),
            found_in=Value(where.value, IntegerField()),
            found_key=F(key),
            found_rank=rank if hasattr(rank, "resolve_expression") else Value(rank, FloatField()),
        ).values_list("in_case", "found_in", "found_key", "found_rank")[:MOST]

    texts: tuple[tuple[Where, Any, str], ...] = (
        (Where.ENTRY, Event, "case"),
        (Where.DOCKET, DocketEntry, "event__case"),
        (Where.DOCUMENT, Document, "event__case"),
    )
    for where, model, path in texts:
        is_common = where in common_in
        rows = newest(with_words(model._default_manager.public(), asked, is_common=is_common), is_common=is_common)
        yield hits(rows, where, case=path, rank=_rank(asked), ordered=True)
    yield hits(_named_cases(asked), Where.CASE, case="pk", rank=_rank_of_name(asked))
    people: tuple[tuple[Where, Any, str, str, Any], ...] = (
        (Where.PARTY, PartyRole, "proceeding__case", "party", Party),
        (Where.JUDGE, RulingJudge, "ruling__case", "judge", Judge),
        (Where.JUDGE, ProceedingJudge, "proceeding__case", "judge", Judge),
    )
    for where, model, path, person, people_ in people:
        among = {f"{person}__among": ArraySubquery(named_people(people_, asked).values("pk"))}
        rank = Either(
            When(**{f"{person}__sort_key": SortKey(Value(asked.words))}, then=Value(2 * _PERSON_COUNTS)),
            default=_rank(asked, f"{person}__search") * Value(_PERSON_COUNTS) + Value(_PART_OF_A_NAME),
            output_field=FloatField(),
        )
        yield hits(model._default_manager.public().filter(**among), where, case=path, key=person, rank=rank)
    if any(character.isdigit() for character in asked.words):
        numbers = DocketNumber.objects.public().filter(key=DocketKey(Value(asked.words)))
        yield hits(numbers, Where.NUMBER, case="proceeding__case", rank=_IS_THE_NUMBER)
        citations = RulingCitation.objects.public().filter(cited(asked.words))
        yield hits(citations, Where.CITATION, case="ruling__case", rank=_IS_THE_CITATION)


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


def _rank(asked: Asked, vector: str = "search") -> Any:
    return SearchRank(F(vector), asked.query)


def _rank_of_name(asked: Asked) -> Any:
    name = SortKey(Value(asked.words))
    return Either(
        When(Q(sort_key=name) | Q(Exact(SortKey(F("short_name")), name)), then=Value(_IS_THE_NAME)),
        When(sort_key__contains=name, then=_rank(asked) * Value(_NAME_COUNTS) + Value(_PART_OF_A_NAME)),
        default=_rank(asked) * Value(_NAME_COUNTS),
        output_field=FloatField(),
    )


def first_rows(hits: Iterable[Hit], where: Where) -> list[int]:
    """The keys of the rows of one kind among hits."""
    return [hit.key for hit in hits if hit.where is where]
