"""
Cases of the Supreme Court since 1789, from a file of one JSON object a line, as the dockets that every reader makes.

The file is not part of this repository: its texts are for work on search and scale alone, and are never published. They
are made public in the database of the bench only, since nothing else is found there.
"""

import gzip
import html
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pghistory
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bench.load import ForeignDataError, Say
from bench.several import loading
from casetracker.dates import UncertainDate
from casetracker.importers.dockets.records import Counsel, Docket, DocketError, Entry, Litigant, Origin, Sitting
from casetracker.models import Case, Event, ExternalId, State

_KEY = "supreme-court-"
_RULINGS = {"Decided": "opinion", "Opinion announced": "opinion"}
_ORDERS = re.compile(r"granted|dismissed|affirmed|revoked|question certified|restored|juris", re.IGNORECASE)
_HEARING = re.compile(r"argued|argument", re.IGNORECASE)
_ROLES = {
    ("majority", "majority"): "author",
    ("majority", "plurality"): "author",
    ("majority", "coauthored majority"): "author",
    ("majority", "none"): "joined",
    ("majority", "concurrence"): "concurred",
    ("majority", "coauthored concurrence"): "concurred",
    ("majority", "special concurrence"): "concurred_in_judgment",
    ("majority", "coauthored special concurrence"): "concurred_in_judgment",
    ("minority", "none"): "dissented",
    ("minority", "dissent"): "dissented",
    ("minority", "coauthored dissent"): "dissented",
    ("none", "none"): "not_participating",
}


def read(path: Path) -> Iterator[Docket]:
    """The cases of the file. Raises `OSError` and, for a line that is no case, `DocketError` that names it."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for at, line in enumerate(lines, 1):
            try:
                yield docket_of(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise DocketError(f"This is no case ({error!r}).", f"line {at}") from error


def docket_of(value: Mapping[str, Any]) -> Docket:
    """One case; its number is the citation where it has none. Raises `KeyError` and `TypeError` for anything else."""
    cited = value["citation"] or {}
    volume, page = cited.get("volume"), cited.get("page")
    citation = f"{volume} U.S. {page}" if volume and page else ""
    number = value["docket_number"] if value["docket_number"] not in {None, "", "None"} else citation
    advocates = [Counsel(each["name"]) for each in value["advocates"] or () if each.get("name")]
    sides = ("first_party", "second_party")
    entries = tuple(_entries(value, citation))
    return Docket(
        court="scotus",
        number=number or str(value["id"]),
        name=_plain(value["name"]),
        filed=min((each.filed for each in entries if each.filed), key=lambda day: day.sort_date, default=None),
        litigants=tuple(
            Litigant(_plain(value[side]), value[f"{side}_label"] or "", counsel=tuple(advocates) if not at else ())
            for at, side in enumerate(sides)
            if value[side]
        ),
        entries=entries,
        origins=(Origin(court_name=value["lower_court"]),) if value["lower_court"] else (),
        # Numbers come again each Term, so each case is known by the key that the file gives it.
        pacer=f"{_KEY}{value['id']}",
    )


def _entries(value: Mapping[str, Any], citation: str) -> Iterator[Entry]:
    decision = (value["decisions"] or [{}])[0]
    decided = [each for each in value["timeline"] or () if each and each["event"] in _RULINGS]
    for each in value["timeline"] or ():
        if not each or not each.get("date"):
            continue
        event = each["event"]
        filed = UncertainDate.from_edtf(each["date"])
        if event in _RULINGS:
            last = each is decided[-1]
            yield Entry(
                filed=filed,
                text=_text(value, decision, citation) if last else event,
                kind="ruling",
                form=_RULINGS[event],
                title=f"{event}: {_plain(value['name'])}"[:250],
                judges=tuple(_judges(decision)) if last else (),
            )
        elif _HEARING.search(event):
            yield Entry(filed=filed, text=event, kind="hearing", title=event)
        elif _ORDERS.search(event):
            yield Entry(filed=filed, text=event, kind="ruling", form="order", title=event[:250])
        else:
            yield Entry(filed=filed, text=event, kind="event", title=event[:250])


def _judges(decision: Mapping[str, Any]) -> Iterator[Sitting]:
    for vote in decision.get("votes") or ():
        if role := _ROLES.get((vote["vote"], vote["opinion"])):
            yield Sitting(vote["justice"], role)


def _text(value: Mapping[str, Any], decision: Mapping[str, Any], citation: str) -> str:
    parts = [citation, decision.get("description"), *(value[name] for name in ("question", "facts", "conclusion"))]
    return " ".join(_plain(part) for part in parts if part)[:20_000]


def _plain(written: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]{0,200}>", " ", written)).split())


# --- loading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    How many cases and entries are there now and how many of them are new, how long the first and the second time took
    so many processes, and what was refused.
    """

    cases: int
    entries: int
    new_cases: int
    new_entries: int
    processes: int
    seconds: float
    again: float
    refused: list[str]


def ensure(dockets: Iterable[Docket], *, processes: int = 1, say: Say = lambda text: None) -> Loaded:
    """
    Load the cases with the loader, each in a transaction, by so many processes, publish all, and load them again.
    Raises `ForeignDataError` where the database holds other cases.
    """
    call_command("migrate", interactive=False, verbosity=0)
    own = ExternalId.objects.filter(value__startswith=_KEY).values("proceeding__case")
    if Case.objects.exclude(pk__in=own).exists():
        raise ForeignDataError("The database holds cases that are not of this file. Name one of its own.")
    call_command("load_courts", verbosity=0)
    cases, entries = Case.objects.count(), Event.objects.count()
    made, refused = list(dockets), []
    times = []
    with loading(processes, format="casetracker") as load:
        for turn in range(2):
            started = time.monotonic()
            for at, (docket, outcome) in enumerate(zip(made, load(made), strict=True), 1):
                if isinstance(outcome, DocketError) and not turn:
                    refused.append(f"{docket.name}: {outcome}")
                if at % 1_000 == 0:
                    say(f"{at:,} of {len(made):,} cases, {time.monotonic() - started:.0f} s")
            times.append(time.monotonic() - started)
            if not turn:
                publish()
    now = Case.objects.count(), Event.objects.count()
    return Loaded(*now, now[0] - cases, now[1] - entries, processes, times[0], times[1], refused)


def publish() -> None:
    """Everything at once, in the database of the bench."""
    now = timezone.now()
    with transaction.atomic(), pghistory.context(source="bench"):
        for model in (Case, Event):
            model.objects.filter(~Q(state=State.PUBLISHED)).update(
                state=State.PUBLISHED, published_from=now, first_public_at=now, state_changed_at=now
            )


def as_text(loaded: Loaded) -> str:
    rates = (loaded.new_cases / loaded.seconds, loaded.new_entries / loaded.seconds)
    lines = [
        f"Supreme Court: {loaded.new_cases:,} cases, {loaded.new_entries:,} entries in {loaded.seconds:.1f} s "
        f"({rates[0]:,.0f} cases and {rates[1]:,.0f} entries a second, each in a transaction; processes: "
        f"{loaded.processes}); {loaded.cases:,} and {loaded.entries:,} are there now,",
        f"a second time {loaded.again:.1f} s ({loaded.again / loaded.seconds:.2f} of it); "
        f"{len(loaded.refused)} refused",
    ]
    return "\n".join([*lines, *(f"  {each}" for each in loaded.refused[:20])])
