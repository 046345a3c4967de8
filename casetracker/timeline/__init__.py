"""
From entries in the database to what a page tells of them.

`entries()` turns any queryset of entries into plain `Entry` structures in a constant number of queries, however many
there are: one for the entries, one for their small parts as JSON, one each for treatments, statements and sources. The
case page, the court's and judge's pages and the list of rulings are the same entries in other clothes.
"""

from .links import entry_path, links, said_path
from .reading import entries
from .structures import CourtLabel, Entry, EntryLink, SaidHere, SourceLine, StatementLine, Told, TreatmentLine

__all__ = [
    "CourtLabel",
    "Entry",
    "EntryLink",
    "SaidHere",
    "SourceLine",
    "StatementLine",
    "Told",
    "TreatmentLine",
    "entries",
    "entry_path",
    "links",
    "said_path",
]
