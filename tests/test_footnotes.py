"""Sources as numbered notes."""

import pytest

from casetracker.footnotes import Note, Notes, letter
from casetracker.timeline import SourceLine


def source(title: str, pinpoint: str = "", **columns: str) -> SourceLine:
    told = {"kind": "Press", "publisher": "The Paper", "address": f"https://example.org/{title}"}
    rest = {"archived_address": "", "read_on": "3 May 2025", "note": ""}
    return SourceLine(**{**told, **rest, **columns}, title=title, pinpoint=pinpoint)


def labels(notes: Notes, *passages: list[SourceLine]) -> list[list[str]]:
    """The marks of passages, read when all of them are made."""
    return [[mark.label for mark in marks] for marks in [notes.marks(passage) for passage in passages]]


def test_notes_are_numbered_in_the_order_of_the_text_and_each_source_once() -> None:
    notes = Notes()
    assert labels(notes, [source("a"), source("b")], [source("b")], [source("c"), source("a")]) == [
        ["1", "2"],
        ["2"],
        ["1", "3"],
    ]
    assert [(note.number, note.title) for note in notes.all] == [(1, "a"), (2, "b"), (3, "c")]


def test_a_note_tells_all_of_its_source() -> None:
    notes = Notes()
    notes.marks([source("a", "p. 3", archived_address="https://archive.example/a", note="A copy.")])
    assert notes.all == [
        Note(
            1,
            "Press",
            "a",
            "The Paper",
            "https://example.org/a",
            "https://archive.example/a",
            "3 May 2025",
            "A copy.",
            ["p. 3"],
            False,
        )
    ]


@pytest.mark.parametrize(
    "column",
    ["kind", "publisher", "address", "archived_address", "read_on", "note"],
)
def test_sources_that_read_differently_have_notes_of_their_own(column: str) -> None:
    assert labels(Notes(), [source("a")], [source("a", **{column: "other"})]) == [["1"], ["2"]]


def test_one_place_in_a_source_needs_no_letter() -> None:
    notes = Notes()
    assert labels(notes, [source("a", "p. 3")], [source("a", "p. 3")]) == [["1"], ["1"]]
    assert (notes.all[0].places, notes.all[0].has_letters) == (["p. 3"], False)


def test_several_places_in_a_source_have_letters_at_their_marks_and_in_the_note() -> None:
    notes = Notes()
    assert labels(notes, [source("a", "p. 3")], [source("a", "p. 9")], [source("a", "p. 3")]) == [
        ["1a"],
        ["1b"],
        ["1a"],
    ]
    assert notes.all[0].lettered == [("a", "p. 3"), ("b", "p. 9")]


def test_a_place_is_told_from_the_source_as_a_whole() -> None:
    notes = Notes()
    assert labels(notes, [source("a", "p. 3")], [source("a")]) == [["1a"], ["1"]]
    assert notes.all[0].lettered == [("a", "p. 3")]


def test_the_marks_of_a_passage_go_by_number_and_stand_once() -> None:
    notes = Notes()
    first = [source("a", "p. 1"), source("b")]
    second = [source("b"), source("a", "p. 2"), source("a", "p. 1"), source("a"), source("b")]
    assert labels(notes, first, second) == [["1a", "2"], ["1", "1a", "1b", "2"]]


def test_what_is_only_an_address_shares_the_note_of_a_source_there() -> None:
    notes = Notes()
    notes.marks([source("a")])
    same = notes.of_address("Opinion", "https://example.org/a", "Document")
    other = notes.of_address("Order", "https://example.org/order", "Document")
    again = notes.of_address("Order (copy)", "https://example.org/order", "Document")
    assert [mark.label for mark in (same, other, again)] == ["1", "2", "2"]
    assert [(note.kind, note.title) for note in notes.all] == [("Press", "a"), ("Document", "Order")]


def test_sources_without_an_address_are_not_taken_for_one_another() -> None:
    assert labels(Notes(), [source("a", address=""), source("b", address="")]) == [["1", "2"]]


def test_letters_go_on_after_z() -> None:
    assert [letter(place) for place in (0, 1, 25, 26, 27, 51, 52, 701, 702)] == [
        "a", "b", "z", "aa", "ab", "az", "ba", "zz", "aaa",
    ]  # fmt: skip
