"""The legal terms: that they are in order, explain everything that pages name, and are found by their labels."""

import re
from collections import Counter

import pytest

from casetracker.glossary import BY_KEY, TERMS, Term, find
from casetracker.models import DERIVED_OUTCOMES, PASSIVE, Outcome, Role, RulingForm, TransferKind, Verb


def test_terms_stand_in_the_order_of_the_alphabet() -> None:
    names = [term.name.lower() for term in TERMS]
    assert names == sorted(names)


def test_key_can_stand_in_an_address_and_is_given_once() -> None:
    assert len(BY_KEY) == len(TERMS)
    assert [key for key in BY_KEY if not re.fullmatch(r"[a-z]+(-[a-z]+)*", key)] == []


def test_no_phrase_means_two_terms() -> None:
    counted = Counter(phrase.lower() for term in TERMS for phrase in (term.name, *term.also, *term.forms))
    assert [phrase for phrase, count in counted.items() if count > 1] == []


def test_related_terms_are_there() -> None:
    assert [(term.key, key) for term in TERMS for key in term.related if key not in BY_KEY or key == term.key] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_explanation_is_one_to_three_whole_sentences(term: Term) -> None:
    # A point after a short form ("v.", "No.") ends no sentence; none of the explanations needs one.
    sentences = re.split(r"(?<=[.])\s+(?=[A-Z“])", term.explanation)
    assert 1 <= len(sentences) <= 3
    assert all(re.fullmatch(r"[A-Z“].{10,}[.]”?", sentence) for sentence in sentences)


def unexplained(labels: list[str]) -> list[str]:
    return [label for label in labels if find(label) is None]


def test_everything_that_a_ruling_can_do_is_explained() -> None:
    assert unexplained([str(label) for label in Verb.labels]) == []
    assert unexplained([PASSIVE[verb] for verb in Verb.values]) == []
    assert unexplained([f"{label} in part" for label in DERIVED_OUTCOMES.values()]) == []


def test_every_outcome_and_form_is_explained() -> None:
    assert unexplained([str(label) for label in Outcome.labels]) == []
    assert unexplained([str(label) for label in RulingForm.labels]) == [RulingForm.OTHER.label]


def test_every_way_from_court_to_court_is_explained_in_both_directions() -> None:
    for way in ("to", "from"):
        assert unexplained([f"{label} {way}" for label in TransferKind.labels]) == []


def test_every_role_of_a_party_is_explained() -> None:
    assert unexplained([str(label) for label in Role.labels]) == [Role.OTHER.label]


@pytest.mark.parametrize(
    ("phrase", "key"),
    [
        ("vacates", "vacate"),
        ("Vacated", "vacate"),
        ("Vacated in part", "vacate"),
        (" STAYED ", "stay"),
        ("left in place", "leave-in-place"),
        ("Granted in part and denied in part", "grant-in-part"),
        ("Appeal to", "appeal"),
        ("Removal from", "removal-of-a-case"),
        ("Per curiam or unsigned", "per-curiam"),
        ("TRO", "temporary-restraining-order"),
        ("With effect from", "effective-date"),
    ],
)
def test_term_is_found_by_a_label(phrase: str, key: str) -> None:
    found = find(phrase)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("phrase", ["", " ", "in part", "to", "Hearing on a stay", "vacates it", "\x00", "стой"])
def test_other_words_are_no_term(phrase: str) -> None:
    assert find(phrase) is None
