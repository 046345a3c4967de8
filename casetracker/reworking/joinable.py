"""
What can be there twice and become one, with its fields and all that hangs on it: parties, attorneys, judges, courts,
cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casetracker.models import (
    Attorney,
    Case,
    CaseTopic,
    Correction,
    Court,
    CourtAppeal,
    Document,
    Event,
    FormerAttorney,
    FormerCourt,
    FormerJudge,
    FormerParty,
    FormerSlug,
    Import,
    Judge,
    Kind,
    NotTheSame,
    Party,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Reference,
    RelatedCase,
    Representation,
    RulingJudge,
    Statement,
    Transfer,
    Treatment,
)

from .hanging import Hanging


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of a kind there is about a row: `model` reaches it by `path`, `only` narrows, `what` is counted once."""

    name: str | Promise
    model: type[Model]
    path: str
    only: Q = field(default_factory=Q)
    what: str = "pk"


@dataclass(frozen=True, slots=True)
class Joinable:
    """
    One kind of row. `fields` are what an editor chooses between; `hanging` moves over, and `going` goes with the row
    that is merged. `former` keeps that row's address, or the name by which imports know it, with the row that stays
    under `slug`; `keeps` says which of its columns holds what of the row.
    """

    slug: str
    model: Any
    fields: tuple[str, ...]
    hanging: tuple[Hanging, ...]
    counted: tuple[Counted, ...]
    former: Any
    keeps: Mapping[str, str]

    @property
    def has_address(self) -> bool:
        """Whether readers find each at an address of its own."""
        return hasattr(self.model, "get_absolute_url")

    @property
    def going(self) -> tuple[Hanging, ...]:
        return Hanging(NotTheSame, self.slug), Hanging(NotTheSame, f"other_{self.slug}")

    def counts(self, keys: Sequence[Any]) -> list[tuple[str | Promise, list[int]]]:
        """How much there is about each of the rows with these keys, of whatever at least one of them has."""
        found = []
        for each in self.counted:
            rows = each.model._default_manager.filter(each.only, **{f"{each.path}__in": keys}).order_by()
            counted = dict(rows.values_list(each.path).annotate(count=Count(each.what, distinct=True)))
            if counted:
                found.append((each.name, [counted.get(key, 0) for key in keys]))
        return found


