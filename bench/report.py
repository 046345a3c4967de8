"""The figures as a table for people and as JSON for programs."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django
import psycopg
from django.db import connection

from bench.measure import Spread
from bench.operations import Result
from bench.standing import GOAL_MS, RULINGS, TREATMENTS

_SETTINGS = ("shared_buffers", "work_mem", "random_page_cost", "effective_cache_size", "jit", "fsync")


def surroundings(*, size: str, rows: dict[str, int]) -> dict[str, Any]:
    """The machine, the versions and the settings that the figures depend on."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
        settings = {}
        for name in _SETTINGS:
            cursor.execute(f"SHOW {name}")
            settings[name] = cursor.fetchone()[0]
    return {
        "size": size,
        "rows": rows,
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "psycopg": f"{psycopg.__version__} ({psycopg.pq.__impl__})",
        "postgresql": server,
        "settings": settings,
        "commit": _commit(),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def _commit() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Found:
    """All that a run found. `growth` and `left_out` are as `kept` and the command tell them."""

    about: dict[str, Any]
    results: Sequence[Result]
    standing: Spread
    worker: dict[str, float]
    growth: Sequence[tuple[str, str, float]]
    left_out: Sequence[str]


def as_json(found: Found) -> dict[str, Any]:
    return {
        "about": found.about,
        "left_out": list(found.left_out),
        "growth": [{"operation": name, "over": size, "p95_ratio": times} for name, size, times in found.growth],
        "operations": [
            {
                "name": result.operation.name,
                "address": result.operation.address,
                "against": result.operation.against,
                "goal": result.operation.goal,
                "queries": result.queries,
                "most_queries": result.operation.most_queries,
                "bytes": result.size,
                **{name: asdict(value) for name, value in _spreads(result).items()},
            }
            for result in found.results
        ],
        "standing_ms": asdict(found.standing),
        "worker": found.worker,
    }


def _spreads(result: Result) -> dict[str, Spread]:
    found = result.comparison
    return {"ours_ms": found.ours_ms, "other_ms": found.other_ms, "ratio": found.ratio}


def about_text(about: dict[str, Any]) -> list[str]:
    """What was measured on, in four lines."""
    settings = ", ".join(f"{name} {value}" for name, value in about["settings"].items())
    return [
        ", ".join(f"{count:,} {name}" for name, count in about["rows"].items()),
        f"{about['processor']}, {about['cores']} cores, load {about['load'][0]}, {about['system']}",
        f"Python {about['python']}, Django {about['django']}, psycopg {about['psycopg']}, "
        f"PostgreSQL {about['postgresql']} ({settings})",
        f"commit {about['commit']}",
    ]


def as_text(found: Found) -> str:
    standing, worker = found.standing, found.worker
    lines = [
        *about_text(found.about),
        "",
        "Milliseconds and ratios as lowest / median / highest of rounds in which both ways ran one after the other.",
        "",
        f"{'operation':40} {'queries':>9} {'ours':>22} {'the other':>22} {'ratio':>20}  against",
    ]
    for result in found.results:
        queries = f"{result.queries} of {result.operation.most_queries}"
        over = "  OVER" if result.queries > result.operation.most_queries else ""
        goal = result.operation.goal
        if goal is not None:
            over += f"  goal {_times(goal)}: {'met' if result.comparison.ratio.median <= goal else 'MISSED'}"
        lines.append(
            f"{result.operation.name:40} {queries:>9} {_three(result.comparison.ours_ms, 1):>22} "
            f"{_three(result.comparison.other_ms, 1):>22} {_ratio(result.comparison.ratio):>20}  "
            f"{result.operation.against}{over}"
        )
    verdict = "met" if standing.median <= GOAL_MS else "MISSED"
    lines += [
        "",
        f"Where {RULINGS} rulings with {TREATMENTS:,} treatments stand on a day: {_three(standing, 1)} ms of Python  "
        f"goal {GOAL_MS:.0f}: {verdict}",
        "",
        "A worker from its start:",
        f"  imports {worker['import_s']:.2f} s; the first answer takes {worker['first_ms']:.0f} ms, "
        f"the same again {worker['second_ms']:.0f} ms",
        f"  memory {worker['start_mb']:.0f} MB when imported, {worker['first_mb']:.0f} MB after the first answer, "
        f"{worker['after_mb']:.0f} MB after {worker['views']:.0f} page views, case of 1,000 entries among them",
    ]
    if found.growth:
        lines += ["", f"What 95 of 100 answers take, over what they took in a run with {found.growth[0][1]} cases:"]
        lines += [f"  {name:90} {times:.2f}" for name, _, times in found.growth]
    return "\n".join([*lines, *(["", *found.left_out] if found.left_out else [])])


def _ratio(spread: Spread) -> str:
    """Of what is far quicker how many times it is: 1/140."""
    if spread.median > 0.2:
        return _three(spread, 2)
    return f"1/ {' / '.join(f'{1 / value:.0f}' for value in (spread.low, spread.median, spread.high))}"


def _times(goal: float) -> str:
    return f"1/{1 / goal:.0f}" if goal < 0.2 else f"{goal:.2f}"


def _three(spread: Spread, digits: int) -> str:
    return " / ".join(f"{value:.{digits}f}" for value in (spread.low, spread.median, spread.high))
