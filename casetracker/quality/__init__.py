"""
What is to be mended in what editors have entered: each kind of fault said once, as the rows that have it.

The same kinds tell what stands in the way of one entry, what is open in one case, and what needs work on the whole
site. A fault either blocks publication (what would be shown is wrong, or must not be shown), warns of what readers
would miss, or is told on the list of what needs work alone. What is withdrawn or withheld is not counted.
"""

from .asking import Finding, blocked, counts, of_case, of_entry
from .checks import BY_NAME, CHECKS, STALE
from .kinds import Check, Weight

__all__ = ["BY_NAME", "CHECKS", "STALE", "Check", "Finding", "Weight", "blocked", "counts", "of_case", "of_entry"]