PARTY = Joinable(
    "party",
    Party,
    fields=("name", "kind", "is_minor", "description"),
    hanging=(
        Hanging(PartyRole, "party", ("proceeding_id", "role"), _("roles in proceedings")),
        Hanging(Representation, "party", ("proceeding_id", "attorney_id"), _("representations by counsel")),
        Hanging(FormerParty, "party", name=_("former addresses")),
    ),
    counted=(
        Counted(_("Cases"), PartyRole, "party", what="proceeding__case"),
        Counted(_("Proceedings"), PartyRole, "party", what="proceeding"),
        Counted(_("Roles in proceedings"), PartyRole, "party"),
        Counted(_("Counsel"), Representation, "party"),
        Counted(_("Former addresses"), FormerParty, "party"),
    ),
    former=FormerParty,
    keeps={"slug": "slug"},
)  # fmt: skip
ATTORNEY = Joinable(
    "attorney",
    Attorney,
    fields=("name", "firm"),
    hanging=(
        Hanging(Representation, "attorney", ("proceeding_id", "party_id"), _("representations of parties")),
        Hanging(FormerAttorney, "attorney", ("name", "firm"), _("former names")),
    ),
    counted=(
        Counted(_("Cases"), Representation, "attorney", what="proceeding__case"),
        Counted(_("Proceedings"), Representation, "attorney", what="proceeding"),
        Counted(_("Parties"), Representation, "attorney", what="party"),
        Counted(_("Former names"), FormerAttorney, "attorney"),
    ),
    former=FormerAttorney,
    keeps={"name": "name", "firm": "firm"},
)  # fmt: skip
JUDGE = Joinable(
    "judge",
    Judge,
    fields=("name", "label", "title"),
    hanging=(
        Hanging(RulingJudge, "judge", ("ruling_id", "role"), _("parts in rulings")),
        Hanging(ProceedingJudge, "judge", ("proceeding_id", "role"), _("assignments to proceedings")),
        Hanging(FormerJudge, "judge", name=_("former addresses")),
    ),
    counted=(
        Counted(_("Rulings"), RulingJudge, "judge", what="ruling"),
        Counted(_("Proceedings"), ProceedingJudge, "judge", what="proceeding"),
        Counted(_("Former addresses"), FormerJudge, "judge"),
    ),
    former=FormerJudge,
    keeps={"slug": "slug"},
)
COURT = Joinable(
    "court",
    Court,
    fields=("name", "short_name", "citation", "level", "system", "place", "time_zone", "website", "display_order"),
    hanging=(
        Hanging(Proceeding, "court"),
        Hanging(Event, "court"),
        Hanging(Transfer, "origin_court"),
        Hanging(Transfer, "destination_court"),
        Hanging(Treatment, "target_court", name=_("effects on its rulings")),
        Hanging(CourtAppeal, "from_court", ("to_court_id",)),
        Hanging(CourtAppeal, "to_court", ("from_court_id",)),
        Hanging(FormerCourt, "court", name=_("former identifiers")),
    ),
    counted=(
        Counted(_("Cases"), Proceeding, "court", what="case"),
        Counted(_("Proceedings"), Proceeding, "court"),
        Counted(_("Entries"), Event, "court"),
        Counted(_("Rulings among them"), Event, "court", Q(kind=Kind.RULING)),
        Counted(_("Transfers from a docket not recorded here"), Transfer, "origin_court"),
        Counted(_("Transfers to a docket not recorded here"), Transfer, "destination_court"),
        Counted(_("Effects on rulings not recorded here"), Treatment, "target_court"),
        Counted(_("Courts to which appeals go"), CourtAppeal, "from_court"),
        Counted(_("Courts from which appeals come"), CourtAppeal, "to_court"),
        Counted(_("Former identifiers"), FormerCourt, "court"),
    ),
    former=FormerCourt,
    keeps={"identifier": "pk"},
)
CASE = Joinable(
    "case",
    Case,
    fields=("name", "short_name", "summary", "note", "status", "checked_on"),
    hanging=(
        Hanging(Proceeding, "case"),
        Hanging(Event, "case"),
        Hanging(Correction, "case"),
        Hanging(Reference, "case", ("source_id", "pinpoint"), _("sources")),
        Hanging(CaseTopic, "case", ("topic_id",), _("topics")),
        Hanging(RelatedCase, "from_case", ("to_case_id",), _("links to related cases")),
        Hanging(RelatedCase, "to_case", ("from_case_id",), _("links to related cases")),
        Hanging(FormerSlug, "case", name=_("former addresses")),
        Hanging(Import, "case"),
    ),
    counted=(
        Counted(_("Proceedings"), Proceeding, "case"),
        Counted(_("Parties"), PartyRole, "proceeding__case", what="party"),
        Counted(_("Entries"), Event, "case"),
        Counted(_("Rulings among them"), Event, "case", Q(kind=Kind.RULING)),
        Counted(_("Statements"), Statement, "event__case"),
        Counted(_("Documents"), Document, "event__case"),
        Counted(_("Transfers from its proceedings"), Transfer, "origin__case"),
        Counted(_("Transfers to its proceedings"), Transfer, "destination__case"),
        Counted(_("Topics"), CaseTopic, "case"),
        Counted(_("Related cases"), RelatedCase, "from_case"),
        Counted(_("Sources of the case itself"), Reference, "case"),
        Counted(_("Corrections"), Correction, "case"),
        Counted(_("Former addresses"), FormerSlug, "case"),
    ),
    former=FormerSlug,
    keeps={"slug": "slug"},
)
JOINABLE = {kind.slug: kind for kind in (PARTY, ATTORNEY, JUDGE, COURT, CASE)}


def joinable_of(row: Model) -> Joinable:
    return next(kind for kind in JOINABLE.values() if isinstance(row, kind.model))
