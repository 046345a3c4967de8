"""
Imports at the desk: what was uploaded is read and tried, kept until somebody confirms it, and then lands. What somebody
asks for is here; what is then done, by a worker or by requests, in `landing`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casetracker import jobs, rights
from casetracker.models import Case, Import, ImportState
from casetracker.models.imports import MOST_BYTES, OPEN_STATES

from . import landing
from .held import UploadError, close, dockets_of, held

MOST_FILES = 50
# More than so many bytes are read and tried by a worker, if one is alive, and not while somebody waits for the page.
AT_ONCE = 512 * 1024
KEPT = timedelta(days=1)

_TASKS = {ImportState.READING: jobs.Task.LOOK_AT_IMPORT, ImportState.LANDING: jobs.Task.LAND_IMPORT}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file by its name, or what was pasted."""

    name: str
    data: bytes


def keep(
    files: Sequence[Upload], *, actor: Any, court: str = "", case: Case | None = None, into_public: bool = False
) -> Import:
    """
    Read the files, try every docket, and keep them with what was found, until they are confirmed; or keep them for a
    worker to do so. Files that are refused are told in `problems`. Raises `UploadError`, and then nothing is kept.
    """
    forget_old()
    if not files:
        raise UploadError(_("Choose a file, or paste a docket."))
    if len(files) > MOST_FILES:
        raise UploadError(_("At most %(count)d files at once.") % {"count": MOST_FILES})
    size = sum(len(file.data) for file in files)
    if size > MOST_BYTES:
        raise UploadError(too_large(size))
    row = Import(
        created_by=actor,
        case=case,
        court=court,
        state=ImportState.READING,
        into_public=into_public and rights.may_show_imported(actor),
        files=[{"name": file.name, "size": len(file.data)} for file in files],
        data=b"".join(file.data for file in files),
    )
    row.sha256 = hashlib.sha256(row.data or b"").hexdigest()
    if size > AT_ONCE and jobs.is_worked():
        with transaction.atomic():
            row.save()
            jobs.ask_for(jobs.Task.LOOK_AT_IMPORT, row.pk)
        return row
    problems: list[str] = []
    dockets = dockets_of(row, problems)
    if not dockets:
        raise UploadError(*problems)
    landing.count_in(row, dockets, landing.MOST_ENTRIES)
    for docket in dockets:
        row.found.append(landing.tried(row, docket, actor))
    landing.shown(row, problems)
    row.save()
    return row


def too_large(size: int) -> str:
    return _(
        "The files have %(size)d bytes; the most is %(most)d. Give fewer, or import them with manage.py import_docket."
    ) % {"size": size, "most": MOST_BYTES}


def confirm(key: int, *, actor: Any, sha256: str, kinds: Mapping[str, str]) -> None:
    """
    Let the import land: a worker is asked to, in the same transaction. `kinds` are those chosen by hand, `sha256` is
    what was looked at. Raises `UploadError` if that is not what is kept.
    """
    forget_old()
    with transaction.atomic():
        row = held(key, actor, with_files=True)
        if row.state == ImportState.LANDING:
            return
        _refuse_unless_waiting(row)
        if not sha256 or sha256 != row.sha256 or hashlib.sha256(row.data or b"").hexdigest() != sha256:
            raise UploadError(_("These are not the files that you looked at. Look again."))
        offered = {f"{at}-{choice['key']}" for at, each in enumerate(row.found) for choice in each["choices"]}
        row.kinds = {name: kind for name, kind in kinds.items() if name in offered}
        row.state = ImportState.LANDING
        row.save(update_fields=["kinds", "state"])
        jobs.ask_for(jobs.Task.LAND_IMPORT, key)


def go_on(key: int, *, actor: Any) -> Import:
    """
    Ask a worker once more, if it was given up; do a step of it here, if no worker does. Raises `UploadError` as `step`.
    """
    row = Import.objects.defer("data").get(pk=key)
    outlook = outlook_of(row)
    if outlook is jobs.Outlook.UNDER_WAY or row.state not in _TASKS:
        return row
    if outlook is jobs.Outlook.GIVEN_UP and jobs.is_worked():
        with transaction.atomic():
            row = held(key, actor)
            if row.state in _TASKS and outlook_of(row) is jobs.Outlook.GIVEN_UP:
                jobs.ask_for(_TASKS[ImportState(row.state)], key)
        return row
    return landing.step(key, actor=actor)


def outlook_of(row: Import) -> jobs.Outlook:
    """Whether a worker does what is to be done with it."""
    task = _TASKS.get(ImportState(row.state))
    return jobs.outlook(task, row.pk) if task is not None else jobs.Outlook.NOBODY


def ahead_of(row: Import) -> int:
    """How many jobs a worker does before it comes to this import."""
    task = _TASKS.get(ImportState(row.state))
    return jobs.ahead_of(task, row.pk) if task is not None else 0


def cancel(key: int, *, actor: Any) -> Import:
    """
    Forget the files, whatever is being done with them: the docket that is landing at this moment is taken back, those
    that have landed stay. Raises `UploadError` if the import is closed.
    """
    with transaction.atomic():
        row = held(key, actor)
        if row.state not in OPEN_STATES:
            raise UploadError(_("This import is closed: nothing was cancelled."))
        close(row, ImportState.STOPPED if row.landed else ImportState.CANCELLED)
    return row


def try_again(key: int, *, actor: Any) -> Import:
    """Try the dockets anew against what stands there now. Raises `UploadError` if the import is closed."""
    with transaction.atomic():
        row = held(key, actor, with_files=True)
        _refuse_unless_waiting(row)
        row.found = []
        if len(row.data or b"") > AT_ONCE and jobs.is_worked():
            row.state = ImportState.READING
            jobs.ask_for(jobs.Task.LOOK_AT_IMPORT, key)
        else:
            landing.refuse_too_many(row.entries, row.dockets, landing.MOST_ENTRIES)
            for docket in dockets_of(row, []):
                row.found.append(landing.tried(row, docket, actor))
        row.save(update_fields=["found", "state"])
    return row


def forget_old() -> None:
    """Forget the files of imports that nobody confirmed, or went on with, within a day."""
    old = Import.objects.filter(state__in=OPEN_STATES, created_at__lt=timezone.now() - KEPT)
    old.update(state=ImportState.FORGOTTEN, data=None, found=[], finished_at=timezone.now())


def _refuse_unless_waiting(row: Import) -> None:
    if row.state != ImportState.WAITING:
        raise UploadError(_("This import is closed: %(state)s.") % {"state": row.get_state_display()})
