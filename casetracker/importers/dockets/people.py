"""
Judges, parties and counsel of a docket, in a constant number of queries.

Judges and public bodies of one name are one row. Two private persons of one name are not taken for one, unless they are
in the same case: `casetracker.duplicates` shows the desk what is alike.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Value

from casetracker.models import (
    Attorney,
    FormerParty,
    Judge,
    Party,
    PartyKind,
    PartyRole,
    ProceedingJudge,
    Representation,
    merged_attorneys,
)
from casetracker.models.functions import SortKey

from . import turns
from .judges import Bench
from .meaning import Line, fingerprint, folded, judge_name, party_kind, role_of
from .places import Place
from .records import Counsel, Docket, Litigant
from .reports import Report
from .slugs import Slugs

# A note beside a party that may hold where somebody lives.
_PERSONAL = re.compile(r"\d|\b(?:ssn|itin|address|street|avenue|p\.?o\.? box|minor|terminated)\b", re.IGNORECASE)


def add_people(place: Place, docket: Docket, minors: frozenset[str], known: set[str], report: Report) -> int:
    """
    Add who was not named by an earlier version. `known` has the digests of those that were, so that whom an editor
    took away stays away; it is added to. How many rows were written.
    """
    written = _add_judges(place, docket, known, report) + _add_parties(place, docket, minors, known)
    return written + _end_counsel(place, docket, known, report)


def take_turns(docket: Docket, lines: Sequence[Line], known: set[str]) -> None:
    """
    Wait for whoever makes a judge, party or attorney of a name that is new here too, so that both mean one row. Of all
    names at once: those of the head, and of the judges in the lines.
    """
    sitting = [each.name for each in docket.judges if _judge_key(each.name, each.role) not in known]
    sitting += [each.name for line in lines for each in line.judges]
    names = {("judge", judge_name(name).strip()[:200], "") for name in dict.fromkeys(sitting)}
    names |= {("party", each.name[:300], "") for each in docket.litigants if _party_key(each) not in known}
    names |= {
        ("attorney", who.name[:200], who.firm[:200])
        for each in docket.litigants
        for who in each.counsel
        if _counsel_key(each, who) not in known
    }
    new = names - _there(names) if names else names
    turns.take(turns.Turn.NAME, (f"{what} {Slugs.of(name)} {firm}" for what, name, firm in new))


def _there(names: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Those of the names that somebody has, written just so."""
    judges, parties, attorneys = (
        _called(model._default_manager.all(), {name for whose, name, _ in names if whose == what}).order_by()
        for what, model in (("judge", Judge), ("party", Party), ("attorney", Attorney))
    )
    found = judges.values_list(Value("judge"), "name", Value("")).union(
        parties.values_list(Value("party"), "name", Value("")),
        attorneys.values_list(Value("attorney"), "name", "firm"),
    )
    return set(found)


def _called(rows: Any, names: Collection[str]) -> Any:
    """Those of these names, found by their sort keys: the names themselves have no index."""
    return rows.filter(name__in=names, sort_key__in=[SortKey(Value(name)) for name in names])


def unnamed(docket: Docket, known: set[str]) -> list[str]:
    """Whom `add_people` would add."""
    return [
        *(judge_name(each.name) for each in docket.judges if _judge_key(each.name, each.role) not in known),
        *(each.name for each in docket.litigants if _party_key(each) not in known),
    ]


def _judge_key(name: str, role: str) -> str:
    return fingerprint(f"judge {folded(judge_name(name))} {role}")


def _party_key(row: Litigant) -> str:
    return fingerprint(f"party {folded(row.name)} {role_of(row.role)}")


def _counsel_key(row: Litigant, who: Counsel) -> str:
    return fingerprint(f"counsel {folded(row.name)} {folded(who.name)}")


def _end_key(row: Litigant, who: Counsel) -> set[str]:
    return {fingerprint(f"{_counsel_key(row, who)} until {who.terminated.edtf}")} if who.terminated else set()


def _add_judges(place: Place, docket: Docket, known: set[str], report: Report) -> int:
    new = {
        (judge_name(each.name), each.role) for each in docket.judges if _judge_key(each.name, each.role) not in known
    }
    bench = Bench(place, (name for name, _ in new), report)
    there = set() if place.is_new or not new else _pairs(ProceedingJudge.objects, place, "judge", "role")
    sitting = {
        (judge.pk, role if role in ProceedingJudge.Role.values else ProceedingJudge.Role.ASSIGNED): None
        for name, role in sorted(new)
        if (judge := bench.find(name)) is not None
    }
    known.update(_judge_key(name, role) for name, role in new if bench.find(name) is not None)
    rows = [
        ProceedingJudge(proceeding=place.proceeding, judge_id=judge, role=role)
        for judge, role in sitting
        if (judge, role) not in there
    ]
    return bench.made + len(ProceedingJudge.objects.bulk_create(rows))


def _pairs(rows: Any, place: Place, *columns: str) -> set[tuple[Any, ...]]:
    return set(rows.filter(proceeding=place.proceeding).values_list(*columns))


