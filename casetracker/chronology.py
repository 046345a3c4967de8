"""A case as a document to be printed: what its head and its end tell, and where a long one is divided."""

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from .dates import Use
from .language import in_words, labels
from .models import Case, Correction, Reference, SourceKind, Topic
from .timeline import SourceLine, Told

_DAY = datetime.timedelta(days=1)

# The first and the last day on which an entry may lie; None is an open end.
Span = tuple[datetime.date | None, datetime.date | None]


@dataclass(slots=True, frozen=True)
class CorrectionLine(Told):
    """`entry` is the title of the entry that was corrected, empty where the correction is of the case."""

    date: str
    text: str
    entry: str


@dataclass(slots=True, frozen=True)
class Printable(Told):
    """A public case with what hangs on itself and not on its entries."""

    case: Case
    topics: list[str]
    corrections: list[CorrectionLine]
    sources: list[SourceLine]


def printable(slug: str) -> Printable | None:
    """The public case with this slug; None where there is none. One query."""
    row: Any = (
        Case.objects.public()
        .filter(slug=slug)
        .annotate(
            topic_names=ArraySubquery(Topic.objects.filter(cases=OuterRef("pk")).order_by("name").values("name")),
            correction_rows=ArraySubquery(
                Correction.objects.public()
                .filter(case=OuterRef("pk"))
                .order_by("corrected_on", "pk")
                .values(json=JSONObject(on="corrected_on", text="text", entry="event__title"))
            ),
            source_rows=ArraySubquery(
                Reference.objects.filter(case=OuterRef("pk"))
                .order_by("position", "pk")
                .values(
                    json=JSONObject(
                        kind="source__kind",
                        title="source__title",
                        publisher="source__publisher",
                        address="source__address",
                        archived_address="source__archived_address",
                        read_on="source__read_on",
                        pinpoint="pinpoint",
                        note="source__note",
                    )
                )
            ),
        )
        .first()
    )
    if row is None:
        return None
    kinds = labels(SourceKind)
    return Printable(
        row,
        row.topic_names,
        [CorrectionLine(in_words(item["on"]), item["text"], item["entry"] or "") for item in row.correction_rows],
        [
            SourceLine(**{**item, "kind": kinds[item["kind"]], "read_on": in_words(item["read_on"], Use.WHEN)})
            for item in row.source_rows
        ],
    )


# --- a long one in parts --------------------------------------------------------------------------------------------


@dataclass(slots=True, frozen=True)
class Part(Told):
    """
    A range of days, both ends in it, None for an open one, with `count` entries that may lie in it. An entry whose date
    is vague may lie in several parts.
    """

    after: datetime.date | None
    before: datetime.date | None
    count: int


def parts(spans: Iterable[Span], size: int, range_: Span = (None, None)) -> list[Part]:
    """
    The ranges of days into which entries with these spans are divided so that none has more than `size`, all within the
    range that they were taken from. A part ends with a month where that leaves it at least half full. Only where more
    than `size` entries may lie on one day is a part longer: dates cannot divide them.
    """
    after, before = range_
    first = after or datetime.date.min
    both = list(spans)
    starts = sorted(max(start or first, first) for start, _ in both)
    ends = sorted(end or datetime.date.max for _, end in both)
    found: list[Part] = []
    begin = starts[0] if starts else first
    while True:
        last = _last_day(starts, begin, size + bisect_left(ends, begin))
        count = (bisect_right(starts, last) if last else len(starts)) - bisect_left(ends, begin)
        found.append(Part(begin if found else after, last or before, count))
        if last is None:
            return found
        begin = last + _DAY


def _last_day(starts: list[datetime.date], begin: datetime.date, limit: int) -> datetime.date | None:
    """The last day of a part that begins with `begin` and must end before the entry `limit`; None for the last part."""
    if limit >= len(starts):
        return None
    if starts[limit] <= begin:
        # Too many for one day. As far as none is added the part may go.
        beyond = bisect_right(starts, begin)
        return starts[beyond] - _DAY if beyond < len(starts) else None
    last = starts[limit] - _DAY
    month = last if (last + _DAY).day == 1 else last.replace(day=1) - _DAY
    new, full = (bisect_right(starts, day) - bisect_left(starts, begin) for day in (month, last))
    return month if month >= begin and new * 2 >= full else last
