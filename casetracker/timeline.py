"""
From entries in the database to what a page tells of them.

`entries()` turns any queryset of entries into plain `Entry` structures in a constant number of queries, however many
there are: one for the entries, one for their small parts as JSON, one each for treatments, statements and sources. The
case page, the court's and judge's pages and the list of rulings are the same entries in other clothes.
"""

import datetime
import json
import zoneinfo
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_noop, pgettext

from . import threads
from .dates import Form, Precision, UncertainDate, Use, grammar
from .language import in_words, labels, per_language
from .models import (
    DERIVED_OUTCOMES,
    PASSIVE,
    DocketEntry,
    Document,
    Happening,
    Kind,
    Level,
    Outcome,
    Provision,
    Reference,
    Response,
    RulingCitation,
    RulingForm,
    RulingJudge,
    SourceKind,
    Statement,
    System,
    Treatment,
    Verb,
)
from .models.courts import ACCENTS
from .models.lookups import Array, as_array
from .models.proceedings import main_number
from .models.visibility import EventQuerySet, public_entry


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
    language: str = "en"

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
    def heading(self) -> str:
        """The month under which it stands on a timeline, or the year where no more is known."""
        return _place(self.date, self.language)[0]

    @property
    def day(self) -> str:
        """Its date under such a heading: "10 Apr" for a known day, else in full."""
        return _place(self.date, self.language)[1]

    @property
    def weekday(self) -> str:
        """The day of the week of a known day, else nothing."""
        return _place(self.date, self.language)[2]

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


@lru_cache(maxsize=4096)  # a page asks for each of them several times, and many entries share a day
def _place(date: UncertainDate, language: str) -> tuple[str, str, str]:
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


def entries(events: EventQuerySet, *, roles: ArraySubquery | None = None, whole: bool = False) -> list[Entry]:
    """
    The entries of a queryset that starts from `Event.objects.public()`, in its order, with the texts of `roles` as
    theirs. That they are `whole` cases, so that no thread leaves them, spares a search for the rest of their threads.
    Five queries.
    """
    return _told(_rows(events, **({"roles": roles} if roles is not None else {})), whole=whole)


def _told(rows: list[dict[str, Any]], *, whole: bool) -> list[Entry]:
    if not rows:
        return []
    keys = as_array(row["pk"] for row in rows)
    parts = _parts(keys, whole=whole)
    courts: dict[str, CourtLabel] = {}
    words = _words()
    found = [_entry(row, parts.get(row["pk"], {}), courts, words) for row in rows]
    by_key = {row["pk"]: entry for row, entry in zip(rows, found, strict=True)}
    answers = {key: [item["question"] for item in part["answers"]] for key, part in parts.items() if "answers" in part}
    for key, size in threads.sizes(by_key, answers).items():
        by_key[key].thread_size = size
    on_page = {entry.id for entry in found}
    _add_treatments(by_key, keys, on_page)
    statements = _add_statements(by_key, keys, on_page)
    _add_sources(by_key, keys, statements)
    return found


def links(events: EventQuerySet) -> list[EntryLink]:
    """Enough of each entry of a queryset that starts from `Event.objects.public()` to lead to it. One query."""
    columns = {f"x_{name}": value for name, value in _linked("").items()}
    return [_link(_columns(row, "x_")) for row in events.annotate(**columns).values(*columns)]


def entry_path(slug: str, public_id: str) -> str:
    """The permanent address of an entry."""
    return f"{_case_path(slug, get_language())}{public_id}/"


def said_path(slug: str, public_id: str) -> str:
    """The address of what was said about an entry."""
    return f"{entry_path(slug, public_id)}said/"


@lru_cache(maxsize=1024)  # one page names the same few cases thousands of times
def _case_path(slug: str, language: str | None) -> str:
    """The address of a case in the language of the reader, which `language` is: each has its own."""
    return reverse("case", args=[slug])


