"""The dispute, its topics, and the addresses it had."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..validators import no_hidden_characters, no_identity_numbers, text_is_storable
from .functions import TEXT_SEARCH_CONFIG, NoIdentityNumbers, SearchedText, SortKey
from .publishing import Publishable
from .tracking import tracked
from .triggers import (
    FOLLOWS_ITS_CASE,
    KEEP_FIRST_PUBLIC,
    KEEP_FORMER_SLUG,
    KEEP_PUBLIC_CASE,
    REMEMBER_OLD_SLUG,
    SLUG_IS_FREE,
    count_version,
    not_beside,
)
from .visibility import CaseQuerySet, TopicQuerySet

# Words that stand, or will stand, behind /cases/ for pages of another kind.
RESERVED_SLUGS = {"feed", "calendar", "export", "api", "embed", "files", "new", "search", "suggest"}


@tracked()
class Topic(models.Model):
    """A subject that cases share, such as Immigration."""

    name = models.CharField(max_length=80, unique=True, validators=[no_hidden_characters, no_identity_numbers])
    slug = models.SlugField(max_length=80, unique=True, validators=[no_identity_numbers])

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    """How the dispute stands in the world; what state our work on it is in is `Publishable.state`."""

    ONGOING = "ongoing", _("Ongoing")
    CONCLUDED = "concluded", _("Concluded")


@tracked()
class Case(Publishable):
    """A dispute as readers know it, through however many courts and numbers it runs."""

    name = models.CharField(max_length=250, validators=[text_is_storable], help_text="Abrego Garcia v. Noem")
    short_name = models.CharField(
        max_length=100, validators=[text_is_storable], help_text="As it is called after the first mention."
    )
    slug = models.SlugField(
        max_length=120,
        unique=True,
        validators=[no_identity_numbers],
        help_text="In the address, kept for ever: when it changes, the old address leads to the new one.",
    )
    summary = models.TextField(
        blank=True,
        validators=[text_is_storable],
        help_text="One paragraph in neutral words; what somebody claims belongs in a statement. Markdown.",
    )
    note = models.TextField(
        "note on the record",
        blank=True,
        validators=[text_is_storable],
        help_text="For readers: what the record here does not show, and how uncertain points are treated.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ONGOING)
    topics = models.ManyToManyField(Topic, blank=True, related_name="cases")
    related = models.ManyToManyField("self", blank=True, verbose_name="related cases")
    checked_on = models.DateField(
        "last checked on", null=True, blank=True, help_text="When an editor last compared the page with its sources."
    )
    is_invented = models.BooleanField(
        "invented example", default=False, help_text="Shows a banner on each of its pages: nothing in it happened."
    )
    sort_key = models.GeneratedField(
        expression=SortKey(F("name")), output_field=models.CharField(max_length=500), db_persist=True
    )
    search = models.GeneratedField(
        expression=SearchVector("name", "short_name", config=TEXT_SEARCH_CONFIG, weight="A")
        + SearchVector("summary", config=TEXT_SEARCH_CONFIG, weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = CaseQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["sort_key", "pk"]
        # What each is asked for: casetracker/rights.py.
        permissions = [
            ("change_others_case", "Can change cases that others made"),
            ("publish_case", "Can publish and withdraw cases"),
            ("withhold_case", "Can withhold cases and lift it"),
            ("merge_duplicates", "Can merge what is there twice"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(name="case_status_known", condition=Q(status__in=Status.values)),
            NoIdentityNumbers(
                "name", "short_name", "slug", "summary", "note", "state_reason", name="case_no_identity_numbers"
            ),
            models.CheckConstraint(name="case_has_names", condition=~Q(name="") & ~Q(short_name="") & ~Q(slug="")),
            models.CheckConstraint(
                name="case_checked_on_in_range",
                condition=Q(checked_on__isnull=True) | Q(checked_on__range=("1000-01-01", "2199-12-31")),
                violation_error_message="A date lies between the years 1000 and 2199.",
            ),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            # The public list in its order, and its count, without touching the table.
            models.Index(
                fields=["is_invented", "sort_key", "id"],
                include=["published_from", "status"],
                condition=Q(state="published"),
                name="case_public_list",
            ),
            # The list of all cases at the desk, drafts included.
            models.Index(fields=["sort_key", "id"], name="case_order"),
            GinIndex(fields=["search"], name="case_search"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="case_name_trigram"),
            # Without accents, for readers; what the desk looks for, `icontains`, goes by the one above.
            GinIndex(fields=["sort_key"], opclasses=["gin_trgm_ops"], name="case_sort_key_trigram"),
            GinIndex(OpClass(SearchedText("name", "short_name", "slug"), name="gin_trgm_ops"), name="case_searched"),
        ]
        triggers = [
            count_version("sort_key", "search"),
            KEEP_PUBLIC_CASE,
            KEEP_FIRST_PUBLIC,
            REMEMBER_OLD_SLUG,
            SLUG_IS_FREE,
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": "This word is kept for a page of the site; choose another."})
        if self.slug and FormerSlug.objects.filter(slug=self.slug).exclude(case_id=self.pk).exists():
            raise ValidationError(
                {"slug": "This was the address of another case and leads there for ever; choose another."}
            )

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.slug])


@tracked()
class CaseTopic(Case.topics.through):  # type: ignore[name-defined]  # made by Django
    """The link between a case and a topic, named so that its history is kept."""

    class Meta:
        proxy = True
        verbose_name = "topic of a case"
        verbose_name_plural = "topics of cases"

    def __str__(self) -> str:
        return str(self.topic)


@tracked()
class RelatedCase(Case.related.through):  # type: ignore[name-defined]  # made by Django
    """The link between two related cases, named so that its history is kept."""

    class Meta:
        proxy = True
        verbose_name = "link to a related case"
        verbose_name_plural = "links to related cases"

    def __str__(self) -> str:
        return str(self.to_case)


@tracked()
class FormerSlug(models.Model):
    """
    A slug that a case had, or one that was merged into it: its address leads to the present one. Written by a trigger
    when the slug changes, and by `casetracker.reworking.joining`.

    `is_unseen` is that of a case that was merged before any reader had its address: it answers as any unknown one does.
    """

    slug = models.SlugField(max_length=120, unique=True, validators=[no_identity_numbers])
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="former_slugs")
    is_unseen = models.BooleanField("unknown to readers", default=False)

    class Meta:
        ordering = ["slug"]
        triggers = [
            KEEP_FORMER_SLUG,
            FOLLOWS_ITS_CASE,
            not_beside("casetracker_case", "slug", "casetracker_formerslug", "slug", "case"),
        ]

    def __str__(self) -> str:
        return self.slug
