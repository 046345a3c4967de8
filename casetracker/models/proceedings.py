"""The proceedings of a case before the courts: their numbers and judges, and how one came from another."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..dates import UncertainDate
from ..validators import no_hidden_characters, no_identity_numbers, text_is_storable
from .cases import Case
from .courts import Court
from .fields import DateValid, UncertainDateField
from .functions import DocketKey, NoIdentityNumbers, SearchedText
from .tracking import tracked
from .triggers import docket_agrees
from .visibility import ThroughCaseQuerySet, ThroughProceedingQuerySet, TransferQuerySet


@tracked()
class Proceeding(models.Model):
    """The case before one court: its docket."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proceedings")
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="proceedings")
    caption = models.CharField(max_length=400, validators=[text_is_storable], help_text="The name it has there.")
    about = models.CharField(
        "role in the case",
        max_length=200,
        blank=True,
        validators=[text_is_storable],
        help_text="In a few words: civil action for his return; first appeal.",
    )
    filed = UncertainDateField(null=True, blank=True)
    terminated = UncertainDateField(null=True, blank=True)
    display_order = models.PositiveSmallIntegerField(
        default=0, help_text="Order among the proceedings of the case; equal numbers stand by date."
    )

    objects = ThroughCaseQuerySet.as_manager()

    class Meta:
        ordering = ["display_order", "pk"]
        constraints = [
            NoIdentityNumbers("caption", "about", name="proceeding_no_identity_numbers"),
            models.CheckConstraint(name="proceeding_has_caption", condition=~Q(caption="")),
            models.CheckConstraint(
                name="proceeding_filed_valid", condition=Q(filed__isnull=True) | Q(DateValid(F("filed")))
            ),
            models.CheckConstraint(
                name="proceeding_terminated_valid",
                condition=Q(terminated__isnull=True) | Q(DateValid(F("terminated"))),
            ),
        ]
        indexes = [
            models.Index(fields=["court", "case"], name="proceeding_court_case"),
            GinIndex(OpClass(SearchedText("caption"), name="gin_trgm_ops"), name="proceeding_searched"),
        ]
        triggers = [docket_agrees("d.proceeding_id = NEW.id", "case_id", "court_id")]

    def __str__(self) -> str:
        return f"{self.caption} ({self.court_id})"

    def clean(self) -> None:
        super().clean()
        # Text that is no date stays text until `clean_fields` has refused it.
        if isinstance(self.filed, UncertainDate) and isinstance(self.terminated, UncertainDate):
            opened, closed = self.filed.earliest, self.terminated.latest
            if opened and closed and closed < opened:
                raise ValidationError({"terminated": "This is before the proceeding was filed."})


# By which of its numbers a proceeding is known: the first in this order.
NUMBER_ORDER = ("-is_main", "term", "number", "pk")


