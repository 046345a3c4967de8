"""What stands around a case's timeline: proceedings, how one came from another, parties and counsel."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    STATES,
    AttorneyFactory,
    CaseFactory,
    CourtFactory,
    Dispute,
    DocketNumberFactory,
    ExternalIdFactory,
    JudgeFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    ProceedingJudgeFactory,
    RepresentationFactory,
    TransferFactory,
    two_court_dispute,
)

from casetracker.dates import UncertainDate
from casetracker.models import Case, Proceeding, ProceedingJudge, Role, TransferKind
from casetracker.proceedings import Counsel, TransferLine, proceedings_of

pytestmark = pytest.mark.django_db


def test_proceedings_stand_in_their_order_with_court_caption_and_dates() -> None:
    dispute: Dispute = two_court_dispute()
    trial, appeal = proceedings_of(dispute.case)
    assert (trial.court.name, trial.court.accent, trial.caption, trial.about) == (
        dispute.trial_court.name,
        "trial",
        "Smith v. Jones",
        "Civil action",
    )
    assert (trial.filed, trial.terminated, appeal.filed) == ("24 March 2025", "", "5 April 2025")
    assert (trial.numbers, appeal.numbers) == (["8:25-cv-00951"], ["25-1345"])
    assert trial.anchor == f"proceeding-{dispute.trial.pk}"
    assert trial.court.url == f"/courts/{dispute.trial_court.pk}/"
    assert trial.judges == [dispute.judge.name]


def test_several_numbers_stand_with_their_terms_the_main_one_first() -> None:
    proceeding = ProceedingFactory()
    for number, term, main in (("8", "1952", False), ("1", "1953", False), ("10", "1951", True)):
        DocketNumberFactory(proceeding=proceeding, number=number, term=term, is_main=main)
    (line,) = proceedings_of(proceeding.case)
    assert line.numbers == ["10 (1951 Term)", "8 (1952 Term)", "1 (1953 Term)"]
    assert line.main_number == "10 (1951 Term)"


def test_a_proceeding_without_a_number_has_no_main_one() -> None:
    (line,) = proceedings_of(ProceedingFactory().case)
    assert (line.numbers, line.main_number) == ([], "")


def test_judges_are_told_by_how_they_sit() -> None:
    proceeding = ProceedingFactory()
    for role, name in (
        (ProceedingJudge.Role.ASSIGNED, "Pat Bench"),
        (ProceedingJudge.Role.REFERRED, "Sam Gavel"),
        (ProceedingJudge.Role.PANEL, "Alex Robe"),
    ):
        ProceedingJudgeFactory(proceeding=proceeding, role=role, judge=JudgeFactory(name=name))
    (line,) = proceedings_of(proceeding.case)
    assert line.judges == ["Pat Bench", "Sam Gavel (referred)", "Alex Robe (panel)"]


def test_the_docket_at_courtlistener_is_linked_and_other_keys_are_not_shown() -> None:
    proceeding = ProceedingFactory(caption="Abrego García v. Noem")
    ExternalIdFactory(proceeding=proceeding, value="69777799")
    ExternalIdFactory(proceeding=proceeding, scheme="pacer", value="578815")
    (line,) = proceedings_of(proceeding.case)
    assert line.external == [
        ("CourtListener docket 69777799", "https://www.courtlistener.com/docket/69777799/abrego-garcia-v-noem/")
    ]


# --- transfers ------------------------------------------------------------------------------------------------------


def test_a_transfer_is_told_from_both_ends() -> None:
    dispute = two_court_dispute()
    trial, appeal = proceedings_of(dispute.case)
    assert trial.left == [
        TransferLine("appeal", "Appeal to", "4th Cir.", "appellate", "25-1345", "5 April 2025", "", f"#{appeal.anchor}")
    ]
    assert appeal.arrived == [
        TransferLine(
            "appeal", "Appeal from", "D. Md.", "trial", "8:25-cv-00951", "5 April 2025", "", f"#{trial.anchor}"
        )
    ]
    assert (trial.arrived, appeal.left) == ([], [])


def test_an_end_that_is_not_recorded_is_known_by_court_and_number() -> None:
    proceeding = ProceedingFactory(case=CaseFactory(published=True))
    TransferFactory(
        kind=TransferKind.REMOVAL,
        origin=None,
        origin_court=CourtFactory(short_name="Circuit Ct."),
        origin_number="C-1",
        destination=proceeding,
        note="Removed on diversity.",
    )
    (line,) = proceedings_of(proceeding.case)
    assert line.arrived == [
        TransferLine("removal", "Removal from", "Circuit Ct.", "trial", "C-1", "", "Removed on diversity.")
    ]


def test_an_end_in_another_public_case_is_named_by_court_and_number_and_linked() -> None:
    here, there = (ProceedingFactory(case=CaseFactory(published=True)) for _ in range(2))
    DocketNumberFactory(proceeding=there, number="25-9", is_main=True)
    TransferFactory(kind=TransferKind.CONSOLIDATION, origin=here, destination=there)
    (line,) = proceedings_of(here.case)
    (left,) = line.left
    assert (left.court, left.number) == (there.court.short_name, "25-9")
    assert left.url == f"{there.case.get_absolute_url()}#proceeding-{there.pk}"


@pytest.mark.parametrize("hidden", ["draft", "in_review", "embargoed", "withdrawn", "withheld"])
@pytest.mark.parametrize("here_is", ["origin", "destination"])
def test_a_transfer_whose_other_end_is_hidden_is_hidden_too(hidden: str, here_is: str) -> None:
    here, there = ProceedingFactory(case=CaseFactory(published=True)), ProceedingFactory()
    ends = {"origin": here, "destination": there} if here_is == "origin" else {"origin": there, "destination": here}
    TransferFactory(**ends)
    STATES[hidden](there.case)
    (line,) = proceedings_of(here.case)
    assert (line.arrived, line.left) == ([], [])


# --- parties and counsel --------------------------------------------------------------------------------------------


def test_a_party_stands_with_its_role_in_each_proceeding_and_its_counsel() -> None:
    dispute = two_court_dispute()
    trial, appeal = proceedings_of(dispute.case)
    assert [(party.name, party.role) for party in trial.parties] == [
        ("Jo Smith", "Plaintiff"),
        ("Sam Jones", "Defendant"),
    ]
    assert [(party.name, party.role) for party in appeal.parties] == [
        ("Jo Smith", "Appellee"),
        ("Sam Jones", "Appellant"),
    ]
    counsel = dispute.trial.representations.get().attorney
    assert trial.parties[0].counsel == [Counsel(counsel.name, "Counsel & Counsel", [])]
    assert not any(party.counsel for party in (*trial.parties[1:], *appeal.parties))
    assert trial.parties[0].url == f"/parties/{dispute.plaintiff.slug}/"


def test_the_role_as_written_stands_beside_it_only_when_it_says_more() -> None:
    proceeding = ProceedingFactory()
    PartyRoleFactory(proceeding=proceeding, role=Role.PLAINTIFF, as_written="Plaintiff", display_order=1)
    PartyRoleFactory(
        proceeding=proceeding,
        role=Role.DEFENDANT,
        as_written="Respondent-Defendant",
        terminated=UncertainDate.on(2025, 5),
        note="Dismissed by consent.",
        display_order=2,
    )
    (line,) = proceedings_of(proceeding.case)
    assert [party.notes for party in line.parties] == [
        [],
        [("“Respondent-Defendant”", True), ("until May 2025", False), ("Dismissed by consent.", True)],
    ]


def test_lead_counsel_stands_first_and_a_party_in_two_roles_has_its_counsel_once() -> None:
    proceeding, party = ProceedingFactory(), PartyFactory()
    PartyRoleFactory(proceeding=proceeding, party=party, role=Role.APPELLANT, display_order=1)
    PartyRoleFactory(proceeding=proceeding, party=party, role=Role.INTERVENOR, display_order=2)
    people: dict[str, dict[str, Any]] = {
        "Second": {"pro_hac_vice": True, "terminated": UncertainDate.on(2025), "note": "Of counsel."},
        "First": {"lead": True},
    }
    for name, options in people.items():
        RepresentationFactory(
            proceeding=proceeding, party=party, attorney=AttorneyFactory(name=name, firm=""), **options
        )
    (line,) = proceedings_of(proceeding.case)
    assert line.parties[0].counsel == [
        Counsel("First", "", [("lead", False)]),
        Counsel("Second", "", [("pro hac vice", False), ("until 2025", False), ("Of counsel.", True)]),
    ]
    assert line.parties[1].counsel == []


# --- how much it costs ----------------------------------------------------------------------------------------------


def test_proceedings_take_three_queries_however_many_they_are() -> None:
    case = CaseFactory(published=True)
    counts = []
    for wanted in (1, 3, 200):
        for _ in range(min(3, wanted - case.proceedings.count())):
            proceeding = ProceedingFactory(case=case)
            DocketNumberFactory(proceeding=proceeding)
            ProceedingJudgeFactory(proceeding=proceeding)
            party = PartyRoleFactory(proceeding=proceeding).party
            RepresentationFactory(proceeding=proceeding, party=party)
            TransferFactory(origin=proceeding, destination=None, destination_court=proceeding.court)
        _fill(case, wanted)
        with CaptureQueriesContext(connection) as captured:
            assert len(proceedings_of(case)) == wanted
        counts.append(len(captured))
    assert counts == [2, 2, 2]


def _fill(case: Case, wanted: int) -> None:
    court = CourtFactory()
    Proceeding.objects.bulk_create(
        ProceedingFactory.build(case=case, court=court) for _ in range(wanted - case.proceedings.count())
    )
