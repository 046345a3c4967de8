"""
Where the rulings of a case stand on a day, as a page says it: what is in effect, in part or no more, and the entries
that prove it. What follows from what is `standing`'s; this reads the record, public matter only, and finds the words.
One query.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import get_language, gettext, gettext_noop

from .dates import UncertainDate, Use
from .freshness import Remembered
from .language import in_words
from .models import PASSIVE, Case, Event, Kind, Provision, Treatment
from .models.courts import ACCENTS
from .models.prepared import Prepared, Slot
from .models.visibility import public_entry
from .standing import Act, Effect, Note, NoteKind, Part, PartStanding, Record, RulingStanding, State, Step
from .timeline import EntryLink, entry_path

# In English, to be translated where shown.
LABELS: dict[str, str] = {
    State.IN_EFFECT: gettext_noop("in effect"),
    State.IN_PART: gettext_noop("in effect in part"),
    State.STAYED: gettext_noop("stayed"),
    State.VACATED: gettext_noop("vacated"),
    State.REVERSED: gettext_noop("reversed"),
    State.SUPERSEDED: gettext_noop("superseded"),
    State.EXPIRED: gettext_noop("at an end"),
    State.PENDING: gettext_noop("not yet in effect"),
}
# What may still bind, now or again.
_OPEN = {State.IN_EFFECT, State.IN_PART, State.STAYED, State.PENDING}


@dataclass(slots=True, frozen=True)
class Because:
    """
    One step of the proof: "stayed 7 April 2025, by" an entry; `of` names the other ruling where it was done to one.
    """

    verb: str
    date: str
    part: str
    over: str
    by: EntryLink
    of: EntryLink | None


@dataclass(slots=True, frozen=True)
class NoteLine:
    """A note as a sentence; `act`, a title as stored, stands between its two halves."""

    before: str
    act: str = ""
    after: str = ""

    def __str__(self) -> str:
        return f"{self.before}{self.act}{self.after}"


@dataclass(slots=True, frozen=True)
class PartLine:
    """`has_changed`: it has not been so from the day of the ruling on."""

    key: int
    text: str
    quoted: bool
    addressed_to: str
    state: str
    label: str
    since: str
    has_changed: bool
    holds: bool
    notes: list[NoteLine]


@dataclass(slots=True, frozen=True)
class RulingLine:
    """`has_changed`: it has not been so from its own day on."""

    id: str
    link: EntryLink
    state: str
    label: str
    since: str
    has_changed: bool
    parts: list[PartLine]
    because: list[Because]
    notes: list[NoteLine]


@dataclass(slots=True)
class Standing:
    """
    The standing of a case on `on`. `open` are rulings that something was done to, or that have parts, and that may
    bind; `closed` those that bind no more; `untouched` those to which nothing recorded here was done. `earlier` and
    `later` are the nearest days on which anything changes. `left_out` says how many of `open` and `closed` a shortened
    one does not have; `untouched` is None where it was not read.
    """

    on: datetime.date
    open: list[RulingLine] = field(default_factory=list)
    closed: list[RulingLine] = field(default_factory=list)
    untouched: list[RulingLine] | None = field(default_factory=list)
    earlier: datetime.date | None = None
    later: datetime.date | None = None
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many rulings it tells of."""
        return len(self.open) + len(self.closed) + len(self.untouched or ())

    @property
    def has_rulings(self) -> bool:
        """Whether there is anything to tell on this day or another."""
        return bool(self.count or self.earlier or self.later or self.untouched is None)

    @property
    def words(self) -> str:
        return _day(self.on, Use.ALONE)


# A case of ten thousand entries has a thousand rulings; what follows from them takes longer than the rest of its page.
_LONG: Remembered["_Read"] = Remembered(20)
_LONG_TOLD: Remembered[Standing] = Remembered(100)


def where_it_stands(
    case: Case, on: datetime.date, *, untouched: bool = True, most: int | None = None, state: str | None = None
) -> Standing:
    """
    The standing of a public case at the end of the day `on`, from what was done by then; in each group the ruling that
    was last made or treated stands first. The rulings to which nothing was done, which may be very many, can be left
    unread; then the answer is kept for the `state` of the record, and none may change it. `most` keeps the first so
    many of `open`, and of `closed`.
    """
    if untouched:
        return _told(_Read(case), case, on, most)

    def tell() -> Standing:
        return _told(_LONG.get(case.pk, state, lambda: _Read(case, untouched=False)), case, on, most, untouched=False)

    return _LONG_TOLD.get((case.pk, on, most, get_language()), state, tell)


