"""
A seeded set of cases with everything that hangs on them, as rows for COPY.

The shape follows real dockets as far as matters for speed: a few courts hear most of the cases, recent years hold most
of the entries, most cases are short and a few very long, an eighth of the entries are rulings, nearly every entry has a
source. A few cases and entries are not public, so that a query pays for the rule of publication. The same number of
cases, seed and courts give the same rows; nothing depends on the day on which it runs.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from random import Random
from typing import Any

from django.db.models import Model

from bench.words import Words
from casetracker.models import (
    PUBLIC_ID_ALPHABET,
    PUBLIC_ID_LENGTH,
    Attorney,
    Case,
    CaseTopic,
    Correction,
    DocketEntry,
    DocketNumber,
    Document,
    Event,
    ExternalId,
    Judge,
    Level,
    Party,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Provision,
    Reference,
    RelatedCase,
    Representation,
    Response,
    RulingCitation,
    RulingJudge,
    Source,
    Statement,
    Topic,
    Transfer,
    Treatment,
)

# The moment from which everything public is public, the one from which what is embargoed will be, and the last day.
PUBLIC_SINCE = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
EMBARGO_ENDS = datetime.datetime(2150, 1, 1, 12, tzinfo=datetime.UTC)
FIRST_DAY, LAST_DAY = datetime.date(1954, 1, 4), datetime.date(2025, 12, 31)

# Cases of a size that measurements ask for, by their number: how many entries each has.
WHALES = {7: 10_000, 8: 1_000, 9: 100}
LONGEST_OTHER = 3_000
TOPICS = (
    "Immigration", "Schools", "Voting", "Labour", "Patents", "Antitrust", "Housing", "Environment", "Taxes", "Health",
    "Police", "Prisons", "Speech", "Religion", "Privacy", "Banking", "Insurance", "Shipping", "Mines", "Water",
)  # fmt: skip

Row = tuple[Any, ...]
# Every table that is filled, in an order in which no row comes before what it points at, and its columns. The columns
# not named here take the model's defaults.
COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Topic: ("id", "name", "slug"),
    Judge: ("id", "name", "label", "slug", "title"),
    Attorney: ("id", "name", "firm"),
    Party: ("id", "name", "slug", "kind", "description"),
    Case: (
        "id", "state", "published_from", "first_public_at", "name", "short_name", "slug", "summary", "status",
        "checked_on",
    ),
    CaseTopic: ("case_id", "topic_id"),
    RelatedCase: ("from_case_id", "to_case_id"),
    Proceeding: ("id", "case_id", "court_id", "caption", "about", "filed", "display_order"),
    DocketNumber: ("proceeding_id", "number", "is_main"),
    ExternalId: ("proceeding_id", "scheme", "value"),
    ProceedingJudge: ("proceeding_id", "judge_id", "role"),
    PartyRole: ("proceeding_id", "party_id", "role", "display_order"),
    Representation: ("proceeding_id", "party_id", "attorney_id", "lead"),
    Transfer: ("kind", "origin_id", "destination_id", "date"),
    Event: (
        "id", "state", "published_from", "first_public_at", "public_id", "case_id", "court_id", "kind", "date", "time",
        "title", "summary", "happening", "under_seal", "form", "outcome", "holding", "per_curiam", "vote",
    ),
    DocketEntry: ("event_id", "proceeding_id", "number", "text", "position"),
    Response: ("event_id", "responds_to_id"),
    RulingJudge: ("ruling_id", "judge_id", "role", "position"),
    RulingCitation: ("ruling_id", "text"),
    Provision: ("id", "ruling_id", "text", "quoted", "position"),
    Treatment: (
        "act_id", "verb", "target_id", "target_court_id", "target_number", "provision_id", "in_part", "position",
    ),
    Statement: ("id", "event_id", "speaker", "office", "forum", "date", "quote", "paraphrase", "position"),
    Source: ("id", "kind", "title", "publisher", "address", "read_on"),
    Reference: ("source_id", "event_id", "statement_id", "case_id", "pinpoint", "position"),
    Document: ("event_id", "title", "address", "pages"),
    Correction: ("case_id", "corrected_on", "text"),
}  # fmt: skip

Batch = dict[type[Model], list[Row]]

_STATES = (
    ("published", PUBLIC_SINCE, PUBLIC_SINCE),
    ("published", EMBARGO_ENDS, EMBARGO_ENDS),
    ("draft", None, None),
    ("withdrawn", PUBLIC_SINCE, PUBLIC_SINCE),
    ("withheld", PUBLIC_SINCE, PUBLIC_SINCE),
)
_STATE_CURVE = list(accumulate((95, 1, 2, 1, 1)))
_FORMS = ("order", "opinion", "memorandum", "judgment", "injunction", "temporary_restraining_order", "stay")
_FORM_CURVE = list(accumulate((60, 15, 10, 6, 4, 3, 2)))
_OUTCOMES = ("granted", "denied", "granted_in_part", "dismissed", "moot", "")
_OUTCOME_CURVE = list(accumulate((32, 30, 14, 8, 4, 12)))
_REVIEWS = ("affirms", "reverses", "vacates", "stays", "remands", "leaves_in_place")
_REVIEW_CURVE = list(accumulate((45, 15, 14, 10, 10, 6)))


@dataclass(frozen=True, slots=True)
class Courts:
    """Identifiers of the courts in which things are made to happen; the first of a group hear the most."""

    trial: Sequence[str]
    appellate: Sequence[str]
    supreme: Sequence[str]

    @classmethod
    def from_database(cls) -> "Courts":
        """The federal courts of the United States and some of the states', as `load_courts` brings them."""
        from casetracker.models import Court

        rows = list(Court.objects.order_by("display_order", "id").values_list("id", "level", "system"))
        federal = {
            level: [pk for pk, of, system in rows if of == level and system == "federal"] for level in Level.values
        }
        state = [pk for pk, of, system in rows if of == Level.TRIAL and system == "state"]
        return cls(
            trial=[*federal[Level.TRIAL][:100], *state[:150]],
            appellate=federal[Level.APPELLATE][:14],
            supreme=federal[Level.SUPREME][:1],
        )


