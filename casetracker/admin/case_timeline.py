"""The timeline of a case as an editor sees it: drafts among the rest, what is missing, what can be done."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casetracker.models import Case, DocketEntry, Event, Happening, Kind, Reference, State, Treatment
from casetracker.models.courts import ACCENTS
from casetracker.models.proceedings import main_number
from casetracker.models.visibility import EventQuerySet

from .acts import state_badge
from .docket_gaps import Docket, dockets_of
from .screens import entry_screen

WINDOW = 200
# So many days without an entry are told.
LONG_SILENCE = 90


@dataclass(slots=True)
class Line:
    """
    One entry, in one line. `silence` tells of a long time without an entry before it; `up` and `down` are what the
    buttons send that change its place with the entry of the same date above or below it, or empty.
    """

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
    silence: str = ""
    up: str = ""
    down: str = ""
    split: str = ""


@dataclass(slots=True, frozen=True)
class Part:
    """
    A part of the timeline. `first` counts from 1; `previous` and `next` are entries of the neighbouring parts, or 0.
    `drafts` counts the entries of the whole that are not published yet.
    """

    lines: list[Line]
    count: int
    first: int
    previous: int
    next: int
    dockets: dict[int, Docket]
    drafts: int

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1


def part(case: Case, *, seen: EventQuerySet, around: str = "", size: int = WINDOW) -> Part:
    """
    Of the entries `seen` the first part, or the one with the entry whose key `around` is; an `around` that is not among
    them is ignored.
    Three queries, however long the timeline is.
    """
    states = dict(seen.filter(case=case).in_order().values_list("pk", "state"))
    keys = list(states)
    wanted = int(around) if around.isascii() and around.isdigit() and len(around) < 19 else 0
    start = keys.index(wanted) // size * size if wanted in set(keys) else 0
    shown = keys[start : start + size]
    # One more on each side: for the silence before the first, and for the places of a day that is cut in two.
    entries = list(_entries(keys[max(0, start - 1) : start + size + 1]))
    dockets = dockets_of(case, seen)
    visible = set(shown)
    lines = []
    for place, entry in enumerate(entries):
        if entry.pk in visible:
            before = entries[place - 1] if place else None
            after = entries[place + 1] if place + 1 < len(entries) else None
            lines.append(_line(entry, before, after, dockets))
    return Part(
        lines=lines,
        count=len(keys),
        first=start + 1,
        previous=keys[start - size] if start else 0,
        next=keys[start + size] if start + size < len(keys) else 0,
        dockets=dockets,
        drafts=sum(state in {State.DRAFT, State.IN_REVIEW} for state in states.values()),
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


def _line(entry: Any, before: Any, after: Any, dockets: dict[int, Docket]) -> Line:
    court = entry.court
    numbers = [
        f"{docket or 'no number'}{f', {number}' if number else ''}"
        for docket, number in zip(entry.docket_numbers, entry.entry_numbers, strict=True)
    ]
    add_after = {
        "case": entry.case_id,
        "court": entry.court_id or "",
        "date": entry.date.edtf,
        "day_order": entry.day_order,
    }
    acts = f"{reverse('admin:casetracker_case_timeline', args=[entry.case_id, 'split'])}?entry={entry.pk}"
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
        add_after=f"{reverse('admin:casetracker_event_add')}?{urlencode(add_after)}",
        flags=[*_flags(entry), *(flag for docket in dockets.values() for flag in docket.flags.get(entry.pk, []))],
        silence=_silence(before, entry),
        up=f"{entry.pk}:{before.pk}" if before is not None and _is_of_one_day(before, entry) else "",
        down=f"{entry.pk}:{after.pk}" if after is not None and _is_of_one_day(entry, after) else "",
        split=acts if len(entry.docket_numbers) > 1 else "",
    )


def _is_of_one_day(one: Any, other: Any) -> bool:
    """Whether only the order within the day decides which of them stands first."""
    return (one.sort_date, one.sort_rank) == (other.sort_date, other.sort_rank)


def _silence(before: Any, entry: Any) -> str:
    if before is None:
        return ""
    days = (entry.sort_date - before.sort_date).days
    if days < LONG_SILENCE:
        return ""
    months, years = round(days / 30.44), round(days / 365.25)
    if months < 24:
        text = ngettext("%(count)s month without an entry", "%(count)s months without an entry", months)
        return text % {"count": months}
    return ngettext("%(count)s year without an entry", "%(count)s years without an entry", years) % {"count": years}


def _flags(entry: Any) -> list[str]:
    """What an editor would want to mend, in two or three words each."""
    flags = []
    if not entry.has_source:
        flags.append(_("no source"))
    if entry.kind == Kind.RULING and not entry.outcome and not entry.has_effect:
        flags.append(_("no outcome"))
    if entry.court_id and not entry.docket_numbers:
        flags.append(_("on no docket"))
    if entry.happening == Happening.SCHEDULED and entry.latest is not None and entry.latest < timezone.now().date():
        flags.append(_("date has passed"))
    return flags
