"""
How each language says a date. English is here too, for whatever no other language says in its own way.

A new language is a class with its names, the words by which its dates are read and, where its grammar wants it, the
methods that differ; ``GRAMMARS`` names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from casetracker.dates.value import Point, UncertainDate


class Use(StrEnum):
    """
    Where in a sentence a date stands; English says it the same everywhere.

    ALONE: "10 de abril de 2025". AFTER: behind a preposition such as since or until, "desde el 10 de abril de 2025".
    WHEN: what was done then, "confirmada el 10 de abril de 2025", "confirmada en abril de 2025".
    """

    ALONE = "alone"
    AFTER = "after"
    WHEN = "when"


@dataclass(frozen=True, slots=True)
class Words:
    """
    The words around a date by which it is read, all in lower case and without accents. ``months`` and ``weekdays`` are
    other spellings than the full names. Dates of all languages are read on every page, so no word may mean something
    else in another language; a test watches this.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    about: tuple[str, ...]
    between: tuple[str, ...]
    joins: tuple[str, ...]  # the two ends of "between"
    since: tuple[str, ...]  # the first end of a span
    until: tuple[str, ...]  # its last end
    of: tuple[str, ...]  # a day of a month, a month of a year
    ordinals: tuple[str, ...]  # what may follow the number of a day
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    openings: tuple[str, ...] = field(default=())  # before a date, and without a meaning


class English:
    months: tuple[str, ...] = (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    )
    weekdays: tuple[str, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    before_noon, after_noon = "am", "pm"
    reads = Words(
        before=("before",),
        after=("after",),
        about=("about", "around", "approximately", "circa"),
        between=("between",),
        joins=("and",),
        since=("from",),
        until=("to", "through"),
        of=("of",),
        ordinals=("st", "nd", "rd", "th"),
        months={"sept": 9} | {name[:3].lower(): number for number, name in enumerate(months, 1)},
        weekdays={"tues": 1, "thur": 3, "thurs": 3} | {name[:3].lower(): day for day, name in enumerate(weekdays)},
    )

    def point(self, point: Point) -> str:
        """ "10 April 2025", "April 2025" or "2025"."""
        parts = (point.day, point.month and self.months[point.month - 1], point.year)
        return " ".join(str(part) for part in parts if part is not None)

    def point_before(self, first: Point, last: Point) -> str:
        """The words of ``first`` without the month and year that ``last`` says again: "9" of "9–11 December 1952"."""
        if first.precision is not last.precision or first.year != last.year or first.month is None:
            return self.point(first)
        if first.day is None:
            return self.months[first.month - 1]
        return str(first.day) if first.month == last.month else self.short_point(first.day, first.month)

    def short_point(self, day: int, month: int) -> str:
        """ "10 April"."""
        return f"{day} {self.months[month - 1]}"

    def date(self, date: UncertainDate, use: Use) -> str:
        about = "about " if date.circa else ""
        first, last = date.first, date.last
        if first is None or last is None:
            return f"{date.form} {about}{self.point(_only(date))}"
        if first == last:
            return about + self.point(first)
        head, tail = self.point_before(first, last), self.point(last)
        if date.form == "between":
            return f"between {about}{head} and {about}{tail}"
        return f"{about}{_joined(date, head, tail)}"

    def month(self, day: datetime.date) -> str:
        """The month of a day: "April 2025"."""
        return f"{self.months[day.month - 1]} {day.year}"

    def day_in_short(self, day: datetime.date) -> str:
        """ "10 Apr"."""
        return f"{day.day} {self.months[day.month - 1][:3]}"

    def clock(self, time: datetime.time) -> str:
        """ "11:59 pm"."""
        return f"{time.hour % 12 or 12}:{time.minute:02} {self.before_noon if time.hour < 12 else self.after_noon}"


class Spanish(English):
    months = (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    )
    weekdays = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
    # With spaces that do not break, as the Academy writes them.
    before_noon, after_noon = "a.\N{NO-BREAK SPACE}m.", "p.\N{NO-BREAK SPACE}m."
    reads = Words(
        before=("antes de", "antes del"),
        after=("despues de", "despues del"),
        about=("hacia", "aproximadamente", "alrededor de", "alrededor del"),
        between=("entre",),
        joins=("y",),
        since=("de", "del", "desde"),
        until=("a", "al", "hasta"),
        of=("de", "del"),
        ordinals=("o", ".o", "ero"),
        months={"sept": 9, "set": 9, "setiembre": 9} | {name[:3]: number for number, name in enumerate(months, 1)},
        # Not "mar", which is a month too.
        weekdays={"lun": 0, "mie": 2, "jue": 3, "vie": 4, "sab": 5, "dom": 6},
        openings=("el", "en"),
    )

    def point(self, point: Point) -> str:
        parts = (point.day, point.month and self.months[point.month - 1], point.year)
        return " de ".join(str(part) for part in parts if part is not None)

    def short_point(self, day: int, month: int) -> str:
        return f"{day} de {self.months[month - 1]}"

    def date(self, date: UncertainDate, use: Use) -> str:
        first, last = date.first, date.last
        if first is None or last is None:
            # "antes del 4 de marzo", but "antes de marzo".
            point = _only(date)
            if date.circa:
                of = f"de aproximadamente {_article(point)}"
            else:
                of = "del " if point.day is not None else "de "
            return f"{'antes' if first is None else 'después'} {of}{self.point(point)}"
        if first == last:
            if date.circa:
                return f"hacia {_article(first)}{self.point(first)}"
            said = self.point(first)
            if first.day is not None:
                return said if use is Use.ALONE else f"el {said}"
            return f"en {said}" if use is Use.WHEN else said
        head, tail = self.point_before(first, last), self.point(last)
        if date.form == "between":
            about = "aproximadamente " if date.circa else ""
            return f"{about}entre {_article(first)}{head} y {_article(last)}{tail}"
        about = f"hacia {_article(first)}" if date.circa else ""
        if about or use is Use.ALONE:
            return f"{about}{_joined(date, head, tail)}"
        if use is Use.AFTER:
            return f"{_article(first)}{_joined(date, head, tail)}"
        start, end = ("del" if first.day else "de"), ("al" if last.day else "a")
        return f"{start} {head} {end} {tail}"

    def month(self, day: datetime.date) -> str:
        return f"{self.months[day.month - 1]} de {day.year}"


GRAMMARS: dict[str, English] = {"en": English(), "es": Spanish()}


def grammar(language: str) -> English:
    """That of a language by its code; English for one that has none here."""
    return GRAMMARS.get(language) or GRAMMARS["en"]


def _only(date: UncertainDate) -> Point:
    point = date.first or date.last
    assert point is not None  # noqa: S101 - no date lacks both ends
    return point


def _article(point: Point) -> str:
    return "el " if point.day is not None else ""


def _joined(date: UncertainDate, head: str, tail: str) -> str:
    """ "9–11 December 1952", "30 April – 2 May 1952"."""
    assert date.first is not None  # noqa: S101 - a span has both ends
    assert date.last is not None  # noqa: S101 - a span has both ends
    is_tight = " " not in head and date.first.precision is date.last.precision
    return f"{head}–{tail}" if is_tight else f"{head} – {tail}"
