"""
Which cases and entries answer a question. Everything starts from `public()`; nothing here knows of a request.

`criteria` is what stands in columns: courts, kinds, dates, outcomes, judges. `words` is what a reader types and what it
means, `hits` where the texts have it, `matching` and `entries` which of some cases or entries that leaves, and
`snippets` what a list shows of it.
"""

from .criteria import (
    OUTCOME_CHOICES,
    EntryCriteria,
    cases_of_party,
    cases_with,
    entries_that,
    in_courts,
    in_range,
    named,
    new_since,
    seats_in,
)
from .entries import MOST_LISTED, EntriesFound, entries_found, entries_matching, entries_mentioning
from .hits import MOST, CasesFound, Hit, Where
from .matching import cases_found, cases_matching
from .snippets import Piece, Snippet, Told, of_cases, of_entries
from .spelling import did_you_mean
from .straight import straight_to
from .suggestions import Suggestion, suggest
from .words import LONGEST_QUERY, Asked, Problem, clean_words, understand

__all__ = [
    "LONGEST_QUERY",
    "MOST",
    "MOST_LISTED",
    "OUTCOME_CHOICES",
    "Asked",
    "CasesFound",
    "EntriesFound",
    "EntryCriteria",
    "Hit",
    "Piece",
    "Problem",
    "Snippet",
    "Suggestion",
    "Told",
    "Where",
    "cases_found",
    "cases_matching",
    "cases_of_party",
    "cases_with",
    "clean_words",
    "did_you_mean",
    "entries_found",
    "entries_matching",
    "entries_mentioning",
    "entries_that",
    "in_courts",
    "in_range",
    "named",
    "new_since",
    "of_cases",
    "of_entries",
    "seats_in",
    "straight_to",
    "suggest",
    "understand",
]
