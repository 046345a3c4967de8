"""Where facts come from, what people said, files, and corrections."""

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from ..validators import no_hidden_characters, no_identity_numbers, text_is_storable, web_address
from .cases import Case
from .events import Event
from .fields import DateValid, UncertainDateField
from .files import Reading, StoredFile
from .functions import NoIdentityNumbers, SearchedText, TextVector
from .tracking import tracked
from .triggers import ASK_FOR_READING, FOLLOW_FILE
from .visibility import (
    CorrectionQuerySet,
    DocumentQuerySet,
    ReferenceQuerySet,
    SourceQuerySet,
    ThroughEventQuerySet,
)


class SourceKind(models.TextChoices):
    COURT_RECORD = "court_record", _("Court record")
    OFFICIAL = "official", _("Official statement")
    PRESS = "press", _("Press")
    REFERENCE = "reference", _("Reference work")
    OTHER = "other", _("Other")


@tracked()
class Source(models.Model):
    """A place where a fact can be read."""

    kind = models.CharField(max_length=14, choices=SourceKind)
    title = models.CharField(max_length=300, validators=[text_is_storable])
    publisher = models.CharField(max_length=200, blank=True, validators=[text_is_storable])
    address = models.CharField(
        max_length=1000, blank=True, validators=[no_hidden_characters, web_address], help_text="https://..."
    )
    archived_address = models.CharField(max_length=1000, blank=True, validators=[no_hidden_characters, web_address])
    read_on = UncertainDateField("read on", null=True, blank=True, help_text="When an editor read it there.")
    dead_on = models.DateField(
        "found dead on", null=True, blank=True, help_text="When its address was found to answer no more."
    )
    note = models.CharField(max_length=300, blank=True, validators=[text_is_storable])

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            NoIdentityNumbers("title", "publisher", "note", name="source_no_identity_numbers"),
            models.CheckConstraint(name="source_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="source_kind_known", condition=Q(kind__in=SourceKind.values)),
            models.CheckConstraint(
                name="source_address_is_web",
                condition=Q(address="") | Q(address__regex=r"^https?://"),
                violation_error_message="Write a full address that begins with https:// or http://.",
            ),
            models.CheckConstraint(
                name="source_archived_is_web",
                condition=Q(archived_address="") | Q(archived_address__regex=r"^https?://"),
                violation_error_message="Write a full address that begins with https:// or http://.",
            ),
            models.CheckConstraint(
                name="source_read_on_valid", condition=Q(read_on__isnull=True) | Q(DateValid(F("read_on")))
            ),
            models.CheckConstraint(
                name="source_dead_has_address",
                condition=Q(dead_on__isnull=True) | (~Q(address="") & Q(dead_on__range=("1990-01-01", "2199-12-31"))),
                violation_error_message="Only an address can be found dead, between the years 1990 and 2199.",
            ),
        ]
        indexes = [
            models.Index(fields=["title", "id"], name="source_order"),
            GinIndex(
                OpClass(SearchedText("title", "publisher", "address"), name="gin_trgm_ops"), name="source_searched"
            ),
            # For the list of what needs work.
            models.Index(
                fields=["title", "id"], condition=Q(archived_address="") & ~Q(address=""), name="source_not_archived"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})" if self.publisher else self.title


