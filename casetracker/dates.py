"""A date with the precision it is known to: parse it, order it, show it.

Sources give a day, a month or a year, an argument that lasted three days, a day known only to lie between two others, or
no more than "before" and "after". ``UncertainDate`` holds each of these as given and never invents the first of January.
The stored text is EDTF, the Extended Date/Time Format of the Library of Congress (ISO 8601-2), in one canonical spelling.

Order of dates: ``(sort_date, sort_rank)``; ``UncertainDate.sort_rank`` states it. The functions in ``models/sql.py``
compute the same in the database, and ``tests/test_date_fields.py`` proves that both agree.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1000, 2199
LONGEST_TEXT = 100
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EXAMPLES = "10 April 2025, April 2025, about 1801, 9–11 December 1952, between 15 and 24 March 2025, or before March 1801"


class DateError(ValueError):
    """A date that cannot be read or does not exist; the message is a sentence for the person who typed it."""


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Form(StrEnum):
    """What is known of a date. SPAN lasted from first to last; BETWEEN is one unknown day in that range."""

    ON = "on"
    SPAN = "span"
    BETWEEN = "between"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a month (``day`` is None) or a year (``month`` is None too) of the Gregorian calendar, 1000 to 2199."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise DateError(f"Write a year from {FIRST_YEAR} to {LAST_YEAR}, with four digits.")
        if self.month is None:
            if self.day is not None:
                raise DateError("A day needs its month.")
            return
        if not 1 <= self.month <= 12:
            raise DateError(f"There is no month {self.month}: months are 01 to 12.")
        if self.day is not None:
            length = monthrange(self.year, self.month)[1]
            if not 1 <= self.day <= length:
                raise DateError(f"There is no day {self.day} in {MONTHS[self.month - 1]} {self.year}: it has {length}.")

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def precision(self) -> Precision:
        if self.day is not None:
            return Precision.DAY
        return Precision.YEAR if self.month is None else Precision.MONTH

    @property
    def iso(self) -> str:
        return "-".join([str(self.year), *(f"{part:02}" for part in (self.month, self.day) if part is not None)])

    @property
    def words(self) -> str:
        parts = (self.day, self.month and MONTHS[self.month - 1], self.year)
        return " ".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """A date as far as it is known. Two are equal if they say the same; for the order use ``sort_key``.

    ``first`` and ``last`` are the same point for ON; BEFORE has only ``last``, AFTER only ``first``. A SPAN or BETWEEN
    whose ends are the same point becomes ON. ``circa`` speaks of the whole. Raises DateError for ends in the wrong order.
    """

    form: Form
    first: Point | None
    last: Point | None
    circa: bool = False

    def __post_init__(self) -> None:
        has_ends = (self.first is not None, self.last is not None)
        if has_ends != (self.form is not Form.BEFORE, self.form is not Form.AFTER):
            raise DateError(f"A date of the form “{self.form}” has other ends.")
        if self.first is None or self.last is None:
            return
        if self.first == self.last:
            object.__setattr__(self, "form", Form.ON)
        elif self.form is Form.ON:
            raise DateError("A single date has one point.")
        elif self.first.first_day > self.last.last_day:
            raise DateError(f"The first date, {self.first.words}, is later than the second, {self.last.words}.")

    @classmethod
    def on(cls, year: int, month: int | None = None, day: int | None = None, circa: bool = False) -> UncertainDate:  # noqa: FBT001, FBT002
        """The day, month or year. Raises DateError if the calendar has no such day."""
        point = Point(year, month, day)
        return cls(Form.ON, point, point, circa)

    @classmethod
    def from_edtf(cls, text: str) -> UncertainDate:
        """Read stored text. A ``~`` on one end counts for the whole. Raises DateError for anything else than our EDTF."""
        match = _EDTF.fullmatch(text)
        form = match and _EDTF_FORMS.get(
            (match["open"], match["first"] is not None, match["sep"], match["last"] is not None, match["close"])
        )
        if match is None or form is None:
            raise DateError(f"This is not a date. Write for example {EXAMPLES}.")
        first, last = (match[end] and _point_from_iso(match[end].removesuffix("~")) for end in ("first", "last"))
        if form is Form.ON:
            last = first
        return cls(form, first or None, last or None, "~" in text)

    @property
    def earliest(self) -> date | None:
        """First day it may have been; None for BEFORE. AFTER a month starts with the last day of that month."""
        if self.first is None:
            return None
        return self.first.last_day if self.form is Form.AFTER else self.first.first_day

    @property
    def latest(self) -> date | None:
        """Last day it may have been; None for AFTER. BEFORE a month ends with the first day of that month."""
        if self.last is None:
            return None
        return self.last.first_day if self.form is Form.BEFORE else self.last.last_day

    @property
    def precision(self) -> Precision:
        """The coarser of its points."""
        found = {point.precision for point in (self.first, self.last) if point is not None}
        return next(precision for precision in (Precision.YEAR, Precision.MONTH, Precision.DAY) if precision in found)

    @property
    def sort_date(self) -> date:
        """The earliest day, or the bound of BEFORE."""
        found = self.earliest or self.latest
        assert found is not None  # noqa: S101 - every form has an end
        return found

    @property
    def sort_rank(self) -> int:
        """The place among dates with the same ``sort_date``: the vaguer first, so that an entry for "April" heads April.

        BEFORE 0; year 1; month 2; BETWEEN days 3; a day, or a SPAN of days 4; AFTER 5. ``circa`` changes nothing.
        """
        if self.form in (Form.BEFORE, Form.AFTER):
            return 0 if self.form is Form.BEFORE else 5
        if self.precision is Precision.DAY:
            return 3 if self.form is Form.BETWEEN else 4
        return 1 if self.precision is Precision.YEAR else 2

    def sort_key(self) -> tuple[date, int]:
        """What entries are ordered by first; then the editor's order in the day, the time (none last) and the id."""
        return self.sort_date, self.sort_rank

    @property
    def edtf(self) -> str:
        """The canonical text, which is what is stored: at most 26 characters."""
        mark = "~" if self.circa else ""
        first, last = (point.iso + mark if point else "" for point in (self.first, self.last))
        if self.form is Form.ON:
            return first
        return f"{first}/{last}" if self.form is Form.SPAN else f"[{first}..{last}]"

    @property
    def iso(self) -> str:
        """The first or only point, for ``<time datetime>``: 2025, 2025-04 or 2025-04-10."""
        point = self.first or self.last
        assert point is not None  # noqa: S101 - every form has an end
        return point.iso

    @property
    def words(self) -> str:
        """In English, as a reader sees it; ``parse`` reads it back to an equal value."""
        about = "about " if self.circa else ""
        if self.first is None or self.last is None:
            point = self.first or self.last
            return f"{self.form} {about}{point.words if point else ''}"
        if self.form is Form.ON:
            return about + self.first.words
        head, tail = _without_repetition(self.first, self.last), self.last.words
        if self.form is Form.BETWEEN:
            return f"between {about}{head} and {about}{tail}"
        is_tight = " " not in head and self.first.precision is self.last.precision
        return f"{about}{head}–{tail}" if is_tight else f"{about}{head} – {tail}"

    def may_lie_in(self, after: date | None, before: date | None) -> bool:
        """Whether some day it may have been is in the range, both ends included; None leaves an end open.

        A range that ends before it begins holds nothing.
        """
        if after is not None and before is not None and after > before:
            return False
        earliest, latest = self.earliest, self.latest
        return (after is None or latest is None or latest >= after) and (
            before is None or earliest is None or earliest <= before
        )

    def __str__(self) -> str:
        return self.words


