"""
The state of our own work on a case or an entry, apart from the state of the world.

Only `casetracker.publication` changes these columns; `casetracker.models.visibility` reads them.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from ..validators import text_is_storable


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"
    # "Sealed" is the court's word for a filing; ours for what must not be shown is withheld.
    WITHHELD = "withheld", "Withheld"


# What was published for a later moment, whether that has come or not.
EMBARGOED = Q(state="published", published_from__gt=F("state_changed_at"))


class Publishable(models.Model):
    """
    Mixin of `Case` and `Event`.

    `reviewer` is who is asked to review it, while it is in review; empty for whoever has time. `created_by` is who made
    it on the desk: a contributor may change that and no more (`casetracker.rights`).
    `published_from` is the moment from which a published row is public: in the future it is an embargo.
    `first_public_at` is when it first was public; while it is null, nobody outside has seen the row, and its address
    answers as any unknown one does.
    """

    state = models.CharField("publication", max_length=10, choices=State, default=State.DRAFT, editable=False)
    published_from = models.DateTimeField(null=True, blank=True, editable=False)
    first_public_at = models.DateTimeField(null=True, blank=True, editable=False)
    state_changed_at = models.DateTimeField(db_default=Now(), editable=False)
    state_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    state_reason = models.TextField("private reason", blank=True, editable=False, validators=[text_is_storable])
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name="review asked of",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name="made by",
    )
    # Counted up by the database on every change; the second of two editors is told by it.
    version = models.PositiveIntegerField(db_default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="%(class)s_published_has_moments",
                condition=~Q(state=State.PUBLISHED) | Q(published_from__isnull=False, first_public_at__isnull=False),
                violation_error_message="What is published needs the moment from which it is public.",
            ),
            models.CheckConstraint(
                name="%(class)s_unpublished_never_public",
                condition=~Q(state__in=[State.DRAFT, State.IN_REVIEW])
                | Q(published_from__isnull=True, first_public_at__isnull=True),
                violation_error_message="What has been public is withdrawn, never turned back into a draft.",
            ),
            models.CheckConstraint(
                name="%(class)s_reviewer_while_in_review",
                condition=Q(reviewer__isnull=True) | Q(state=State.IN_REVIEW),
                violation_error_message="Only what is in review has somebody who is asked to review it.",
            ),
        ]
        # What the first page of the desk asks for; the drafts and what waits are few among all.
        indexes = [
            models.Index(fields=["reviewer", "id"], condition=Q(state=State.IN_REVIEW), name="%(class)s_in_review"),
            models.Index(fields=["created_by", "id"], condition=Q(state=State.DRAFT), name="%(class)s_drafts"),
            # Which embargo ended last (casetracker.freshness).
            models.Index(fields=["published_from"], condition=EMBARGOED, name="%(class)s_embargoed"),
        ]

    @property
    def is_published_now(self) -> bool:
        """Whether this row's own state makes it public at this moment; an entry needs a public case besides."""
        return (
            self.state == State.PUBLISHED and self.published_from is not None and self.published_from <= timezone.now()
        )

    @property
    def is_embargoed(self) -> bool:
        """Published, but from a moment that has not come."""
        return (
            self.state == State.PUBLISHED and self.published_from is not None and self.published_from > timezone.now()
        )

    @property
    def has_been_public(self) -> bool:
        """Whether a reader may ever have seen the row."""
        return self.first_public_at is not None and self.first_public_at <= timezone.now()

    @property
    def is_gone(self) -> bool:
        """Withdrawn or withheld after having been public: its address answers 410, without a title."""
        return self.state in {State.WITHDRAWN, State.WITHHELD} and self.first_public_at is not None
