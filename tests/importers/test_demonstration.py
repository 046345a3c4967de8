"""The demonstration cases: that the files say what their tables say, and that loading them is done once."""

import datetime

import pytest

from casetracker.dates import UncertainDate
from casetracker.importers.demonstration import files, parse
from casetracker.importers.load_entries import public_id
from casetracker.importers.records import CaseRecord, EntryRecord
from casetracker.models import (
    Event,
    Happening,
    PartyRole,
    Proceeding,
    Provision,
    Reference,
    RulingCitation,
    RulingJudge,
    Statement,
    Transfer,
    Treatment,
)

LANDMARKS = {
    "a-v-b",
    "brown-v-board-of-education",
    "marbury-v-madison",
    "miller-v-prime-minister-cherry-v-advocate-general",
}
BROWN, MARBURY, MILLER = (
    "brown-v-board-of-education",
    "marbury-v-madison",
    "miller-v-prime-minister-cherry-v-advocate-general",
)


@pytest.fixture(scope="module")
def records() -> dict[str, CaseRecord]:
    return {path.stem: parse(path) for path in files()}


def _entry(slug: str, key: str) -> Event:
    return Event.objects.get(public_id=public_id(slug, key))


def _edtf(date: UncertainDate | None) -> str:
    assert date is not None
    return date.edtf


# --- what the files say ---------------------------------------------------------------------------------------------


def test_every_file_is_a_valid_case_whose_keys_lead_somewhere(records: dict[str, CaseRecord]) -> None:
    assert set(records) >= LANDMARKS
    assert {slug: record.case.slug for slug, record in records.items()} == {slug: slug for slug in records}
    assert {slug: len(record.entries) for slug, record in records.items() if slug in LANDMARKS} == {
        "a-v-b": 19,
        BROWN: 19,
        MARBURY: 13,
        MILLER: 15,
    }


def test_every_entry_and_statement_names_a_source(records: dict[str, CaseRecord]) -> None:
    for slug, record in records.items():
        for entry in record.entries:
            assert entry.sources, f"{slug}: {entry.key}"
            for statement in entry.statements:
                assert statement.sources, f"{slug}: {entry.key}: {statement.speaker}"


def test_every_source_is_used_and_has_an_address_or_says_why_not(records: dict[str, CaseRecord]) -> None:
    without_address = set()
    for record in records.values():
        used = {each.source for entry in record.entries for each in entry.sources} | {
            each.source for entry in record.entries for said in entry.statements for each in said.sources
        }
        assert {source.key for source in record.sources} == used
        for source in record.sources:
            assert source.url.startswith("https://") or source.url == ""
            if not source.url and record.case.slug in LANDMARKS:
                without_address.add(source.key)
    assert without_address == {"invented", "goldstone", "sloan-mckean", "flp"}


def test_only_the_example_is_invented_and_says_so(records: dict[str, CaseRecord]) -> None:
    assert {slug for slug, record in records.items() if record.case.invented} == {"a-v-b"}
    example = records["a-v-b"]
    assert "invented" in example.case.name
    names = [row.name for row in example.parties] + [row.name for row in example.judges]
    assert all("invented" in name for name in names)


