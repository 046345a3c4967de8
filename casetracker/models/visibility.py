"""
THE rule of what the public may see.

A case is public when it is published and its moment has come; an entry when that holds for the entry and for its case.
Everything else is public through what it hangs on. Each model's `public()` is spelt here and nowhere else; every public
reader starts from it. The clock is the database's, whatever that of the asking process says.
"""

from typing import Any, Self

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.db.models.lookups import IsNull

from .publishing import State


def published(prefix: str = "") -> Q:
    """The condition on a `Publishable` reached by `prefix` (such as "case__") that its own state makes it public."""
    return Q(**{f"{prefix}state": State.PUBLISHED, f"{prefix}published_from__lte": Now()})


def gone(prefix: str = "") -> Q:
    """The condition that it was public once and is so no more."""
    return Q(
        **{f"{prefix}state__in": [State.WITHDRAWN, State.WITHHELD], f"{prefix}first_public_at__isnull": False},
    )


def public_entry(prefix: str = "") -> Q:
    """The condition on an entry reached by `prefix` that it is public: it and its case."""
    return published(prefix) & published(f"{prefix}case__")


def has_any(rows: QuerySet[Any]) -> Q:
    """
    The condition that there is one of `rows`, which depend on the outer row. Unlike `Exists` in an OR, which the
    planner likes to answer by reading all rows once and for all, this asks row by row and stops at the first.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


class CaseQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(published())

    def gone(self) -> Self:
        return self.filter(gone())


class EventQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(public_entry())

    def public_if_their_case_is(self) -> Self:
        """
        Entries whose own state makes them public: the half of `public()` that is left where the case is known to be
        public, as in a condition on cases that are. It spares looking up the case of each entry once more.
        """
        return self.filter(published())

    def gone(self) -> Self:
        """
        Entries whose address answers 410: readers may have seen them, and now they or their case are gone. One that
        never was public, or whose case never was, answers as any unknown address does.
        """
        seen = Q(first_public_at__lte=Now(), case__first_public_at__lte=Now())
        return self.filter(seen, gone() | gone("case__"))

    def in_order(self) -> Self:
        return self.order_by(*self.model.TIMELINE_ORDER)

    def rulings(self) -> Self:
        return self.filter(kind="ruling")


class ThroughCaseQuerySet(QuerySet[Any]):
    """Of models with a `case`: proceedings, corrections."""

    def public(self) -> Self:
        return self.filter(published("case__"))


class ThroughProceedingQuerySet(QuerySet[Any]):
    """Of models with a `proceeding`: docket numbers, roles of parties, counsel."""

    def public(self) -> Self:
        return self.filter(published("proceeding__case__"))


class ThroughEventQuerySet(QuerySet[Any]):
    """Of models with an `event`: docket entries, statements."""

    def public(self) -> Self:
        return self.filter(public_entry("event__"))


class FormerEntryQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Addresses that readers may have and that lead to what they may see."""
        return self.filter(public_entry("event__"), was_public=True)

    def gone(self) -> Self:
        """Those whose address answers 410: readers may have had it, and what it leads to is gone."""
        seen = Q(event__first_public_at__lte=Now(), event__case__first_public_at__lte=Now())
        return self.filter(seen, gone("event__") | gone("event__case__"), was_public=True)


class FormerDocumentQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Addresses that readers may have and that lead to a document that they may see."""
        from .sources import Document

        return self.filter(document__in=Document.objects.public().order_by(), was_public=True)

    def gone(self) -> Self:
        """Those whose address answers 410: readers may have had it, and so does that of the one that stayed."""
        from .sources import Document

        return self.filter(document__in=Document.objects.gone().order_by(), was_public=True)


class FormerPartyQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Addresses that readers may have and that lead to a party that they may see."""
        from .parties import PartyRole

        return self.filter(Exists(PartyRole.objects.public().filter(party=OuterRef("party"))), was_public=True)


class FormerJudgeQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Addresses that readers may have and that lead to a judge whom they may see."""
        from .parties import Judge

        return self.filter(Exists(Judge.objects.public().filter(pk=OuterRef("judge"))), was_public=True)


class FormerCourtQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Identifiers that readers may have and that lead to a court that they may see."""
        from .courts import Court

        return self.filter(Exists(Court.objects.public().filter(pk=OuterRef("court"))), was_public=True)


