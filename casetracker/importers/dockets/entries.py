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

from django.utils import timezone

from casetracker.models import (
    DocketEntry,
    Event,
    ImportedDocket,
    ImportedEntry,
    Reference,
    Response,
    Source,
    State,
)

from .matching import Identity, match, merged_order
from .meaning import Line, fingerprint
from .places import Place
from .reports import Report

_BATCH = 1000
_LAST_OF_A_DAY = 32_767
_NOT_PUBLIC_YET = {State.DRAFT, State.IN_REVIEW}

# What is compared, each as one value. Kind, form and outcome hold together: a filing has no form.
_EVENT = {
    "date": ("date",),
    "kind": ("kind", "form", "outcome"),
    "title": ("title",),
    "under_seal": ("under_seal",),
    "day_order": ("day_order",),
}
_ON_DOCKET = {"number": ("number",), "text": ("text",), "entered": ("entered",), "position": ("position",)}
# Places in an order are the program's to give; that an editor moved something is no difference to tell of.
_SILENT = {"day_order", "position"}


@dataclass(slots=True)
class _Wanted:
    """A line of the file with its place: what is to be written of it."""

    line: Line
    position: int = 0
    day_order: int = 0

    def values(self) -> dict[str, tuple[Any, ...]]:
        line, said = self.line, self.line.said
        return {
            "date": (line.date,),
            "kind": (line.kind, line.form, line.outcome),
            "title": (line.title,),
            "under_seal": (line.under_seal,),
            "day_order": (self.day_order,),
            "number": (said.number,),
            "text": (said.text or said.short_text,),
            "entered": (said.entered,),
            "position": (self.position,),
        }

    def is_silent_on(self, name: str) -> bool:
        said = self.line.said
        if name in {"kind", "title", "text", "under_seal"}:
            return not (
                said.text or said.short_text or (said.kind and name == "kind") or (said.title and name == "title")
            )
        if name == "date":
            return said.filed is None and said.entered is None
        return (name == "entered" and said.entered is None) or (name == "number" and not said.number)


@dataclass(slots=True)
class _Kept:
    """A line of the last version, with the rows that it became; None where an editor deleted them."""

    known: ImportedEntry
    row: DocketEntry | None
    wanted: _Wanted | None = None
    to_write: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    to_remember: dict[str, str] = field(default_factory=dict)


def settle(
    place: Place, imported: ImportedDocket, lines: Sequence[Line], source: Source, report: Report, *, is_part: bool
) -> None:
    """Bring the entries of the proceeding to what `lines` say, in a constant number of queries, and report it."""
    kept = _known(imported)
    identities = [_identity(line) for line in lines]
    pairs = match([each.known for each in kept], identities, is_part=is_part)
    wanted = [_Wanted(line) for line in lines]
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
    rows = _add(place, imported, [wanted[at] for at in new], [identities[at] for at in new], source)
    report.new = len(rows)
    report.unchanged = len(lines) - report.new - report.changed
    _link(place, rows)


def _identity(line: Line) -> Identity:
    said = line.said
    return Identity(line.date.edtf, said.number, said.sequence[:40], fingerprint(said.text or said.short_text))


def _known(imported: ImportedDocket) -> list[_Kept]:
    known = list(imported.entries.order_by("position", "pk"))
    rows = _rows([each.entry_key for each in known])
    return [_Kept(each, rows.get(each.entry_key)) for each in known]


def _rows(keys: Iterable[int], *, held: bool = False) -> dict[int, DocketEntry]:
    """The docket entries by key, with no more of each event than is compared; `held` against other writers."""
    events = [f"event__{column}" for columns in _EVENT.values() for column in columns]
    columns = [column for columns in _ON_DOCKET.values() for column in columns]
    rows = DocketEntry.objects.select_related("event").only("event", "event__state", *events, *columns)
    if held:
        rows = rows.select_for_update(of=("self", "event"), no_key=True).order_by("pk")
    return {row.pk: row for row in rows.filter(pk__among=list(keys))}


def _place(kept: Sequence[_Kept], wanted: Sequence[_Wanted], pairs: dict[int, int]) -> None:
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
    asked = [each for each in kept if _compare(each, [])]
    if asked:
        # Again, with the rows held: an editor may have saved one since it was read.
        rows = _rows([each.row.pk for each in asked if each.row is not None], held=True)
        for each in asked:
            each.row = rows.get(each.row.pk) if each.row is not None else None
            _compare(each, report.conflicts)
    for each in kept:
        if each.row is None:
            report.notes.append(f"{each.known} was deleted at the desk and was not brought back.")
    _write([each for each in asked if each.row is not None and (each.to_write or each.to_remember)], report)


