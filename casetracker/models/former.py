"""Addresses of entries, documents, parties, judges and courts that were merged into another; of cases, `FormerSlug`."""

from collections.abc import Iterable

import pgtrigger
from django.db import models

from ..validators import no_identity_numbers
from .courts import COURT_KEY_VALIDATORS, Court
from .events import PUBLIC_ID_LENGTH, PUBLIC_ID_VALIDATORS, Event
from .parties import Judge, Party
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


@tracked()
class FormerEntry(models.Model):
    """
    The permanent address of an entry that was merged into another; it leads there for ever. Written by
    `casetracker.reworking.merging` alone, in the transaction that deletes the entry.

    `was_public` is whether readers may have had the address. One that nobody had answers as any unknown address does,
    and is kept so that a new load of the data does not bring the entry back.
    """

    public_id = models.CharField(
        "permanent address", max_length=PUBLIC_ID_LENGTH, unique=True, validators=PUBLIC_ID_VALIDATORS
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to")
    was_public = models.BooleanField("known to readers", default=False)

    objects = FormerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "former address of an entry"
        verbose_name_plural = "former addresses of entries"
        ordering = ["public_id"]
        triggers = [
            KEEP_FORMER_ENTRY,
            NOT_BESIDE_ITS_ENTRY,
            pgtrigger.ReadOnly(name="former_entry_is_permanent", fields=["public_id", "was_public"]),
        ]

    def __str__(self) -> str:
        return self.public_id


@tracked()
class FormerDocument(models.Model):
    """
    The word in the address of the file of a document that became one with another when their entries were merged; it
    leads to the one that stayed for as long as that is there. Written by `casetracker.reworking.hanging` alone.

    `was_public` is whether readers may have had the address. One that nobody had answers as any unknown address does.
    """

    uuid = models.UUIDField("word in the address", unique=True)
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to"
    )
    was_public = models.BooleanField("known to readers", default=False)

    objects = FormerDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "former address of a document"
        verbose_name_plural = "former addresses of documents"
        ordering = ["uuid"]
        triggers = [pgtrigger.ReadOnly(name="former_document_is_permanent", fields=["uuid", "was_public"])]

    def __str__(self) -> str:
        return str(self.uuid)


@tracked()
class FormerParty(models.Model):
    """
    The slug of a party that was merged into another; it leads there for ever. Written by
    `casetracker.reworking.joining` alone, in the transaction that deletes the party.

    `was_public` is whether readers saw its page when it was merged. The slug of one that they did not see answers as
    any unknown one does, and is kept so that an import finds the party that stayed.
    """

    slug = models.SlugField(max_length=120, unique=True, validators=[no_identity_numbers])
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to")
    was_public = models.BooleanField("known to readers", default=False)

    objects = FormerPartyQuerySet.as_manager()

    class Meta:
        verbose_name = "former address of a party"
        verbose_name_plural = "former addresses of parties"
        ordering = ["slug"]
        triggers = [
            keeps_former("former_party", "slug", "party"),
            not_beside("casetracker_party", "slug", "casetracker_formerparty", "slug", "party"),
            pgtrigger.ReadOnly(name="former_party_is_permanent", fields=["slug", "was_public"]),
        ]

    def __str__(self) -> str:
        return self.slug


@tracked()
class FormerJudge(models.Model):
    """The slug of a judge who was merged into another; as `FormerParty`."""

    slug = models.SlugField(max_length=120, unique=True, validators=[no_identity_numbers])
    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to")
    was_public = models.BooleanField("known to readers", default=False)

    objects = FormerJudgeQuerySet.as_manager()

    class Meta:
        verbose_name = "former address of a judge"
        verbose_name_plural = "former addresses of judges"
        ordering = ["slug"]
        triggers = [
            keeps_former("former_judge", "slug", "judge"),
            not_beside("casetracker_judge", "slug", "casetracker_formerjudge", "slug", "judge"),
            pgtrigger.ReadOnly(name="former_judge_is_permanent", fields=["slug", "was_public"]),
        ]

    def __str__(self) -> str:
        return self.slug


@tracked()
class FormerCourt(models.Model):
    """The identifier of a court that was merged into another; as `FormerParty`."""

    identifier = models.SlugField(max_length=30, unique=True, validators=[*COURT_KEY_VALIDATORS, no_identity_numbers])
    court = models.ForeignKey(Court, on_delete=models.CASCADE, related_name="former_addresses", verbose_name="leads to")
    was_public = models.BooleanField("known to readers", default=False)

    objects = FormerCourtQuerySet.as_manager()

    class Meta:
        verbose_name = "former identifier of a court"
        verbose_name_plural = "former identifiers of courts"
        ordering = ["identifier"]
        triggers = [
            keeps_former("former_court", "identifier", "court"),
            not_beside("casetracker_court", "id", "casetracker_formercourt", "identifier", "court"),
            pgtrigger.ReadOnly(name="former_court_is_permanent", fields=["identifier", "was_public"]),
        ]

    def __str__(self) -> str:
        return self.identifier


def present_courts(keys: Iterable[str]) -> dict[str, str]:
    """The identifier of the court that stays, for each of `keys` whose court was merged into another. One query."""
    wanted = set(keys)
    found = FormerCourt.objects.filter(identifier__in=wanted).values_list("identifier", "court_id") if wanted else ()
    return dict(found)
