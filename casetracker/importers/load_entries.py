"""Write the entries of a case and all that hangs on them; the second half of `load`."""

import datetime
import hashlib
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import Model

from casetracker.dates import Form, Point, UncertainDate
from casetracker.models import (
    PUBLIC_ID_ALPHABET,
    PUBLIC_ID_LENGTH,
    Case,
    DocketEntry,
    Event,
    FormerEntry,
    Judge,
    Proceeding,
    Provision,
    Reference,
    Response,
    RulingCitation,
    RulingJudge,
    Source,
    Statement,
    Treatment,
)

from .records import CaseRecord, EntryRecord, ReferenceRecord
from .rows import LoadError, Rows, Wanted

# What the database and `publication` decide about a case or an entry, and no record.
OURS = (
    *("state", "published_from", "first_public_at", "state_changed_at", "state_changed_by", "state_reason"),
    *("version", "created_at", "updated_at"),
)


def public_id(slug: str, key: str) -> str:
    """
    The permanent address of the entry `key` of the case `slug`: the same on every machine, and as little to be guessed
    from its neighbours as a random one.
    """
    number = int.from_bytes(hashlib.sha256(f"{slug}/{key}".encode()).digest())
    digits = []
    for _ in range(PUBLIC_ID_LENGTH):
        number, digit = divmod(number, len(PUBLIC_ID_ALPHABET))
        digits.append(PUBLIC_ID_ALPHABET[digit])
    return "".join(digits)


@dataclass(frozen=True, slots=True)
class EntryLoader:
    """
    Loads the entries of one case whose proceedings, judges and sources are settled; all are given by their keys.
    `today` is the day from which an invented example counts.
    """

    rows: Rows
    record: CaseRecord
    case: Case
    today: datetime.date
    proceedings: Mapping[str, Proceeding]
    judges: Mapping[str, Judge]
    sources: Mapping[str, Source]
    # Courts that were merged into others, by their former identifiers.
    courts: Mapping[str, str]

    def run(self) -> dict[str, Event]:
        """Settle the entries and what hangs on them; the entries by their keys. Raises `LoadError`."""
        merged = self._merged()
        record = replace(self.record, entries=tuple(said for said in self.record.entries if said.key not in merged))
        rest = replace(self, record=record)
        events = rest._settle_events() | merged
        _Hanging(rest, events).run()
        return events

    def _merged(self) -> dict[str, Event]:
        """Entries that an editor has merged into others: they stay so, and what hung on them is not compared."""
        keys = {public_id(self.record.case.slug, said.key): said.key for said in self.record.entries}
        former = FormerEntry.objects.filter(public_id__in=keys).select_related("event").order_by("pk")
        for row in former:
            self.rows.differences.append(f"entries: {keys[row.public_id]}: merged into “{row.event.title}”.")
        return {keys[row.public_id]: row.event for row in former}

    def _settle_events(self) -> dict[str, Event]:
        wanted: dict[str, Wanted[Event]] = {}
        for said in self.record.entries:
            row = Event(
                public_id=public_id(self.record.case.slug, said.key),
                case=self.case,
                court_id=self.courts.get(said.court, said.court) or None,
                kind=said.kind,
                date=said.date if said.date_offset is None else self._in_days(said.date_offset),
                time=said.time,
                time_zone=said.time_zone,
                day_order=said.order,
                effective=said.effective,
                title=said.title,
                summary=said.summary,
                note=said.note,
                happening=said.status,
                postponed_to=said.postponed_to
                if said.postponed_offset is None
                else self._in_days(said.postponed_offset),
                under_seal=said.sealed,
                unsealed=said.unsealed,
                form=said.form,
                outcome=said.outcome,
                holding=said.holding,
                per_curiam=said.per_curiam,
                vote=said.vote,
                precedential=said.precedential,
            )
            # The days of an example count from its first loading.
            unknown = [
                name
                for name, offset in (("date", said.date_offset), ("postponed_to", said.postponed_offset))
                if offset is not None
            ]
            wanted[said.key] = Wanted(f"entries: {said.key}", row, row.public_id, unknown)
        stored: dict[Hashable, Event] = {
            row.public_id: row for row in Event.objects.filter(public_id__in=[want.natural for want in wanted.values()])
        }
        return self.rows.settle(wanted, stored, without=OURS)

    def _in_days(self, days: int) -> UncertainDate:
        day = self.today + datetime.timedelta(days=days)
        point = Point(day.year, day.month, day.day)
        return UncertainDate(Form.ON, point, point)


