"""Which entries a page showed, each with its version, as the text of a hidden field: `12:3,15:1`."""

from collections.abc import Iterable

from casetracker.models import Event

# Characters: the entries of a long case.
LONGEST = 200_000


def as_text(entries: Iterable[Event]) -> str:
    return ",".join(f"{entry.pk}:{entry.version}" for entry in entries)


def versions(text: str) -> dict[int, int]:
    """The versions by the keys of their entries; whatever else was sent is nothing that was shown."""
    found = {}
    for pair in text[:LONGEST].split(","):
        key, _colon, version = pair.partition(":")
        if _is_number(key, digits=18) and _is_number(version, digits=9):
            found[int(key)] = int(version)
    return found


def _is_number(text: str, *, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits
