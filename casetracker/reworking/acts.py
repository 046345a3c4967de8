"""The frame of each act on entries: one transaction, the case locked, the entries locked and as they were seen."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pghistory
from django.db import connection, transaction
from django.utils.translation import gettext as _

from casetracker.models import Case, Event

# The version of each entry, by its key, as whoever asks for the act has seen it.
Seen = Mapping[int, int]


class ReworkError(ValueError):
    """The act is not allowed, and nothing was done. `reasons` are sentences for the editor."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class ChangedMeanwhileError(ReworkError):
    """Somebody changed an entry after it was looked at; whoever asked should look again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value of an entry before and after; `name` is the field as people call it."""

    entry: str
    name: str
    before: str
    after: str


@dataclass(slots=True)
class Done:
    """What an act did, in words, and the entry on which to go on: of a trial it tells what would be done."""

    entry: Event
    changes: list[Kept] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@contextmanager
def act(name: str, case: int, *, trial: bool) -> Iterator[None]:
    """One transaction with the case locked against other acts on its entries; what is only a trial is rolled back."""
    with frame(name, trial=trial):
        # Whoever adds an entry meanwhile is not held up: that only reads the key of the case.
        Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case)
        yield


@contextmanager
def frame(name: str, *, trial: bool) -> Iterator[None]:
    """One transaction with a name in the history, with nothing locked yet; what is only a trial is rolled back."""
    with transaction.atomic(), pghistory.context(act=name):
        with connection.cursor() as cursor:
            # They wait for the end of the act, whatever came before it in the same transaction.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        with connection.cursor() as cursor:
            # The rules that span several rows speak now.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if trial:
            transaction.set_rollback(True)


def locked(case: int, keys: Sequence[int], seen: Seen | None) -> list[Event]:
    """
    The entries of the case with these keys, locked, in the order of the keys. Raises `ReworkError` if one is missing,
    `ChangedMeanwhileError` if one is not as it was seen.
    """
    rows = {row.pk: row for row in Event.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}
    found = [rows[key] for key in dict.fromkeys(keys) if key in rows and rows[key].case_id == case]
    if len(found) != len(set(keys)):
        raise ChangedMeanwhileError(_("An entry that was chosen is not in this case any more. Look again."))
    if seen is not None and any(seen.get(row.pk) != row.version for row in found):
        raise ChangedMeanwhileError(
            _("Somebody changed one of these entries meanwhile. Look again at what would be done.")
        )
    return found
