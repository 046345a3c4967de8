"""Numbers and citations that lead straight to what they are of; words spelt otherwise; what is offered while typing."""

from typing import Any

import pytest
from factories import (
    CaseFactory,
    CourtFactory,
    Dispute,
    DocketNumberFactory,
    EventFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    RulingCitationFactory,
    RulingFactory,
    two_court_dispute,
)

from casetracker import search
from casetracker.models import Case, PartyKind
from casetracker.patience import TakesTooLongError
from casetracker.search import spelling, understand

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


@pytest.fixture
def dispute() -> Dispute:
    return two_court_dispute()


# --- straight to it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["8:25-cv-00951", "25-cv-951", "8:25-cv-951-PX", "No. 25-1345", " 25-1345 "])
def test_a_docket_number_leads_to_its_case(dispute: Dispute, typed: str) -> None:
    assert search.straight_to(typed) == dispute.case.get_absolute_url()


@pytest.mark.parametrize("typed", ["777 F. Supp. 3d 1", "777 f.supp.3d 1", "777 F. Supp. 3d 1 (D. Md. 2025)"])
def test_a_citation_leads_to_its_entry(dispute: Dispute, typed: str) -> None:
    assert search.straight_to(typed) == dispute.order.get_absolute_url()


def test_a_citation_with_its_page_left_open_leads_to_its_entry(dispute: Dispute) -> None:
    RulingCitationFactory(ruling=dispute.appeal_order, text="604 U.S. ___ (2025)")
    assert search.straight_to("604 U.S. ___") == dispute.appeal_order.get_absolute_url()


@pytest.mark.parametrize(
    "typed", ["", "951", "2025", "smith", "25-cv-952", "777 F. Supp. 3d", "order 25-cv-951", "%", "x" * 5000, "a1"]
)
def test_anything_else_leads_nowhere(dispute: Dispute, typed: str) -> None:
    assert search.straight_to(typed) is None


def test_a_number_of_two_cases_leads_nowhere(dispute: Dispute) -> None:
    other = ProceedingFactory(case=CaseFactory(published=True))
    DocketNumberFactory(proceeding=other, number="1:25-cv-00951")
    assert search.straight_to("25-cv-951") is None


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_hidden_is_led_to_by_nothing_and_stands_in_no_way(dispute: Dispute, hidden: str) -> None:
    case = CaseFactory(**{hidden: True})
    for number in ("9:71-cv-70001", "8:25-cv-00951"):
        DocketNumberFactory(proceeding=ProceedingFactory(case=case), number=number)
    ruling = RulingFactory(case=dispute.case, **{hidden: True})
    for text in ("1 U.S. 1", "777 F. Supp. 3d 1"):
        RulingCitationFactory(ruling=ruling, text=text)
    assert search.straight_to("9:71-cv-70001") is None
    assert search.straight_to("1 U.S. 1") is None
    assert search.straight_to("8:25-cv-00951") == dispute.case.get_absolute_url()
    assert search.straight_to("777 F. Supp. 3d 1") == dispute.order.get_absolute_url()


# --- did you mean ---------------------------------------------------------------------------------------------------


def meant(words: str) -> str | None:
    asked = understand(words)
    assert asked is not None
    return search.did_you_mean(asked)


def test_a_slip_is_mended_by_words_of_names_and_titles(dispute: Dispute) -> None:
    dispute.case.name = "Ábrego García v. Noem"
    dispute.case.save()
    EventFactory(case=dispute.case, title="Motion for a preliminary injunction", published=True)
    assert meant("abergo") == "ábrego"
    assert meant("Abrego Gracia") == "Abrego garcía"
    assert meant("injuntion") == "injunction"
    assert meant("prelimnary injuntion") == "preliminary injunction"
    assert meant("injunction") is None
    # It stands in a text, if not in a name or a title.
    EventFactory(case=dispute.case, summary="What an injunctor does.", published=True)
    assert meant("injunctor") is None
    assert meant("xylophone") is None
    assert meant("the of") is None


@pytest.mark.parametrize("typed", ['"injuntion"', "-injuntion book", "injun*", "inj", "12345"])
def test_phrases_beginnings_and_what_is_left_out_are_not_mended(dispute: Dispute, typed: str) -> None:
    EventFactory(case=dispute.case, title="Motion for a preliminary injunction", published=True)
    assert meant(typed) is None


