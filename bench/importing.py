"""
What it costs to bring dockets in, as ratios in one run: the loader against a bare COPY of the very rows that it wrote,
the same dockets a second time against the first, and what a docket takes of memory as it grows.

Everything happens in a database of its own, which is emptied between the rounds.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

import pghistory
from django.core.management import call_command
from django.db import connection, models, transaction

from bench.load import ForeignDataError
from bench.measure import Spread
from bench.several import Load, loading
from casetracker.dates import UncertainDate
from casetracker.importers.dockets.copying import make_ready
from casetracker.importers.dockets.records import Counsel, Docket, DocketError, Entry, Litigant, Sitting
from casetracker.models import (
    Attorney,
    Case,
    DocketEntry,
    DocketNumber,
    Document,
    Event,
    ImportedDocket,
    ImportedEntry,
    Judge,
    Party,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Reference,
    Representation,
    Response,
    RulingJudge,
    Source,
)

# Entries in all by the sizes of the bench.
ENTRIES = {"1k": 10_000, "10k": 100_000, "100k": 1_000_000, "1M": 1_000_000}
Say = Callable[[str], None]

GOAL_AGAINST_COPY, GOAL_OF_A_SECOND, GOAL_PER_SECOND = 0.5, 0.2, 2_000
# The rows of a docket, each after what it points at.
TABLES: tuple[type[models.Model], ...] = (
    Case, Proceeding, DocketNumber, Judge, ProceedingJudge, Party, PartyRole, Attorney, Representation, Source, Event,
    DocketEntry, Reference, Response, RulingJudge, Document, ImportedDocket, ImportedEntry,
)  # fmt: skip

_FILINGS = (
    "COMPLAINT against {party} ( Filing fee $ 405 receipt number A{n}.), filed by {other}. (Attachments: # 1 Civil "
    "Cover Sheet, # 2 Summons)({who}) (Entered: {day})",
    "MOTION for Preliminary Injunction by {other} (Attachments: # 1 Memorandum, # 2 Declaration of {who}, # 3 "
    "Text of Proposed Order)({who}) (Entered: {day})",
    "RESPONSE in Opposition re {before} MOTION for Extension of Time filed by {party}. Replies due by {day}.({who}) "
    "(Entered: {day})",
    "NOTICE of Appearance by {who} on behalf of {party} ({who}) (Entered: {day})",
    "REPLY to Response to Motion re {before} MOTION to Dismiss for Lack of Jurisdiction filed by {other}.({who}) "
    "(Entered: {day})",
)
_HEARINGS = (
    "Minute Entry for proceedings held before Judge {judge}: Motion Hearing held on {day} re {before} MOTION. (Court "
    "Reporter: {who}) (Entered: {day})",
)
_RULINGS = (
    "ORDER granting {before} Motion for Extension of Time to File Response. Signed by Judge {judge} on {day}. (c/m)",
    "MEMORANDUM OPINION AND ORDER denying {before} Motion to Dismiss. Signed by Judge {judge} on {day}. ({who})",
    "PAPERLESS ORDER: The parties are directed to file a joint status report by {day}. Signed by Judge {judge}.",
)


def dockets(count: int, entries: int, *, seed: int = 1) -> list[Docket]:
    """Invented dockets of a district court, `entries` lines each, the same for the same seed."""
    return [_docket(Random(f"{seed} {at}"), at, entries) for at in range(count)]  # noqa: S311  # no secret


def _docket(random: Random, at: int, entries: int) -> Docket:
    party, other, who, judge = (f"{name} {at}" for name in ("Ledger Office", "Alma Quill", "Bea Bar", "Ada Bench"))
    judge = f"Ada Bench {'ABCDEFGH'[at % 8]}"
    day, lines = date(2019, 1, 2) + timedelta(days=at % 300), []
    for number in range(1, entries + 1):
        day += timedelta(days=int(random.random() < 0.3))
        text = random.choices((_FILINGS, _RULINGS, _HEARINGS), (7, 2, 1))[0]
        said = random.choice(text).format(
            party=party, other=other, who=who, judge=judge, n=random.randrange(10**6, 10**7), day=f"{day:%m/%d/%Y}",
            before=random.randrange(max(1, number - 12), number + 1),
        )  # fmt: skip
        on = UncertainDate.from_edtf(day.isoformat())
        lines.append(Entry(filed=on, entered=on, number=str(number) if random.random() < 0.9 else "", text=said))
    return Docket(
        court="mdd",
        number=f"8:{19 + at % 7}-cv-{at:05}",
        name=f"{other} v. {party}",
        filed=lines[0].filed,
        judges=(Sitting(judge),),
        litigants=(Litigant(party, "Defendant", counsel=(Counsel(who),)), Litigant(other, "Plaintiff")),
        entries=tuple(lines),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """
    Entries a second and their ratios, of rounds; `memory` has the most that a docket of so many entries took. The
    loader has `processes`, the bare COPY always one.
    """

    entries: int
    dockets: int
    processes: int
    loader: Spread
    copy: Spread
    against_copy: Spread
    second: Spread
    memory: dict[int, tuple[int, float]]


def measured(
    *,
    entries: int = 100_000,
    of_each: int = 500,
    rounds: int = 3,
    processes: int = 1,
    say: Say = lambda text: None,
) -> Found:
    """
    The rounds in turn. Raises `ForeignDataError` where the database holds cases that the bench did not make, and
    `ValueError` where the two ways did not write the same.
    """
    _prepare()
    made = dockets(max(1, entries // of_each), of_each)
    with loading(processes) as load:
        _load_first(load)
        turns = [_round(made, load, turn, say) for turn in range(1, rounds + 1)]
    with loading(1) as load:
        memory = _memory(load, say)
    _empty()
    total = len(made) * of_each
    return Found(
        entries,
        len(made),
        processes,
        loader=Spread.of([total / first for first, _, _ in turns]),
        copy=Spread.of([total / bare for _, _, bare in turns]),
        against_copy=Spread.of([bare / first for first, _, bare in turns]),
        second=Spread.of([again / first for first, again, _ in turns]),
        memory=memory,
    )


def _load_first(load: Load) -> None:
    """So that no round counts the seconds in which a process begins."""
    _empty()
    _load(load, dockets(8, 1))


def _round(made: Sequence[Docket], load: Load, turn: int, say: Say) -> tuple[float, float, float]:
    """The seconds of the loader, of the loader again, and of the bare COPY."""
    _empty()
    first, again = _timed(partial(_load, load, made)), _timed(partial(_load, load, made))
    rows, counts = _taken(), _counts()
    _empty()
    bare = _timed(partial(_copy, rows))
    if counts != _counts():
        raise ValueError(f"The loader and the bare COPY differ: {counts} and {_counts()}.")
    total = sum(len(docket.entries) for docket in made)
    say(
        f"import, round {turn}: {total / first:,.0f} entries a second, bare COPY {total / bare:,.0f} "
        f"(ratio {bare / first:.2f}), a second time {again / first:.3f} of the first"
    )
    return first, again, bare


def as_text(found: Found) -> str:
    def verdict(*, met: bool) -> str:
        return "met" if met else "MISSED"

    rate, ratio, second = found.loader, found.against_copy, found.second
    lines = [
        f"Import of {found.entries:,} entries in {found.dockets:,} dockets by {_processes(found.processes)}; the bare "
        "COPY by one. Lowest / median / highest of rounds:",
        f"  the loader       {rate.low:8,.0f} / {rate.median:,.0f} / {rate.high:,.0f} entries a second  "
        f"goal {GOAL_PER_SECOND:,}: {verdict(met=rate.median >= GOAL_PER_SECOND)}",
        f"  a bare COPY      {found.copy.low:8,.0f} / {found.copy.median:,.0f} / {found.copy.high:,.0f} entries a "
        "second, the same rows, indexes, triggers and histories",
        f"  ratio of rates   {ratio.low:8.2f} / {ratio.median:.2f} / {ratio.high:.2f}  "
        f"goal {GOAL_AGAINST_COPY}: {verdict(met=ratio.median >= GOAL_AGAINST_COPY)}",
        f"  a second time    {second.low:8.3f} / {second.median:.3f} / {second.high:.3f} of the first  "
        f"goal {GOAL_OF_A_SECOND}: {verdict(met=second.median <= GOAL_OF_A_SECOND)}",
        "  memory that loading takes beyond the docket itself:",
    ]
    lines += [
        f"    {count:>4} dockets of {of_each:>6,} entries: {megabytes:.1f} MB"
        for of_each, (count, megabytes) in found.memory.items()
    ]
    return "\n".join(lines)


def _processes(count: int) -> str:
    return "one process" if count == 1 else f"{count} processes"


def _memory(load: Load, say: Say) -> dict[int, tuple[int, float]]:
    """For dockets of some 500 entries, few and many of them, and for a long one: the peak of Python's memory, in MB."""
    found = {}
    for count, of_each in ((2, 500), (20, 501), (1, 5_000)):
        _empty()
        made = dockets(count, of_each)
        gc.collect()
        tracemalloc.start()
        try:
            _load(load, made)
            found[of_each] = (count, tracemalloc.get_traced_memory()[1] / 1e6)
        finally:
            tracemalloc.stop()
        say(f"memory of {count} dockets of {of_each:,} entries: {found[of_each][1]:.1f} MB")
    return found