@dataclass(frozen=True, slots=True)
class _Hanging:
    """What hangs on entries that are settled: where they stand, who decided, what they did, what was said of them."""

    load: EntryLoader
    events: Mapping[str, Event]

    def run(self) -> None:
        owners: dict[str, Model] = {f"entries: {key}": row for key, row in self.events.items()}
        entries = self.load.record.entries
        self.load.rows.hang("event", owners, list(self._docket_entries()), DocketEntry)
        self.load.rows.hang("event", owners, list(self._responses()), Response)
        self.load.rows.hang("ruling", owners, list(self._ruling_judges()), RulingJudge)
        self.load.rows.hang("ruling", owners, list(self._citations()), RulingCitation)
        self._hang_provisions_and_treatments(owners)
        references = [want for said in entries for want in self._references(said.sources, f"entries: {said.key}", said)]
        self.load.rows.hang("event", owners, references, Reference)
        self._hang_statements(owners)

    def _docket_entries(self) -> Iterator[Wanted[DocketEntry]]:
        for said in self.load.record.entries:
            for docket in said.docket:
                row = DocketEntry(
                    event=self.events[said.key],
                    proceeding=self.load.proceedings[docket.proceeding],
                    number=docket.number,
                    text=docket.text,
                    entered=docket.entered,
                )
                yield Wanted(f"entries: {said.key}: docket: {docket.proceeding}", row)

    def _responses(self) -> Iterator[Wanted[Response]]:
        for said in self.load.record.entries:
            for key in said.responds_to:
                row = Response(event=self.events[said.key], responds_to=self.events[key])
                yield Wanted(f"entries: {said.key}: responds_to: {key}", row)

    def _ruling_judges(self) -> Iterator[Wanted[RulingJudge]]:
        for said in self.load.record.entries:
            for position, judge in enumerate(said.judges):
                row = RulingJudge(
                    ruling=self.events[said.key],
                    judge=self.load.judges[judge.judge],
                    role=judge.role,
                    position=position,
                )
                yield Wanted(f"entries: {said.key}: judges: {judge.judge}", row)

    def _citations(self) -> Iterator[Wanted[RulingCitation]]:
        for said in self.load.record.entries:
            for position, text in enumerate(said.citations):
                row = RulingCitation(ruling=self.events[said.key], text=text, position=position)
                yield Wanted(f"entries: {said.key}: citations: {text}", row)

    def _hang_provisions_and_treatments(self, owners: dict[str, Model]) -> None:
        wanted: list[Wanted[Provision]] = []
        keys: list[tuple[str, str]] = []
        for said in self.load.record.entries:
            for position, part in enumerate(said.provisions):
                row = Provision(
                    ruling=self.events[said.key],
                    text=part.text,
                    quoted=part.quoted,
                    addressed_to=part.addressed_to,
                    ends=part.ends,
                    ends_note=part.ends_note,
                    position=position,
                )
                wanted.append(Wanted(f"entries: {said.key}: provisions: {part.key}", row))
                keys.append((said.key, part.key))
        found = self.load.rows.hang("ruling", owners, wanted, Provision)
        provisions = dict(zip(keys, found, strict=True))
        treatments = [want for said in self.load.record.entries for want in self._treatments(said, provisions)]
        self.load.rows.hang("act", owners, treatments, Treatment)

    def _treatments(
        self, said: EntryRecord, provisions: dict[tuple[str, str], Provision | None]
    ) -> Iterator[Wanted[Treatment]]:
        act = self.events[said.key]
        for position, each in enumerate(said.treatments):
            label = f"entries: {said.key}: treatments: number {position + 1}"
            provision = provisions.get((each.target, each.provision)) if each.provision else None
            if each.provision and provision is None and self.load.rows.is_new(act):
                raise LoadError(f"{label}: an editor has changed the provision {each.provision} of {each.target}.")
            row = Treatment(
                act=act,
                verb=each.verb,
                target=self.events.get(each.target),
                target_court_id=self.load.courts.get(each.target_court, each.target_court) or None,
                target_number=each.target_number,
                target_date=each.target_date,
                provision=provision,
                in_part=each.in_part,
                effective=each.effective,
                until=each.until,
                until_event=self.events.get(each.until_event),
                until_note=each.until_note,
                note=each.note,
                position=position,
            )
            yield Wanted(label, row)

    def _references(
        self,
        sources: Iterable[ReferenceRecord],
        label: str,
        said: EntryRecord | None,
        statement: Statement | None = None,
    ) -> Iterator[Wanted[Reference]]:
        for position, each in enumerate(sources):
            row = Reference(
                source=self.load.sources[each.source],
                event=self.events[said.key] if said is not None else None,
                statement=statement,
                pinpoint=each.pinpoint,
                position=position,
            )
            yield Wanted(f"{label}: sources: {each.source}", row)

    def _hang_statements(self, owners: dict[str, Model]) -> None:
        wanted: list[Wanted[Statement]] = []
        sources: list[tuple[ReferenceRecord, ...]] = []
        for said in self.load.record.entries:
            for position, each in enumerate(said.statements):
                row = Statement(
                    event=self.events[said.key],
                    speaker=each.speaker,
                    office=each.office,
                    forum=each.forum,
                    date=each.date,
                    quote=each.quote,
                    paraphrase=each.paraphrase,
                    note=each.note,
                    said_at=self.events.get(each.said_at),
                    position=position,
                )
                wanted.append(Wanted(f"entries: {said.key}: statements: number {position + 1}", row))
                sources.append(each.sources)
        found = self.load.rows.hang("event", owners, wanted, Statement)
        # A statement that an editor has changed is reported already; its sources are not compared.
        statements: dict[str, Model] = {}
        references: list[Wanted[Reference]] = []
        for want, statement, behind in zip(wanted, found, sources, strict=True):
            if statement is not None:
                statements[want.label] = statement
                references.extend(self._references(behind, want.label, None, statement))
        self.load.rows.hang("statement", statements, references, Reference)
