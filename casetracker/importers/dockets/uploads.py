"""
Imports at the desk: what was uploaded is read and tried, kept until somebody confirms it, then lands docket by docket.

Each docket lands in one transaction together with the note that it has, so that whoever goes on after a crash begins
with the first that has not. Nothing runs in the background (docs/decisions.md, 37): a request lands what it can within
`STEP` seconds and the next one goes on.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casetracker import rights
from casetracker.models import Case, Import, ImportState
from casetracker.models.imports import MOST_BYTES

from .formats import Found, read_all
from .loading import Wishes, load
from .meaning import Line
from .records import DocketError
from .reports import Report

MOST_FILES = 50
MOST_DOCKETS = 200
# What a request can try and show: the loader writes several hundred a second.
MOST_ENTRIES = 10_000
# As many as fit into one form beside everything else, and more than anybody corrects by hand.
MOST_CHOICES = 500
MOST_LINES = 200
KEPT = timedelta(days=1)
STEP = 5.0


class UploadError(Exception):
    """The import cannot be begun or gone on with; `reasons` say why, each as a sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file by its name, or what was pasted."""

    name: str
    data: bytes


def keep(
    files: Sequence[Upload], *, actor: Any, court: str = "", case: Case | None = None, into_public: bool = False
) -> Import:
    """
    Read the files, try every docket, and keep them with what was found, until they are confirmed. Files that are
    refused are told in `problems`. Raises `UploadError`, and then nothing is kept.
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
        into_public=into_public and rights.may_show_imported(actor),
        files=[{"name": file.name, "size": len(file.data)} for file in files],
        data=b"".join(file.data for file in files),
    )
    row.sha256 = hashlib.sha256(row.data or b"").hexdigest()
    problems: list[str] = []
    dockets = _dockets(row, problems)
    if not dockets:
        raise UploadError(*problems)
    entries = sum(len(each.docket.entries) for each in dockets)
    if entries > MOST_ENTRIES or len(dockets) > MOST_DOCKETS:
        raise UploadError(
            _(
                "These are %(entries)d entries in %(dockets)d dockets; at the desk the most are %(most)d in %(many)d. "
                "Give fewer files, or import them with manage.py import_docket."
            )
            % {"entries": entries, "dockets": len(dockets), "most": MOST_ENTRIES, "many": MOST_DOCKETS}
        )
    row.formats = sorted({each.format for each in dockets})
    row.found = _tried(row, dockets, actor)
    refused = [each["problem"] for each in row.found if each["problem"]]
    if len(refused) == len(row.found):
        raise UploadError(*problems, *refused)
    row.problems = [storable(problem) for problem in problems]
    row.save()
    return row


def too_large(size: int) -> str:
    return _(
        "The files have %(size)d bytes; the most is %(most)d. Give fewer, or import them with manage.py import_docket."
    ) % {"size": size, "most": MOST_BYTES}


def confirm(key: int, *, actor: Any, sha256: str, kinds: Mapping[str, str]) -> None:
    """
    Let the import land; `step` does it. `kinds` are those chosen by hand, `sha256` is what was looked at. Raises
    `UploadError` if that is not what is kept.
    """
    forget_old()
    with transaction.atomic():
        row = _held(key, actor, with_files=True)
        if row.state == ImportState.LANDING:
            return
        if row.state != ImportState.WAITING:
            raise UploadError(_("This import is closed: %(state)s.") % {"state": row.get_state_display()})
        if not sha256 or sha256 != row.sha256 or hashlib.sha256(row.data or b"").hexdigest() != sha256:
            raise UploadError(_("These are not the files that you looked at. Look again."))
        offered = {f"{at}-{choice['key']}" for at, each in enumerate(row.found) for choice in each["choices"]}
        row.kinds = {name: kind for name, kind in kinds.items() if name in offered}
        row.state = ImportState.LANDING
        row.save(update_fields=["kinds", "state"])


def step(key: int, *, actor: Any) -> Import:
    """Land dockets for `STEP` seconds, at least one, and tell how far it has come. Two at once take turns."""
    until = time.monotonic() + STEP
    row = Import.objects.get(pk=key)
    dockets = _dockets(row, []) if row.state == ImportState.LANDING else []
    while row.state == ImportState.LANDING:
        with transaction.atomic():
            row = _held(key, actor)
            if row.state != ImportState.LANDING:
                break
            if len(row.landed) < len(dockets):
                row.landed = [*row.landed, _landed(row, dockets[len(row.landed)], actor)]
                row.save(update_fields=["landed"])
            if len(row.landed) >= len(dockets):
                _close(row, ImportState.LANDED)
        if time.monotonic() > until:
            break
    return row


def cancel(key: int, *, actor: Any) -> Import:
    """Forget the files of an import that has not landed. Raises `UploadError` if it has."""
    with transaction.atomic():
        row = _held(key, actor)
        if row.state != ImportState.WAITING:
            raise UploadError(_("This import is closed or is landing already: nothing was cancelled."))
        _close(row, ImportState.CANCELLED)
    return row


