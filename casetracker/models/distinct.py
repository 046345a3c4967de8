"""Pairs of rows that look like one and are two."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least, Now

from ..validators import text_is_storable
from .cases import Case
from .courts import Court
from .functions import NoIdentityNumbers
from .parties import Attorney, Judge, Party
from .tracking import tracked

# The columns of the first row of a pair; that of the second is called `other_` and this.
KINDS = ("party", "court", "case", "judge", "attorney")


def _pair(name: str) -> Q:
    """The condition that the row is a pair of this kind and of no other."""
    return Q(
        **{f"{column}__isnull": column != name for column in KINDS},
        **{f"other_{column}__isnull": column != name for column in KINDS},
    ) & ~Q(**{name: F(f"other_{name}")})


def _once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        Least(name, f"other_{name}"),
        Greatest(name, f"other_{name}"),
        condition=Q(**{f"{name}__isnull": False}),
        name=f"not_the_same_{name}_once",
        violation_error_message="This pair is told apart already.",
    )


@tracked()
class NotTheSame(models.Model):
    """
    What an editor found about two parties, attorneys, judges, courts or cases that may be one: they are two. The pair
    is not told of again, whichever of the two comes first, until that is taken back. It goes with either of its rows.
    """

    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    other_party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    court = models.ForeignKey(Court, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    other_court = models.ForeignKey(Court, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    other_case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    other_judge = models.ForeignKey(Judge, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    attorney = models.ForeignKey(Attorney, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    other_attorney = models.ForeignKey(Attorney, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True, validators=[text_is_storable])
    noted_at = models.DateTimeField(db_default=Now(), editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = "pair that is not the same"
        verbose_name_plural = "pairs that are not the same"
        ordering = ["-pk"]
        constraints = [
            NoIdentityNumbers("note", name="not_the_same_no_identity_numbers"),
            models.CheckConstraint(
                name="not_the_same_is_a_pair",
                condition=reduce(or_, map(_pair, KINDS)),
                violation_error_message="It is about two rows of one kind.",
            ),
            *map(_once, KINDS),
        ]

    def __str__(self) -> str:
        return " / ".join(str(row) for row in self.pair if row is not None)

    @property
    def pair(self) -> tuple[Any, Any]:
        """The two rows."""
        kind = next(name for name in KINDS if getattr(self, f"{name}_id") is not None)
        return getattr(self, kind), getattr(self, f"other_{kind}")
