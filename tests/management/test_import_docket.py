"""`manage.py import_docket`: what it prints, and how it ends."""

import json
import tracemalloc
from io import StringIO
from pathlib import Path
from typing import Any

import docket_samples as samples
import factories as make
import pytest
from django.core.management import CommandError, call_command

from casetracker.importers.dockets import encoding, progress
from casetracker.models import Case, Event, Party

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def court() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "docket.csv"
    path.write_text(samples.CSV, encoding="utf-8")
    return path


def run(*arguments: object, code: int = 0, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import_docket", *map(str, arguments), stdout=out, stderr=err, **options)
        ended: object = 0
    except SystemExit as error:
        ended = error.code
    assert ended == code
    return out.getvalue(), err.getvalue()


def test_json_is_one_object_with_counts_and_on_request_the_rows(sheet: Path) -> None:
    said = json.loads(run(sheet, "--json", "--rows")[0])
    assert {key: said[key] for key in ("entries", "new", "changed", "unchanged", "conflicts", "problems")} == {
        "entries": 3, "new": 3, "changed": 0, "unchanged": 0, "conflicts": [], "problems": [],
    }  # fmt: skip
    assert said["by_kind"] == {"filing": 1, "hearing": 1, "ruling": 1}
    assert said["rows"][0] == {
        "date": "2025-03-24",
        "number": "1",
        "kind": "filing",
        "text": "COMPLAINT against Ledger Office, filed by A. Doe.",
    }
    again = json.loads(run(sheet, "--json")[0])
    assert (again["new"], again["unchanged"]) == (0, 3)
    assert "rows" not in again


def test_sentences_say_what_happened_to_each_docket(sheet: Path) -> None:
    out, _ = run(sheet)
    assert "1: D. Md. 8:25-cv-00951 in the new case Doe v. Ledger Office: 3 entries, 3 new" in out
    assert "Dockets: 1 landed, 0 refused." in out


def test_dry_run_writes_nothing(sheet: Path) -> None:
    out, _ = run(sheet, "--dry-run")
    assert "3 would be new" in out
    assert "Dockets: 1 would land, 0 refused." in out
    assert not Event.objects.exists()


def test_bad_file_in_a_batch_is_reported_and_the_rest_lands(sheet: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("court,docket_number,date,text\nmdd,1,2025-02-30,x\n")
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("court,docket_number,date,text\nxyz,1,2025-02-03,x\n")
    out, err = run(bad, unknown, tmp_path / "missing.csv", sheet, code=1)
    assert f"Refused: {bad}: line 2: date: “2025-02-30” is no date" in err
    assert f"Refused: {unknown}: There is no court xyz" in err
    assert "missing.csv: It cannot be read: No such file or directory" in err
    assert "Dockets: 1 landed, 3 refused." in out
    assert Event.objects.count() == 3
    assert len(json.loads(run(bad, sheet, "--json", code=1)[0])["problems"]) == 1


def test_thousand_dockets_of_which_some_are_bad_are_told_by_line_and_the_rest_lands_once(tmp_path: Path) -> None:
    bad = {100: "2025-99-99,ORDER,", 500: "2025-04-04,ORDER,sermon", 900: ",ORDER,"}
    lines = ["court,docket_number,case_name,date,text,kind"]
    for at in range(1, 1001):
        head = f"mdd,8:25-cv-{at:05},Doe {at} v. Office"
        lines += [f"{head},2025-03-24,COMPLAINT by Doe {at}.,", f",,,{bad.get(at, f'2025-04-04,ORDER {at}.,')}"]
    sheet = tmp_path / "thousand.csv"
    sheet.write_text("\n".join(lines), encoding="utf-8")
    told = json.loads(run(sheet, code=1, json=True)[0])
    assert (told["entries"], told["new"], len(told["dockets"])) == (1994, 1994, 997)
    assert [problem.split(":")[1].strip() for problem in told["problems"]] == ["line 201", "line 1801", "line 1001"]
    assert "2025-99-99" in told["problems"][0]
    assert "sermon" in told["problems"][2]
    assert (Case.objects.count(), Event.objects.count()) == (997, 1994)
    # None of a bad docket landed, not even what could be read of it.
    assert not Event.objects.filter(docket_entries__text__contains="Doe 100.").exists()

    # Mended and run again, the rest of it lands and nothing lands twice.
    sheet.write_text("\n".join(lines).replace("2025-99-99", "2025-04-04"), encoding="utf-8")
    told = json.loads(run(sheet, code=1, json=True)[0])
    assert (told["new"], told["unchanged"], len(told["problems"])) == (2, 1994, 2)


def test_pages_of_one_docket_are_put_together(tmp_path: Path) -> None:
    pages = [
        samples.page(samples.entry(1, "2025-03-24", "COMPLAINT")),
        samples.docket(),
        samples.page(samples.party("A. Doe", "Plaintiff")),
    ]
    paths = []
    for number, page in enumerate(pages):
        path = tmp_path / f"{number}.json"
        path.write_bytes(samples.as_bytes(page))
        paths.append(path)
    out, err = run(*paths, code=1)
    assert "Dockets: 1 landed, 1 refused." in out
    # The party stands on another docket too, of which nothing is known.
    assert "docket 88 of CourtListener, which is not known here" in err
    assert (Event.objects.count(), Party.objects.count()) == (1, 1)


def test_case_can_be_named(sheet: Path) -> None:
    case = make.CaseFactory(slug="doe-v-office")
    run(sheet, "--case", "doe-v-office")
    assert case.events.count() == 3
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name at least one file"),
        (["x.csv", "--rows"], "--rows goes with --json"),
        (["x.csv", "--case", "none"], "There is no case none"),
    ],
)
def test_wrong_call_says_so(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message) as caught:
        run(*arguments)
    assert caught.value.returncode == 2


