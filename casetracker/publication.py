"""
The acts that change what the public may see: publish, embargo, withdraw, withhold, and back.

Each act names who did it, locks the row, checks that it is allowed from the row's present state, and writes all of its
columns at once. No other code writes them. What is allowed:

    draft, in review  ->  in review, published (perhaps from a later moment), withheld
    published         ->  withdrawn, withheld
    withdrawn         ->  published (restored), withheld
    withheld          ->  withdrawn or draft (if it never was public): publishing again is then an act of its own
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from .models import Case, Event, Ruling, State

P = TypeVar("P", Case, Event, Ruling)


class PublicationError(ValueError):
    """The act is not allowed; the message says why in words for the editor."""


_FROM: dict[State, frozenset[State]] = {
    State.IN_REVIEW: frozenset({State.DRAFT}),
    State.DRAFT: frozenset({State.IN_REVIEW, State.WITHHELD}),
    State.PUBLISHED: frozenset({State.DRAFT, State.IN_REVIEW, State.WITHDRAWN, State.PUBLISHED}),
    State.WITHDRAWN: frozenset({State.PUBLISHED, State.WITHHELD}),
    State.WITHHELD: frozenset({State.DRAFT, State.IN_REVIEW, State.PUBLISHED, State.WITHDRAWN}),
}


def publish(row: P, *, actor: AbstractBaseUser | None, embargo_until: datetime | None = None) -> P:
    """
    Make a case or an entry public now, or from `embargo_until` on; restores what was withdrawn.

    An entry is seen only when its case is public too. `actor` is None only for a command. Raises `PublicationError` for
    what is withheld, and for an embargo on what readers have seen already.
    """
    now = timezone.now()
    if embargo_until is not None and timezone.is_naive(embargo_until):
        raise ValueError("embargo_until needs a time zone")
    with _act("publish", row, State.PUBLISHED) as locked:
        if locked.is_published_now:
            raise PublicationError("This is published already.")
        starts = embargo_until if embargo_until is not None and embargo_until > now else now
        if locked.has_been_public and starts > now:
            raise PublicationError(
                "Readers have seen this already; an embargo would only hide it. Withdraw it instead."
            )
        locked.published_from = starts
        if not locked.has_been_public:
            locked.first_public_at = starts
        _write(locked, State.PUBLISHED, actor, reason="")
    return _copy(locked, row)


def submit_for_review(row: P, *, actor: AbstractBaseUser | None) -> P:
    """Hand a draft to whoever reviews it. Raises `PublicationError` for anything but a draft."""
    with _act("submit for review", row, State.IN_REVIEW) as locked:
        _write(locked, State.IN_REVIEW, actor, reason="")
    return _copy(locked, row)


def return_to_draft(row: P, *, actor: AbstractBaseUser | None, reason: str = "") -> P:
    """Back to a draft. Raises `PublicationError` for what readers have seen, which is withdrawn instead."""
    with _act("return to draft", row, State.DRAFT) as locked:
        if locked.has_been_public:
            raise PublicationError("Readers have seen this; it is withdrawn, not turned back into a draft.")
        locked.published_from = locked.first_public_at = None
        _write(locked, State.DRAFT, actor, reason=reason)
    return _copy(locked, row)


def withdraw(row: P, *, actor: AbstractBaseUser | None, reason: str = "") -> P:
    """
    Take a published case or entry back: its address answers 410 if it has been public, 404 if its embargo never ended.
    """
    with _act("withdraw", row, State.WITHDRAWN) as locked:
        _forget_what_never_was(locked)
        _write(locked, State.WITHDRAWN, actor, reason=reason)
    return _copy(locked, row)


def withhold(row: P, *, actor: AbstractBaseUser | None, reason: str) -> P:
    """Refuse to show a case or an entry, from whatever state. `reason` is kept privately; an empty one is refused."""
    if not reason.strip():
        raise PublicationError("Give the reason and on whose authority; it is kept privately.")
    with _act("withhold", row, State.WITHHELD) as locked:
        _forget_what_never_was(locked)
        _write(locked, State.WITHHELD, actor, reason=reason.strip())
    return _copy(locked, row)


@contextmanager
def _act(name: str, row: Case | Event, to: State) -> Iterator[Case | Event]:
    """The frame of each act: one transaction, the row locked and read anew, the step checked, the history labelled."""
    # The table's own model, so that a proxy and its base lock the same row.
    model = Case if isinstance(row, Case) else Event
    with transaction.atomic(), pghistory.context(act=name):
        locked = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.state not in _FROM[to]:
            raise PublicationError(
                f"What is {locked.get_state_display().lower()} cannot be turned into {to.label.lower()}."
            )
        yield locked


def _forget_what_never_was(locked: Case | Event) -> None:
    """An embargo that is broken off before its moment leaves no trace: nobody saw the row."""
    if not locked.has_been_public:
        locked.first_public_at = None
        locked.published_from = None


def _write(locked: Case | Event, state: State, actor: AbstractBaseUser | None, *, reason: str) -> None:
    locked.state = state
    locked.state_changed_at = timezone.now()
    locked.state_changed_by = actor  # type: ignore[assignment]  # the account of whoever acts
    locked.state_reason = reason
    locked.save(update_fields=_COLUMNS)


_COLUMNS = ["state", "published_from", "first_public_at", "state_changed_at", "state_changed_by", "state_reason"]


def _copy(locked: Case | Event, row: P) -> P:
    """Bring the caller's instance up to date with what was written."""
    for name in _COLUMNS:
        setattr(row, name, getattr(locked, name))
    return row
