"""Courts and tribunals."""

from typing import Any

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..validators import no_hidden_characters, no_identity_numbers, time_zone_name, web_address
from .functions import SortKey
from .tracking import tracked
from .triggers import not_a_former
from .visibility import CourtQuerySet


class Level(models.TextChoices):
    """Where a court stands in its system; each has one accent, used the same on every page."""

    SUPREME = "supreme", _("Supreme court")
    APPELLATE = "appellate", _("Court of appeal")
    TRIAL = "trial", _("Trial court")
    ADMIN_APPELLATE = "admin_appellate", _("Administrative appeal board")
    ADMIN_TRIAL = "admin_trial", _("Administrative tribunal")
    OTHER = "other", _("Other court")


class System(models.TextChoices):
    FEDERAL = "federal", _("Federal (United States)")
    STATE = "state", _("State (United States)")
    TRIBAL = "tribal", _("Tribal")
    TERRITORIAL = "territorial", _("Territorial")
    NATIONAL = "national", _("National (another country)")
    INTERNATIONAL = "international", _("International")
    OTHER = "other", _("Other")


COURT_KEY_VALIDATORS = [RegexValidator(r"^[a-z0-9][a-z0-9-]*$", "Use small letters, digits and hyphens.")]


@tracked()
class Court(models.Model):
    """
    A court or tribunal. The key is the identifier that courts-db and CourtListener use (`scotus`, `ca4`, `mdd`); a
    court that neither knows gets a local one.
    """

    id = models.CharField(
        "identifier",
        primary_key=True,
        max_length=30,
        validators=COURT_KEY_VALIDATORS,
        help_text="As in courts-db and CourtListener: scotus, ca4, mdd. It stands in addresses and never changes.",
    )
    name = models.CharField(max_length=200, validators=[no_hidden_characters, no_identity_numbers])
    short_name = models.CharField(
        max_length=80,
        validators=[no_hidden_characters, no_identity_numbers],
        help_text="As a label: D. Md., 4th Cir., Supreme Court.",
    )
    citation = models.CharField(
        "citation form",
        max_length=80,
        blank=True,
        validators=[no_hidden_characters, no_identity_numbers],
        help_text="As in a citation.",
    )
    level = models.CharField(max_length=16, choices=Level)
    system = models.CharField(max_length=16, choices=System)
    place = models.CharField(max_length=100, blank=True, validators=[no_hidden_characters, no_identity_numbers])
    time_zone = models.CharField(
        max_length=50,
        default="America/New_York",
        validators=[time_zone_name],
        help_text="In which the court's hours are given.",
    )
    website = models.CharField(max_length=300, blank=True, validators=[web_address])
    appeals_to = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="hears_appeals_from")
    display_order = models.PositiveSmallIntegerField(
        default=1000, validators=[MaxValueValidator(9999)], help_text="Smaller numbers stand first in lists."
    )
    is_local = models.BooleanField(
        "local", default=False, help_text="Not in courts-db: the identifier is our own.", editable=False
    )
    sort_key = models.GeneratedField(
        expression=SortKey(F("name")), output_field=models.CharField(max_length=400), db_persist=True
    )

    objects = CourtQuerySet.as_manager()

    class Meta:
        ordering = ["display_order", "sort_key", "id"]
        constraints = [
            models.CheckConstraint(name="court_id_form", condition=Q(id__regex=r"^[a-z0-9][a-z0-9-]*$")),
            models.CheckConstraint(name="court_level_known", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="court_system_known", condition=Q(system__in=System.values)),
            models.CheckConstraint(name="court_has_names", condition=~Q(name="") & ~Q(short_name="")),
        ]
        indexes = [
            models.Index(fields=["display_order", "sort_key", "id"], name="court_order"),
            models.Index(fields=["level"], name="court_level"),
            GinIndex(fields=["sort_key"], opclasses=["gin_trgm_ops"], name="court_name_trigram"),
        ]
        triggers = [
            not_a_former("id", "casetracker_formercourt", "identifier", "court", operation=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("court", args=[self.pk])

    @property
    def level_heading(self) -> str:
        return str(LEVEL_HEADINGS.get(self.level, LEVEL_HEADINGS[Level.OTHER]))

    @property
    def accent(self) -> str:
        """The accent of its level, a word of the style sheets: supreme, appellate, trial or admin."""
        return ACCENTS.get(self.level, "trial")


# The levels as headings over several courts.
LEVEL_HEADINGS: dict[Any, Any] = {
    Level.SUPREME: _("Supreme courts"),
    Level.APPELLATE: _("Courts of appeal"),
    Level.TRIAL: _("Trial courts"),
    Level.ADMIN_APPELLATE: _("Administrative appeal boards"),
    Level.ADMIN_TRIAL: _("Administrative tribunals"),
    Level.OTHER: _("Other courts"),
}

# One accent a level; both administrative levels share one.
ACCENTS: dict[Any, str] = {
    Level.SUPREME: "supreme",
    Level.APPELLATE: "appellate",
    Level.TRIAL: "trial",
    Level.ADMIN_APPELLATE: "admin",
    Level.ADMIN_TRIAL: "admin",
    Level.OTHER: "trial",
}


@tracked()
class CourtAppeal(Court.appeals_to.through):  # type: ignore[name-defined]  # made by Django
    """The link between a court and one to which appeals go, named so that its history is kept."""

    class Meta:
        proxy = True
        verbose_name = "way of appeal"
        verbose_name_plural = "ways of appeal"

    def __str__(self) -> str:
        return f"{self.from_court.short_name}, {self.to_court.short_name}"
