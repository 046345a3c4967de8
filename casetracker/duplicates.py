"""
Rows that may be one and the same: parties, courts and cases whose names are alike.

Only the rows that were added last are compared with all others, so that what is asked does not grow with the site: a
new row is the one that may be there already. Each comparison is answered by the trigram index of the names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Case, Court, Party

# So many of the newest rows are compared.
NEWEST = 200
# So many rows like one are told of.
_LIKE_ONE = 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """
    Rows of one model. `name` is the indexed expression on the table `{0}`, `alike` from which similarity on (0 to 1)
    two names count; `only` leaves out what cannot be there twice, `of_case` all but the rows of one case.
    """

    slug: str
    heading: str | Promise
    model: Any
    name: str
    alike: float
    only: str = "true"
    of_case: str = ""


KINDS: tuple[Likeness, ...] = (
    Likeness(
        "like-parties",
        _("Parties with names that are alike"),
        Party,
        "{0}.sort_key",
        0.7,
        of_case="id IN (SELECT r.party_id FROM casetracker_partyrole r JOIN casetracker_proceeding p"
        " ON p.id = r.proceeding_id WHERE p.case_id = %s)",
    ),
    # Those of courts-db are told apart there; one of our own may be one of them.
    Likeness(
        "like-courts",
        _("Courts of our own with names that are alike"),
        Court,
        "{0}.sort_key",
        0.7,
        only="is_local",
        of_case="id IN (SELECT p.court_id FROM casetracker_proceeding p WHERE p.case_id = %s)",
    ),
    Likeness("like-cases", _("Cases with names that are alike"), Case, "UPPER({0}.name)", 0.6, of_case="id = %s"),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}


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


def _keys(kind: Likeness, case: int | None) -> list[tuple[Any, Any]]:
    table = kind.model._meta.db_table
    condition, values = (kind.of_case, [case]) if case is not None else ("true", [])
    # The names of tables and columns are written above; the threshold is what the index works with.
    sql = f"""
        SELECT a.id, b.id
        FROM (
            SELECT n.id, {kind.name.format("n")} AS name FROM {table} n
            WHERE {kind.only} AND {condition} ORDER BY n.id DESC LIMIT {NEWEST}
        ) a
        CROSS JOIN LATERAL (
            SELECT b.id FROM {table} b WHERE {kind.name.format("b")} %% a.name AND b.id <> a.id
            ORDER BY similarity({kind.name.format("b")}, a.name) DESC, b.id LIMIT {_LIKE_ONE}
        ) b
    """  # noqa: S608 - see above
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(kind.alike)])
        cursor.execute(sql, values)
        found: Iterable[tuple[Any, Any]] = cursor.fetchall()
    return list({frozenset(pair): pair for pair in reversed(list(found))}.values())[::-1]
