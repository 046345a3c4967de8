"""What is told of one day: states, and the steps that prove them."""

import datetime

from ..dates import UncertainDate
from .links import NONE, PARTLY, WHOLE, Link, Node, Turn, force
from .values import AMENDING, ENDS, Note, NoteKind, PartStanding, RulingStanding, Step


class Day:
    """The telling of one day. It keeps the steps made, for those of a ruling are told again of its parts."""

    def __init__(self, on: datetime.date) -> None:
        self._on = on
        self._steps: dict[Link, Step] = {}
        self._behind: dict[Link, list[Link]] = {}

    def standing(self, node: Node) -> RulingStanding:
        """Of a ruling that is made by the day."""
        on, begun, noted = self._on, node.received, node.noted
        # The links stand in the order of their starts.
        if begun and begun[-1].start > on:
            begun = [link for link in begun if link.start <= on]
        if noted:
            noted = [link for link in noted if link.known <= on]
        because = self._because(begun)
        notes = _notes(noted, on) if noted else ()
        parts = {}
        for key, turns in node.part_changes.items():
            since, state, vague = _current(turns, on)
            own, of_own = because, notes
            if begun:
                links = [link for link in begun if link.part is None or link.part == key]
                own = because if len(links) == len(begun) else self._because(links)
            if noted:
                of_own = _notes([link for link in noted if link.part is None or link.part == key], on)
            parts[key] = PartStanding(state, since, vague, own, of_own)
        since, state, vague = _current(node.changes, on)
        return RulingStanding(state, since, vague, parts, because, _notes_of_itself(node, on) + notes)

    def _because(self, links: list[Link]) -> tuple[Step, ...]:
        """What was done, and for each of it what took from its force, in order."""
        if not links:
            return ()
        behind: list[Link] = []
        is_closed = False
        for link in links:
            if not link.is_steady:
                behind += self._what_is_behind(link)
            is_closed = is_closed or link.closed_by is not None
        if behind:
            links = sorted({*links, *behind}, key=lambda link: link.order)
            is_closed = is_closed or any(link.closed_by is not None for link in behind)
        return self._with_closing(links) if is_closed else tuple([self._step(link) for link in links])

    def _what_is_behind(self, link: Link) -> list[Link]:
        """
        What proves that an effect lost force because of what was done to its act: that which holds the act down on the
        day or, if the effect has its force again, that which held it down once, and what holds that down.
        """
        if link not in self._behind:
            on, found = self._on, []
            if (link.bit or link.verb in AMENDING) and _was_reduced(link, on):
                found = [taker for taker in _takers(link) if force(taker.points, on)]
                if force(link.life, on) == WHOLE:
                    once = [taker for taker in _takers(link) if _had_force(taker, on)]
                    found = once + [other for taker in once for other in _takers(taker) if force(other.points, on)]
            self._behind[link] = found
        return self._behind[link]

    def _with_closing(self, links: list[Link]) -> tuple[Step, ...]:
        """
        The steps, and one for each entry that closed an effect: a stay that ran until an entry was ended by it, whether
        or not the record says so a second time.
        """
        ordered = [(link.order, self._step(link)) for link in links]
        told = {(link.act, link.target) for link in links if link.verb == ENDS}
        for link in links:
            end = link.closed_by
            if end is not None and link.start <= end.day <= self._on and (end, link.act) not in told:
                told.add((end, link.act))
                step = Step(end.act.key, ENDS, link.act.act.key, None, False, end.day, end.vague, None)
                ordered.append(((end.day, end.place, link.order[2]), step))
        return tuple([step for _, step in sorted(ordered, key=lambda each: each[0])])

    def _step(self, link: Link) -> Step:
        step = self._steps.get(link)
        if step is None:
            act, target = link.act.act.key, link.target.act.key
            over = _over(link, self._on)
            step = Step(act, link.verb, target, link.part, link.limit == PARTLY, link.start, link.vague, over)
            self._steps[link] = step
        return step


def _current(turns: list[Turn], on: datetime.date) -> Turn:
    """The last by the day. There is one."""
    turn = turns[-1]
    return turn if turn[0] <= on else next(turn for turn in reversed(turns) if turn[0] <= on)


def _over(link: Link, on: datetime.date) -> datetime.date | None:
    """The day since which the effect has no force; None if it has."""
    for day, strength, _ in reversed(link.points):
        if day <= on:
            return None if strength else day
    return link.start


def _takers(link: Link) -> list[Link]:
    taking = link.weakened_by
    return [other for other in link.act.received if other.bit & taking]


def _had_force(link: Link, on: datetime.date) -> bool:
    return any(strength > NONE and day <= on for day, strength, _ in link.points)


def _was_reduced(link: Link, on: datetime.date) -> bool:
    """Whether by that day it had less force for a time than it would have by itself."""
    if force(link.life, link.start) < WHOLE:
        return True
    start, end = link.start, link.end
    return any(
        start < day <= on and strength < WHOLE and (end is None or day < end[0]) for day, strength, _ in link.life
    )


def _notes_of_itself(node: Node, on: datetime.date) -> tuple[Note, ...]:
    notes = tuple([note for day, note in node.not_counted if day <= on]) if node.not_counted else ()
    key, effective = node.act.key, node.act.effective
    if effective is not None and _is_retroactive(effective, node):
        notes = (Note(NoteKind.RETROACTIVE, key, date=effective), *notes)
    return notes if node.vague is None else (Note(NoteKind.UNCERTAIN, key, date=node.vague), *notes)


def _notes(links: list[Link], on: datetime.date) -> tuple[Note, ...]:
    """What to know of that which is done or announced. Two effects of one act may call for the same note."""
    found: dict[Note, None] = {}
    for link in links:
        key, part = link.act.act.key, link.part
        if link.start > on:
            if force(link.life, on):
                found[Note(NoteKind.ANNOUNCED, key, part, link.effective)] = None
            continue
        if link.effective is not None and _is_retroactive(link.effective, link.act):
            found[Note(NoteKind.RETROACTIVE, key, part, link.effective)] = None
        if link.verb in AMENDING and force(link.points, on):
            found[Note(NoteKind.AMENDED, key, part, link.act.act.date)] = None
        if link.act.day < link.target.day and _is_before(link.act.act.date, link.target.act.date):
            found[Note(NoteKind.DATED_BEFORE, key, part, link.act.act.date)] = None
    return tuple(found)


def _is_retroactive(effective: UncertainDate, act: Node) -> bool:
    return effective.latest is not None and effective.latest < act.day


def _is_before(date: UncertainDate, other: UncertainDate) -> bool:
    """Whether it certainly is."""
    return date.latest is not None and other.earliest is not None and date.latest < other.earliest
