"""
Write a docket that was read: as drafts, whole or not at all, and again without a second time.

One docket is one transaction. What an earlier version of it brought is known by `ImportedDocket` and `ImportedEntry`;
docs/importing.md says what becomes of what was changed by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pghistory
from django.db import DatabaseError, connection, transaction

from casetracker import rights
from casetracker.models import Case, ImportedDocket, Proceeding, Source, SourceKind

from . import copying, entries, people, places, unchanged
from .cleaning import cleaned
from .formats import LABELS, NO_NUMBER
from .meaning import Line, fingerprint, lines_of
from .progress import Progress, Tell
from .records import Docket, DocketError
from .reports import Report

_HEAD = ("caption", "filed", "terminated")


@dataclass(frozen=True, slots=True)
class Wishes:
    """
    What whoever imports decides: the case, if the docket cannot say it; whether nothing is written; and whether readers
    may see the parties and counsel of a case that is public already, for these have no drafts of their own.

    `kinds` are the kinds that somebody chose by hand for new lines, by `Line.key`. `actor` is who imports from the
    desk: what is new counts as made by them, and a case out of their reach is refused. Without one nothing is asked.
    `tell` is told how far the docket has come.
    """

    case: Case | None = None
    is_dry: bool = False
    may_show: bool = False
    kinds: Mapping[str, str] = field(default_factory=dict)
    actor: Any = None
    tell: Tell | None = None


def load(docket: Docket, *, format: str, wishes: Wishes | None = None, source: str = "import_docket") -> Report:
    """
    Write one docket in one transaction and tell what that did. `format` is a key of `LABELS`; `source` labels the
    history of every row. Raises `DocketError`, and then nothing was written.
    """
    wishes = wishes or Wishes()
    try:
        with transaction.atomic(), pghistory.context(source=source):
            copying.make_ready()
            report = _load(docket, format, wishes)
            # What triggers put off to the end is asked now, so that a dry run finds it too.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            if wishes.is_dry:
                transaction.set_rollback(True)
            return report
    except DatabaseError as error:
        raise DocketError(f"The database refuses it: {str(error).strip().splitlines()[0]}") from error


def _load(docket: Docket, format: str, wishes: Wishes) -> Report:
    # The lines are looked at only when it is known that they are not those of the last time.
    said = unchanged.digest_of(docket)
    clean = cleaned(replace(docket, entries=()))
    head = _named(clean.docket)
    report = Report()
    court = places.find_court(head)
    places.hold(replace(head, entries=docket.entries))
    place = places.settle(head, court, wishes.case, report, may_show=wishes.may_show, actor=wishes.actor)
    _refuse_what_is_not_theirs(place, wishes.actor)
    report.docket = f"{court.short_name} {head.number}"
    report.case, report.case_key, report.is_new_case = place.case.name, place.case.pk, place.is_new_case
    imported, is_first = _imported(place, format)
    before = dict(imported.fingerprints)
    report.other_rows += is_first
    is_known = unchanged.is_known(imported, said, is_first=is_first)
    lines: list[Line] = []
    if is_known:
        about = unchanged.tell(docket, before[unchanged.WHOLE], report)
    else:
        clean = cleaned(docket)
        docket = replace(clean.docket, court=head.court, number=head.number)
        progress = Progress(len(docket.entries), wishes.tell)
        lines, report.left_lines = lines_of(docket, progress=progress)
        report.left += report.left_lines
        about = [*clean.said, *_before_the_case(docket)]
        head = docket
    report.notes[:0] = about
    people.take_turns(head, lines, set(before.get("named", ())))
    after = _update_place(place, head, clean.minors, before, report, may_show=wishes.may_show)
    if not is_known:
        source = _source(place.proceeding, docket, format, report)
        entries.settle(
            place,
            imported,
            lines,
            source,
            report,
            is_part=docket.is_part,
            kinds=wishes.kinds,
            actor=wishes.actor,
            progress=progress,
        )
    note = before.get(unchanged.WHOLE) if is_known else unchanged.note_of(said, docket, report, about)
    imported.fingerprints = after | ({unchanged.WHOLE: note} if note else {})
    if imported.fingerprints != before:
        imported.save(update_fields=["fingerprints"])
    return report


def _imported(place: places.Place, format: str) -> tuple[ImportedDocket, bool]:
    """What is remembered of the proceeding, and whether it is remembered from now on."""
    if place.is_new:
        return ImportedDocket.objects.create(proceeding=place.proceeding, format=format), True
    return ImportedDocket.objects.get_or_create(proceeding=place.proceeding, defaults={"format": format})


def _refuse_what_is_not_theirs(place: places.Place, actor: Any) -> None:
    if actor is None or place.is_new_case or rights.may_import_into(actor, place.case):
        return
    if not rights.sees(actor, place.case):
        raise DocketError("This docket is here already, in a case that is not yours. An editor can import it.")
    raise DocketError(
        f"{place.case.name} is not wholly yours: others made it or entries of it, or it is public. "
        "An editor can import into it."
    )


def _update_place(
    place: places.Place,
    docket: Docket,
    minors: frozenset[str],
    before: Mapping[str, Any],
    report: Report,
    *,
    may_show: bool,
) -> dict[str, Any]:
    """
    Add the numbers, transfers, judges, parties and counsel that are new, and bring the head up to date, unless readers
    would see it at once; the digests of what is there now.
    """
    known = set(before.get("named", ()))
    if place.case.first_public_at is None or may_show:
        report.other_rows += places.add_numbers(place, docket)
        report.other_rows += places.add_transfers(place, docket, known, report)
        report.other_rows += people.add_people(place, docket, minors, known, report)
        head = _update_head(place, docket, before, report)
    else:
        head = {name: value for name, value in before.items() if name in _HEAD}
        if names := people.unnamed(docket, known):
            report.left.append(
                f"{place.case.name} is public, so these were not added: {', '.join(names[:20])}. "
                f"If readers may see them at once, {places.HOW_TO_SHOW}"
            )
    return {**head, "named": sorted(known)}


def _named(docket: Docket) -> Docket:
    """With court and number, which a page of CourtListener lacks: from the docket that is known under its key."""
    if docket.number and docket.court:
        return docket
    if not docket.courtlistener:
        raise DocketError(NO_NUMBER)
    known = places.known_by_courtlistener(docket.courtlistener)
    if known is None:
        raise DocketError(
            f"These are entries or parties of docket {docket.courtlistener} of CourtListener, which is not known here. "
            f"Give the page of the docket itself with them: .../dockets/{docket.courtlistener}/."
        )
    number = known.numbers.first()
    return replace(docket, court=known.court_id, number=number.number if number else docket.courtlistener)


def _update_head(place: places.Place, docket: Docket, before: Mapping[str, Any], report: Report) -> dict[str, str]:
    """Bring name and dates of the proceeding up to date, where nobody changed them; the digests of what was written."""
    said = {"caption": docket.name[:400], "filed": docket.filed, "terminated": docket.terminated}
    row, changed = place.proceeding, []
    after = {name: value for name, value in before.items() if name in _HEAD}
    for name, value in said.items():
        if not value or fingerprint(value) == before.get(name):
            continue
        current = getattr(row, name)
        if place.is_new or fingerprint(current) == fingerprint(value):
            after[name] = fingerprint(value)
        # A proceeding that was made by hand has no digests: only what is empty there is filled in.
        elif fingerprint(current) == before.get(name) or current in (None, ""):
            setattr(row, name, value)
            after[name] = fingerprint(value)
            changed.append(name)
        else:
            report.conflicts.append(f"The proceeding: {name} is otherwise in the file; it was kept.")
    if changed:
        row.save(update_fields=changed)
        report.other_rows += 1
    return after


def _before_the_case(docket: Docket) -> list[str]:
    """A sentence about the entries that are dated before the docket itself, if there are any."""
    if docket.filed is None:
        return []
    early = [each for each in docket.entries if each.filed and each.filed.sort_date < docket.filed.sort_date]
    if not early:
        return []
    first = early[0]
    many = "1 entry is" if len(early) == 1 else f"{len(early)} entries are"
    return [
        f"{many} dated before the case was filed ({docket.filed}); the first: {first.filed}"
        f"{f', No. {first.number}' if first.number else ''}{f', {first.place}' if first.place else ''}. Where the day "
        "is wrong, mend it in the file and import it again, or at the desk."
    ]


def _source(proceeding: Proceeding, docket: Docket, format: str, report: Report) -> Source:
    """The row that stands behind each entry of this docket as this place has it."""
    title = f"Docket of {proceeding.court.name}, {docket.number}"[:300]
    address = f"https://www.courtlistener.com/docket/{docket.courtlistener}/" if docket.courtlistener else ""
    if format != "courtlistener":
        address = ""
    found = Source.objects.filter(title=title, publisher=LABELS[format], kind=SourceKind.COURT_RECORD).first()
    if found is not None:
        return found
    report.other_rows += 1
    return Source.objects.create(kind=SourceKind.COURT_RECORD, title=title, publisher=LABELS[format], address=address)