@dataclass(slots=True)
class _Docket:
    key: int
    court: str
    level: str
    entries: int = 0


class Dataset:
    """`cases` cases; iterate over `batches()`."""

    def __init__(self, cases: int, *, courts: Courts, seed: int = 1) -> None:
        self.cases = cases
        self._courts = courts
        self._random = Random(f"{seed}/{cases}")  # noqa: S311 - repeatable on purpose
        self._words = Words(self._random)
        self._keys: dict[type[Model], int] = defaultdict(int)
        self._court_curve = list(accumulate(1.0 / (place + 3) ** 0.9 for place in range(len(courts.trial))))
        self._judges: list[int] = []
        self._attorneys: list[int] = []
        self._frequent_parties: list[int] = []
        self._provisions: dict[int, list[int]] = {}  # of the rulings of the case at hand
        self._batch: Batch = {}

    def batches(self, size: int = 2_000) -> Iterator[Batch]:
        """Rows of `size` cases at a time, so that a million cases need no more memory than a few thousand."""
        self._batch = {model: [] for model in COLUMNS}
        self._shared()
        for number in range(1, self.cases + 1):
            self._case(number)
            if number % size == 0 or number == self.cases:
                yield self._batch
                self._batch = {model: [] for model in COLUMNS}

    # --- what several cases share -----------------------------------------------------------------------------------

    def _key(self, model: type[Model]) -> int:
        self._keys[model] += 1
        return self._keys[model]

    def _add(self, model: type[Model], *row: Any) -> None:
        self._batch[model].append(row)

    def _shared(self) -> None:
        for name in TOPICS:
            self._add(Topic, self._key(Topic), name, name.lower())
        for _ in range(max(50, self.cases // 30)):
            key, name = self._key(Judge), self._words.person()
            self._add(Judge, key, name, f"{name.split()[-1]}, J.", f"judge-{key}", "Judge")
            self._judges.append(key)
        for _ in range(max(50, self.cases // 10)):
            key = self._key(Attorney)
            self._add(Attorney, key, self._words.person(), f"{self._words.surname()} & {self._words.surname()}")
            self._attorneys.append(key)
        for _ in range(60):
            self._frequent_parties.append(self._party(self._words.agency(), "government"))
        for _ in range(max(20, self.cases // 50)):
            self._frequent_parties.append(self._party(self._words.company(), "organization"))

    def _party(self, name: str, kind: str) -> int:
        key = self._key(Party)
        self._add(Party, key, name, f"party-{key}", kind, "")
        return key

    # --- one case ---------------------------------------------------------------------------------------------------

    def _length(self, number: int) -> int:
        if number in WHALES:
            return WHALES[number]
        return min(LONGEST_OTHER, max(1, int(self._random.lognormvariate(1.70, 1.05))))

    def _state(self, *, public: bool) -> tuple[Any, ...]:
        return _STATES[0] if public else self._random.choices(_STATES, cum_weights=_STATE_CURVE)[0]

    def _case(self, number: int) -> None:
        chance = self._random
        case, length = self._key(Case), self._length(number)
        began = FIRST_DAY + datetime.timedelta(days=int((LAST_DAY - FIRST_DAY).days * chance.random() ** 0.35))
        left = (LAST_DAY - began).days
        span = min(left, max(20, int(chance.lognormvariate(6.0, 0.9))))
        plaintiff, defendant = self._words.surname(), self._opponent()
        name = f"{plaintiff} v. {defendant}"
        state, published_from, first_public_at = self._state(public=number in WHALES)
        slug = f"case-of-{length}-entries" if number in WHALES else f"{plaintiff.lower()}-{case}"
        summary = " ".join(self._words.summary() for _ in range(chance.randint(1, 3)))
        status = "ongoing" if began.year >= 2022 else "concluded"
        self._add(
            Case,
            case,
            state,
            published_from,
            first_public_at,
            name,
            name.split(" v.")[0],
            slug,
            summary,
            status,
            LAST_DAY,
        )
        for topic in {int(len(TOPICS) * chance.random() ** 2) + 1 for _ in range(chance.choice((1, 1, 2)))}:
            self._add(CaseTopic, case, topic)
        if case > 20 and chance.random() < 0.03:
            other = chance.randint(10, case - 1)
            self._add(RelatedCase, case, other)
            self._add(RelatedCase, other, case)
        if chance.random() < 0.02:
            self._add(
                Correction, case, LAST_DAY, f"The date of the {self._words.matter()} was wrong and was put right."
            )
        dockets = self._dockets(case, name, began, span)
        self._take_part(dockets, plaintiff, defendant)
        self._entries(case, length, began, span, dockets, public=number in WHALES)

    def _opponent(self) -> str:
        chance = self._random.random()
        return (
            self._words.agency() if chance < 0.3 else self._words.company() if chance < 0.65 else self._words.surname()
        )

    def _dockets(self, case: int, name: str, began: datetime.date, span: int) -> list[_Docket]:
        """The proceedings: one before a trial court, often an appeal, now and then one before the supreme court."""
        chance = self._random
        place = chance.choices(range(len(self._courts.trial)), cum_weights=self._court_curve)[0]
        courts = [("trial", self._courts.trial[place])]
        if chance.random() < 0.35 or case in WHALES:
            courts.append(("appellate", self._courts.appellate[place % len(self._courts.appellate)]))
            if chance.random() < 0.2 or case in WHALES:
                courts.append(("supreme", self._courts.supreme[0]))
        dockets: list[_Docket] = []
        for order, (level, court) in enumerate(courts):
            filed = began + datetime.timedelta(days=span * order // len(courts))
            key = self._key(Proceeding)
            about = ("Civil action", "Appeal", "Petition")[order]
            self._add(Proceeding, key, case, court, name[:400], about, filed.isoformat(), order)
            year = filed.year % 100
            if level == "trial":
                office, kind = chance.randint(1, 8), chance.choice(("cv", "cv", "cv", "cr"))
                number = f"{office}:{year:02}-{kind}-{chance.randint(1, 9999):05}"
            else:
                number = f"{year:02}-{chance.randint(1, 9999)}"
            self._add(DocketNumber, key, number, True)
            if chance.random() < 0.05:
                self._add(DocketNumber, key, f"{year:02}-{chance.randint(10_000, 19_999)}", False)
            self._add(ExternalId, key, "courtlistener", str(4_000_000 + key))
            self._add(ProceedingJudge, key, chance.choice(self._judges), "assigned")
            if dockets:
                self._add(
                    Transfer,
                    "appeal" if level == "appellate" else "certiorari",
                    dockets[-1].key,
                    key,
                    filed.isoformat(),
                )
            dockets.append(_Docket(key, court, level))
        return dockets

    def _take_part(self, dockets: list[_Docket], plaintiff: str, defendant: str) -> None:
        chance = self._random
        parties = [self._party(plaintiff, "private_person")]
        parties += [
            chance.choice(self._frequent_parties) if chance.random() < 0.4 else self._party(defendant, "organization")
            for _ in range(chance.choices((1, 2, 5), (80, 15, 5))[0])
        ]
        for docket in dockets:
            first, second = ("plaintiff", "defendant") if docket.level == "trial" else ("appellee", "appellant")
            for order, party in enumerate(dict.fromkeys(parties)):
                self._add(PartyRole, docket.key, party, second if order else first, order)
                if chance.random() < 0.5:
                    self._add(Representation, docket.key, party, chance.choice(self._attorneys), True)

    # --- its entries ------------------------------------------------------------------------------------------------

    def _public_id(self) -> str:
        return "".join(self._random.choices(PUBLIC_ID_ALPHABET, k=PUBLIC_ID_LENGTH))

    def _date(self, day: datetime.date) -> tuple[str, bool]:
        """A date as it might be known, and whether it is a plain day."""
        chance, iso = self._random.random(), day.isoformat()
        if chance < 0.90:
            return iso, True
        if chance < 0.95:
            return iso[:7], False
        if chance < 0.97:
            return iso[:4], False
        later = (day + datetime.timedelta(days=3)).isoformat()
        return self._random.choice(
            (f"{iso}/{later}", f"[{iso}..{later}]", f"[..{iso}]", f"[{iso}..]", f"{iso[:7]}~")
        ), False

    def _entries(
        self, case: int, length: int, began: datetime.date, span: int, dockets: list[_Docket], *, public: bool
    ) -> None:
        chance = self._random
        sources = [self._source(dockets[0].court) for _ in range(ceil(length / 4))]
        self._add(Reference, sources[0], None, None, case, "", 0)
        filings: list[int] = []
        rulings: list[int] = []
        self._provisions = {}
        for place in range(length):
            key = self._key(Event)
            # The first part before the trial court, then up, and back at the end.
            part = min(len(dockets) - 1, place * (len(dockets) + 1) // length) if chance.random() < 0.9 else 0
            docket: _Docket | None = dockets[part]
            kind = chance.choices(("filing", "ruling", "hearing", "event"), (72, 13, 6, 9))[0]
            if kind == "event" and chance.random() < 0.8:
                docket = None
            day = began + datetime.timedelta(days=span * place // length)
            self._entry(key, case, kind, docket, self._date(day), state=self._state(public=public), place=place)
            if docket is not None and chance.random() < 0.96:
                docket.entries += 1
                text = f"{kind.upper()} entered, number {docket.entries}."
                self._add(DocketEntry, key, docket.key, str(docket.entries), text, docket.entries)
            if kind == "ruling" and docket is not None:
                self._ruling(key, docket, rulings)
                rulings.append(key)
            if filings and chance.random() < (0.6 if kind == "ruling" else 0.15):
                self._add(Response, key, chance.choice(filings[-5:]))
            if kind == "filing":
                filings.append(key)
            self._said_and_sourced(key, sources, day)

    def _entry(
        self, key: int, case: int, kind: str, docket: _Docket | None, date: tuple[str, bool], *, state: Row, place: int
    ) -> None:
        chance = self._random
        title = {
            "filing": self._words.filing_title,
            "ruling": self._words.ruling_title,
            "hearing": self._words.hearing_title,
            "event": self._words.event_title,
        }[kind]()
        ruling = kind == "ruling"
        summary = self._words.summary(ruling=ruling) if ruling or chance.random() < 0.75 else ""
        written, is_day = date
        time = (
            datetime.time(chance.randint(9, 17), chance.choice((0, 15, 30)))
            if is_day and chance.random() < 0.1
            else None
        )
        form = outcome = holding = vote = ""
        if ruling:
            form = chance.choices(_FORMS, cum_weights=_FORM_CURVE)[0]
            outcome = chance.choices(_OUTCOMES, cum_weights=_OUTCOME_CURVE)[0]
            holding = self._words.holding() if chance.random() < 0.6 else ""
            vote = "9-0" if docket is not None and docket.level == "supreme" else ""
        happening = "scheduled" if kind == "hearing" and chance.random() < 0.02 else "held"
        self._add(
            Event, key, *state, self._public_id(), case, docket.court if docket else None, kind, written, time, title,
            summary, happening, chance.random() < 0.01, form, outcome, holding, ruling and chance.random() < 0.05, vote,
        )  # fmt: skip

    def _ruling(self, key: int, docket: _Docket, earlier: list[int]) -> None:
        chance = self._random
        bench = chance.sample(self._judges, 1 if docket.level == "trial" else 3)
        for position, judge in enumerate(bench):
            role = "author" if position == 0 else "joined" if chance.random() < 0.85 else "dissented"
            self._add(RulingJudge, key, judge, role, position)
        if chance.random() < 0.15:
            self._add(RulingCitation, key, f"{chance.randint(1, 900)} B.R. {chance.randint(1, 1400)}")
        provisions = []
        if chance.random() < 0.12:
            for position in range(chance.randint(1, 3)):
                provision = self._key(Provision)
                self._add(Provision, provision, key, f"{self._words.matter()} within fourteen days", True, position)
                provisions.append(provision)
        self._provisions[key] = provisions
        if earlier and chance.random() < (0.7 if docket.level != "trial" else 0.12):
            target = chance.choice(earlier[-8:])
            verb = (
                chance.choices(_REVIEWS, cum_weights=_REVIEW_CURVE)[0]
                if docket.level != "trial"
                else chance.choice(("modifies", "clarifies", "supersedes"))
            )
            parts: list[int | None] = [*self._provisions[target]] or [None]
            for position, part in enumerate(parts):
                in_part = part is None and chance.random() < 0.1
                self._add(Treatment, key, verb, target, None, "", part, in_part, position)
        elif docket.level != "trial" and chance.random() < 0.1:
            self._add(
                Treatment, key, "affirms", None, self._courts.trial[0], f"17-{chance.randint(1, 999)}", None, False, 0
            )

    def _said_and_sourced(self, key: int, sources: list[int], day: datetime.date) -> None:
        chance = self._random
        if chance.random() < 0.02:
            statement = self._key(Statement)
            self._add(
                Statement, statement, key, self._words.person(), "Spokesperson", "At a briefing", day.isoformat(),
                "This is what we asked for", f"Said that {self._words.matter()} would follow.", 0,
            )  # fmt: skip
            self._add(Reference, chance.choice(sources), None, statement, None, "", 0)
        if chance.random() < 0.9:
            count = 2 if len(sources) > 1 and chance.random() < 0.2 else 1
            for position, source in enumerate(chance.sample(sources, count)):
                pinpoint = f"p. {chance.randint(1, 40)}" if chance.random() < 0.3 else ""
                self._add(Reference, source, key, None, None, pinpoint, position)
        if chance.random() < 0.1:
            self._add(Document, key, "Text as filed", f"https://files.example/{key}.pdf", chance.randint(1, 60))

    def _source(self, court: str) -> int:
        key = self._key(Source)
        kind = self._random.choices(("court_record", "press", "official"), (80, 15, 5))[0]
        self._add(
            Source, key, kind, f"Document {key} of the docket", f"Clerk of {court}", f"https://docket.example/{court}/{key}",
            "2026-01-02",
        )  # fmt: skip
        return key
