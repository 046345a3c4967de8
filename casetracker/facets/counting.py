"""
Counting behind the choices: from the numbers that are kept, where they have the answer, else from the rows themselves.

One query counts all facets. What is listed with nothing chosen in a facet is its base. A base for which no numbers are
kept is read up to `BOUND` rows, and what is counted in one that has more is told as "at least".
"""

import functools
import operator
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from ..models import DERIVED_OUTCOMES, Case, CaseTopic, Event, Judge, PartyRole, Ruling, Treatment
from ..models.visibility import CaseQuerySet, EventQuerySet
from ..patience import rows_within
from ..search import named, seats_in
from .asked import CASE_FACETS, ENTRY_FACETS, Asked, Facet, bases
from .kept import NUMBERS, PENDING, SPANS, TOLD, TOLD_JUDGES, Condition, condition, names_of

# Beyond this many rows a count would cost more than it tells.
BOUND = 10_000
# Of the judges, who are thousands, those with the most are offered; the others are found by their name.
MOST_JUDGES = 12
# So long may one query take before the list is shown without counts.
MILLISECONDS = 800

# So many more are looked at, for what has changed may bring them among the first.
SPARE_JUDGES = 20

_FOUND, _KEPT = "found", "kept"
_OUTCOME_OF = {verb: label.lower() for verb, label in DERIVED_OUTCOMES.items()}


class Number(NamedTuple):
    """How many there are, or that there are at least so many."""

    n: int
    at_least: bool = False


@dataclass(slots=True)
class Counts:
    """
    How many rows are listed, and how many would be for each value of each facet; a value that is not here has none. In
    `bounded` are the facets whose numbers are at least what they say. `names` are those of the judges by their slug.
    """

    found: Number
    values: dict[Facet, dict[str, int]] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    decades: dict[int, int] = field(default_factory=dict)  # by their first year
    bounded: frozenset[Facet] = frozenset()
    names: dict[str, str] = field(default_factory=dict)

    def of(self, facet: Facet, value: str) -> Number:
        return Number(self.values.get(facet, {}).get(value, 0), facet in self.bounded)

    def at_least(self, asked: Asked, *, listed: bool) -> "Counts":
        """
        The same where not all is known of what is counted in: with `listed` nowhere, else where another choice than
        what is `asked` would be listed.
        """
        facets = {facet for facet in Facet if listed or asked.without(facet) != asked}
        found = Number(self.found.n, self.found.at_least or listed)
        return replace(self, found=found, bounded=self.bounded | facets)


def count_cases(asked: Asked, within: CaseQuerySet | None = None) -> Counts:
    """
    Of all public cases, or of those `within`, which are public, those that are asked for, by each facet. One query.
    Raises `TakesTooLongError`.
    """
    sql = _Statement()
    for base, facets in bases(asked, CASE_FACETS):
        kept_here = condition("case", base) if within is None else None
        if kept_here is not None:
            sql.add_kept("case", kept_here, facets)
            continue
        found = base.cases_of(Case.objects.public() if within is None else within)
        keys = sql.base(found, facets)
        entries = base.entries().filter(case__in=keys).annotate(unit=F("case"))
        _add_entries(sql, base, facets, entries, keys, chosen=asked.entry.judges)
        for facet in facets:
            if facet == Facet.TOPIC:
                sql.add(facet, CaseTopic.objects.filter(case__in=keys), "topic__slug", "case")
            elif facet == Facet.STATUS:
                sql.add(facet, Case.objects.filter(pk__in=keys), "status", "pk")
            elif facet == Facet.PARTY_KIND:
                roles = PartyRole.objects.filter(proceeding__case__in=keys)
                sql.add(facet, roles, "party__kind", "proceeding__case")
    return sql.counts()


