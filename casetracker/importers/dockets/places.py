"""The case and the proceeding of a docket: found, or made as drafts; and how the proceeding came from another."""

import functools
import operator
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.utils.text import slugify

from casetracker.models import (
    PUBLIC_ID_LENGTH,
    Case,
    Court,
    DocketNumber,
    ExternalId,
    FormerSlug,
    Level,
    Proceeding,
    Transfer,
    TransferKind,
    present_courts,
)
from casetracker.models.events import new_public_id
from casetracker.models.functions import DocketKey, SortKey

from . import turns
from .cleaning import cleaned
from .meaning import appeals_named, fingerprint, folded
from .records import Docket, DocketError
from .reports import Report
from .which_court import court_key

_COURTLISTENER, _PACER = "courtlistener", "pacer"

# Where an editor says that readers may see what has no draft; whoever imports does it at the desk or by a command.
HOW_TO_SHOW = (
    "check “Add proceedings, parties and counsel to a case that is public” at the desk, or import with --into-public."
)


@dataclass(slots=True)
class Place:
    """
    Where a docket belongs. `is_new` says that the proceeding was made just now; `waiting` are the transfers that wait
    for it, where they were looked for already.
    """

    case: Case
    proceeding: Proceeding
    is_new: bool
    is_new_case: bool
    waiting: "list[Transfer] | None" = None


def _known(written: str) -> Court | None:
    """The court that PACER or CourtListener calls so; of one that was merged, the court that stayed."""
    key = court_key(written)
    court = Court.objects.filter(pk=key).first()
    return court or Court.objects.filter(pk=present_courts([key]).get(key)).first()


def find_court(docket: Docket) -> Court:
    court = _known(docket.court)
    key = court_key(docket.court)
    if court is None:
        raise DocketError(
            f"There is no court {key}. Courts come first: manage.py load_courts; or give another one: --court, or the "
            "box Court at the desk."
        )
    return court


@functools.lru_cache(maxsize=1_000)
def docket_key(number: str) -> str:
    """The form in which two spellings of a docket number are equal, as the database itself makes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT casetracker_docket_key(%s)", [number])
        return str(cursor.fetchone()[0])


def named_in(docket: Docket) -> frozenset[str]:
    """
    By what this docket and those that it names are known, of whatever court: its number and keys, where it came from
    and which appeals it tells of. Two dockets that share none land in either order, or at once, with the same result.
    """
    docket = replace(cleaned(replace(docket, entries=())).docket, entries=docket.entries)
    numbers = [docket.number, *(origin.number for origin in docket.origins), *appeals_named(docket.entries)]
    ids = [f"{scheme} {key}" for scheme, key in ((_COURTLISTENER, docket.courtlistener), (_PACER, docket.pacer)) if key]
    return frozenset({*ids, *(key for number in numbers if (key := docket_key(number)))})


def hold(docket: Docket) -> None:
    """
    Wait until nobody else loads this docket, or one that has to do with it: two at once would each make the proceeding,
    or each a case.
    """
    turns.take(turns.Turn.DOCKET, named_in(docket))


def known_by_courtlistener(key: str) -> Proceeding | None:
    """The proceeding that has this key, for a page that says no more."""
    found = Proceeding.objects.filter(external_ids__scheme=_COURTLISTENER, external_ids__value=key)
    return found.select_related("case", "court").first() if key else None


def settle(
    docket: Docket, court: Court, case: Case | None, report: Report, *, may_show: bool, actor: Any = None
) -> Place:
    """
    The place of the docket, made where there is none. `case` is where an editor wants it. Raises `DocketError` where it
    cannot be told, or where readers would see the new proceeding at once and `may_show` does not say so.
    """
    proceeding = _proceeding(docket, court, case)
    if proceeding is not None:
        return Place(proceeding.case, proceeding, is_new=False, is_new_case=False)
    is_new_case = False
    waiting = None
    if case is None:
        waiting = _waiting(docket, court)
        case = _case_of_neighbour(docket, waiting, report)
    if case is None:
        is_new_case = True
        case = _new_case(docket, court, actor)
    elif case.first_public_at is not None and not may_show:
        raise DocketError(
            f"{case.name} is public, so readers would see the new proceeding, its parties and counsel at once. "
            f"If they may, {HOW_TO_SHOW}"
        )
    proceeding = Proceeding.objects.create(
        case=case,
        court=court,
        caption=(docket.name or docket.number)[:400],
        filed=docket.filed,
        terminated=docket.terminated,
        display_order=0 if is_new_case else case.proceedings.count(),
    )
    return Place(case, proceeding, is_new=True, is_new_case=is_new_case, waiting=waiting)


def _proceeding(docket: Docket, court: Court, case: Case | None) -> Proceeding | None:
    """The one that has the docket's number, or a key under which another database knows it."""
    within = {"proceeding__court": court} | ({"proceeding__case": case} if case is not None else {})
    ids = [
        (scheme, value) for scheme, value in ((_COURTLISTENER, docket.courtlistener), (_PACER, docket.pacer)) if value
    ]
    for scheme, value in ids:
        found = _proceedings_of(ExternalId.objects.filter(scheme=scheme, value=value, **within))
        if len(found) == 1:
            return found[0]
    found = _proceedings_of(DocketNumber.objects.filter(key=docket_key(docket.number), **within))
    # The same number under another key of the same database is another docket.
    found = [row for row in found if not _is_another(row, dict(ids))]
    if len(found) > 1:
        cases = ", ".join(sorted({row.case.slug for row in found}))
        raise DocketError(
            f"{docket.number} is there several times in {court.short_name}. Say which: --case ({cases}), or begin on "
            "the screen of the case."
        )
    return found[0] if found else None


