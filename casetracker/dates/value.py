"""What is known of a date, its place in the order, and its canonical text.

Order of dates: ``UncertainDate.sort_key``, which is stated here once. The functions in ``models/sql.py`` compute the
same in the database, and ``tests/test_date_fields.py`` proves that both agree.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from casetracker.dates.forms import DateError, Form, Precision
from casetracker.dates.grammar import Use, grammar

# The database has a constraint for the same years.
FIRST_YEAR, LAST_YEAR = 1000, 2199


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a month (``day`` is None) or a year (``month`` is None too) of the Gregorian calendar, 1000 to 2199.

    Raises DateError for a day that the calendar does not have.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise DateError(
                "Write a year from %(first)s to %(last)s, with four digits.", first=FIRST_YEAR, last=LAST_YEAR
            )
        if self.month is None:
            if self.day is not None:
                raise DateError("A day needs its month.")
            return
        if not 1 <= self.month <= 12:
            raise DateError("There is no month %(month)s: months are 01 to 12.", month=self.month)
        if self.day is not None:
            length = monthrange(self.year, self.month)[1]
            if not 1 <= self.day <= length:
                raise DateError(
                    "%(month)s has %(length)s days, so no day %(day)s.",
                    month=Point(self.year, self.month),
                    length=length,
                    day=self.day,
                )

    @classmethod
    def from_iso(cls, text: str) -> Point:
        """Read 2025, 2025-04 or 2025-04-10."""
        return cls(*(int(part) for part in text.split("-")))

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
        return self.in_words()

    def in_words(self, language: str = "en") -> str:
        """As a reader of a language sees it: "10 April 2025", "10 de abril de 2025"."""
        return grammar(language).point(self)


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """A date as far as it is known. Two are equal if they say the same; for the order use ``sort_key``.

    ``first`` and ``last`` are the same point for ON; BEFORE has only ``last``, AFTER only ``first``. A SPAN or BETWEEN
    whose ends are the same point becomes ON. ``circa`` speaks of the whole. Raises DateError if the first end begins
    after the last one is over.
    """

    form: Form
    first: Point | None
    last: Point | None
    circa: bool = False
    # Kept once found, by language and use: a page says each of a thousand dates several times.
    _words: dict[tuple[str, Use], str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _iso: str = field(default="", init=False, repr=False, compare=False)
    _edtf: str = field(default="", init=False, repr=False, compare=False)
    _sort_date: date | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if (self.first is None, self.last is None) != (self.form is Form.BEFORE, self.form is Form.AFTER):
            raise DateError("Only a date before another has no first end, and only one after another has no last end.")
        if self.first is None or self.last is None:
            return
        if self.first == self.last:
            object.__setattr__(self, "form", Form.ON)
        elif self.form is Form.ON:
            raise DateError("A single date has the same first and last end.")
        elif self.first.first_day > self.last.last_day:
            raise DateError(
                "The first date, %(first)s, is later than the second, %(second)s.", first=self.first, second=self.last
            )

    @classmethod
    def on(cls, year: int, month: int | None = None, day: int | None = None, *, circa: bool = False) -> UncertainDate:
        """The day, month or year. Raises DateError if the calendar has no such day."""
        point = Point(year, month, day)
        return cls(Form.ON, point, point, circa)

    @classmethod
    @lru_cache(maxsize=4096)  # a page of a thousand entries reads each date again on every request
    def from_edtf(cls, text: str) -> UncertainDate:
        """Read stored text; a ``~`` on one end counts for the whole. Raises DateError for any other EDTF or text."""
        match = _EDTF.fullmatch(text)
        opening, head, separator, tail, closing = match.groups() if match else (None,) * 5
        form = _EDTF_FORMS.get((opening, head is not None, separator, tail is not None, closing))
        if form is None:
            raise DateError(
                "Write EDTF as 2025-04-10, 1801~, 1952-12-09/1952-12-11, [2025-03-15..2025-03-24], [..1801-03-04] "
                "or [2026-02-26..], or a date in words: 9–11 December 1952."
            )
        first = Point.from_iso(head.removesuffix("~")) if head else None
        last = Point.from_iso(tail.removesuffix("~")) if tail else None
        return cls(form, first, first if form is Form.ON else last, "~" in text)

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
        """``earliest``, or the bound of BEFORE."""
        if self._sort_date is None:
            found = self._point.last_day if self.form is Form.AFTER else self._point.first_day
            object.__setattr__(self, "_sort_date", found)
            return found
        return self._sort_date

    @property
    def sort_rank(self) -> int:
        """Its place among dates with the same ``sort_date``: the vaguer first, so that an entry for April heads April.

        BEFORE 0; year 1; month 2; BETWEEN days 3; a day, or a SPAN of days 4; AFTER 5. ``circa`` changes nothing.
        """
        if self.form in (Form.BEFORE, Form.AFTER):
            return 0 if self.form is Form.BEFORE else 5
        if self.precision is Precision.DAY:
            return 3 if self.form is Form.BETWEEN else 4
        return 1 if self.precision is Precision.YEAR else 2

    def sort_key(self) -> tuple[date, int]:
        """What entries are ordered by first; then by the editor's order in the day, the time (none last) and the id."""
        return self.sort_date, self.sort_rank

    @property
    def edtf(self) -> str:
        """The canonical text, which is what is stored: at most 26 characters."""
        if not self._edtf:
            object.__setattr__(self, "_edtf", self._in_edtf())
        return self._edtf

    def _in_edtf(self) -> str:
        mark = "~" if self.circa else ""
        first, last = (point.iso + mark if point else "" for point in (self.first, self.last))
        if self.form is Form.ON:
            return first
        return f"{first}/{last}" if self.form is Form.SPAN else f"[{first}..{last}]"

    @property
    def iso(self) -> str:
        """The first or only point, for ``<time datetime>``: 2025, 2025-04 or 2025-04-10."""
        if not self._iso:
            object.__setattr__(self, "_iso", self._point.iso)
        return self._iso

    @property
    def words(self) -> str:
        """In English, as a reader sees it; ``parse`` reads it back to an equal value."""
        return self.in_words()

    def in_words(self, language: str = "en", use: Use = Use.ALONE) -> str:
        """As a reader of a language sees it, where it stands in a sentence for that ``use``."""
        words = self._words.get((language, use))
        if words is None:
            words = self._words[language, use] = grammar(language).date(self, use)
        return words

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

    @property
    def _point(self) -> Point:
        """The first or only point."""
        point = self.first or self.last
        assert point is not None  # noqa: S101 - no form lacks both, see __post_init__
        return point


_POINT = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?~?"
_EDTF = re.compile(rf"(\[?)({_POINT})?(/|\.\.|)({_POINT})?(\]?)")
# Opening bracket, whether there is a first point, separator, whether there is a last point, closing bracket.
_EDTF_FORMS: dict[tuple[str | None, bool, str | None, bool, str | None], Form] = {
    ("", True, "", False, ""): Form.ON,
    ("", True, "/", True, ""): Form.SPAN,
    ("[", True, "..", True, "]"): Form.BETWEEN,
    ("[", False, "..", True, "]"): Form.BEFORE,
    ("[", True, "..", False, "]"): Form.AFTER,
}
