"""
Our own table: a line for each entry of a docket, as CSV; as a workbook it comes by way of `workbooks`.

The court, the number and the name of the docket stand in the first line of its entries and may be left out below. The
first of these columns that is there is taken by any of its names, and an unknown column is refused, for nothing typed
is dropped without a word.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .records import Attachment, Docket, DocketError, Entry, Sitting
from .values import date_of, text_of

# The columns of the template, and by what other names they are known.
COLUMNS = {
    "court": ("court id",),
    "docket_number": ("docket number", "docket", "case number", "docket no", "case no"),
    "case_name": ("case name", "caption", "name"),
    "date": ("date filed", "filed", "date_filed"),
    "entered": ("date entered", "date_entered"),
    "number": ("entry", "entry number", "document", "document number", "ecf", "no", "#"),
    "text": ("docket text", "description", "entry text"),
    "kind": ("type",),
    "form": (),
    "outcome": (),
    "title": (),
    "judges": ("judge", "signed by"),
    "attachments": ("attachment", "documents"),
    "assigned_to": ("assigned to",),
    "referred_to": ("referred to",),
}
_NAMES = {other: name for name, others in COLUMNS.items() for other in (name, *others)}
_MOST_IN_A_CELL = 200_000
_ATTACHMENT = re.compile(
    r"(?:(?P<number>\d{1,4})[:.)] ?)?(?P<text>.*?)(?: ?(?P<address>https?://\S+))?(?: ?\((?P<sealed>sealed)\))?",
    re.IGNORECASE,
)

TEMPLATE = "".join(
    f"{line}\r\n"
    for line in (
        ",".join(COLUMNS),
        'mdd,8:25-cv-00951,Doe v. Example Agency,2025-03-24,,1,"COMPLAINT against Example Agency, filed by A. Doe.",'
        ",,,,,1: Civil Cover Sheet; 2: Summons,Ada Bench,",
        ",,,2025-04-04,2025-04-05,21,ORDER granting 6 Motion for Preliminary Injunction.,"
        "ruling,injunction,granted,,Ada Bench,https://example.org/order.pdf,,",
    )
)


def is_one(text: str) -> bool:
    """Whether the first line names columns of ours."""
    return has_our_columns(_first_line(text).replace(";", ",").replace("\t", ",").split(","))


def read(text: str, court: str, problems: list[str]) -> list[Docket]:
    """The dockets of a CSV, as `read_rows`. Raises `DocketError` that names the line."""
    first = _first_line(text)
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(_MOST_IN_A_CELL)
    try:
        rows = ((f"line {reader.line_num}", cells) for cells in reader)
        return read_rows(rows, court, problems, may_have_formulas=True)
    except csv.Error as error:
        raise DocketError(f"This is not CSV ({error}). Is a quote left open?", f"line {reader.line_num}") from error


def has_our_columns(cells: Iterable[str]) -> bool:
    """Whether these are the names of columns of ours, as far as one can tell before they are checked."""
    return len({_NAMES[name] for cell in cells if (name := _folded(cell)) in _NAMES}) >= 2


def read_rows(
    rows: Iterable[tuple[str, Sequence[str]]], court: str, problems: list[str], *, may_have_formulas: bool = False
) -> list[Docket]:
    """
    The dockets of a table: rows of cells, each with its place for the message, the first with the names of the columns.
    A docket with a row that cannot be read is left out as a whole, and why is added to `problems`; so is one with a
    formula, where cells are not what a spreadsheet made of them. Raises `DocketError` for what is no such table.
    """
    found: dict[tuple[str, str], Docket] = {}
    entries: dict[tuple[str, str], list[Entry]] = {}
    bad: dict[tuple[str, str], str] = {}
    key = ("", "")
    columns: list[str] = []
    for place, cells in rows:
        if not columns:
            columns = _columns(cells, place)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        said = {name: text_of(_plain(cell), place) for name, cell in zip(columns, cells, strict=False)}
        if said.get("docket_number"):
            key = (said.get("court") or court, said["docket_number"])
        elif not key[1]:
            raise DocketError("The first entry of a docket needs its docket_number.", place)
        try:
            if len(cells) > len(columns):
                raise DocketError("There are more cells than columns. Put a text with a comma in quotes.", place)
            if may_have_formulas:
                _refuse_formulas(columns, cells, place)
            entry = _entry(said, place)
        except DocketError as error:
            bad.setdefault(key, str(error))
            continue
        if key not in found:
            found[key] = Docket(
                court=key[0], number=key[1], name=said.get("case_name", ""), judges=_judges(said), is_part=True
            )
        entries.setdefault(key, []).append(entry)
    if not found and not bad:
        raise DocketError("There are no entries below the names of the columns. Write each into a line.")
    problems += bad.values()
    return [replace(docket, entries=tuple(entries[key])) for key, docket in found.items() if key not in bad]


def _entry(said: dict[str, str], place: str) -> Entry:
    if not said.get("date"):
        raise DocketError("The entry has no date. Write one as 2025-04-10.", place)
    return Entry(
        filed=date_of(said["date"], f"{place}: date"),
        entered=date_of(said.get("entered"), f"{place}: entered"),
        number=said.get("number", ""),
        text=said.get("text", ""),
        kind=said.get("kind", "").lower(),
        form=said.get("form", "").lower(),
        outcome=said.get("outcome", "").lower(),
        title=said.get("title", ""),
        judges=tuple(Sitting(name, "") for name in _several(said.get("judges", ""))),
        attachments=tuple(_attachment(each) for each in _several(said.get("attachments", ""))),
        place=place,
    )


def _judges(said: dict[str, str]) -> tuple[Sitting, ...]:
    """Who has the docket; several of one kind stand with semicolons between them."""
    return tuple(
        Sitting(name, role) for role in ("assigned", "referred") for name in _several(said.get(f"{role}_to", ""))
    )


def _several(cell: str) -> list[str]:
    return [part for each in cell.split(";") if (part := each.strip())]


def _attachment(written: str) -> Attachment:
    """One of "2: Exhibit A https://example.org/a.pdf (sealed)", of which each part may be missing."""
    found = _ATTACHMENT.fullmatch(written)
    said = found.groupdict(default="") if found else {"number": "", "text": written, "address": "", "sealed": ""}
    return Attachment(said["number"], said["text"].strip(), said["address"], is_sealed=bool(said["sealed"]))


def _plain(cell: str) -> str:
    """
    A cell as text, never as a formula: an apostrophe that a spreadsheet or our own export put before one is no part.
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _refuse_formulas(columns: Sequence[str], cells: Sequence[str], place: str) -> None:
    """What a spreadsheet saves as CSV is what a formula came to; one that is there is a mistake, or a trap."""
    for column, cell in zip(columns, cells, strict=False):
        if cell.startswith("="):
            mend = "Write what it comes to, or an apostrophe before it if these are the words."
            raise DocketError(f"“{cell[:40]}” is a formula. {mend}", f"{place}: {column}")


def _columns(names: Sequence[str], place: str) -> list[str]:
    columns = []
    for name in names:
        known = _NAMES.get(_folded(name))
        if known is None and name.strip():
            told = f"There is no column “{name.strip()[:40]}”. Name it as one of these, or take it out: "
            raise DocketError(f"{told}{', '.join(COLUMNS)}.", place)
        if known is not None and known in columns:
            raise DocketError(f"The column {known} is there twice. Take one out.", place)
        columns.append(known or "")
    for needed in ("date", "text"):
        if needed not in columns:
            raise DocketError(
                f"There is no column {needed}, which is needed. Known are {', '.join(COLUMNS)}. Add it.", place
            )
    return columns


def _first_line(text: str) -> str:
    return text[:4000].lstrip("\r\n").partition("\n")[0]


def _folded(name: str) -> str:
    return name.strip().strip('"').strip().lower().rstrip(".")