def test_parties_in_public_life_are_among_the_words_and_private_persons_are_not(dispute: Dispute) -> None:
    for name, kind, is_minor in (
        ("Wolfgang", PartyKind.PERSON, False),
        ("Zacharias", PartyKind.PRIVATE_PERSON, False),
    ):
        PartyRoleFactory(proceeding=dispute.trial, party=PartyFactory(name=name, kind=kind, is_minor=is_minor))
    assert meant("Wolfgnag") == "wolfgang"
    assert meant("Zachaias") is None


@pytest.mark.parametrize("hidden", HIDDEN)
def test_no_word_of_hidden_matter_is_offered(dispute: Dispute, hidden: str) -> None:
    case = CaseFactory(name="Quetzalcoatl v. Zebra", **{hidden: True})
    PartyRoleFactory(
        proceeding=ProceedingFactory(case=case, court=CourtFactory(name="Tribunal of Timbuktu")),
        party=PartyFactory(name="Wolfgang", kind=PartyKind.ORGANIZATION),
    )
    EventFactory(case=dispute.case, title="Motion about a chrysanthemum", **{hidden: True})
    for slip in ("Quetzalcoat", "Wolfgnag", "chrysanthemun", "Timbuktoo"):
        assert meant(slip) is None, slip
    assert Case.objects.filter(pk=case.pk).exists()
    CaseFactory(name="Quetzalcoatl v. Zebra", published=True)
    assert meant("Quetzalcoat") == "quetzalcoatl"


def test_a_list_does_without_better_words_where_they_take_too_long(
    dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    EventFactory(case=dispute.case, title="Injunction", published=True)
    assert meant("injuntion") == "injunction"

    def refuse(*_: Any, **__: Any) -> list[tuple[Any, ...]]:
        raise TakesTooLongError

    monkeypatch.setattr(spelling, "rows_within", refuse)
    assert meant("injuntion") is None


# --- while typing ---------------------------------------------------------------------------------------------------


def offered(words: str) -> set[tuple[str, str]]:
    return {(suggestion.label, suggestion.text) for suggestion in search.suggest(words)}


def test_cases_courts_parties_and_numbers_that_begin_so_are_offered(dispute: Dispute) -> None:
    dispute.case.name, dispute.case.short_name = "Ábrego García v. Noem", "Ábrego"
    dispute.case.save()
    dispute.plaintiff.kind = PartyKind.PERSON
    dispute.plaintiff.save()
    assert offered("abr") == offered("Ábreg garc") == offered("noe") == {("Case", dispute.case.name)}
    assert offered("smi") == {("Party", "Jo Smith")}
    assert offered("25-cv-95") == offered("8:25-cv-951") == {("Docket number", f"8:25-cv-00951, {dispute.case.name}")}
    assert offered(dispute.trial_court.name) == {("Court", dispute.trial_court.name)}
    assert ("Court", dispute.trial_court.name) in offered("D. Md")
    assert {suggestion.url for suggestion in search.suggest("abr")} == {dispute.case.get_absolute_url()}


@pytest.mark.parametrize("typed", ["", "ab", "a b", "%", "___", "'", "🐘🐘🐘", "x" * 5000, "\u202e"])
def test_for_too_little_nothing_is_offered(dispute: Dispute, typed: str) -> None:
    assert search.suggest(typed) == []


def test_private_persons_are_never_offered(dispute: Dispute) -> None:
    for kind, is_minor, name in (
        (PartyKind.PRIVATE_PERSON, False, "Zacharias"),
        (PartyKind.PERSON, True, "Z.Z."),
    ):
        PartyRoleFactory(proceeding=dispute.trial, party=PartyFactory(name=name, kind=kind, is_minor=is_minor))
    assert offered("zacharias") == offered("Z.Z.Z") == set()
    PartyRoleFactory(proceeding=dispute.trial, party=PartyFactory(name="Zacharia Press", kind=PartyKind.ORGANIZATION))
    assert offered("zacharia") == {("Party", "Zacharia Press")}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_nothing_hidden_is_offered(hidden: str) -> None:
    case = CaseFactory(name="Zebra v. Okapi", **{hidden: True})
    docket = ProceedingFactory(case=case, court=CourtFactory(name="Tribunal of Timbuktu"))
    DocketNumberFactory(proceeding=docket, number="9:71-cv-70001")
    PartyRoleFactory(proceeding=docket, party=PartyFactory(name="Wolfgang", kind=PartyKind.ORGANIZATION))
    for typed in ("zebra", "9:71-cv-7", "71-cv-70001", "wolf", "timbuktu"):
        assert offered(typed) == set(), typed
