"""What was imported as it was, so that the next version of a docket is told apart from what an editor changed."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .proceedings import Proceeding


class ImportedDocket(models.Model):
    """
    That a proceeding was read from a file. `fingerprints` has a digest of each value that was written, by its name, and
    never the value itself: what is redacted later leaves no copy here. Not part of the history, and no reader sees it.
    """

    proceeding = models.OneToOneField(Proceeding, on_delete=models.CASCADE, related_name="imported")
    format = models.CharField(max_length=20, editable=False)
    fingerprints = models.JSONField(default=dict, editable=False)
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "imported docket"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"import of {self.proceeding}"


class ImportedEntry(models.Model):
    """
    A line of an imported docket: by what it is known in the next version, and the digests of what was written.

    `entry_key` is the key of its `DocketEntry`, without a constraint: what an editor deleted stays known as deleted,
    and is known again when it comes back under its old key.
    """

    docket = models.ForeignKey(ImportedDocket, on_delete=models.CASCADE, related_name="entries")
    entry_key = models.BigIntegerField(editable=False)
    position = models.PositiveIntegerField(default=0)
    filed = models.CharField(max_length=40, blank=True, editable=False)
    number = models.CharField(max_length=20, blank=True, editable=False)
    sequence = models.CharField(max_length=40, blank=True, editable=False)
    digest = models.CharField("digest of the text", max_length=16, editable=False)
    fingerprints = models.JSONField(default=dict, editable=False)
    doubts = models.CharField("what was unsure", max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = "imported entry"
        verbose_name_plural = "imported entries"
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["docket", "entry_key"],
                name="imported_entry_once",
                violation_error_message="This entry is known already.",
            ),
            models.CheckConstraint(name="imported_entry_has_digest", condition=~Q(digest="")),
        ]

    def __str__(self) -> str:
        return f"{self.filed} {self.number}".strip()