def parse(text: str) -> UncertainDate:
    """Read a date as people write it: the words this module shows, their American order, short months, ISO and EDTF.

    ``10/04/2025`` is refused, for it means two days. Raises DateError, and nothing else, for any text.
    """
    text = _normalised(text)
    if _EDTF.fullmatch(text):
        return UncertainDate.from_edtf(text)
    if _AMBIGUOUS.search(text):
        raise DateError(
            "Numbers alone can be read with the day or the month first. Write 2025-04-10, or 10 April 2025."
        )
    if _BARE_NUMBER.fullmatch(text):
        raise DateError(f"Write a year from {FIRST_YEAR} to {LAST_YEAR}, with four digits.")
    for form in (Form.BEFORE, Form.AFTER):
        if text.startswith(f"{form} "):
            point, circa = _read_single(text.removeprefix(f"{form} "))
            return UncertainDate(form, *((None, point) if form is Form.BEFORE else (point, None)), circa=circa)
    text, circa = _without_circa(text)
    form, ends = _split(text)
    if ends is None:
        point, point_circa = _read_single(text)
        return UncertainDate(Form.ON, point, point, circa or point_circa)
    (head, head_circa), (tail, tail_circa) = (_without_circa(end) for end in ends)
    first, last = _completed(_Written.read(head), _Written.read(tail))
    return UncertainDate(form, first, last, circa or head_circa or tail_circa)


