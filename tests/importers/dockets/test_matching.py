"""A line of a docket is known again in the next version, and taken for no other."""

from hypothesis import given
from hypothesis import strategies as st

from casetracker.importers.dockets.matching import Identity, match, merged_order
from casetracker.importers.dockets.wanted import difference

lines = st.builds(
    Identity,
    st.sampled_from(["2025-01-01", "2025-01-02"]),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["", "9"]),
    st.sampled_from(["a", "b", "c"]),
)


@given(st.lists(lines, max_size=8))
def test_every_line_is_its_own_in_the_same_docket_turned_round(docket: list[Identity]) -> None:
    turned = docket[::-1]
    pairs = match(docket, turned, is_part=False)
    assert sorted(pairs) == list(range(len(docket)))
    assert sorted(pairs.values()) == list(range(len(docket)))
    assert all(docket[old] == turned[new] for new, old in pairs.items())


@given(st.lists(lines, max_size=8), st.lists(lines, max_size=8), st.booleans())
def test_no_line_is_two(old: list[Identity], new: list[Identity], is_part: bool) -> None:
    pairs = match(old, new, is_part=is_part)
    assert len(set(pairs.values())) == len(pairs)
    order = merged_order(len(old), pairs, len(new))
    assert sorted(at for which, at in order if which == "new") == list(range(len(new)))
    assert sorted(at for which, at in order if which == "old") == sorted(set(range(len(old))) - set(pairs.values()))


def test_number_that_repeats_decides_only_with_its_day() -> None:
    old = [Identity("2025-01-01", "1", "", "a"), Identity("2025-01-02", "1", "", "b")]
    new = [Identity("2025-01-02", "1", "", "c"), Identity("2025-01-01", "1", "", "a")]
    assert match(old, new, is_part=False) == {1: 0, 0: 1}


def test_another_line_of_the_day_in_a_part_is_new() -> None:
    old = [Identity("2025-01-01", "", "", "a")]
    new = [Identity("2025-01-01", "", "", "b")]
    assert match(old, new, is_part=True) == {}
    assert match(old, new, is_part=False) == {0: 0}


def test_what_differs_in_a_long_text_is_told_from_shortly_before_it() -> None:
    has = ("ORDER granting " + "the motion and " * 30 + "nothing else.",)
    said = ("ORDER granting " + "the motion and " * 30 + "all else, " + "in detail " * 30,)
    told = difference("text", said, has)
    assert told.startswith("… the motion and the motion and all else, in detail")
    assert told.endswith(" …")
    assert len(told) < 130
    assert difference("title", ("Notice",), ("Notice of appeal",)) == "Notice"
    assert difference("kind", ("ruling", "order", "granted_in_part"), ("ruling", "order", "granted")) == (
        "ruling, order, granted in part"
    )
