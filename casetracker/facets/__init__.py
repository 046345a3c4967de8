"""
How many cases or entries stand behind each choice of a filter.

Beside a choice stands how many would be listed if it were made: what the other filters let through, without what is
chosen in the same facet, for several choices of one facet mean any of them.
"""

from .asked import CASE_FACETS, ENTRY_FACETS, Asked, Facet
from .counting import BOUND, Counts, Number, count_cases, count_entries

__all__ = [
    "BOUND",
    "CASE_FACETS",
    "ENTRY_FACETS",
    "Asked",
    "Counts",
    "Facet",
    "Number",
    "count_cases",
    "count_entries",
]