def parse_bound(text: str) -> tuple[date, date]:
    """First and last day of the day, month or year that a filter names. Raises DateError for anything less plain."""
    value = parse(text)
    if value.form is not Form.ON or value.circa or value.first is None:
        raise DateError("Write one day, month or year here: 2025-04-10, 2025-04 or 2025.")
    return value.first.first_day, value.first.last_day


# -- EDTF ------------------------------------------------------------------------------------------------------------

_POINT = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?~?"
_EDTF = re.compile(rf"(?P<open>\[?)(?P<first>{_POINT})?(?P<sep>/|\.\.|)(?P<last>{_POINT})?(?P<close>\]?)")
_EDTF_FORMS = {
    ("", True, "", False, ""): Form.ON,
    ("", True, "/", True, ""): Form.SPAN,
    ("[", True, "..", True, "]"): Form.BETWEEN,
    ("[", False, "..", True, "]"): Form.BEFORE,
    ("[", True, "..", False, "]"): Form.AFTER,
}


def _point_from_iso(text: str) -> Point:
    return Point(*(int(part) for part in text.split("-")))


def _without_repetition(first: Point, last: Point) -> str:
    """The words of ``first`` without the year and month that ``last`` says again: "9" before "11 December 1952"."""
    if first.precision is not last.precision or first.year != last.year or first.month is None:
        return first.words
    if first.day is None:
        return MONTHS[first.month - 1]
    return str(first.day) if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"


# -- What people write -------------------------------------------------------------------------------------------------

_HYPHENS = dict.fromkeys(map(ord, "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}"), "-")
_DASHES = dict.fromkeys(map(ord, "\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}"), "–")
_MONTH_NUMBERS = {name[:length].lower(): i for i, name in enumerate(MONTHS, 1) for length in (3, None)} | {"sept": 9}
_WEEKDAY_NUMBERS = {name[:length].lower(): i for i, name in enumerate(WEEKDAYS) for length in (3, None)} | {
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
_AMBIGUOUS = re.compile(r"(?<![\d-])\d{1,2}([/.-])\d{1,2}\1\d{2,4}(?!\d)|(?<!\d)\d{4}([/.])\d{1,2}\2\d{1,2}(?!\d)")
_BARE_NUMBER = re.compile(r"[+-]?\d+(?:[-–]\d\d){0,2}")
_CIRCA = re.compile(r"(?:(?:about|around|approximately|circa|approx\.?|ca\.?|c\.?)(?: |(?<=\.)|(?=\d))|~ ?)")
_SEPARATORS = (re.compile(r" (?:to|through) "), re.compile(r" ?– ?"), re.compile(r" - "))
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = re.compile(rf"(?P<name>{'|'.join(sorted(_WEEKDAY_NUMBERS, key=len, reverse=True))})\.?,? (?=\S)")
_WRITTEN = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?",
        rf"{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"{_MONTH} {_DAY}(?:,? {_YEAR})?",
        rf"{_MONTH}(?:,? {_YEAR})?",
        rf"{_DAY},? {_YEAR}",
        _DAY,
        _YEAR,
    )
)


