"""The small rows that hang on entries: judges, numbers, citations, provisions, documents, threads."""

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from .. import threads
from ..models import DocketEntry, Document, Provision, Response, RulingCitation, RulingJudge
from ..models.lookups import Array
from ..models.proceedings import main_number
from .links import link_columns

Parts = defaultdict[int, defaultdict[str, list[Any]]]


def parts_of(keys: Array, *, whole: bool) -> Parts:
    """
    The small rows that hang on each of the entries `keys`, in their order, by the names that `reading` asks for. One
    query, with one row of JSON for each name: eight subqueries for each entry took three times as long.
    """
    sql, parameters = _parts_sql(whole=whole)
    found: Parts = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys if value == _KEYS else value for value in parameters])
        for name, rows in cursor:
            for item in json.loads(rows) if rows is not None else ():
                found[item.pop("of")][name].append(item)
    return found


# Stands in the statement below where the keys will.
_KEYS = "{keys}"


@lru_cache(maxsize=2)
def _parts_sql(*, whole: bool) -> tuple[str, tuple[Any, ...]]:
    """
    The statement of `parts_of` and its parameters, put together once: for a page of a hundred entries that takes as
    long as answering it.
    """
    keys = RawSQL("%s::bigint[]", [_KEYS], output_field=ArrayField(BigIntegerField()))

    def hanging(rows: QuerySet[Any], owner: str, part: str, order: Sequence[str], **columns: Any) -> QuerySet[Any, Any]:
        return (
            rows.filter(**{f"{owner}__among": keys})
            .order_by()
            .values(part=Value(part))
            .annotate(rows=JSONBAgg(JSONObject(of=F(owner), **columns), order_by=order))
            .values_list("part", "rows")
        )

    placed = ("position", "pk")
    union = hanging(
        RulingJudge.objects.all(), "ruling", "judges", placed, role="role", name="judge__name", label="judge__label"
    ).union(
        hanging(
            DocketEntry.objects.all(), "event", "dockets", ("proceeding__display_order", *placed),
            docket=main_number("proceeding"), number="number",
        ),
        hanging(RulingCitation.objects.all(), "ruling", "citations", placed, text="text"),
        hanging(
            Provision.objects.all(), "ruling", "provisions", placed,
            text="text", quoted="quoted", ends="ends", ends_note="ends_note",
        ),
        hanging(
            Document.objects.filter(sealed=False), "event", "documents", ("pk",),
            title="title", address="address", pages="pages", size="size",
        ),
        hanging(
            Response.objects.public(), "event", "responds_to", ("responds_to__sort_date", "pk"),
            **link_columns("responds_to__"),
        ),
        hanging(
            Response.objects.public(), "responds_to", "answered_by",
            ("event__sort_date", "event__sort_rank", "event__day_order", "pk"), **link_columns("event__"),
        ),
        # Of all entries in the threads of `keys`, not of those alone.
        (threads.links_from(keys) if whole else threads.links_around(_KEYS))
        .values(part=Value("answers"))
        .annotate(rows=JSONBAgg(JSONObject(of=F("event"), question=F("responds_to"))))
        .values_list("part", "rows"),
        all=True,
    )  # fmt: skip
    return union.query.sql_with_params()
