"""
The filter forms of the public pages. They read an address, say what is wrong with it, and hand plain criteria down.
"""

from .address import AddressFilter, Chip
from .appearances import CourtTimelineFilter, JudgeTimelineFilter, PartyTimelineFilter, PersonTimelineFilter
from .cases import CaseFilter
from .entries import EntriesFilter, EntryListFilter, RulingFilter
from .fields import BoundField
from .timelines import DayForm, TimelineFilter

__all__ = [
    "AddressFilter",
    "BoundField",
    "CaseFilter",
    "Chip",
    "CourtTimelineFilter",
    "DayForm",
    "EntriesFilter",
    "EntryListFilter",
    "JudgeTimelineFilter",
    "PartyTimelineFilter",
    "PersonTimelineFilter",
    "RulingFilter",
    "TimelineFilter",
]
