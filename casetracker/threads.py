"""
Which entries belong to one thread: a motion, its opposition, the reply, the hearing and the ruling.

Two entries are joined when one responds to the other, so far as both are public and of one case; a thread is everything
that is joined so, through however many steps. It ends with the ruling: what responds to a ruling, such as an appeal,
begins a thread of its own. Otherwise nearly all entries of a long dispute would be one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from .models import Event, Kind, Response
from .models.prepared import Slot


def _links() -> QuerySet[Any, Any]:
    """The responses that join two entries to a thread: their keys, what answers, and what is answered."""
    return (
        Response.objects.public()
        .exclude(responds_to__kind=Kind.RULING)
        # Of one case: said as a difference, for as an equation it tempts the planner to read all entries of the case.
        .annotate(apart=F("event__case") - F("responds_to__case"))
        .filter(apart=0)
        .order_by()
        .values_list("pk", "event", "responds_to")
    )


# Asks an index for the links of each entry found, so that it costs as much as the threads are long, however many
# responses there are.
_REACHED = """
    ARRAY(WITH RECURSIVE link(key, answer, question) AS NOT MATERIALIZED ({links}), reached(entry, link) AS (
        SELECT start.entry, NULL::bigint FROM ({start}) AS start(entry)
        UNION
        SELECT beside.entry, beside.link FROM reached CROSS JOIN LATERAL (
            SELECT question, key FROM link WHERE answer = reached.entry
            UNION ALL
            SELECT answer, key FROM link WHERE question = reached.entry
        ) AS beside(entry, link)
    )
    SELECT DISTINCT {wanted} FROM reached WHERE {wanted} IS NOT NULL)
"""


def _reached(wanted: str, start: str, values: Sequence[Any]) -> RawSQL:
    links, parameters = _links().query.sql_with_params()
    # The parts are statements that the ORM wrote, and names written here; every value is a parameter.
    return RawSQL(  # noqa: S611
        _REACHED.format(links=links, start=start, wanted=wanted), (*parameters, *values), output_field=IntegerField()
    )


def links_around(entries: Slot) -> QuerySet[Response, Any]:
    """What answers and what is answered, in all of the threads of the entries whose keys will be told."""
    reached = _reached("link", f"SELECT unnest({entries.sql})", [entries])
    return Response.objects.filter(pk__among=reached).order_by().values("event", "responds_to")


def of_entry(public_id: str) -> RawSQL:
    """The keys of the entries in the thread of one public entry, itself among them; none if it is not public."""
    start, values = Event.objects.public().filter(public_id=public_id).values_list("pk").query.sql_with_params()
    return _reached("entry", start, values)


def sizes(keys: Iterable[int], answers: Mapping[int, Iterable[int]]) -> dict[int, int]:
    """How many entries the thread of each of `keys` has, itself counted, given what each entry answers."""
    above: dict[int, int] = {}

    def head(entry: int) -> int:
        while above.setdefault(entry, entry) != entry:
            above[entry] = entry = above[above[entry]]
        return entry

    for answer, questions in answers.items():
        for question in questions:
            above[head(answer)] = head(question)
    members: dict[int, int] = {}
    for entry in list(above):
        members[head(entry)] = members.get(head(entry), 0) + 1
    return {key: members.get(head(key), 1) if key in above else 1 for key in keys}
