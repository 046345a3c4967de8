"""
An Excel workbook (.xlsx) with the columns of our own spreadsheets.

A workbook is an archive of XML. What it holds unpacked is counted before anything is unpacked, and a part that declares
entities is refused. Formulas are never calculated: what stands is what the spreadsheet last calculated.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

from .encoding import LARGEST
from .records import Docket, DocketError
from .spreadsheets import COLUMNS, has_our_columns, read_rows

_MOST_PARTS = 2_000
# Sheets of text shrink to a tenth; a hundredth is reached by what was made to burst.
_MOST_RATIO = 100
_SMALL = 1024 * 1024
_MOST_ROWS = 200_000
_XML = (".xml", ".rels", ".vml")
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def is_one(data: bytes) -> bool:
    """Whether it is an archive with a workbook in it; nothing is unpacked."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.startswith("xl/") for name in archive.namelist()[:_MOST_PARTS])
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        # Cut off: what says what is in an archive stands at its end.
        return b"xl/" in data[:100_000]


def read(data: bytes, court: str, problems: list[str]) -> list[Docket]:
    """The dockets of every sheet that names our columns in its first row, as `read_rows`. Raises `DocketError`."""
    if len(data) > LARGEST:
        raise DocketError(f"The file has {len(data):,} bytes; the most is {LARGEST:,}. Split it.")
    _check(data)
    try:
        # Read-only: row by row, and no more of the workbook than its texts.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        found: list[Docket] = []
        for sheet in book.worksheets:
            rows = list(_rows(sheet))
            if rows and has_our_columns(rows[0][1]):
                found += read_rows(rows, court, problems)
    except DocketError:
        raise
    # Whatever a damaged workbook makes of the library that reads it.
    except Exception as error:
        raise DocketError("The workbook is damaged. Open it and save it again, or save the sheet as CSV.") from error
    if not found and not problems:
        raise DocketError(
            f"No sheet has our columns in its first row. Known are {', '.join(COLUMNS)}; date and text are needed."
        )
    return found


def _check(data: bytes) -> None:
    """Refuse what would burst, before it is unpacked, and what declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or size > LARGEST:
                raise DocketError(
                    f"Unpacked, the workbook would have {size:,} bytes in {len(parts):,} parts; the most are "
                    f"{LARGEST:,} in {_MOST_PARTS:,}. Split it, or save the sheet as CSV."
                )
            for part in parts:
                if part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1):
                    raise DocketError(
                        "A part of the workbook is packed more tightly than text can be. Save the sheet as CSV."
                    )
                if part.flag_bits & 1:
                    raise DocketError("The workbook is locked with a password. Save it without one.")
                # No more is read than the directory says, whatever the part itself holds.
                with archive.open(part) as stream:
                    content = stream.read(part.file_size + 1)
                # In another encoding than UTF-8 a declaration could not be seen.
                if part.filename.endswith(_XML) and (_DECLARES.search(content) or b"\x00" in content[:200]):
                    raise DocketError("A part of the workbook declares entities, which no workbook needs.")
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise DocketError("The workbook is cut off or damaged. Save it again.") from error


def _rows(sheet: Any) -> Iterator[tuple[str, list[str]]]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > _MOST_ROWS:
            raise DocketError(f"The sheet has more than {_MOST_ROWS:,} rows. Split it.", f"sheet {sheet.title}")
        texts = [_text(cell) for cell in cells]
        # Cells that were formatted and never filled are no cells of the table.
        while texts and not texts[-1]:
            texts.pop()
        yield f"sheet {sheet.title}, line {number}", texts


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
