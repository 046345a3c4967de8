"""
Where rulings stand, slowly and plainly: each question is answered for one day, straight from the rules.

Written from the rules in `casetracker/standing/__init__.py` and not from its code, to be compared with it. There is no
notion of time but the day asked for; what was before is found by asking for the days before.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from casetracker.dates import UncertainDate
from casetracker.standing import Act, Effect, Part

DAY = datetime.timedelta(days=1)
NEVER = datetime.date.max

ENDS_AS = {
    "reverses": "reversed",
    "vacates": "vacated",
    "dissolves": "vacated",
    "supersedes": "superseded",
    "ends": "expired",
}
STRONGEST_FIRST = ("reversed", "vacated", "superseded", "expired")
FORCEFUL = ("stays", *ENDS_AS)
UNDOES = ("reverses", "vacates", "dissolves", "stays")


def first_day(date: UncertainDate) -> datetime.date:
    found = date.earliest or date.latest
    assert found is not None
    return found


def day_after(date: UncertainDate | None) -> datetime.date:
    return NEVER if date is None or date.latest is None else date.latest + DAY


class Reference:
    def __init__(self, acts: Sequence[Act], parts: Sequence[Part], effects: Sequence[Effect]) -> None:
        self.acts: dict[Any, Act] = {}
        for act in acts:
            self.acts.setdefault(act.key, act)
        in_time = sorted(self.acts.values(), key=lambda act: (first_day(act.date), act.order))
        self.place = {act.key: place for place, act in enumerate(in_time)}
        self.rulings = [act.key for act in in_time if act.is_ruling]
        self.parts: dict[Any, dict[Any, Part]] = {key: {} for key in self.acts}
        for part in parts:
            if part.ruling in self.acts:
                self.parts[part.ruling].setdefault(part.key, part)
        known = [each for each in dict.fromkeys(effects) if each.act in self.acts and each.target in self.rulings]
        self.effects = [each for each in known if self.counts(each, known)]
        self.memory: dict[Any, Any] = {}

    # --- which effects count, and when ---

    def counts(self, effect: Effect, known: list[Effect]) -> bool:
        if effect.act == effect.target:
            return False
        if effect.verb not in FORCEFUL or self.place[effect.act] > self.place[effect.target]:
            return True
        reached = {effect.target}
        for _ in self.acts:
            for other in known:
                is_earlier = self.place[other.target] <= self.place[effect.target]
                if other.verb in FORCEFUL and other.act in reached and is_earlier:
                    reached.add(other.target)
        return effect.act not in reached

    def made(self, key: Any) -> datetime.date:
        return first_day(self.acts[key].date)

    def effective(self, effect: Effect) -> UncertainDate | None:
        return effect.effective or self.acts[effect.act].effective

    def known_since(self, effect: Effect) -> datetime.date:
        return max(self.made(effect.act), self.made(effect.target))

    def begins(self, effect: Effect) -> datetime.date:
        effective = self.effective(effect)
        return max(self.known_since(effect), first_day(effective) if effective else datetime.date.min)

    def is_over(self, effect: Effect, on: datetime.date) -> bool:
        return on >= day_after(effect.until) or (effect.until_act in self.acts and on >= self.made(effect.until_act))

    def part_of(self, effect: Effect) -> Any:
        return effect.part if effect.part in self.parts[effect.target] else None

    def is_partial(self, effect: Effect) -> bool:
        return effect.in_part or effect.part not in (None, *self.parts[effect.target])

    # --- force: 0, 1 for in part, 2 ---

    def force(self, effect: Effect, on: datetime.date) -> int:
        asked = ("force", effect, on)
        if asked not in self.memory:
            has_begun = self.begins(effect) <= on and not self.is_over(effect, on)
            of_its_own = (1 if self.is_partial(effect) else 2) if has_begun else 0
            self.memory[asked] = min(of_its_own, self.left(effect.act, self.weakened_by(effect), on))
        return int(self.memory[asked])

    def weakened_by(self, effect: Effect) -> tuple[str, ...]:
        return FORCEFUL if effect.verb == "stays" else UNDOES

    def left(self, key: Any, verbs: tuple[str, ...], on: datetime.date) -> int:
        """How much is left of what an act did, if these verbs take from it."""
        if not self.acts[key].is_ruling:
            return 2
        on_whole = [each for each in self.done_to(key) if self.part_of(each) is None and each.verb in verbs]
        gone = [part for part in self.parts[key] if self.worst(self.hits(key, part, verbs), on) == 2]
        running = [part for part in self.parts[key] if part not in gone and not self.ran_out(key, part, on)]
        if gone and not running:
            return 0
        return 2 - self.worst(on_whole, on)

    def done_to(self, key: Any) -> list[Effect]:
        return [each for each in self.effects if each.target == key]

    def hits(self, key: Any, part: Any, verbs: tuple[str, ...]) -> list[Effect]:
        """What is done to a part with these verbs: to it, or to the whole by an act that does not save it by name."""
        saving = [
            each.act
            for each in self.done_to(key)
            if each.verb in ("affirms", "leaves_in_place") and self.part_of(each) == part
        ]
        return [
            each
            for each in self.done_to(key)
            if each.verb in verbs
            and (self.part_of(each) == part or (self.part_of(each) is None and each.act not in saving))
        ]

    def worst(self, effects: list[Effect], on: datetime.date) -> int:
        return max((self.force(each, on) for each in effects), default=0)

    # --- states ---

    def ran_out(self, key: Any, part: Any, on: datetime.date) -> bool:
        return on >= day_after(self.parts[key][part].ends)

    def is_pending(self, key: Any, on: datetime.date) -> bool:
        effective = self.acts[key].effective
        return effective is not None and on < first_day(effective)

    def state_from(self, effects: list[Effect], on: datetime.date, *, has_run_out: bool, is_pending: bool) -> str:
        ended_as = {ENDS_AS[each.verb] for each in effects if each.verb in ENDS_AS and self.force(each, on) == 2}
        ended_as |= {"expired"} if has_run_out else set()
        for state in STRONGEST_FIRST:
            if state in ended_as:
                return state
        if any(each.verb == "stays" and self.force(each, on) == 2 for each in effects):
            return "stayed"
        if is_pending:
            return "pending"
        return "in-part" if self.worst(effects, on) else "in-effect"

    def part_state(self, key: Any, part: Any, on: datetime.date) -> str:
        return self.state_from(
            self.hits(key, part, FORCEFUL),
            on,
            has_run_out=self.ran_out(key, part, on),
            is_pending=self.is_pending(key, on),
        )

    def state(self, key: Any, on: datetime.date) -> str:
        of_parts = []
        for part in self.parts[key]:
            is_ended = self.worst(self.hits(key, part, tuple(ENDS_AS)), on) == 2
            if is_ended or not self.ran_out(key, part, on):
                of_parts.append(self.part_state(key, part, on))
        if not of_parts:
            on_whole = [each for each in self.done_to(key) if self.part_of(each) is None and each.verb in FORCEFUL]
            orders = [each for each in self.effects if each.act == key and each.verb == "stays"]
            has_run_out = bool(self.parts[key]) and self.worst(orders, on) == 0
            return self.state_from(on_whole, on, has_run_out=has_run_out, is_pending=self.is_pending(key, on))
        if set(of_parts) & {"in-effect", "in-part"}:
            return of_parts[0] if len(set(of_parts)) == 1 else "in-part"
        return next(state for state in ("pending", "stayed", *STRONGEST_FIRST) if state in of_parts)

    # --- what is told ---

    def days(self, key: Any, on: datetime.date) -> list[datetime.date]:
        return [self.made(key) + n * DAY for n in range((on - self.made(key)).days + 1)]

    def since(self, key: Any, part: Any, on: datetime.date) -> datetime.date:
        def state(day: datetime.date) -> str:
            return self.state(key, day) if part is None else self.part_state(key, part, day)

        found = on
        while found > self.made(key) and state(found - DAY) == state(on):
            found -= DAY
        return found

    def over(self, effect: Effect, on: datetime.date) -> datetime.date | None:
        if self.force(effect, on):
            return None
        found = on
        while found > self.begins(effect) and not self.force(effect, found - DAY):
            found -= DAY
        return found

    def behind(self, effect: Effect, on: datetime.date) -> list[Effect]:
        if effect.verb not in (*FORCEFUL, "amends", "modifies"):
            return []
        begins = self.begins(effect)
        days = [begins + n * DAY for n in range((on - begins).days + 1)]
        if all(self.is_over(effect, day) or self.left(effect.act, self.weakened_by(effect), day) == 2 for day in days):
            return []
        takers = self.takers(effect)
        if self.left(effect.act, self.weakened_by(effect), on) < 2:
            return [each for each in takers if self.force(each, on)]
        once = [each for each in takers if any(self.force(each, day) for day in self.days(each.target, on))]
        return once + [other for each in once for other in self.takers(each) if self.force(other, on)]

    def takers(self, effect: Effect) -> list[Effect]:
        return [each for each in self.done_to(effect.act) if each.verb in self.weakened_by(effect)]

    def because(self, key: Any, part: Any, on: datetime.date) -> list[tuple[Any, ...]]:
        found = {each for each in self.done_to(key) if part is None or self.part_of(each) in (None, part)}
        found = {each for each in found if self.begins(each) <= on}
        found |= {other for each in found for other in self.behind(each, on)}
        closings = set()
        said = {(each.act, each.target) for each in found if each.verb == "ends"}
        for each in found:
            if each.until_act in self.acts:
                day = self.made(each.until_act)
                is_what_closed = self.begins(each) <= day <= min(on, day_after(each.until))
                if is_what_closed and (each.until_act, each.act) not in said:
                    closings.add((each.until_act, "ends", each.act, None, False, day, None))
        return sorted([*closings, *(self.step(each, on) for each in found)], key=repr)

    def step(self, effect: Effect, on: datetime.date) -> tuple[Any, ...]:
        where, over = self.part_of(effect), self.over(effect, on)
        return effect.act, effect.verb, effect.target, where, self.is_partial(effect), self.begins(effect), over

    def notes(self, key: Any, part: Any, on: datetime.date) -> list[tuple[Any, ...]]:
        """Those that tell of what was done to it."""
        found = set()
        for each in self.done_to(key):
            where = self.part_of(each)
            if self.known_since(each) > on or (part is not None and where not in (None, part)):
                continue
            if self.begins(each) > on:
                if self.left(each.act, self.weakened_by(each), on):
                    found.add(("announced", each.act, where))
                continue
            effective = self.effective(each)
            if effective and effective.latest and effective.latest < self.made(each.act):
                found.add(("retroactive", each.act, where))
            if each.verb in ("amends", "modifies") and self.force(each, on):
                found.add(("amended", each.act, where))
            latest, earliest = self.acts[each.act].date.latest, self.acts[key].date.earliest
            if latest and earliest and latest < earliest:
                found.add(("dated-before", each.act, where))
        return sorted(found, key=repr)

    def stand(self, on: datetime.date) -> dict[Any, Any]:
        """Of each ruling: state, since, steps and notes, and then the same of each part."""
        found = {}
        for key in self.rulings:
            if self.made(key) <= on:
                found[key] = {
                    part: (
                        self.state(key, on) if part is None else self.part_state(key, part, on),
                        self.since(key, part, on),
                        self.because(key, part, on),
                        self.notes(key, part, on),
                    )
                    for part in (None, *self.parts[key])
                }
        return found
