"""Two loads at once: what both would make is made once, and neither is refused for the other's sake."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import docket_samples as samples
import factories as make
import pytest
from django.db import connection, transaction

from casetracker.importers.dockets import places
from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.loading import load
from casetracker.importers.dockets.records import Counsel, Docket, Entry, Litigant, Origin, Sitting
from casetracker.models import Attorney, Case, Event, Judge, Level, Party, PartyRole, RulingJudge, Transfer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def courts() -> None:
    make.CourtFactory(id="ca4", short_name="4th Cir.", level=Level.APPELLATE)
    court = make.CourtFactory(id="mdd", short_name="D. Md.", level=Level.TRIAL)
    court.appeals_to.add("ca4")


def docket(number: str, *, name: str = "Doe v. Ledger Office", before: str = "Ada Bench", signed: str = "") -> Docket:
    (read,) = parse(samples.CSV.encode()).dockets
    entries = [*read.entries, Entry(filed=read.entries[-1].filed, text=f"ORDER. Signed by Judge {signed} on 4/8/2025.")]
    return replace(
        read,
        number=number,
        name=name,
        judges=(Sitting(before),),
        litigants=(
            Litigant("A. Doe", "Plaintiff", counsel=(Counsel("Bea Bar", "Quill LLP"),)),
            Litigant("Department of Ledgers", "Defendant"),
        ),
        entries=tuple(entries if signed else read.entries),
    )


@contextmanager
def in_the_middle(first: Docket) -> Iterator[None]:
    """A load of the docket by a connection of its own: done when the block begins, and ended while its body waits."""
    done, may_end = threading.Event(), threading.Event()
    told: list[BaseException] = []

    def act() -> None:
        try:
            with transaction.atomic():
                load(first, format="csv")
                done.set()
                _until_one_waits()
        except BaseException as error:
            told.append(error)
        finally:
            done.set()
            connection.close()

    def _until_one_waits() -> None:
        with closing(connection.copy()) as beside, beside.cursor() as cursor:
            for _ in range(300):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0] or may_end.is_set():
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=act)
    thread.start()
    done.wait()
    try:
        yield
    finally:
        may_end.set()
        thread.join()
    assert not told


def test_judge_body_and_counsel_who_are_new_to_both_are_one() -> None:
    with in_the_middle(docket("8:25-cv-00001")):
        load(docket("8:25-cv-00002"), format="csv")
    assert [judge.name for judge in Judge.objects.all()] == ["Ada Bench"]
    assert [party.name for party in Party.objects.filter(kind="government")] == ["Department of Ledgers"]
    assert [(each.name, each.firm) for each in Attorney.objects.all()] == [("Bea Bar", "Quill LLP")]
    # A private person of the same name in another case may be another, and has an address of her own.
    assert len({party.slug for party in Party.objects.filter(name="A. Doe")}) == 2
    assert PartyRole.objects.count() == 4
    # Cases too are told apart by their addresses.
    assert len({case.slug for case in Case.objects.filter(name="Doe v. Ledger Office")}) == 2


def test_judge_of_the_head_of_one_and_of_a_ruling_of_the_other_is_one() -> None:
    with in_the_middle(docket("8:25-cv-00001", before="Bo Robe", signed="Cy Gavel")):
        load(docket("8:25-cv-00002", before="Cy Gavel", signed="Bo Robe"), format="csv")
    assert sorted(judge.name for judge in Judge.objects.all()) == ["Ada Bench", "Bo Robe", "Cy Gavel"]
    assert RulingJudge.objects.filter(judge__name="Bo Robe").count() == 1


def test_same_docket_lands_once() -> None:
    with in_the_middle(docket("8:25-cv-00001")):
        assert load(docket("25-CV-1"), format="csv").new == 0
    assert Event.objects.count() == 3


@pytest.mark.parametrize("is_named_above", [True, False])
def test_two_dockets_of_one_dispute_come_into_one_case(*, is_named_above: bool) -> None:
    below = docket("8:25-cv-00001")
    above = replace(docket("25-1345"), court="ca4")
    if is_named_above:
        above = replace(above, origins=(Origin(court="mdd", number="8:25-cv-00001"),))
    else:
        named = Entry(
            filed=below.filed or below.entries[0].filed, text="USCA Case Number 25-1345 for 1 Notice of Appeal."
        )
        below = replace(below, entries=(*below.entries, named))
    with in_the_middle(below):
        load(above, format="csv")
    assert Case.objects.count() == 1
    assert Transfer.objects.get(origin__court="mdd", destination__court="ca4")


def test_docket_is_known_by_what_of_its_number_can_be_stored() -> None:
    read = docket("8:25-cv-00001\x00\ud800")
    assert places.named_in(read) == places.named_in(docket("8:25-cv-00001")) == {"25-cv-1"}


def test_many_at_once_with_names_in_every_order_refuse_none_and_make_each_once() -> None:
    names = ["Bo Robe", "Cy Gavel", "Di Oath", "Ed Writ"]
    told: list[object] = []
    start = threading.Barrier(3)

    def act(turn: int) -> None:
        start.wait()
        try:
            for at in range(4):
                before, signed = names[(turn + at) % 4], names[(turn * 3 - at) % 4]
                load(
                    docket(f"8:25-cv-{turn}000{at}", name=f"Doe {turn}{at} v. Office", before=before, signed=signed),
                    format="csv",
                )
        except BaseException as error:
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[turn]) for turn in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == []
    assert sorted(judge.name for judge in Judge.objects.all()) == ["Ada Bench", *names]
    assert Case.objects.count() == 12
