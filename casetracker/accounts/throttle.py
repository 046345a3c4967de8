"""
How often something may be tried: so many times at once, and one more each while.

One row of the database for each account or address holds the moment at which its allowance is whole again, and one
statement both asks and takes, so that neither several workers nor several requests at once get more than the limit.
"""

import datetime
import random
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Allowance


@dataclass(frozen=True, slots=True)
class Limit:
    """`tries` at once, and one more each `every`. `name` keeps the counts of one limit apart from those of another."""

    name: str
    tries: int
    every: datetime.timedelta


# A password of fifteen characters is not guessed at a try a minute; a person who mistypes is not kept waiting long.
PASSWORD_OF_ACCOUNT = Limit("password of account", 10, datetime.timedelta(minutes=1))
# An office behind one address signs in at the same hour.
PASSWORD_FROM_ADDRESS = Limit("password from address", 40, datetime.timedelta(seconds=20))
RESET_OF_ACCOUNT = Limit("reset of account", 3, datetime.timedelta(minutes=10))
RESET_FROM_ADDRESS = Limit("reset from address", 15, datetime.timedelta(minutes=2))

_TAKE = """
    INSERT INTO accounts_allowance AS held (key, whole_at) VALUES (%(key)s, %(now)s + %(every)s)
    ON CONFLICT (key) DO UPDATE SET whole_at = greatest(held.whole_at, %(now)s) + %(every)s
    WHERE greatest(held.whole_at, %(now)s) + %(every)s <= %(now)s + %(every)s * %(tries)s
    RETURNING key
"""
_SWEEP = """
    DELETE FROM accounts_allowance WHERE key IN (
        SELECT key FROM accounts_allowance WHERE whole_at < %s LIMIT 1000 FOR UPDATE SKIP LOCKED
    )
"""


def _key(limit: Limit, subject: str) -> str:
    return salted_hmac(f"casetracker.throttle.{limit.name}", subject, algorithm="sha256").hexdigest()


def take(limit: Limit, subject: str) -> int:
    """
    Take one try. 0 if there was one; otherwise after how many seconds there is one again, and nothing is taken.

    `subject` is who is counted: a name as it was typed, whether there is such an account or not, or an address.
    """
    now = timezone.now()
    key = _key(limit, subject)
    with connection.cursor() as cursor:
        if random.random() < 0.01:  # noqa: S311  # only how often it is swept hangs on it
            cursor.execute(_SWEEP, [now])
        taken: dict[str, Any] = {"key": key, "now": now, "every": limit.every, "tries": limit.tries}
        cursor.execute(_TAKE, taken)
        if cursor.fetchone() is not None:
            return 0
    row = Allowance.objects.filter(pk=key).first()
    if row is None:
        return 1
    wait = row.whole_at + limit.every - now - limit.every * limit.tries
    return max(1, ceil(wait.total_seconds()))


def give_back(limit: Limit, subject: str) -> None:
    """All tries are there again: the right password was given."""
    Allowance.objects.filter(pk=_key(limit, subject)).delete()
