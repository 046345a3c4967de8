"""
What is said in the language of the reader, for those who make the words of a page: labels, dates, and anything that is
worth making once for each language. The language is that of the running request, as Django keeps it.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import TypeVar

from django.db.models import Choices
from django.utils.translation import get_language, gettext

from .dates import DateError, UncertainDate, Use

Answer = TypeVar("Answer")


def per_language(make: Callable[[], Answer]) -> Callable[[], Answer]:
    """`make`, asked once for each language. What it makes must not be changed, for all pages share it."""
    made: dict[str, Answer] = {}

    @wraps(make)
    def answer() -> Answer:
        language = get_language() or ""
        if language not in made:
            made[language] = make()
        return made[language]

    return answer


def labels(choices: type[Choices]) -> Mapping[str, str]:
    """The label of each value."""
    return _labels(choices, get_language() or "")


@lru_cache(maxsize=200)
def _labels(choices: type[Choices], language: str) -> Mapping[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def in_words(date: UncertainDate | str | None, use: Use = Use.ALONE, language: str | None = None) -> str:
    """
    A date, or its text as stored, where it stands in a sentence for that `use`; empty for none. Who says a thousand
    dates tells the `language` of the reader, for to ask for it takes as long as the words.
    """
    if not date:
        return ""
    if isinstance(date, str):
        date = UncertainDate.from_edtf(date)
    return date.in_words(language or get_language() or "en", use)


def refusal(error: DateError) -> str:
    """Why a date cannot be read."""
    return error.in_words(get_language() or "en", gettext)