@pytest.mark.parametrize("name", samples.bad_files())
def test_bad_file_is_refused_by_name_with_place_and_mend_and_nothing_lands(name: str, tmp_path: Path) -> None:
    content, named, message = samples.bad_files()[name]
    path = tmp_path / name
    path.write_bytes(content)
    tracemalloc.start()
    try:
        out, err = run(path, "--court", named, code=1)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert err == f"Refused: {path}: {message}\n"
    assert "Dockets: 0 landed, 1 refused." in out
    assert not Event.objects.exists()
    assert not Case.objects.exists()
    # Libraries that are imported for the first time are most of it: a bomb that went off would be far above.
    assert most < 40_000_000


def test_file_of_a_gigabyte_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(2**30)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("it was read"))
    err = run(huge, code=1)[1]
    assert err == f"Refused: {huge}: The file has 1,073,741,824 bytes; the most is {encoding.LARGEST:,}. Split it.\n"


def test_entry_before_the_case_is_told_with_its_place_and_what_to_do(tmp_path: Path) -> None:
    early = samples.XML.replace("<date_filed>2025-03-24</date_filed>", "<date_filed>2015-03-24</date_filed>", 1)
    path = tmp_path / "docket.xml"
    path.write_text(early)
    assert (
        "note: 1 entry is dated before the case was filed (24 March 2025); the first: 24 March 2015, No. 1, line 26. "
        "Where the day is wrong, mend it in the file and import it again, or at the desk."
    ) in run(path)[0]


def test_template_is_printed_and_can_be_imported(tmp_path: Path) -> None:
    template = run("--template")[0]
    path = tmp_path / "template.csv"
    path.write_text(template)
    assert "2 new" in run(path)[0]


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_shows_how_far_a_docket_has_come_and_nothing_of_it_once_it_landed(
    sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0)
    shown = Terminal()
    call_command("import_docket", str(sheet), stdout=StringIO(), stderr=shown)
    first, *_, last = shown.getvalue().strip("\r").split("\r")
    assert first == f"8:25-cv-00951 [{'#' * 2}{' ' * 28}]   7%"
    assert f"8:25-cv-00951 [{'#' * 30}] 100%" in shown.getvalue()
    assert not last.strip()
    # What is written to a file has no such lines.
    assert run(sheet)[1] == ""
