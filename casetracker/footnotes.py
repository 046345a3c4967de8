"""
Sources as numbered notes, for a page that has no links: on paper an address must be written out.

A source has one note however often it is used. Where it is used for several places in it ("Doc. 21", "p. 3"), each
place has a letter, and the mark in the text is number and letter: 3a, 3b. A document is a note too. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from .timeline import Entry, SourceLine, StatementLine, Told


@dataclass(slots=True)
class Note(Told):
    """
    One source. `places` are the pinpoints in the order of the text; they have letters where a mark must tell one from
    another, or from the source as a whole.
    """

    number: int
    kind: str
    title: str
    publisher: str = ""
    address: str = ""
    archived_address: str = ""
    read_on: str = ""
    remark: str = ""
    places: list[str] = field(default_factory=list)
    is_used_whole: bool = False
    # Whether the title is a text of the record and not of the page.
    is_stored: bool = True

    @property
    def has_letters(self) -> bool:
        return len(self.places) + self.is_used_whole > 1

    @property
    def lettered(self) -> list[tuple[str, str]]:
        """Each place behind its letter."""
        return [(letter(at), place) for at, place in enumerate(self.places)]


@dataclass(slots=True, frozen=True)
class Mark(Told):
    """Where the text refers to a note, or to one place in what the note names."""

    note: Note
    place: str = ""

    @property
    def order(self) -> int:
        """Its place among those of the note; the source as a whole comes first."""
        return self.note.places.index(self.place) if self.place else -1

    @property
    def label(self) -> str:
        """ "3", or "3b". Known only when all marks are made, for a note has letters on account of all of them."""
        is_lettered = self.place and self.note.has_letters
        return f"{self.note.number}{letter(self.order) if is_lettered else ''}"


@dataclass(slots=True, frozen=True)
class MarkedStatement(Told):
    statement: StatementLine
    marks: list[Mark]


@dataclass(slots=True, frozen=True)
class MarkedDocument(Told):
    """`mark` is None where the document has neither an address nor a file."""

    title: str
    pages: int | None
    mark: Mark | None


@dataclass(slots=True, frozen=True)
class MarkedEntry(Told):
    entry: Entry
    marks: list[Mark]
    documents: list[MarkedDocument]
    statements: list[MarkedStatement]


class Notes:
    """The notes of one page, numbered in the order in which they are asked for."""

    def __init__(self, site: str = "") -> None:
        """`site` is the scheme and host behind which our own files stand."""
        self._site = site
        self.all: list[Note] = []
        self._sources: dict[tuple[str, ...], Note] = {}
        self._addresses: dict[str, Note] = {}

    def marks(self, sources: Iterable[SourceLine]) -> list[Mark]:
        """The marks of a passage in the order of their notes, each once."""
        found = {(mark.note.number, mark.order): mark for mark in map(self._of_source, sources)}
        return [found[key] for key in sorted(found)]

    def of_address(self, title: str, address: str, kind: str, *, is_stored: bool = True) -> Mark:
        """The mark of what is only a title and an address; the note of a source with that address serves for it."""
        note = self._addresses.get(address) or self._add(
            Note(len(self.all) + 1, kind, title, address=address, is_stored=is_stored)
        )
        note.is_used_whole = True
        return Mark(note)

    def entry(self, entry: Entry) -> MarkedEntry:
        """An entry with its marks in the order in which a page tells it: sources, documents, statements."""
        return MarkedEntry(
            entry,
            self.marks(entry.sources),
            [self._document(document) for document in entry.documents],
            [MarkedStatement(statement, self.marks(statement.sources)) for statement in entry.statements],
        )

    def _of_source(self, source: SourceLine) -> Mark:
        # What would read the same is the same.
        told = (
            source.kind,
            source.title,
            source.publisher,
            source.address,
            source.archived_address,
            source.read_on,
            source.note,
        )
        note = self._sources.get(told)
        if note is None:
            note = self._sources[told] = self._add(Note(len(self.all) + 1, *told))
        if not source.pinpoint:
            note.is_used_whole = True
        elif source.pinpoint not in note.places:
            note.places.append(source.pinpoint)
        return Mark(note, source.pinpoint)

    def _document(self, document: dict[str, Any]) -> MarkedDocument:
        title, address = document["title"], document["address"]
        if not address and document["file"]:
            address = f"{self._site}{document['file']}"
        mark = self.of_address(title, address, gettext("Document")) if address else None
        return MarkedDocument(title, document["pages"], mark)

    def _add(self, note: Note) -> Note:
        self.all.append(note)
        if note.address:
            self._addresses.setdefault(note.address, note)
        return note


def letter(place: int) -> str:
    """a, b, ... z, aa, ab, ... for 0, 1, ... 25, 26, 27, ..."""
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + last)
