"""What a page tells of an entry, as plain structures."""

import datetime
import zoneinfo
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from ..dates import Form, Precision, UncertainDate, grammar
from ..language import labels, per_language
from ..models import DERIVED_OUTCOMES, Kind, Verb
from ..models.courts import ACCENTS


class Told:
    """
    Base of what templates tell. A template takes every `a.b` for a key first and for an attribute only when that has
    raised an error, which on a page of a thousand entries happens 80,000 times; here the key is the attribute.
    """

    __slots__ = ()
    __getitem__ = object.__getattribute__


@dataclass(slots=True, frozen=True)
class CourtLabel(Told):
    """A court as it is named beside an entry. `accent` is a word of the style sheets."""

    id: str
    name: str
    short_name: str
    accent: str
    url: str

    @classmethod
    def of(cls, court_id: str, name: str, short_name: str, level: str) -> "CourtLabel":
        return cls(court_id, name, short_name, ACCENTS.get(level, "trial"), reverse("court", args=[court_id]))


@dataclass(slots=True, frozen=True)
class EntryLink(Told):
    """Enough of another entry to name it and lead to it; `url` is empty when it is known only by court and number."""

    title: str
    date: str
    court: str
    accent: str
    url: str
    same_page: str = ""


@dataclass(slots=True)
class TreatmentLine(Told):
    """
    What one act did to one ruling, told from either end: `verb` is "stays" at the act, "stayed" at the ruling. `until`
    is a date in words, `until_note` what the record says of it.
    """

    verb: str
    other: EntryLink
    parts: list[str] = field(default_factory=list)
    in_part: bool = False
    when: str = ""
    until: str = ""
    until_note: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class SourceLine(Told):
    kind: str
    title: str
    publisher: str
    address: str
    archived_address: str
    read_on: str
    pinpoint: str
    note: str


@dataclass(slots=True)
class StatementLine(Told):
    speaker: str
    office: str
    forum: str
    date: UncertainDate | None
    quote: str
    paraphrase: str
    note: str
    said_at: EntryLink | None
    sources: list[SourceLine] = field(default_factory=list)


@dataclass(slots=True)
class SaidHere(Told):
    """Who spoke at an entry about another one; what they said stands with that other one, at `url`."""

    about: EntryLink
    url: str
    speakers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Entry(Told):
    """One entry, ready to be shown. Texts are as stored; labels and dates are in the language of the reader."""

    id: str
    url: str
    case_name: str
    case_url: str
    kind: str
    kind_label: str
    date: UncertainDate
    time: datetime.time | None
    zone: str
    title: str
    summary: str
    note: str
    court: CourtLabel | None
    happening: str
    happening_label: str
    postponed_to: UncertainDate | None
    effective: UncertainDate | None
    under_seal: bool
    unsealed: UncertainDate | None
    form: str
    outcome: str
    outcome_label: str
    holding: str
    per_curiam: bool
    vote: str
    precedential: str
    judges: list[str]
    dockets: list[str]
    citations: list[str]
    provisions: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    responds_to: list[EntryLink]
    answered_by: list[EntryLink]
    did: list[TreatmentLine] = field(default_factory=list)
    later: list[TreatmentLine] = field(default_factory=list)
    statements: list[StatementLine] = field(default_factory=list)
    said_here: list[SaidHere] = field(default_factory=list)
    sources: list[SourceLine] = field(default_factory=list)
    # How many entries its thread has, itself counted; `casetracker.threads` says what a thread is.
    thread_size: int = 1
    # The place of its court among the lanes of the case, where a page draws them.
    lane: int | None = None
    # What the judge or the party on whose page it stands was in it.
    roles: list[str] = field(default_factory=list)
    # Where it has the words that a reader looks for, on a page of results: a `casetracker.search.Told`.
    told: Any = None
    language: str = "en"
    # The month under which it stands on a timeline, or the year where no more is known.
    heading: str = ""
    # Its date under such a heading: "10 Apr" for a known day, else in full.
    day: str = ""
    # The day of the week of a known day, else nothing.
    weekday: str = ""

    @property
    def is_ruling(self) -> bool:
        return self.kind == Kind.RULING

    @property
    def accent(self) -> str:
        return self.court.accent if self.court else "outside"

    @property
    def date_words(self) -> str:
        return self.date.in_words(self.language)

    @property
    def clock(self) -> str:
        """The time and its zone, "11:59 pm EDT", or nothing."""
        if self.time is None:
            return ""
        moment = datetime.datetime.combine(self.date.sort_date, self.time, zoneinfo.ZoneInfo(self.zone or "UTC"))
        return f"{grammar(self.language).clock(self.time)} {moment:%Z}"

    @property
    def outcomes(self) -> list[str]:
        """The answer that was given or, where a ruling reviewed another, what follows from what it did to it."""
        if self.outcome_label:
            return [self.outcome_label]
        if not self.did:
            return []
        derived, in_part = _derived_labels()
        found = []
        for line in self.did:
            label = derived.get(line.verb)
            if label:
                found.append(in_part % {"label": label} if line.in_part or line.parts else label)
        return list(dict.fromkeys(found))

    @property
    def has_thread(self) -> bool:
        return bool(self.responds_to or self.answered_by)

    @property
    def thread_length(self) -> int:
        """How many entries it answers and is answered by, itself not counted."""
        return len(self.responds_to) + len(self.answered_by)


@lru_cache(maxsize=4096)  # many entries share a day
def place(date: UncertainDate, language: str) -> tuple[str, str, str]:
    """The heading under which a date stands on a timeline, its words there, and the day of the week."""
    day, words = date.sort_date, grammar(language)
    heading = str(day.year) if date.precision is Precision.YEAR else capfirst(words.month(day))
    if date.form is not Form.ON or date.circa or date.precision is not Precision.DAY:
        return heading, date.in_words(language), ""
    return heading, words.day_in_short(day), words.weekdays[day.weekday()]


@per_language
def _derived_labels() -> tuple[dict[str, str], str]:
    """The outcome that follows from each verb, by its label; and how one is said that holds in part."""
    verbs = labels(Verb)
    derived = {verbs[str(verb)]: gettext(label) for verb, label in DERIVED_OUTCOMES.items()}
    return derived, gettext("%(label)s in part")
