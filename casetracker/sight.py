"""
What somebody sees at the desk who is bound to what they made themselves: a contributor.

That is what readers see, and beside it their own work: cases and entries that they made, as long as those are not
withheld; the drafts of others in a case of their own that is a draft itself; and a draft case of somebody else in which
they have an entry, for its name, its courts and its parties. What hangs on a case or an entry is seen with it. What
cases share, such as a party, is seen unless everything that names it is hidden; a new one, which nothing names yet, is.
What others withdrew, withheld or keep under an embargo is as if it were not there.

`condition()` says it as a condition on the rows of a model; `casetracker.rights` says to whom it applies.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from .models import (
    Attorney,
    Case,
    CaseChange,
    CasePlace,
    CaseTopic,
    Correction,
    CountedCase,
    Court,
    CourtAppeal,
    DocketEntry,
    DocketNumber,
    Document,
    Event,
    ExternalId,
    FormerAttorney,
    FormerCourt,
    FormerDocument,
    FormerEntry,
    FormerJudge,
    FormerParty,
    FormerSlug,
    Import,
    ImportedDocket,
    ImportedEntry,
    Judge,
    NotTheSame,
    OpenForm,
    Party,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Provision,
    RecordChange,
    Redaction,
    Reference,
    RelatedCase,
    Representation,
    Response,
    RulingCitation,
    RulingJudge,
    Source,
    State,
    Statement,
    StoredFile,
    Tally,
    TallyChange,
    Topic,
    Transfer,
    Treatment,
)
from .models.visibility import published

Condition = Callable[[int], Q]

_OPEN = [State.DRAFT, State.IN_REVIEW]


def condition(model: type[Model], user: int) -> Q:
    """
    The condition on a row of `model` that the account with the key `user` sees it. Of a table of which nothing is said
    here, as of one that was added a moment ago, no row is seen.
    """
    return _CONDITIONS.get(_table(model), _nothing)(user)


def is_told_of(model: type[Model]) -> bool:
    """Whether rows of the model are hidden from some; accounts, for one, go by their rights alone."""
    return model._meta.app_label == Case._meta.app_label or _table(model) in _CONDITIONS


def _table(model: type[Model]) -> str:
    """Of proxies, such as rulings and links with a history, what their table is called."""
    return model._meta.db_table


def _case(prefix: str = "") -> Condition:
    def seen(user: int) -> Q:
        own = Q(**{f"{prefix}created_by": user}) & ~Q(**{f"{prefix}state": State.WITHHELD})
        entries = Event.objects.order_by().filter(case=OuterRef(f"{prefix}pk"), created_by=user)
        worked_on = Q(**{f"{prefix}state__in": _OPEN}) & Q(Exists(entries))
        return published(prefix) | own | worked_on

    return seen


def _entry(prefix: str = "") -> Condition:
    def seen(user: int) -> Q:
        own = Q(**{f"{prefix}created_by": user}) & ~Q(**{f"{prefix}state": State.WITHHELD})
        # Who is given a draft to work on by an editor who added to it sees what was added.
        in_own_draft = Q(
            **{
                f"{prefix}case__created_by": user,
                f"{prefix}case__state__in": _OPEN,
                f"{prefix}state__in": _OPEN,
            }
        )
        return _case(f"{prefix}case__")(user) & (published(prefix) | own | in_own_draft)

    return seen


def _or_none(name: str, seen: Condition) -> Condition:
    """That the key `name` leads nowhere, or to what is seen."""
    return lambda user: Q(**{f"{name}__isnull": True}) | seen(user)


def _all(*conditions: Condition) -> Condition:
    def seen(user: int) -> Q:
        found = Q()
        for each in conditions:
            found &= each(user)
        return found

    return seen


def _any(*conditions: Condition) -> Condition:
    def seen(user: int) -> Q:
        found = conditions[0](user)
        for each in conditions[1:]:
            found |= each(user)
        return found

    return seen


def _document(user: int) -> Q:
    """What the court has sealed is seen by whoever wrote it here."""
    is_own = Q(event__created_by=user)
    return _entry("event__")(user) & (Q(sealed=False) | is_own)


def _nothing(user: int) -> Q:
    return Q(pk__in=[])


def _shared(*links: tuple[type[Model], str]) -> Condition:
    """Of what cases share: by the rows that name it, each with the field by which it does."""

    def seen(user: int) -> Q:
        by_seen, by_any = Q(), Q()
        for model, name in links:
            rows: Any = model._default_manager.order_by().filter(**{name: OuterRef("pk")})
            by_any |= Q(Exists(rows))
            by_seen |= Q(Exists(rows.filter(condition(model, user))))
        return by_seen | ~by_any

    return seen


def _courts(user: int) -> Any:
    return Court._default_manager.order_by().filter(condition(Court, user)).values("pk")


_OF_PROCEEDING = _case("proceeding__case__")
_OF_EVENT = _entry("event__")
_OF_RULING = _entry("ruling__")

_BY_MODEL: dict[type[Model], Condition] = {
    Case: _case(),
    # An address that readers never had is that of a case which was merged; it may tell whom that was about.
    FormerSlug: _all(_case("case__"), lambda user: Q(is_unseen=False) | Q(case__created_by=user)),
    CaseTopic: _case("case__"),
    RelatedCase: _all(_case("from_case__"), _case("to_case__")),
    Proceeding: _case("case__"),
    DocketNumber: _OF_PROCEEDING,
    ExternalId: _OF_PROCEEDING,
    PartyRole: _OF_PROCEEDING,
    ProceedingJudge: _OF_PROCEEDING,
    Representation: _OF_PROCEEDING,
    Transfer: _all(
        _or_none("origin", _case("origin__case__")),
        _or_none("destination", _case("destination__case__")),
    ),
    Event: _entry(),
    FormerEntry: _OF_EVENT,
    DocketEntry: _OF_EVENT,
    Statement: _OF_EVENT,
    Document: _document,
    Provision: _OF_RULING,
    RulingJudge: _OF_RULING,
    RulingCitation: _OF_RULING,
    Treatment: _all(_entry("act__"), _or_none("target", _entry("target__"))),
    Response: _all(_OF_EVENT, _entry("responds_to__")),
    Correction: _all(_case("case__"), _or_none("event", _OF_EVENT)),
    Reference: _any(
        lambda user: Q(event__isnull=False) & _OF_EVENT(user),
        lambda user: Q(statement__isnull=False) & _entry("statement__event__")(user),
        lambda user: Q(case__isnull=False) & _case("case__")(user),
    ),
    Court: _shared((Proceeding, "court"), (Event, "court")),
    Judge: _shared((RulingJudge, "judge"), (ProceedingJudge, "judge")),
    Party: _shared((PartyRole, "party"), (Representation, "party")),
    Attorney: _shared((Representation, "attorney")),
    Source: _shared((Reference, "source")),
    Topic: _shared((CaseTopic, "topic")),
    Import: lambda user: Q(created_by=user),
    # What was merged, and what is alike, is for those who merge.
    FormerParty: _nothing,
    FormerAttorney: _nothing,
    FormerCourt: _nothing,
    FormerDocument: _nothing,
    FormerJudge: _nothing,
    NotTheSame: _nothing,
    StoredFile: _shared((Document, "file")),
    CourtAppeal: lambda user: Q(from_court__in=_courts(user), to_court__in=_courts(user)),
    # The program's own, and what is told to those who redact.
    OpenForm: _nothing,
    Redaction: _nothing,
    RecordChange: _nothing,
    CountedCase: _nothing,
    CaseChange: _nothing,
    Tally: _nothing,
    TallyChange: _nothing,
    CasePlace: _nothing,
    ImportedDocket: _nothing,
    ImportedEntry: _nothing,
}

_CONDITIONS = {_table(model): seen for model, seen in _BY_MODEL.items()}