def _prepare() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    if Case.objects.exists() and not Case.objects.filter(name__endswith="Ledger Office 0").exists():
        raise ForeignDataError(
            f"The database {connection.settings_dict['NAME']} holds cases that the bench did not make."
        )
    call_command("load_courts", verbosity=0)


def _load(load: Load, made: Sequence[Docket]) -> None:
    for outcome in load(made):
        if isinstance(outcome, DocketError):
            raise outcome


def _timed(act: Callable[[], object]) -> float:
    gc.collect()
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated)


def _taken() -> list[tuple[type[models.Model], list[bytes]]]:
    """The rows as they lie in the tables."""
    found = []
    with connection.cursor() as cursor:
        for model in TABLES:
            order = f"SELECT {_columns(model)} FROM {model._meta.db_table} ORDER BY id"
            with cursor.copy(f"COPY ({order}) TO STDOUT") as copy:
                found.append((model, [bytes(block) for block in copy]))
    return found


def _copy(rows: Iterable[tuple[type[models.Model], list[bytes]]]) -> None:
    """All rows of a table by one COPY, in one transaction, triggers and history on."""
    with transaction.atomic(), pghistory.context(source="bench"), connection.cursor() as cursor:
        make_ready()
        for model, blocks in rows:
            with cursor.copy(f"COPY {model._meta.db_table} ({_columns(model)}) FROM STDIN") as copy:
                copy.write(b"".join(blocks))


def _counts() -> dict[str, int]:
    """How many rows each table has, its history too."""
    found = {}
    with connection.cursor() as cursor:
        for model in _with_histories():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            found[model.__name__] = cursor.fetchone()[0]
    return found


def _with_histories() -> list[type[models.Model]]:
    return [*TABLES, *(model.pgh_event_model for model in TABLES if hasattr(model, "pgh_event_model"))]


def _empty() -> None:
    tables = ", ".join(model._meta.db_table for model in _with_histories())
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")
