"""What a reader types into a search box, and what it means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

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
        return f"{'!' if self.is_excluded else ''}'{text}'{':*' if self.is_prefix else ''}"

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
    words = clean_words(words)
    if not words:
        return None
    groups = parse(words)
    if not any(character.isalnum() for character in words):
        return Asked(words, groups, problem=Problem.NO_WORDS)
    if not groups:
        return Asked(words, groups, problem=Problem.STOP_WORDS)
    written = " | ".join(f"({' & '.join(term.written for term in group)})" for group in groups)
    query = SearchQuery(written, config=TEXT_SEARCH_CONFIG, search_type="raw")
    nodes, tree, tsquery = _read(query)
    if nodes == 0:
        return Asked(words, groups, problem=Problem.STOP_WORDS)
    # What PostgreSQL could only answer by reading every text: not one word that must be there.
    if tree in ("", "T"):
        return Asked(words, groups, problem=Problem.ONLY_EXCLUDED)
    return Asked(words, groups, query, tsquery, tuple(_lexemes(tree)))


def _read(query: Any) -> tuple[int, str, str]:
    """How many parts the database finds in a query, those of them that an index can answer, and the query as text."""
    # Of no table, as `Q.check` does it.
    asked = Query(None)
    asked.add_annotation(Func(query, function="numnode", output_field=IntegerField()), "nodes")
    asked.add_annotation(Func(query, function="querytree", output_field=TextField()), "tree")
    asked.add_annotation(Cast(query, TextField()), "tsquery")
    nodes, tree, tsquery = asked.get_compiler(DEFAULT_DB_ALIAS).execute_sql(SINGLE)
    return nodes, tree, tsquery


def _lexemes(tree: str) -> Iterable[str]:
    return dict.fromkeys(found.replace("''", "'") for found in re.findall(r"'((?:[^']|'')*)'", tree))
