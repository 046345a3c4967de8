"""Dockets land as drafts, whole or not at all, and a second time without a second copy."""

import dataclasses
from collections.abc import Callable
from typing import Any

import docket_samples as samples
import factories as make
import pytest
from django.db import DatabaseError
from django.db.models import Model

from casetracker import publication
from casetracker.dates import UncertainDate
from casetracker.importers.dockets import adding
from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.loading import Wishes, load
from casetracker.importers.dockets.records import Counsel, Docket, DocketError, Entry, Litigant
from casetracker.importers.dockets.reports import Report
from casetracker.models import (
    Attorney,
    Case,
    DocketEntry,
    Event,
    ImportedEntry,
    Judge,
    Level,
    Party,
    PartyRole,
    Proceeding,
    Reference,
    Representation,
    Response,
    State,
    Transfer,
)
from casetracker.reworking import JOINABLE, join

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def courts() -> None:
    fourth = make.CourtFactory(id="ca4", name="United States Court of Appeals for the Fourth Circuit", appellate=True)
    make.CourtFactory(id="mdd", short_name="D. Md.").appeals_to.add(fourth)
    make.CourtFactory(id="arb", name="Bankruptcy Court, D. Arizona")


def day(text: str) -> UncertainDate:
    return UncertainDate.from_edtf(text)


COMPLAINT = Entry(day("2025-03-24"), number="1", text="COMPLAINT against Ledger Office filed by A. Doe.")
MOTION = Entry(day("2025-03-26"), number="2", text="MOTION for Preliminary Injunction by A. Doe.")
MINUTES = Entry(day("2025-04-04"), text="Minute Entry: Motion Hearing held before Judge Ada Bench on 4/4/2025.")
ORDER = Entry(
    day("2025-04-04"),
    day("2025-04-05"),
    number="21",
    text="ORDER granting 2 Motion for Preliminary Injunction. Signed by Judge Ada Bench on 4/4/2025.",
)
DOCKET = Docket(
    "mdd", "8:25-cv-00951", "Doe v. Ledger Office", day("2025-03-24"), entries=(COMPLAINT, MOTION, MINUTES, ORDER)
)


def with_entries(*entries: Entry, **more: Any) -> Docket:
    return dataclasses.replace(DOCKET, entries=entries, **more)


def loaded(docket: Docket = DOCKET, **wishes: Any) -> Report:
    return load(docket, format="csv", wishes=Wishes(**wishes))


def state_of_everything() -> list[Any]:
    models: list[type[Model]] = [
        Case,
        Event,
        DocketEntry,
        Reference,
        Response,
        Party,
        PartyRole,
        Judge,
        Transfer,
        ImportedEntry,
    ]
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def row(number: str) -> DocketEntry:
    return DocketEntry.objects.select_related("event").get(number=number)


# --- what lands -----------------------------------------------------------------------------------------------------


def test_docket_lands_as_drafts_in_its_order_with_kinds_and_sources() -> None:
    report = loaded()
    case = Case.objects.get()
    assert (case.name, case.state) == ("Doe v. Ledger Office", State.DRAFT)
    assert {event.state for event in Event.objects.all()} == {State.DRAFT}
    assert [
        (str(event.date and event.date.edtf), event.kind) for event in Event.objects.order_by(*Event.TIMELINE_ORDER)
    ] == [
        ("2025-03-24", "filing"),
        ("2025-03-26", "filing"),
        ("2025-04-04", "hearing"),
        ("2025-04-04", "ruling"),
    ]
    order = row("21")
    assert (order.text, order.entered, order.position) == (ORDER.text, day("2025-04-05"), 3)
    assert (order.event.form, order.event.outcome) == ("order", "granted")
    assert [link.responds_to for link in Response.objects.filter(event=order.event)] == [row("2").event]
    assert Reference.objects.filter(event=order.event, pinpoint="Dkt. 21", source__publisher="a spreadsheet").exists()
    assert Reference.objects.count() == 4
    assert report.by_kind == {"filing": 2, "hearing": 1, "ruling": 1}
    assert (report.entries, report.new, report.unsure, report.left) == (4, 4, [], [])


def test_newest_first_is_turned_round() -> None:
    loaded(with_entries(ORDER, MINUTES, MOTION, COMPLAINT))
    assert [each.number for each in DocketEntry.objects.order_by("position")] == ["1", "2", "", "21"]


