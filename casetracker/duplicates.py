"""
Rows that may be one and the same: parties, attorneys, judges, courts and cases whose names are alike.

A pair of which an editor said that it is two is not told of again (`NotTheSame`).

Only the rows that were added last are compared with all others, so that what is asked does not grow with the site: a
new row is the one that may be there already. Each comparison is answered by the trigram index of the names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from .models import Attorney, Case, Court, Judge, NotTheSame, Party

# So many of the newest rows are compared.
NEWEST = 200
# So many rows like one are told of.
_LIKE_ONE = 3
# So many are offered to whoever looks for the other one.
_LIKELY = 10


@dataclass(frozen=True, slots=True)
class Likeness:
    """
    Rows of one model. `kind` is its name in `NotTheSame` and in addresses. `name` is the indexed expression on the
    table `{0}`, `alike` from which similarity on (0 to 1) two names count; `only` leaves out what cannot be there
    twice, `of_case` all but the rows of one case.
    """

    slug: str
    kind: str
    heading: str | Promise
    model: Any
    name: str
    alike: float
    only: str = "true"
    of_case: str = ""


KINDS: tuple[Likeness, ...] = (
    Likeness(
        "like-parties",
        "party",
        _("Parties with names that are alike"),
        Party,
        "{0}.sort_key",
        0.7,
        of_case="id IN (SELECT r.party_id FROM casetracker_partyrole r JOIN casetracker_proceeding p"
        " ON p.id = r.proceeding_id WHERE p.case_id = %s)",
    ),
    Likeness(
        "like-attorneys",
        "attorney",
        _("Attorneys with names that are alike"),
        Attorney,
        "{0}.sort_key",
        0.7,
        of_case="id IN (SELECT r.attorney_id FROM casetracker_representation r JOIN casetracker_proceeding p"
        " ON p.id = r.proceeding_id WHERE p.case_id = %s)",
    ),
    # Those of courts-db are told apart there; one of our own may be one of them.
    Likeness(
        "like-courts",
        "court",
        _("Courts of our own with names that are alike"),
        Court,
        "{0}.sort_key",
        0.7,
        only="is_local",
        of_case="id IN (SELECT p.court_id FROM casetracker_proceeding p WHERE p.case_id = %s)",
    ),
    Likeness(
        "like-judges",
        "judge",
        _("Judges with names that are alike"),
        Judge,
        "{0}.sort_key",
        0.6,
        of_case="id IN (SELECT r.judge_id FROM casetracker_rulingjudge r JOIN casetracker_event e ON e.id = r.ruling_id"
        " WHERE e.case_id = %s UNION SELECT j.judge_id FROM casetracker_proceedingjudge j"
        " JOIN casetracker_proceeding p ON p.id = j.proceeding_id WHERE p.case_id = %s)",
    ),
    Likeness(
        "like-cases", "case", _("Cases with names that are alike"), Case, "UPPER({0}.name)", 0.6, of_case="id = %s"
    ),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}
BY_KIND = {kind.kind: kind for kind in KINDS}


class GoneError(LookupError):
    """One of the two rows is not there any more."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one; `row` is the newer."""

    row: Any
    other: Any


def pairs(kind: Likeness, *, case: int | None = None) -> list[Pair]:
    """Pairs among the newest rows, the newest first; of one case, all of its rows. Two queries."""
    keys = _keys(kind, case)
    rows = kind.model._default_manager.in_bulk({key for pair in keys for key in pair})
    return [Pair(rows[first], rows[second]) for first, second in keys if first in rows and second in rows]


def count(kind: Likeness, *, case: int | None = None) -> int:
    """How many pairs there are."""
    return len(_keys(kind, case))


def like(kind: Likeness, row: Any) -> list[Any]:
    """Rows whose names are like that of `row`, if only by a third, the nearest first; those told apart too."""
    table = kind.model._meta.db_table
    # The names of tables and columns are written above.
    sql = f"""
        SELECT b.id FROM {table} a JOIN {table} b ON {kind.name.format("b")} %% {kind.name.format("a")} AND b.id <> a.id
        WHERE a.id = %s ORDER BY similarity({kind.name.format("b")}, {kind.name.format("a")}) DESC, b.id LIMIT {_LIKELY}
    """  # noqa: S608 - see above
    with connection.cursor() as cursor:
        cursor.execute(sql, [row.pk])
        keys = [key for (key,) in cursor.fetchall()]
    rows = kind.model._default_manager.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def tell_apart(kind: Likeness, first: Any, second: Any, *, note: str, actor: Any) -> bool:
    """
    Remember that the rows with these keys are two; whether that is new. Raises `ValidationError` for a note that cannot
    be stored, and `GoneError` if one of the rows is not there any more or they are one.
    """
    row = NotTheSame(**{f"{kind.kind}_id": first, f"other_{kind.kind}_id": second}, note=note.strip(), noted_by=actor)
    row.clean_fields(exclude=["noted_at", "noted_by", kind.kind, f"other_{kind.kind}"])
    try:
        with transaction.atomic():
            held = kind.model._base_manager.select_for_update(of=("self",), no_key=True)
            if len(held.filter(pk__in=[first, second]).order_by("pk").values_list("pk")) != 2:
                raise GoneError
            row.save(force_insert=True)
    except IntegrityError as error:
        # Of two who say so at once the second finds it said: the database keeps one of each pair, in whatever order.
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return False
    return True


def _keys(kind: Likeness, case: int | None) -> list[tuple[Any, Any]]:
    table = kind.model._meta.db_table
    condition, values = (kind.of_case, [case] * kind.of_case.count("%s")) if case is not None else ("true", [])
    # The names of tables and columns are written above; the threshold is what the index works with.
    sql = f"""
        SELECT a.id, b.id
        FROM (
            SELECT n.id, {kind.name.format("n")} AS name FROM {table} n
            WHERE {kind.only} AND {condition} ORDER BY n.id DESC LIMIT {NEWEST}
        ) a
        CROSS JOIN LATERAL (
            SELECT b.id FROM {table} b WHERE {kind.name.format("b")} %% a.name AND b.id <> a.id
            AND NOT EXISTS (
                SELECT 1 FROM casetracker_notthesame d
                WHERE d.{kind.kind}_id IN (a.id, b.id) AND d.other_{kind.kind}_id IN (a.id, b.id)
            )
            ORDER BY similarity({kind.name.format("b")}, a.name) DESC, b.id LIMIT {_LIKE_ONE}
        ) b
    """  # noqa: S608 - see above
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(kind.alike)])
        cursor.execute(sql, values)
        found: Iterable[tuple[Any, Any]] = cursor.fetchall()
    return list({frozenset(pair): pair for pair in reversed(list(found))}.values())[::-1]
