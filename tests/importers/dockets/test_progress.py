"""How far one docket has come, told while it is loaded."""

from contextlib import closing

import docket_samples as samples
import factories as make
import pytest
from django.db import connection, transaction

from casetracker.importers.dockets import landing, progress
from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.loading import Wishes, load
from casetracker.importers.dockets.within import noted
from casetracker.models import Event, Import, ImportState
from casetracker.roles import EDITOR


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 0)


@pytest.fixture
def row() -> Import:
    make.CourtFactory(id="mdd", short_name="D. Md.")
    data = samples.CSV.encode()
    return Import.objects.create(
        created_by=make.in_role(EDITOR),
        state=ImportState.LANDING,
        dockets=1,
        entries=3,
        files=[{"name": "docket.csv", "size": len(data)}],
        data=data,
        found=[],
    )


@pytest.mark.django_db
def test_docket_tells_rising_shares_from_its_first_line_to_its_last_row() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")
    (docket,) = parse(samples.CSV.encode(), "").dockets
    shares: list[float] = []
    load(docket, format="csv", wishes=Wishes(tell=shares.append))
    assert shares == [at / 15 for at in range(1, 16)]


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_a_docket_has_come_before_its_transaction_ends(row: Import) -> None:
    with noted(row.pk) as note, transaction.atomic():
        make.EventFactory()
        note(2)
        other = connection.copy()
        with closing(other), other.cursor() as cursor:
            cursor.execute("SELECT within, (SELECT count(*) FROM casetracker_event) FROM casetracker_import")
            assert cursor.fetchone() == (2, 0)
    row.refresh_from_db()
    assert row.done == 2


@pytest.mark.django_db(transaction=True)
def test_worker_notes_the_lines_of_the_docket_that_lands(row: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    tells = landing._tells
    # What lands is in the middle of a COPY, in which its own connection can be asked nothing.
    other = connection.copy()

    def listening(note: landing.Note | None, found: landing.Found) -> progress.Tell | None:
        tell = tells(note, found)
        assert tell is not None

        def heard(share: float) -> None:
            tell(share)
            with other.cursor() as cursor:
                cursor.execute("SELECT within FROM casetracker_import WHERE id = %s", [row.pk])
                seen.append(cursor.fetchone()[0])

        return heard

    monkeypatch.setattr(landing, "_tells", listening)
    with closing(other):
        assert landing.land(row.pk, stop=lambda: False)
    row.refresh_from_db()
    assert sorted(set(seen)) == [0, 1, 2, 3]
    assert seen == sorted(seen)
    assert (row.within, row.state, Event.objects.count()) == (0, ImportState.LANDED, 3)


@pytest.mark.django_db(transaction=True)
def test_row_that_somebody_holds_keeps_no_docket_from_landing(row: Import) -> None:
    with transaction.atomic():
        Import.objects.select_for_update().get(pk=row.pk)
        with noted(row.pk) as note:
            note(1)
    row.refresh_from_db()
    assert row.within == 0
