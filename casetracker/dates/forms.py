"""The small vocabularies of dates, and the error that a date cannot be read."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from casetracker.dates.grammar import grammar

if TYPE_CHECKING:
    from collections.abc import Callable


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Form(StrEnum):
    """What is known of a date. A SPAN lasted from first to last; BETWEEN is one unknown day in that range."""

    ON = "on"
    SPAN = "span"
    BETWEEN = "between"
    BEFORE = "before"
    AFTER = "after"


class Weekday(IntEnum):
    """As ``date.weekday`` counts."""

    MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

    def in_words(self, language: str = "en") -> str:
        return grammar(language).weekdays[self]


class Examples(str):
    """Dates as people write them, as part of a message. They are a message of their own for whoever translates."""

    __slots__ = ()


class DateError(ValueError):
    """
    A date that cannot be read or does not exist; the message is a sentence for the person who typed it.

    ``message`` has places such as ``%(year)s`` for ``values``, so that it can be said in another language: a value with
    ``in_words`` is asked for its words, ``Examples`` are translated.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message, self.values = message, values

    def in_words(self, language: str, translate: Callable[[str], str]) -> str:
        """The message in a language; ``translate`` finds the text for an English one."""

        def said(value: object) -> object:
            if isinstance(value, Examples):
                return translate(value)
            in_words = getattr(value, "in_words", None)
            return in_words(language) if in_words is not None else value

        message = translate(self.message)
        return message % {name: said(value) for name, value in self.values.items()} if self.values else message

    def __str__(self) -> str:
        return self.in_words("en", str)
