"""Our own JSON: the records as they are, written by `export_case` and read again without a loss."""

import dataclasses
import json
import types
from collections.abc import Iterable, Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from casetracker.dates import UncertainDate

from .records import Attachment, Counsel, Docket, DocketError, Entry, Litigant, Origin, Sitting
from .values import date_of, object_of

FORMAT = "casetracker-docket"
VERSION = 1
_RECORDS = (Attachment, Counsel, Docket, Entry, Litigant, Origin, Sitting)


def is_one(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("format") == FORMAT


def write(dockets: Iterable[Docket]) -> str:
    """The JSON; what is as it is by itself is left out."""
    rows = [_written(docket) for docket in dockets]
    return json.dumps({"format": FORMAT, "version": VERSION, "dockets": rows}, ensure_ascii=False, indent=1) + "\n"


def _written(record: Any) -> Any:
    if isinstance(record, UncertainDate):
        return record.edtf
    if isinstance(record, tuple):
        return [_written(each) for each in record]
    if not dataclasses.is_dataclass(record):
        return record
    return {
        each.name: _written(value)
        for each in dataclasses.fields(record)
        if each.compare and (value := getattr(record, each.name)) != each.default
    }


def read(value: Mapping[str, Any], court: str, problems: list[str]) -> list[Docket]:
    """
    The dockets. One that cannot be read, as for a name that is none of ours, is left out, and why, with the place, is
    added to `problems`. Raises `DocketError` for what is no list of dockets.
    """
    if value.get("version") != VERSION:
        raise DocketError(
            f"This is version {value.get('version')!r} of the format; {VERSION} is read here. Export it again.",
            "version",
        )
    rows = value.get("dockets")
    if not isinstance(rows, list) or not rows:
        raise DocketError("Here belongs a list of dockets.", "dockets")
    found: list[Docket] = []
    for at, row in enumerate(rows, 1):
        try:
            found.append(_record(Docket, row, f"dockets: number {at}", court))
        except DocketError as error:
            problems.append(str(error))
    return found


def _record(kind: Any, raw: object, place: str, court: str = "") -> Any:
    said = dict(object_of(raw, place))
    if kind is Docket and court:
        said.setdefault("court", court)
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for each in dataclasses.fields(kind):
        if each.compare and each.name in said:
            values[each.name] = _value(hints[each.name], said.pop(each.name), f"{place}: {each.name}")
    if said:
        raise DocketError(f"There is no “{next(iter(said))!s:.40}” here. Take it out.", place)
    if kind is Entry:
        values["place"] = place
    try:
        return kind(**values)
    except TypeError as error:
        raise DocketError(f"Something is missing ({error}).", place) from error


def _value(kind: Any, raw: object, place: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if raw is None:
            return None
        kind = next(each for each in get_args(kind) if each is not type(None))
        origin = get_origin(kind)
    if origin is tuple:
        if not isinstance(raw, list):
            raise DocketError("Here belongs a list.", place)
        inner = get_args(kind)[0]
        return tuple(_value(inner, each, f"{place}: number {at}") for at, each in enumerate(raw, 1))
    if kind is UncertainDate:
        return date_of(raw, place)
    if kind in _RECORDS:
        return _record(kind, raw, place)
    if not isinstance(raw, kind) or (kind is int and isinstance(raw, bool)):
        raise DocketError(f"Here belongs a {'text' if kind is str else kind.__name__}.", place)
    return raw