def _told(read: "_Read", case: Case, on: datetime.date, most: int | None, *, untouched: bool = True) -> Standing:
    open_: list[tuple[int, RulingStanding]] = []
    closed: list[tuple[int, RulingStanding]] = []
    plain: list[tuple[int, RulingStanding]] = []
    for key, found in read.record.stand(on).items():
        if read.rows[key]["case_id"] != case.pk:
            continue
        if not found.because and not found.parts and found.state == State.IN_EFFECT:
            plain.append((int(key), found))
        else:
            (open_ if found.state in _OPEN else closed).append((int(key), found))
    days = read.record.changes()
    return Standing(
        on,
        open=[read.ruling_line(*item) for item in _newest_first(open_)[:most]],
        closed=[read.ruling_line(*item) for item in _newest_first(closed)[:most]],
        untouched=[read.ruling_line(*item) for item in _newest_first(plain)] if untouched else None,
        earlier=max((day for day in days if day < on), default=None),
        later=min((day for day in days if day > on), default=None),
        left_out=0 if most is None else max(len(open_) - most, 0) + max(len(closed) - most, 0),
    )


def _newest_first(rulings: list[tuple[int, RulingStanding]]) -> list[tuple[int, RulingStanding]]:
    """By the day on which something last changed; of one day the later entry first."""
    return sorted(rulings, key=lambda item: _last_change(item[1]))[::-1]


def _last_change(found: RulingStanding) -> datetime.date:
    """The day on which a ruling, or a part of it, was last made, treated, or freed from what had been done to it."""
    steps = [*found.because, *(step for part in found.parts.values() for step in part.because)]
    return max(
        [found.since, *(part.since for part in found.parts.values()), *(step.over or step.date for step in steps)]
    )


def history_of(ruling: Event) -> list[tuple[str, str, str]]:
    """Each state that a public ruling has had: the state, its label, and since when."""
    read = _Read(ruling.case)
    return [
        (str(change.state), gettext(LABELS[change.state]), in_words(change.shown, Use.AFTER))
        for change in read.record.history(ruling.pk)
    ]


class _Read:
    """What is recorded of the rulings of a case, with the words to tell it."""

    def __init__(self, case: Case, *, untouched: bool = True) -> None:
        self.rows: dict[Any, dict[str, Any]] = {}
        self.parts: dict[int, dict[str, Any]] = {}
        acts, parts = [], []
        for order, row in enumerate((_ALL_RULINGS if untouched else _TOUCHED_RULINGS).rows(case=case.pk)):
            self.rows[row["pk"]] = row
            acts.append(Act(row["pk"], row["date"], order, row["kind"] == Kind.RULING, row["effective"]))
            for item in row["parts"]:
                self.parts[item["key"]] = item
                parts.append(Part(item["key"], row["pk"], _date(item["ends"])))
        effects = [
            _effect(key, item)
            for key, row in self.rows.items()
            for item in row["done"]
            if item["target"] in self.rows and self.rows[item["target"]]["case_id"] == case.pk
        ]
        self.record = Record(acts, parts, effects)

    def ruling_line(self, key: int, found: RulingStanding) -> RulingLine:
        link, made = self.link(key), self.rows[key]["date"]
        return RulingLine(
            id=self.rows[key]["public_id"],
            link=link,
            state=str(found.state),
            label=gettext(LABELS[found.state]),
            since=in_words(found.shown, Use.AFTER),
            has_changed=found.shown != made,
            parts=[self.part_line(int(part), standing, made) for part, standing in found.parts.items()],
            because=[self.because(key, step) for step in found.because],
            notes=self.notes(found.notes),
        )

    def part_line(self, key: int, found: PartStanding, made: UncertainDate) -> PartLine:
        part = self.parts[key]
        return PartLine(
            key=key,
            text=part["text"].rstrip("."),
            quoted=part["quoted"],
            addressed_to=part["addressed_to"],
            state=str(found.state),
            label=gettext(LABELS[found.state]),
            since=in_words(found.shown, Use.AFTER),
            has_changed=found.shown != made,
            holds=found.state in {State.IN_EFFECT, State.IN_PART},
            notes=self.notes(found.notes),
        )

    def because(self, ruling: int, step: Step) -> Because:
        verb = gettext(PASSIVE[step.verb])
        part = self.parts.get(step.part) if isinstance(step.part, int) else None
        return Because(
            verb=gettext("%(label)s in part") % {"label": verb} if step.in_part else verb,
            date=in_words(step.shown, Use.WHEN),
            part=part["text"].rstrip(".") if part else "",
            over=_day(step.over, Use.AFTER) if step.over else "",
            by=self.link(int(step.act)),
            of=self.link(int(step.target)) if step.target != ruling else None,
        )

    def notes(self, notes: Iterable[Note]) -> list[NoteLine]:
        told = []
        for note in notes:
            words = gettext(_NOTES[note.kind]) % {"act": _GAP, "date": in_words(note.date, Use.AFTER)}
            before, gap, after = words.partition(_GAP)
            told.append(NoteLine(before, self.rows[note.act]["title"] if gap else "", after))
        return list(dict.fromkeys(told))

    def link(self, key: int) -> EntryLink:
        row = self.rows[key]
        return EntryLink(
            title=row["title"],
            date=in_words(row["date"]),
            court=row["court__short_name"] or "",
            accent=ACCENTS.get(row["court__level"], "outside"),
            url=entry_path(row["case__slug"], row["public_id"]),
        )


