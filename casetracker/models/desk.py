"""What the desk keeps for a while and no reader ever sees."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class OpenForm(models.Model):
    """
    Somebody has the form of a row open. It stands in nobody's way: a second editor is told of it, and it is forgotten
    when its author leaves or has not been heard of for a while (`casetracker.presence`). Not part of the history.

    `table` and `key` name the row; a proxy has the name of its table.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=100, editable=False)
    key = models.CharField(max_length=200, editable=False)
    opened_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "open form"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["table", "key", "user"],
                name="open_form_once",
                violation_error_message="This form is open already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.user}"
