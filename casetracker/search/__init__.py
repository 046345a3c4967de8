"""
Which cases and entries answer a question. Everything starts from `public()`; nothing here knows of a request.

`criteria` is what stands in columns: courts, kinds, dates, outcomes, judges. `words` and `matching` are what stands in
texts.
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
from .matching import cases_matching, entries_matching, entries_mentioning
from .words import LONGEST_QUERY, clean_words

__all__ = [
    "LONGEST_QUERY",
    "OUTCOME_CHOICES",
    "EntryCriteria",
    "cases_matching",
    "cases_of_party",
    "cases_with",
    "clean_words",
    "entries_matching",
    "entries_mentioning",
    "entries_that",
    "in_courts",
    "in_range",
    "named",
    "new_since",
    "seats_in",
]