def _proceedings_of(rows: QuerySet[Any]) -> list[Proceeding]:
    """
    What the rows name, at most 20. Mostly they name nothing, and to ask them alone takes a third of the time of a
    question to proceedings with all their columns.
    """
    keys = list(rows.order_by("proceeding").values_list("proceeding", flat=True).distinct()[:20])
    if not keys:
        return []
    there = Proceeding.objects.filter(pk__in=keys).select_related("case", "court")
    return list(there.prefetch_related("external_ids"))


def _is_another(row: Proceeding, ids: dict[str, str]) -> bool:
    theirs = {each.scheme: each.value for each in row.external_ids.all()}
    return any(theirs.get(scheme, value) != value for scheme, value in ids.items())


def _case_of_neighbour(docket: Docket, waiting: list[Transfer], report: Report) -> Case | None:
    """The case in which the docket below, or the one above, is already; if that is one case."""
    found: dict[int, Case] = {}
    for origin in docket.origins:
        if origin.court and origin.number:
            rows = DocketNumber.objects.filter(
                key=docket_key(origin.number), proceeding__court=_known(origin.court)
            ).select_related("proceeding__case")
            found |= {row.proceeding.case_id: row.proceeding.case for row in rows[:3]}
    for transfer in waiting:
        other = transfer.destination or transfer.origin
        if other is not None:
            found[other.case_id] = other.case
    if len(found) == 1:
        case = next(iter(found.values()))
        report.notes.append(f"It was put into {case.name}, where the proceeding is that it came from or went to.")
        return case
    if found:
        report.notes.append("Several cases have a proceeding that it came from or went to; none was chosen.")
    return None


def _new_case(docket: Docket, court: Court, actor: Any) -> Case:
    name = docket.name or f"{court.short_name} {docket.number}"
    slug = slugify(name)[:100].strip("-") or slugify(f"{court.pk} {docket.number}")[:100]
    turns.take(turns.Turn.CASE, [slug])
    is_taken = _is_taken(slug)
    if is_taken:
        slug = f"{slug}-{slugify(docket.number)[: 119 - len(slug)]}".strip("-")
    if is_taken and _is_taken(slug):
        slug = f"{slug[: 119 - PUBLIC_ID_LENGTH]}-{new_public_id()}"
    return Case.objects.create(name=name[:250], short_name=name[:100], slug=slug, created_by=actor)


def _is_taken(slug: str) -> bool:
    taken = Case.objects.filter(slug=slug).order_by().values("slug")
    return taken.union(FormerSlug.objects.filter(slug=slug).order_by().values("slug")).exists()


# --- numbers and transfers ------------------------------------------------------------------------------------------


def add_numbers(place: Place, docket: Docket) -> int:
    """The number and the keys of other databases that are missing; how many there were."""
    row, added = place.proceeding, 0
    numbers = list(row.numbers.all()) if not place.is_new else []
    if docket.number and not any(each.key == docket_key(docket.number) for each in numbers):
        is_main = not any(each.is_main for each in numbers)
        DocketNumber.objects.create(proceeding=row, number=docket.number[:80], is_main=is_main)
        added += 1
    known = set() if place.is_new else set(row.external_ids.values_list("scheme", "value"))
    for scheme, value in ((_COURTLISTENER, docket.courtlistener), (_PACER, docket.pacer)):
        if value and (scheme, value) not in known:
            ExternalId.objects.create(proceeding=row, scheme=scheme, value=value[:100])
            added += 1
    return added


