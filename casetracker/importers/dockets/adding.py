"""New lines of a docket: entries as drafts, each with its place on the docket, its source and what it answers."""

from collections.abc import Mapping, Sequence
from typing import Any

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

from . import citations, documents, judges
from .copying import copy_in, copy_with_keys
from .matching import Identity
from .meaning import Line
from .places import Place
from .progress import Progress
from .reports import Report
from .wanted import EVENT, ON_DOCKET, Wanted, doubts_of, fingerprints_of


def add(
    place: Place,
    imported: ImportedDocket,
    wanted: Sequence[Wanted],
    identities: Sequence[Identity],
    source: Source,
    report: Report,
    *,
    kinds: Mapping[str, str],
    actor: Any,
    progress: Progress,
) -> list[tuple[Line, int]]:
    """
    Write the lines, each known by its identity from now on; each with the key of its entry. A kind of `kinds`
    stands in place of what was read; what is remembered is what was read, so that it counts as changed by hand.
    """
    said = [each.values() for each in wanted]
    chosen = [_chosen(each, values, kinds) for each, values in zip(wanted, said, strict=True)]
    fixed = {
        "case_id": place.case.pk,
        "court_id": place.proceeding.court_id,
        "created_by_id": actor.pk if actor is not None else None,
    }
    events = copy_with_keys(Event, [fixed | _columns(values, EVENT) for values in chosen], progress)
    rows = copy_with_keys(
        DocketEntry,
        [
            {"event_id": event, "proceeding_id": place.proceeding.pk, **_columns(values, ON_DOCKET)}
            for values, event in zip(said, events, strict=True)
        ],
        progress,
    )
    copy_in(
        Reference,
        [
            {
                "source_id": source.pk,
                "event_id": event,
                "pinpoint": f"Dkt. {number}" if (number := each.line.said.number) else "",
            }
            for each, event in zip(wanted, events, strict=True)
        ],
        progress,
    )
    files = documents.add([(each.line.documents, event) for each, event in zip(wanted, events, strict=True)])
    copy_in(
        ImportedEntry,
        [
            {
                "docket_id": imported.pk,
                "entry_key": row,
                "position": each.position,
                "filed": identity.filed,
                "number": identity.number,
                "sequence": identity.sequence,
                "digest": identity.digest,
                "fingerprints": fingerprints_of(values) | ({documents.FILES: noted} if noted else {}),
                "doubts": doubts_of(each.line),
            }
            for each, values, row, identity, noted in zip(wanted, said, rows, identities, files, strict=True)
        ],
        progress,
    )
    added = [(each.line, event, values["kind"][0]) for each, event, values in zip(wanted, events, chosen, strict=True)]
    judges.add(place, added, report)
    _link(place, added, report)
    return [(line, event) for line, event, _ in added]


def _chosen(wanted: Wanted, values: dict[str, tuple[Any, ...]], kinds: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    """What is to be written: `values`, or with the kind that somebody chose."""
    kind = kinds.get(wanted.line.key, "") if kinds else ""
    if kind and kind in Kind.values and kind != wanted.line.kind:
        return values | {"kind": (kind, RulingForm.OTHER if kind == Kind.RULING else "", "")}
    return values


def _columns(values: Mapping[str, tuple[Any, ...]], names: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        column: value
        for name, columns in names.items()
        for column, value in zip(columns, values[name], strict=True)
    }  # fmt: skip


def _link(place: Place, added: Sequence[tuple[Line, int, str]], report: Report) -> None:
    """
    What a new line says it decides or answers, where the docket has that number once and not later than it; and the
    rulings of the case that it cites.
    """
    links = citations.add(place, added, report) | _answers(place, added)
    copy_in(Response, [{"event_id": event, "responds_to_id": other} for event, other in sorted(links)])


def _answers(place: Place, added: Sequence[tuple[Line, int, str]]) -> set[tuple[int, int]]:
    asking = [(line, event) for line, event, _ in added if line.answers]
    if not asking:
        return set()
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
            if len(found) == 1 and found[0][0] != mine and found[0][1] <= line.date.sort_date:
                links.add((mine, found[0][0]))
    return links