def count_entries(
    asked: Asked, within: EventQuerySet | None = None, *, only_rulings: bool, facets: Iterable[Facet] = ENTRY_FACETS
) -> Counts:
    """The same of all public entries, of all public rulings, or of those `within`."""
    sql = _Statement()
    unit = "ruling" if only_rulings else "entry"
    everything = Ruling.objects.public() if only_rulings else Event.objects.public()
    for base, here in bases(asked, tuple(facets)):
        kept_here = condition(unit, base) if within is None else None
        if kept_here is not None:
            sql.add_kept(unit, kept_here, here)
            continue
        keys = sql.base(base.entries_of(everything if within is None else within), here)
        entries = Event.objects.filter(pk__in=keys).annotate(unit=F("pk"))
        _add_entries(sql, base, here, entries, chosen=asked.entry.judges)
    return sql.counts()


def _add_entries(
    sql: "_Statement",
    base: Asked,
    facets: list[Facet],
    entries: QuerySet[Any],
    keys: RawSQL | None = None,
    *,
    chosen: tuple[str, ...],
) -> None:
    """
    What is counted by entries: for a list of cases each case once, for which `keys` names the cases of the base. Of the
    judges those that are `chosen` are counted in any case.
    """
    if not set(facets) & set(ENTRY_FACETS):
        return
    table = sql.name("entry")
    columns = entries.order_by().values_list("unit", "pk", "court", "kind", "outcome", "span")
    sql.table(table, columns, _NO_ENTRIES, "(unit, id, court, kind, outcome, span)")
    of_seats = [facet for facet in facets if facet in {Facet.COURT, Facet.LEVEL}]
    if of_seats:
        proceedings = None
        if keys is not None and not base.entry.needs_an_entry:
            proceedings = seats_in(base.entry).filter(case__in=keys).order_by().values_list("court", "case")
        sql.add_seats(of_seats, table, proceedings)
    for facet in facets:
        if facet == Facet.YEAR:
            sql.add_years(table)
        elif facet in {Facet.KIND, Facet.OUTCOME}:
            sql.add_column(facet, table)
            if facet == Facet.OUTCOME:
                acts = RawSQL(f"SELECT id FROM {table} WHERE kind = 'ruling'", ())  # noqa: S608, S611 - a name of ours
                done = Treatment.objects.public().filter(act__in=acts, verb__in=_OUTCOME_OF)
                sql.add(facet, done, "verb", "act" if keys is None else "act__case")
        elif facet == Facet.JUDGE:
            sql.add_judges(table)
            if chosen:
                who = functools.reduce(operator.or_, map(named, chosen))
                sql.add_judges(table, Judge.objects.filter(who).values("pk"))


_NO_ENTRIES = "SELECT 0::bigint, 0::bigint, '', '', '', NULL::daterange WHERE false"


