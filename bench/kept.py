"""What earlier runs found with other sizes of data, for what a page costs as the data grow."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.operations import Result


def keep(folder: Path, size: str, results: Sequence[Result]) -> None:
    """Beside what was found for other operations of the same size."""
    found = dict(_of(folder, size))
    found |= {_name(result): result.comparison.ours_ms.p95 for result in results}
    folder.mkdir(parents=True, exist_ok=True)
    _file(folder, size).write_text(json.dumps(found, indent=1, sort_keys=True))


def growth(folder: Path, size: str, results: Sequence[Result], sizes: Sequence[str]) -> list[tuple[str, str, float]]:
    """
    Of each operation that was measured with a smaller size too: its name, that size and how many times what 95 of 100
    answers took then they take now. The runs were others, so a busy machine shows in it.
    """
    smaller = [other for other in sizes[: sizes.index(size)] if _of(folder, other)]
    if not smaller:
        return []
    other = "10k" if "10k" in smaller else smaller[0]
    before = _of(folder, other)
    return [
        (_name(result), other, result.comparison.ours_ms.p95 / before[_name(result)])
        for result in results
        if _name(result) in before
    ]


def _name(result: Result) -> str:
    return f"{result.operation.name}, against {result.operation.against}"


def _file(folder: Path, size: str) -> Path:
    return folder / f"found-{size}.json"


def _of(folder: Path, size: str) -> Mapping[str, float]:
    file = _file(folder, size)
    found: Mapping[str, float] = json.loads(file.read_text()) if file.exists() else {}
    return found
