"""What was imported as it was, so that the next version of a docket is told apart from what an editor changed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.functions import Now
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .proceedings import Proceeding

# What one import at the desk may hold: a docket of 40,000 entries is one for the command line.
MOST_BYTES = 16 * 1024 * 1024


class ImportState(models.TextChoices):
    """How far an import at the desk has come. Only while it is read, waits or lands are its files kept."""

    READING = "reading", _("Being read")
    WAITING = "waiting", _("Waiting for confirmation")
    LANDING = "landing", _("Landing")
    LANDED = "landed", _("Landed")
    # While it was being read, nothing of it landed; while it was landing, some dockets may have.
    STOPPED = "stopped", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")
    FORGOTTEN = "forgotten", _("Forgotten")


OPEN_STATES = [ImportState.READING, ImportState.WAITING, ImportState.LANDING]
CLOSED_STATES = [ImportState.LANDED, ImportState.STOPPED, ImportState.CANCELLED, ImportState.FORGOTTEN]


class Import(models.Model):
    """
    One import at the desk, from the upload to its report. Written by `casetracker.importers.dockets.uploads` alone.

    `data` holds all files one behind the other, `files` their names and sizes in that order, `sha256` the digest of
    `data`: what is confirmed is what was looked at. `found` is what each docket would do, kept only as long as the
    files; `landed` what each did, in the order of the dockets; `within` how many lines are done of the docket that is
    tried or lands at this moment; `problems` why files were refused, or why it was stopped. `kinds` are the kinds
    chosen by hand, by the place of the docket and `Line.key`. `dockets` and `entries` are how many the files hold. Not
    part of the history, and no reader sees it.
    """

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING, editable=False)
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    court = models.CharField(max_length=20, blank=True, editable=False)
    into_public = models.BooleanField(default=False, editable=False)
    formats = models.JSONField(default=list, editable=False)
    files = models.JSONField(default=list, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    data = models.BinaryField(null=True, editable=False)
    found = models.JSONField(default=list, editable=False)
    kinds = models.JSONField(default=dict, editable=False)
    landed = models.JSONField(default=list, editable=False)
    within = models.PositiveIntegerField(db_default=0, editable=False)
    problems = models.JSONField(default=list, editable=False)
    dockets = models.PositiveIntegerField(db_default=0, editable=False)
    entries = models.PositiveIntegerField(db_default=0, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "import"
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            # It says which states there are, too.
            models.CheckConstraint(
                name="import_keeps_files_only_while_open",
                condition=Q(state__in=OPEN_STATES, data__isnull=False, finished_at=None)
                | Q(state__in=CLOSED_STATES, data__isnull=True, finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_is_small",
                condition=LessThanOrEqual(
                    Func(F("data"), function="octet_length", output_field=IntegerField()), MOST_BYTES
                ),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(str(file["name"]) for file in self.files[:3])

    @property
    def new(self) -> int:
        """How many entries were added."""
        return self.total("new")

    @property
    def changed(self) -> int:
        return self.total("changed")

    def total(self, name: str) -> int:
        """The sum of a count over the dockets: `entries`, `new`, `changed`, `unchanged`."""
        return sum(row.get(name, 0) for row in self.told)

    @property
    def told(self) -> list[dict[str, Any]]:
        """What is said of each docket so far: what it would do, until it is confirmed, and then what it did."""
        told: list[dict[str, Any]] = (
            self.found if self.state in {ImportState.READING, ImportState.WAITING} else self.landed
        )
        return told

    @property
    def done(self) -> int:
        """How many of `entries` have been tried, or have landed, so far."""
        return min(sum(row.get("lines", 0) for row in self.told) + self.within, self.entries)


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
