"""What was found: in the way of entries, in one entry, in one case, on the whole site."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Cast

from ..models import Event
from .checks import BY_NAME, CHECKS
from .kinds import Check, Weight

_BLOCKING = [check for check in CHECKS if check.weight is Weight.BLOCKS]
_BEFORE_PUBLISHING = [check for check in CHECKS if check.weight is not Weight.TELLS]
_OF_ENTRIES = [check for check in _BEFORE_PUBLISHING if check.entry]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that was found. `key` is the row if it is only one; `about` names that row."""

    check: Check
    count: int
    key: str = ""
    entry: Event | None = None

    @property
    def blocks(self) -> bool:
        return self.check.weight is Weight.BLOCKS


def blocked(entries: Collection[int], *, on: datetime.date) -> dict[int, list[Check]]:
    """Which of these entries must not be published on that day, and why. One query."""
    found: dict[int, list[Check]] = defaultdict(list)
    if not entries:
        return found
    for name, _key, entry in _together(
        _BLOCKING, lambda check: check.rows(on=on).filter(**{f"{check.entry}__in": entries})
    ):
        if BY_NAME[name] not in found[entry]:
            found[entry].append(BY_NAME[name])
    return found


def of_entry(entry: Event, *, on: datetime.date | None = None) -> list[Finding]:
    """What is open in one entry, what blocks first. One query."""
    faults = _together(_OF_ENTRIES, lambda check: check.rows(on=on).filter(**{check.entry: entry.pk}))
    return _findings(faults, {entry.pk: entry})


def of_case(case: int, *, on: datetime.date | None = None) -> list[Finding]:
    """What is open in one case and its entries, what blocks first. Two queries, however many entries there are."""
    faults = _together(_BEFORE_PUBLISHING, lambda check: check.rows(on=on, case=case))
    often = Counter(name for name, _key, _entry in faults)
    alone = {entry for name, _key, entry in faults if entry and often[name] == 1}
    return _findings(faults, Event.objects.in_bulk(alone) if alone else {})


def counts(*, case: int | None = None) -> list[tuple[Check, int]]:
    """How often each fault is there, of one case or of all. One query."""
    parts = [
        check.rows(case=case)
        .order_by()
        .annotate(fault=Value(check.name, output_field=CharField()))
        .values("fault")
        .annotate(count=Count("pk"))
        .values_list("fault", "count")
        for check in CHECKS
    ]
    found = dict(parts[0].union(*parts[1:], all=True))
    return [(check, found.get(check.name, 0)) for check in CHECKS]


def _together(checks: Sequence[Check], narrow: Callable[[Check], QuerySet[Any]]) -> list[tuple[str, str, int]]:
    """What several checks find, in one query: the check, the row, and its entry or 0."""
    parts = [
        narrow(check)
        .order_by()
        .annotate(
            fault=Value(check.name, output_field=CharField()),
            row=Cast("pk", CharField()),
            about=F(check.entry) if check.entry else Value(0),
        )
        .values_list("fault", "row", "about")
        for check in checks
    ]
    return sorted(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])


def _findings(faults: Sequence[tuple[str, str, int]], entries: dict[int, Event]) -> list[Finding]:
    """One finding for each kind, in the order of `CHECKS`, in which what blocks stands first."""
    rows: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, key, entry in faults:
        rows[name].append((key, entry))
    found = []
    for check in CHECKS:
        if check.name in rows:
            (key, entry), *more = rows[check.name]
            is_one = not more
            found.append(
                Finding(check, 1 + len(more), key=key if is_one else "", entry=entries.get(entry) if is_one else None)
            )
    return found
