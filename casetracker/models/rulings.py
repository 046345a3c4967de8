"""Rulings: who decided, what parts they have, and what one did to another."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ..validators import no_hidden_characters, no_identity_numbers, text_is_storable
from .courts import Court
from .events import Event, Kind
from .fields import DateValid, UncertainDateField
from .functions import CitationKey, NoIdentityNumbers
from .parties import Judge
from .tracking import tracked
from .triggers import PROVISION_OF_TARGET, PROVISION_STAYS, only_of_rulings
from .visibility import EventQuerySet, ThroughRulingQuerySet, TreatmentQuerySet


class RulingManager(models.Manager.from_queryset(EventQuerySet)):  # type: ignore[misc]  # made by Django
    def get_queryset(self) -> EventQuerySet:
        queryset: EventQuerySet = super().get_queryset()
        return queryset.filter(kind=Kind.RULING)


class Ruling(Event):
    """An entry that is a court's decision: a proxy, over the table of all entries."""

    objects = RulingManager()  # type: ignore[misc]  # made by Django

    class Meta:
        proxy = True
        ordering = ["-sort_date", "-sort_rank", "-day_order", "-time", "-pk"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("kind", Kind.RULING)
        super().__init__(*args, **kwargs)


def _ruling_key(**options: Any) -> models.ForeignKey[Any, Any]:
    """A key to a ruling. It points at `Event`: a key to a proxy would give its reverse name to the proxy alone."""
    return models.ForeignKey(Event, limit_choices_to={"kind": Kind.RULING}, **options)


def _refuse_unless_ruling(event: Event, field: str) -> None:
    if event.kind != Kind.RULING:
        raise ValidationError({field: "This entry is not a ruling."})


class JudgeRole(models.TextChoices):
    AUTHOR = "author", _("Author")
    JOINED = "joined", _("Joined")
    CONCURRED = "concurred", _("Concurred")
    CONCURRED_IN_JUDGMENT = "concurred_in_judgment", _("Concurred in the judgment")
    CONCURRED_IN_PART = "concurred_in_part", _("Concurred in part, dissented in part")
    WROTE_SEPARATELY = "wrote_separately", _("Wrote separately")
    DISSENTED = "dissented", _("Dissented")
    NOT_PARTICIPATING = "not_participating", _("Did not take part")
    PRESIDED = "presided", _("Presided")


@tracked()
class RulingJudge(models.Model):
    """What a judge did in a ruling."""

    Role = JudgeRole

    ruling = _ruling_key(on_delete=models.CASCADE, related_name="ruling_judges")
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="ruling_roles")
    role = models.CharField(max_length=24, choices=JudgeRole, default=JudgeRole.AUTHOR)
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = ThroughRulingQuerySet.as_manager()

    class Meta:
        verbose_name = "judge of the ruling"
        verbose_name_plural = "judges of the ruling"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ruling", "judge", "role"],
                name="ruling_judge_once",
                violation_error_message="This judge has this role already.",
            ),
            models.CheckConstraint(name="ruling_judge_role_known", condition=Q(role__in=JudgeRole.values)),
        ]
        indexes = [models.Index(fields=["judge", "ruling"], name="ruling_judge_rulings")]
        triggers = [only_of_rulings("ruling")]

    def __str__(self) -> str:
        return f"{self.judge}, {self.get_role_display().lower()}"


@tracked()
class RulingCitation(models.Model):
    """Where a ruling is reported: 98 F. Supp. 797; [2019] UKSC 41."""

    ruling = _ruling_key(on_delete=models.CASCADE, related_name="citations")
    text = models.CharField("citation", max_length=120, validators=[no_hidden_characters, no_identity_numbers])
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = ThroughRulingQuerySet.as_manager()

    class Meta:
        verbose_name = "citation"
        ordering = ["position", "pk"]
        indexes = [models.Index(CitationKey(F("text")), name="ruling_citation_key")]
        constraints = [
            NoIdentityNumbers("text", name="ruling_citation_no_identity_numbers"),
            models.CheckConstraint(name="ruling_citation_not_empty", condition=~Q(text="")),
            models.UniqueConstraint(
                fields=["ruling", "text"], name="ruling_citation_once", violation_error_message="It is named already."
            ),
        ]
        triggers = [only_of_rulings("ruling")]

    def __str__(self) -> str:
        return self.text


@tracked()
class Provision(models.Model):
    """
    One operative part of a ruling, so that "in part" means something. Whether it is in force on a day is derived from
    treatments, never typed; only an end that the ruling itself sets is recorded here.
    """

    ruling = _ruling_key(on_delete=models.CASCADE, related_name="provisions")
    text = models.CharField(max_length=500, validators=[text_is_storable])
    quoted = models.BooleanField("words of the ruling", default=False)
    addressed_to = models.CharField(
        "addressed to",
        max_length=200,
        blank=True,
        validators=[text_is_storable],
        help_text="Who is to obey it, in the words of the ruling: the defendants. Empty if its source does not say.",
    )
    ends = UncertainDateField("ends on", null=True, blank=True, help_text="If the ruling itself sets an end.")
    ends_note = models.CharField("about its end", max_length=200, blank=True, validators=[text_is_storable])
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = ThroughRulingQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            NoIdentityNumbers("text", "addressed_to", "ends_note", name="provision_no_identity_numbers"),
            models.CheckConstraint(name="provision_not_empty", condition=~Q(text="")),
            models.CheckConstraint(
                name="provision_ends_valid", condition=Q(ends__isnull=True) | Q(DateValid(F("ends")))
            ),
        ]
        triggers = [only_of_rulings("ruling"), PROVISION_STAYS]

    def __str__(self) -> str:
        return f"“{self.text}”" if self.quoted else self.text


