"""
Files and the documents that name them, the history included. A file goes when nothing names it any more, in the
transaction in which that comes about.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from casetracker import history
from casetracker.files import pieces
from casetracker.models import Document, MediaType, Reading, StoredFile

from .patterns import Pattern
from .places import places

_ENCODINGS: dict[str, str] = {MediaType.TEXT: "utf-8", MediaType.TEXT_WESTERN: "cp1252"}


def named_by_these_alone(documents: Iterable[Any]) -> set[Any]:
    """The files that these documents name or named once, and no other does or did."""
    keys = set(documents)
    return _named(keys) - _named_by_others(keys)


def of_document(key: Any) -> set[Any]:
    """The files that the document names or named once."""
    return _named({key})


def with_words(pattern: Pattern) -> set[Any]:
    """
    The files that hold the words, as far as that can be told: plain text is looked through; a PDF has its text packed,
    and counts if a document holds the words now, or held them while it had the file.
    """
    found: set[Any] = set()
    for place in places():
        if place.model not in {Document, _revisions()}:
            continue
        rows = place.model._base_manager.filter(file__isnull=False)
        holds = Q()
        for column in place.columns:
            holds |= Q(**{f"{column.name}__iregex": pattern.in_database})
        found.update(rows.filter(holds).order_by().values_list("file", flat=True))
    there = StoredFile._base_manager.order_by("pk")
    plain = there.filter(media_type__in=_ENCODINGS).values_list("pk", "size", "media_type")
    for key, size, media_type in plain:
        if key not in found and pattern.is_in(b"".join(pieces(key, 0, size)).decode(_ENCODINGS[media_type], "replace")):
            found.add(key)
    # The history may name one that an earlier redaction removed.
    return set(there.filter(pk__in=found).values_list("pk", flat=True))


def not_looked_through() -> int:
    """How many PDF files have a text that nobody here knows: scans, locked ones, those that are not read yet."""
    known = Document._base_manager.filter(file=OuterRef("pk"), reading=Reading.READ)
    return StoredFile._base_manager.filter(~Exists(known), media_type=MediaType.PDF).count()


def purge(files: Iterable[Any]) -> dict[str, int]:
    """
    Remove the files and all that says which they were, from every document and its whole history. Within a transaction
    in which the history may be changed; how many rows of which tables.
    """
    keys = list(files)
    revisions = _revisions()
    live = Document._base_manager.filter(file__in=keys).update(file=None, pages=None)
    nothing = {"file": None, "pages": None, "size": None, "sha256": "", "reading": "", "text": ""}
    told = revisions.objects.filter(file__in=keys).update(**nothing)
    gone = StoredFile._base_manager.filter(pk__in=keys)
    count = gone._raw_delete(gone.db) or 0  # past the collector, as for all that goes
    tables = {Document: live, revisions: told, StoredFile: count}
    return {model._meta.db_table: number for model, number in tables.items() if number}


def _named(documents: set[Any]) -> set[Any]:
    now = Document._base_manager.filter(pk__in=documents, file__isnull=False).values_list("file", flat=True)
    once = _revisions().objects.filter(pgh_obj_id__in=documents, file__isnull=False).order_by()
    # A file that the history names may have been removed by an earlier redaction.
    known = {*now, *once.values_list("file", flat=True).distinct()}
    return set(StoredFile._base_manager.filter(pk__in=known).values_list("pk", flat=True))


def _named_by_others(documents: set[Any]) -> set[Any]:
    file = OuterRef("pk")
    now = Document._base_manager.filter(file=file).exclude(pk__in=documents)
    once = _revisions().objects.filter(file=file).exclude(pgh_obj_id__in=documents)
    named = StoredFile._base_manager.filter(pk__in=_named(documents))
    return set(named.filter(Exists(now) | Exists(once)).values_list("pk", flat=True))


def _revisions() -> Any:
    return history.revisions_of(Document)