def _linked(prefix: str) -> dict[str, Any]:
    """The columns from which `_link` makes an `EntryLink`."""
    return {
        "title": F(f"{prefix}title"),
        "date": F(f"{prefix}date"),
        "id": F(f"{prefix}public_id"),
        "slug": F(f"{prefix}case__slug"),
        "court": F(f"{prefix}court__short_name"),
        "level": F(f"{prefix}court__level"),
    }


def _rows(events: EventQuerySet, **more: ArraySubquery) -> list[dict[str, Any]]:
    return list(
        events.values(
            "pk", "public_id", "kind", "date", "time", "time_zone", "title", "summary", "note", "happening",
            "postponed_to", "effective", "under_seal", "unsealed", "form", "outcome", "holding", "per_curiam", "vote",
            "precedential", "case__name", "case__slug", "court_id", "court__name", "court__short_name", "court__level",
            "court__system", "court__time_zone", **more,
        )
    )  # fmt: skip


Parts = defaultdict[int, defaultdict[str, list[Any]]]


def _parts(keys: Array, *, whole: bool) -> Parts:
    """
    The small rows that hang on each of the entries `keys`, in their order, by the names that `_entry` asks for. One
    query, with one row of JSON for each name: eight subqueries for each entry took three times as long.
    """
    sql, parameters = _parts_sql(whole=whole)
    found: Parts = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys if value == _KEYS else value for value in parameters])
        for name, rows in cursor:
            for item in json.loads(rows) if rows is not None else ():
                found[item.pop("of")][name].append(item)
    return found


# Stands in the statement below where the keys will.
_KEYS = "{keys}"


@lru_cache(maxsize=2)
def _parts_sql(*, whole: bool) -> tuple[str, tuple[Any, ...]]:
    """
    The statement of `_parts` and its parameters, put together once: for a page of a hundred entries that takes as long
    as answering it.
    """
    keys = RawSQL("%s::bigint[]", [_KEYS], output_field=ArrayField(BigIntegerField()))

    def hanging(rows: QuerySet[Any], owner: str, part: str, order: Sequence[str], **columns: Any) -> QuerySet[Any, Any]:
        return (
            rows.filter(**{f"{owner}__among": keys})
            .order_by()
            .values(part=Value(part))
            .annotate(rows=JSONBAgg(JSONObject(of=F(owner), **columns), order_by=order))
            .values_list("part", "rows")
        )

    placed = ("position", "pk")
    union = hanging(
        RulingJudge.objects.all(), "ruling", "judges", placed, role="role", name="judge__name", label="judge__label"
    ).union(
        hanging(
            DocketEntry.objects.all(), "event", "dockets", ("proceeding__display_order", *placed),
            docket=main_number("proceeding"), number="number",
        ),
        hanging(RulingCitation.objects.all(), "ruling", "citations", placed, text="text"),
        hanging(
            Provision.objects.all(), "ruling", "provisions", placed,
            text="text", quoted="quoted", ends="ends", ends_note="ends_note",
        ),
        hanging(
            Document.objects.filter(sealed=False), "event", "documents", ("pk",),
            title="title", address="address", pages="pages", size="size",
        ),
        hanging(
            Response.objects.public(), "event", "responds_to", ("responds_to__sort_date", "pk"),
            **_linked("responds_to__"),
        ),
        hanging(
            Response.objects.public(), "responds_to", "answered_by",
            ("event__sort_date", "event__sort_rank", "event__day_order", "pk"), **_linked("event__"),
        ),
        # Of all entries in the threads of `keys`, not of those alone.
        (threads.links_from(keys) if whole else threads.links_around(_KEYS))
        .values(part=Value("answers"))
        .annotate(rows=JSONBAgg(JSONObject(of=F("event"), question=F("responds_to"))))
        .values_list("part", "rows"),
        all=True,
    )  # fmt: skip
    return union.query.sql_with_params()


