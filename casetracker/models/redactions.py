"""The record of what was redacted: who, when, why and how much, and never what it said."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..validators import text_is_storable


class Subject(models.TextChoices):
    WORDS = "words", _("Words")
    ENTRY = "entry", _("An entry and all that hangs on it")
    CASE = "case", _("A case and all that hangs on it")
    FILE = "file", _("The file of a document")


class Nature(models.TextChoices):
    """What kind of thing was removed. It is told in place of the thing."""

    MINOR = "minor", _("The name of a minor")
    PERSON = "person", _("The name of another private person")
    NUMBER = "number", _("An identity number")
    ADDRESS = "address", _("Where somebody lives or can be reached")
    HEALTH = "health", _("Health or another private matter")
    SEALED = "sealed", _("Matter sealed by a court")
    OTHER = "other", _("Something else that must not be kept")


class Redaction(models.Model):
    """
    One redaction. Written by `casetracker.redaction` alone, in the transaction that purges; never changed afterwards.

    `rows` counts the rows that were changed or removed, by the name of their table. `authority` must not say what was
    removed. Seen by whoever may redact, and not part of the history.
    """

    done_at = models.DateTimeField(db_default=Now(), editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    subject = models.CharField(max_length=10, choices=Subject, editable=False)
    nature = models.CharField(_("What kind of thing it is"), max_length=10, choices=Nature)
    authority = models.TextField(_("On whose authority, and why"), validators=[text_is_storable])
    rows = models.JSONField(default=dict, editable=False)
    files = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-done_at", "-pk"]
        default_permissions = ()
        # Asked for by casetracker/rights.py.
        permissions = [("redact", "Can redact: purge words or rows for ever, history included")]
        constraints = [
            models.CheckConstraint(name="redaction_subject_known", condition=Q(subject__in=Subject.values)),
            models.CheckConstraint(name="redaction_nature_known", condition=Q(nature__in=Nature.values)),
            models.CheckConstraint(name="redaction_has_authority", condition=~Q(authority="")),
        ]
        triggers = [pgtrigger.Protect(name="redaction_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.get_nature_display()}"

    @property
    def count(self) -> int:
        """How many rows were changed or removed, in all tables."""
        return sum(self.rows.values())