def _add_parties(place: Place, docket: Docket, minors: frozenset[str], known: set[str]) -> int:
    rows = [row for row in docket.litigants if row.name]
    new = [row for row in rows if _party_key(row) not in known]
    counsel = [(row, who) for row in rows for who in row.counsel if who.name and _counsel_key(row, who) not in known]
    if not new and not counsel:
        return 0
    parties, written = _parties(place, [*new, *(row for row, _ in counsel)], minors)
    there = set() if place.is_new else _pairs(PartyRole.objects, place, "party", "role")
    roles = []
    for row in new:
        pair = (parties[folded(row.name)].pk, role_of(row.role))
        known.add(_party_key(row))
        if pair not in there:
            there.add(pair)
            roles.append(
                PartyRole(
                    proceeding=place.proceeding,
                    party_id=pair[0],
                    role=pair[1],
                    as_written=row.role[:120],
                    terminated=row.terminated,
                    note="" if _PERSONAL.search(row.note) or row.note == row.name else row.note[:300],
                    display_order=min(len(there), 32_000),
                )
            )
    written += len(PartyRole.objects.bulk_create(roles))
    return written + _add_counsel(place, counsel, parties, known)


def _parties(place: Place, rows: list[Litigant], minors: frozenset[str]) -> tuple[dict[str, Party], int]:
    """The parties by folded name, and how many were made."""
    names = {folded(row.name): row.name[:300] for row in rows}
    kinds = {key: PartyKind.PRIVATE_PERSON if name in minors else party_kind(name) for key, name in names.items()}
    public = [name for key, name in names.items() if kinds[key] != PartyKind.PRIVATE_PERSON]
    found = {
        folded(row.name): row
        for row in _called(Party.objects.filter(kind__in=[PartyKind.GOVERNMENT, PartyKind.ORGANIZATION]), public)
    }
    if not place.is_new_case:
        found |= {folded(row.name): row for row in Party.objects.filter(roles__proceeding__case=place.case).distinct()}
    found = {key: row for key, row in found.items() if key in names}
    former = _former({key: name for key, name in names.items() if key not in found})
    found |= _merged(place, former, kinds)
    slugs = Slugs(Party, names.values(), also=[row.slug for row in former.values()])
    made = [
        Party(
            name=name,
            # Initials are shared by many, and an address of them alone would join what does not belong together.
            slug=slugs.take(f"{name} {place.case.slug}" if name in minors else name),
            kind=kinds[key],
            is_minor=name in minors,
        )
        for key, name in names.items()
        if key not in found
    ]
    return found | {folded(row.name): row for row in Party.objects.bulk_create(made)}, len(made)


def _former(names: dict[str, str]) -> dict[str, FormerParty]:
    """By folded name, the addresses that parties of these names had before an editor merged them into others."""
    slugs = {slug: key for key, name in names.items() if (slug := Slugs.of(name))}
    rows = FormerParty.objects.filter(slug__in=slugs).select_related("party") if slugs else ()
    return {slugs[row.slug]: row for row in rows}


def _merged(place: Place, former: dict[str, FormerParty], kinds: dict[str, PartyKind]) -> dict[str, Party]:
    """Into whom they were merged: a private person only into one who is in the same case."""
    here = PartyRole.objects.filter(proceeding__case=place.case, party__in=[row.party_id for row in former.values()])
    inside = set(here.values_list("party", flat=True)) if former else set()
    return {
        key: row.party
        for key, row in former.items()
        if kinds[key] != PartyKind.PRIVATE_PERSON or row.party_id in inside
    }


def _add_counsel(
    place: Place, counsel: list[tuple[Litigant, Counsel]], parties: dict[str, Party], known: set[str]
) -> int:
    pairs = {(who.name[:200], who.firm[:200]) for _, who in counsel}
    found: dict[tuple[str, str], Attorney] = {}
    for attorney in _called(Attorney.objects.all(), {name for name, _ in pairs}):
        found.setdefault((attorney.name, attorney.firm), attorney)
    merged = merged_attorneys({name for name, firm in pairs if (name, firm) not in found})
    found = merged | found
    made = [Attorney(name=name, firm=firm) for name, firm in sorted(pairs) if (name, firm) not in found]
    found |= {(each.name, each.firm): each for each in Attorney.objects.bulk_create(made)}
    there = set() if place.is_new else _pairs(Representation.objects, place, "party", "attorney")
    rows = []
    for row, who in counsel:
        known.add(_counsel_key(row, who))
        known.update(_end_key(row, who))
        pair = (parties[folded(row.name)].pk, found[who.name[:200], who.firm[:200]].pk)
        roles = {role.upper() for role in who.roles}
        if pair not in there:
            there.add(pair)
            rows.append(
                Representation(
                    proceeding=place.proceeding,
                    party_id=pair[0],
                    attorney_id=pair[1],
                    lead="LEAD ATTORNEY" in roles,
                    pro_hac_vice="PRO HAC VICE" in roles,
                    terminated=who.terminated,
                )
            )
    return len(made) + len(Representation.objects.bulk_create(rows))


def _end_counsel(place: Place, docket: Docket, known: set[str], report: Report) -> int:
    """Note until when counsel were there, of those who were named before; what an editor said of it is kept."""
    ended = {
        (folded(row.name), folded(who.name)): (who, key)
        for row in docket.litigants
        for who in row.counsel
        if (key := _end_key(row, who)) and not key <= known
    }
    if not ended:
        return 0
    changed = []
    for there in Representation.objects.filter(proceeding=place.proceeding).select_related("party", "attorney"):
        who, _ = ended.get((folded(there.party.name), folded(there.attorney.name)), (None, None))
        if who is None or there.terminated == who.terminated:
            continue
        if there.terminated is None:
            there.terminated = who.terminated
            changed.append(there)
        else:
            report.conflicts.append(f"{there}: the end is otherwise in the file; it was kept.")
    known.update(*(key for _, key in ended.values()))
    return Representation.objects.bulk_update(changed, ["terminated"]) if changed else 0
