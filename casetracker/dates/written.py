"""
Reading a date as people write it, in any language that ``grammar`` has.

The language of the page does not matter: an address with a date in it is sent on, and means the same to whoever opens
it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from casetracker.dates.forms import DateError, Examples, Form, Weekday
from casetracker.dates.grammar import GRAMMARS
from casetracker.dates.value import FIRST_YEAR, LAST_YEAR, Point, UncertainDate

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_TEXT = 100
BOUND_EXAMPLES = Examples("2025-04-10, 2025-04 or 2025")
EXAMPLES = Examples(
    "10 April 2025, April 2025, about 1801, 9–11 December 1952, between 15 and 24 March 2025, before March 1801"
)


def parse(text: str) -> UncertainDate:
    """Read a date: the words that ``UncertainDate`` shows in any language, American order, short months, ISO and EDTF.

    ``10/04/2025`` is refused, for it means two days. Raises DateError, and nothing else, for any text.
    """
    text = _normalised(text)
    _refuse_what_can_be_misread(text)
    if _EDTF_SIGN.search(text):
        return UncertainDate.from_edtf(text)
    for form, opening in ((Form.BEFORE, _BEFORE), (Form.AFTER, _AFTER)):
        if match := opening.match(text):
            text, circa = _without_circa(text[match.end() :])
            point = _Written.read(text).as_point()
            return UncertainDate(
                form,
                first=point if form is Form.AFTER else None,
                last=point if form is Form.BEFORE else None,
                circa=circa,
            )
    text, circa = _without_circa(text)
    form, ends = _split(text)
    if len(ends) == 1:
        point = _Written.read(text).as_point()
        return UncertainDate(form, point, point, circa)
    (head, head_circa), (tail, tail_circa) = (_without_circa(end) for end in ends)
    first, last = _completed(_Written.read(head), _Written.read(tail))
    return UncertainDate(form, first, last, circa or head_circa or tail_circa)


def parse_bound(text: str) -> tuple[date, date]:
    """First and last day of the day, month or year that a filter names. Raises DateError for anything less plain."""
    try:
        value = parse(text)
    except DateError as error:
        values = {name: BOUND_EXAMPLES if value is EXAMPLES else value for name, value in error.values.items()}
        raise DateError(error.message, **values) from error
    if value.form is not Form.ON or value.circa or value.first is None:
        raise DateError("Write one day, month or year here: %(examples)s.", examples=BOUND_EXAMPLES)
    return value.first.first_day, value.first.last_day


def _any(words: Iterable[str]) -> str:
    """A pattern of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _any_of(name: str) -> str:
    """A pattern of what all languages have under a name of ``Words``."""
    return _any(word for language in GRAMMARS.values() for word in getattr(language.reads, name))


_BEFORE, _AFTER, _BETWEEN, _SINCE = (
    re.compile(rf"(?:{_any_of(name)}) ") for name in ("before", "after", "between", "since")
)
_OPENING = re.compile(rf"(?:{_any_of('openings')}) ")
_JOINS = re.compile(rf" (?:{_any_of('joins')}) ")


def _plain(text: str) -> str:
    """Without the accents and raised letters that names of days and months have; no digit is changed."""
    return unicodedata.normalize("NFC", text).translate(_ACCENTS)


_ACCENTS = str.maketrans("áéíóúÁÉÍÓÚº°", "aeiouAEIOUoo")
_HYPHENS = dict.fromkeys(map(ord, "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}"), "-")
_DASHES = dict.fromkeys(map(ord, "\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}"), "–")
_TWO_DASHES = _HYPHENS | _DASHES


def _normalised(text: str) -> str:
    """In lower case, with single spaces, two kinds of dash, "-" and "–", and no accents. All else is ASCII."""
    if len(text) > LONGEST_TEXT:
        raise DateError("A date is at most %(most)s characters long.", most=LONGEST_TEXT)
    text = " ".join(_plain(text).translate(_TWO_DASHES).split())
    if not text:
        raise DateError("Write a date, for example %(examples)s.", examples=EXAMPLES)
    for character in text:
        if character != "–" and not " " <= character <= "~":
            raise DateError(
                "A date cannot hold the character %(character)s. Write for example %(examples)s.",
                character=f"U+{ord(character):04X}",
                examples=EXAMPLES,
            )
    return _ISO_WITH_DASHES.sub(r"\1-\2-\3", text.lower())


_ISO_WITH_DASHES = re.compile(r"(?<!\d)(\d{4})–(\d\d)–(\d\d)(?!\d)")
_DAY_OR_MONTH_FIRST = re.compile(r"(?<![\d-])\d{1,2}([/.-])\d{1,2}\1\d{2,4}(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)\d{4}([/.])\d{1,2}\1\d{1,2}(?!\d)")
_YEAR_OR_MONTH = re.compile(r"\d{4}(?:–\d\d|-(?:1[3-9]|[2-9]\d))")
_OTHER_NUMBER = re.compile(r"[+-]?(?!\d{4}(?!\d))\d+(?:-\d\d){0,2}")
_EDTF_SIGN = re.compile(r"[][/]|\.\.|~$")


def _refuse_what_can_be_misread(text: str) -> None:
    if _DAY_OR_MONTH_FIRST.search(text):
        raise DateError("The day or the month can be first in this. Write 2025-04-10, or 10 April 2025.")
    if _YEAR_FIRST.search(text):
        raise DateError("Write the date with hyphens, 2025-04-10, or in words, 10 April 2025.")
    if _YEAR_OR_MONTH.fullmatch(text):
        raise DateError("Write both years in full, 1952–1954, or the month as 1952-04.")
    if _OTHER_NUMBER.fullmatch(text):
        raise DateError("Write a year from %(first)s to %(last)s, with four digits.", first=FIRST_YEAR, last=LAST_YEAR)
    if ":" in text:
        raise DateError("Write the date without the time of day.")


