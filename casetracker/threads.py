"""
Which entries belong to one thread: a motion, its opposition, the reply, the hearing and the ruling.

Two entries are joined when one responds to the other, so far as both are public and of one case; a thread is everything
that is joined so, through however many steps. It ends with the ruling: what responds to a ruling, such as an appeal,
begins a thread of its own. Otherwise nearly all entries of a long dispute would be one.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F, IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from .models import Event, Kind, Response
from .models.visibility import ResponseQuerySet


def links() -> ResponseQuerySet:
    """The responses that join two entries to a thread."""
    return Response.objects.public().exclude(responds_to__kind=Kind.RULING).filter(event__case=F("responds_to__case"))


# Asks an index for the neighbours of each entry found, so that it costs as much as the threads are long, however many
# responses there are. The first gap is for `links()`, the second for the entries to start from.
_REACHED = """
    WITH RECURSIVE link(answer, question) AS NOT MATERIALIZED ({links}), reached(entry) AS (
        {start}
        UNION
        SELECT beside.entry FROM reached CROSS JOIN LATERAL (
            SELECT question FROM link WHERE answer = reached.entry
            UNION ALL
            SELECT answer FROM link WHERE question = reached.entry
        ) AS beside(entry)
    )
    SELECT entry FROM reached
"""


def reached_from(start: QuerySet[Any, Any] | Collection[int]) -> RawSQL:
    """The keys of all entries in the threads of `start`: the keys of entries, or a query for them. For `pk__in`."""
    joined, joined_values = links().order_by().values_list("event", "responds_to").query.sql_with_params()
    if isinstance(start, QuerySet):
        begin, values = start.order_by().query.sql_with_params()
    else:
        begin, values = "SELECT unnest(%s::bigint[])", (list(start),)
    # The parts are statements that the ORM wrote; every value is a parameter.
    return RawSQL(  # noqa: S611
        _REACHED.format(links=joined, start=begin), (*joined_values, *values), output_field=IntegerField()
    )


def of_entry(public_id: str) -> RawSQL:
    """The keys of the entries in the thread of one public entry, itself among them; none if it is not public."""
    return reached_from(Event.objects.public().filter(public_id=public_id).values_list("pk"))


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