def _as_sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]] | None:
    """The SQL of a queryset; None if it can find nothing, as for a name of hidden characters alone."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


class _Statement:
    """One statement out of many counts, each of which gives rows of facet, value, name and number."""

    def __init__(self) -> None:
        self._tables: list[str] = []
        self._parts: list[str] = []
        self._of_tables: list[Any] = []
        self._of_parts: list[Any] = []
        self._bases: list[list[Facet]] = []
        self._is_pending_told = False

    def name(self, kind: str) -> str:
        """A name for the next table of this kind, which is made at once."""
        return f"{kind}{len(self._tables)}"

    def base(self, rows: QuerySet[Any], facets: list[Facet]) -> RawSQL:
        """The keys of the first so many of `rows`, which `facets` are counted in."""
        name = self.name("base")
        self.table(name, rows.order_by().values("pk")[: BOUND + 1], "SELECT 0::bigint WHERE false", "(id)")
        self._parts.append(f"SELECT '{_FOUND}', '{len(self._bases)}', '', count(*) FROM {name}")  # noqa: S608 - ours
        self._bases.append(facets)
        return RawSQL(f"SELECT id FROM {name}", ())  # noqa: S608, S611 - a name of ours

    def table(self, name: str, rows: QuerySet[Any, Any], nothing: str, columns: str) -> None:
        """Rows that several parts ask for; `nothing` is the query for none of them."""
        sql, parameters = _as_sql(rows) or (nothing, ())
        self._tables.append(f"{name} {columns} AS MATERIALIZED ({sql})")
        self._of_tables += parameters

    def add_kept(self, unit: str, condition: Condition, facets: list[Facet]) -> None:
        """The numbers that are kept of a base, of which `facets` are told."""
        if not self._is_pending_told:
            self._tables.append(PENDING)
            self._is_pending_told = True
        table, names = self.name("kept"), names_of(facets)
        self._tables.append(
            NUMBERS.format(table=table, unit=unit, condition=condition.sql, most=MOST_JUDGES + SPARE_JUDGES)
        )
        # In the order in which they stand in it.
        for _ in range(2):
            self._of_tables += [*condition.parameters, names]
        self._of_tables += [*condition.parameters, names, *condition.parameters, names, *condition.parameters]
        self._parts.append(
            f"SELECT '{_FOUND}', '{len(self._bases)}', '{_KEPT}', coalesce(sum(n), 0)::bigint "  # noqa: S608 - ours
            f"FROM {table} WHERE facet = ''"
        )
        self._parts.append(TOLD.format(table=table))
        if Facet.JUDGE in facets:
            self._parts.append(TOLD_JUDGES.format(table=table, most=MOST_JUDGES))
        self._bases.append(facets)

    def add(self, facet: Facet, rows: QuerySet[Any], value: str, unit: str) -> None:
        """Of `rows`, by `value`, how many different ones of `unit`."""
        empty = Value("", output_field=CharField())
        counted: QuerySet[Any, Any] = (
            rows.order_by()
            .annotate(
                of_facet=Value(str(facet), output_field=CharField()),
                of_value=Cast(value, CharField()),
                of_name=empty,
            )
            .values_list("of_facet", "of_value", "of_name")
            .annotate(n=Count(unit, distinct=True))
        )
        self._append(counted)

    def add_judges(self, table: str, among: QuerySet[Any, Any] | None = None) -> None:
        """Those who sat in most of what the rulings of the table are counted as, of all judges or of these."""
        only = ""
        if among is not None:
            found = _as_sql(among)
            if found is None:
                return
            only = f" AND r.judge_id IN ({found[0]})"
            self._of_parts += found[1]
        self._parts.append(
            # What they are counted as stands in the table: to ask the entries again for it would read all there are.
            f"(SELECT '{Facet.JUDGE}', j.slug, j.name, sat.n FROM ("  # noqa: S608 - names of ours
            f"SELECT r.judge_id, count(DISTINCT t.unit) AS n FROM {table} t "
            f"JOIN casetracker_rulingjudge r ON r.ruling_id = t.id WHERE t.kind = 'ruling'{only} "
            "GROUP BY r.judge_id) sat JOIN casetracker_judge j ON j.id = sat.judge_id "
            f"ORDER BY sat.n DESC, j.sort_key, j.slug LIMIT {MOST_JUDGES})"
        )

    def add_column(self, facet: Facet, table: str) -> None:
        self._parts.append(
            f"SELECT '{facet}', {facet}, '', count(DISTINCT unit) FROM {table} WHERE {facet} <> '' GROUP BY {facet}"  # noqa: S608 - names of ours
        )

    def add_seats(self, facets: Iterable[Facet], table: str, proceedings: QuerySet[Any, Any] | None = None) -> None:
        """By court, or by level of the court: what is in the table, and what the proceedings are of."""
        seats = self.name("seats")
        sql, parameters = f"SELECT DISTINCT court, unit FROM {table} WHERE court IS NOT NULL", ()  # noqa: S608 - ours
        also = _as_sql(proceedings) if proceedings is not None else None
        if also is not None:
            sql, parameters = f"{sql} UNION {also[0]}", also[1]
        # Once for both: of most courts a case has many entries.
        self._tables.append(f"{seats} (court, unit) AS MATERIALIZED ({sql})")
        self._of_tables += parameters
        for facet in facets:
            value = "s.court" if facet == Facet.COURT else "c.level"
            self._parts.append(
                f"SELECT '{facet}', {value}, '', count(DISTINCT s.unit) FROM {seats} s"  # noqa: S608 - names of ours
                f" JOIN casetracker_court c ON c.id = s.court GROUP BY {value}"
            )

    def add_years(self, table: str) -> None:
        for name, years in SPANS.items():
            self._parts.append(_SPANS.format(table=table, name=name, years=years, always=_ALWAYS))

    def _append(self, rows: QuerySet[Any, Any]) -> None:
        part = _as_sql(rows)
        if part is not None:
            self._parts.append(f"({part[0]})")
            self._of_parts += part[1]

    def counts(self) -> Counts:
        statement = f"WITH {', '.join(self._tables)}\n" + "\nUNION ALL\n".join(self._parts)
        rows = rows_within(MILLISECONDS, statement, [*self._of_tables, *self._of_parts])
        return _told(rows, self._bases)


# A year has those that may lie in it, and so has a decade. What is known only as before or after a year lies in a great
# many of them; those are counted by the one at which they end or begin, and added up by `by_span`. What has a year of
# its own besides is counted there only if it is not counted by its open end already. One that is open on both sides of
# every year has it all in one row.
_SPANS = """SELECT of_span.name, of_span.place::text, '', count(*) FROM (
    WITH spans AS (
        SELECT DISTINCT unit, extract(year FROM lower(span))::int / {years} AS first,
            extract(year FROM upper(span) - 1)::int / {years} AS last
        FROM {table} WHERE span IS NOT NULL
    ), ends AS (
        SELECT unit, max(last) FILTER (WHERE first IS NULL) AS until, min(first) FILTER (WHERE last IS NULL) AS since
        FROM spans WHERE first IS NULL OR last IS NULL GROUP BY unit
    ), known AS (
        SELECT DISTINCT unit, place FROM spans, generate_series(first, last) AS place
        WHERE first IS NOT NULL AND last IS NOT NULL
    )
    SELECT '{name}' AS name, place FROM known LEFT JOIN ends USING (unit)
    WHERE (until IS NULL OR place > until) AND (since IS NULL OR place < since)
    UNION ALL
    SELECT '{name} until', CASE WHEN until >= since - 1 THEN {always} ELSE until END FROM ends WHERE until IS NOT NULL
    UNION ALL
    SELECT '{name} since', since FROM ends WHERE since IS NOT NULL AND (until IS NULL OR until < since - 1)
) of_span GROUP BY of_span.name, of_span.place"""
_ALWAYS = 9999


def _told(rows: list[tuple[Any, ...]], of_bases: list[list[Facet]]) -> Counts:
    """Rows of facet, value, name and number as counts."""
    values: dict[str, dict[str, int]] = defaultdict(dict)
    names = {}
    exact = set()
    for facet, value, name, n in rows:
        if name == _KEPT and facet == _FOUND:
            exact.add(value)
            name = ""
        value = _OUTCOME_OF.get(value, value) if facet == Facet.OUTCOME else value
        values[facet][value] = n
        if name:
            names[value] = name
    sizes = values.pop(_FOUND)
    bounded = {
        facet
        for number, facets in enumerate(of_bases)
        if sizes[str(number)] > BOUND and str(number) not in exact
        for facet in facets
    }
    spans = {
        name: by_span(values.pop(name, {}), values.pop(f"{name} until", {}), values.pop(f"{name} since", {}))
        for name in SPANS
    }
    return Counts(
        found=Number(sizes["0"]) if "0" in exact else Number(min(sizes["0"], BOUND), sizes["0"] > BOUND),
        values={Facet(facet): found for facet, found in values.items()},
        years=spans["year"],
        decades={decade * 10: n for decade, n in spans["decade"].items()},
        bounded=frozenset(bounded),
        names=names,
    )


def by_span(known: dict[str, int], until: dict[str, int], since: dict[str, int]) -> dict[int, int]:
    """
    How many may lie in each year, from those that have a year, those that are before the end of one and those that are
    after the beginning of one; from the first year that is named to the last, without those that have none. The same of
    decades.
    """
    places = [int(place) for rows in (known, until, since) for place in rows if int(place) != _ALWAYS]
    if not places:
        return {}
    ended, begun = ([(int(place), n) for place, n in rows.items()] for rows in (until, since))
    found = {}
    for place in range(min(places), max(places) + 1):
        n = known.get(str(place), 0)
        n += sum(some for last, some in ended if last >= place) + sum(some for first, some in begun if first <= place)
        if n:
            found[place] = n
    return found
