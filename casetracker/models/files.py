"""The files behind documents: their bytes, kept once however many documents name them."""

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MediaType(models.TextChoices):
    """What is taken. The value is the Content-Type under which the file is served, whatever a browser said of it."""

    PDF = "application/pdf", "PDF"
    TEXT = "text/plain; charset=utf-8", _("plain text")
    # Text that is no UTF-8 is read as Windows writes the West.
    TEXT_WESTERN = "text/plain; charset=windows-1252", _("plain text")


class Reading(models.TextChoices):
    """What became of reading a document's file for its pages and its text."""

    WAITING = "waiting", _("Waiting to be read")
    READ = "read", _("Read")
    EMPTY = "empty", _("Read: it holds no text, as a scan does")
    LOCKED = "locked", _("It asks for a password: pages and text cannot be read")
    DAMAGED = "damaged", _("It could not be read: it is damaged")
    TOO_MUCH = "too_much", _("It could not be read within the limits of time and memory")
    HELD_BACK = "held_back", _("Its text is held back: it has what looks like an identity number")


class StoredFileManager(models.Manager["StoredFile"]):
    def get_queryset(self) -> QuerySet["StoredFile"]:
        """Without the bytes: who wants them reads them in pieces (`casetracker.files`)."""
        return super().get_queryset().defer("content")


class ChecksumOf(models.Func):
    """The SHA-256 of bytes as 64 digits."""

    template = "encode(sha256(%(expressions)s), 'hex')"
    output_field = models.CharField()


class LengthOf(models.Func):
    """How many bytes."""

    function = "octet_length"
    output_field = models.BigIntegerField()


class StoredFile(models.Model):
    """
    One file, found by its SHA-256. It is written by `casetracker.files` alone and never changed; only a redaction
    removes it, in the transaction that removes what named it.

    It has no history: it does not change, and the history of documents says which of them named it and when.
    """

    content = models.BinaryField()
    sha256 = models.CharField(
        "checksum (SHA-256)", max_length=64, unique=True, validators=[RegexValidator(r"^[0-9a-f]{64}$")]
    )
    size = models.PositiveBigIntegerField("size in bytes")
    media_type = models.CharField("kind of file", max_length=40, choices=MediaType)
    uploaded_at = models.DateTimeField(db_default=Now())
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StoredFileManager()

    class Meta:
        # What follows a key to a file is not to read its bytes either.
        base_manager_name = "objects"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="stored_file_checksum_fits", condition=Q(sha256=ChecksumOf(F("content")))),
            models.CheckConstraint(name="stored_file_size_fits", condition=Q(size=LengthOf(F("content")), size__gt=0)),
            models.CheckConstraint(name="stored_file_kind_known", condition=Q(media_type__in=MediaType.values)),
        ]
        triggers = [pgtrigger.Protect(name="keep_file", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_media_type_display()}, {self.sha256[:12]}"
