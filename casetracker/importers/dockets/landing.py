"""
The doing of an import at the desk, docket by docket: each is tried, so that it can be shown, and lands when that was
confirmed.

A docket lands in one transaction together with the note that it has, so that whoever goes on after a crash begins with
the first that has not. A worker does it (`look`, `land`); where none is alive, requests do, each for a few seconds
(`step`). Whoever does it, what they may do is asked anew for each docket.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pghistory
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casetracker import rights
from casetracker.models import Import, ImportState

from . import telling
from .formats import Found
from .held import UploadError, close, dockets_of, held, take_turn
from .loading import Wishes, load
from .progress import Tell
from .records import DocketError
from .within import Note, noted

STEP = 5.0
MOST_DOCKETS = 200
# What a request can try and show: the loader writes several hundred a second. And what the memory of a worker is for.
MOST_ENTRIES = 10_000
MOST_ENTRIES_OF_WORKER = 50_000

# Asked between two dockets.
Stop = Callable[[], bool]
# In whose name: who asks, or who uploaded it.
Who = Callable[[Import], Any]


class _ClosedError(Exception):
    """Somebody stopped the import, or a redaction took its files, while a docket of it was landing."""


# --- by a worker ----------------------------------------------------------------------------------------------------


def look(key: int, *, stop: Stop) -> bool:
    """Try each docket of an import that is to be read. False if `stop` said so before the last."""
    return _in_its_name(key, ImportState.READING, lambda note: _look(key, _owner, stop, MOST_ENTRIES_OF_WORKER, note))


def land(key: int, *, stop: Stop) -> bool:
    """Land each docket of an import that was confirmed. False if `stop` said so before the last."""
    return _in_its_name(key, ImportState.LANDING, lambda note: _land(key, _owner, stop, note))


def _in_its_name(key: int, state: ImportState, do: Callable[[Note], bool]) -> bool:
    """Do it in the name of who uploaded it. What they may not do, or cannot be done, stops it with the reason."""
    row = Import.objects.filter(pk=key, state=state).defer("data").first()
    if row is None:
        return True
    try:
        with pghistory.context(user=row.created_by_id, act="import"), noted(key) as note:
            return do(note)
    except UploadError as error:
        with transaction.atomic():
            row = Import.objects.select_for_update(of=("self",)).defer("data").get(pk=key)
            if row.state == state:
                close(row, ImportState.STOPPED, *error.reasons)
        return True


def _owner(row: Import) -> Any:
    """Who uploaded it, with the rights of this moment."""
    owner: Any = get_user_model()._default_manager.get(pk=row.created_by_id or 0)
    if not owner.is_staff or not rights.may_import(owner):
        raise UploadError(_("%(name)s, who uploaded these files, may not import any more.") % {"name": owner})
    return owner


# --- by a request ---------------------------------------------------------------------------------------------------


def step(key: int, *, actor: Any) -> Import:
    """
    Try or land dockets for `STEP` seconds, at least one. Two at once take turns. Raises `UploadError` for more than a
    request can do, and for an import of somebody else.
    """
    until = time.monotonic() + STEP

    def is_late() -> bool:
        return time.monotonic() > until

    with transaction.atomic():
        row = held(key, actor)
    if row.state == ImportState.READING:
        _look(key, lambda _row: actor, is_late, MOST_ENTRIES)
    elif row.state == ImportState.LANDING:
        refuse_too_many(row.entries, row.dockets, MOST_ENTRIES)
        _land(key, lambda _row: actor, is_late)
    row.refresh_from_db(fields=["state", "found", "landed", "finished_at"])
    return row


# --- what both do ---------------------------------------------------------------------------------------------------


def refuse_too_many(entries: int, dockets: int, most: int) -> None:
    """Raise `UploadError` for more than can be tried and shown where at most `most` entries can."""
    if entries <= most and dockets <= MOST_DOCKETS:
        return
    told = ngettext(
        "These are %(entries)d entries in %(dockets)d docket; the most are %(most)d in %(many)d.",
        "These are %(entries)d entries in %(dockets)d dockets; the most are %(most)d in %(many)d.",
        dockets,
    )
    mend = (
        _("Give fewer files, or import them with manage.py import_docket.")
        if dockets > MOST_DOCKETS or entries > MOST_ENTRIES_OF_WORKER
        else _("More can be done while a worker runs; else give fewer files, or use manage.py import_docket.")
    )
    numbers = {"entries": entries, "dockets": dockets, "most": most, "many": MOST_DOCKETS}
    raise UploadError(f"{told % numbers} {mend}")


def count_in(row: Import, dockets: Sequence[Found], most: int) -> None:
    """Note what the files hold. Raises `UploadError` if that is too much."""
    row.dockets = len(dockets)
    row.entries = sum(len(each.docket.entries) for each in dockets)
    row.formats = sorted({each.format for each in dockets})
    refuse_too_many(row.entries, row.dockets, most)


def tried(row: Import, found: Found, actor: Any, note: Note | None = None) -> dict[str, Any]:
    """What the docket would do, with the lines whose kind a person may correct."""
    wishes = replace(_wishes(row, actor, is_dry=True), tell=_tells(note, found))
    left = telling.MOST_CHOICES - sum(len(each["choices"]) for each in row.found)
    try:
        report = load(found.docket, format=found.format, wishes=wishes, source="import")
    except DocketError as error:
        return telling.refused(found, error) | {"choices": []}
    return telling.told(found, report) | {"choices": telling.choices(report.added)[: max(left, 0)]}


def _look(key: int, who: Who, stop: Stop, most: int, note: Note | None = None) -> bool:
    row = Import.objects.get(pk=key)
    problems: list[str] = []
    dockets = dockets_of(row, problems)
    if not dockets:
        raise UploadError(*map(telling.storable, problems))
    count_in(row, dockets, most)
    Import.objects.filter(pk=key, state=ImportState.READING).update(
        dockets=row.dockets, entries=row.entries, formats=row.formats
    )
    while row.state == ImportState.READING:
        with transaction.atomic():
            take_turn(key)
            row.refresh_from_db(fields=["state", "found"])
            at = len(row.found)
            if row.state != ImportState.READING:
                return True
            docket = tried(row, dockets[at], who(row), note) if at < len(dockets) else None
            row = held(key, who(row))
            if row.state != ImportState.READING:
                return True
            row.found = [*row.found, *([docket] if docket else [])]
            if len(row.found) >= len(dockets):
                shown(row, problems)
            row.within = 0
            row.save(update_fields=["found", "state", "problems", "within"])
        if row.state == ImportState.READING and stop():
            return False
    return True


def shown(row: Import, problems: Sequence[str]) -> None:
    """All dockets were tried: it waits for somebody's word. Raises `UploadError` if every one was refused."""
    reasons = [each["problem"] for each in row.found if each["problem"]]
    if len(reasons) == len(row.found):
        raise UploadError(*map(telling.storable, problems), *reasons)
    row.state = ImportState.WAITING
    row.problems = [telling.storable(problem) for problem in problems]


