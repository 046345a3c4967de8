"""The timeline of a case as an editor sees it: drafts among the rest, what is missing, and where to add."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from casetracker.models import Case, DocketEntry, Event, Happening, Kind, Reference, Treatment
from casetracker.models.courts import ACCENTS
from casetracker.models.proceedings import main_number

from .entries import entry_screen
from .publishing import state_badge

WINDOW = 200


@dataclass(slots=True)
class Line:
    """One entry, in one line."""

    key: int
    date: str
    month: str
    kind: str
    court: str
    accent: str
    dockets: str
    title: str
    badge: str
    url: str
    add_after: str
    flags: list[str] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Part:
    """
    A part of the timeline. `first` counts from 1; `previous` and `next` are entries of the neighbouring parts, or 0.
    """

    lines: list[Line]
    count: int
    first: int
    previous: int
    next: int

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1


def part(case: Case, *, around: str = "", size: int = WINDOW) -> Part:
    """
    The first part, or the one with the entry whose key `around` is; an `around` that is not among them is ignored. Two
    queries, however long the timeline is.
    """
    keys = list(Event.objects.filter(case=case).in_order().values_list("pk", flat=True))
    wanted = int(around) if around.isascii() and around.isdigit() and len(around) < 19 else 0
    start = keys.index(wanted) // size * size if wanted in set(keys) else 0
    shown = keys[start : start + size]
    return Part(
        lines=[_line(entry) for entry in _entries(shown)],
        count=len(keys),
        first=start + 1,
        previous=keys[start - size] if start else 0,
        next=keys[start + size] if start + size < len(keys) else 0,
    )


def _entries(keys: list[int]) -> Any:
    on_dockets = DocketEntry.objects.filter(event=OuterRef("pk")).order_by("position", "pk")
    return (
        Event.objects.filter(pk__in=keys)
        .select_related("court")
        .defer("summary", "note", "holding", "state_reason", "search")
        .annotate(
            has_source=Exists(Reference.objects.filter(event=OuterRef("pk"))),
            has_effect=Exists(Treatment.objects.filter(act=OuterRef("pk"))),
            docket_numbers=ArraySubquery(on_dockets.annotate(main=main_number("proceeding")).values("main")),
            entry_numbers=ArraySubquery(on_dockets.values("number")),
        )
        .in_order()
    )


def _line(entry: Any) -> Line:
    court = entry.court
    numbers = [
        f"{docket or 'no number'}{f', {number}' if number else ''}"
        for docket, number in zip(entry.docket_numbers, entry.entry_numbers, strict=True)
    ]
    after = {
        "case": entry.case_id,
        "court": entry.court_id or "",
        "date": entry.date.edtf,
        "day_order": entry.day_order,
    }
    return Line(
        key=entry.pk,
        date=entry.date.words,
        month=entry.sort_date.strftime("%B %Y") if entry.sort_rank > 1 else str(entry.sort_date.year),
        kind=entry.get_kind_display(),
        court=court.short_name if court else "Outside court",
        accent=ACCENTS.get(court.level, "trial") if court else "outside",
        dockets="; ".join(numbers),
        title=entry.title,
        badge=state_badge(entry),
        url=entry_screen(entry),
        add_after=f"{reverse('admin:casetracker_event_add')}?{urlencode(after)}",
        flags=_flags(entry),
    )


def _flags(entry: Any) -> list[str]:
    """What an editor would want to mend, in two or three words each."""
    flags = []
    if not entry.has_source:
        flags.append("no source")
    if entry.kind == Kind.RULING and not entry.outcome and not entry.has_effect:
        flags.append("no outcome")
    if entry.court_id and not entry.docket_numbers:
        flags.append("on no docket")
    if entry.happening == Happening.SCHEDULED and entry.latest is not None and entry.latest < timezone.now().date():
        flags.append("date has passed")
    return flags