# The dates of the tables from which the files were written, as (entry, date, court, kind).
DATES: dict[str, list[tuple[str, str, str, str]]] = {
    BROWN: [
        ("bolling-complaint", "1950-11-09", "dcd", "filing"),
        ("briggs-complaint", "1950-12-22", "southcarolinaed", "filing"),
        ("brown-complaint", "1951-02-28", "ksd", "filing"),
        ("briggs-1951", "1951-06-23", "southcarolinaed", "ruling"),
        ("kansas-1951", "1951-08-03", "ksd", "ruling"),
        ("briggs-sent-back", "1952-01-28", "scotus", "ruling"),
        ("davis-1952", "1952-03-07", "vaed", "ruling"),
        ("briggs-1952", "1952-03-13", "southcarolinaed", "ruling"),
        ("delaware-chancery", "1952-04-01", "delch", "ruling"),
        ("delaware-supreme", "1952-08~", "del", "ruling"),
        ("first-argument", "1952-12-09/1952-12-11", "scotus", "hearing"),
        ("reargument-ordered", "1953-06-08", "scotus", "ruling"),
        ("reargument", "1953-12-07/1953-12-09", "scotus", "hearing"),
        ("brown-1", "1954-05-17", "scotus", "ruling"),
        ("bolling-1954", "1954-05-17", "scotus", "ruling"),
        ("relief-argument", "1955-04-11/1955-04-14", "scotus", "hearing"),
        ("brown-2", "1955-05-31", "scotus", "ruling"),
        ("briggs-1955", "1955-07-15", "southcarolinaed", "ruling"),
        ("kansas-1955", "1955-10-28", "ksd", "ruling"),
    ],
    MARBURY: [
        ("district-statute", "1801-02-27", "", "event"),
        ("nominations", "1801-03-02", "", "event"),
        ("confirmations", "1801-03-03", "", "event"),
        ("commissions-withheld", "1801-03", "", "event"),
        ("notice-of-motion", "1801-12-16", "scotus", "filing"),
        ("motion-argued", "1801-12", "scotus", "hearing"),
        ("rule-to-show-cause", "1801-12", "scotus", "ruling"),
        ("order-served", "1802-03-22", "scotus", "filing"),
        ("terms-cancelled", "1802", "", "event"),
        ("senate-petition", "1803-01-31", "", "event"),
        ("trial", "1803-02-11", "scotus", "hearing"),
        ("hotel", "1803-02-16", "scotus", "event"),
        ("decision", "1803-02-24", "scotus", "ruling"),
    ],
    MILLER: [
        ("scottish-petition", "2019-07-30", "csoh", "filing"),
        ("permission", "2019-08-13", "csoh", "ruling"),
        ("order-in-council", "2019-08-28", "", "event"),
        ("english-claim", "2019-08-28", "ewhcqb", "filing"),
        ("interim-refused", "2019-08-30", "csoh", "ruling"),
        ("scottish-hearing", "2019-09-03", "csoh", "hearing"),
        ("outer-house", "2019-09-04", "csoh", "ruling"),
        ("london-hearing", "2019-09-05", "ewhcqb", "hearing"),
        ("scottish-appeal", "2019-09-05/2019-09-06", "csih", "hearing"),
        ("prorogation", "2019-09-10", "", "event"),
        ("inner-house", "2019-09-11", "csih", "ruling"),
        ("divisional-court", "2019-09-11", "ewhcqb", "ruling"),
        ("supreme-court-hearing", "2019-09-17/2019-09-19", "uksc", "hearing"),
        ("supreme-court-judgment", "2019-09-24", "uksc", "ruling"),
        ("parliament-resumes", "2019-09-25", "", "event"),
    ],
}


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("slug", DATES)
def test_every_date_of_the_table_stands_on_its_entry(slug: str) -> None:
    for key, date, court, kind in DATES[slug]:
        entry = _entry(slug, key)
        assert _edtf(entry.date) == date, key
        assert (entry.court_id or "", entry.kind) == (court, kind), key
    assert Event.objects.filter(case__slug=slug).count() == len(DATES[slug])


# --- what is loaded: Brown ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("key", "term", "numbers"),
    [
        ("first-argument", "1952", {"8", "101", "191", "448", "413"}),
        ("reargument", "1953", {"1", "2", "4", "10", "8"}),
        ("relief-argument", "1954", {"1", "2", "3", "5", "4"}),
        ("brown-2", "1954", {"1", "2", "3", "5", "4"}),
    ],
)
def test_one_argument_in_brown_stands_on_five_dockets_of_its_term(key: str, term: str, numbers: set[str]) -> None:
    entry = _entry(BROWN, key)
    assert Event.objects.filter(case__slug=BROWN, title=entry.title).count() == 1
    dockets = Proceeding.objects.filter(docket_entries__event=entry)
    assert dockets.count() == 5
    assert {row.court_id for row in dockets} == {"scotus"}
    assert {number.number for row in dockets for number in row.numbers.filter(term=term)} == numbers


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_number_eight_is_brown_in_one_term_and_bolling_in_the_next() -> None:
    eight = Proceeding.objects.filter(case__slug=BROWN, numbers__number="8", court="scotus")
    captions = {(row.caption, row.numbers.get(number="8").term) for row in eight}
    assert captions == {("Brown v. Board of Education of Topeka", "1952"), ("Bolling v. Sharpe", "1953")}


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_brown_two_reverses_four_judgments_and_affirms_delaware() -> None:
    made = Treatment.objects.filter(act=_entry(BROWN, "brown-2"))
    reversed_here = {row.target for row in made.filter(verb="reverses", target__isnull=False)}
    assert reversed_here == {_entry(BROWN, key) for key in ("kansas-1951", "briggs-1952", "davis-1952")}
    unrecorded = made.get(verb="reverses", target__isnull=True)
    assert (unrecorded.target_court_id, unrecorded.target_number, unrecorded.target_date) == ("dcd", "4949-50", None)
    assert made.get(verb="affirms").target == _entry(BROWN, "delaware-supreme")
    assert made.filter(verb="remands").count() == 5


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_brown_one_reverses_nothing_yet() -> None:
    assert not Treatment.objects.filter(act=_entry(BROWN, "brown-1")).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_roles_turn_around_in_the_delaware_case() -> None:
    roles = PartyRole.objects.filter(proceeding__case__slug=BROWN, party__name="Gebhart and others")
    by_court = {(row.proceeding.court_id, row.role) for row in roles}
    assert by_court == {("delch", "defendant"), ("del", "appellant"), ("scotus", "petitioner")}


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_ruling_holds_its_judges_vote_and_citation() -> None:
    ruling = _entry(BROWN, "briggs-1951")
    judges = [(row.judge.name, row.role) for row in RulingJudge.objects.filter(ruling=ruling)]
    assert judges == [
        ("John J. Parker", "author"),
        ("George Bell Timmerman Sr.", "joined"),
        ("J. Waties Waring", "dissented"),
    ]
    assert RulingCitation.objects.get(ruling=ruling).text == "98 F. Supp. 529"
    assert (ruling.outcome, ruling.vote, ruling.form) == ("granted_in_part", "2-1", "opinion")
    assert Provision.objects.filter(ruling=ruling).count() == 2


