"""Courts: what courts-db says, put right, and written once."""

import re
from collections.abc import Callable
from pathlib import Path

import courts_db
import pytest
from django.apps import apps
from django.db.models import Model

from casetracker.importers import courts
from casetracker.importers.court_rules import is_district_court
from casetracker.importers.courts import FILE, CourtRow, CourtsError, load, parse
from casetracker.models import Court, Level, System
from casetracker.reworking import JOINABLE, join

LOCAL = {"eoir-baltimore", "uksc", "csih", "csoh", "ewhcqb", "example-appeals", "example-court"}


@pytest.fixture(scope="module")
def rows() -> dict[str, CourtRow]:
    return {row.id: row for row in parse()}


@pytest.fixture
def mended(tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of courts.yaml with one text in place of another."""

    def copy(old: str, new: str) -> Path:
        text = FILE.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path = tmp_path / "courts.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return copy


# --- what they are --------------------------------------------------------------------------------------------------


def test_every_court_of_courts_db_and_every_local_one_is_there(rows: dict[str, CourtRow]) -> None:
    assert len(courts_db.courts) == 2809
    assert set(rows) == {row["id"].lower() for row in courts_db.courts} | LOCAL
    assert {row.id for row in rows.values() if row.is_local} == LOCAL


def test_no_federal_district_court_is_appellate(rows: dict[str, CourtRow]) -> None:
    districts = [row for row in courts_db.courts if is_district_court(row)]
    called_appellate = {row["id"] for row in districts if row["type"] == "appellate"}
    assert {"mdd", "dcd", "vaed", "ksd", "southcarolinaed"} <= called_appellate
    assert {rows[row["id"]].level for row in districts} == {Level.TRIAL}


def test_ninety_four_districts_sit_and_each_appeals_to_its_circuit(rows: dict[str, CourtRow]) -> None:
    sitting = [rows[row["id"]] for row in courts_db.courts if is_district_court(row) and row["id"] != "usdistct"]
    sitting = [row for row in sitting if row.display_order == 100]
    assert len(sitting) == 94
    assert all(re.fullmatch(r"ca\d+|cadc", way) for row in sitting for way in row.appeals_to)
    assert {len(row.appeals_to) for row in sitting} == {1}


@pytest.mark.parametrize(
    ("court", "circuit"),
    [
        ("mdd", "ca4"),
        ("tnmd", "ca6"),
        ("vtd", "ca2"),
        ("prd", "ca1"),
        ("vid", "ca3"),
        ("gud", "ca9"),
        ("nmid", "ca9"),
        ("dcd", "cadc"),
        ("njd", "ca3"),
        ("southcarolinaed", "ca4"),
        ("canalzoned", "ca5"),
    ],
)
def test_district_court_appeals_to_the_circuit_of_its_state(
    rows: dict[str, CourtRow], court: str, circuit: str
) -> None:
    assert rows[court].appeals_to == (circuit,)


@pytest.mark.parametrize("court", ["ald", "californiad", "texd", "usdistct"])
def test_district_court_closed_before_the_circuits_appeals_to_none(rows: dict[str, CourtRow], court: str) -> None:
    assert rows[court].appeals_to == ()


def test_all_thirteen_circuits_appeal_to_the_supreme_court(rows: dict[str, CourtRow]) -> None:
    circuits = [*(f"ca{number}" for number in range(1, 12)), "cadc", "cafc"]
    assert {rows[circuit].appeals_to for circuit in circuits} == {("scotus",)}
    assert {rows[circuit].level for circuit in circuits} == {Level.APPELLATE}
    assert sorted(circuits, key=lambda circuit: rows[circuit].display_order) == circuits


@pytest.mark.parametrize(
    ("court", "level"),
    [
        ("scotus", Level.SUPREME),
        ("ca9", Level.APPELLATE),
        ("armfor", Level.APPELLATE),
        ("bap9", Level.APPELLATE),
        ("mdb", Level.TRIAL),
        ("wvnb", Level.TRIAL),
        ("circtdmd", Level.TRIAL),
        ("cc", Level.TRIAL),
        ("uscfc", Level.TRIAL),
        ("tax", Level.TRIAL),
        ("cit", Level.TRIAL),
        ("bia", Level.ADMIN_APPELLATE),
        ("ttab", Level.ADMIN_APPELLATE),
        ("ptab", Level.ADMIN_APPELLATE),
        ("usnbdrev", Level.ADMIN_APPELLATE),
        ("energyoha", Level.ADMIN_TRIAL),
        ("olc", Level.OTHER),
        ("judcoun4", Level.OTHER),
        ("del", Level.SUPREME),
        ("or", Level.SUPREME),
        ("va", Level.SUPREME),
        ("wash", Level.SUPREME),
        ("ny", Level.SUPREME),
        ("md", Level.SUPREME),
        ("texcrimapp", Level.SUPREME),
        ("virginislands", Level.SUPREME),
        ("delch", Level.TRIAL),
        ("orctapp", Level.APPELLATE),
        ("fladistctapp1", Level.APPELLATE),
        ("ohctapp8", Level.APPELLATE),
        ("nyappdiv", Level.APPELLATE),
        ("njsuperctappdiv", Level.APPELLATE),
        ("nysupctkings", Level.TRIAL),
        ("nysurctkings", Level.TRIAL),
        ("vacccaroline", Level.TRIAL),
        ("flacirct2leo", Level.TRIAL),
        ("ariztaxct", Level.TRIAL),
        ("connworkcompcom", Level.ADMIN_APPELLATE),
        ("arkworkcompcom", Level.ADMIN_TRIAL),
        ("calag", Level.OTHER),
        ("navajo", Level.SUPREME),
        ("navajoctapp", Level.APPELLATE),
        ("hopitr", Level.TRIAL),
        ("houseoflordsuk", Level.SUPREME),
        ("eoir-baltimore", Level.ADMIN_TRIAL),
        ("uksc", Level.SUPREME),
        ("csih", Level.APPELLATE),
        ("csoh", Level.TRIAL),
        ("ewhcqb", Level.TRIAL),
    ],
)
def test_level_says_what_the_court_does(rows: dict[str, CourtRow], court: str, level: Level) -> None:
    assert rows[court].level == level


@pytest.mark.parametrize(
    ("court", "system"),
    [
        ("mdd", System.FEDERAL),
        ("gud", System.FEDERAL),
        ("guam", System.TERRITORIAL),
        ("prapp", System.TERRITORIAL),
        ("del", System.STATE),
        ("navajo", System.TRIBAL),
        ("highctjchuk", System.NATIONAL),
        ("uksc", System.NATIONAL),
    ],
)
def test_system_says_whose_the_court_is(rows: dict[str, CourtRow], court: str, system: System) -> None:
    assert rows[court].system == system


@pytest.mark.parametrize(
    ("court", "short_name", "name"),
    [
        ("scotus", "Supreme Court", "Supreme Court of the United States"),
        ("ca4", "4th Cir.", "United States Court of Appeals for the Fourth Circuit"),
        ("ca3", "3d Cir.", "United States Court of Appeals for the Third Circuit"),
        ("mdd", "D. Md.", "United States District Court for the District of Maryland"),
        ("mnd", "D. Minn.", "United States District Court for the District of Minnesota"),
        ("tnmd", "M.D. Tenn.", "United States District Court for the Middle District of Tennessee"),
        ("vaed", "E.D. Va.", "United States District Court for the Eastern District of Virginia"),
        ("oked", "E.D. Okla.", "United States District Court for the Eastern District of Oklahoma"),
        ("nyed", "E.D.N.Y.", "United States District Court for the Eastern District of New York"),
        ("wvnd", "N.D. W. Va.", "United States District Court for the Northern District of West Virginia"),
        ("dcd", "D.D.C.", "United States District Court for the District of Columbia"),
        ("nmid", "D. N. Mar. I.", "District Court for the Northern Mariana Islands"),
        ("bia", "BIA", "Board of Immigration Appeals"),
        ("del", "Delaware Supreme Court", "Delaware Supreme Court"),
        ("eoir-baltimore", "Immigration Court, Baltimore", "Immigration Court, Baltimore"),
    ],
)
def test_court_is_named_in_full_and_in_short(rows: dict[str, CourtRow], court: str, short_name: str, name: str) -> None:
    assert (rows[court].short_name, rows[court].name) == (short_name, name)


def test_supreme_court_is_cited_as_united_states(rows: dict[str, CourtRow]) -> None:
    assert rows["scotus"].citation == "U.S."


def test_every_sitting_district_is_labelled_with_its_short_form(rows: dict[str, CourtRow]) -> None:
    short = re.compile(r"(?:[NSEWMC]\.)?D\.(?: ?[A-Z][A-Za-z]*\.?)+")
    labels = [row.short_name for row in rows.values() if row.display_order == 100 and row.id != "usdistct"]
    assert [label for label in labels if not short.fullmatch(label)] == []
    assert len(set(labels)) == 94


@pytest.mark.parametrize(
    ("court", "zone"),
    [
        ("mdd", "America/New_York"),
        ("tnmd", "America/Chicago"),
        ("tned", "America/New_York"),
        ("ca6", "America/New_York"),
        ("ca9", "America/Los_Angeles"),
        ("azd", "America/Phoenix"),
        ("insd", "America/Indiana/Indianapolis"),
        ("hid", "Pacific/Honolulu"),
        ("gud", "Pacific/Guam"),
        ("bia", "America/New_York"),
        ("csoh", "Europe/London"),
    ],
)
def test_hours_are_given_in_the_zone_of_the_court(rows: dict[str, CourtRow], court: str, zone: str) -> None:
    assert rows[court].time_zone == zone


def test_immigration_court_appeals_to_the_board_and_the_board_to_no_fixed_circuit(rows: dict[str, CourtRow]) -> None:
    assert rows["eoir-baltimore"].appeals_to == ("bia",)
    assert rows["bia"].appeals_to == ()


def test_scottish_appeals_lead_to_the_united_kingdom_supreme_court(rows: dict[str, CourtRow]) -> None:
    assert rows["csoh"].appeals_to == ("csih",)
    assert rows["csih"].appeals_to == ("uksc",)


# --- that they are written once -------------------------------------------------------------------------------------


def _written() -> list[int]:
    """How many courts, ways of appeal and revisions of either there are."""
    history = [apps.get_model("casetracker", name) for name in ("CourtRevision", "CourtAppealRevision")]
    tables: list[type[Model]] = [Court, Court.appeals_to.through, *history]
    return [model._default_manager.count() for model in tables]


@pytest.mark.django_db
def test_second_load_of_courts_writes_nothing() -> None:
    assert load().added == 2816
    written = _written()
    assert written[0] == 2816
    assert written[2] == 2816
    assert Court.objects.get(pk="mdd").appeals_to.get().pk == "ca4"

    report = load()

    assert (report.added, report.unchanged, report.different) == (0, 2816, ())
    assert _written() == written


@pytest.mark.django_db
def test_court_that_an_editor_changed_is_left_and_reported() -> None:
    load()
    Court.objects.filter(pk="mdd").update(short_name="Maryland", level=Level.OTHER)
    Court.objects.get(pk="vaed").appeals_to.clear()
    written = _written()

    report = load()

    assert set(report.different) == {"mdd: short_name, level", "vaed: appeals_to"}
    assert report.unchanged == 2814
    assert Court.objects.get(pk="mdd").short_name == "Maryland"
    assert not Court.objects.get(pk="vaed").appeals_to.exists()
    assert _written() == written


@pytest.mark.django_db
def test_missing_court_is_added_to_those_that_are_there() -> None:
    load([row for row in parse() if row.id in {"ca4", "scotus"}])
    report = load([row for row in parse() if row.id in {"mdd", "ca4", "scotus"}])
    assert (report.added, report.unchanged) == (1, 2)
    assert Court.objects.get(pk="mdd").appeals_to.get().pk == "ca4"


@pytest.mark.django_db
def test_court_with_a_value_that_is_refused_names_court_and_field_and_nothing_is_written(
    mended: Callable[[str, str], Path],
) -> None:
    rows = parse(file=mended("website: https://www.supremecourt.uk/", "website: javascript:alert(1)"))
    with pytest.raises(CourtsError, match=r"Court uksc: website: Write a full address"):
        load(rows)
    assert not Court.objects.exists()


# --- a file that cannot be used -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  mdd: {citation: D. Md.}", "  mdx: {citation: D. Md.}", "corrections: courts-db has no court mdx"),
        ("  mdd: {citation: D. Md.}", "  mdd: {citatoin: D. Md.}", "mdd: there is no field citatoin"),
        ("  delch: {level: trial,", "  delch: {level: lower,", "corrections: delch: 'lower' is not a valid Level"),
        ("appeals_to: [del]}", "appeals_to: [dell]}", "delch: appeals_to: there is no court dell"),
        ("  - id: uksc", "  - id: scotus", "a local court has the identifier of another court"),
        ("    short_name: UK Supreme Court\n", "", "local: uksc: 'short_name'"),
        ("\nplaces:\n", "\nplacs:\n", "needs the parts local, corrections, circuits, time_zones and places"),
        ("local:\n", "local: [\n", "cannot be read"),
    ],
)
def test_file_with_a_fault_is_refused_by_name_of_row_and_field(
    mended: Callable[[str, str], Path], old: str, new: str, message: str
) -> None:
    with pytest.raises(CourtsError) as refused:
        courts.parse(file=mended(old, new))
    assert "courts.yaml" in str(refused.value)
    assert message in str(refused.value)


@pytest.mark.django_db
def test_court_that_an_editor_merged_into_another_is_not_brought_back() -> None:
    load()
    join(JOINABLE["court"], "mdd", "vaed")
    assert load().added == 0
    assert not Court.objects.filter(pk="vaed").exists()
    # What appealed to it, or comes later and does, appeals to the one that stayed.
    Court.objects.filter(pk="vaeb").delete()
    load()
    assert set(Court.objects.get(pk="vaeb").appeals_to.values_list("pk", flat=True)) <= {"mdd", "ca4"}
