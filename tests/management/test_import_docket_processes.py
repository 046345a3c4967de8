"""`manage.py import_docket --processes`: what one process would make of the files, in their order; and its ends."""

import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import docket_samples as samples
import factories as make
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from casetracker.importers.dockets import places, turns
from casetracker.importers.dockets.formats import parse
from casetracker.models import Case, DocketEntry, Event, Judge

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def courts() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.", name="District Court, D. Maryland")
    make.CourtFactory(id="ca4", short_name="4th Cir.")


def run(*arguments: object, code: int) -> dict[str, Any]:
    out = StringIO()
    try:
        call_command("import_docket", *map(str, arguments), "--json", stdout=out, stderr=StringIO())
        ended: object = 0
    except SystemExit as error:
        ended = error.code
    assert ended == code
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def sheet(folder: Path, name: str, number: str, *more: str, case: str = "Doe v. Ledger Office") -> Path:
    path = folder / name
    text = samples.CSV.replace("8:25-cv-00951", number).replace("Doe v. Ledger Office", case)
    path.write_text(text + "".join(f"{line}\r\n" for line in more), encoding="utf-8")
    return path


def test_several_processes_tell_and_write_what_one_would(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("court,docket_number,date,text\nmdd,1,2025-02-30,x\n")
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("court,docket_number,date,text\nxyz,1,2025-02-03,x\n")
    numbers = [f"8:25-cv-0000{at}" for at in range(1, 6)]
    files = [sheet(tmp_path, f"{at}.csv", number, case=f"Doe {number} v. Office") for at, number in enumerate(numbers)]
    # The docket of the first file as it was a day later, and an appeal that began there.
    files += [sheet(tmp_path, "later.csv", numbers[0], ',,,2025-05-01,,30,"NOTICE of Appeal.",')]
    appeal = tmp_path / "appeal.json"
    began = samples.APPEAL["originating_court_information"] | {"docket_number": numbers[1]}
    appeal.write_bytes(samples.as_bytes(samples.APPEAL | {"originating_court_information": began}))

    told = run(*files[:3], bad, unknown, *files[3:], appeal, "--processes", 2, "--rows", code=1)

    assert [each["docket"] for each in told["dockets"]] == [
        *(f"D. Md. {number}" for number in numbers), f"D. Md. {numbers[0]}", "4th Cir. 25-1345",
    ]  # fmt: skip
    assert (told["new"], told["unchanged"], len(told["rows"])) == (17, 3, 20)
    assert [problem.split(": ", 1)[0] for problem in told["problems"]] == [str(bad), str(unknown)]
    assert told["dockets"][-1]["case"] == f"Doe {numbers[1]} v. Office"
    assert (Case.objects.count(), Event.objects.count()) == (5, 17)
    # All of them were before one judge, who was new to each.
    assert [judge.name for judge in Judge.objects.all()] == ["Ada Bench", "Cab Robe"]
    again = run(*files[5:], appeal, "--processes", 2, code=0)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 5)


def test_newer_version_lands_last_however_long_the_older_one_is(tmp_path: Path) -> None:
    many = [f",,,2025-04-{day:02},,{at},ORDER {at}.," for day in range(8, 30) for at in (day * 10, day * 10 + 1)]
    older = sheet(tmp_path, "older.csv", "8:25-cv-00951", *many)
    newer = tmp_path / "newer.csv"
    newer.write_text(samples.CSV.replace("COMPLAINT against", "AMENDED COMPLAINT against"), encoding="utf-8")
    told = run(older, newer, "--processes", 2, code=0)
    assert (told["new"], told["changed"]) == (47, 1)
    assert DocketEntry.objects.get(number="1").text.startswith("AMENDED COMPLAINT")


def test_there_is_at_least_one_process(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--processes is at least 1") as caught:
        run(sheet(tmp_path, "docket.csv", "1"), "--processes", 0, code=2)
    assert caught.value.returncode == 2


# --- ended before the end -------------------------------------------------------------------------------------------


@contextmanager
def while_one_waits(path: Path, then: Callable[[], None]) -> Iterator[None]:
    """Keep the docket of the file from landing until a process waits for it, and do `then`."""
    (docket,) = parse(path.read_bytes()).dockets
    other = connection.copy()

    def watch() -> None:
        with closing(connection.copy()) as beside, beside.cursor() as cursor:
            for _ in range(600):
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND database = "
                    "(SELECT oid FROM pg_database WHERE datname = current_database())"
                )
                if cursor.fetchone()[0]:
                    then()
                    break
                time.sleep(0.1)
        # By the connection itself: Django lets no other thread close its own.
        held.close()

    name = next(iter(places.named_in(docket)))
    watcher = threading.Thread(target=watch)
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(turns.Turn.DOCKET), turns.number_of(name)])
    held = other.connection
    watcher.start()
    try:
        yield
    finally:
        watcher.join()
        other.close()


def kill_one() -> None:
    for child in multiprocessing.active_children():
        os.kill(int(child.pid or 0), signal.SIGKILL)


def test_process_that_is_killed_leaves_nothing_half_and_says_so(tmp_path: Path) -> None:
    first, second = sheet(tmp_path, "1.csv", "8:25-cv-00001"), sheet(tmp_path, "2.csv", "8:25-cv-00002")
    with while_one_waits(second, kill_one):
        told = run(first, second, "--processes", 2, code=1)
    assert told["problems"][-1].startswith("A process of the import was ended from outside")
    assert set(DocketEntry.objects.values_list("proceeding__numbers__number", flat=True)) <= {"8:25-cv-00001"}
    assert Event.objects.count() in {0, 3}
    run(first, second, "--processes", 2, code=0)
    assert Event.objects.count() == 6


def test_ctrl_c_ends_with_what_is_landing_and_begins_nothing_more(tmp_path: Path) -> None:
    files = [sheet(tmp_path, f"{at}.csv", f"8:25-cv-{at:05}") for at in range(1, 12)]
    with while_one_waits(files[0], lambda: os.kill(os.getpid(), signal.SIGINT)):
        told = run(*files, "--processes", 2, code=130)
    assert told["problems"] == [
        "It was stopped. Each docket is here whole or not at all; run it again, and the rest lands."
    ]
    # The docket that waited landed nevertheless, and not all did.
    assert DocketEntry.objects.filter(proceeding__numbers__number="8:25-cv-00001").count() == 3
    assert 3 <= Event.objects.count() < 33