@dataclass(slots=True, frozen=True)
class _Words:
    """The labels of one language, by the stored values."""

    language: str
    kinds: Mapping[str, str]
    outside_court: str
    happenings: Mapping[str, str]
    forms: Mapping[str, str]
    outcomes: Mapping[str, str]
    # How a role of a judge is said of the names.
    judges: Mapping[str, str]
    entry: str


@per_language
def _words() -> _Words:
    return _Words(
        get_language() or "en",
        labels(Kind),
        gettext("Outside court"),
        labels(Happening),
        labels(RulingForm),
        labels(Outcome),
        {role: gettext(pattern) if pattern else "%(names)s" for role, pattern in _JUDGE_ROLES.items()},
        pgettext("a number on a docket", "entry %(number)s"),
    )


def _entry(
    row: Mapping[str, Any], parts: Mapping[str, list[Any]], courts: dict[str, CourtLabel], words: _Words
) -> Entry:
    court = None
    if row["court_id"] is not None:
        court = courts.get(row["court_id"])
        if court is None:
            court = courts[row["court_id"]] = CourtLabel.of(
                row["court_id"], row["court__name"], row["court__short_name"], row["court__level"]
            )
    case_url = _case_path(row["case__slug"], words.language)
    return Entry(
        id=row["public_id"],
        url=f"{case_url}{row['public_id']}/",
        case_name=row["case__name"],
        case_url=case_url,
        kind=row["kind"],
        kind_label=words.kinds[row["kind"]] if court or row["kind"] != Kind.EVENT else words.outside_court,
        date=row["date"],
        time=row["time"],
        zone=row["time_zone"] or row["court__time_zone"] or "",
        title=row["title"],
        summary=row["summary"],
        note=row["note"],
        court=court,
        happening=row["happening"],
        happening_label=words.happenings[row["happening"]],
        postponed_to=row["postponed_to"],
        effective=row["effective"],
        under_seal=row["under_seal"],
        unsealed=row["unsealed"],
        form=words.forms.get(row["form"], ""),
        outcome=row["outcome"],
        outcome_label=words.outcomes.get(row["outcome"], ""),
        holding=row["holding"],
        per_curiam=row["per_curiam"],
        vote=row["vote"],
        precedential=row["precedential"],
        judges=_judges(parts.get("judges", []), words),
        dockets=_dockets(parts.get("dockets", []), row["court__system"], row["court__level"], words),
        citations=[item["text"] for item in parts.get("citations", [])],
        provisions=[{**item, "ends": in_words(item["ends"], Use.WHEN)} for item in parts.get("provisions", [])],
        documents=parts.get("documents", []),
        responds_to=[_link(item) for item in parts.get("responds_to", [])],
        answered_by=[_link(item) for item in parts.get("answered_by", [])],
        roles=row.get("roles", []),
        language=words.language,
    )


_JUDGE_ROLES = {
    RulingJudge.Role.AUTHOR: "",
    RulingJudge.Role.JOINED: gettext_noop("joined by %(names)s"),
    RulingJudge.Role.CONCURRED: gettext_noop("%(names)s (concurring)"),
    RulingJudge.Role.CONCURRED_IN_JUDGMENT: gettext_noop("%(names)s (concurring in the judgment)"),
    RulingJudge.Role.CONCURRED_IN_PART: gettext_noop("%(names)s (concurring in part)"),
    RulingJudge.Role.WROTE_SEPARATELY: gettext_noop("%(names)s (writing separately)"),
    RulingJudge.Role.DISSENTED: gettext_noop("%(names)s (dissenting)"),
    RulingJudge.Role.NOT_PARTICIPATING: gettext_noop("%(names)s (not taking part)"),
    RulingJudge.Role.PRESIDED: gettext_noop("%(names)s (presiding)"),
}


