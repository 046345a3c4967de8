"""Which effects count, from when and until when: rules 1 to 5, 9 and 10."""

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..dates import Form, UncertainDate
from .values import AMENDING, STAYS, Act, Effect, Key, Note, NoteKind, Part, State

# How much force something has.
NONE, PARTLY, WHOLE = 0, 1, 2

# What an effect takes from its target, as bits: several verbs at once are one number, and a case of 500 rulings is
# worked out in milliseconds.
REVERSED, VACATED, SUPERSEDED, ENDED, STAYED = 1, 2, 4, 8, 16
BITS = {
    "reverses": REVERSED,
    "vacates": VACATED,
    "dissolves": VACATED,
    "supersedes": SUPERSEDED,
    "ends": ENDED,
    STAYS: STAYED,
}
ANY = REVERSED | VACATED | SUPERSEDED | ENDED | STAYED
# What undoes the things that a ruling did once (rule 7).
UNDOING = REVERSED | VACATED | STAYED


# From this day on there is this much force; and what is known of the day if less than the day. Plain tuples, as are the
# changes of state: there are many.
Point = tuple[datetime.date, int, UncertainDate | None]
Turn = tuple[datetime.date, State, UncertainDate | None]


@dataclass(slots=True, eq=False)
class Node:
    """An act, and of a ruling what follows for all time."""

    act: Act
    day: datetime.date
    vague: UncertainDate | None
    place: tuple[datetime.date, int, int]
    parts: dict[Key, Part] = field(default_factory=dict)
    made: list["Link"] = field(default_factory=list)
    received: list["Link"] = field(default_factory=list)
    # Those received that may call for a note, and the notes on those not counted, with the day since which each holds.
    noted: list["Link"] = field(default_factory=list)
    not_counted: list[tuple[datetime.date, Note]] = field(default_factory=list)
    # What is left of the stays that it ordered, and of the rest that it did.
    lasting: list[Point] = field(default_factory=list)
    done: list[Point] = field(default_factory=list)
    changes: list[Turn] = field(default_factory=list)
    part_changes: dict[Key, list[Turn]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Link:
    """
    An effect both of whose ends are known.

    `bit` is 0 for a verb without force. `known` is the day since which both ends are made, `limit` its force while it
    stands, and `points` its force over time, the first of them at `start`; there are none if it is over before.
    `is_steady`: nothing ever took from the force of its act.
    """

    verb: str
    bit: int
    act: Node
    target: Node
    part: Key | None
    limit: int
    known: datetime.date
    start: datetime.date
    vague: UncertainDate | None
    effective: UncertainDate | None
    end: tuple[datetime.date, UncertainDate | None] | None
    closed_by: Node | None
    order: tuple[datetime.date, tuple[datetime.date, int, int], int]
    points: list[Point] = field(default_factory=list)
    is_steady: bool = True

    @property
    def life(self) -> list[Point]:
        """What is left of the act, as far as this effect rests on it."""
        return self.act.lasting if self.bit == STAYED else self.act.done

    @property
    def weakened_by(self) -> int:
        """What, done to its act, takes from its force (rules 6 and 7)."""
        return ANY if self.bit == STAYED else UNDOING


def connect(nodes: dict[Key, Node], effects: Iterable[Effect]) -> None:
    """Hang on the nodes the links that count. Those with force make no circle. The same effect twice counts once."""
    links = []
    for index, effect in enumerate(dict.fromkeys(effects)):
        act, target = nodes.get(effect.act), nodes.get(effect.target)
        if act is not None and target is not None and target.act.is_ruling:
            closed_by = nodes.get(effect.until_act) if effect.until_act is not None else None
            link = _link(effect, act, target, closed_by, index)
            links.append(link)
            act.made.append(link)
    circular = [link for link in links if _is_circular(link)]
    for link in circular:
        link.act.made.remove(link)
        link.target.not_counted.append((link.known, Note(NoteKind.CIRCULAR, link.act.act.key, link.part)))
    for link in links if not circular else (link for link in links if link not in circular):
        link.target.received.append(link)
        if link.effective is not None or link.verb in AMENDING or link.act.day < link.target.day:
            link.target.noted.append(link)


def _link(effect: Effect, act: Node, target: Node, closed_by: Node | None, index: int) -> Link:
    known, vague = act.day, act.vague
    if known < target.day:
        known, vague = target.day, vague or target.vague
    start = known
    effective = effect.effective or act.act.effective
    if effective is not None and effective.sort_date > known:
        start, vague = effective.sort_date, unless_exact(effective)
    end = None if effect.until is None else after(effect.until)
    if closed_by is not None:
        if end is None or closed_by.day <= end[0]:
            end = closed_by.day, closed_by.vague
        else:
            closed_by = None
    part = effect.part if effect.part in target.parts else None
    limit = PARTLY if effect.in_part or part != effect.part else WHOLE
    order = (start, act.place, index)
    bit = BITS.get(effect.verb, 0)
    return Link(effect.verb, bit, act, target, part, limit, known, start, vague, effective, end, closed_by, order)


def _is_circular(link: Link) -> bool:
    """Whether it is not counted by rule 10."""
    if link.act is link.target:
        return True
    if not link.bit or link.act.place > link.target.place:
        return False
    seen, waiting = {link.target}, [link.target]
    while waiting:
        for other in waiting.pop().made:
            if other.bit and other.target not in seen and other.target.place <= link.target.place:
                seen.add(other.target)
                waiting.append(other.target)
    return link.act in seen


def spread(node: Node) -> None:
    """Give the links from an act their force over time, from what is left of the act."""
    for link in node.made:
        start, end, limit, life = link.start, link.end, link.limit, link.life
        if end is not None and end[0] <= start:
            continue
        if len(life) == 1 and life[0][1] == WHOLE:
            link.points.append((start, limit, link.vague))
        else:
            link.is_steady = False
            add_point(link.points, start, min(force(life, start), limit), link.vague)
            for day, left, vague in life:
                if day > start and (end is None or day < end[0]):
                    add_point(link.points, day, min(left, limit), vague)
        if end is not None:
            add_point(link.points, end[0], NONE, end[1])


def add_point(points: list[Point], day: datetime.date, strength: int, vague: UncertainDate | None) -> None:
    """Add it unless it changes nothing. `day` is later than that of the last one."""
    if not points or points[-1][1] != strength:
        points.append((day, strength, vague))


def force(points: Sequence[Point], on: datetime.date) -> int:
    """The force on a day; none before the first point."""
    last = len(points) - 1
    if last >= 0 and points[last][0] > on:
        # Another tuple of the day sorts before this one, whatever its force.
        last = bisect_right(points, (on, WHOLE + 1)) - 1
    return points[last][1] if last >= 0 else NONE


def unless_exact(date: UncertainDate) -> UncertainDate | None:
    """The date, if it is not known to the day."""
    is_exact = date.form is Form.ON and not date.circa and date.first is not None and date.first.day is not None
    return None if is_exact else date


def after(last: UncertainDate) -> tuple[datetime.date, UncertainDate | None] | None:
    """The day since which a last day is past, and what is known of it if less; None if no end is known (rule 3)."""
    if last.latest is None:
        return None
    vague = None if unless_exact(last) is None else UncertainDate(Form.AFTER, last.last, None, last.circa)
    return last.latest + datetime.timedelta(days=1), vague