def _land(key: int, who: Who, stop: Stop, note: Note | None = None) -> bool:
    row = Import.objects.get(pk=key)
    dockets = dockets_of(row, [])
    try:
        while row.state == ImportState.LANDING:
            with transaction.atomic():
                take_turn(key)
                row.refresh_from_db(fields=["state", "landed"])
                if row.state != ImportState.LANDING:
                    break
                row = _land_next(row, dockets, who, note)
            if row.state == ImportState.LANDING and stop():
                return False
    except _ClosedError:
        return True
    return True


def _land_next(row: Import, dockets: Sequence[Found], who: Who, note: Note | None) -> Import:
    """Land the first docket that has not, and note it; after the last the import is closed."""
    actor, at = who(row), len(row.landed)
    docket = _landed(row, dockets[at], actor, note) if at < len(dockets) else None
    row = held(row.pk, actor)
    if row.state != ImportState.LANDING:
        raise _ClosedError
    row.landed = [*row.landed, *([docket] if docket else [])]
    row.within = 0
    row.save(update_fields=["landed", "within"])
    if len(row.landed) >= len(dockets):
        close(row, ImportState.LANDED)
    return row


def _landed(row: Import, found: Found, actor: Any, note: Note | None) -> dict[str, Any]:
    head = f"{len(row.landed)}-"
    kinds = {name.removeprefix(head): kind for name, kind in row.kinds.items() if name.startswith(head)}
    wishes = replace(_wishes(row, actor, is_dry=False, kinds=kinds), tell=_tells(note, found))
    try:
        return telling.told(found, load(found.docket, format=found.format, wishes=wishes, source="import"))
    except DocketError as error:
        return telling.refused(found, error)


def _tells(note: Note | None, found: Found) -> Tell | None:
    """Note the lines that are done, of a share of the docket."""
    lines = len(found.docket.entries)
    return (lambda share: note(int(share * lines))) if note is not None else None


def _wishes(row: Import, actor: Any, *, is_dry: bool, kinds: Mapping[str, str] | None = None) -> Wishes:
    may_show = row.into_public and rights.may_show_imported(actor)
    return Wishes(case=row.case, is_dry=is_dry, may_show=may_show, kinds=kinds or {}, actor=actor)
