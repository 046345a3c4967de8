"""
What must not be stored is taken out of a docket before anything is compared or written: identity numbers, the names of
minors, characters that cannot be seen. Each is counted and said. Pure.
"""

import dataclasses
import functools
import re
from collections import Counter
from dataclasses import replace
from typing import Any, TypeVar

from casetracker.validators import LONGEST_TEXT, without_hidden_characters, without_identity_numbers

from .records import Docket, DocketError, Litigant

R = TypeVar("R")

_MINOR = re.compile(r"\b(?:a )?minor(?: child| children)?\b", re.IGNORECASE)
_BEHIND_THE_NAME = re.compile(r"[,(]? ?\b(?:an? )?(?:infant|minor)\b.*", re.IGNORECASE)
_INITIALS = re.compile(r"(?:\w\.[ -]?){1,5}")


@dataclasses.dataclass(frozen=True, slots=True)
class Cleaned:
    """The docket, a sentence for each kind of thing that was taken out, and which of its parties are minors."""

    docket: Docket
    said: tuple[str, ...]
    minors: frozenset[str]


def cleaned(docket: Docket) -> Cleaned:
    """The docket as it may be stored. Raises `DocketError` for a text that is too long to be one."""
    docket, names = _without_names_of_minors(docket)
    found: Counter[str] = Counter()
    docket = _walk(docket, found)
    said = []
    if names:
        said.append(f"{len(names)} minor{'s' * (len(names) > 1)}: only initials were kept.")
    if found["number"]:
        said.append(f"{found['number']} identity number{'s' * (found['number'] > 1)} replaced by “[number removed]”.")
    if found["hidden"]:
        said.append(f"{found['hidden']} characters that cannot be seen were left out.")
    return Cleaned(docket, tuple(said), frozenset(names.values()))


def _walk(value: R, found: Counter[str], place: str = "") -> R:
    changed: Any = value
    if value is None or value == "":
        return value
    if isinstance(value, str):
        changed, hidden = without_hidden_characters(value)
        changed, numbers = without_identity_numbers(changed)
        found["hidden"] += hidden
        found["number"] += numbers
        if len(changed) > LONGEST_TEXT:
            raise DocketError(
                f"A text has {len(changed):,} characters; the most is {LONGEST_TEXT:,}. Shorten it.", place
            )
        return changed if hidden or numbers else value
    if isinstance(value, tuple):
        rows = tuple(_walk(each, found, place) for each in value)
        return rows if any(new is not old for new, old in zip(rows, value, strict=True)) else value  # type: ignore[return-value]  # a tuple as it came
    record: Any = type(value)
    if names := _names(record):
        texts, others = names
        place = getattr(value, "place", place)
        # Nearly every record has nothing of the kind: that is seen at one look at all of its texts.
        if not _is_clean(" ".join([getattr(value, name) for name in texts])):
            others = (*texts, *others)
        parts = [(name, part) for name in others if (part := getattr(value, name))]
        new = {name: said for name, part in parts if (said := _walk(part, found, place)) is not part}
        if new:
            changed = replace(value, **new)  # type: ignore[type-var]  # one of the records
    return changed


def _is_clean(text: str) -> bool:
    return (
        len(text) <= LONGEST_TEXT and not without_hidden_characters(text)[1] and not without_identity_numbers(text)[1]
    )


@functools.cache
def _names(record: type[Any]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The names of what is a text in one of our records, and of all else that may hold texts."""
    if not dataclasses.is_dataclass(record) or record.__module__ != Docket.__module__:
        return None
    fields = dataclasses.fields(record)
    texts = tuple(each.name for each in fields if each.type is str)
    return texts, tuple(each.name for each in fields if each.type not in {str, int, bool})


def _without_names_of_minors(docket: Docket) -> tuple[Docket, dict[str, str]]:
    """Wherever the docket has the name of somebody whom it calls a minor, their initials."""
    names = {}
    for row in docket.litigants:
        if _MINOR.search(row.note) or _MINOR.search(row.name):
            plain = _BEHIND_THE_NAME.sub("", row.name).strip(" ,")
            names[plain] = _initials(plain)
    names = {name: initials for name, initials in names.items() if name}
    if not names:
        return docket, {}
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)), re.IGNORECASE)
    by_folded = {name.casefold(): initials for name, initials in names.items()}

    def put(text: str) -> str:
        return pattern.sub(lambda hit: by_folded[hit.group().casefold()], text)

    def party(row: Litigant) -> Litigant:
        plain = _BEHIND_THE_NAME.sub("", row.name).strip(" ,")
        return replace(row, name=names[plain] if plain in names else put(row.name), note=put(row.note))

    entries = tuple(
        replace(
            each,
            text=put(each.text),
            short_text=put(each.short_text),
            title=put(each.title),
            attachments=tuple(replace(one, text=put(one.text)) for one in each.attachments),
        )
        for each in docket.entries
    )
    rows = tuple(party(row) for row in docket.litigants)
    return replace(docket, name=put(docket.name), litigants=rows, entries=entries), names


def _initials(name: str) -> str:
    """As they are stored: "A.B."; a docket mostly has no more itself."""
    if _INITIALS.fullmatch(name):
        return name
    return "".join(f"{word[0].upper()}." for word in re.findall(r"\w+", name)[:5])