def _judges(items: list[dict[str, str]], words: _Words) -> list[str]:
    """
    The judges as a report names them, one text for each role: "Wilkinson, J.", "joined by King, J., and Thacker, J.".
    """
    if not items:
        return []
    by_role: dict[str, list[str]] = defaultdict(list)
    for item in items:
        by_role[item["role"]].append(item["label"] or item["name"])
    roles = list(words.judges.items())
    if RulingJudge.Role.AUTHOR not in by_role:
        # Who joined, joined what another wrote separately: they are named behind it.
        roles.sort(key=lambda item: item[0] == RulingJudge.Role.JOINED)
    return [pattern % {"names": "; ".join(by_role[role])} for role, pattern in roles if role in by_role]


def _dockets(items: list[dict[str, str]], system: str | None, level: str | None, words: _Words) -> list[str]:
    """
    Docket and entry number: "8:25-cv-00951, ECF 21". ECF is the federal courts' own name for the number of an entry.
    """
    is_electronic = system == System.FEDERAL and level in {Level.TRIAL, Level.APPELLATE}
    pattern = "ECF %(number)s" if is_electronic else words.entry
    found = []
    for item in items:
        docket, number = item["docket"], pattern % item if item["number"] else ""
        if docket or number:
            found.append(f"{docket}, {number}" if docket and number else docket or number)
    return found


def _link(item: Mapping[str, Any], on_page: frozenset[str] | set[str] = frozenset()) -> EntryLink:
    date = item["date"]
    if isinstance(date, str):
        date = UncertainDate.from_edtf(date)
    return EntryLink(
        title=item["title"],
        date=in_words(date),
        court=item["court"] or "",
        accent=ACCENTS.get(item["level"], "outside"),
        url=entry_path(item["slug"], item["id"]),
        same_page=item["id"] if item["id"] in on_page else "",
    )


def _add_treatments(by_key: Mapping[int, Entry], keys: Array, on_page: set[str]) -> None:
    columns = {
        **{f"act_{name}": value for name, value in _linked("act__").items()},
        **{f"target_{name}": value for name, value in _linked("target__").items()},
        "unrecorded_court": F("target_court__short_name"),
        "unrecorded_level": F("target_court__level"),
        "provision_text": F("provision__text"),
        "provision_quoted": F("provision__quoted"),
        "until_date": F("until_event__date"),
    }
    rows = (
        Treatment.objects.public()
        .filter(Q(act__among=keys) | Q(target__among=keys))
        .order_by("act__sort_date", "act__sort_rank", "act__day_order", "act__time", "act_id", "position", "pk")
        .annotate(**{f"x_{name}": value for name, value in columns.items()}, until_public=public_entry("until_event__"))
        .values(
            "act_id", "target_id", "verb", "in_part", "effective", "until", "until_note", "note",
            "target_number", "target_date", "until_event_id", "until_public", *(f"x_{name}" for name in columns),
        )
    )  # fmt: skip
    verbs = labels(Verb)
    made: dict[tuple[Any, ...], TreatmentLine] = {}
    received: dict[tuple[Any, ...], TreatmentLine] = {}
    for row in rows:
        if row["target_id"] is not None:
            target = _link(_columns(row, "x_target_"), on_page)
        else:
            target = EntryLink(
                title=gettext("No. %(number)s") % {"number": row["target_number"]}
                if row["target_number"]
                else gettext("a ruling not recorded here"),
                date=in_words(row["target_date"]),
                court=row["x_unrecorded_court"] or "",
                accent=ACCENTS.get(row["x_unrecorded_level"], "outside"),
                url="",
            )
        until = _until(row)
        if row["act_id"] in by_key:
            key = (row["act_id"], row["verb"], row["target_id"], target.title, target.court, until, row["until_note"])
            line = made.get(key)
            if line is None:
                line = made[key] = TreatmentLine(verbs[row["verb"]], target, until=until, until_note=row["until_note"])
                by_key[row["act_id"]].did.append(line)
            _add_part(line, row)
        if row["target_id"] in by_key:
            at_target = (row["target_id"], row["verb"], row["act_id"], until, row["until_note"])
            line = received.get(at_target)
            if line is None:
                act, verb = _link(_columns(row, "x_act_"), on_page), row["verb"]
                when = row["effective"] or row["x_act_date"]
                line = received[at_target] = TreatmentLine(
                    gettext(PASSIVE[verb]),
                    act,
                    when=in_words(when, Use.WHEN),
                    until=until,
                    until_note=row["until_note"],
                )
                by_key[row["target_id"]].later.append(line)
            _add_part(line, row)


