"""
Addresses of entries, documents, parties, judges and courts that were merged into another, and names of such attorneys;
of cases, `FormerSlug`.
"""

from collections.abc import Collection, Iterable

import pgtrigger
from django.db import models
from django.db.models import Q

from ..validators import no_identity_numbers, text_is_storable
from .courts import COURT_KEY_VALIDATORS, Court
from .events import PUBLIC_ID_LENGTH, PUBLIC_ID_VALIDATORS, Event
from .parties import Attorney, Judge, Party
from .sources import Document
from .tracking import tracked
from .triggers import KEEP_FORMER_ENTRY, NOT_BESIDE_ITS_ENTRY, keeps_former, not_beside
from .visibility import (
    FormerCourtQuerySet,
    FormerDocumentQuerySet,
    FormerEntryQuerySet,
    FormerJudgeQuerySet,
    FormerPartyQuerySet,
)


class FormerAddress(models.Model):
    """
    An address that leads to the row that stayed when another was merged into it. `address` names its column.

    `was_public` is whether readers may have had the address. One that nobody had answers as any unknown address does,
    and is kept so that an import finds the row that stayed.
    """

    address = "slug"

    was_public = models.BooleanField("known to readers", default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, self.address))


def _is_permanent(what: str, columns: list[str]) -> pgtrigger.Trigger:
    return pgtrigger.ReadOnly(name=f"former_{what}_is_permanent", fields=columns)


def _leads_on_for_ever(what: str, column: str = "slug", own: str = "slug") -> list[pgtrigger.Trigger]:
    """The rules of the address in `column` of what had it in `own`."""
    return [
        keeps_former(f"former_{what}", column, what),
        not_beside(f"casetracker_{what}", own, f"casetracker_former{what}", column, what),
        _is_permanent(what, [column, "was_public"]),
    ]


@tracked()
class FormerEntry(FormerAddress):
    """
    The permanent address of an entry that was merged into another; it leads there for ever. Written by
    `casetracker.reworking.merging` alone, in the transaction that deletes the entry.
    """

    address = "public_id"

    public_id = models.CharField(
        "permanent address", max_length=PUBLIC_ID_LENGTH, unique=True, validators=PUBLIC_ID_VALIDATORS
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to")

    objects = FormerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "former address of an entry"
        verbose_name_plural = "former addresses of entries"
        ordering = ["public_id"]
        triggers = [
            KEEP_FORMER_ENTRY,
            NOT_BESIDE_ITS_ENTRY,
            _is_permanent("entry", ["public_id", "was_public"]),
        ]


@tracked()
class FormerDocument(FormerAddress):
    """
    The word in the address of the file of a document that became one with another when their entries were merged; it
    leads to the one that stayed for as long as that is there. Written by `casetracker.reworking.hanging` alone.
    """

    address = "uuid"

    uuid = models.UUIDField("word in the address", unique=True)
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to"
    )

    objects = FormerDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "former address of a document"
        verbose_name_plural = "former addresses of documents"
        ordering = ["uuid"]
        triggers = [_is_permanent("document", ["uuid", "was_public"])]


@tracked()
class FormerParty(FormerAddress):
    """
    The slug of a party that was merged into another; it leads there for ever. Written by
    `casetracker.reworking.joining` alone, in the transaction that deletes the party.

    `was_public` is whether readers saw its page when it was merged.
    """

    slug = models.SlugField(max_length=120, unique=True, validators=[no_identity_numbers])
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to")

    objects = FormerPartyQuerySet.as_manager()

    class Meta:
        verbose_name = "former address of a party"
        verbose_name_plural = "former addresses of parties"
        ordering = ["slug"]
        triggers = _leads_on_for_ever("party")


@tracked()
class FormerJudge(FormerAddress):
    """The slug of a judge who was merged into another; as `FormerParty`."""

    slug = models.SlugField(max_length=120, unique=True, validators=[no_identity_numbers])
    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to")

    objects = FormerJudgeQuerySet.as_manager()

    class Meta:
        verbose_name = "former address of a judge"
        verbose_name_plural = "former addresses of judges"
        ordering = ["slug"]
        triggers = _leads_on_for_ever("judge")


@tracked()
class FormerCourt(FormerAddress):
    """The identifier of a court that was merged into another; as `FormerParty`."""

    address = "identifier"

    identifier = models.SlugField(max_length=30, unique=True, validators=[*COURT_KEY_VALIDATORS, no_identity_numbers])
    court = models.ForeignKey(Court, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to")

    objects = FormerCourtQuerySet.as_manager()

    class Meta:
        verbose_name = "former identifier of a court"
        verbose_name_plural = "former identifiers of courts"
        ordering = ["identifier"]
        triggers = _leads_on_for_ever("court", column="identifier", own="id")


@tracked()
class FormerAttorney(models.Model):
    """
    The name and the firm of an attorney who was merged into another. Readers have no address of an attorney; they are
    kept so that an import finds the one who stayed. The same name and firm may have been those of several.
    """

    name = models.CharField(max_length=200, validators=[text_is_storable])
    firm = models.CharField("firm or office", max_length=200, blank=True, validators=[text_is_storable])
    attorney = models.ForeignKey(
        Attorney, on_delete=models.CASCADE, related_name="former_names", verbose_name="leads to"
    )

    class Meta:
        verbose_name = "former name of an attorney"
        verbose_name_plural = "former names of attorneys"
        ordering = ["name", "firm", "pk"]
        constraints = [models.CheckConstraint(name="former_attorney_has_name", condition=~Q(name=""))]
        triggers = [_is_permanent("attorney", ["name", "firm"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.firm})" if self.firm else self.name


def merged_attorneys(names: Collection[str]) -> dict[tuple[str, str], Attorney]:
    """
    By name and firm, into whom attorneys of these names were merged. Where they were merged into several, which one is
    meant is not known, and none is told. One query.
    """
    found: dict[tuple[str, str], set[Attorney]] = {}
    rows = FormerAttorney.objects.filter(name__in=names).select_related("attorney") if names else ()
    for row in rows:
        found.setdefault((row.name, row.firm), set()).add(row.attorney)
    return {key: attorneys.pop() for key, attorneys in found.items() if len(attorneys) == 1}


def present_courts(keys: Iterable[str]) -> dict[str, str]:
    """The identifier of the court that stays, for each of `keys` whose court was merged into another. One query."""
    wanted = set(keys)
    found = FormerCourt.objects.filter(identifier__in=wanted).values_list("identifier", "court_id") if wanted else ()
    return dict(found)
