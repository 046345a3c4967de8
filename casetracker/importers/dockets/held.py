"""The row of an import while something is done to it: held against others, taken apart into dockets, closed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from casetracker import jobs, rights
from casetracker.models import Import, ImportState

from .formats import Found, read_all

# Names the locks of this module among those of the database.
_LOCKS = 0x696D706F


class UploadError(Exception):
    """The import cannot be begun or gone on with; `reasons` say why, each as a sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


def held(key: int, actor: Any, *, with_files: bool = False) -> Import:
    """The row, held until the transaction ends. Only who uploaded it may do anything to it, and only with the right."""
    rows = Import.objects.select_for_update(of=("self",))
    row = (rows if with_files else rows.defer("data")).get(pk=key)
    if row.created_by_id != actor.pk or not rights.may_import(actor):
        raise UploadError(_("Only who uploaded these files can go on with them."))
    return row


def take_turn(key: int) -> None:
    """
    Wait until nobody else tries or lands this import, and keep others from it until the transaction ends. The row
    itself stays free meanwhile, so that it can be stopped.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, key % 2**31])


def close(row: Import, state: ImportState, *problems: str) -> None:
    """Let the files go, and what still waits to be done with them. What has landed stays told."""
    row.state, row.data, row.found, row.within, row.finished_at = state, None, [], 0, timezone.now()
    row.problems = [*row.problems, *problems]
    row.save(update_fields=["state", "data", "found", "within", "finished_at", "problems"])
    for task in (jobs.Task.LOOK_AT_IMPORT, jobs.Task.LAND_IMPORT):
        jobs.take_back(task, row.pk)


def dockets_of(row: Import, problems: list[str]) -> list[Found]:
    """What the files hold; why some are refused is added to `problems`."""
    data, at = bytes(row.data or b""), 0
    files: list[tuple[str, Callable[[], bytes]]] = []
    for file in row.files:
        part = data[at : at + file["size"]]
        at += file["size"]
        files.append((file["name"], partial(bytes, part)))
    return read_all(files, row.court, problems)
