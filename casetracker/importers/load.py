"""
Write a case that an importer has read.

What is missing is added; what is there already is compared, reported where it differs, and never written: an editor may
have changed it. So a second run writes nothing. A case is loaded whole or not at all; entries that its record has got
since are added to it.
"""

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils.text import slugify

from casetracker import publication
from casetracker.models import (
    Attorney,
    Case,
    Correction,
    Court,
    DocketNumber,
    ExternalId,
    FormerJudge,
    FormerParty,
    FormerSlug,
    Judge,
    Party,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Representation,
    Source,
    Topic,
    Transfer,
    merged_attorneys,
    present_courts,
)

from .load_entries import OURS, EntryLoader, public_id
from .records import CaseRecord, PartyRecord
from .rows import LoadError, Rows, Wanted

__all__ = ["CaseReport", "LoadError", "load_case", "public_id", "relate"]


@dataclass(frozen=True, slots=True)
class CaseReport:
    """
    What loading one case did: whether it is new, how many entries were added, how many rows of each kind, and which
    rows are there and not as the record says, with the fields.
    """

    name: str
    is_new: bool
    entries: int
    added: Counter[str]
    differences: tuple[str, ...]


def load_case(record: CaseRecord, *, today: datetime.date, source: str) -> CaseReport:
    """
    Write the case in one transaction and publish what is new. `today` is the day from which an invented example counts;
    `source` labels the history of every row.

    Courts must be loaded before. Raises `LoadError`, and then nothing was written.
    """
    try:
        with transaction.atomic(), pghistory.context(source=source):
            return _Load(record, today).run()
    except DatabaseError as error:
        raise LoadError(f"the database refuses it: {str(error).strip()}") from error


def relate(record: CaseRecord, *, source: str) -> None:
    """Link a loaded case with those it names as related, if it has no such link yet. Raises `LoadError`."""
    if not record.related:
        return
    with transaction.atomic(), pghistory.context(source=source):
        case = _stored_case(record.case.slug)
        others = {other.slug: other for other in Case.objects.filter(slug__in=record.related)}
        for former in FormerSlug.objects.filter(slug__in=record.related).select_related("case"):
            others[former.slug] = former.case
        others = {slug: other for slug, other in others.items() if other != case}
        for slug in record.related:
            if slug not in others and (case is None or _stored_case(slug) != case):
                raise LoadError(f"related: there is no case {slug}.")
        if case is not None and not case.related.exists():
            case.related.add(*others.values())


def _stored_case(slug: str) -> Case | None:
    """The case of this slug, or of this former slug."""
    return Case.objects.filter(Q(slug=slug) | Q(former_slugs__slug=slug)).distinct().first()


