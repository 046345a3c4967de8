"""
Who has the form of which row open: a notice for the second editor, and no lock.

Opening a form and, where scripts run, a sign of life each minute renew it; leaving the form ends it. Without any of
these it is forgotten after a while.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
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


def enter(row: Model, user: Any) -> list[Other]:
    """
    The user has the form of the row open, now. Who else has it open is told; whoever opened it first comes first. One
    statement, for every screen asks it.
    """
    name = _name(row)
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, {**name, "user": user.pk, "seconds": LASTS.total_seconds()})
        return [Other(*found) for found in cursor]


_ENTER = """
    WITH mine AS (
        INSERT INTO casetracker_openform ("table", "key", user_id) VALUES (%(table)s, %(key)s, %(user)s)
        ON CONFLICT ("table", "key", user_id) DO UPDATE SET seen_at = statement_timestamp()
    )
    SELECT auth_user.username, form.opened_at, form.seen_at
    FROM casetracker_openform AS form JOIN auth_user ON auth_user.id = form.user_id
    WHERE form."table" = %(table)s AND form."key" = %(key)s AND form.user_id <> %(user)s
        AND form.seen_at > statement_timestamp() - make_interval(secs => %(seconds)s)
    ORDER BY form.opened_at, form.id
"""


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
