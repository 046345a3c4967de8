"""Which line of a new version of a docket is which line of the last one. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Known(Protocol):
    """By what a line is known: its day in EDTF, its number, the court's key for it, the digest of its text."""

    @property
    def filed(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def sequence(self) -> str: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Identity:
    filed: str
    number: str
    sequence: str
    digest: str


_Key = Callable[[Known], Hashable | None]

# From the surest to what is still sure enough. A number may repeat on a docket, so it decides alone only where it is
# there once on either side; and a line without a number that changed is known by the court's key, or by being the only
# one of its day that is left.
_STEPS: tuple[tuple[_Key, bool], ...] = (
    (lambda line: (line.number, line.filed, line.digest, line.sequence), False),
    (lambda line: (line.number, line.filed, line.digest), False),
    (lambda line: (line.number, line.filed) if line.number else None, True),
    (lambda line: line.number or None, True),
    (lambda line: (line.filed, line.digest), False),
    (lambda line: (line.sequence, line.filed) if line.sequence and not line.number else None, True),
)
_ONLY_ONE_OF_ITS_DAY: tuple[_Key, bool] = (lambda line: line.filed if not line.number else None, True)


def match(old: Sequence[Known], new: Sequence[Known], *, is_part: bool) -> dict[int, int]:
    """
    For the place of each line of `new` that was there the place of it in `old`. Of several that are alike in all the
    first is the first. `is_part` says that `new` lacks lines that are still there.
    """
    found: dict[int, int] = {}
    if not old:
        return found
    left_old, left_new = list(range(len(old))), list(range(len(new)))
    for key, only_single in _STEPS if is_part else (*_STEPS, _ONLY_ONE_OF_ITS_DAY):
        before, now = _by(key, old, left_old), _by(key, new, left_new)
        for value, places in now.items():
            others = before.get(value, [])
            if only_single and (len(others) != 1 or len(places) != 1):
                continue
            found.update(zip(places, others, strict=False))
        taken = set(found.values())
        left_old = [place for place in left_old if place not in taken]
        left_new = [place for place in left_new if place not in found]
    return found


def _by(key: _Key, lines: Sequence[Known], places: Iterable[int]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place in places:
        value = key(lines[place])
        if value is not None:
            found[value].append(place)
    return found


def merged_order(old: int, pairs: dict[int, int], new: int) -> list[tuple[str, int]]:
    """
    All lines in one order, as ("new", place) and, for those that only the last version had, ("old", place): that of the
    new version, with each old line behind the line that it followed.
    """
    from_old = {there: here for here, there in pairs.items()}
    behind: dict[int | None, list[int]] = defaultdict(list)
    last: int | None = None
    for place in range(old):
        if place in from_old:
            last = from_old[place]
        else:
            behind[last].append(place)
    # A part of a docket says nothing of what stands around it: what is new goes behind what is there.
    if not pairs:
        return [*(("old", place) for place in range(old)), *(("new", place) for place in range(new))]
    order = [("old", place) for place in behind[None]]
    for place in range(new):
        order.append(("new", place))
        order += [("old", each) for each in behind[place]]
    return order
