"""
"Did you mean": words of public matter that are spelt much like those that found little.

The words are taken from rows that are public at this moment, each time anew, so that nothing has to be forgotten when
something is withheld. Names of private persons are never offered.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from ..models import Case, Court, DocketEntry, Document, Event, Judge, Party, PartyKind
from ..models.functions import TEXT_SEARCH_CONFIG
from ..patience import TakesTooLongError, rows_of, rows_within
from .hits import find_cases
from .words import Asked, Term, understand

# Shorter words are like too many others.
SHORTEST = 4
# So many words of a question are looked at.
_MOST_WORDS = 3
# How alike two words must be: for the index, which counts groups of three letters, and then letter by letter.
_ALIKE_TO_THE_INDEX, _ALIKE = "0.5", 0.72
_MOST_TEXTS = 200
# Milliseconds that looking for better words may take; a list without them is still an answer.
PATIENCE = 400


def did_you_mean(asked: Asked) -> str | None:
    """
    The question with the words that nobody wrote replaced by the likeliest that somebody did, if that finds a public
    case; else None. A constant number of queries.
    """
    if asked.problem:
        return None
    try:
        better = _better(asked)
        return better if better is not None and _finds(better) else None
    except TakesTooLongError:
        return None


def _better(asked: Asked) -> str | None:
    words = asked.words
    terms = [term for group in asked.groups for term in group if _can_be_mended(term)]
    for term in terms[:_MOST_WORDS]:
        word = None if _is_written(term.text) else _nearest(term.text)
        if word is not None:
            words = re.sub(rf"(?<!\w){re.escape(term.text)}(?!\w)", word, words)
    return words if words != asked.words else None


def _can_be_mended(term: Term) -> bool:
    is_a_word = len(term.text) >= SHORTEST and term.text.isalpha()
    return is_a_word and not (term.is_phrase or term.is_prefix or term.is_excluded)


def _is_written(word: str) -> bool:
    """Whether a public text has the word, so that it is no slip. One query."""
    written = SearchQuery(word, config=TEXT_SEARCH_CONFIG, search_type="plain")
    first, *others = (
        model._default_manager.public().filter(search=written).order_by().values_list("pk")[:1]
        for model in (Event, DocketEntry, Document, Case, Party, Judge)
    )
    return bool(rows_of(first.union(*others, all=True), PATIENCE))


def _nearest(word: str) -> str | None:
    """The word of a public name or title that is most like `word`; None if that is the same, or none is like it."""
    plain = _folded(word)
    known = {_folded(other): other for text in _texts_like(plain) for other in re.findall(r"[^\W\d_]+", text)}
    if plain in known:
        return None
    likeness = {other: SequenceMatcher(None, plain, other).ratio() for other in known if len(other) >= SHORTEST}
    best = max(likeness, key=lambda other: (likeness[other], other), default=None)
    if best is None or likeness[best] < _ALIKE:
        return None
    return known[best].lower()


def _texts_like(word: str) -> Iterable[str]:
    """Public names and titles that have a word like this one, for each kind at most `_MOST_TEXTS`. One query."""
    private = Q(kind=PartyKind.PRIVATE_PERSON) | Q(is_minor=True)
    slips = Q(search=_slips(word))
    name = slips | Q(sort_key__trigram_word_similar=word)
    title = slips | Q(upper__trigram_word_similar=word.upper())
    sources: list[tuple[QuerySet[Any], str]] = [
        (Case.objects.public().filter(name), "name"),
        (Party.objects.public().exclude(private).filter(name), "name"),
        (Judge.objects.public().filter(name), "name"),
        (Court.objects.public().filter(sort_key__trigram_word_similar=word), "name"),
        (Event.objects.public().annotate(upper=Upper("title")).filter(title), "title"),
    ]
    first, *others = (rows.order_by().values_list(column, flat=True)[:_MOST_TEXTS] for rows, column in sources)
    sql, values = first.union(*others, all=True).query.sql_with_params()
    likeness = {"pg_trgm__word_similarity_threshold": _ALIKE_TO_THE_INDEX}
    return [text for (text,) in rows_within(PATIENCE, sql, values, **likeness)]


def _slips(word: str) -> SearchQuery:
    """
    The words of which this is one with two letters exchanged or one too many, which have few groups of three letters in
    common with it.
    """
    exchanged = (word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1))
    shortened = (word[:place] + word[place + 1 :] for place in range(len(word)))
    written = " | ".join(f"'{other}'" for other in dict.fromkeys([*exchanged, *shortened]) if other != word)
    return SearchQuery(written, config=TEXT_SEARCH_CONFIG, search_type="raw")


def _folded(word: str) -> str:
    """In small letters without accents, as the database compares names."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(sign))


def _finds(words: str) -> bool:
    asked = understand(words)
    return asked is not None and bool(find_cases(asked).hits)
