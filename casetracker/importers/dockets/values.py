"""Single values out of what a file holds, each with the place for the message."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from casetracker.dates import DateError, UncertainDate, parse

from .records import DocketError

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
# With a time behind it: "2017-06-27T16:54:00", "2025-04-10 02:24 PM".
_ISO_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}.*")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def date_of(value: object, place: str) -> UncertainDate | None:
    """
    A date as American files write it, or as our own date fields take it; None for nothing. Month before day where
    figures have strokes. Raises `DocketError`.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        value = value.isoformat()
    if not isinstance(value, str):
        raise DocketError(f"{value!r} is no date. Write one as 2025-04-10.", place)
    written = value.strip()
    if not written:
        return None
    if found := _ISO_WITH_TIME.fullmatch(written):
        written = found[1]
    try:
        if _ISO.fullmatch(written):
            return UncertainDate.from_edtf(written)
        if found := _AMERICAN.fullmatch(written):
            return UncertainDate.on(int(found[3]), int(found[1]), int(found[2]))
        return parse(written)
    except DateError as error:
        raise DocketError(f"“{written[:40]}” is no date: {error} Write one as 2025-04-10.", place) from error


def text_of(value: object, place: str) -> str:
    """A text with single spaces, empty for None; a number is written out. Raises `DocketError`."""
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise DocketError("Here belongs a text.", place)


def count_of(value: object) -> int | None:
    """A number of pages or bytes; None for anything else."""
    return value if type(value) is int and 0 < value < 2**31 else None


def object_of(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise DocketError("Here belongs an object with names and values.", place)
    return value


def objects_of(value: object, place: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The objects of a list, each with its place; nothing for None. Raises `DocketError`."""
    if value is None:
        return
    if not isinstance(value, list | tuple):
        raise DocketError("Here belongs a list.", place)
    for number, each in enumerate(value, 1):
        where = f"{place}: number {number}"
        yield object_of(each, where), where


def json_of(text: str) -> Any:
    """What a JSON text holds. Raises `DocketError` that names the line."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        if error.pos >= len(text.rstrip()) - 1:
            raise DocketError("The file is cut off here. Save it again.", where) from error
        raise DocketError(f"This is not JSON ({error.msg}). Save the file again.", where) from error
    except RecursionError as error:
        raise DocketError("The JSON is nested too deeply to be a docket. Save the file again.") from error
    except ValueError as error:
        raise DocketError(f"This is not JSON ({error}). Save the file again.") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no value")
