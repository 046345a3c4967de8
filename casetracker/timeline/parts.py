"""The small rows that hang on entries: judges, numbers, citations, provisions, documents, threads."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When

from .. import threads
from ..models import DocketEntry, Document, Provision, Response, RulingCitation, RulingJudge
from ..models.lookups import Array
from ..models.prepared import Prepared, Slot
from ..models.proceedings import main_number
from ..models.rows_as_json import RowsAsJson
from .links import link_columns

Parts = defaultdict[int, defaultdict[str, list[Any]]]


def parts_of(keys: Array, *, whole: bool) -> Parts:
    """
    The small rows that hang on each of the entries `keys`, in their order, by the names that `reading` asks for. One
    query, with one row of JSON for each name: eight subqueries for each entry took three times as long.
    """
    found: Parts = defaultdict(lambda: defaultdict(list))
    for row in (_OF_WHOLE_CASES if whole else _OF_SOME_ENTRIES).rows(keys=keys):
        name = row["part"]
        for item in row["rows"] or ():
            found[item.pop("of")][name].append(item)
    return found


def _hanging(*, whole: bool) -> QuerySet[Any, Any]:
    keys = Slot.of_keys("keys")

    def hanging(rows: QuerySet[Any], owner: str, part: str, order: Sequence[str], **columns: Any) -> QuerySet[Any, Any]:
        return (
            rows.filter(**{f"{owner}__among": keys})
            .order_by()
            .values(part=Value(part))
            .annotate(rows=RowsAsJson(of=F(owner), order=order, **columns))
            .values("part", "rows")
        )

    placed = ("position", "pk")
    return hanging(
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
            file=Case(When(file__isnull=False, then="uuid"), default=None),
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
        (threads.links_from(keys) if whole else threads.links_around(keys))
        .values(part=Value("answers"))
        .annotate(rows=RowsAsJson(of=F("event"), question=F("responds_to")))
        .values("part", "rows"),
        all=True,
    )  # fmt: skip


_OF_WHOLE_CASES = Prepared(lambda: _hanging(whole=True))
_OF_SOME_ENTRIES = Prepared(lambda: _hanging(whole=False))