@dataclass(frozen=True, slots=True)
class _Written:
    """One end of a range as written: any part may be left to the other end, as in "9–11 December 1952"."""

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None

    @classmethod
    def read(cls, text: str) -> _Written:
        weekday = _WEEKDAY.match(text)
        if weekday:
            text = text[weekday.end() :]
        match = next(filter(None, (pattern.fullmatch(text) for pattern in _WRITTEN)), None)
        if match is None:
            raise DateError(f"This is not a date. Write for example {EXAMPLES}.")
        found = match.groupdict()
        month = found.get("month")
        return cls(
            year=int(found["year"]) if found.get("year") else None,
            month=None if month is None else _MONTH_NUMBERS.get(month) or int(month),
            day=int(found["day"]) if found.get("day") else None,
            weekday=_WEEKDAY_NUMBERS[weekday["name"]] if weekday else None,
        )

    def as_point(self, *, year: int | None = None, month: int | None = None) -> Point:
        """The point, with the year and month of the other end where this one leaves them out."""
        year, month = self.year or year, self.month or month
        if year is None or (month is None and self.day is not None):
            raise DateError(f"A date needs its year, with four digits. Write for example {EXAMPLES}.")
        point = Point(year, month, self.day)
        if self.weekday is not None:
            if point.day is None:
                raise DateError("A day of the week needs a day of the month.")
            actual = point.first_day.weekday()
            if actual != self.weekday:
                raise DateError(f"{point.words} was a {WEEKDAYS[actual]}.")
        return point


def _normalised(text: str) -> str:
    """In lower case, with single spaces and two kinds of dash: "-" inside a date, "–" between two."""
    if len(text) > LONGEST_TEXT:
        raise DateError(f"A date is at most {LONGEST_TEXT} characters long.")
    text = " ".join(text.translate(_HYPHENS | _DASHES).split())
    if not text:
        raise DateError(f"Write a date, for example {EXAMPLES}.")
    for character in text:
        if character != "–" and not " " <= character <= "~":
            raise DateError(f"A date cannot hold the character U+{ord(character):04X}. Write for example {EXAMPLES}.")
    return re.sub(r"(?<!\d)(\d{4})–(\d\d)–(\d\d)(?!\d)", r"\1-\2-\3", text.lower())


def _without_circa(text: str) -> tuple[str, bool]:
    match = _CIRCA.match(text)
    return (text[match.end() :], True) if match else (text, False)


def _read_single(text: str) -> tuple[Point, bool]:
    text, circa = _without_circa(text)
    circa, text = circa or text.endswith("~"), text.removesuffix("~")
    return _Written.read(text).as_point(), circa


def _split(text: str) -> tuple[Form, list[str] | None]:
    """The form and the two ends of a range, or no ends if the text is a single date."""
    if text.startswith("between "):
        return Form.BETWEEN, _two(text.removeprefix("between ").split(" and "))
    is_range, text = text.startswith("from "), text.removeprefix("from ")
    for separator in _SEPARATORS:
        if separator.search(text):
            return Form.SPAN, _two(separator.split(text))
    if is_range or (text.count("-") == 1 and not _WRITTEN[0].fullmatch(text)):
        return Form.SPAN, _two([end.strip() for end in text.split("-")])
    return Form.ON, None


def _two(ends: list[str]) -> list[str]:
    if len(ends) != 2:
        raise DateError("A range has two ends: write 9–11 December 1952, or between 15 and 24 March 2025.")
    return ends


def _completed(first: _Written, last: _Written) -> tuple[Point, Point]:
    """Both points, each with what only the other says: "9–11 December 1952", "December 9–11, 1952"."""
    is_american = last.month is None and last.day is not None and first.day is not None
    end = last.as_point(month=first.month if is_american and first.year is None else None)
    if first.year is None and end.month is None:
        raise DateError("Write both years in full: 1952–1954.")
    if first.month is None and end.day is None and first.day is not None:
        raise DateError("Write both ends in full: 9 April 1952 – May 1952.")
    return first.as_point(year=end.year, month=end.month if first.day is not None else None), end
