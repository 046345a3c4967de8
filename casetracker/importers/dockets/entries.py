"""
The lines of a docket beside the entries that are there: new ones are added as drafts, those that nobody touched are
brought up to date, and what an editor changed or published is kept and told.

A value was touched if it no longer has the digest of what the last import wrote. A line that the file leaves empty says
nothing: it takes no value away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casetracker.models import (
    DocketEntry,
    Event,
    ImportedDocket,
    ImportedEntry,
    Source,
    State,
)

from . import adding
from .matching import match, merged_order
from .meaning import Line
from .places import Place
from .reports import Report
from .wanted import ALL, EVENT, ON_DOCKET, SILENT, Wanted, digest, digest_of_all, doubts_of, identity_of

_LAST_OF_A_DAY = 32_767
_BATCH = 1_000
_NOT_PUBLIC_YET = {State.DRAFT, State.IN_REVIEW}


@dataclass(slots=True)
class _Kept:
    """
    A line of the last version. `is_there` says that no editor deleted the docket entry that it became; `row` is that
    entry, read only for a line that says something else than the last time.
    """

    known: ImportedEntry
    is_there: bool
    row: DocketEntry | None = None
    wanted: Wanted | None = None
    to_write: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    to_remember: dict[str, str] = field(default_factory=dict)


def settle(
    place: Place,
    imported: ImportedDocket,
    lines: Sequence[Line],
    source: Source,
    report: Report,
    *,
    is_part: bool,
    kinds: Mapping[str, str],
    actor: Any,
) -> None:
    """Bring the entries of the proceeding to what `lines` say, in a constant number of queries, and report it."""
    kept = _known(imported)
    identities = [identity_of(line) for line in lines]
    pairs = match([each.known for each in kept], identities, is_part=is_part)
    wanted = [Wanted(line) for line in lines]
    for here, there in pairs.items():
        kept[there].wanted = wanted[here]
    _place(kept, wanted, pairs)
    _report_lines(lines, report)
    _update([each for each in kept if each.wanted is not None], report)
    if not is_part:
        report.gone += [
            f"{each.known} stands no longer on the docket and was kept." for each in kept if each.wanted is None
        ]
    new = [place_ for place_ in range(len(wanted)) if place_ not in pairs]
    rows = adding.add(
        place, imported, [wanted[at] for at in new], [identities[at] for at in new], source, kinds=kinds, actor=actor
    )
    report.new = len(rows)
    report.added = [line for line, _event in rows]
    report.unchanged = len(lines) - report.new - report.changed
    adding.link(place, rows)


def _known(imported: ImportedDocket) -> list[_Kept]:
    known = list(imported.entries.order_by("position", "pk"))
    keys = [each.entry_key for each in known]
    there = set(DocketEntry.objects.filter(pk__among=keys).values_list("pk", flat=True))
    return [_Kept(each, each.entry_key in there) for each in known]


def _held(keys: Iterable[int]) -> dict[int, DocketEntry]:
    """The docket entries by key, held against other writers, with no more of each event than is compared."""
    events = [f"event__{column}" for columns in EVENT.values() for column in columns]
    columns = [column for columns in ON_DOCKET.values() for column in columns]
    rows = DocketEntry.objects.select_related("event").only("event", "event__state", *events, *columns)
    rows = rows.select_for_update(of=("self", "event"), no_key=True).order_by("pk")
    return {row.pk: row for row in rows.filter(pk__among=list(keys))}


def _place(kept: Sequence[_Kept], wanted: Sequence[Wanted], pairs: dict[int, int]) -> None:
    """Number the lines through the docket, and through each day."""
    days: Counter[str] = Counter()
    for position, (which, at) in enumerate(merged_order(len(kept), pairs, len(wanted))):
        day = wanted[at].line.date.edtf if which == "new" else kept[at].known.filed
        if which == "new":
            wanted[at].position = position
            wanted[at].day_order = min(days[day], _LAST_OF_A_DAY)
        days[day] += 1


def _report_lines(lines: Sequence[Line], report: Report) -> None:
    report.entries = len(lines)
    report.lines = list(lines)
    report.by_kind.update(str(line.kind) for line in lines)
    report.unsure += [
        f"{line.label}: {', '.join(line.doubts)}; taken for {line.kind}." for line in lines if line.is_unsure
    ]


# --- what is there already ------------------------------------------------------------------------------------------


def _update(kept: Sequence[_Kept], report: Report) -> None:
    asked = [each for each in kept if each.is_there and _says_something_else(each)]
    if asked:
        rows = _held([each.known.entry_key for each in asked])
        for each in asked:
            each.row = rows.get(each.known.entry_key)
            _compare(each, report.conflicts)
    for each in kept:
        if not each.is_there:
            report.notes.append(f"{each.known} was deleted at the desk and was not brought back.")
    _write([each for each in asked if each.row is not None and (each.to_write or each.to_remember)], report)


def _says_something_else(each: _Kept) -> bool:
    return each.wanted is not None and each.known.fingerprints.get(ALL) != digest_of_all(each.wanted.values())


def _compare(each: _Kept, conflicts: list[str]) -> None:
    """Find what is to be written of a line, and tell what is not to be."""
    if each.row is None or each.wanted is None:
        return
    is_kept = False
    is_ours = each.row.event.state in _NOT_PUBLIC_YET
    for name, new in each.wanted.values().items():
        was = each.known.fingerprints.get(name, "")
        said = digest(new)
        if said == was or each.wanted.is_silent_on(name):
            continue
        has = digest(_current(each.row, name))
        if said == has:
            each.to_remember[name] = said
        elif has == was and (is_ours or name in SILENT):
            each.to_write[name] = new
            each.to_remember[name] = said
        elif name in SILENT:
            continue
        else:
            why = "an editor changed it" if has != was else "it is published"
            conflicts.append(f"{each.wanted.line.label}: {name} is otherwise in the file; {why}, so it was kept.")
            is_kept = True
    if each.to_remember and not is_kept:
        each.to_remember[ALL] = digest_of_all(each.wanted.values())


def _current(row: DocketEntry, name: str) -> tuple[Any, ...]:
    owner, columns = (row.event, EVENT[name]) if name in EVENT else (row, ON_DOCKET[name])
    return tuple(getattr(owner, column) for column in columns)


def _write(kept: Sequence[_Kept], report: Report) -> None:
    """Write what changed, and remember it; the columns of an entry each with their own."""
    events: dict[int, Event] = {}
    rows: list[DocketEntry] = []
    columns: dict[str, set[str]] = {"event": set(), "docket": set()}
    for each in kept:
        row = each.row
        if row is None or each.wanted is None:
            continue
        for name, values in each.to_write.items():
            is_event = name in EVENT
            # Two lines that an editor merged share one entry.
            owner: Any = events.setdefault(row.event_id, row.event) if is_event else row
            for column, value in zip(EVENT[name] if is_event else ON_DOCKET[name], values, strict=True):
                setattr(owner, column, value)
                columns["event" if is_event else "docket"].add(column)
        if any(name in ON_DOCKET for name in each.to_write):
            rows.append(row)
        told = [name.replace("_", " ") for name in each.to_write if name not in SILENT]
        report.changed += bool(told)
        report.other_rows += not told
        if told:
            report.updated.append(f"{each.wanted.line.label}: {', '.join(told)}.")
        identity = identity_of(each.wanted.line)
        each.known.fingerprints = each.known.fingerprints | each.to_remember
        each.known.filed = identity.filed
        each.known.number = identity.number or each.known.number
        each.known.sequence = identity.sequence or each.known.sequence
        if not each.wanted.is_silent_on("text"):
            each.known.digest = identity.digest
        each.known.position = each.wanted.position
        each.known.doubts = doubts_of(each.wanted.line)
    if events:
        Event.objects.bulk_update(events.values(), sorted(columns["event"]), batch_size=_BATCH)
    if rows:
        DocketEntry.objects.bulk_update(rows, sorted(columns["docket"]), batch_size=_BATCH)
    if kept:
        names = ["fingerprints", "filed", "number", "sequence", "digest", "position", "doubts"]
        ImportedEntry.objects.bulk_update([each.known for each in kept], names, batch_size=_BATCH)
