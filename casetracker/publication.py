"""
The acts that change what the public may see: publish, embargo, withdraw, withhold, and back.

Each act names who did it, asks whether they may (`casetracker.rights`), locks the row, checks that it is allowed from
the row's present state, and writes all of its columns at once. No other code writes them. What is allowed:

    draft             ->  in review, published (perhaps from a later moment), withheld
    in review         ->  draft, published, withheld; or asked of somebody else
    embargoed         ->  published now, draft (the embargo is broken off), withdrawn, withheld
    published         ->  withdrawn, withheld
    withdrawn         ->  published (restored), withheld; draft if it never was public
    withheld          ->  withdrawn, or draft if it never was public: publishing again is then an act of its own

Nothing becomes public that `casetracker.quality` says must be mended first.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from . import quality, rights
from .models import Case, Event, Ruling, State
from .models.visibility import published

P = TypeVar("P", Case, Event, Ruling)
# An account, or None for a command.
Actor = Any
# The name of an act, or how it follows from the row once that is locked.
Way = str | Callable[[Case | Event], str]


class PublicationError(ValueError):
    """The act is not allowed; the message says why in words for the editor."""


_UNPUBLISHED = frozenset({State.DRAFT, State.IN_REVIEW})
# From which states each act leads on.
_FROM: dict[str, frozenset[State]] = {
    "review": frozenset({State.DRAFT}),
    "reviewer": frozenset({State.IN_REVIEW}),
    "draft": frozenset({State.IN_REVIEW}),
    "break off": frozenset({State.PUBLISHED, State.WITHDRAWN}),
    "publish": _UNPUBLISHED | {State.PUBLISHED, State.WITHDRAWN},
    "entries": frozenset({State.PUBLISHED}),
    "withdraw": frozenset({State.PUBLISHED}),
    "withhold": _UNPUBLISHED | {State.PUBLISHED, State.WITHDRAWN},
    "lift": frozenset({State.WITHHELD}),
}


def publish(row: P, *, actor: Actor, embargo_until: datetime | None = None) -> P:
    """
    Make a case or an entry public now, or from `embargo_until` on; restores what was withdrawn.

    An entry is seen only when its case is public too. `actor` is None only for a command. Raises `PublicationError` for
    what is withheld, for an embargo on what readers have seen already, and for what must be mended first.
    """
    now = timezone.now()
    starts = _start(embargo_until, now)
    with _act("publish", "publish", row, State.PUBLISHED, actor) as locked:
        _make_public(locked, starts, now, actor)
    return _copy(locked, row)


def publish_with_entries(
    case: Case, *, actor: Actor, shown: Iterable[tuple[int, int]], embargo_until: datetime | None = None
) -> list[int]:
    """
    Publish a case and entries of it at once, all from the same moment; or the entries alone if the case is published.

    `shown` are keys and versions of the entries as whoever acts saw them. One that was changed since, is no draft any
    more, is of another case, or must be mended first stays as it is. Returns the keys of those published. Raises
    `PublicationError` as `publish` does, and then nothing at all is published.
    """
    now = timezone.now()
    versions = dict(shown)
    starts = _start(embargo_until, now)
    with _act("publish", _way_to_publish_entries, case, State.PUBLISHED, actor) as locked:
        if locked.state != State.PUBLISHED:
            _make_public(locked, starts, now, actor)
        elif locked.published_from is not None:
            # Not before its case is.
            starts = max(now, locked.published_from)
        entries = Event.objects.select_for_update(of=("self",)).filter(
            case=locked.pk, pk__in=versions, state__in=_UNPUBLISHED
        )
        unchanged = [entry for entry in entries.order_by("pk") if versions[entry.pk] == entry.version]
        if actor is not None and not all(rights.may_publish(actor, entry) for entry in unchanged[:1]):
            raise PermissionDenied
        blocked = quality.blocked([entry.pk for entry in unchanged], on=starts.date())
        ready = [entry.pk for entry in unchanged if entry.pk not in blocked]
        # None of them has been public, so that one statement tells all of them the same.
        Event.objects.filter(pk__in=ready).update(
            state=State.PUBLISHED,
            published_from=starts,
            first_public_at=starts,
            state_changed_at=timezone.now(),
            state_changed_by=actor,
            state_reason="",
            reviewer=None,
        )
    _copy(locked, case)
    return ready


class _TakenBack(Exception):  # noqa: N818 - it is no error
    """Ends the transaction of `as_if_published` without a trace."""


@contextmanager
def as_if_published(case: Case, entries: Iterable[int]) -> Iterator[None]:
    """
    Within it, and on this connection alone, the case and these of its entries are public; afterwards they are as they
    were, whatever happens within. What is withdrawn or withheld stays hidden.

    It is a transaction that is never committed: nobody else can see what it wrote (decision 25). The rows are locked
    meanwhile, so draw one page and no more. Raises `OperationalError` if somebody else holds one of them for long.
    """
    hidden = [State.WITHDRAWN, State.WITHHELD]
    shown: dict[str, Any] = {"state": State.PUBLISHED, "published_from": Now(), "reviewer": None}
    not_public = ~Q(state__in=hidden) & ~published()
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
            for rows in (Case.objects.filter(pk=case.pk), Event.objects.filter(pk__in=list(entries), case=case.pk)):
                # Whatever of them has a first moment has it in the time to come: an embargo.
                rows.filter(not_public).update(**shown, first_public_at=Now())
            yield
            raise _TakenBack
    except _TakenBack:
        pass


def submit_for_review(row: P, *, actor: Actor, reviewer: Actor = None) -> P:
    """
    Hand a draft to `reviewer`, or to whoever has time. Raises `PublicationError` for anything but a draft, and for a
    reviewer who could not publish it.
    """
    with _act("submit for review", "review", row, State.IN_REVIEW, actor) as locked:
        _refuse_unless_reviewer(reviewer, locked)
        _write(locked, State.IN_REVIEW, actor, reason="", reviewer=reviewer)
    return _copy(locked, row)


def ask_reviewer(row: P, *, actor: Actor, reviewer: Actor) -> P:
    """Ask `reviewer` for the review of what is in review, or with None whoever has time."""
    with _act("ask for review", "reviewer", row, State.IN_REVIEW, actor) as locked:
        _refuse_unless_reviewer(reviewer, locked)
        _write(locked, State.IN_REVIEW, actor, reason="", reviewer=reviewer)
    return _copy(locked, row)


def return_to_draft(row: P, *, actor: Actor, reason: str = "") -> P:
    """
    Back to a draft: from a review, or from an embargo, which is thereby broken off. Raises `PublicationError` for what
    readers have seen, which is withdrawn instead.
    """
    with _act("return to draft", _way_to_draft, row, State.DRAFT, actor) as locked:
        if locked.has_been_public:
            raise PublicationError("Readers have seen this; it is withdrawn, not turned back into a draft.")
        _forget_what_never_was(locked)
        _write(locked, State.DRAFT, actor, reason=reason)
    return _copy(locked, row)


def withdraw(row: P, *, actor: Actor, reason: str = "") -> P:
    """
    Take a published case or entry back: its address answers 410 if it has been public, 404 if its embargo never ended.
    """
    with _act("withdraw", "withdraw", row, State.WITHDRAWN, actor) as locked:
        _forget_what_never_was(locked)
        _write(locked, State.WITHDRAWN, actor, reason=reason)
    return _copy(locked, row)


def withhold(row: P, *, actor: Actor, reason: str) -> P:
    """Refuse to show a case or an entry, from whatever state. `reason` is kept privately; an empty one is refused."""
    if not reason.strip():
        raise PublicationError("Give the reason and on whose authority; it is kept privately.")
    with _act("withhold", "withhold", row, State.WITHHELD, actor) as locked:
        _forget_what_never_was(locked)
        _write(locked, State.WITHHELD, actor, reason=reason.strip())
    return _copy(locked, row)


def lift(row: P, *, actor: Actor, reason: str = "") -> P:
    """
    End a withholding: what readers had seen is withdrawn then, what they never saw a draft. Readers see nothing of
    either; to publish it is an act of its own.
    """
    with _act("lift the withholding", "lift", row, State.DRAFT, actor) as locked:
        _forget_what_never_was(locked)
        to = State.WITHDRAWN if locked.first_public_at is not None else State.DRAFT
        _write(locked, to, actor, reason=reason)
    return _copy(locked, row)


def _start(embargo_until: datetime | None, now: datetime) -> datetime:
    if embargo_until is not None and timezone.is_naive(embargo_until):
        raise ValueError("embargo_until needs a time zone")
    return embargo_until if embargo_until is not None and embargo_until > now else now


def _make_public(locked: Case | Event, starts: datetime, now: datetime, actor: Actor) -> None:
    if locked.is_published_now:
        raise PublicationError("This is published already.")
    if locked.has_been_public and starts > now:
        raise PublicationError("Readers have seen this already; an embargo would only hide it. Withdraw it instead.")
    if isinstance(locked, Event):
        in_the_way = quality.blocked([locked.pk], on=starts.date()).get(locked.pk, [])
        if in_the_way:
            raise PublicationError(" ".join(str(check.sentence) for check in in_the_way))
    locked.published_from = starts
    if not locked.has_been_public:
        locked.first_public_at = starts
    _write(locked, State.PUBLISHED, actor, reason="")


def _refuse_unless_reviewer(reviewer: Actor, row: Case | Event) -> None:
    if reviewer is not None and not (reviewer.is_staff and rights.may_publish(reviewer, row)):
        raise PublicationError(f"{reviewer.get_username()} may not publish this, and so cannot be asked to review it.")


def _way_to_draft(locked: Case | Event) -> str:
    return "draft" if locked.state in _UNPUBLISHED else "break off"


def _way_to_publish_entries(locked: Case | Event) -> str:
    return "entries" if locked.state == State.PUBLISHED else "publish"


@contextmanager
def _act(label: str, act: Way, row: Case | Event, to: State, actor: Actor) -> Iterator[Case | Event]:
    """
    The frame of each act: one transaction, the row locked and read anew, the right and the step checked, the history
    labelled.
    """
    # The table's own model, so that a proxy and its base lock the same row.
    model = Case if isinstance(row, Case) else Event
    with transaction.atomic(), pghistory.context(act=label):
        locked = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        name = act if isinstance(act, str) else act(locked)
        if actor is not None and not rights.may(actor, name, locked):
            raise PermissionDenied
        if locked.state not in _FROM[name]:
            raise PublicationError(
                f"What is {locked.get_state_display().lower()} cannot be turned into {to.label.lower()}."
            )
        yield locked


def _forget_what_never_was(locked: Case | Event) -> None:
    """An embargo that is broken off before its moment leaves no trace: nobody saw the row."""
    if not locked.has_been_public:
        locked.first_public_at = None
        locked.published_from = None


def _write(locked: Case | Event, state: State, actor: Actor, *, reason: str, reviewer: Actor = None) -> None:
    locked.state = state
    locked.state_changed_at = timezone.now()
    locked.state_changed_by = actor
    locked.state_reason = reason
    locked.reviewer = reviewer
    locked.save(update_fields=_COLUMNS)


_COLUMNS = [
    "state", "published_from", "first_public_at", "state_changed_at", "state_changed_by", "state_reason", "reviewer",
]  # fmt: skip


def _copy(locked: Case | Event, row: P) -> P:
    """Bring the caller's instance up to date with what was written."""
    for name in _COLUMNS:
        setattr(row, name, getattr(locked, name))
    return row
