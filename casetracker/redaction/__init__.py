"""
Redaction: words, or whole rows, are purged from every place in the database that could give them back.

It is the one act that changes the history, which the database otherwise only lets grow, and the one that deletes what
readers have seen. It leaves a `Redaction` that says who did it, when, on what authority and how much, without a word of
what it was. What a backup holds is beyond it: docs/operations.md says how those are treated.
"""

from .acts import RedactionError, redact_file, redact_row, redact_words
from .patterns import LONGEST, MARK, MOST, Pattern, PatternError
from .rows import Extent, extent
from .words import Found, find

__all__ = [
    "LONGEST",
    "MARK",
    "MOST",
    "Extent",
    "Found",
    "Pattern",
    "PatternError",
    "RedactionError",
    "extent",
    "find",
    "redact_file",
    "redact_row",
    "redact_words",
]
