"""The courts and topics that a filter of a list offers."""

from typing import NamedTuple

from ...freshness import Remembered
from ...models import Court, Level, System, Topic

Choices = list[tuple[str, str]]


class Offered(NamedTuple):
    """What the filters of a list offer: the courts, as system, level, identifier and name, and the topics."""

    courts: list[tuple[str, str, str, str]]
    topics: Choices


_OFFERED: Remembered[Offered] = Remembered(1)


def offered(state: str | None) -> Offered:
    """The courts and topics that have something public, in their order. Two queries for each state of the record."""
    return _OFFERED.get("", state, _offered)


def _offered() -> Offered:
    systems, levels = ({value: place for place, value in enumerate(kind.values)} for kind in (System, Level))
    columns = ("system", "level", "display_order", "sort_key", "id", "name")
    courts = sorted(
        Court.objects.in_use().public().order_by().values_list(*columns),
        key=lambda court: (systems[court[0]], levels[court[1]], *court[2:5]),
    )
    topics = list(Topic.objects.public().order_by("name", "pk").values_list("slug", "name"))
    return Offered([(court[0], court[1], court[4], court[5]) for court in courts], topics)