def test_everything_written_passes_its_own_rules() -> None:
    load(parse(samples.XML.encode()).dockets[0], format="recap")
    load(parse(samples.as_bytes(samples.juriscraper(docket_number="8:25-cv-00999"))).dockets[0], format="juriscraper")
    rows = [
        each
        for model in (Case, Proceeding, Event, DocketEntry, Party, PartyRole, Judge, Attorney)
        for each in model.objects.all()
    ]
    assert len(rows) > 15
    for each in rows:
        each.full_clean()


def test_people_are_added_without_where_they_live() -> None:
    load(parse(samples.XML.encode()).dockets[0], format="recap")
    assert Judge.objects.get().name == "Ada Bench"
    office = PartyRole.objects.select_related("party").get(party__name="Ledger Office")
    assert (office.role, office.as_written, office.terminated) == ("defendant", "Defendant", day("2025-05-17"))
    counsel = office.party.representations.get()
    assert (counsel.attorney.firm, counsel.lead, counsel.pro_hac_vice) == ("Quill & Ink LLP", True, True)
    assert Attorney.objects.count() == 1


def test_private_persons_of_one_name_in_two_cases_are_two_and_public_bodies_one() -> None:
    litigants = (Litigant("Jo Smith", "Plaintiff"), Litigant("Department of Ledgers", "Defendant"))
    loaded(with_entries(COMPLAINT, litigants=litigants))
    loaded(with_entries(COMPLAINT, litigants=litigants, number="8:25-cv-00952", name="Smith v. Ledgers"))
    assert Party.objects.filter(name="Jo Smith", kind="private_person").count() == 2
    assert Party.objects.filter(name="Department of Ledgers", kind="government").count() == 1


def test_identity_numbers_and_minors_are_not_stored_and_this_is_said() -> None:
    child = Litigant("Robin Quill", "Plaintiff", note="a minor, by next friend")
    text = "MOTION of Robin Quill, SSN 123-45-6789, A123456789, to seal"
    report = loaded(
        with_entries(dataclasses.replace(MOTION, text=text), litigants=(child,), name="Robin Quill v. Ledger Office")
    )
    assert row("2").text == "MOTION of R.Q., SSN [number removed], [number removed], to seal"
    assert Party.objects.get().name == "R.Q."
    assert Party.objects.get().is_minor
    assert Case.objects.get().name == "R.Q. v. Ledger Office"
    assert "quill" not in repr(state_of_everything()).lower()
    assert "1 minor: only initials were kept." in report.notes
    assert "2 identity numbers replaced by “[number removed]”." in report.notes


def test_what_is_unsure_says_so_and_nothing_undated_is_lost() -> None:
    odd = Entry(day("2025-03-25"), number="3", text="Grommet of the aforesaid")
    undated = Entry(number="4", text="NOTICE of Appearance")
    report = loaded(with_entries(COMPLAINT, odd, undated))
    assert len(report.unsure) == 2
    assert row("3").event.kind == "event"
    assert ImportedEntry.objects.get(number="3").doubts == "no_kind"
    assert row("4").event.date == day("[2025-03-24..]")
    assert row("4").event.kind == "filing"


def test_entries_before_the_case_are_told() -> None:
    early = Entry(day("2025-03-01"), number="0", text="NOTICE of Removal")
    assert any("dated before the case" in note for note in loaded(with_entries(early, COMPLAINT)).notes)


def test_court_that_pacer_calls_otherwise_is_found_and_an_unknown_one_refused() -> None:
    loaded(with_entries(COMPLAINT, court="azb", number="2:25-bk-00001"))
    assert Proceeding.objects.get().court_id == "arb"
    with pytest.raises(DocketError, match="There is no court xyz"):
        loaded(with_entries(COMPLAINT, court="xyz"))


# --- again ----------------------------------------------------------------------------------------------------------


def test_second_run_writes_nothing(django_assert_max_num_queries: Callable[..., Any]) -> None:
    loaded(with_entries(*DOCKET.entries, litigants=(Litigant("Jo Smith", "Plaintiff"),)))
    before = state_of_everything()
    report = loaded(with_entries(*DOCKET.entries, litigants=(Litigant("Jo Smith", "Plaintiff"),)))
    assert (report.new, report.changed, report.unchanged, report.other_rows) == (0, 0, 4, 0)
    assert report.wrote_nothing
    assert state_of_everything() == before


