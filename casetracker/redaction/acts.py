"""The two acts: each asks who it is, purges in one transaction, looks whether anything is left, and leaves a record."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
import pgtrigger
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable

from casetracker import rights
from casetracker.models import Case, Document, Event, Redaction, State, StoredFile
from casetracker.models.redactions import Subject

from . import files, rows, words
from .patterns import Pattern
from .places import places

# An account, or None for a command.
Actor = Any

log = logging.getLogger(__name__)


class RedactionError(ValueError):
    """Nothing was redacted; the message says why in words for the editor, and not what was to be removed."""


def redact_words(pattern: Pattern, *, actor: Actor, nature: str, authority: str, and_files: bool = False) -> Redaction:
    """
    Put a mark in place of the words wherever they stand, history, log and sessions included. A file cannot be changed:
    `and_files` removes those that hold the words, as far as that can be told, from every document that names them.

    Raises `PermissionDenied`, and `RedactionError` if they stand nowhere, are in the authority itself, or cannot be
    taken from a place; then nothing is changed.
    """
    if pattern.is_in(authority):
        raise RedactionError(_("The words stand in the reason itself, which is kept. Write it without them."))
    with _act(actor):
        going = files.with_words(pattern) if and_files else set()
        changed = words.purge(pattern)
        changed.update(files.purge(going))
        if not changed:
            raise RedactionError(_("These words stand nowhere."))
        if words.find(pattern).total:
            raise RedactionError(
                _("The words cannot be taken from every place. Look for a longer passage around them.")
            )
        return _record(Subject.WORDS, actor, nature, authority, changed)


def redact_file(document: Document, *, actor: Actor, nature: str, authority: str) -> Redaction:
    """
    Remove the file of a document, and those that it had before, from the database; the document stays without it, and
    so does every other that names the same file. It must be sealed, so that readers have not seen it for a while.

    Raises `PermissionDenied`, and `RedactionError` if it is not sealed or has no file and never had one.
    """
    with _act(actor):
        there = Document.objects.select_for_update(of=("self",)).filter(pk=document.pk).first()
        if there is None:
            raise RedactionError(_("It is gone already."))
        if not there.sealed:
            raise RedactionError(_("Mark it as sealed first. Only the file of a sealed document is removed for ever."))
        going = files.of_document(there.pk)
        if not going:
            raise RedactionError(_("It has no file."))
        return _record(Subject.FILE, actor, nature, authority, Counter(files.purge(going)))


def redact_row(row: Case | Event, *, actor: Actor, nature: str, authority: str) -> Redaction:
    """
    Delete a case or an entry with all that hangs on it, as if it had never been. It must be withheld: readers then have
    not seen it for a while, and nobody removes by mistake what they see.

    Raises `PermissionDenied`, and `RedactionError` if it is not withheld or somebody has changed that meanwhile.
    """
    model: Any = Case if isinstance(row, Case) else Event
    with _act(actor):
        there = model._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
        if there is None:
            raise RedactionError(_("It is gone already."))
        if there.state != State.WITHHELD:
            raise RedactionError(_("Withhold it first. Only what is withheld is removed for ever."))
        found = rows.extent(there)
        changed = rows.purge(found)
        rows.settle()
        return _record(Subject.CASE if model is Case else Subject.ENTRY, actor, nature, authority, changed)


@contextmanager
def _act(actor: Actor) -> Iterator[None]:
    """The frame of both: the right, one transaction in which nobody else writes, and what the history then lets by."""
    if actor is not None and not rights.may_redact(actor):
        raise PermissionDenied
    try:
        with transaction.atomic(), pghistory.context(act="redact"), pgtrigger.ignore(*_in_the_way()):
            _lock()
            yield
    except OperationalError as error:
        # A lock that did not come in time, or two that waited for each other.
        if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise
        raise RedactionError(_("Somebody is saving at this very moment. Nothing was done; try again.")) from None
    except IntegrityError as error:
        # What it says may hold the words, so neither the editor nor the log is told more than the name of the rule.
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "?"
        message = _(
            "A rule of the database is in the way (%(name)s). Nothing was done; change that place by hand first."
        )
        raise RedactionError(message % {"name": name}) from None


# What keeps addresses and what was public for ever, in front of which this act alone may pass.
_KEEPS = {
    "keep_public_case", "keep_public_entry", "keep_former_entry", "keep_former_slug", "remember_old_slug",
    "slug_is_free", "keep_file", "keep_former_party", "keep_former_court", "former_party_is_permanent",
    "former_court_is_permanent", "keep_former_judge", "former_judge_is_permanent", "former_document_is_permanent",
    "former_attorney_is_permanent",
}  # fmt: skip


def _in_the_way() -> list[str]:
    """The triggers that keep what this act purges, as `pgtrigger` names them; the history is written as always."""
    return [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if trigger.name in _KEEPS or (trigger.name == "append_only" and model._meta.app_label == "casetracker")
    ]


def _lock() -> None:
    """Nobody else writes a row until the transaction ends, or the words could come back behind us; reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        for table in [*(place.table for place in places()), StoredFile._meta.db_table]:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def _record(subject: Subject, actor: Actor, nature: str, authority: str, changed: Counter[str]) -> Redaction:
    record = Redaction(done_by=actor, subject=subject, nature=nature, authority=authority.strip(), rows=dict(changed))
    record.files = changed[StoredFile._meta.db_table]
    record.full_clean(exclude={"done_at", "done_by"})
    record.save()
    record.refresh_from_db()
    log.warning("Redaction %s: %s, %s rows", record.pk, subject.value, changed.total())
    return record
