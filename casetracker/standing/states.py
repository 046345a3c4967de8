"""What follows for one ruling from what was done to it: rules 6 to 8 and 11 to 14."""

import datetime
from functools import lru_cache

from ..dates import UncertainDate
from .links import (
    ANY,
    ENDED,
    NONE,
    PARTLY,
    REVERSED,
    STAYED,
    SUPERSEDED,
    UNDOING,
    VACATED,
    WHOLE,
    Link,
    Node,
    Turn,
    add_point,
    after,
    force,
    unless_exact,
)
from .values import UPHOLDING, State

# What is known of something on a day is one number: what is done to it wholly, above that what is done to it in part,
# and then that it is past its own last day, not yet effective, or orders a stay that has begun and not ended.
PARTIAL = ANY.bit_length()
RAN_OUT, PENDING, ORDERS_STAY = (1 << 2 * PARTIAL + n for n in range(3))
ENDING = ANY & ~STAYED
TOUCHED = ANY | ANY << PARTIAL

# Which state a ruling has if its parts differ and none is in effect (rule 14).
STRONGEST_FIRST = (
    State.PENDING,
    State.STAYED,
    State.REVERSED,
    State.VACATED,
    State.SUPERSEDED,
    State.EXPIRED,
    State.IN_PART,
    State.IN_EFFECT,
)

End = tuple[datetime.date, UncertainDate | None]


def work_out(node: Node) -> None:
    """Fill in the states of a ruling, and what is left of what it did. The links to it have their points already."""
    links = [link for link in node.received if link.bit]
    ends = [None if part.ends is None else after(part.ends) for part in node.parts.values()]
    effective = node.act.effective
    has_ends = any(ends)
    if has_ends or any(link.part is not None for link in node.received):
        node.part_changes = {key: [] for key in node.parts}
    else:
        # All parts fare as the whole does.
        ends = []
        node.part_changes = dict.fromkeys(node.parts, node.changes)
        if not links and effective is None:
            node.lasting = node.done = [(node.day, WHOLE, node.vague)]
            node.changes.append((node.day, State.IN_EFFECT, node.vague))
            return
    # Only a ruling of parts that may all run out has to ask for the stays that it orders.
    stays = [link for link in node.made if link.bit == STAYED] if has_ends else []
    touched = _touched(node, links) if ends else [(link, []) for link in links]
    so_far = None
    for day, vague in _days(node, links, stays, ends):
        whole = PENDING if effective is not None and day < effective.sort_date else 0
        own = [whole | RAN_OUT if end is not None and end[0] <= day else whole for end in ends]
        if stays and any(_is_running(link, day) for link in stays):
            whole |= ORDERS_STAY
        for link, slots in touched:
            strength = force(link.points, day)
            if strength:
                bits = link.bit if strength == WHOLE else link.bit << PARTIAL
                if link.part is None:
                    whole |= bits
                for slot in slots:
                    own[slot] |= bits
        found = _judge(whole, tuple(own))
        if found is not so_far:
            so_far = done, lasting, state, of_parts = found
            add_point(node.done, day, done, vague)
            add_point(node.lasting, day, lasting, vague)
            _add_change(node.changes, day, state, vague)
            if of_parts:
                for changes, part_state in zip(node.part_changes.values(), of_parts, strict=True):
                    _add_change(changes, day, part_state, vague)


def _touched(node: Node, links: list[Link]) -> list[tuple[Link, list[int]]]:
    """Each link with the numbers of the parts that it touches (rule 12)."""
    named = {(link.act, link.part) for link in node.received if link.part is not None and link.verb in UPHOLDING}
    return [
        (
            link,
            [
                slot
                for slot, key in enumerate(node.parts)
                if link.part == key or (link.part is None and (link.act, key) not in named)
            ],
        )
        for link in links
    ]


def _days(node: Node, links: list[Link], stays: list[Link], ends: list[End | None]) -> list[End]:
    """
    Each day on which something about the ruling may change, and what is known of it if less than the day: if several
    things come to count on one day, the vaguest is shown, so that no day is invented.
    """
    found = {node.day: node.vague}
    for link in links:
        for day, _, vague in link.points:
            if vague is not None or day not in found:
                found[day] = vague
    others = [end for end in ends if end is not None]
    if node.act.effective is not None:
        others.append((node.act.effective.sort_date, unless_exact(node.act.effective)))
    for link in stays:
        others.append((link.start, link.vague))
        if link.end is not None:
            others.append(link.end)
    for day, vague in others:
        # What was over when the ruling was made says nothing about the date of a change.
        if day > node.day and (vague is not None or day not in found):
            found[day] = vague
    return [(day, found[day]) for day in sorted(found)]


# Few of the many combinations occur, and those many times over.
@lru_cache(maxsize=4096)
def _judge(whole: int, own: tuple[int, ...]) -> tuple[int, int, State, tuple[State, ...]]:
    """What is left of what the ruling did once, and of its stays; its state, and that of each part."""
    lasting = _left(whole, own, ANY)
    of_parts = tuple(_state(bits) for bits in own)
    counted = {state for state, bits in zip(of_parts, own, strict=True) if not bits & RAN_OUT or bits & ENDING}
    if not counted:
        holds = not own or (whole & ORDERS_STAY and lasting)
        counted = {_state(whole if holds else whole | RAN_OUT)}
    if len(counted) > 1 and counted & {State.IN_EFFECT, State.IN_PART}:
        state = State.IN_PART
    else:
        state = next(state for state in STRONGEST_FIRST if state in counted)
    return _left(whole, own, UNDOING), lasting, state, of_parts


def _left(whole: int, own: tuple[int, ...], takes: int) -> int:
    """How much is left of what a ruling did, if the bits `takes` take from it (rules 6 to 8)."""
    is_gone = any(bits & takes for bits in own) and all(bits & (takes | RAN_OUT) for bits in own)
    if whole & takes or is_gone:
        return NONE
    return PARTLY if whole >> PARTIAL & takes else WHOLE


def _state(bits: int) -> State:
    """Rule 11."""
    if bits & REVERSED:
        return State.REVERSED
    if bits & VACATED:
        return State.VACATED
    if bits & SUPERSEDED:
        return State.SUPERSEDED
    if bits & (ENDED | RAN_OUT):
        return State.EXPIRED
    if bits & STAYED:
        return State.STAYED
    if bits & PENDING:
        return State.PENDING
    return State.IN_PART if bits & TOUCHED else State.IN_EFFECT


def _is_running(link: Link, day: datetime.date) -> bool:
    return link.start <= day and (link.end is None or day < link.end[0])


def _add_change(changes: list[Turn], day: datetime.date, state: State, vague: UncertainDate | None) -> None:
    if not changes or changes[-1][1] is not state:
        changes.append((day, state, vague))