def test_queries_do_not_grow_with_the_entries(django_assert_max_num_queries: Callable[..., Any]) -> None:
    many = [
        Entry(day("2025-03-24"), number=str(number), text=f"NOTICE {number} re {max(1, number - 1)} Notice")
        for number in range(1, 200)
    ]
    with django_assert_max_num_queries(45):
        loaded(with_entries(*many))
    with django_assert_max_num_queries(30):
        loaded(with_entries(*many))


def test_newer_version_adds_and_updates() -> None:
    loaded()
    key = row("21").event.public_id
    mended = dataclasses.replace(ORDER, text="ORDER denying 2 Motion for Preliminary Injunction.")
    between = Entry(day("2025-03-25"), text="Case assigned to Judge Ada Bench.")
    report = loaded(with_entries(COMPLAINT, between, MOTION, MINUTES, mended, terminated=day("2025-09-01")))
    assert (report.new, report.changed, report.unchanged, report.conflicts) == (1, 1, 3, [])
    assert (row("21").text, row("21").event.outcome, row("21").event.public_id) == (mended.text, "denied", key)
    assert [each.number for each in DocketEntry.objects.order_by("position")] == ["1", "", "2", "", "21"]
    assert Proceeding.objects.get().terminated == day("2025-09-01")
    assert loaded(with_entries(COMPLAINT, between, MOTION, MINUTES, mended, terminated=day("2025-09-01"))).wrote_nothing


def test_what_an_editor_changed_is_kept_and_the_difference_reported() -> None:
    loaded()
    Event.objects.filter(pk=row("21").event_id).update(title="The injunction", outcome="granted_in_part")
    assert loaded().conflicts == []
    newer = dataclasses.replace(ORDER, text="ORDER dismissing the case.")
    report = loaded(with_entries(COMPLAINT, MOTION, MINUTES, newer))
    order = row("21")
    assert (order.event.title, order.event.outcome, order.text) == ("The injunction", "granted_in_part", newer.text)
    assert len(report.conflicts) == 2
    assert all("an editor changed it" in conflict for conflict in report.conflicts)


def test_what_is_published_is_kept_and_the_difference_reported() -> None:
    loaded()
    publication.publish(Case.objects.get(), actor=None)
    publication.publish(row("21").event, actor=None)
    report = loaded(with_entries(COMPLAINT, MOTION, MINUTES, dataclasses.replace(ORDER, filed=day("2025-04-03"))))
    assert row("21").event.date == ORDER.filed
    assert ["it is published" in conflict for conflict in report.conflicts] == [True]


def test_removed_line_is_reported_and_kept_and_a_deleted_one_not_brought_back() -> None:
    loaded()
    row("1").event.delete()
    report = loaded(with_entries(COMPLAINT, MINUTES, ORDER))
    assert report.gone == ["2025-03-26 2 stands no longer on the docket and was kept."]
    assert report.notes == ["2025-03-24 1 was deleted at the desk and was not brought back."]
    assert sorted(each.number for each in DocketEntry.objects.all()) == ["", "2", "21"]


def test_part_of_a_docket_says_nothing_of_the_rest() -> None:
    loaded()
    added = Entry(day("2025-04-04"), text="Minute Entry: Telephone Conference held before Judge Ada Bench.")
    report = loaded(with_entries(added, is_part=True))
    assert (report.new, report.gone) == (1, [])
    assert DocketEntry.objects.count() == 5


def test_line_without_a_number_is_known_again_when_its_text_changes() -> None:
    loaded()
    mended = dataclasses.replace(MINUTES, text=f"{MINUTES.text} (Court Reporter: Q.)")
    report = loaded(with_entries(COMPLAINT, MOTION, mended, ORDER))
    assert (report.new, report.changed, report.gone) == (0, 1, [])


def test_party_whom_an_editor_took_away_stays_away() -> None:
    docket = with_entries(COMPLAINT, litigants=(Litigant("Jo Smith", "Plaintiff"),))
    loaded(docket)
    PartyRole.objects.all().delete()
    loaded(docket)
    assert not PartyRole.objects.exists()


# --- whole or not at all --------------------------------------------------------------------------------------------


def test_dry_run_tells_the_same_and_writes_nothing() -> None:
    before = state_of_everything()
    dry = loaded(is_dry=True)
    assert state_of_everything() == before
    wet = loaded()
    assert (dry.new, dry.by_kind, dry.is_new_case) == (wet.new, wet.by_kind, wet.is_new_case)


