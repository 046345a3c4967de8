"""
The lines of a docket beside the entries that are there: new ones are added as drafts, those that nobody touched are
brought up to date, and what an editor changed or published is kept and told.

A value was touched if it no longer has the digest of what the last import wrote. A line that the file leaves empty says
nothing: it takes no value away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from casetracker.models import (
    DocketEntry,
    Event,
    ImportedDocket,
    ImportedEntry,
    Kind,
    Provision,
    RulingCitation,
    RulingJudge,
    Source,
    State,
    Treatment,
)

from . import adding, documents
from .matching import match, merged_order
from .meaning import Line
from .places import Place
from .progress import Progress
from .reports import Report
from .wanted import (
    ALL,
    CALLED,
    DOCUMENTS,
    EVENT,
    ON_DOCKET,
    SILENT,
    Wanted,
    difference,
    digest,
    digest_of_all,
    doubts_of,
    identity_of,
)

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
    to_remember: dict[str, Any] = field(default_factory=dict)
    files: documents.Changes | None = None
    is_kept: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether it may be written at all: what was published is an editor's."""
        return self.row is not None and self.row.event.state in _NOT_PUBLIC_YET

    def conflict(self, name: str, why: str, said: str = "") -> str:
        self.is_kept = True
        label = self.wanted.line.label if self.wanted else str(self.known)
        told = f"is otherwise in the file, “{said}”" if said else "is otherwise in the file"
        return f"{label}: {CALLED.get(name, name)} {told}; {why}, so it was kept."


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
    progress: Progress,
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
        place,
        imported,
        [wanted[at] for at in new],
        [identities[at] for at in new],
        source,
        report,
        kinds=kinds,
        actor=actor,
        progress=progress,
    )
    report.new = len(rows)
    report.added = [line for line, _event in rows]
    report.unchanged = len(lines) - report.new - report.changed


def _known(imported: ImportedDocket) -> list[_Kept]:
    known = list(imported.entries.order_by("position", "pk"))
    if not known:
        return []
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
    report.read = partial(list, lines)
    report.by_kind.update(str(line.kind) for line in lines)
    report.unsure += [line.doubt for line in lines if line.is_unsure]


# --- what is there already ------------------------------------------------------------------------------------------


def _update(kept: Sequence[_Kept], report: Report) -> None:
    asked = [each for each in kept if each.is_there and _says_something_else(each)]
    if asked:
        rows = _held([each.known.entry_key for each in asked])
        for each in asked:
            each.row = rows.get(each.known.entry_key)
            _compare(each, report.conflicts)
        _keep_rulings([each for each in asked if each.to_write.get("kind")], report.conflicts)
        _settle_documents([each for each in asked if each.row is not None], report.conflicts)
        for each in asked:
            if each.wanted is not None and each.to_remember and not each.is_kept:
                each.to_remember[ALL] = digest_of_all(each.wanted.values())
    for each in kept:
        if not each.is_there:
            report.notes.append(f"{each.known} was deleted at the desk and was not brought back.")
            report.deleted += 1
    _write([each for each in asked if each.row is not None and (each.to_write or each.to_remember)], report)


def _says_something_else(each: _Kept) -> bool:
    return each.wanted is not None and each.known.fingerprints.get(ALL) != digest_of_all(each.wanted.values())


def _compare(each: _Kept, conflicts: list[str]) -> None:
    """Find what is to be written of a line, and tell what is not to be."""
    if each.row is None or each.wanted is None:
        return
    for name, new in each.wanted.values().items():
        if name == DOCUMENTS:
            continue
        was = each.known.fingerprints.get(name, "")
        said = digest(new)
        if said == was or each.wanted.is_silent_on(name):
            continue
        current = _current(each.row, name)
        has = digest(current)
        if said == has:
            each.to_remember[name] = said
        elif has == was and (each.is_ours or name in SILENT):
            each.to_write[name] = new
            each.to_remember[name] = said
        elif name in SILENT:
            continue
        else:
            why = "an editor changed it" if has != was else "it is published"
            conflicts.append(each.conflict(name, why, difference(name, new, current)))


def _keep_rulings(kept: Sequence[_Kept], conflicts: list[str]) -> None:
    """What is no ruling in the file stays one where something hangs on it that only a ruling has."""
    leaving = [
        each
        for each in kept
        if each.row is not None and each.row.event.kind == Kind.RULING and each.to_write["kind"][0] != Kind.RULING
    ]
    if not leaving:
        return
    events = {each.row.event_id for each in leaving if each.row is not None}
    holding = set()
    for model, column in (
        (RulingJudge, "ruling"),
        (RulingCitation, "ruling"),
        (Provision, "ruling"),
        (Treatment, "target"),
    ):
        holding |= set(model._default_manager.filter(**{f"{column}__in": events}).values_list(column, flat=True))
    for each in leaving:
        if each.row is not None and each.row.event_id in holding:
            said = difference("kind", each.to_write.pop("kind"), ())
            del each.to_remember["kind"]
            conflicts.append(each.conflict("kind", "it has judges, parts or effects that only a ruling has", said))


def _settle_documents(asked: Sequence[_Kept], conflicts: list[str]) -> None:
    """Add and bring up to date the documents of lines that say something else of them."""
    changed = []
    for each in asked:
        said = each.wanted.values()[DOCUMENTS] if each.wanted is not None else ()
        if said and digest(said) != each.known.fingerprints.get(DOCUMENTS, ""):
            changed.append((each, digest(said)))
    rows = documents.rows_of(each.known.fingerprints.get(documents.FILES, {}) for each, _ in changed)
    to_write = []
    for each, said_now in changed:
        if each.wanted is None or each.row is None:
            continue
        found = documents.Changes(each.wanted.line.documents, each.known.fingerprints.get(documents.FILES, {}), rows)
        if found.kept or (found.is_any and not each.is_ours):
            conflicts.append(each.conflict(DOCUMENTS, "an editor changed one" if found.kept else "it is published"))
        if each.is_ours:
            each.files = found
            to_write.append((found, each.row.event_id))
        if not found.kept and (each.is_ours or not found.is_any):
            each.to_remember[DOCUMENTS] = said_now
    documents.write(to_write)
    for each, _ in changed:
        if each.files is not None and each.files.is_any:
            each.to_remember[documents.FILES] = each.files.noted


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
        told = [CALLED.get(name, name) for name in each.to_write if name not in SILENT]
        told += [DOCUMENTS] if each.files is not None and each.files.is_any else []
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
