"""The small rows that hang on entries: judges, numbers, citations, provisions, documents, threads."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, QuerySet, Value, When

from .. import threads
from ..models import DocketEntry, Document, Proceeding, Provision, Response, RulingCitation, RulingJudge
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
    _put_on_dockets(found)
    return found


def _put_on_dockets(found: Parts) -> None:
    """
    Give each place on a docket the number of the docket, which is asked for once for each docket and not for each of
    its entries, and put those of an entry in the order of the dockets.
    """
    dockets = {item["key"]: item for item in found[_NO_ENTRY].pop(_DOCKETS, [])}
    for parts in found.values():
        places = parts.get("dockets", [])
        for item in places:
            docket = dockets[item.pop("proceeding")]
            item["docket"], item["place"] = docket["number"], docket["place"]
        places.sort(key=lambda item: item["place"])


# The part that belongs to no entry, and the key that it has in place of one.
_DOCKETS, _NO_ENTRY = "numbers of dockets", 0


def _hanging(*, whole: bool) -> QuerySet[Any, Any]:
    keys = Slot.of_keys("keys")
    # Of all entries in the threads of `keys`, not of those alone. Where no thread leaves them, `responds_to` tells it.
    answers = [] if whole else [
        threads.links_around(keys)
        .values(part=Value("answers"))
        .annotate(rows=RowsAsJson(of=F("event"), question=F("responds_to")))
        .values("part", "rows")
    ]  # fmt: skip

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
            DocketEntry.objects.all(), "event", "dockets", placed, proceeding="proceeding", number="number",
        ),
        Proceeding.objects.filter(
            pk__among=ArraySubquery(DocketEntry.objects.filter(event__among=keys).order_by().values("proceeding"))
        )
        .order_by()
        .values(part=Value(_DOCKETS))
        .annotate(rows=RowsAsJson(of=Value(_NO_ENTRY), key=F("pk"), place=F("display_order"), number=main_number("pk")))
        .values("part", "rows"),
        hanging(RulingCitation.objects.all(), "ruling", "citations", placed, text="text"),
        hanging(
            Provision.objects.all(), "ruling", "provisions", placed,
            text="text", quoted="quoted", addressed_to="addressed_to", ends="ends", ends_note="ends_note",
        ),
        hanging(
            Document.objects.filter(sealed=False), "event", "documents", ("pk",),
            title="title", address="address", pages="pages", size="size",
            file=Case(When(file__isnull=False, then="uuid"), default=None),
        ),
        hanging(
            Response.objects.public(), "event", "responds_to", ("responds_to__sort_date", "pk"),
            key="responds_to", **link_columns("responds_to__"),
        ),
        hanging(
            Response.objects.public(), "responds_to", "answered_by",
            ("event__sort_date", "event__sort_rank", "event__day_order", "pk"), **link_columns("event__"),
        ),
        *answers,
        all=True,
    )  # fmt: skip


_OF_WHOLE_CASES = Prepared(lambda: _hanging(whole=True))
_OF_SOME_ENTRIES = Prepared(lambda: _hanging(whole=False))