def _columns(row: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}


def _until(row: Mapping[str, Any]) -> str:
    """Until when a treatment holds: a date, or the date of a public entry."""
    ends_with_entry = row["until_event_id"] and row["until_public"]
    date = row["until"] or (row["x_until_date"] if ends_with_entry else None)
    return gettext("until %(date)s") % {"date": in_words(date, Use.AFTER)} if date else ""


def _add_part(line: TreatmentLine, row: Mapping[str, Any]) -> None:
    line.in_part |= row["in_part"]
    if row["x_provision_text"]:
        # It stands in the middle of a line.
        text = row["x_provision_text"].rstrip(".")
        line.parts.append(f"“{text}”" if row["x_provision_quoted"] else text)
    if row["note"] and row["note"] not in line.notes:
        line.notes.append(row["note"])


def _add_statements(by_key: Mapping[int, Entry], keys: Array, on_page: set[str]) -> dict[int, StatementLine]:
    linked = {
        **{f"at_{name}": value for name, value in _linked("said_at__").items()},
        **{f"about_{name}": value for name, value in _linked("event__").items()},
    }
    rows = (
        Statement.objects.public()
        .filter(Q(event__among=keys) | Q(said_at__among=keys))
        .order_by("position", "pk")
        .annotate(**linked, said_at_public=public_entry("said_at__"))
        .values(
            "pk", "event_id", "speaker", "office", "forum", "date", "quote", "paraphrase", "note", "said_at_id",
            "said_at_public", *linked,
        )
    )  # fmt: skip
    lines: dict[int, StatementLine] = {}
    made: dict[tuple[int, int], SaidHere] = {}
    for row in rows:
        if row["said_at_id"] in by_key:
            key = (row["said_at_id"], row["event_id"])
            if key not in made:
                about = _link(_columns(row, "about_"), on_page)
                made[key] = SaidHere(about, said_path(row["about_slug"], row["about_id"]))
                by_key[row["said_at_id"]].said_here.append(made[key])
            if row["speaker"] not in made[key].speakers:
                made[key].speakers.append(row["speaker"])
        if row["event_id"] not in by_key:
            continue
        line = lines[row["pk"]] = StatementLine(
            row["speaker"],
            row["office"],
            row["forum"],
            row["date"],
            row["quote"],
            row["paraphrase"],
            row["note"],
            _link(_columns(row, "at_"), on_page) if row["said_at_public"] else None,
        )
        by_key[row["event_id"]].statements.append(line)
    return lines


def _add_sources(by_key: Mapping[int, Entry], keys: Array, statements: Mapping[int, StatementLine]) -> None:
    rows = (
        Reference.objects.filter(Q(event__among=keys) | Q(statement__among=statements))
        .order_by("position", "pk")
        .values_list(
            "event_id", "statement_id", "pinpoint", "source__kind", "source__title", "source__publisher",
            "source__address", "source__archived_address", "source__read_on", "source__note",
        )
    )  # fmt: skip
    kinds = labels(SourceKind)
    for event, statement, pinpoint, kind, title, publisher, address, archived, read_on, note in rows:
        line = SourceLine(kinds[kind], title, publisher, address, archived, in_words(read_on, Use.WHEN), pinpoint, note)
        (by_key[event] if event is not None else statements[statement]).sources.append(line)
