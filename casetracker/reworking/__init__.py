"""
Acts on entries that are there already: their order within a day, merging, splitting, moving to another proceeding, and
one change to many; and the joining of two parties, courts or cases that are one.

Each act is one transaction that locks first (acts on entries lock their case), checks everything again with the rows
locked, and leaves its name in the history. Each can be tried: it is then done, told of, and rolled back, so that what a
preview shows is what the database itself would do.
"""

from casetracker.reworking.acts import ChangedMeanwhileError, Done, Kept, ReworkError, Seen
from casetracker.reworking.joinable import JOINABLE, Joinable, joinable_of
from casetracker.reworking.joining import BusyError, Joined, join, version
from casetracker.reworking.merging import merge
from casetracker.reworking.order import Direction, of_the_same_day, step
from casetracker.reworking.placing import place
from casetracker.reworking.splitting import split
from casetracker.reworking.together import Together, change_together

__all__ = [
    "JOINABLE",
    "BusyError",
    "ChangedMeanwhileError",
    "Direction",
    "Done",
    "Joinable",
    "Joined",
    "Kept",
    "ReworkError",
    "Seen",
    "Together",
    "change_together",
    "join",
    "joinable_of",
    "merge",
    "of_the_same_day",
    "place",
    "split",
    "step",
    "version",
]
