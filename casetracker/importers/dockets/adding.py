"""New lines of a docket: entries as drafts, each with its place on the docket, its source and what it answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from casetracker.models import (
    DocketEntry,
    Event,
    ImportedDocket,
    ImportedEntry,
    Kind,
    Reference,
    Response,
    RulingForm,
    Source,
)

from .matching import Identity
from .meaning import Line
from .places import Place
from .wanted import EVENT, ON_DOCKET, Wanted, doubts_of, fingerprints_of

BATCH = 1000


def add(
    place: Place,
    imported: ImportedDocket,
    wanted: Sequence[Wanted],
    identities: Sequence[Identity],
    source: Source,
    *,
    kinds: Mapping[str, str],
    actor: Any,
) -> list[tuple[Line, Event]]:
    """
    Write the lines, each known by its identity from now on, in four statements for each thousand. A kind of `kinds`
    stands in place of what was read; what is remembered is what was read, so that it counts as changed by hand.
    """
    # Given here, what the database would fill in by itself: only plain values go to it as arrays, which is far quicker
    # than a placeholder for each.
    now = timezone.now()
    own = {"version": 1, "created_at": now, "updated_at": now, "state_changed_at": now, "created_by": actor}
    court = place.proceeding.court
    events = Event.objects.bulk_create(
        [Event(case=place.case, court=court, **own, **_columns(_chosen(each, kinds), EVENT)) for each in wanted],
        batch_size=BATCH,
    )
    rows = DocketEntry.objects.bulk_create(
        [
            DocketEntry(event=event, proceeding=place.proceeding, **_columns(each.values(), ON_DOCKET))
            for each, event in zip(wanted, events, strict=True)
        ],
        batch_size=BATCH,
    )
    Reference.objects.bulk_create(
        [
            Reference(
                source=source, event=event, pinpoint=f"Dkt. {number}" if (number := each.line.said.number) else ""
            )
            for each, event in zip(wanted, events, strict=True)
        ],
        batch_size=BATCH,
    )
    ImportedEntry.objects.bulk_create(
        [
            ImportedEntry(
                docket=imported,
                entry_key=row.pk,
                position=each.position,
                filed=identity.filed,
                number=identity.number,
                sequence=identity.sequence,
                digest=identity.digest,
                fingerprints=fingerprints_of(each.values()),
                doubts=doubts_of(each.line),
            )
            for each, row, identity in zip(wanted, rows, identities, strict=True)
        ],
        batch_size=BATCH,
    )
    return [(each.line, event) for each, event in zip(wanted, events, strict=True)]


def _chosen(wanted: Wanted, kinds: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    """What is to be written, with the kind that somebody chose."""
    values = wanted.values()
    kind = kinds.get(wanted.line.key, "") if kinds else ""
    if kind in Kind.values and kind != wanted.line.kind:
        values["kind"] = (kind, RulingForm.OTHER if kind == Kind.RULING else "", "")
    return values


def _columns(values: Mapping[str, tuple[Any, ...]], names: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        column: value
        for name, columns in names.items()
        for column, value in zip(columns, values[name], strict=True)
    }  # fmt: skip


def link(place: Place, added: Sequence[tuple[Line, Event]]) -> None:
    """What a new line says it decides or answers, where the docket has that number once and not later than it."""
    asking = [(line, event) for line, event in added if line.answers]
    if not asking:
        return
    by_number: dict[str, list[tuple[int, Any]]] = {}
    numbered = DocketEntry.objects.filter(
        proceeding=place.proceeding, number__in={number for line, _ in asking for number in line.answers}
    )
    for number, event, day in numbered.values_list("number", "event", "event__sort_date"):
        by_number.setdefault(number, []).append((event, day))
    links = set()
    for line, mine in asking:
        for number in line.answers:
            found = by_number.get(number, [])
            if len(found) == 1 and found[0][0] != mine.pk and found[0][1] <= line.date.sort_date:
                links.add((mine.pk, found[0][0]))
    Response.objects.bulk_create(
        [Response(event_id=event, responds_to_id=other) for event, other in sorted(links)], batch_size=BATCH
    )
