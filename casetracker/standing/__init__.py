"""
Where rulings stand on a day: what is in effect, what is not, since when, and which acts prove it. Pure.

Nobody types a standing. Editors record what each act did to which ruling (the verbs are those of `models.Verb`), and
this package says what follows. It is total: no record, however odd, makes it fail or run on. The rules:

**What counts, and from when**

1. Only acts done by the day count. An act counts from the first day on which it may have been done, or from the bound
   of "before" and "after": the day by which the timeline places it. A step that rests on a vaguer date says so.
2. What an act does begins when act and target are both made, or on a later effective date. An earlier effective date
   (nunc pro tunc) never rewrites the past: it is a note.
3. An "until" is the last day, and a vague one is over after the last day that it may mean. An "until" that is an entry
   ends the effect on the day of that entry. What is over before it begins has no force at any time.
4. Affirming, leaving in place, clarifying, carrying out and remanding change nothing about force. To amend or modify
   leaves in effect what it changes, with a note while the amending act has force.
5. An unknown act, target or closing entry is passed over; an unknown part counts as "in part, not said which".

**What ends an effect**

6. A stay lasts only while the ruling that ordered it is itself in effect: it lapses when that ruling is ended in any
   way, and rests while that ruling is stayed.
7. Any other effect is done once: it is undone while the act that did it is reversed, vacated, dissolved or stayed, and
   returns when that in turn is undone. That the act is later superseded, ended or runs out undoes nothing.
8. What was done by an act that is itself undone in part, not said which, stands in part. Named parts of the act matter
   only when nothing is left of them, for the record does not say which of them did what; that one ran out by its own
   terms is no sign of it.
9. What is done by an entry that is no ruling (a settlement) lasts.
10. A ruling does nothing to itself. Where an act is placed before the ruling that it treats, and that ruling bears on
    the act (directly, or through others up to itself), the later one decides and the treatment by the earlier is not
    counted. So no circle is left.

**The state of a part, or of a ruling without parts**: the first of these that holds

11. reversed; vacated (or dissolved); superseded; expired (ended by an act, or past its own last day); stayed; pending
    (the ruling takes effect later); in part (something is done to it in part, not said which); in effect.
12. What is done to the whole is done to each part, except to one that the same act affirms or leaves in place by name.

**The state of a ruling with parts**

13. Parts that ran out by their own terms are left out, for a deadline that has passed takes nothing from the rest. If
    nothing is left, the ruling is expired, unless a stay that it ordered still runs.
14. If all others agree, that is the state. If only some are in effect, it is in part. If none is: pending, stayed (it
    may come back), and then the strongest of reversed, vacated, superseded, expired.

A standing is as recorded here. A ruling that only refuses something has nothing to enforce, and reads "in effect" too.
"""

import datetime
from collections.abc import Iterable

from .record import Record
from .values import (
    Act,
    Change,
    Effect,
    Key,
    Note,
    NoteKind,
    Part,
    PartStanding,
    RulingStanding,
    State,
    Step,
)

__all__ = [
    "Act",
    "Change",
    "Effect",
    "Key",
    "Note",
    "NoteKind",
    "Part",
    "PartStanding",
    "Record",
    "RulingStanding",
    "State",
    "Step",
    "changes",
    "history",
    "stand",
]


def stand(
    acts: Iterable[Act], parts: Iterable[Part], effects: Iterable[Effect], on: datetime.date
) -> dict[Key, RulingStanding]:
    """The standing at the end of the day of every ruling made by then, in the order of the timeline."""
    return Record(acts, parts, effects).stand(on)


def changes(acts: Iterable[Act], parts: Iterable[Part], effects: Iterable[Effect]) -> list[datetime.date]:
    """The days on which `stand` answers otherwise than on the day before, in order; some may be still to come."""
    return Record(acts, parts, effects).changes()


def history(acts: Iterable[Act], parts: Iterable[Part], effects: Iterable[Effect], ruling: Key) -> list[Change]:
    """Every state that the ruling has had and, as things are, will have; empty if there is no such ruling."""
    return Record(acts, parts, effects).history(ruling)
