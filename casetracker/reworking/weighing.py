"""
What speaks against making one of two parties, attorneys, judges, courts or cases, and what should be looked at before.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casetracker.models import (
    Attorney,
    Case,
    Court,
    CourtAppeal,
    DocketEntry,
    DocketNumber,
    Event,
    Judge,
    Party,
    PartyRole,
    Proceeding,
    Reference,
    RelatedCase,
    Representation,
    RulingJudge,
    State,
    Transfer,
)
from casetracker.models.visibility import is_public

# So many of a kind are named; the rest is counted.
_NAMED = 5


def reasons_against(kept: Any, other: Any) -> list[str]:
    """Why `other` cannot be merged into `kept`, each in a sentence."""
    if isinstance(kept, Case):
        return [*_of_readers(kept, other), *_of_cases(kept, other)]
    if isinstance(kept, Party | Attorney | Judge):
        return _of_people(kept, other)
    return _of_courts(kept, other)


def warnings_about(kept: Any, other: Any) -> list[str]:
    """What goes together badly, or what readers see at once, each in a sentence."""
    if isinstance(kept, Case):
        return _about_cases(kept, other)
    if isinstance(kept, Party):
        return _about_parties(kept, other)
    if isinstance(kept, Attorney):
        return _about_attorneys(kept, other)
    if isinstance(kept, Judge):
        return _about_judges(kept, other)
    return _about_courts(kept, other)


# --- parties ----------------------------------------------------------------------------------------------------------


def _of_people(kept: Party | Attorney | Judge, other: Party | Attorney | Judge) -> list[str]:
    # The name of one whom readers do not see, and the address that is made from it, must not come out with this.
    if is_public(other) and not is_public(kept):
        return [_("Readers see the other one and not this one. Keep the one that they see.")]
    return []


def _about_parties(kept: Party, other: Party) -> list[str]:
    found = []
    roles = PartyRole.objects.filter(party__in=[kept.pk, other.pk]).select_related("proceeding__court")
    by_proceeding: dict[int, dict[int, set[str]]] = {}
    names: dict[int, str] = {}
    for role in roles.order_by("proceeding", "pk"):
        names[role.proceeding_id] = str(role.proceeding)
        by_proceeding.setdefault(role.proceeding_id, {}).setdefault(role.party_id, set()).add(role.role)
    both = {key: of for key, of in by_proceeding.items() if len(of) > 1}
    same = [names[key] for key, of in both.items() if of[kept.pk] & of[other.pk]]
    if same:
        found.append(_("Both are a party in the same role, which stays once: %(what)s.") % {"what": _listed(same)})
    unlike = [names[key] for key, of in both.items() if of[kept.pk] ^ of[other.pk]]
    if unlike:
        found.append(
            _("Both are a party in different roles. Are they one, or do they stand against each other? %(what)s.")
            % {"what": _listed(unlike)}
        )
    if kept.is_private != other.is_private:
        found.append(_("One is a private person, whose page search engines are asked to leave out; the other is not."))
    return found


# --- attorneys --------------------------------------------------------------------------------------------------------


def _about_attorneys(kept: Attorney, other: Attorney) -> list[str]:
    """Two who appear side by side, or against each other, are perhaps colleagues or relatives."""
    found = []
    of_other = Representation.objects.filter(attorney=other.pk, proceeding=OuterRef("proceeding"))
    both = Representation.objects.filter(Exists(of_other), attorney=kept.pk)
    rows = both.select_related("proceeding__court").order_by("proceeding", "pk")
    proceedings = [str(row.proceeding) for row in rows]
    if proceedings:
        found.append(
            _("Both are counsel in one proceeding. Are they one, or do they appear beside or against each other? "
              "%(what)s.") % {"what": _listed(proceedings)}
        )  # fmt: skip
    if kept.firm and other.firm and kept.firm != other.firm:
        found.append(_("They are of different firms or offices. Are they one who moved, or two of one name?"))
    return found


# --- judges -----------------------------------------------------------------------------------------------------------


def _about_judges(kept: Judge, other: Judge) -> list[str]:
    """Two who sat side by side are hardly one."""
    of_other = RulingJudge.objects.filter(judge=other.pk, ruling=OuterRef("ruling"))
    both = RulingJudge.objects.filter(Exists(of_other), judge=kept.pk).select_related("ruling__case", "ruling__court")
    rulings = [str(row.ruling) for row in both.order_by("ruling", "pk")]
    if not rulings:
        return []
    return [
        _("Both are named in one ruling. Are they one, or did they sit together? %(what)s.")
        % {"what": _listed(rulings)}
    ]


# --- courts -----------------------------------------------------------------------------------------------------------


def _of_courts(kept: Court, other: Court) -> list[str]:
    pair = [kept.pk, other.pk]
    if CourtAppeal.objects.filter(from_court__in=pair, to_court__in=pair).exists():
        return [
            _("Appeals go from one of them to the other, so they are two. If not, take that way of appeal out first.")
        ]
    return []


def _about_courts(kept: Court, other: Court) -> list[str]:
    found = []
    for name in ("level", "system"):
        if getattr(kept, name) != getattr(other, name):
            found.append(
                _("They differ in %(field)s: %(kept)s and %(other)s. Are they one court?")
                % {
                    "field": Court._meta.get_field(name).verbose_name,  # type: ignore[union-attr]  # a column has a name
                    "kept": getattr(kept, f"get_{name}_display")(),
                    "other": getattr(other, f"get_{name}_display")(),
                }
            )
    if kept.is_local and not other.is_local:
        found.append(
            _(
                "The other one is a court of courts-db, and this one is our own. Dockets come with the identifier of "
                "the other."
            )
        )
    between = Q(origin__court=kept.pk, destination__court=other.pk)
    between |= Q(origin__court=other.pk, destination__court=kept.pk)
    count = Transfer.objects.filter(between).count()
    if count:
        found.append(
            ngettext(
                "%(count)d proceeding went from one of them to the other. Are they one court?",
                "%(count)d proceedings went from one of them to the other. Are they one court?",
                count,
            )
            % {"count": count}
        )
    return [*found, *_twice(_numbers(court=kept.pk), _numbers(court=other.pk), within_one_case=False)]


# --- cases ------------------------------------------------------------------------------------------------------------


def _of_readers(kept: Case, other: Case) -> list[str]:
    """Whether readers would see what they must not, or no more what they see."""
    pair = (kept, other)
    if any(case.state == State.WITHHELD for case in pair):
        return [_("One of them is withheld. Lift the withholding first: merged, it would show with the other.")]
    if any(case.is_embargoed for case in pair):
        return [
            _("One of them is under an embargo. Break it off, or wait for its end: the two become public together.")
        ]
    if other.is_published_now and kept.state != State.PUBLISHED:
        return [_("Readers see the other one and not this one. Keep the one that they see.")]
    if any(case.state == State.WITHDRAWN for case in pair) and any(case.is_published_now for case in pair):
        return [
            _("One of them is withdrawn, and readers see the other. What was withdrawn would appear again with it. "
              "Restore it first.")
        ]  # fmt: skip
    if other.has_been_public and not kept.has_been_public:
        return [_("Readers have seen the other one and never this one. Keep the one that they have seen.")]
    if kept.has_been_public and not other.has_been_public:
        entries = Event.objects.filter(case=other.pk).exclude(state__in=[State.DRAFT, State.IN_REVIEW])
        count = entries.count()
        if count:
            return [
                ngettext(
                    "%(count)d entry of the other one is published, withdrawn or withheld by itself. Nobody sees it, "
                    "for its case is no public one; with this it would show, or answer as gone. Publish that case "
                    "first.",
                    "%(count)d entries of the other one are published, withdrawn or withheld by themselves. Nobody "
                    "sees them, for their case is no public one; with this they would show, or answer as gone. Publish "
                    "that case first.",
                    count,
                )
                % {"count": count}
            ]
    return []


def _of_cases(kept: Case, other: Case) -> list[str]:
    if kept.is_invented != other.is_invented:
        return [_("One of them is an invented example and the other is not.")]
    return []


def _about_cases(kept: Case, other: Case) -> list[str]:
    found = []
    if kept.is_published_now and not other.is_published_now:
        appearing = [
            (_("proceedings"), Proceeding.objects.filter(case=other.pk).count()),
            (_("roles of parties"), PartyRole.objects.filter(proceeding__case=other.pk).count()),
            (_("sources"), Reference.objects.filter(case=other.pk).count()),
        ]
        told = ", ".join(f"{count} {what}" for what, count in appearing if count)
        if told:
            found.append(_("Readers do not see the other one. With this they see at once: %(what)s.") % {"what": told})
    if RelatedCase.objects.filter(from_case=kept.pk, to_case=other.pk).exists():
        found.append(_("They are named as related to each other; that link goes."))
    found += _twice(_numbers(case=kept.pk), _numbers(case=other.pk), within_one_case=True)
    count = _numbered_alike(kept, other)
    if count:
        found.append(
            ngettext(
                "%(count)d number of a docket is that of an entry in both. Perhaps the two entries are one: merge them "
                "on the timeline afterwards, where each stands with its number.",
                "%(count)d numbers of a docket are those of an entry in both. Perhaps each two entries are one: merge "
                "them on the timeline afterwards, where each stands with its number.",
                count,
            )
            % {"count": count}
        )
    return found


def _numbered_alike(kept: Case, other: Case) -> int:
    """How many numbers stand in both cases on the docket of one number in one court."""
    twin = DocketEntry.objects.filter(
        proceeding__case=other.pk,
        proceeding__court=OuterRef("proceeding__court"),
        proceeding__numbers__key=OuterRef("proceeding__numbers__key"),
        number=OuterRef("number"),
    )
    rows = DocketEntry.objects.filter(proceeding__case=kept.pk).exclude(number="")
    return rows.filter(Exists(twin)).values("number").distinct().count()


# --- dockets ----------------------------------------------------------------------------------------------------------


def _numbers(**of: Any) -> dict[tuple[str, str], str]:
    """The dockets of a court or a case by court and number, each with its case."""
    rows = DocketNumber.objects.filter(**{f"proceeding__{name}": key for name, key in of.items()}).select_related(
        "proceeding__case", "proceeding__court"
    )
    # Two courts are compared as one.
    return {
        ("" if "court" in of else row.proceeding.court_id, row.key): f"{row.proceeding.court.short_name} {row.number} "
        f"({row.proceeding.case.short_name})"
        for row in rows.order_by("pk")
    }


def _twice(
    first: Mapping[tuple[str, str], str], second: Mapping[tuple[str, str], str], *, within_one_case: bool
) -> list[str]:
    same = [text for key, text in first.items() if key in second]
    if not same:
        return []
    told = _("The same docket stands in both, and both proceedings stay: %(what)s.") % {"what": _listed(same)}
    if within_one_case:
        told += " " + _("Move the entries of one to the other afterwards and delete the one that is empty.")
    return [told]


def _listed(names: Iterable[str]) -> str:
    """The first few by name, and how many more there are."""
    every = list(dict.fromkeys(names))
    told = "; ".join(every[:_NAMED])
    rest = len(every) - _NAMED
    return told if rest <= 0 else _("%(names)s and %(count)d more") % {"names": told, "count": rest}
