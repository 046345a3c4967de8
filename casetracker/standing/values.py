"""What goes in and what comes out."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ..dates import UncertainDate

Key = str | int


class State(StrEnum):
    """As in `data-state` of the pages."""

    IN_EFFECT = "in-effect"
    IN_PART = "in-part"
    STAYED = "stayed"
    VACATED = "vacated"
    REVERSED = "reversed"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    PENDING = "pending"


STAYS, ENDS = "stays", "ends"
AMENDING = frozenset({"amends", "modifies"})
UPHOLDING = frozenset({"affirms", "leaves_in_place"})


@dataclass(frozen=True, slots=True)
class Act:
    """An entry that rules or treats. `order` is its place in the timeline, which orders the acts of one day."""

    key: Key
    date: UncertainDate
    order: int
    is_ruling: bool = True
    effective: UncertainDate | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A provision. Its key is unique within its ruling at least; `ends` is the last day that the ruling itself sets."""

    key: Key
    ruling: Key
    ends: UncertainDate | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """A treatment: what `act` did to the ruling `target`, or to one part of it. The entry `until_act` closes it."""

    act: Key
    verb: str
    target: Key
    part: Key | None = None
    in_part: bool = False
    effective: UncertainDate | None = None
    until: UncertainDate | None = None
    until_act: Key | None = None


class NoteKind(StrEnum):
    """UNCERTAIN: the ruling's own date is not known to the day.
    RETROACTIVE: the act says that it holds from an earlier date, which is not applied to the past.
    AMENDED: what is in effect reads as the act has it.
    ANNOUNCED: what the act does begins on a later date.
    DATED_BEFORE: the act is dated before the ruling that it treats, so one of the two dates is wrong.
    CIRCULAR: what the act does is not counted, for the ruling is the later and bears on the act itself (rule 10).
    """

    UNCERTAIN = "uncertain"
    RETROACTIVE = "retroactive"
    AMENDED = "amended"
    ANNOUNCED = "announced"
    DATED_BEFORE = "dated-before"
    CIRCULAR = "circular"


class Note(NamedTuple):
    """What a reader should know beside a state; the words are the template's. `date` is the one that it speaks of."""

    kind: NoteKind
    act: Key
    part: Key | None = None
    date: UncertainDate | None = None


class Step(NamedTuple):
    """
    What an act did to the ruling, or to a ruling that treated it.

    It counts from `date`. `vague` is what is known of that day if less than the day, else None. `over` is the day since
    which it has had no force, None while it has.
    """

    act: Key
    verb: str
    target: Key
    part: Key | None
    in_part: bool
    date: datetime.date
    vague: UncertainDate | None
    over: datetime.date | None

    @property
    def shown(self) -> UncertainDate:
        """The date as far as it is known."""
        return self.vague or _exactly(self.date)


class Change(NamedTuple):
    """From `date` on the state is this. `vague` is what is known of that day if less than the day, else None."""

    date: datetime.date
    state: State
    vague: UncertainDate | None

    @property
    def shown(self) -> UncertainDate:
        """The date as far as it is known."""
        return self.vague or _exactly(self.date)


class PartStanding(NamedTuple):
    """`because` is all that was done to it by the day, and what took from its force; the rest is as in `Change`."""

    state: State
    since: datetime.date
    vague: UncertainDate | None
    because: tuple[Step, ...]
    notes: tuple[Note, ...]

    @property
    def shown(self) -> UncertainDate:
        """Since when, as far as it is known."""
        return self.vague or _exactly(self.since)


class RulingStanding(NamedTuple):
    """`because` is all that was done to it by the day, and what took from its force; the rest is as in `Change`."""

    state: State
    since: datetime.date
    vague: UncertainDate | None
    parts: dict[Key, PartStanding]
    because: tuple[Step, ...]
    notes: tuple[Note, ...]

    @property
    def shown(self) -> UncertainDate:
        """Since when, as far as it is known."""
        return self.vague or _exactly(self.since)


def _exactly(day: datetime.date) -> UncertainDate:
    return UncertainDate.on(day.year, day.month, day.day)
