"""Addresses of entries that were merged into another."""

import pgtrigger
from django.db import models

from .events import PUBLIC_ID_LENGTH, PUBLIC_ID_VALIDATORS, Event
from .tracking import tracked
from .triggers import KEEP_FORMER_ENTRY, NOT_BESIDE_ITS_ENTRY
from .visibility import FormerEntryQuerySet


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
