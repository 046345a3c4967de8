"""
The documents of the lines of a docket: what they are called and where they lie. Files are never fetched.

Each is known again by its number, or by what it is called; `ImportedEntry.fingerprints["files"]` has the key of its row
and the digest of what was written, by these.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from casetracker.models import Document
from casetracker.validators import web_address

from .copying import copy_with_keys
from .meaning import fingerprint
from .records import Attachment
from .wanted import digest

FILES = "files"
_NO_NAME = re.compile(r"Attachment \S+|Document(?: \S+)?")
_COLUMNS = ("number", "title", "address", "pages", "size", "sha256", "sealed")
Noted = dict[str, list[Any]]


def _values(row: Attachment) -> dict[str, Any]:
    return {
        "number": row.number[:20],
        "title": row.text,
        "address": _address(row.address),
        "pages": row.pages,
        "size": row.size,
        "sha256": row.sha256 if len(row.sha256) == 64 else "",
        "sealed": row.is_sealed,
    }


def _address(written: str) -> str:
    """One that may be a link, or nothing."""
    try:
        if written and len(written) <= 1_000:
            web_address(written)
            return written
    except ValidationError:
        pass
    return ""


def _keyed(rows: Iterable[Attachment]) -> Iterator[tuple[str, Attachment]]:
    """Each document with what it is known by; of several that are alike the first is the first."""
    seen: Counter[str] = Counter()
    for row in rows:
        name = f"{row.number}" if row.number else f"= {fingerprint(row.text)}"
        seen[name] += 1
        yield f"{name} {seen[name]}" if seen[name] > 1 else name, row


def add(pairs: Sequence[tuple[Sequence[Attachment], int]]) -> list[Noted]:
    """Write the documents of lines, each with the key of its entry; what is to be remembered of each line."""
    wanted = [
        (at, key, {"event_id": event, **_values(row)})
        for at, (rows, event) in enumerate(pairs)
        for key, row in _keyed(rows)
    ]
    noted: list[Noted] = [{} for _ in pairs]
    keys = copy_with_keys(Document, [values for _, _, values in wanted])
    for (at, key, values), row in zip(wanted, keys, strict=True):
        noted[at][key] = [row, _digest(values)]
    return noted


def _digest(values: Mapping[str, Any]) -> str:
    return digest(tuple(values[name] for name in _COLUMNS))


def rows_of(noted: Iterable[Mapping[str, list[Any]]]) -> dict[int, Document]:
    """The documents that are remembered and still there, held against other writers."""
    keys = [row for each in noted for row, _ in each.values()]
    if not keys:
        return {}
    return {row.pk: row for row in Document.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}


class Changes:
    """
    What a line says of its documents beside what was written. `to_add` are new, `to_save` say more or otherwise, and
    nobody touched them; `kept` says that an editor did, and the file says something else. What the file leaves out
    takes nothing away, and what was deleted stays so.
    """

    def __init__(self, said: Sequence[Attachment], noted: Mapping[str, Any], rows: Mapping[int, Document]) -> None:
        self.noted: Noted = {key: list(value) for key, value in noted.items()}
        self.to_add: list[tuple[str, Attachment]] = []
        self.to_save: list[Document] = []
        self.kept = False
        for key, each in _keyed(said):
            if key not in noted:
                self.to_add.append((key, each))
            elif (row := rows.get(noted[key][0])) is not None:
                self._compare(key, row, each)

    def _compare(self, key: str, row: Document, said: Attachment) -> None:
        has = {name: getattr(row, name) for name in _COLUMNS}
        new = {name: value for name, value in _values(said).items() if value not in (None, "")}
        # A seal is never lifted by a file, and a name that is none says nothing.
        new["sealed"] = said.is_sealed or row.sealed
        if _NO_NAME.fullmatch(said.text):
            del new["title"]
        if has | new == has:
            return
        if _digest(has) != self.noted[key][1]:
            self.kept = True
            return
        for name, value in new.items():
            setattr(row, name, value)
        self.noted[key][1] = _digest(has | new)
        self.to_save.append(row)

    @property
    def is_any(self) -> bool:
        return bool(self.to_add or self.to_save)


def write(changes: Sequence[tuple[Changes, int]]) -> None:
    """Write what is new or changed, each with the key of its entry, and note it in `noted`."""
    wanted = [(each, key, {"event_id": event, **_values(row)}) for each, event in changes for key, row in each.to_add]
    for (each, key, values), row in zip(wanted, copy_with_keys(Document, [row for _, _, row in wanted]), strict=True):
        each.noted[key] = [row, _digest(values)]
    saved = [row for each, _ in changes for row in each.to_save]
    if saved:
        Document.objects.bulk_update(saved, list(_COLUMNS), batch_size=1_000)