# Stands in a note where the title of the act will.
_GAP = "\0"
_NOTES = {
    NoteKind.UNCERTAIN: gettext_noop("Its date is not known to the day."),
    NoteKind.RETROACTIVE: gettext_noop("“%(act)s” says that it holds from %(date)s; the past is not rewritten here."),
    NoteKind.AMENDED: gettext_noop("As amended by “%(act)s”."),
    NoteKind.ANNOUNCED: gettext_noop("What “%(act)s” does begins on %(date)s."),
    NoteKind.DATED_BEFORE: gettext_noop(
        "“%(act)s” is dated before the ruling that it treats; one of the two dates is wrong."
    ),
    NoteKind.CIRCULAR: gettext_noop("What “%(act)s” did is not counted, for the later ruling bears on it."),
}


def _rows(*, untouched: bool) -> QuerySet[Any, Any]:
    """
    The rulings of a case, and every public entry that did something to one or ends such an effect, in order; of those
    to which nothing was done, only the ones that have parts, unless all are wanted.
    """
    case = Slot("case")
    # That a target is there, and a ruling, is said so that an index finds the rulings among the entries of a long case.
    here = Treatment.objects.filter(public_entry("target__"), target__case=case, target__kind=Kind.RULING).order_by()
    rulings = Event.objects.public().filter(case=case, kind=Kind.RULING).order_by()
    of_parts = Provision.objects.public().filter(ruling__case=case, ruling__kind=Kind.RULING).order_by()
    keys = here.values("act").union(
        here.filter(until_event__isnull=False).values("until_event"),
        *([rulings.values("pk")] if untouched else [here.values("target"), of_parts.values("ruling")]),
    )
    return (
        Event.objects.public()
        .filter(pk__in=keys)
        .in_order()
        .annotate(
            parts=ArraySubquery(
                Provision.objects.filter(ruling=OuterRef("pk"))
                .order_by("position", "pk")
                .values(
                    json=JSONObject(
                        key="pk", text="text", quoted="quoted", addressed_to="addressed_to", ends="ends"
                    )
                )
            ),
            # All that it did, to whatever: what was done to a ruling that is not read here is left out after reading.
            done=ArraySubquery(
                Treatment.objects.filter(act=OuterRef("pk"), target__isnull=False)
                .order_by("position", "pk")
                .values(
                    json=JSONObject(
                        verb="verb",
                        target=F("target_id"),
                        part=F("provision_id"),
                        in_part="in_part",
                        effective="effective",
                        until="until",
                        until_act=F("until_event_id"),
                    )
                )
            ),
        )
        .values(
            "pk", "public_id", "case_id", "case__slug", "kind", "date", "effective", "title", "court__short_name",
            "court__level", "parts", "done",
        )
    )  # fmt: skip


_ALL_RULINGS = Prepared(lambda: _rows(untouched=True))
_TOUCHED_RULINGS = Prepared(lambda: _rows(untouched=False))


def _effect(act: int, item: dict[str, Any]) -> Effect:
    return Effect(
        act=act,
        verb=item["verb"],
        target=item["target"],
        part=item["part"],
        in_part=item["in_part"],
        effective=_date(item["effective"]),
        until=_date(item["until"]),
        until_act=item["until_act"],
    )


def _date(edtf: str | None) -> UncertainDate | None:
    return UncertainDate.from_edtf(edtf) if edtf else None


def _day(day: datetime.date, use: Use) -> str:
    return in_words(UncertainDate.on(day.year, day.month, day.day), use)
