"""What it takes to work out where the rulings of a long case stand: arithmetic alone, without database or page."""

import datetime
import random

from bench.measure import Spread, in_turn
from casetracker.dates import UncertainDate
from casetracker.standing import Act, Effect, Part, Record

# About as many treatments as rulings, as the demonstration data has.
RULINGS, TREATMENTS = 500, 500
GOAL_MS = 10.0
# How often each is done among so many; most of what later rulings do leaves the earlier one standing.
_VERBS = {
    "leaves_in_place": 12,
    "reverses": 7,
    "remands": 6,
    "carries_out": 4,
    "affirms": 3,
    "vacates": 2,
    "stays": 2,
    "supersedes": 2,
    "amends": 2,
    "modifies": 2,
    "ends": 1,
    "clarifies": 1,
    "dissolves": 1,
}
_FIRST_DAY, _DAYS = datetime.date(2000, 1, 1), 5_000


def measured(*, seed: int, rounds: int) -> Spread:
    """Milliseconds to work out a record of `RULINGS` rulings and to tell of one day."""
    acts, parts, effects = _case(seed)
    on = _FIRST_DAY + datetime.timedelta(days=_DAYS)

    def work() -> None:
        Record(acts, parts, effects).stand(on)

    return Spread.of(in_turn({"standing": work}, rounds=rounds)["standing"])


def _case(seed: int) -> tuple[list[Act], list[Part], list[Effect]]:
    """Rulings with up to three parts, each treating some of the forty before it."""
    chance = random.Random(seed)  # noqa: S311 - data for a measurement
    days = sorted(_FIRST_DAY + datetime.timedelta(days=chance.randrange(_DAYS)) for _ in range(RULINGS))
    acts = [Act(order, UncertainDate.on(day.year, day.month, day.day), order) for order, day in enumerate(days)]
    parts = [Part(f"{ruling}-{part}", ruling) for ruling in range(RULINGS) for part in range(chance.randrange(4))]
    of_ruling: dict[object, list[Part]] = {}
    for part in parts:
        of_ruling.setdefault(part.ruling, []).append(part)
    verbs, weights = list(_VERBS), list(_VERBS.values())
    effects = []
    for _ in range(TREATMENTS):
        act = chance.randrange(1, RULINGS)
        target = chance.randrange(max(0, act - 40), act)
        touched = chance.choice(of_ruling[target]) if target in of_ruling and chance.random() < 0.5 else None
        effects.append(
            Effect(act, chance.choices(verbs, weights)[0], target, touched.key if touched is not None else None)
        )
    return acts, parts, effects
