"""Which numbers of a docket are not here, and which stand there twice."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casetracker.models import Case, DocketEntry

# A longer number is the key of a document and counts nothing.
_MOST_DIGITS = 6
# Where fewer of its numbers are here the docket is kept in extracts, and a missing number tells nobody anything.
_KEPT_IN_FULL = 0.5


@dataclass(slots=True)
class Docket:
    """
    The numbers of one proceeding: how many different ones are recorded, from which to which. `flags` are words for
    entries by their keys: what is missing before them where the docket is kept in full, and what stands there twice.
    """

    recorded: int = 0
    first: int = 0
    last: int = 0
    flags: dict[int, list[str]] = field(default_factory=dict)

    @property
    def is_kept_in_full(self) -> bool:
        return self.recorded > 1 and self.recorded >= _KEPT_IN_FULL * (self.last - self.first + 1)

    @property
    def in_words(self) -> str:
        if not self.recorded or self.recorded == self.last - self.first + 1:
            return ""
        return _("%(count)s of the numbers %(first)s to %(last)s are here") % {
            "count": self.recorded,
            "first": self.first,
            "last": self.last,
        }


def dockets_of(case: Case, seen: QuerySet[Any]) -> dict[int, Docket]:
    """
    What can be said of the numbers on each docket of the case that entries `seen` have, by the keys of its proceedings;
    one query.
    """
    rows = DocketEntry.objects.filter(proceeding__case=case)
    if seen.query.where:
        rows = rows.filter(event__in=seen.order_by().values("pk"))
    rows = rows.order_by("proceeding", "pk")
    by_docket: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for proceeding, number, entry in rows.values_list("proceeding_id", "number", "event_id"):
        if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS:
            by_docket[proceeding][int(number)].append(entry)
    return {proceeding: _docket(entries) for proceeding, entries in by_docket.items()}


def _docket(entries: dict[int, list[int]]) -> Docket:
    numbers = sorted(entries)
    docket = Docket(len(numbers), numbers[0], numbers[-1])
    flags: dict[int, list[str]] = defaultdict(list)
    for before, number in pairwise(numbers):
        if docket.is_kept_in_full and number > before + 1:
            flags[entries[number][0]].append(_missing(before + 1, number - 1))
    for number, found in entries.items():
        if len(set(found)) > 1:
            for entry in found:
                flags[entry].append(_("%(number)s stands on the docket twice") % {"number": number})
    docket.flags = dict(flags)
    return docket


def _missing(first: int, last: int) -> str:
    if first == last:
        return _("%(number)s is missing before it") % {"number": first}
    return _("%(first)s to %(last)s are missing before it") % {"first": first, "last": last}