class ThroughRulingQuerySet(QuerySet[Any]):
    """Of models with a `ruling`: judges, citations, provisions."""

    def public(self) -> Self:
        return self.filter(public_entry("ruling__"))


class DocumentQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Documents of public entries that the court has not sealed."""
        return self.filter(public_entry("event__"), sealed=False)

    def gone(self) -> Self:
        """
        Those whose file answers 410: readers may have had it, and now its entry or the case is gone. One that the court
        has sealed answers as any unknown one does, whether readers ever had it or not.
        """
        seen = Q(event__first_public_at__lte=Now(), event__case__first_public_at__lte=Now())
        return self.filter(seen, gone("event__") | gone("event__case__"), sealed=False)


class CorrectionQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Corrections of public cases; one about an entry needs the entry to be public too."""
        return self.filter(published("case__")).filter(Q(event__isnull=True) | public_entry("event__"))


class TreatmentQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Treatments both of whose ends are public, so far as they are entries at all."""
        return self.filter(
            public_entry("act__"),
            Q(target__isnull=True) | public_entry("target__"),
        )


class ResponseQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(public_entry("event__"), public_entry("responds_to__"))


class TransferQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """
        Transfers at least one end of which is a proceeding of a public case and no end of which is a proceeding of a
        case that is not: the number of a withheld docket must not come out at the other end.
        """
        return self.filter(
            Q(origin__isnull=True) | published("origin__case__"),
            Q(destination__isnull=True) | published("destination__case__"),
        )


# Each step asks an index for the next court after the one before: as many steps as there are courts, not rows.
_COURTS_IN_USE = """
    WITH RECURSIVE hears(court) AS (
        (SELECT min(court_id) FROM casetracker_proceeding)
        UNION ALL
        SELECT (SELECT min(court_id) FROM casetracker_proceeding WHERE court_id > hears.court)
        FROM hears WHERE hears.court IS NOT NULL
    ), acts(court) AS (
        (SELECT min(court_id) FROM casetracker_event)
        UNION ALL
        SELECT (SELECT min(court_id) FROM casetracker_event WHERE court_id > acts.court)
        FROM acts WHERE acts.court IS NOT NULL
    )
    SELECT court FROM hears WHERE court IS NOT NULL UNION SELECT court FROM acts WHERE court IS NOT NULL
"""


class CourtQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """Courts in which a public case has a proceeding or a public entry stands."""
        from .events import Event
        from .proceedings import Proceeding

        return self.filter(
            has_any(Proceeding.objects.public().filter(court=OuterRef("pk")))
            | has_any(Event.objects.public().filter(court=OuterRef("pk")))
        )

    def in_use(self) -> Self:
        """
        Courts that any proceeding or entry names, public or not. Not a rule of its own: before `public()` it spares
        most of three thousand courts the question.
        """
        return self.filter(pk__in=RawSQL(_COURTS_IN_USE, ()))  # noqa: S611 - constant


class PartyQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        from .parties import PartyRole

        return self.filter(Exists(PartyRole.objects.public().filter(party=OuterRef("pk"))))


class AttorneyQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        from .parties import Representation

        return self.filter(Exists(Representation.objects.public().filter(attorney=OuterRef("pk"))))


class JudgeQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        from .proceedings import ProceedingJudge
        from .rulings import RulingJudge

        return self.filter(
            Exists(RulingJudge.objects.public().filter(judge=OuterRef("pk")))
            | Exists(ProceedingJudge.objects.public().filter(judge=OuterRef("pk")))
        )


class TopicQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        from .cases import Case

        return self.filter(has_any(Case.objects.public().filter(topics=OuterRef("pk"))))


class ReferenceQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(
            public_entry("event__") | public_entry("statement__event__") | published("case__"),
        )


class SourceQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        from .sources import Reference

        return self.filter(Exists(Reference.objects.public().filter(source=OuterRef("pk"))))


def is_public(row: Model) -> bool:
    """Whether this row is public, by the same rule as `public()`: asked of the database, one query."""
    manager = type(row)._default_manager
    return manager.public().filter(pk=row.pk).exists()  # type: ignore[attr-defined]  # each model has one