def test_docket_that_fails_in_the_middle_leaves_nothing_and_lands_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    before = state_of_everything()

    def fail(*args: Any) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(adding, "_link", fail)
        with pytest.raises(DocketError, match="the disk is full"):
            loaded()
    assert state_of_everything() == before
    assert loaded().new == 4


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (dataclasses.replace(ORDER, kind="verdict", place="line 7"), "line 7: kind: “verdict” is none of"),
        (dataclasses.replace(ORDER, kind="filing", form="order", place="line 7"), "Only a ruling has a form"),
        (dataclasses.replace(ORDER, number="1" * 21, place="line 7"), "line 7: The entry number has more"),
        (dataclasses.replace(ORDER, text="x" * 20_001, place="line 7"), "line 7: A text has 20,001 characters"),
    ],
)
def test_bad_entry_is_refused_with_its_line(entry: Entry, message: str) -> None:
    with pytest.raises(DocketError) as caught:
        loaded(with_entries(COMPLAINT, entry))
    assert message in str(caught.value)
    assert not Case.objects.exists()


# --- cases and transfers --------------------------------------------------------------------------------------------


def test_appeal_joins_the_case_below_and_the_transfer_is_proposed_once() -> None:
    loaded()
    appeal = parse(samples.as_bytes(samples.APPEAL)).dockets[0]
    report = load(appeal, format="juriscraper")
    assert Case.objects.count() == 1
    assert not report.is_new_case
    transfer = Transfer.objects.select_related("origin", "destination").get()
    assert (transfer.kind, transfer.origin and transfer.origin.court_id) == ("appeal", "mdd")
    assert transfer.destination is not None
    assert transfer.destination.court_id == "ca4"
    assert load(appeal, format="juriscraper").wrote_nothing


def test_appeal_that_came_first_waits_for_the_docket_below() -> None:
    load(parse(samples.as_bytes(samples.APPEAL)).dockets[0], format="juriscraper")
    assert Transfer.objects.get().origin_court_id == "mdd"
    loaded()
    assert Case.objects.count() == 1
    transfer = Transfer.objects.select_related("origin").get()
    assert transfer.origin is not None
    assert (transfer.origin.court_id, transfer.origin_number) == ("mdd", "")


def test_number_of_an_appeal_in_an_entry_proposes_the_transfer() -> None:
    loaded(
        with_entries(COMPLAINT, Entry(day("2025-04-05"), number="22", text="USCA Case Number 25-1345 for 20 Notice."))
    )
    transfer = Transfer.objects.get()
    assert (transfer.destination_court_id, transfer.destination_number) == ("ca4", "25-1345")


def test_public_case_gets_drafts_and_nothing_that_readers_would_see_at_once() -> None:
    loaded()
    publication.publish(Case.objects.get(), actor=None)
    newer = with_entries(
        *DOCKET.entries, dataclasses.replace(MOTION, number="22"), litigants=(Litigant("Jo Smith", "Plaintiff"),)
    )
    report = loaded(newer)
    assert (report.new, row("22").event.state) == (1, State.DRAFT)
    assert not Party.objects.exists()
    assert "Jo Smith" in report.left[0]
    with pytest.raises(
        DocketError, match=r"check .Add proceedings, parties and counsel to a case that is public.* --into-public"
    ):
        load(parse(samples.as_bytes(samples.APPEAL)).dockets[0], format="juriscraper")
    loaded(newer, may_show=True)
    assert Party.objects.get().name == "Jo Smith"


def test_number_that_is_there_twice_asks_for_the_case() -> None:
    for slug in ("one", "two"):
        proceeding = make.ProceedingFactory(court_id="mdd", case=make.CaseFactory(slug=slug))
        make.DocketNumberFactory(proceeding=proceeding, number="8:25-cv-951-PX")
    with pytest.raises(DocketError, match=r"--case \(one, two\)"):
        loaded()
    assert loaded(case=Case.objects.get(slug="two")).new == 4
    assert Event.objects.filter(case__slug="two").count() == 4


def test_entries_of_courtlistener_alone_are_put_to_the_docket_that_is_known() -> None:
    page = parse(samples.as_bytes(samples.page(samples.entry(3, "2025-03-26", "ORDER")))).dockets[0]
    with pytest.raises(DocketError, match=r"Give the page of the docket itself"):
        load(page, format="courtlistener")
    load(parse(samples.as_bytes(samples.docket())).dockets[0], format="courtlistener")
    assert load(page, format="courtlistener").new == 1
    assert Proceeding.objects.get().court.level == Level.TRIAL


