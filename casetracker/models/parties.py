"""People and organisations: parties and their roles, counsel, judges."""

import pgtrigger
from django.apps import apps
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..validators import initials_only, no_hidden_characters, no_identity_numbers, text_is_storable
from .fields import DateValid, UncertainDateField
from .functions import TEXT_SEARCH_CONFIG, NoIdentityNumbers, SearchedText, SortKey
from .proceedings import Proceeding
from .tracking import tracked
from .triggers import not_a_former
from .visibility import AttorneyQuerySet, JudgeQuerySet, PartyQuerySet, ThroughProceedingQuerySet

FORMER_ADDRESS = "This was the address of one that was merged into another, and leads there for ever; choose another."


class PartyKind(models.TextChoices):
    PERSON = "person", _("Person in public life")
    PRIVATE_PERSON = "private_person", _("Private person")
    ORGANIZATION = "organization", _("Organization")
    GOVERNMENT = "government", _("Government")


@tracked()
class Party(models.Model):
    """Who takes part. What they are in a proceeding (`PartyRole`) changes: a plaintiff below is a respondent above."""

    name = models.CharField(max_length=300, validators=[text_is_storable])
    slug = models.SlugField(max_length=120, unique=True, validators=[no_identity_numbers])
    kind = models.CharField(max_length=16, choices=PartyKind, default=PartyKind.PRIVATE_PERSON)
    is_minor = models.BooleanField("minor", default=False, help_text="Of a minor only initials are stored.")
    description = models.CharField(
        max_length=200, blank=True, validators=[text_is_storable], help_text="An office, in a few neutral words."
    )
    sort_key = models.GeneratedField(
        expression=SortKey(F("name")), output_field=models.CharField(max_length=600), db_persist=True
    )
    search = models.GeneratedField(
        expression=SearchVector("name", config=TEXT_SEARCH_CONFIG, weight="A"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        ordering = ["sort_key", "pk"]
        constraints = [
            NoIdentityNumbers("name", "slug", "description", name="party_no_identity_numbers"),
            models.CheckConstraint(name="party_has_name", condition=~Q(name="") & ~Q(slug="")),
            models.CheckConstraint(name="party_kind_known", condition=Q(kind__in=PartyKind.values)),
            models.CheckConstraint(
                name="party_minor_has_initials",
                condition=Q(is_minor=False) | Q(name__regex=r"^(\w\.[ -]?){1,5}$"),
                violation_error_message="For a minor store only the initials, such as A.B.",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="party_order"),
            GinIndex(fields=["sort_key"], opclasses=["gin_trgm_ops"], name="party_name_trigram"),
            GinIndex(fields=["search"], name="party_search"),
            GinIndex(OpClass(SearchedText("name", "description"), name="gin_trgm_ops"), name="party_searched"),
        ]
        triggers = [
            not_a_former(
                "slug", "casetracker_formerparty", "slug", "party",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("slug"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("party", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        former = apps.get_model("casetracker", "FormerParty")._default_manager
        if self.slug and former.filter(slug=self.slug).exists():
            raise ValidationError({"slug": FORMER_ADDRESS})
        if self.is_minor:
            try:
                initials_only(self.name)
            except ValidationError as error:
                raise ValidationError({"name": error}) from error

    @property
    def is_private(self) -> bool:
        """Whether pages about the party ask search engines to leave them out."""
        return self.kind == PartyKind.PRIVATE_PERSON or self.is_minor


class Role(models.TextChoices):
    PLAINTIFF = "plaintiff", _("Plaintiff")
    DEFENDANT = "defendant", _("Defendant")
    PETITIONER = "petitioner", _("Petitioner")
    RESPONDENT = "respondent", _("Respondent")
    APPELLANT = "appellant", _("Appellant")
    APPELLEE = "appellee", _("Appellee")
    APPLICANT = "applicant", _("Applicant")
    CLAIMANT = "claimant", _("Claimant")
    RECLAIMER = "reclaimer", _("Reclaimer")
    MOVANT = "movant", _("Movant")
    INTERVENOR = "intervenor", _("Intervenor")
    AMICUS = "amicus", _("Amicus curiae")
    PROSECUTION = "prosecution", _("Prosecution")
    INTERESTED = "interested", _("Interested party")
    OTHER = "other", _("Other")


@tracked()
class PartyRole(models.Model):
    """What a party is in one proceeding; the same name may stand in several roles."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="party_roles")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=16, choices=Role)
    as_written = models.CharField(
        "role as written",
        max_length=120,
        blank=True,
        validators=[no_hidden_characters, no_identity_numbers],
        help_text="As on the docket.",
    )
    terminated = UncertainDateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, validators=[text_is_storable])
    display_order = models.PositiveSmallIntegerField(default=0)

    objects = ThroughProceedingQuerySet.as_manager()

    class Meta:
        ordering = ["display_order", "pk"]
        constraints = [
            NoIdentityNumbers("as_written", "note", name="party_role_no_identity_numbers"),
            models.CheckConstraint(name="party_role_known", condition=Q(role__in=Role.values)),
            models.UniqueConstraint(
                fields=["proceeding", "party", "role"],
                name="party_role_once",
                violation_error_message="This party has this role already.",
            ),
            models.CheckConstraint(
                name="party_role_terminated_valid",
                condition=Q(terminated__isnull=True) | Q(DateValid(F("terminated"))),
            ),
        ]
        indexes = [models.Index(fields=["proceeding", "id"], condition=Q(role="other"), name="party_role_other")]

    def __str__(self) -> str:
        return f"{self.party}, {self.get_role_display().lower()}"


@tracked()
class Attorney(models.Model):
    name = models.CharField(max_length=200, validators=[text_is_storable])
    firm = models.CharField("firm or office", max_length=200, blank=True, validators=[text_is_storable])
    sort_key = models.GeneratedField(
        expression=SortKey(F("name")), output_field=models.CharField(max_length=400), db_persist=True
    )

    objects = AttorneyQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.CheckConstraint(name="attorney_has_name", condition=~Q(name=""))]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="attorney_order"),
            GinIndex(fields=["sort_key"], opclasses=["gin_trgm_ops"], name="attorney_name_trigram"),
            GinIndex(OpClass(SearchedText("name", "firm"), name="gin_trgm_ops"), name="attorney_searched"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Representation(models.Model):
    """Counsel for a party in a proceeding."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="representations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="representations")
    attorney = models.ForeignKey(Attorney, on_delete=models.PROTECT, related_name="representations")
    lead = models.BooleanField("lead attorney", default=False)
    pro_hac_vice = models.BooleanField(default=False)
    terminated = UncertainDateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, validators=[text_is_storable])

    objects = ThroughProceedingQuerySet.as_manager()

    class Meta:
        ordering = ["-lead", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "party", "attorney"],
                name="representation_once",
                violation_error_message="This attorney is named for this party already.",
            ),
            NoIdentityNumbers("note", name="representation_no_identity_numbers"),
            models.CheckConstraint(
                name="representation_terminated_valid",
                condition=Q(terminated__isnull=True) | Q(DateValid(F("terminated"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attorney} for {self.party}"


@tracked()
class Judge(models.Model):
    """Who decides."""

    name = models.CharField(max_length=200, validators=[text_is_storable], help_text="Paula Xinis")
    label = models.CharField(
        max_length=80, blank=True, validators=[text_is_storable], help_text="As in a report: Xinis, J.; Roberts, C.J."
    )
    slug = models.SlugField(max_length=120, unique=True, validators=[no_identity_numbers])
    title = models.CharField(max_length=150, blank=True, validators=[text_is_storable], help_text="U.S. District Judge")
    sort_key = models.GeneratedField(
        expression=SortKey(F("name")), output_field=models.CharField(max_length=400), db_persist=True
    )
    search = models.GeneratedField(
        expression=SearchVector("name", config=TEXT_SEARCH_CONFIG, weight="A"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = JudgeQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.CheckConstraint(name="judge_has_name", condition=~Q(name="") & ~Q(slug=""))]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="judge_order"),
            GinIndex(fields=["sort_key"], opclasses=["gin_trgm_ops"], name="judge_name_trigram"),
            GinIndex(fields=["search"], name="judge_search"),
            GinIndex(OpClass(SearchedText("name", "label", "title"), name="gin_trgm_ops"), name="judge_searched"),
        ]
        triggers = [
            not_a_former(
                "slug", "casetracker_formerjudge", "slug", "judge",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("slug"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("judge", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        former = apps.get_model("casetracker", "FormerJudge")._default_manager
        if self.slug and former.filter(slug=self.slug).exists():
            raise ValidationError({"slug": FORMER_ADDRESS})

    @property
    def short_name(self) -> str:
        """The label, or where there is none the name."""
        return self.label or self.name
