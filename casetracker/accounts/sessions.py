"""
The sessions of the desk: Django's own in the database, with whose they are, from where, and when they were last seen.

`SESSION_ENGINE` names this module.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.dateparse import parse_datetime

from .browsers import name_of
from .models import Session

# What signing in writes into the session.
SIGNED_IN_AT = "signed_in_at"
ADDRESS = "signed_in_from"
BROWSER = "signed_in_with"

# So often at most is it written down that a session was seen.
SEEN_EVERY = datetime.timedelta(minutes=5)


class SessionStore(DatabaseSessionStore):
    """Keeps the columns of `Session` in step with what the session holds."""

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # not in the stubs
        if row is None:
            return {}
        now = timezone.now()
        if row.user_id is not None and row.seen_at < now - SEEN_EVERY:
            # Past `save()`, which would write over what another request of this session has stored meanwhile.
            Session.objects.filter(pk=row.pk).update(seen_at=now)
        data: dict[str, Any] = self.decode(row.session_data)
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.signed_in_at = parse_datetime(data.get(SIGNED_IN_AT, ""))
        row.address = data.get(ADDRESS) or None
        row.browser = data.get(BROWSER, "")
        return row


def note_sign_in(session: Any, *, address: str, user_agent: str) -> None:
    """Write down that somebody signed in with this session just now."""
    session[SIGNED_IN_AT] = timezone.now().isoformat()
    session[ADDRESS] = address
    session[BROWSER] = name_of(user_agent)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in. `reference` names it on a page, where its key must not stand."""

    reference: str
    browser: str
    address: str
    signed_in_at: datetime.datetime | None
    seen_at: datetime.datetime
    is_this: bool


def _reference(key: str) -> str:
    return salted_hmac("casetracker.accounts.sessions", key, algorithm="sha256").hexdigest()[:24]


def signed_in(user: User, *, this: str | None) -> list[SignedIn]:
    """Where the account is signed in, the session with the key `this` first and then the last seen."""
    current = user.get_session_auth_hash()
    rows = [
        row
        for row in Session.objects.filter(user=user, expire_date__gt=timezone.now())
        # One from before a change of the password opens nothing; see also the trigger.
        if constant_time_compare(row.get_decoded().get(HASH_SESSION_KEY, ""), current)
    ]
    rows.sort(key=lambda row: row.session_key != this)
    return [
        SignedIn(
            reference=_reference(row.session_key),
            browser=row.browser,
            address=row.address or "",
            signed_in_at=row.signed_in_at,
            seen_at=row.seen_at,
            is_this=row.session_key == this,
        )
        for row in rows
    ]


def end(user: User, *, reference: str) -> bool:
    """End the one session that is called so; False if the account has none."""
    for key in Session.objects.filter(user=user).values_list("session_key", flat=True):
        if constant_time_compare(_reference(key), reference):
            return bool(Session.objects.filter(session_key=key).delete()[0])
    return False


def end_all(user: User, *, but: str | None = None) -> int:
    """End every session of the account, except the one with the key `but`; how many were ended."""
    rows = Session.objects.filter(user=user)
    return (rows.exclude(session_key=but) if but else rows).delete()[0]
