"""What a reader types into a search box, and what it means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Func, IntegerField, TextField
from django.db.models.functions import Cast
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE

from ..models.functions import TEXT_SEARCH_CONFIG

# Longer than any sensible question, far shorter than what it costs the database to read one.
LONGEST_QUERY = 200
# Too many words begin with fewer letters than these.
SHORTEST_PREFIX = 3
# They stand in the name of nearly every case and tell none from another. The words that the language itself does not
# tell anything by ("the", "of", "in") are known to the database.
LEGAL_STOP_WORDS = frozenset({"v", "vs", "versus", "re", "et", "al"})

_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PIECE = re.compile(r'(-?)"([^"]*)(?:"|$)|([^\s"]+)')
_VERSUS = re.compile(r"\b(?:vs|versus)\b\.?", re.IGNORECASE)
_PREFIX = re.compile(rf"([^\W_]{{{SHORTEST_PREFIX},}}):?\*+")


# Endings that the index leaves away.
_ENDINGS = (
    "able", "al", "ance", "ancy", "ant", "ate", "ation", "ative", "ed", "ement", "ence", "ency", "ent", "er", "es",
    "ful", "ible", "ing", "ion", "ism", "ity", "ive", "ization", "ize", "ly", "ment", "ness", "ous", "s",
)  # fmt: skip


def _completed(beginning: str) -> list[str]:
    """
    What a beginning that goes on into an ending may be the beginning of. The index has words without their endings:
    "injunct" is the beginning of what it has of "injunction", "injunctio" is not.
    """
    lower = beginning.lower()
    return [
        beginning + ending[length:]
        for ending in _ENDINGS
        for length in range(1, len(ending))
        # After a short word one letter is rather a part of it than of an ending.
        if lower.endswith(ending[:length]) and len(beginning) - length >= (4 if length == 1 else 2)
    ]


@dataclass(frozen=True, slots=True)
class Term:
    """One word, phrase or beginning of a word, to be found or to be left out."""

    text: str
    is_phrase: bool = False
    is_prefix: bool = False
    is_excluded: bool = False

    @property
    def written(self) -> str:
        """The term as PostgreSQL reads it: a quoted text is a phrase of its words, as 25-cv-951 is of its parts."""
        text = self.text.replace("\\", "\\\\").replace("'", "''")
        if not self.is_prefix:
            return f"{'!' if self.is_excluded else ''}'{text}'"
        ways = [f"'{text}':*", *(f"'{word}'" for word in _completed(text))]
        return f"{'!' if self.is_excluded else ''}({' | '.join(ways)})"

    @property
    def typed(self) -> str:
        """The term as a reader would type it alone."""
        return f'"{self.text}"' if self.is_phrase else f"{self.text}*" if self.is_prefix else self.text

    @property
    def says_something(self) -> bool:
        return any(character.isalnum() for character in self.text)


class Problem(Enum):
    """Why nothing can be found by what was typed."""

    NO_WORDS = "no words"
    STOP_WORDS = "stop words"
    ONLY_EXCLUDED = "only excluded"


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a reader asks for. `groups` are alternatives, of each of which all terms must hold. `lexemes` are the words as
    the index has them, `tsquery` the whole question as PostgreSQL writes it; both are empty where there is a problem.
    """

    words: str
    groups: tuple[tuple[Term, ...], ...]
    query: Any = None
    tsquery: str = ""
    lexemes: tuple[str, ...] = ()
    problem: Problem | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but words, which may be a part of a name."""
        return len(self.groups) == 1 and not any(
            term.is_phrase or term.is_prefix or term.is_excluded for term in self.groups[0]
        )


def clean_words(words: str) -> str:
    """What can be searched for: without control characters and surplus space, at most `LONGEST_QUERY` characters."""
    visible = "".join(" " if not character.isprintable() else character for character in words[: LONGEST_QUERY * 4])
    return " ".join(visible.split())[:LONGEST_QUERY].strip()


def parse(words: str) -> tuple[tuple[Term, ...], ...]:
    """
    The alternatives (OR) in `words`, each with its terms: a word, a "phrase", the beginning of a word (injunc*), and
    any of them with a minus to be left out. Whatever else is written is no sign of a language.
    """
    groups: list[list[Term]] = [[]]
    for piece in _pieces(words):
        if piece is None:
            groups.append([])
        else:
            groups[-1].append(piece)
    said = (tuple(term for term in group if term.says_something) for group in groups)
    return tuple(group for group in said if group)


def _pieces(words: str) -> Iterator[Term | None]:
    """Terms, and None for each OR between them."""
    for found in _PIECE.finditer(words.translate(_QUOTES)):
        minus, phrase, word = found.groups()
        if word is None:
            if phrase.strip():
                yield Term(_VERSUS.sub("v.", phrase).strip(), is_phrase=True, is_excluded=bool(minus))
            continue
        if word.lower() == "or":
            yield None
            continue
        is_excluded = word[0] == "-" and len(word) > 1
        word = word.lstrip("-") if is_excluded else word
        if not word or word.strip(".,;:()").lower() in LEGAL_STOP_WORDS:
            continue
        prefix = _PREFIX.fullmatch(word)
        if prefix is not None:
            yield Term(prefix[1], is_prefix=True, is_excluded=is_excluded)
        else:
            yield Term(word.rstrip("*") or word, is_excluded=is_excluded)


def understand(words: str) -> Asked | None:
    """
    What `words` ask for; None where they ask for nothing at all. At most one query: the database alone knows which
    words say nothing.
    """
    (asked,) = understand_each([words])
    return asked


def understand_each(questions: Iterable[str]) -> list[Asked | None]:
    """The same of several questions, at once."""
    said = [(words, parse(words)) for words in map(clean_words, questions)]
    queries = {words: _query(groups) for words, groups in said if groups and _has_letters(words)}
    read = dict(zip(queries, _read(queries.values()), strict=True)) if queries else {}
    return [
        _understood(words, groups, queries.get(words), read.get(words)) if words else None for words, groups in said
    ]


def _has_letters(words: str) -> bool:
    return any(character.isalnum() for character in words)


def _query(groups: tuple[tuple[Term, ...], ...]) -> SearchQuery:
    written = " | ".join(f"({' & '.join(term.written for term in group)})" for group in groups)
    return SearchQuery(written, config=TEXT_SEARCH_CONFIG, search_type="raw")


def _understood(
    words: str, groups: tuple[tuple[Term, ...], ...], query: SearchQuery | None, read: "_Read | None"
) -> Asked:
    if not _has_letters(words):
        return Asked(words, groups, problem=Problem.NO_WORDS)
    if read is None or read.nodes == 0:
        return Asked(words, groups, problem=Problem.STOP_WORDS)
    # What PostgreSQL could only answer by reading every text: not one word that must be there.
    if read.tree in ("", "T"):
        return Asked(words, groups, problem=Problem.ONLY_EXCLUDED)
    return Asked(words, groups, query, read.tsquery, tuple(_lexemes(read.tree)))


class _Read(NamedTuple):
    """How many parts the database finds in a query, those of them that an index can answer, and the query as text."""

    nodes: int
    tree: str
    tsquery: str


def _read(queries: Iterable[SearchQuery]) -> list[_Read]:
    # Of no table, as `Q.check` does it.
    asked = Query(None)
    for number, query in enumerate(queries):
        asked.add_annotation(Func(query, function="numnode", output_field=IntegerField()), f"nodes{number}")
        asked.add_annotation(Func(query, function="querytree", output_field=TextField()), f"tree{number}")
        asked.add_annotation(Cast(query, TextField()), f"tsquery{number}")
    row = asked.get_compiler(DEFAULT_DB_ALIAS).execute_sql(SINGLE)
    return [_Read(*row[place : place + 3]) for place in range(0, len(row), 3)]


def _lexemes(tree: str) -> Iterable[str]:
    return dict.fromkeys(found.replace("''", "'") for found in re.findall(r"'((?:[^']|'')*)'", tree))