# --- what was merged since ------------------------------------------------------------------------------------------


def test_docket_of_a_court_that_was_merged_lands_in_the_one_that_stayed() -> None:
    loaded()
    stayed = make.CourtFactory(id="stayed", level="trial")
    join(JOINABLE["court"], stayed.pk, DOCKET.court)
    report = loaded()
    assert (report.new, Case.objects.count(), Proceeding.objects.count()) == (0, 1, 1)
    loaded(dataclasses.replace(DOCKET, number="8:25-cv-77777", courtlistener="", pacer="", origins=()))
    assert set(Proceeding.objects.values_list("court", flat=True)) == {"stayed"}


def test_counsel_have_the_day_on_which_they_ceased_and_get_it_from_a_newer_version() -> None:
    def version(ended: str, *, other: str = "") -> Docket:
        counsel = (
            Counsel("Bea Bar", terminated=day(ended) if ended else None),
            Counsel("Cal Clerk", terminated=day(other) if other else None),
        )
        return dataclasses.replace(DOCKET, litigants=(Litigant("Ledger Office", "Defendant", counsel=counsel),))

    def ends() -> dict[str, str | None]:
        rows = Representation.objects.select_related("attorney")
        return {row.attorney.name: row.terminated.edtf if row.terminated else None for row in rows}

    loaded(version("", other="2025-04-01"))
    assert ends() == {"Bea Bar": None, "Cal Clerk": "2025-04-01"}
    assert loaded(version("2025-05-17", other="2025-04-01")).other_rows
    assert ends() == {"Bea Bar": "2025-05-17", "Cal Clerk": "2025-04-01"}
    assert loaded(version("2025-05-17", other="2025-04-01")).wrote_nothing
    Representation.objects.filter(attorney__name="Bea Bar").update(terminated="2025-06")
    report = loaded(version("2025-05-18", other="2025-04-01"))
    assert report.conflicts == ["Bea Bar for Ledger Office: the end is otherwise in the file; it was kept."]
    assert ends()["Bea Bar"] == "2025-06"


def test_counsel_who_was_merged_is_not_made_again() -> None:
    party = Litigant("Acme Widgets, Inc.", "Plaintiff", counsel=(Counsel("A. Counsel", firm="Bell LLP"),))
    loaded(dataclasses.replace(DOCKET, litigants=(party,)))
    stayed = make.AttorneyFactory(name="Ada Counsel", firm="Bell & Bell LLP")
    join(JOINABLE["attorney"], stayed.pk, Attorney.objects.get(name="A. Counsel").pk)
    loaded(
        dataclasses.replace(DOCKET, number="8:25-cv-77777", courtlistener="", pacer="", origins=(), litigants=(party,))
    )
    assert Attorney.objects.get() == stayed
    assert set(stayed.representations.values_list("proceeding__numbers__number", flat=True)) >= {"8:25-cv-77777"}


def test_public_body_that_was_merged_is_not_made_again_and_a_person_only_outside_the_case() -> None:
    loaded(
        dataclasses.replace(
            DOCKET, litigants=(Litigant("Acme Widgets, Inc.", "Plaintiff"), Litigant("Ann Bell", "Defendant"))
        )
    )
    acme, bell = Party.objects.get(name__startswith="Acme"), Party.objects.get(name="Ann Bell")
    kept_body, kept_person = make.PartyFactory(name="Acme", kind="organization"), make.PartyFactory(name="A. B.")
    join(JOINABLE["party"], kept_body.pk, acme.pk)
    join(JOINABLE["party"], kept_person.pk, bell.pk)
    elsewhere = dataclasses.replace(
        DOCKET, number="8:25-cv-77777", courtlistener="", pacer="", origins=(),
        litigants=(Litigant("Acme Widgets, Inc.", "Defendant"), Litigant("Ann Bell", "Plaintiff")),
    )  # fmt: skip
    before = Party.objects.count()
    loaded(elsewhere)
    roles = PartyRole.objects.filter(proceeding__numbers__number="8:25-cv-77777")
    assert kept_body.pk in roles.values_list("party", flat=True)
    # Two persons of one name in two cases are two; in their own case they are one.
    assert Party.objects.count() == before + 1
    assert Party.objects.filter(name="Ann Bell").exclude(pk=kept_person.pk).count() == 1