@tracked()
class Statement(models.Model):
    """
    What somebody said about an entry. The form is the same for all sides and for the courts' own words; no score and no
    verdict.
    """

    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="statements",
        verbose_name="about",
        help_text="The entry spoken of.",
    )
    speaker = models.CharField(max_length=150, validators=[text_is_storable])
    office = models.CharField(max_length=200, blank=True, validators=[text_is_storable])
    forum = models.CharField(
        max_length=200, blank=True, validators=[text_is_storable], help_text="Where: a briefing, a brief, a broadcast."
    )
    date = UncertainDateField(null=True, blank=True)
    quote = models.TextField(
        "words quoted", blank=True, validators=[text_is_storable], help_text="Short, exact, without quotation marks."
    )
    paraphrase = models.TextField(
        "in our words", blank=True, validators=[text_is_storable], help_text="Neutral: said that ..."
    )
    note = models.TextField("note on the record", blank=True, validators=[text_is_storable])
    said_at = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements_made_there",
        help_text="The entry at which it was said, if there is one.",
    )
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = ThroughEventQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            GinIndex(
                OpClass(SearchedText("speaker", "office", "forum", "quote", "paraphrase"), name="gin_trgm_ops"),
                name="statement_searched",
            )
        ]
        constraints = [
            NoIdentityNumbers(
                "speaker", "office", "forum", "quote", "paraphrase", "note", name="statement_no_identity_numbers"
            ),
            models.CheckConstraint(name="statement_has_speaker", condition=~Q(speaker="")),
            models.CheckConstraint(
                name="statement_says_something",
                condition=~Q(quote="") | ~Q(paraphrase=""),
                violation_error_message="Give the words quoted, or what was said in our words.",
            ),
            models.CheckConstraint(
                name="statement_date_valid", condition=Q(date__isnull=True) | Q(DateValid(F("date")))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {(self.quote or self.paraphrase)[:60]}"


@tracked()
class Reference(models.Model):
    """That a source stands behind one thing: an entry, a statement or a case."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="references")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="references", verbose_name="entry"
    )
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, null=True, blank=True, related_name="references")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="references")
    pinpoint = models.CharField(
        "where in it", max_length=120, blank=True, validators=[text_is_storable], help_text="p. 3; Doc. 21"
    )
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            NoIdentityNumbers("pinpoint", name="reference_no_identity_numbers"),
            models.CheckConstraint(
                name="reference_for_one_thing",
                condition=Q(event__isnull=False, statement__isnull=True, case__isnull=True)
                | Q(event__isnull=True, statement__isnull=False, case__isnull=True)
                | Q(event__isnull=True, statement__isnull=True, case__isnull=False),
                violation_error_message="A source stands behind one entry, one statement or one case.",
            ),
            models.UniqueConstraint(
                fields=["source", "event", "statement", "case", "pinpoint"],
                name="reference_once",
                nulls_distinct=False,
                violation_error_message="This source is named already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.pinpoint}" if self.pinpoint else str(self.source)


class DocumentManager(models.Manager.from_queryset(DocumentQuerySet)):  # type: ignore[misc]  # made by Django
    def get_queryset(self) -> DocumentQuerySet:
        """Without the vector of a whole document: nobody reads it, and it can have a megabyte."""
        queryset: DocumentQuerySet = super().get_queryset().defer("search")
        return queryset


@tracked()
class Document(models.Model):
    """
    The text of a filing or ruling: what can be said of it, where it is published, and the file itself if we have it. A
    document that the court has sealed is never shown.

    With a file, `size` and `sha256` are those of the file, and a new file waits to be read anew: the database sees to
    both (`FOLLOW_FILE`). `uuid` is the word in the file's address; it stays when the file is replaced.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="documents", verbose_name="entry")
    number = models.CharField(
        "number of the attachment",
        max_length=20,
        blank=True,
        validators=[no_hidden_characters, no_identity_numbers],
        help_text="By which the docket names it: 2. Empty for the entry's main document.",
    )
    title = models.CharField(max_length=250, validators=[text_is_storable])
    address = models.CharField(max_length=1000, blank=True, validators=[no_hidden_characters, web_address])
    uuid = models.UUIDField("word in its address", db_default=RandomUUID(), unique=True, editable=False)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="documents", verbose_name="file"
    )
    pages = models.PositiveIntegerField(null=True, blank=True, help_text="Counted by itself when a file is read.")
    size = models.PositiveBigIntegerField("size in bytes", null=True, blank=True)
    sha256 = models.CharField(
        "checksum (SHA-256)",
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}$", "A SHA-256 checksum has 64 of the characters 0-9 and a-f.")],
    )
    reading = models.CharField("text of the file", max_length=9, choices=Reading, blank=True, editable=False)
    text = models.TextField("text for search", blank=True, validators=[no_hidden_characters, no_identity_numbers])
    sealed = models.BooleanField("sealed by the court", default=False)
    # Of sealed ones too: `DocumentQuerySet.public()` says what may be found.
    search = models.GeneratedField(
        expression=TextVector(F("title"), F("text"), "D"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = DocumentManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            NoIdentityNumbers("number", "title", "text", name="document_no_identity_numbers"),
            models.CheckConstraint(name="document_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="document_address_is_web",
                condition=Q(address="") | Q(address__regex=r"^https?://"),
                violation_error_message="Write a full address that begins with https:// or http://.",
            ),
            models.CheckConstraint(
                name="document_sha256_form", condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="document_reading_known", condition=Q(reading="") | Q(reading__in=Reading.values)
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(reading="waiting"), name="document_waiting"),
            GinIndex(
                OpClass(SearchedText("title", "address", "sha256"), name="gin_trgm_ops"), name="document_searched"
            ),
            # For the list of what needs work.
            models.Index(fields=["event"], condition=Q(reading="held_back"), name="document_held_back"),
            GinIndex(fields=["search"], condition=Q(sealed=False), name="document_search"),
        ]
        triggers = [ASK_FOR_READING, FOLLOW_FILE]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The address of the file."""
        return reverse("file", args=[self.uuid])


@tracked()
class Correction(models.Model):
    """A dated note for readers that a fact was put right; apart from the internal history."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="entry"
    )
    corrected_on = models.DateField()
    text = models.TextField(validators=[text_is_storable], help_text="What it said, what it says now.")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-corrected_on", "-pk"]
        indexes = [GinIndex(OpClass(SearchedText("text"), name="gin_trgm_ops"), name="correction_searched")]
        constraints = [
            NoIdentityNumbers("text", name="correction_no_identity_numbers"),
            models.CheckConstraint(name="correction_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="correction_date_in_range",
                condition=Q(corrected_on__range=("1000-01-01", "2199-12-31")),
                violation_error_message="A date lies between the years 1000 and 2199.",
            ),
        ]

    def __str__(self) -> str:
        text = Truncator(self.text).chars(60)
        return f"{date_format(self.corrected_on, 'j F Y')}: {text}" if self.corrected_on else text

    def clean(self) -> None:
        super().clean()
        if self.event_id is not None and self.event is not None and self.event.case_id != self.case_id:
            raise ValidationError({"event": "This entry belongs to another case."})