class Verb(models.TextChoices):
    """
    What one act did to one ruling, after the dispositions of the Supreme Court Database and the field's usual words.
    The label reads "This order <label> that order".
    """

    AFFIRMS = "affirms", _("affirms")
    REVERSES = "reverses", _("reverses")
    VACATES = "vacates", _("vacates")
    STAYS = "stays", _("stays")
    ENDS = "ends", _("ends")
    MODIFIES = "modifies", _("modifies")
    AMENDS = "amends", _("amends")
    CLARIFIES = "clarifies", _("clarifies")
    SUPERSEDES = "supersedes", _("supersedes")
    DISSOLVES = "dissolves", _("dissolves")
    LEAVES_IN_PLACE = "leaves_in_place", _("leaves in place")
    REMANDS = "remands", _("remands")
    CARRIES_OUT = "carries_out", _("carries out")


# The outcome of a ruling that reviews another follows from what it did to it. In English, to be translated where shown.
DERIVED_OUTCOMES: dict[str, str] = {
    Verb.AFFIRMS: gettext_noop("Affirmed"),
    Verb.REVERSES: gettext_noop("Reversed"),
    Verb.VACATES: gettext_noop("Vacated"),
    Verb.REMANDS: gettext_noop("Remanded"),
}

# The same act told from the ruling to which it was done: "stayed 7 April". Likewise in English.
PASSIVE: dict[str, str] = {
    Verb.AFFIRMS: gettext_noop("affirmed"),
    Verb.REVERSES: gettext_noop("reversed"),
    Verb.VACATES: gettext_noop("vacated"),
    Verb.STAYS: gettext_noop("stayed"),
    Verb.ENDS: gettext_noop("ended"),
    Verb.MODIFIES: gettext_noop("modified"),
    Verb.AMENDS: gettext_noop("amended"),
    Verb.CLARIFIES: gettext_noop("clarified"),
    Verb.SUPERSEDES: gettext_noop("superseded"),
    Verb.DISSOLVES: gettext_noop("dissolved"),
    Verb.LEAVES_IN_PLACE: gettext_noop("left in place"),
    Verb.REMANDS: gettext_noop("remanded"),
    Verb.CARRIES_OUT: gettext_noop("carried out"),
}


@tracked()
class Treatment(models.Model):
    """
    What one act did to one ruling: one row for each provision that it touches, or one without a provision for the
    whole.

    The act is usually a ruling but may be any entry (a settlement). The target may be known only as a court, a number
    and a date. To end a stay is to end the ruling that stayed.
    """

    act = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="treatments_made")
    verb = models.CharField("what it did", max_length=16, choices=Verb)
    target = _ruling_key(
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="treatments_received",
        verbose_name="to which ruling",
    )
    target_court = models.ForeignKey(Court, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    target_number = models.CharField(max_length=80, blank=True, validators=[text_is_storable])
    target_date = UncertainDateField(null=True, blank=True)
    provision = models.ForeignKey(
        Provision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="treatments",
        help_text="Empty: the whole ruling.",
    )
    in_part = models.BooleanField("in part, not said which", default=False)
    effective = UncertainDateField(
        "effective from", null=True, blank=True, help_text="Empty: from the date of the act."
    )
    until = UncertainDateField(null=True, blank=True)
    until_event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="treatments_ended",
        verbose_name="until entry",
    )
    until_note = models.CharField(
        "until, in words", max_length=150, blank=True, validators=[text_is_storable], help_text="pending further order"
    )
    note = models.CharField(max_length=400, blank=True, validators=[text_is_storable])
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = TreatmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            NoIdentityNumbers("target_number", "until_note", "note", name="treatment_no_identity_numbers"),
            models.CheckConstraint(name="treatment_verb_known", condition=Q(verb__in=Verb.values)),
            models.CheckConstraint(
                name="treatment_target_one_way",
                condition=Q(target__isnull=False, target_court__isnull=True, target_number="", target_date__isnull=True)
                | Q(target__isnull=True, target_court__isnull=False, provision__isnull=True),
                violation_error_message="Give the ruling, or if it is not recorded here its court, number and date.",
            ),
            models.CheckConstraint(
                name="treatment_part_or_provision",
                condition=Q(in_part=False) | Q(provision__isnull=True),
                violation_error_message="Name the provision, or tick that it is not said which part; not both.",
            ),
            models.CheckConstraint(
                name="treatment_not_of_itself",
                condition=Q(target__isnull=True) | ~Q(target=F("act")),
                violation_error_message="A ruling does nothing to itself.",
            ),
            models.CheckConstraint(
                name="treatment_effective_valid", condition=Q(effective__isnull=True) | Q(DateValid(F("effective")))
            ),
            models.CheckConstraint(
                name="treatment_until_valid", condition=Q(until__isnull=True) | Q(DateValid(F("until")))
            ),
            models.CheckConstraint(
                name="treatment_target_date_valid",
                condition=Q(target_date__isnull=True) | Q(DateValid(F("target_date"))),
            ),
            models.UniqueConstraint(
                fields=["act", "verb", "target", "provision"],
                name="treatment_once",
                condition=Q(target__isnull=False),
                nulls_distinct=False,
                violation_error_message="This is recorded already.",
            ),
        ]
        indexes = [models.Index(fields=["verb", "act"], include=["target"], name="treatment_verb")]
        triggers = [only_of_rulings("target"), PROVISION_OF_TARGET]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.target or self.target_number or self.target_court}"

    def clean(self) -> None:
        super().clean()
        if self.target_id is not None:
            if self.target is not None:
                _refuse_unless_ruling(self.target, "target")
            if self.provision is not None and self.provision.ruling_id != self.target_id:
                raise ValidationError({"provision": "This provision is part of another ruling."})