# --- Marbury, Miller/Cherry, the example ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_decision_in_marbury_ends_the_rule_and_denies_the_writ() -> None:
    decision = _entry(MARBURY, "decision")
    treatment = Treatment.objects.get(act=decision)
    assert (treatment.verb, treatment.target) == ("dissolves", _entry(MARBURY, "rule-to-show-cause"))
    assert decision.outcome == "denied"
    absent = RulingJudge.objects.filter(ruling=decision, role="not_participating")
    assert {row.judge.name for row in absent} == {"William Cushing", "Alfred Moore"}


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_british_judgment_reverses_london_and_affirms_edinburgh() -> None:
    made = Treatment.objects.filter(act=_entry(MILLER, "supreme-court-judgment"))
    assert {(row.verb, row.target) for row in made} == {
        ("reverses", _entry(MILLER, "divisional-court")),
        ("affirms", _entry(MILLER, "inner-house")),
    }
    transfers = Transfer.objects.filter(destination__case__slug=MILLER)
    assert set(transfers.values_list("kind", "origin__court", "destination__court")) == {
        ("appeal", "csoh", "csih"),
        ("leapfrog", "ewhcqb", "uksc"),
        ("appeal", "csih", "uksc"),
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_hour_of_an_event_outside_court_has_a_zone_of_its_own() -> None:
    resumes = _entry(MILLER, "parliament-resumes")
    assert (resumes.time, resumes.zone.key, resumes.court) == (datetime.time(11, 30), "Europe/London", None)


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_statement_has_speaker_date_place_and_source() -> None:
    said = Statement.objects.get(speaker="Lady Hale")
    judgment = _entry(MILLER, "supreme-court-judgment")
    assert (said.event, said.said_at, _edtf(said.date)) == (judgment, judgment, "2019-09-24")
    assert said.paraphrase.startswith("Said that this was not an ordinary suspension")
    assert {row.source.publisher for row in Reference.objects.filter(statement=said)} == {
        "City A.M.",
        "UrduPoint / Sputnik",
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_example_has_hearings_to_come_counted_from_the_day_of_loading() -> None:
    entries = {key: _entry("a-v-b", key) for key in ("conference", "argument", "argument-new", "trial-date")}
    assert {key: (_edtf(row.date), row.happening) for key, row in entries.items()} == {
        "conference": ("2026-12-01", Happening.SCHEDULED),
        "argument": ("2026-12-08", Happening.POSTPONED),
        "argument-new": ("2026-12-15", Happening.SCHEDULED),
        "trial-date": ("2027-01-23", Happening.SCHEDULED),
    }
    assert entries["argument"].postponed_to == entries["argument-new"].date


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_example_shows_what_an_entry_can_be() -> None:
    assert _entry("a-v-b", "mediation").happening == Happening.CANCELLED
    assert {_edtf(_entry("a-v-b", key).date) for key in ("lease", "heating-fails", "letter")} == {
        "2021~",
        "[..2026-01-15]",
        "[2026-02-02..]",
    }
    sealed = _entry("a-v-b", "accounts")
    assert sealed.under_seal
    assert _edtf(sealed.unsealed) == "2026-09-01"
    stayed = Treatment.objects.get(act=_entry("a-v-b", "stay"), verb="stays")
    assert stayed.target == _entry("a-v-b", "order")
    assert stayed.provision is not None
    assert stayed.provision.text.startswith("A may pay half of the rent")
    thread = _entry("a-v-b", "order").responds_to.all()
    assert {row.pk for row in thread} == {
        _entry("a-v-b", key).pk for key in ("motion", "opposition", "reply", "motion-hearing")
    }
    assert {row.speaker for row in Statement.objects.filter(event=_entry("a-v-b", "order"))} == {
        "A (invented)",
        "Counsel for B (invented)",
        "Judge C (invented)",
    }


def test_entry_is_a_plain_value(records: dict[str, CaseRecord]) -> None:
    entry = next(entry for entry in records[BROWN].entries if entry.key == "first-argument")
    assert isinstance(entry, EntryRecord)
    assert entry.date is not None
    assert entry.date.words == "9–11 December 1952"
    assert [docket.proceeding for docket in entry.docket] == [
        "sct-brown",
        "sct-briggs",
        "sct-davis",
        "sct-gebhart",
        "sct-bolling",
    ]
