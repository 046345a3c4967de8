"""What a reader types into a search box, and what it means."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casetracker.search import Problem, understand
from casetracker.search.words import Term, parse

pytestmark = pytest.mark.django_db

BOOK, RETURN = Term("book"), Term("return")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("book return", [(BOOK, RETURN)]),
        ("book OR return", [(BOOK,), (RETURN,)]),
        ("book or return", [(BOOK,), (RETURN,)]),
        ("OR book OR", [(BOOK,)]),
        ("book -return", [(BOOK, Term("return", is_excluded=True))]),
        ("book - return", [(BOOK, RETURN)]),
        ("O'Neill \\book", [(Term("O'Neill"), Term("\\book"))]),
        ('"return the book"', [(Term("return the book", is_phrase=True),)]),
        ("“return the book”", [(Term("return the book", is_phrase=True),)]),
        ('-"the book" return', [(Term("the book", is_phrase=True, is_excluded=True), RETURN)]),
        ('return "the book', [(RETURN, Term("the book", is_phrase=True))]),
        ('return ""', [(RETURN,)]),
        ("boo*", [(Term("boo", is_prefix=True),)]),
        ("boo:*", [(Term("boo", is_prefix=True),)]),
        ("-boo*", [(Term("boo", is_prefix=True, is_excluded=True),)]),
        ("bo*", [(Term("bo"),)]),
        ("*", []),
        ("25-cv-9*", [(Term("25-cv-9"),)]),
        ("book v. return", [(BOOK, RETURN)]),
        ("book VS return", [(BOOK, RETURN)]),
        ("In re book et al.", [(Term("In"), BOOK)]),
        ('"book vs return"', [(Term("book v. return", is_phrase=True),)]),
        ("v.", []),
    ],
)
def test_what_is_typed_is_read_as_terms(typed: str, meant: list[tuple[Term, ...]]) -> None:
    assert parse(typed) == tuple(meant)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("the of and", Problem.STOP_WORDS),
        ("v.", Problem.STOP_WORDS),
        ("in re", Problem.STOP_WORDS),
        ('"of the"', Problem.STOP_WORDS),
        ("to be OR not to be", Problem.STOP_WORDS),
        ("🐘🐘🐘", Problem.NO_WORDS),
        ("& | !", Problem.NO_WORDS),
        ("-", Problem.NO_WORDS),
        ("-book", Problem.ONLY_EXCLUDED),
        ("book OR -return", Problem.ONLY_EXCLUDED),
        ("the -book", Problem.ONLY_EXCLUDED),
    ],
)
def test_what_can_find_nothing_is_known_before_anything_is_looked_for(typed: str, problem: Problem) -> None:
    asked = understand(typed)
    assert asked is not None
    assert asked.problem is problem


@pytest.mark.parametrize("nothing", ["", "  ", "\u202e", "\t\n"])
def test_nothing_is_asked_by_nothing(nothing: str) -> None:
    assert understand(nothing) is None


def test_the_words_are_known_as_the_index_has_them() -> None:
    asked = understand('injunctions "Ábrego García" -returned depor*')
    assert asked is not None
    assert asked.problem is None
    assert asked.lexemes == ("injunct", "abrego", "garcia", "depor")
    assert not asked.is_plain
    plain = understand("returning books")
    assert plain is not None
    assert plain.is_plain


@pytest.mark.parametrize(
    "typed", ["a:* & b", "'", "''", "\\", "(((", "a <-> b", "!!", "a\\:*", "'x':*A", "%", "_", "x" * 5000, "´ ̀ *"]
)
def test_no_sign_of_the_query_language_is_an_error(typed: str) -> None:
    asked = understand(typed)
    assert asked is not None
    assert asked.problem or asked.tsquery


def test_to_understand_takes_one_query() -> None:
    with CaptureQueriesContext(connection) as captured:
        understand('injunction OR "return of the book" -zebra')
    assert len(captured) == 1
