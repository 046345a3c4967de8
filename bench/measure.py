"""Times several ways of doing one thing in turn, in the same minutes, so that their ratio outlives a noisy machine."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Smallest, middle and largest of some figures, and the one that 95 of 100 do not exceed."""

    low: float
    median: float
    high: float
    p95: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        p95 = statistics.quantiles(figures, n=20, method="inclusive")[-1] if len(figures) > 1 else figures[0]
        return cls(min(figures), statistics.median(figures), max(figures), p95)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How long `ours` took as a multiple of `other`, of rounds in which both ran one after the other."""

    ours_ms: Spread
    other_ms: Spread
    ratio: Spread


def in_turn(ways: Mapping[str, Callable[[], object]], *, rounds: int, warm_up: int = 2) -> dict[str, list[float]]:
    """
    Milliseconds of each way in each round. Every round runs all ways, and begins with another one than the round
    before, so that none is always the first after a pause. The collector runs before each measurement, not during it.
    """
    names = list(ways)
    for _ in range(warm_up):
        for name in names:
            ways[name]()
    found: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            gc.collect()
            gc.disable()
            try:
                started = time.perf_counter()
                ways[name]()
                found[name].append((time.perf_counter() - started) * 1000)
            finally:
                gc.enable()
    return found


def compare(times: Mapping[str, Sequence[float]], ours: str, other: str) -> Comparison:
    """Of the times that `in_turn` found: the ratio is taken round by round."""
    ratios = [mine / theirs for mine, theirs in zip(times[ours], times[other], strict=True)]
    return Comparison(Spread.of(times[ours]), Spread.of(times[other]), Spread.of(ratios))
