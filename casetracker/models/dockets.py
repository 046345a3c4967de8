"""Where entries stand on dockets, and what answers what."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value

from ..validators import no_hidden_characters, no_identity_numbers, text_is_storable
from .events import Event
from .fields import DateValid, UncertainDateField
from .functions import NoIdentityNumbers, TextVector, tells_birth_date
from .proceedings import Proceeding
from .tracking import tracked
from .triggers import docket_agrees
from .visibility import ResponseQuerySet, ThroughEventQuerySet


@tracked()
class DocketEntry(models.Model):
    """
    Where an entry stands on a docket. One event can be entered on several (one argument in five dockets). The docket is
    of the same case and court as the entry.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="docket_entries", verbose_name="entry")
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="docket_entries")
    number = models.CharField(
        "entry number",
        max_length=20,
        blank=True,
        validators=[no_hidden_characters, no_identity_numbers],
        help_text="ECF 21 is 21.",
    )
    text = models.TextField("text as docketed", blank=True, validators=[text_is_storable])
    entered = UncertainDateField("entered on", null=True, blank=True)
    position = models.PositiveIntegerField("order on the docket", default=0)
    search = models.GeneratedField(
        expression=TextVector(Value(""), F("text"), "C"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = ThroughEventQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "docket entries"
        ordering = ["position", "pk"]
        constraints = [
            NoIdentityNumbers("number", "text", name="docket_entry_no_identity_numbers"),
            # Numbers repeat on real dockets, so only the pair of entry and docket is unique.
            models.UniqueConstraint(
                fields=["event", "proceeding", "number"],
                name="docket_entry_once",
                violation_error_message="The entry stands on this docket under this number already.",
            ),
            models.CheckConstraint(
                name="docket_entry_entered_valid", condition=Q(entered__isnull=True) | Q(DateValid(F("entered")))
            ),
        ]
        indexes = [
            models.Index(fields=["event"], condition=tells_birth_date("text"), name="docket_entry_birth_date"),
            GinIndex(fields=["search"], name="docket_entry_search"),
        ]
        triggers = [docket_agrees("d.id = NEW.id", "event_id", "proceeding_id", insert=True)]

    def __str__(self) -> str:
        return f"{self.proceeding}, {self.number}" if self.number else str(self.proceeding)

    def clean(self) -> None:
        super().clean()
        if self.event_id is not None or getattr(self, "event", None) is not None:
            self.check_place(self.event)

    def check_place(self, event: Event) -> None:
        """Raise `ValidationError` unless the docket is of `event`'s case and court."""
        if self.proceeding_id is None:
            return
        if event.case_id is not None and self.proceeding.case_id != event.case_id:
            raise ValidationError({"proceeding": "This docket is of another case."})
        if self.proceeding.court_id != event.court_id:
            court = event.court or "none"
            raise ValidationError(
                {"proceeding": f"This docket is of {self.proceeding.court}; the entry's court is {court}."}
            )


@tracked()
class Response(models.Model):
    """
    That one entry answers another: opposition to motion, reply to opposition, ruling to motion. Together a thread.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="responses_made", verbose_name="entry")
    responds_to = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="responses_received")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "responds_to"],
                name="response_once",
                violation_error_message="This is named already.",
            ),
            models.CheckConstraint(
                name="response_not_to_itself",
                condition=~Q(event=F("responds_to")),
                violation_error_message="An entry does not respond to itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"responds to {self.responds_to}"
