"""
Who has the form of which row open: a notice for the second editor, and no lock.

Opening a form and, where scripts run, a sign of life each minute renew it; leaving the form ends it. Without any of
these it is forgotten after a while.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now

from casetracker.models import OpenForm

# After this long without a sign of life nobody is told of a form any more.
LASTS = datetime.timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who has the form open."""

    who: str
    since: datetime.datetime
    seen: datetime.datetime


def others(row: Model, user: Any) -> list[Other]:
    """Who else has the form of the row open; whoever opened it first comes first."""
    found = (
        OpenForm.objects.filter(**_name(row), seen_at__gt=Now() - LASTS)
        .exclude(user=user.pk)
        .order_by("opened_at", "pk")
        .select_related("user")
    )
    return [Other(form.user.get_username(), form.opened_at, form.seen_at) for form in found]


def enter(row: Model, user: Any) -> None:
    """The user has the form of the row open, now."""
    OpenForm.objects.bulk_create(
        [OpenForm(user_id=user.pk, seen_at=Now(), **_name(row))],
        update_conflicts=True,
        unique_fields=["table", "key", "user"],
        update_fields=["seen_at"],
    )


def leave(row: Model, user: Any) -> None:
    """The user has saved or left the form. What is too old is forgotten with the same step."""
    OpenForm.objects.filter(user=user.pk, **_name(row)).delete()
    with transaction.atomic():
        old = OpenForm.objects.filter(seen_at__lte=Now() - LASTS)
        keys = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
        OpenForm.objects.filter(pk__in=keys).delete()


def _name(row: Model) -> dict[str, str]:
    table = row._meta.concrete_model or type(row)
    return {"table": table._meta.label_lower, "key": str(row.pk)}
