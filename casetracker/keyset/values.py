"""Values of columns as they stand in an address: read with every doubt, written as they are read."""

import datetime
import re
from typing import Any
from urllib.parse import unquote

from ..models.places import FIRST_DAY, LAST_DAY, NO_DAY

# Between the values of a place.
BETWEEN = "~"


class PlaceError(ValueError):
    """This text is no place in this order."""


def same(value: Any) -> Any:
    return value


def flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise PlaceError
    return text == "1"


def number(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,5}", text, re.ASCII) or abs(int(text)) > 2**15:
        raise PlaceError
    return min(int(text), 2**15 - 1)


def day(text: str) -> datetime.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise PlaceError
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise PlaceError from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PlaceError
    return day


def time(text: str) -> datetime.time | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?", text, re.ASCII):
        raise PlaceError
    try:
        return datetime.time.fromisoformat(text)
    except ValueError:
        raise PlaceError from None


def words(text: str) -> str:
    found = unquote(text, errors="replace")
    if len(found) > 500 or "\x00" in found:
        raise PlaceError
    return found


def written(text: str) -> str:
    return text.replace("%", "%25").replace(BETWEEN, "%7E")


def days_to(text: str) -> int:
    return (LAST_DAY - day(text)).days if text else NO_DAY


def days_from(text: str) -> int:
    return (day(text) - FIRST_DAY).days if text else NO_DAY


def of_recency(days: int) -> datetime.date | None:
    return None if days == NO_DAY else LAST_DAY - datetime.timedelta(days=days)


def of_age(days: int) -> datetime.date | None:
    return None if days == NO_DAY else FIRST_DAY + datetime.timedelta(days=days)


def iso(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""
