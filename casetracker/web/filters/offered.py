"""The courts and topics that a filter of a list offers."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import CharField, Value

from ...appearances import COURT_COLUMNS, CourtRow
from ...freshness import Remembered
from ...models import Court, Level, System, Topic

Choices = list[tuple[str, str]]
# System, level, identifier and name.
OfferedCourt = tuple[str, str, str, str]


class Offered(NamedTuple):
    """What the filters of a list offer: the courts in their order, and the topics."""

    courts: list[OfferedCourt]
    topics: Choices = []


_OFFERED: Remembered[Offered] = Remembered(1)


def offered(state: str | None) -> Offered:
    """The courts and topics that have something public, in their order. One query for each state of the record."""
    return _OFFERED.get("", state, _offered)


def _offered() -> Offered:
    nothing = Value("", output_field=CharField())
    # As courts without a system.
    topics = Topic.objects.public().order_by()
    topic_rows = topics.values_list(nothing, nothing, Value(0), nothing, "slug", "name")
    rows = Court.objects.in_use().public().order_by().values_list(*COURT_COLUMNS).union(topic_rows, all=True)
    courts = [row for row in rows if row[0]]
    return Offered(in_order(courts), sorted((row[4:] for row in rows if not row[0]), key=lambda topic: topic[::-1]))


def in_order(courts: Iterable[CourtRow]) -> list[OfferedCourt]:
    """Courts by system and level, and in the order of those."""
    systems, levels = ({value: place for place, value in enumerate(kind.values)} for kind in (System, Level))
    rows = sorted(courts, key=lambda court: (systems[court[0]], levels[court[1]], *court[2:5]))
    return [(system, level, key, name) for system, level, _, _, key, name in rows]