class _Load:
    """One load of one case: the rows of each kind in the order in which they refer to each other."""

    def __init__(self, record: CaseRecord, today: datetime.date) -> None:
        self.record = record
        self.today = today
        self.rows = Rows()

    def run(self) -> CaseReport:
        self._check_courts()
        self.case = self._settle_case()
        self.parties = self._settle_parties()
        self.judges = self._settle_judges()
        self.attorneys = self._settle_attorneys()
        self.sources = self._settle_sources()
        self.proceedings = self._settle_proceedings()
        self._hang_on_proceedings()
        self._settle_transfers()
        self.events = EntryLoader(
            rows=self.rows,
            record=self.record,
            case=self.case,
            today=self.today,
            proceedings=self.proceedings,
            judges=self.judges,
            sources=self.sources,
            courts=self.courts,
        ).run()
        self._settle_corrections()
        # What triggers put off to the end of the transaction is asked now, while an error still has a case to name.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        new = [event for event in self.events.values() if self.rows.is_new(event)]
        if self.rows.is_new(self.case):
            publication.publish(self.case, actor=None)
        for event in new:
            publication.publish(event, actor=None)
        return CaseReport(
            name=self.record.case.short_name,
            is_new=self.rows.is_new(self.case),
            entries=len(new),
            added=self.rows.added,
            differences=tuple(self.rows.differences),
        )

    def _check_courts(self) -> None:
        asked = dict(self._courts())
        # Courts that were merged into others, by the identifiers that records still have of them.
        self.courts = present_courts(asked)
        known = {*Court.objects.filter(pk__in=asked).values_list("pk", flat=True), *self.courts}
        for court, label in asked.items():
            if court not in known:
                raise LoadError(f"{label}: there is no court {court}. Courts come first: manage.py load_courts.")

    def _court(self, key: str) -> str:
        return self.courts.get(key, key)

    def _courts(self) -> Iterator[tuple[str, str]]:
        for proceeding in self.record.proceedings:
            yield proceeding.court, f"proceedings: {proceeding.key}: court"
        for index, transfer in enumerate(self.record.transfers, 1):
            for court in filter(None, (transfer.origin_court, transfer.destination_court)):
                yield court, f"transfers: number {index}"
        for entry in self.record.entries:
            if entry.court:
                yield entry.court, f"entries: {entry.key}: court"
            for treatment in entry.treatments:
                if treatment.target_court:
                    yield treatment.target_court, f"entries: {entry.key}: treatments: target_court"

    # --- the case and those who take part ---

    def _settle_case(self) -> Case:
        said = self.record.case
        row = Case(
            slug=said.slug,
            name=said.name,
            short_name=said.short_name,
            summary=said.summary,
            note=said.note,
            status=said.status,
            checked_on=said.checked_on,
            is_invented=said.invented,
        )
        twin = _stored_case(said.slug)
        stored: dict[Hashable, Case] = {} if twin is None else {said.slug: twin}
        case = self.rows.settle({"case": Wanted("case", row, said.slug)}, stored, without=OURS)["case"]
        topics = {name: Topic(name=name, slug=slugify(name)) for name in said.topics}
        if self.rows.is_new(case):
            found = self.rows.settle(
                {name: Wanted(f"case: topics: {name}", topic, topic.slug) for name, topic in topics.items()},
                _by(Topic.objects.filter(slug__in=[topic.slug for topic in topics.values()]), "slug"),
            )
            case.topics.add(*found.values())
        elif {topic.slug for topic in topics.values()} != set(case.topics.values_list("slug", flat=True)):
            self.rows.differences.append("case: topics")
        return case

    def _settle_parties(self) -> dict[str, Party]:
        wanted = {}
        for said in self.record.parties:
            row = Party(
                name=said.name,
                slug=self._party_slug(said),
                kind=said.kind,
                is_minor=said.minor,
                description=said.description,
            )
            wanted[said.key] = Wanted(f"parties: {said.key}", row, row.slug)
        stored = _by(Party.objects.filter(slug__in=_naturals(wanted)), "slug")
        former = FormerParty.objects.filter(slug__in=_naturals(wanted)).select_related("party")
        return self._settle_people("parties", wanted, stored, {row.slug: row.party for row in former})

    def _party_slug(self, said: PartyRecord) -> str:
        """From the name; of a minor from the case too, for initials are shared by many."""
        words = f"{said.name} {self.record.case.slug}" if said.minor else said.name
        return slugify(words)[:120].strip("-")

    def _settle_judges(self) -> dict[str, Judge]:
        wanted = {}
        for said in self.record.judges:
            row = Judge(name=said.name, label=said.label, slug=slugify(said.name)[:120], title=said.title)
            wanted[said.key] = Wanted(f"judges: {said.key}", row, row.slug)
        stored = _by(Judge.objects.filter(slug__in=_naturals(wanted)), "slug")
        former = FormerJudge.objects.filter(slug__in=_naturals(wanted)).select_related("judge")
        return self._settle_people("judges", wanted, stored, {row.slug: row.judge for row in former})

    def _settle_attorneys(self) -> dict[str, Attorney]:
        wanted = {
            said.key: Wanted(f"attorneys: {said.key}", Attorney(name=said.name, firm=said.firm), (said.name, said.firm))
            for said in self.record.attorneys
        }
        names = [said.name for said in self.record.attorneys]
        stored = _by(Attorney.objects.filter(name__in=names), "name", "firm")
        merged = {key: row for key, row in merged_attorneys(names).items() if key not in stored}
        return self._settle_people("attorneys", wanted, stored, merged)

    def _settle_people(
        self, what: str, wanted: dict[str, Wanted[Any]], stored: dict[Any, Any], merged: Mapping[Any, Any]
    ) -> dict[str, Any]:
        """Those who were merged, by what they were known by, are the ones that stayed, as these are here."""
        keys = {key: merged[want.natural] for key, want in wanted.items() if want.natural in merged}
        for key, row in keys.items():
            self.rows.differences.append(f"{what}: {key}: merged into {row.name}.")
        return self.rows.settle({key: want for key, want in wanted.items() if key not in keys}, stored) | keys

    def _settle_sources(self) -> dict[str, Source]:
        wanted = {}
        for said in self.record.sources:
            row = Source(
                kind=said.kind,
                title=said.title,
                publisher=said.publisher,
                address=said.url,
                archived_address=said.archived_url,
                read_on=said.read_on,
                note=said.note,
            )
            wanted[said.key] = Wanted(f"sources: {said.key}", row, (row.title, row.publisher, row.address))
        titles = [said.title for said in self.record.sources]
        return self.rows.settle(wanted, _by(Source.objects.filter(title__in=titles), "title", "publisher", "address"))

    # --- proceedings ---

    def _settle_proceedings(self) -> dict[str, Proceeding]:
        wanted: dict[str, Wanted[Proceeding]] = {}
        for position, said in enumerate(self.record.proceedings):
            row = Proceeding(
                case=self.case,
                court_id=self._court(said.court),
                caption=said.caption,
                about=said.about,
                filed=said.filed,
                terminated=said.terminated,
                display_order=position,
            )
            wanted[said.key] = Wanted(f"proceedings: {said.key}", row, said.key)
        return self.rows.settle(wanted, self._stored_proceedings())

    def _stored_proceedings(self) -> dict[Any, Proceeding]:
        """
        The proceeding that stands for each key. It has no name of its own in the database, so it is known by its court
        and, in this order, by a docket number, its caption, or its place in the case.
        """
        if self.rows.is_new(self.case):
            return {}
        free = list(self.case.proceedings.prefetch_related("numbers"))
        found: dict[Any, Proceeding] = {}
        for agrees in (
            lambda said, row, _: {each.number for each in said.numbers} & {each.number for each in row.numbers.all()},
            lambda said, row, _: said.caption == row.caption,
            lambda said, row, position: position == row.display_order,
        ):
            for position, said in enumerate(self.record.proceedings):
                if said.key in found:
                    continue
                twin = next(
                    (row for row in free if row.court_id == self._court(said.court) and agrees(said, row, position)),
                    None,
                )
                if twin is not None:
                    found[said.key] = twin
                    free.remove(twin)
        return found

    def _hang_on_proceedings(self) -> None:
        numbers, judges, roles, counsel, external = [], [], [], [], []
        for said in self.record.proceedings:
            row, label = self.proceedings[said.key], f"proceedings: {said.key}"
            for number in said.numbers:
                new = DocketNumber(proceeding=row, number=number.number, term=number.term, is_main=number.main)
                numbers.append(Wanted(f"{label}: numbers: {number.number}", new))
            for assigned in said.judges:
                judge = ProceedingJudge(proceeding=row, judge=self.judges[assigned.judge], role=assigned.role)
                judges.append(Wanted(f"{label}: judges: {assigned.judge}", judge))
            for position, part in enumerate(said.parties):
                role = PartyRole(
                    proceeding=row,
                    party=self.parties[part.party],
                    role=part.role,
                    as_written=part.as_written,
                    terminated=part.terminated,
                    note=part.note,
                    display_order=position,
                )
                roles.append(Wanted(f"{label}: parties: {part.party}", role))
            for each in said.counsel:
                representation = Representation(
                    proceeding=row,
                    party=self.parties[each.party],
                    attorney=self.attorneys[each.attorney],
                    lead=each.lead,
                    pro_hac_vice=each.pro_hac_vice,
                    terminated=each.terminated,
                    note=each.note,
                )
                counsel.append(Wanted(f"{label}: counsel: {each.attorney}", representation))
            for scheme, value in said.external.items():
                external.append(
                    Wanted(f"{label}: external: {scheme}", ExternalId(proceeding=row, scheme=scheme, value=value))
                )
        owners = {f"proceedings: {key}": row for key, row in self.proceedings.items()}
        self.rows.hang("proceeding", owners, numbers, DocketNumber)
        self.rows.hang("proceeding", owners, judges, ProceedingJudge)
        self.rows.hang("proceeding", owners, roles, PartyRole)
        self.rows.hang("proceeding", owners, counsel, Representation)
        self.rows.hang("proceeding", owners, external, ExternalId)

    def _settle_transfers(self) -> None:
        wanted = []
        for index, said in enumerate(self.record.transfers, 1):
            row = Transfer(
                kind=said.kind,
                origin=self.proceedings.get(said.origin),
                origin_court_id=self._court(said.origin_court) or None,
                origin_number=said.origin_number,
                destination=self.proceedings.get(said.destination),
                destination_court_id=self._court(said.destination_court) or None,
                destination_number=said.destination_number,
                date=said.date,
                note=said.note,
            )
            wanted.append(Wanted(f"transfers: number {index}", row))
        if self.rows.is_new(self.case):
            self.rows.add(wanted)
            return
        stored = Transfer.objects.filter(Q(origin__case=self.case) | Q(destination__case=self.case))
        self.rows.compare_all("case", [want.row for want in wanted], stored, Transfer)

    def _settle_corrections(self) -> None:
        wanted = []
        for index, said in enumerate(self.record.corrections, 1):
            row = Correction(case=self.case, event=self.events.get(said.entry), corrected_on=said.date, text=said.text)
            wanted.append(Wanted(f"corrections: number {index}", row))
        self.rows.hang("case", {"case": self.case}, wanted, Correction)


def _by(rows: Iterable[Any], *columns: str) -> dict[Any, Any]:
    """The rows by the value of a column, or by the values of several."""
    if len(columns) == 1:
        return {getattr(row, columns[0]): row for row in rows}
    return {tuple(getattr(row, column) for column in columns): row for row in rows}


def _naturals(wanted: dict[str, Wanted[Any]]) -> list[Any]:
    return [want.natural for want in wanted.values()]
