"""
Counting behind the choices: from the numbers that the database keeps (`models.counted`), where they have the answer.

They have it for all rows, and for those with one value of one facet, or in one year or decade; also for several values
of a facet of which each row has one alone.
"""

import datetime
from dataclasses import dataclass

from .asked import Asked, Facet

# Of these a case, or an entry, has one value alone, so that the numbers of several may be added.
_ONE_ALONE = {
    "case": {Facet.STATUS},
    "entry": {Facet.COURT, Facet.LEVEL, Facet.KIND},
    "ruling": {Facet.COURT, Facet.LEVEL, Facet.KIND},
}
# What is kept of a year and of a decade.
SPANS = {"year": 1, "decade": 10}
# Facets as they are kept: the years have three parts each.
_KEPT = {Facet.YEAR: tuple(f"{span}{end}" for span in SPANS for end in ("", " until", " since"))}


@dataclass(frozen=True, slots=True)
class Condition:
    """Which of the numbers answer a question: an SQL condition on them, with its parameters."""

    sql: str
    parameters: tuple[str, ...]


def condition(unit: str, asked: Asked) -> Condition | None:
    """Where the numbers of what is asked are kept; None where they are not."""
    entry = asked.entry
    of_case: tuple[tuple[Facet, tuple[str, ...]], ...] = ()
    if unit == "case":
        of_case = (
            (Facet.TOPIC, asked.topics), (Facet.STATUS, asked.statuses), (Facet.PARTY_KIND, asked.party_kinds),
        )  # fmt: skip
    if entry.judges or entry.decided_after or entry.decided_before:
        return None
    chosen: list[tuple[Facet, tuple[str, ...]]] = [
        (facet, values)
        for facet, values in (
            (Facet.COURT, entry.courts), (Facet.LEVEL, entry.levels), (Facet.KIND, entry.kinds),
            (Facet.OUTCOME, entry.outcomes), *of_case,
        )
        if values
    ]  # fmt: skip
    has_range = entry.after is not None or entry.before is not None
    if len(chosen) + has_range > 1:
        return None
    if has_range:
        return _in_span(entry.after, entry.before)
    if not chosen:
        return Condition("given = '' AND given_value = ''", ())
    ((facet, values),) = chosen
    if len(values) > 1 and facet not in _ONE_ALONE[unit]:
        return None
    if unit == "case" and facet == Facet.KIND:
        return None
    if facet == Facet.TOPIC:
        return Condition(
            "given = 'topic' AND given_value = (SELECT id::text FROM casetracker_topic WHERE slug = %s)", values
        )
    return Condition(f"given = '{facet}' AND given_value IN ({', '.join(['%s'] * len(values))})", values)


def _in_span(after: datetime.date | None, before: datetime.date | None) -> Condition | None:
    """What may lie in one year, or in one decade; None for any other range."""
    if after is None or before is None:
        return None
    for name, years in SPANS.items():
        first = after.year // years * years
        if (after, before) == (datetime.date(first, 1, 1), datetime.date(first + years - 1, 12, 31)):
            place = str(first // years)
            # As text, for which the places of one name have the same length; one open on both sides has 9999.
            return Condition(
                f"((given = '{name}' AND given_value = %s) OR (given = '{name} until' AND given_value >= %s)"
                f" OR (given = '{name} since' AND given_value <= %s))",
                (place, place, place),
            )
    return None


def names_of(facets: list[Facet]) -> list[str]:
    """As what the values of some facets are kept, and the number of all of them."""
    return ["", *(name for facet in facets for name in _KEPT.get(facet, (str(facet),)))]


# What the numbers lack yet: the cases that were touched and not read anew, and those of which more has become public by
# the clock. The functions are not called where there are none.
PENDING = """pending AS MATERIALIZED (
    SELECT case_id FROM casetracker_casechange
    UNION SELECT case_id FROM casetracker_countedcase WHERE due <= statement_timestamp()
), fresh AS MATERIALIZED (
    SELECT t.* FROM (SELECT array_agg(case_id) AS keys FROM pending HAVING count(*) > 0) marked,
        LATERAL (SELECT jsonb_agg(jsonb_build_object('case', case_id, 'facts', facts)) AS told
            FROM casetracker_facts(marked.keys)) now_told,
        LATERAL casetracker_tallies(now_told.told) t
    UNION ALL
    SELECT t.unit, t.given, t.given_value, t.facet, t.value, -t.n
    FROM (SELECT jsonb_agg(jsonb_build_object('case', case_id, 'facts', facts)) AS told
            FROM casetracker_countedcase WHERE case_id IN (SELECT case_id FROM pending) HAVING count(*) > 0) was_told,
        LATERAL casetracker_tallies(was_told.told) t
)"""

# The numbers of one question. Of the judges those who may be among the first: the first of those that are gathered, and
# whoever is among the changes.
NUMBERS = """{table} AS MATERIALIZED (
    WITH more AS MATERIALIZED (
        SELECT facet, value, n FROM casetracker_tallychange WHERE unit = '{unit}' AND {condition} AND facet = ANY (%s)
        UNION ALL
        SELECT facet, value, n FROM fresh WHERE unit = '{unit}' AND {condition} AND facet = ANY (%s)
    ), judges AS MATERIALIZED (
        (SELECT value FROM casetracker_tally
            WHERE unit = '{unit}' AND {condition} AND facet = 'judge' AND 'judge' = ANY (%s)
            ORDER BY n DESC, value LIMIT {most})
        UNION SELECT value FROM more WHERE facet = 'judge'
    )
    SELECT facet, value, sum(n)::bigint AS n FROM (
        SELECT facet, value, n FROM casetracker_tally
        WHERE unit = '{unit}' AND {condition} AND facet = ANY (%s) AND facet <> 'judge'
        UNION ALL
        SELECT facet, value, n FROM casetracker_tally
        WHERE unit = '{unit}' AND {condition} AND facet = 'judge' AND value IN (SELECT value FROM judges)
        UNION ALL
        SELECT facet, value, n FROM more
    ) together
    GROUP BY facet, value HAVING sum(n) > 0
)"""
TOLD = """SELECT facet, CASE facet WHEN 'topic' THEN (SELECT slug FROM casetracker_topic WHERE id = value::bigint)
    ELSE value END, '', n FROM {table} WHERE facet NOT IN ('', 'judge')"""
TOLD_JUDGES = """(SELECT 'judge', judge.slug, judge.name, n FROM {table}
    JOIN casetracker_judge judge ON judge.id = {table}.value::bigint
    WHERE facet = 'judge' ORDER BY n DESC, judge.sort_key, judge.slug LIMIT {most})"""
