"""The entries of the timeline, where they stand on dockets, and what answers what."""

import secrets
import zoneinfo
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..dates import Precision, UncertainDate
from ..validators import no_hidden_characters, no_identity_numbers, text_is_storable, time_zone_name
from .cases import Case
from .courts import Court
from .fields import DateEarliest, DateLatest, DateRank, DateSort, DateSpan, DateValid, UncertainDateField
from .functions import TEXT_SEARCH_CONFIG, NoIdentityNumbers, tells_birth_date
from .publishing import Publishable
from .tracking import tracked
from .triggers import (
    KEEP_FIRST_PUBLIC,
    KEEP_PUBLIC_ENTRY,
    NOT_A_FORMER_ENTRY,
    STAYS_A_RULING,
    count_version,
    docket_agrees,
)
from .visibility import EventQuerySet

# Without vowels no word is made by chance; without 0, 1, l nothing is misread. 10 of these are 47 bits.
PUBLIC_ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
PUBLIC_ID_LENGTH = 10
_PUBLIC_IDS = len(PUBLIC_ID_ALPHABET) ** PUBLIC_ID_LENGTH
_PAIRS = [one + two for one in PUBLIC_ID_ALPHABET for two in PUBLIC_ID_ALPHABET]
PUBLIC_ID_VALIDATORS = [RegexValidator(rf"^[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}$")]


# The texts that an editor writes of an entry.
TEXTS = ("title", "summary", "note", "holding")


def new_public_id() -> str:
    """A short random identifier for the permanent address of an entry."""
    # One number for all of its letters, and two letters at a time: to ask for each took far longer.
    number, public_id = secrets.randbelow(_PUBLIC_IDS), ""
    while len(public_id) < PUBLIC_ID_LENGTH:
        number, place = divmod(number, len(_PAIRS))
        public_id += _PAIRS[place]
    return public_id


class Kind(models.TextChoices):
    FILING = "filing", _("Filing")
    HEARING = "hearing", _("Hearing")
    RULING = "ruling", _("Ruling")
    EVENT = "event", _("Event")


# The kinds as headings over several entries.
KIND_PLURALS: dict[str, Any] = {
    Kind.FILING: _("Filings"),
    Kind.HEARING: _("Hearings"),
    Kind.RULING: _("Rulings"),
    Kind.EVENT: _("Events"),
}


class Happening(models.TextChoices):
    """Whether what the entry tells has happened."""

    HELD = "held", _("Took place")
    SCHEDULED = "scheduled", _("Scheduled")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")


class RulingForm(models.TextChoices):
    ORDER = "order", _("Order")
    OPINION = "opinion", _("Opinion")
    MEMORANDUM = "memorandum", _("Memorandum opinion")
    JUDGMENT = "judgment", _("Judgment")
    INJUNCTION = "injunction", _("Injunction")
    TRO = "temporary_restraining_order", _("Temporary restraining order")
    STAY = "stay", _("Stay")
    DECREE = "decree", _("Decree")
    WARRANT = "warrant", _("Warrant")
    MANDATE = "mandate", _("Mandate")
    OTHER = "other", _("Other decision")


class Outcome(models.TextChoices):
    """The answer to what was asked. What a ruling did to another ruling is a `Treatment`."""

    GRANTED = "granted", _("Granted")
    DENIED = "denied", _("Denied")
    GRANTED_IN_PART = "granted_in_part", _("Granted in part and denied in part")
    DISMISSED = "dismissed", _("Dismissed")
    MOOT = "moot", _("Moot")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Precedential(models.TextChoices):
    PUBLISHED = "published", "Published"
    UNPUBLISHED = "unpublished", "Unpublished"


