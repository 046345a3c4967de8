"""
A case as records that the importer reads again: each proceeding as a docket, with what an editor made of its lines.

What no docket has (summaries, provisions, treatments, statements) is no part of it. Of a document its description goes
along with the checksum of its file; the file itself is written beside (`casetracker.files.carrying`).
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Prefetch

from casetracker.models import Case, DocketEntry, Document, ExternalId, Proceeding, Transfer

from .records import Attachment, Counsel, Docket, Entry, Litigant, Origin, Sitting


def dockets_of(case: Case) -> list[Docket]:
    """The proceedings of the case that have a number, in their order; in a constant number of queries."""
    rows = case.proceedings.select_related("court").prefetch_related(
        "numbers",
        "external_ids",
        "assigned_judges__judge",
        "party_roles__party",
        "representations__attorney",
        "transfers_in__origin__numbers",
    )
    entries: dict[int, list[DocketEntry]] = defaultdict(list)
    lines = (
        DocketEntry.objects.filter(proceeding__case=case)
        .select_related("event")
        .prefetch_related("event__ruling_judges__judge", Prefetch("event__documents", Document.objects.defer("text")))
        .order_by("position", "pk")
    )
    for line in lines:
        entries[line.proceeding_id].append(line)
    return [_docket(row, entries[row.pk]) for row in rows if row.numbers.all()]


def _docket(row: Proceeding, lines: Iterable[DocketEntry]) -> Docket:
    keys = {each.scheme: each.value for each in row.external_ids.all()}
    counsel: dict[int, list[Counsel]] = defaultdict(list)
    for each in row.representations.all():
        roles = [role for role, has in (("LEAD ATTORNEY", each.lead), ("PRO HAC VICE", each.pro_hac_vice)) if has]
        counsel[each.party_id].append(Counsel(each.attorney.name, each.attorney.firm, tuple(roles), each.terminated))
    return Docket(
        court=row.court_id,
        number=row.numbers.all()[0].number,
        name=row.caption,
        filed=row.filed,
        terminated=row.terminated,
        judges=tuple(Sitting(each.judge.name, each.role) for each in row.assigned_judges.all()),
        litigants=tuple(
            Litigant(
                name=each.party.name,
                role=each.as_written or each.get_role_display(),
                # By this word the importer knows again whose initials are all that is kept.
                note="a minor" if each.party.is_minor else each.note,
                terminated=each.terminated,
                counsel=tuple(counsel[each.party_id]),
            )
            for each in row.party_roles.all()
        ),
        entries=tuple(_entry(line) for line in lines),
        origins=tuple(_origin(each) for each in row.transfers_in.all()),
        courtlistener=keys.get(ExternalId.Scheme.COURTLISTENER, ""),
        pacer=keys.get(ExternalId.Scheme.PACER, ""),
    )


def _entry(line: DocketEntry) -> Entry:
    event = line.event
    return Entry(
        filed=event.date,
        entered=line.entered,
        number=line.number,
        text=line.text,
        kind=event.kind,
        form=event.form,
        outcome=event.outcome,
        title=event.title,
        judges=tuple(Sitting(each.judge.name, each.role) for each in event.ruling_judges.all()),
        attachments=tuple(
            Attachment(
                number=each.number,
                text=each.title,
                address=each.address,
                pages=each.pages,
                is_sealed=each.sealed,
                size=each.size,
                sha256=each.sha256,
            )
            for each in event.documents.all()
        ),
    )


def _origin(transfer: Transfer) -> Origin:
    if transfer.origin is None:
        return Origin(court=transfer.origin_court_id or "", number=transfer.origin_number)
    numbers = transfer.origin.numbers.all()
    return Origin(court=transfer.origin.court_id, number=numbers[0].number if numbers else "")