def _waiting(docket: Docket, court: Court) -> list[Transfer]:
    """Transfers of which one end is this docket, known so far as a court and a number only."""
    key = docket_key(docket.number)
    from_here = Q(origin__isnull=True, origin_court=court, origin_key=key)
    to_here = Q(destination__isnull=True, destination_court=court, destination_key=key)
    # Mostly there are none, and to ask for no more than their keys takes a third of the time.
    keys = list(_with_keys().filter(from_here | to_here).order_by("pk").values_list("pk", flat=True)[:20])
    if not keys:
        return []
    return list(Transfer.objects.filter(pk__in=keys).select_related("origin__case", "destination__case"))


def _with_keys() -> QuerySet[Transfer]:
    return Transfer.objects.annotate(
        origin_key=DocketKey(F("origin_number")), destination_key=DocketKey(F("destination_number"))
    )


def add_transfers(place: Place, docket: Docket, known: set[str], report: Report) -> int:
    """
    Propose the transfers that the docket names and give those that waited for it their end. `known` has those that an
    earlier version named, so that what an editor removed stays away; it is added to. How many rows were written.
    """
    row, court, written = place.proceeding, place.proceeding.court, 0
    for transfer in _waiting(docket, court) if place.waiting is None else place.waiting:
        if transfer.origin is None and transfer.origin_court_id == court.pk:
            transfer.origin, transfer.origin_court, transfer.origin_number = row, None, ""
        else:
            transfer.destination, transfer.destination_court, transfer.destination_number = row, None, ""
        if transfer.origin_id != transfer.destination_id:
            transfer.save()
            written += 1
    for origin in docket.origins:
        below = _court_of(origin.court, origin.court_name)
        name = f"{origin.court or origin.court_name} {origin.number}".strip()
        if below is None:
            report.notes.append(f"It came from {name}, which is no court that is known here.")
        elif (key := fingerprint(f"from {name}")) not in known:
            known.add(key)
            written += _propose(place, below, origin.number, kind=_kind(court, docket.number), is_origin=True)
    above = list(court.appeals_to.filter(level=Level.APPELLATE)[:2]) if court.level == Level.TRIAL else []
    for number in appeals_named(docket.entries):
        if len(above) == 1 and (key := fingerprint(f"to {number}")) not in known:
            known.add(key)
            written += _propose(place, above[0], number, kind=TransferKind.APPEAL, is_origin=False)
    return written


def _propose(place: Place, court: Court, number: str, *, kind: TransferKind, is_origin: bool) -> int:
    """A transfer between the proceeding and the docket `number` of `court`, unless there is one. 1 if it was made."""
    row, key = place.proceeding, docket_key(number)
    mine, other = ("destination", "origin") if is_origin else ("origin", "destination")
    end = _other_end(place, court, key) if number else None
    same: dict[str, object] = {f"{other}_court": court, f"{other}_key": key}
    alike = Q(**same) if end is None else Q(**same) | Q(**{other: end})
    if _with_keys().filter(alike, **{mine: row}).exists():
        return 0
    ends: dict[str, object] = (
        {other: end} if end is not None else {f"{other}_court": court, f"{other}_number": number[:80]}
    )
    Transfer.objects.create(kind=kind, **{mine: row}, **ends)
    return 1


def _other_end(place: Place, court: Court, key: str) -> Proceeding | None:
    """The one proceeding of this number in the court; those of the same case go first."""
    there = Proceeding.objects.filter(court=court, numbers__key=key).exclude(pk=place.proceeding.pk)
    found = list(there.distinct()[:20])
    found = [each for each in found if each.case_id == place.case.pk] or found
    return found[0] if len(found) == 1 else None


def _court_of(key: str, name: str) -> Court | None:
    if key and (court := _known(key)):
        return court
    wanted = folded(name)
    if not wanted:
        return None
    # Each word of it, in whatever spelling, stands in the key by which the court is sorted.
    alike = functools.reduce(operator.and_, (Q(sort_key__contains=SortKey(Value(word))) for word in wanted.split()))
    found = [court for court in Court.objects.filter(alike) if folded(court.name) == wanted]
    same = [court for court in found if court.name.casefold() == name.casefold()]
    return same[0] if len(same) == 1 else found[0] if len(found) == 1 else None


def _kind(court: Court, number: str) -> TransferKind:
    if court.level == Level.SUPREME:
        return TransferKind.APPLICATION if "A" in number.upper() else TransferKind.CERTIORARI
    return TransferKind.APPEAL if court.level == Level.APPELLATE else TransferKind.RELATED