@tracked()
class DocketNumber(models.Model):
    """
    A number of a proceeding. Some have several (Brown: Nos. 8, 101, 191, 448, renumbered each Term), and the same
    number in the same court may belong to several proceedings.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="numbers")
    number = models.CharField("as written", max_length=80, validators=[text_is_storable])
    term = models.CharField(
        max_length=20, blank=True, validators=[no_hidden_characters, no_identity_numbers], help_text="1952, or OT 2024"
    )
    is_main = models.BooleanField("main number", default=False)
    key = models.GeneratedField(
        expression=DocketKey(F("number")), output_field=models.CharField(max_length=80), db_persist=True
    )

    objects = ThroughProceedingQuerySet.as_manager()

    class Meta:
        ordering = list(NUMBER_ORDER)
        constraints = [
            NoIdentityNumbers("number", name="docket_number_no_identity_numbers"),
            models.CheckConstraint(name="docket_number_not_empty", condition=~Q(number="")),
            models.UniqueConstraint(
                fields=["proceeding", "number", "term"],
                name="docket_number_once",
                violation_error_message="The proceeding has this number already.",
            ),
            models.UniqueConstraint(
                fields=["proceeding"],
                condition=Q(is_main=True),
                name="docket_number_one_main",
                violation_error_message="A proceeding has one main number.",
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="docket_number_key"),
            GinIndex(OpClass(SearchedText("number"), name="gin_trgm_ops"), name="docket_number_searched"),
        ]

    def __str__(self) -> str:
        return f"{self.number} (Term {self.term})" if self.term else self.number


def main_number(proceeding: str) -> models.Subquery:
    """The number by which the proceeding is known to which `proceeding` of the outer query leads, or none."""
    numbers = DocketNumber.objects.filter(proceeding=models.OuterRef(proceeding))
    return models.Subquery(numbers.order_by(*NUMBER_ORDER).values("number")[:1])


class ExternalScheme(models.TextChoices):
    COURTLISTENER = "courtlistener", "CourtListener docket"
    PACER = "pacer", "PACER case"
    OTHER = "other", "Other"


@tracked()
class ExternalId(models.Model):
    """The key under which another database knows the proceeding."""

    Scheme = ExternalScheme

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=20, choices=ExternalScheme)
    value = models.CharField(
        max_length=100, validators=[RegexValidator(r"^[\x21-\x7e]+$", "Use plain characters."), no_identity_numbers]
    )

    objects = ThroughProceedingQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "value", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "scheme", "value"],
                name="external_id_once",
                violation_error_message="The proceeding has this key already.",
            ),
            NoIdentityNumbers("value", name="external_id_no_identity_numbers"),
            models.CheckConstraint(name="external_id_scheme_known", condition=Q(scheme__in=ExternalScheme.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"


class TransferKind(models.TextChoices):
    APPEAL = "appeal", _("Appeal")
    CERTIORARI = "certiorari", _("Certiorari")
    APPLICATION = "application", _("Application")
    MANDAMUS = "mandamus", _("Mandamus")
    REMAND = "remand", _("Remand")
    REMOVAL = "removal", _("Removal")
    TRANSFER = "transfer", _("Transfer")
    CONSOLIDATION = "consolidation", _("Consolidation")
    CERTIFICATION = "certification", _("Certification")
    LEAPFROG = "leapfrog", _("Leapfrog appeal")
    REFERENCE = "reference", _("Reference")
    RELATED = "related", _("Related proceeding")


@tracked()
class Transfer(models.Model):
    """
    How one proceeding came from another. Either end may be known only as a court and a number, when the proceeding
    itself is not recorded here.
    """

    kind = models.CharField(max_length=16, choices=TransferKind)
    origin = models.ForeignKey(
        Proceeding, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_out", verbose_name="from"
    )
    origin_court = models.ForeignKey(Court, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    origin_number = models.CharField(max_length=80, blank=True, validators=[text_is_storable])
    destination = models.ForeignKey(
        Proceeding, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_in", verbose_name="to"
    )
    destination_court = models.ForeignKey(Court, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    destination_number = models.CharField(max_length=80, blank=True, validators=[text_is_storable])
    date = UncertainDateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, validators=[text_is_storable])

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            GinIndex(
                OpClass(SearchedText("origin_number", "destination_number", "note"), name="gin_trgm_ops"),
                name="transfer_searched",
            )
        ]
        constraints = [
            NoIdentityNumbers("origin_number", "destination_number", "note", name="transfer_no_identity_numbers"),
            models.CheckConstraint(name="transfer_kind_known", condition=Q(kind__in=TransferKind.values)),
            models.CheckConstraint(
                name="transfer_origin_one_way",
                condition=Q(origin__isnull=False, origin_court__isnull=True, origin_number="")
                | Q(origin__isnull=True, origin_court__isnull=False),
                violation_error_message="Give the proceeding it came from, or else its court and number.",
            ),
            models.CheckConstraint(
                name="transfer_destination_one_way",
                condition=Q(destination__isnull=False, destination_court__isnull=True, destination_number="")
                | Q(destination__isnull=True, destination_court__isnull=False),
                violation_error_message="Give the proceeding it went to, or else its court and number.",
            ),
            models.CheckConstraint(
                name="transfer_has_a_proceeding",
                condition=Q(origin__isnull=False) | Q(destination__isnull=False),
                violation_error_message="At least one end is a proceeding recorded here.",
            ),
            models.CheckConstraint(
                name="transfer_not_to_itself",
                condition=Q(origin__isnull=True) | Q(destination__isnull=True) | ~Q(origin=F("destination")),
                violation_error_message="A proceeding does not come from itself.",
            ),
            models.CheckConstraint(
                name="transfer_date_valid", condition=Q(date__isnull=True) | Q(DateValid(F("date")))
            ),
        ]

    def __str__(self) -> str:
        ends = (self.origin or self.origin_number, self.destination or self.destination_number)
        return f"{self.get_kind_display()}: {ends[0]} to {ends[1]}"


class AssignmentRole(models.TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    REFERRED = "referred", _("Referred")
    PANEL = "panel", _("Panel")


@tracked()
class ProceedingJudge(models.Model):
    """A judge to whom a proceeding is assigned or referred, or who sits on its panel."""

    Role = AssignmentRole

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="assigned_judges")
    judge = models.ForeignKey("Judge", on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=10, choices=AssignmentRole, default=AssignmentRole.ASSIGNED)

    objects = ThroughProceedingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "judge", "role"],
                name="proceeding_judge_once",
                violation_error_message="This judge is named already.",
            ),
            models.CheckConstraint(name="proceeding_judge_role_known", condition=Q(role__in=AssignmentRole.values)),
        ]

    def __str__(self) -> str:
        return str(self.judge)