def try_again(key: int, *, actor: Any) -> None:
    """Try the dockets anew against what stands there now. Raises `UploadError` if the import is closed."""
    with transaction.atomic():
        row = _held(key, actor, with_files=True)
        if row.state != ImportState.WAITING:
            raise UploadError(_("This import is closed: %(state)s.") % {"state": row.get_state_display()})
        row.found = _tried(row, _dockets(row, []), actor)
        row.save(update_fields=["found"])


def forget_old() -> None:
    """Forget the files of imports that nobody confirmed, or went on with, within a day."""
    old = Import.objects.filter(
        state__in=[ImportState.WAITING, ImportState.LANDING], created_at__lt=timezone.now() - KEPT
    )
    old.update(state=ImportState.FORGOTTEN, data=None, found=[], finished_at=timezone.now())


def _held(key: int, actor: Any, *, with_files: bool = False) -> Import:
    """The row, held until the transaction ends. Only who uploaded it may do anything to it, and only with the right."""
    rows = Import.objects.select_for_update(of=("self",))
    row = (rows if with_files else rows.defer("data")).get(pk=key)
    if row.created_by_id != actor.pk or not rights.may_import(actor):
        raise UploadError(_("Only who uploaded these files can go on with them."))
    return row


def _close(row: Import, state: ImportState) -> None:
    row.state, row.data, row.found, row.finished_at = state, None, [], timezone.now()
    row.save(update_fields=["state", "data", "found", "finished_at"])


def _dockets(row: Import, problems: list[str]) -> list[Found]:
    data, at = bytes(row.data or b""), 0
    files = []
    for file in row.files:
        part = data[at : at + file["size"]]
        at += file["size"]
        files.append((file["name"], partial(bytes, part)))
    return read_all(files, row.court, problems)


def _wishes(row: Import, actor: Any, *, is_dry: bool, kinds: Mapping[str, str] | None = None) -> Wishes:
    may_show = row.into_public and rights.may_show_imported(actor)
    return Wishes(case=row.case, is_dry=is_dry, may_show=may_show, kinds=kinds or {}, actor=actor)


def _tried(row: Import, dockets: Sequence[Found], actor: Any) -> list[dict[str, Any]]:
    """What each docket would do, with the lines whose kind a person may correct."""
    found, left = [], MOST_CHOICES
    for each in dockets:
        try:
            report = load(each.docket, format=each.format, wishes=_wishes(row, actor, is_dry=True), source="import")
        except DocketError as error:
            found.append(_refused(each, error) | {"choices": []})
            continue
        choices = _choices(report.added)[:left]
        left -= len(choices)
        found.append(_told(each, report) | {"choices": choices})
    return found


def _choices(added: Sequence[Line]) -> list[dict[str, Any]]:
    """The new lines, each with the kind that it was taken for; those first that a person should look at."""
    lines = {line.key: line for line in added}
    return [
        {
            "key": line.key,
            "label": storable(line.label),
            "text": storable((line.said.text or line.said.short_text)[:300]),
            "kind": str(line.kind),
            "is_unsure": line.is_unsure,
        }
        for line in sorted(lines.values(), key=lambda line: not line.is_unsure)
    ]


def _landed(row: Import, found: Found, actor: Any) -> dict[str, Any]:
    head = f"{len(row.landed)}-"
    kinds = {name.removeprefix(head): kind for name, kind in row.kinds.items() if name.startswith(head)}
    wishes = _wishes(row, actor, is_dry=False, kinds=kinds)
    try:
        return _told(found, load(found.docket, format=found.format, wishes=wishes, source="import"))
    except DocketError as error:
        return _refused(found, error)


def storable(text: str) -> str:
    """
    Without what PostgreSQL does not take or nobody can see: names of files, and messages that quote a file full of it.
    """
    return "".join(each if each.isprintable() else "?" for each in text)


def _refused(found: Found, error: DocketError) -> dict[str, Any]:
    problem = f"{', '.join(found.files)}: {error}"
    return {"files": list(found.files), "docket": storable(found.docket.number), "problem": storable(problem)}


def _told(found: Found, report: Report) -> dict[str, Any]:
    """The report as what is kept of it: counts whole, lists cut to what a page shows."""
    lists = {name: getattr(report, name) for name in ("updated", "conflicts", "gone", "unsure", "left", "notes")}
    return {
        "files": list(found.files),
        "problem": "",
        "docket": storable(report.docket),
        "case": storable(report.case),
        "case_key": report.case_key,
        "is_new_case": report.is_new_case,
        "entries": report.entries,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "by_kind": dict(sorted(report.by_kind.items())),
        **{name: [storable(line) for line in lines[:MOST_LINES]] for name, lines in lists.items()},
        "counts": {name: len(lines) for name, lines in lists.items()},
    }
