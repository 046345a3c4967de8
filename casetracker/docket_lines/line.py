"""What is found in a line of a docket."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date

# Signs that clerks put before the text of a line.
BEFORE_THE_TEXT = re.compile(r"^[\s*(\[–—-]+")


class Doubt(enum.StrEnum):
    """What was not found, or not found for sure; a person looks at it."""

    NO_DATE = "no_date"
    NO_NUMBER = "no_number"
    NUMBER_OF_THE_PROGRAM = "number_of_the_program"
    NO_KIND = "no_kind"
    NO_FORM = "no_form"
    NO_OUTCOME = "no_outcome"
    SEVERAL_OUTCOMES = "several_outcomes"
    EFFECT_ON_A_RULING = "effect_on_a_ruling"
    OF_ANOTHER_COURT = "of_another_court"
    SIGNED_ON_ANOTHER_DAY = "signed_on_another_day"
    SIGNED_FOR_A_JUDGE = "signed_for_a_judge"
    TITLE_CUT = "title_cut"
    MORE_LINES = "more_lines"


@dataclass(frozen=True, slots=True)
class Columns:
    """The line in its columns; `others` counts further lines that were copied with it."""

    filed: date | None
    entered: date | None
    number: str
    text: str
    others: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """A judge as the docket names one: "Paula Xinis", or no more than "XINIS"."""

    name: str

    @property
    def last_name(self) -> str:
        """Without suffixes: "Ellis" of "T. S. Ellis, III"."""
        return self._words[-1] if self._words else ""

    @property
    def _words(self) -> list[str]:
        words = self.name.replace(",", " ").split()
        return [word for word in words if word.rstrip(".").lower() not in _SUFFIXES]

    def can_be(self, name: str) -> bool:
        """
        Whether the last names agree, and the names before them where both are given: "P. Xinis" can be Paula Xinis, "Jo
        Xinis" and "Paula R. Xinis" beside "Paula M. Xinis" not.
        """
        other = Signature(name)
        if not self.last_name or self.last_name.casefold() != other.last_name.casefold():
            return False
        given = [[word.rstrip(".").casefold() for word in each._words[:-1]] for each in (self, other)]
        return all(one.startswith(two) or two.startswith(one) for one, two in zip(*given, strict=False))


_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}


@dataclass(frozen=True, slots=True)
class DocketLine:
    """
    A line, read. Empty texts and None are what was not found. `text` is the whole text as docketed; `answers` are the
    numbers of the entries that this one decides or answers, in their order.
    """

    filed: date | None
    entered: date | None
    number: str
    text: str
    kind: str
    form: str
    outcome: str
    signatures: tuple[Signature, ...]
    answers: tuple[str, ...]
    title: str
    doubts: tuple[Doubt, ...]
