"""A line of a docket as it is to be written, and the digests by which what was written is known again. Pure."""

import functools
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .matching import Identity
from .meaning import Line, fingerprint

# What is compared, each as one value. Kind, form and outcome hold together: a filing has no form.
EVENT = {
    "date": ("date",),
    "kind": ("kind", "form", "outcome"),
    "title": ("title",),
    "under_seal": ("under_seal",),
    "day_order": ("day_order",),
}
ON_DOCKET = {"number": ("number",), "text": ("text",), "entered": ("entered",), "position": ("position",)}
# Characters of a text that a report tells, and of these in front of where it differs.
_SHOWN, _BEFORE = 120, 30
# What a report calls it, where that is another word.
CALLED = {"kind": "kind or outcome", "under_seal": "under seal"}
# The documents are compared row by row (`documents`); this is whether they are to be.
DOCUMENTS = "documents"
# Places in an order are the program's to give; that an editor moved something is no difference to tell of.
SILENT = {"day_order", "position"}
# The digest of all that a line said, so that one that says the same again is not looked at further.
ALL = "all"


@dataclass(slots=True)
class Wanted:
    """A line of the file with its place: what is to be written of it."""

    line: Line
    position: int = 0
    day_order: int = 0

    def values(self) -> dict[str, tuple[Any, ...]]:
        """What is to be written by the names of `EVENT` and `ON_DOCKET`."""
        line, said = self.line, self.line.said
        return {
            "date": (line.date,),
            "kind": (line.kind, line.form, line.outcome),
            "title": (line.title,),
            "under_seal": (line.under_seal,),
            "day_order": (self.day_order,),
            "number": (said.number,),
            "text": (said.text or said.short_text,),
            "entered": (said.entered,),
            "position": (self.position,),
            DOCUMENTS: (fingerprint(repr(line.documents)),) if line.documents else (),
        }

    def is_silent_on(self, name: str) -> bool:
        """Whether the file leaves this empty, and so says nothing of it."""
        said = self.line.said
        if name in {"kind", "title", "text", "under_seal"}:
            return not (
                said.text or said.short_text or (said.kind and name == "kind") or (said.title and name == "title")
            )
        if name == "date":
            return said.filed is None and said.entered is None
        return (name == "entered" and said.entered is None) or (name == "number" and not said.number)


def identity_of(line: Line) -> Identity:
    said = line.said
    return Identity(line.date.edtf, said.number, said.sequence[:40], fingerprint(said.text or said.short_text))


def digest(values: Iterable[Any]) -> str:
    text = "|".join(map(_written, values))
    return _of_short(text) if len(text) < _SHORT else fingerprint(text)


# Days, kinds and places come again and again.
_SHORT = 40
_of_short = functools.lru_cache(maxsize=20_000)(fingerprint)


def _written(value: Any) -> str:
    if type(value) is str:
        return value
    return "" if value is None else str(getattr(value, "edtf", value))


def difference(name: str, said: tuple[Any, ...], has: tuple[Any, ...]) -> str:
    """What the file says of it, for a person: of a long text from shortly before where it begins to differ."""
    new, old = (", ".join(filter(None, map(_written, values))) for values in (said, has))
    if name == "kind":
        return new.replace("_", " ")
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(new, old, strict=False)))
    start = new.rfind(" ", 0, max(same - _BEFORE, 0)) + 1
    return f"{'… ' if start else ''}{new[start : start + _SHOWN]}{' …' if len(new) > start + _SHOWN else ''}"


def digest_of_all(values: Mapping[str, tuple[Any, ...]]) -> str:
    return digest(itertools.chain.from_iterable(values.values()))


def fingerprints_of(values: Mapping[str, tuple[Any, ...]]) -> dict[str, str]:
    return {ALL: digest_of_all(values)} | {name: digest(value) for name, value in values.items()}


def doubts_of(line: Line) -> str:
    return " ".join(line.doubts)[:200]
