"""
A worker of the site as a fresh process: how long it takes to start and to answer its first request, and what memory it
holds. Run as `python -m bench.worker`, it prints one line of JSON; `fresh_worker` runs it and reads that line.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PAGE_VIEWS = 200


def fresh_worker(addresses: Sequence[str], *, environment: Mapping[str, str]) -> dict[str, float]:
    """
    Seconds to import and to the first answer, milliseconds of the first and the second answer, and megabytes after the
    start, after the first answer and after `PAGE_VIEWS` views of `addresses` in turn.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bench.worker", *addresses],
        env=dict(environment),
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def resident_megabytes() -> float:
    """Memory of this process that is in RAM now; where the system does not tell, the most that it ever was."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _main(addresses: Sequence[str]) -> None:
    started = time.perf_counter()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
    import casetracker.wsgi  # noqa: F401 -- only to time it

    imported = time.perf_counter() - started
    found: dict[str, Any] = {"import_s": imported, "start_mb": resident_megabytes()}
    from bench.site import Site, anew

    site = Site()
    for name in ("first_ms", "second_ms"):
        before = time.perf_counter()
        page = site.get(anew(addresses[0]))
        found[name] = (time.perf_counter() - before) * 1000
        if page.status != 200:
            raise SystemExit(f"{addresses[0]} answers {page.status}")
        found.setdefault("first_mb", resident_megabytes())
    for turn in range(PAGE_VIEWS):
        site.get(anew(addresses[turn % len(addresses)]))
    found["after_mb"], found["views"] = resident_megabytes(), PAGE_VIEWS
    print(json.dumps(found))


if __name__ == "__main__":
    _main(sys.argv[1:])