def _compare(each: _Kept, conflicts: list[str]) -> bool:
    """Find what is to be written of a line; whether that, or a conflict, is anything."""
    each.to_write, each.to_remember = {}, {}
    if each.row is None or each.wanted is None:
        return False
    found = False
    is_ours = each.row.event.state in _NOT_PUBLIC_YET
    for name, new in each.wanted.values().items():
        was = each.known.fingerprints.get(name, "")
        said = _digest(new)
        if said == was or each.wanted.is_silent_on(name):
            continue
        has = _digest(_current(each.row, name))
        if said == has:
            each.to_remember[name] = said
        elif has == was and (is_ours or name in _SILENT):
            each.to_write[name] = new
            each.to_remember[name] = said
        elif name in _SILENT:
            continue
        else:
            why = "an editor changed it" if has != was else "it is published"
            conflicts.append(f"{each.wanted.line.label}: {name} is otherwise in the file; {why}, so it was kept.")
        found = True
    return found


def _current(row: DocketEntry, name: str) -> tuple[Any, ...]:
    owner, columns = (row.event, _EVENT[name]) if name in _EVENT else (row, _ON_DOCKET[name])
    return tuple(getattr(owner, column) for column in columns)


def _digest(values: tuple[Any, ...]) -> str:
    return fingerprint("|".join("" if each is None else str(getattr(each, "edtf", each)) for each in values))


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
            is_event = name in _EVENT
            # Two lines that an editor merged share one entry.
            owner: Any = events.setdefault(row.event_id, row.event) if is_event else row
            for column, value in zip(_EVENT[name] if is_event else _ON_DOCKET[name], values, strict=True):
                setattr(owner, column, value)
                columns["event" if is_event else "docket"].add(column)
        if any(name in _ON_DOCKET for name in each.to_write):
            rows.append(row)
        report.changed += any(name not in _SILENT for name in each.to_write)
        report.other_rows += not any(name not in _SILENT for name in each.to_write)
        identity = _identity(each.wanted.line)
        each.known.fingerprints = each.known.fingerprints | each.to_remember
        each.known.filed = identity.filed
        each.known.number = identity.number or each.known.number
        each.known.sequence = identity.sequence or each.known.sequence
        if not each.wanted.is_silent_on("text"):
            each.known.digest = identity.digest
        each.known.position = each.wanted.position
        each.known.doubts = _doubts(each.wanted.line)
    if events:
        Event.objects.bulk_update(events.values(), sorted(columns["event"]), batch_size=_BATCH)
    if rows:
        DocketEntry.objects.bulk_update(rows, sorted(columns["docket"]), batch_size=_BATCH)
    if kept:
        names = ["fingerprints", "filed", "number", "sequence", "digest", "position", "doubts"]
        ImportedEntry.objects.bulk_update([each.known for each in kept], names, batch_size=_BATCH)


def _doubts(line: Line) -> str:
    return " ".join(line.doubts)[:200]


# --- what is new ----------------------------------------------------------------------------------------------------


def _add(
    place: Place,
    imported: ImportedDocket,
    wanted: Sequence[_Wanted],
    identities: Sequence[Identity],
    source: Source,
) -> list[tuple[Line, Event]]:
    # Given here, what the database would fill in by itself: only plain values go to it as arrays, which is far quicker
    # than a placeholder for each.
    now = timezone.now()
    own = {"version": 1, "created_at": now, "updated_at": now, "state_changed_at": now}
    court = place.proceeding.court
    events = Event.objects.bulk_create(
        [Event(case=place.case, court=court, **own, **_columns(each.values(), _EVENT)) for each in wanted],
        batch_size=_BATCH,
    )
    rows = DocketEntry.objects.bulk_create(
        [
            DocketEntry(event=event, proceeding=place.proceeding, **_columns(each.values(), _ON_DOCKET))
            for each, event in zip(wanted, events, strict=True)
        ],
        batch_size=_BATCH,
    )
    Reference.objects.bulk_create(
        [
            Reference(
                source=source, event=event, pinpoint=f"Dkt. {number}" if (number := each.line.said.number) else ""
            )
            for each, event in zip(wanted, events, strict=True)
        ],
        batch_size=_BATCH,
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
                fingerprints={name: _digest(values) for name, values in each.values().items()},
                doubts=_doubts(each.line),
            )
            for each, row, identity in zip(wanted, rows, identities, strict=True)
        ],
        batch_size=_BATCH,
    )
    return [(each.line, event) for each, event in zip(wanted, events, strict=True)]


def _columns(values: Mapping[str, tuple[Any, ...]], names: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        column: value
        for name, columns in names.items()
        for column, value in zip(columns, values[name], strict=True)
    }  # fmt: skip


def _link(place: Place, added: Sequence[tuple[Line, Event]]) -> None:
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
        [Response(event_id=event, responds_to_id=other) for event, other in sorted(links)], batch_size=_BATCH
    )