_CIRCA = re.compile(rf"(?:{_any_of('about')}|approx\.?|aprox\.?|ca\.?|c\.?)(?: |(?<=\.)|(?=\d))|~ ?")


def _without_circa(text: str) -> tuple[str, bool]:
    match = _CIRCA.match(text)
    return (text[match.end() :], True) if match else (text, False)


_SEPARATORS = (re.compile(rf" (?:{_any_of('until')}) "), re.compile(r" ?– ?"), re.compile(r" - "))
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?")


def _split(text: str) -> tuple[Form, list[str]]:
    """The form, and the two ends of a range or the one single date."""
    if match := _BETWEEN.match(text):
        return Form.BETWEEN, _two_ends(_JOINS.split(text[match.end() :]))
    match = _SINCE.match(text)
    is_range, text = match is not None, text[match.end() :] if match else text
    for separator in _SEPARATORS:
        if separator.search(text):
            return Form.SPAN, _two_ends(separator.split(text))
    if is_range or (text.count("-") == 1 and not _ISO.fullmatch(text)):
        return Form.SPAN, _two_ends([end.strip() for end in text.split("-")])
    return Form.ON, [text]


def _two_ends(ends: list[str]) -> list[str]:
    if len(ends) != 2:
        raise DateError("A range has two ends: write 9–11 December 1952, or between 15 and 24 March 2025.")
    return ends


def _numbers(name: str, start: int) -> dict[str, int]:
    """The number of each month or weekday by all its spellings."""
    found: dict[str, int] = {}
    for language in GRAMMARS.values():
        found |= {_plain(full).lower(): number for number, full in enumerate(getattr(language, name), start)}
        found |= getattr(language.reads, name)
    return found


_MONTH_NUMBERS, _WEEKDAY_NUMBERS = _numbers("months", 1), _numbers("weekdays", 0)
_WEEKDAY = re.compile(rf"(?P<name>{_any(_WEEKDAY_NUMBERS)})\.?,? (?=\S)")
_MONTH = rf"(?P<month>{_any(_MONTH_NUMBERS)})\.?"
_OF = rf"(?: (?:{_any_of('of')}))?"
_DAY = rf"(?P<day>\d{{1,2}})(?:{_any_of('ordinals')})?"
_YEAR = r"(?P<year>\d{4})"
_IN_YEAR = rf"(?:(?:,|{_OF}) {_YEAR})?"
_SHORT_YEAR = re.compile(r"[a-z0-9.][ ,]+'?\d\d$")
_PATTERNS = (
    _ISO,
    re.compile(rf"{_DAY}{_OF} {_MONTH}{_IN_YEAR}"),
    re.compile(rf"{_MONTH} {_DAY}{_IN_YEAR}"),
    re.compile(rf"{_MONTH}{_IN_YEAR}"),
    re.compile(rf"{_DAY}{_IN_YEAR}"),
    re.compile(_YEAR),
)


@dataclass(frozen=True, slots=True)
class _Written:
    """One date as written, where a range leaves to its other end what both share: "9–11 December 1952"."""

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None

    @classmethod
    def read(cls, text: str) -> _Written:
        text = _OPENING.sub("", text, count=1) if _OPENING.match(text) else text
        weekday = _WEEKDAY.match(text)
        if weekday:
            text = text[weekday.end() :]
        match = next(filter(None, (pattern.fullmatch(text) for pattern in _PATTERNS)), None)
        if match is None and _SHORT_YEAR.search(text):
            raise DateError(
                "A date needs its year, with four digits. Write for example %(examples)s.", examples=EXAMPLES
            )
        if match is None:
            raise DateError("This is not a date. Write for example %(examples)s.", examples=EXAMPLES)
        found = match.groupdict()
        month = found.get("month")
        return cls(
            year=int(found["year"]) if found.get("year") else None,
            month=None if month is None else _MONTH_NUMBERS.get(month) or int(month),
            day=int(found["day"]) if found.get("day") else None,
            weekday=_WEEKDAY_NUMBERS[weekday["name"]] if weekday else None,
        )

    def as_point(self, *, year: int | None = None, month: int | None = None) -> Point:
        """The point, with a year and month from the other end where this one leaves them out."""
        year = year if self.year is None else self.year
        month = month if self.month is None else self.month
        if year is None:
            raise DateError(
                "A date needs its year, with four digits. Write for example %(examples)s.", examples=EXAMPLES
            )
        point = Point(year, month, self.day)
        if self.weekday is not None:
            if point.day is None:
                raise DateError("A day of the week needs a day of the month.")
            actual = point.first_day.weekday()
            if actual != self.weekday:
                raise DateError("%(day)s was a %(weekday)s.", day=point, weekday=Weekday(actual))
        return point


def _completed(first: _Written, last: _Written) -> tuple[Point, Point]:
    """Both points: "9–11 December 1952" says month and year once, "December 9–11, 1952" the month before."""
    if first.year is not None:
        return first.as_point(), last.as_point()
    end = last.as_point(month=first.month if last.day is not None and first.day is not None else None)
    if end.month is None or (end.day is None and first.day is not None):
        raise DateError("Write both ends in full: 9 April 1952 – May 1952.")
    return first.as_point(year=end.year, month=end.month if first.day is not None else None), end
