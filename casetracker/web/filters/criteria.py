"""What the cleaned values of a filter ask of an entry."""

import datetime
from collections.abc import Mapping
from typing import Any

from ... import search


def _first(value: tuple[datetime.date, datetime.date] | None) -> datetime.date | None:
    return value[0] if value else None


def _last(value: tuple[datetime.date, datetime.date] | None) -> datetime.date | None:
    return value[1] if value else None


def each(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """What is chosen in a filter, each once; in an order of its own, for it means the same in any."""
    return tuple(sorted(set(values.get(name) or ())))


def criteria(values: Mapping[str, Any]) -> search.EntryCriteria:
    return search.EntryCriteria(
        courts=each(values, "court"),
        levels=each(values, "level"),
        kinds=each(values, "kind"),
        outcomes=each(values, "outcome"),
        judges=each(values, "judge"),
        after=_first(values.get("after")),
        before=_last(values.get("before")),
        decided_after=_first(values.get("decided_after")),
        decided_before=_last(values.get("decided_before")),
    )
