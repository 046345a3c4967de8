"""All that is recorded of rulings, worked out for all time."""

import datetime
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter

from .links import WHOLE, Node, Point, connect, spread, unless_exact
from .states import work_out
from .telling import Day
from .values import Act, Change, Effect, Key, Part, RulingStanding


class Record:
    """
    For a page that asks for several days and histories: the work is done once.

    Of several acts with one key, or parts of one ruling with one key, the first counts.
    """

    def __init__(self, acts: Iterable[Act], parts: Iterable[Part], effects: Iterable[Effect]) -> None:
        self._nodes: dict[Key, Node] = {}
        for index, act in enumerate(acts):
            if act.key not in self._nodes:
                day = act.date.sort_date
                self._nodes[act.key] = Node(act, day, unless_exact(act.date), (day, act.order, index))
        for part in parts:
            if part.ruling in self._nodes:
                self._nodes[part.ruling].parts.setdefault(part.key, part)
        connect(self._nodes, effects)
        rulings = (node for node in self._nodes.values() if node.act.is_ruling)
        self._rulings = sorted(rulings, key=lambda node: node.place)
        for node in self._in_order_of_work():
            if node.act.is_ruling:
                node.received.sort(key=lambda link: link.order)
                work_out(node)
            else:
                node.lasting = node.done = [(node.day, WHOLE, node.vague)]
            spread(node)

    def stand(self, on: datetime.date) -> dict[Key, RulingStanding]:
        """The standing at the end of the day of every ruling made by then, in the order of the timeline."""
        day = Day(on)
        return {node.act.key: day.standing(node) for node in self._rulings if node.day <= on}

    def changes(self) -> list[datetime.date]:
        """The days on which `stand` answers otherwise than on the day before, in order; some may be still to come."""
        days: set[datetime.date] = set()
        for node in self._rulings:
            for found in (node.changes, *node.part_changes.values()):
                days.update(day for day, _, _ in found)
            for link in node.received:
                days.update((link.start, *_turns(link.points)))
                if link.closed_by is not None and link.closed_by.day >= link.start:
                    days.add(link.closed_by.day)
                if link.known < link.start:
                    days.update((link.known, *(day for day in _turns(link.life) if link.known < day < link.start)))
        return sorted(days)

    def history(self, ruling: Key) -> list[Change]:
        """Every state that the ruling has had and, as things are, will have; empty if there is no such ruling."""
        return [Change(*turn) for turn in self._nodes[ruling].changes] if ruling in self._nodes else []

    def _in_order_of_work(self) -> Iterable[Node]:
        """Every act after those that treat it with force."""
        in_time = sorted(self._nodes.values(), key=lambda node: node.place, reverse=True)
        if all(link.act.place > link.target.place for node in in_time for link in node.made if link.bit):
            return in_time
        sorter: TopologicalSorter[Node] = TopologicalSorter()
        for node in in_time:
            sorter.add(node, *(link.act for link in node.received if link.bit))
        return sorter.static_order()


def _turns(points: list[Point]) -> Iterator[datetime.date]:
    """The days on which force comes or goes."""
    had = False
    for day, strength, _ in points:
        if bool(strength) != had:
            had = not had
            yield day
