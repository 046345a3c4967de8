"""
Judges, parties and counsel of a docket, in a constant number of queries.

Judges and public bodies of one name are one row. Two private persons of one name are not taken for one, unless they are
in the same case: `casetracker.duplicates` shows the desk what is alike.
"""

import re
from collections.abc import Iterable

from django.db.models import Value
from django.utils.text import slugify

from casetracker.models import (
    Attorney,
    FormerParty,
    Judge,
    Party,
    PartyKind,
    PartyRole,
    ProceedingJudge,
    Representation,
)
from casetracker.models.events import new_public_id
from casetracker.models.functions import SortKey

from .meaning import fingerprint, folded, judge_name, party_kind, role_of
from .places import Place
from .records import Counsel, Docket, Litigant

# A note beside a party that may hold where somebody lives.
_PERSONAL = re.compile(r"\d|\b(?:ssn|itin|address|street|avenue|p\.?o\.? box|minor|terminated)\b", re.IGNORECASE)


def add_people(place: Place, docket: Docket, minors: frozenset[str], known: set[str]) -> int:
    """
    Add who was not named by an earlier version. `known` has the digests of those that were, so that whom an editor
    took away stays away; it is added to. How many rows were written.
    """
    return _add_judges(place, docket, known) + _add_parties(place, docket, minors, known)


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


def _add_judges(place: Place, docket: Docket, known: set[str]) -> int:
    new = {
        (judge_name(each.name), each.role) for each in docket.judges if _judge_key(each.name, each.role) not in known
    }
    known.update(_judge_key(name, role) for name, role in new)
    new = {(name, role) for name, role in new if name}
    if not new:
        return 0
    names = {folded(name): name[:200] for name, _ in new}
    wanted = [SortKey(Value(name)) for name in names.values()]
    rows = {folded(row.name): row for row in Judge.objects.filter(sort_key__in=wanted)}
    slugs = _Slugs(Judge, names.values())
    made = [Judge(name=name, slug=slugs.take(name)) for key, name in names.items() if key not in rows]
    rows |= {folded(row.name): row for row in Judge.objects.bulk_create(made)}
    there = set(ProceedingJudge.objects.filter(proceeding=place.proceeding).values_list("judge", "role"))
    sitting = [
        ProceedingJudge(proceeding=place.proceeding, judge=rows[folded(name)], role=role)
        for name, role in sorted(new)
        if (rows[folded(name)].pk, role) not in there
    ]
    return len(made) + len(ProceedingJudge.objects.bulk_create(sitting))


class _Slugs:
    """
    Addresses for new rows of `model`: from the name, with letters made at random where it is taken. `also` are taken.
    """

    def __init__(self, model: type[Judge] | type[Party], names: Iterable[str], *, also: Iterable[str] = ()) -> None:
        wanted = {self.of(name) for name in names}
        self.taken = {*also, *model._default_manager.filter(slug__in=wanted).values_list("slug", flat=True)}

    def take(self, name: str) -> str:
        slug = self.of(name)
        if slug in self.taken:
            slug = f"{slug}-{new_public_id()}"
        self.taken.add(slug)
        return slug

    @staticmethod
    def of(name: str) -> str:
        return slugify(name)[:100].strip("-") or "party"


def _add_parties(place: Place, docket: Docket, minors: frozenset[str], known: set[str]) -> int:
    rows = [row for row in docket.litigants if row.name]
    new = [row for row in rows if _party_key(row) not in known]
    counsel = [(row, who) for row in rows for who in row.counsel if who.name and _counsel_key(row, who) not in known]
    if not new and not counsel:
        return 0
    parties, written = _parties(place, [*new, *(row for row, _ in counsel)], minors)
    there = set(PartyRole.objects.filter(proceeding=place.proceeding).values_list("party", "role"))
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
        for row in Party.objects.filter(name__in=public, kind__in=[PartyKind.GOVERNMENT, PartyKind.ORGANIZATION])
    }
    found |= {folded(row.name): row for row in Party.objects.filter(roles__proceeding__case=place.case).distinct()}
    found = {key: row for key, row in found.items() if key in names}
    former = _former({key: name for key, name in names.items() if key not in found})
    found |= _merged(place, former, kinds)
    slugs = _Slugs(Party, names.values(), also=[row.slug for row in former.values()])
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
    slugs = {slug: key for key, name in names.items() if (slug := _Slugs.of(name))}
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
    for attorney in Attorney.objects.filter(name__in=[name for name, _ in pairs]):
        found.setdefault((attorney.name, attorney.firm), attorney)
    made = [Attorney(name=name, firm=firm) for name, firm in sorted(pairs) if (name, firm) not in found]
    found |= {(each.name, each.firm): each for each in Attorney.objects.bulk_create(made)}
    there = set(Representation.objects.filter(proceeding=place.proceeding).values_list("party", "attorney"))
    rows = []
    for row, who in counsel:
        known.add(_counsel_key(row, who))
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
                )
            )
    return len(made) + len(Representation.objects.bulk_create(rows))