@tracked()
class Event(Publishable):
    """
    One entry of a case's timeline: a filing, a hearing, a ruling, or something that happened outside court.

    A `Ruling` is an event of kind ruling in the same table (decision 7); the columns from `form` on are empty for all
    others. Order on the timeline is `TIMELINE_ORDER`: the earliest day it may lie on, the vaguer date first, the
    editor's order within the day, the time, and last a key that no two share.
    """

    TIMELINE_ORDER = ("sort_date", "sort_rank", "day_order", "time", "pk")

    public_id = models.CharField(
        "permanent address",
        max_length=PUBLIC_ID_LENGTH,
        unique=True,
        default=new_public_id,
        editable=False,
        validators=PUBLIC_ID_VALIDATORS,
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    court = models.ForeignKey(
        Court,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        help_text="Where it happened; empty for what happened outside court.",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    date = UncertainDateField(
        help_text="With the precision that is known: 10 April 2025, April 2025, 1801, about March 1801, before 4 March "
        "1801, after 26 February 2026, between 15 and 24 March 2025, 9-11 December 1952."
    )
    time = models.TimeField(null=True, blank=True, help_text="If known, in the court's time zone.")
    time_zone = models.CharField(
        max_length=50, blank=True, validators=[time_zone_name], help_text="Empty: that of the court."
    )
    day_order = models.SmallIntegerField(
        "order within the day", default=0, help_text="Smaller numbers stand first among entries of the same date."
    )
    effective = UncertainDateField(
        "effective date", null=True, blank=True, help_text="If it takes effect from another date (nunc pro tunc)."
    )
    title = models.CharField(max_length=250, validators=[text_is_storable])
    summary = models.TextField(
        blank=True, validators=[text_is_storable], help_text="Neutral, in our own words; quoted words marked. Markdown."
    )
    note = models.TextField(
        "note on the record",
        blank=True,
        validators=[text_is_storable],
        help_text="For readers: on what sources disagree, what is inferred.",
    )
    happening = models.CharField("status", max_length=10, choices=Happening, default=Happening.HELD)
    postponed_to = UncertainDateField(null=True, blank=True)
    under_seal = models.BooleanField("filed under seal", default=False)
    unsealed = UncertainDateField("unsealed on", null=True, blank=True)

    # Columns of rulings.
    form = models.CharField("form of the ruling", max_length=30, choices=RulingForm, blank=True)
    outcome = models.CharField(
        max_length=20,
        choices=Outcome,
        blank=True,
        help_text="The answer to what was asked. Affirmed, reversed and the like follow from what it did to another.",
    )
    holding = models.TextField(blank=True, validators=[text_is_storable], help_text="What was held, in one sentence.")
    per_curiam = models.BooleanField("per curiam or unsigned", default=False)
    vote = models.CharField(
        max_length=40, blank=True, validators=[no_hidden_characters, no_identity_numbers], help_text="9-0; unanimous"
    )
    precedential = models.CharField("precedential status", max_length=12, choices=Precedential, blank=True)

    # What follows from the date, computed by the database so that bulk and raw SQL agree.
    earliest = models.GeneratedField(
        expression=DateEarliest(F("date")), output_field=models.DateField(null=True), db_persist=True
    )
    latest = models.GeneratedField(
        expression=DateLatest(F("date")), output_field=models.DateField(null=True), db_persist=True
    )
    sort_date = models.GeneratedField(
        expression=DateSort(F("date")), output_field=models.DateField(null=True), db_persist=True
    )
    sort_rank = models.GeneratedField(
        expression=DateRank(F("date")), output_field=models.SmallIntegerField(null=True), db_persist=True
    )
    # From earliest to latest; one condition for "may lie in this range", which an index can answer.
    span = models.GeneratedField(
        expression=DateSpan(F("date")), output_field=DateRangeField(null=True), db_persist=True, editable=False
    )
    search = models.GeneratedField(
        expression=SearchVector("title", config=TEXT_SEARCH_CONFIG, weight="A")
        + SearchVector("summary", "holding", config=TEXT_SEARCH_CONFIG, weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    responds_to = models.ManyToManyField(
        "self", symmetrical=False, blank=True, through="Response", related_name="answered_by"
    )

    objects = EventQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = "entry"
        verbose_name_plural = "entries"
        ordering = ["sort_date", "sort_rank", "day_order", "time", "pk"]
        # What each is asked for: casetracker/rights.py.
        permissions = [
            ("change_others_event", "Can change entries that others made"),
            ("publish_event", "Can publish and withdraw entries"),
            ("withhold_event", "Can withhold entries and lift it"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(name="event_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="event_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="event_public_id_form",
                condition=Q(public_id__regex=rf"^[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}$"),
            ),
            models.CheckConstraint(
                name="event_date_valid",
                condition=Q(DateValid(F("date"))),
                violation_error_message="Write a date between the years 1000 and 2199.",
            ),
            models.CheckConstraint(
                name="event_effective_valid", condition=Q(effective__isnull=True) | Q(DateValid(F("effective")))
            ),
            models.CheckConstraint(
                name="event_unsealed_valid", condition=Q(unsealed__isnull=True) | Q(DateValid(F("unsealed")))
            ),
            models.CheckConstraint(
                name="event_postponed_to_valid",
                condition=Q(postponed_to__isnull=True) | Q(DateValid(F("postponed_to"))),
            ),
            models.CheckConstraint(
                name="event_postponed_to_if_postponed",
                condition=Q(postponed_to__isnull=True) | Q(happening=Happening.POSTPONED),
                violation_error_message="Only what is postponed has a date to which it is postponed.",
            ),
            models.CheckConstraint(
                name="event_unsealed_if_sealed",
                condition=Q(unsealed__isnull=True) | Q(under_seal=True),
                violation_error_message="Only what was filed under seal can be unsealed.",
            ),
            NoIdentityNumbers(
                "title", "summary", "note", "holding", "vote", "state_reason", name="event_no_identity_numbers"
            ),
            models.CheckConstraint(name="event_happening_known", condition=Q(happening__in=Happening.values)),
            models.CheckConstraint(
                name="event_ruling_columns",
                condition=Q(
                    kind=Kind.RULING,
                    court__isnull=False,
                    form__in=RulingForm.values,
                    outcome__in=["", *Outcome.values],
                    precedential__in=["", *Precedential.values],
                )
                | (
                    ~Q(kind=Kind.RULING)
                    & Q(form="", outcome="", holding="", per_curiam=False, vote="", precedential="")
                ),
                violation_error_message="A ruling has a court and a form; "
                "no other entry has a form, outcome, holding or vote.",
            ),
            models.CheckConstraint(
                name="event_ruling_happened",
                condition=~Q(kind=Kind.RULING) | Q(happening=Happening.HELD),
                violation_error_message="A ruling is recorded when it has been given.",
            ),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            models.Index(fields=["case", "sort_date", "sort_rank", "day_order", "time", "id"], name="event_timeline"),
            # The lists of all entries and of all rulings at the desk, drafts included.
            models.Index(fields=["sort_date", "sort_rank", "day_order", "time", "id"], name="event_order"),
            models.Index(
                fields=["sort_date", "sort_rank", "day_order", "time", "id"],
                condition=Q(kind="ruling"),
                name="event_ruling_order",
            ),
            models.Index(
                fields=["court", "sort_date", "sort_rank", "day_order", "time", "id"],
                condition=Q(state="published"),
                name="event_court_timeline",
            ),
            models.Index(
                fields=["sort_date", "sort_rank", "day_order", "time", "id"],
                condition=Q(kind="ruling", state="published"),
                name="event_rulings",
            ),
            # Finds the rulings among the entries of a long case.
            models.Index(
                fields=["case"],
                include=["id", "published_from"],
                condition=Q(kind="ruling", state="published"),
                name="event_case_rulings",
            ),
            # For the filters of the case list: each holds all that its filter asks about and the case, so that the
            # table itself is not read. This one also counts the entries of a court by kind.
            models.Index(
                fields=["court", "case"],
                include=["published_from", "kind"],
                condition=Q(state="published"),
                name="event_court_case",
            ),
            GistIndex(
                fields=["court", "span"],
                include=["case", "published_from"],
                condition=Q(state="published"),
                name="event_court_span",
            ),
            GistIndex(
                fields=["court", "span"],
                include=["case", "published_from"],
                condition=Q(kind="ruling", state="published"),
                name="event_ruling_span",
            ),
            models.Index(
                fields=["outcome", "court", "case"],
                include=["id", "span", "published_from"],
                condition=Q(kind="ruling", state="published"),
                name="event_outcome",
            ),
            models.Index(
                fields=["sort_date", "id"],
                condition=Q(happening="scheduled", state="published"),
                name="event_scheduled",
            ),
            # Whatever its state: what has passed and still stands as scheduled is to be mended.
            models.Index(fields=["latest", "id"], condition=Q(happening="scheduled"), name="event_to_come"),
            models.Index(fields=["case", "id"], condition=Q(kind="ruling", outcome=""), name="event_no_outcome"),
            models.Index(fields=["case", "id"], condition=Q(form="other"), name="event_other_form"),
            models.Index(fields=["case", "id"], condition=tells_birth_date(*TEXTS), name="event_birth_date"),
            # What `casetracker.hearings` asks for, month by month.
            models.Index(
                fields=["sort_date", "sort_rank", "day_order", "time", "id"],
                condition=(Q(kind="hearing") | ~Q(happening="held")) & Q(state="published"),
                name="event_calendar",
            ),
            models.Index(
                fields=["case"], condition=Q(happening="postponed", state="published"), name="event_postponed"
            ),
            GistIndex(fields=["span"], name="event_span"),
            GinIndex(fields=["search"], name="event_search"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="event_title_trigram"),
        ]
        triggers = [
            count_version("earliest", "latest", "sort_date", "sort_rank", "span", "search"),
            KEEP_PUBLIC_ENTRY,
            NOT_A_FORMER_ENTRY,
            KEEP_FIRST_PUBLIC,
            STAYS_A_RULING,
            docket_agrees("d.event_id = NEW.id", "case_id", "court_id"),
            pgtrigger.ReadOnly(name="public_id_is_permanent", fields=["public_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.title}" if self.date else self.title

    def clean(self) -> None:
        super().clean()
        problems: dict[str, str] = {}
        if self.kind == Kind.RULING:
            if self.court_id is None:
                problems["court"] = "A ruling is given by a court; say which."
            if not self.form:
                problems["form"] = "Say what form the ruling has."
            if self.happening != Happening.HELD:
                problems["happening"] = "A ruling is recorded when it has been given."
        elif self.form or self.outcome or self.holding or self.per_curiam or self.vote or self.precedential:
            problems["kind"] = (
                "Form, outcome, holding and vote belong to rulings only; empty them or make this a ruling."
            )
        if self.postponed_to and self.happening != Happening.POSTPONED:
            problems["postponed_to"] = "Only what is postponed has a date to which it is postponed."
        if self.unsealed and not self.under_seal:
            problems["unsealed"] = "Only what was filed under seal can be unsealed."
        # Text that is no date stays text until `clean_fields` has refused it.
        vague = isinstance(self.date, UncertainDate) and (
            self.date.precision != Precision.DAY or self.date.edtf != self.date.iso
        )
        if self.time is not None and vague:
            problems["time"] = "A time goes with a single known day."
        if problems:
            raise ValidationError(problems)

    def get_absolute_url(self) -> str:
        return reverse("entry", args=[self.case.slug, self.public_id])

    @property
    def is_ruling(self) -> bool:
        return self.kind == Kind.RULING

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """
        The zone in which `time` is given: its own, else that of the court, else that of the eastern United States.
        """
        return zoneinfo.ZoneInfo(self.time_zone or (self.court.time_zone if self.court else "America/New_York"))
