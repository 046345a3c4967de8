"""
The timelines of a court, a judge and a party: which entries stand on each, how many there are, what the judge or the
party was in them, and the cases and proceedings beside them. Everything starts from `public()`, and every function asks
the database once, however much there is; `told` asks as often as `timeline.entries`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext

from . import keyset, timeline
from .dates import Use
from .language import in_words, labels
from .models import (
    KIND_PLURALS,
    Case,
    Court,
    DocketEntry,
    DocketNumber,
    Event,
    Judge,
    Kind,
    Party,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Representation,
    Role,
    RulingJudge,
)
from .models.proceedings import NUMBER_ORDER, main_number
from .models.visibility import CourtQuerySet, EventQuerySet, JudgeQuerySet, PartyQuerySet

# The most cases that a court's page names, and the most proceedings that a judge's or a party's page does.
MOST_CASES = 12
MOST_PROCEEDINGS = 100
# Of a court with more entries than this, only so many of the latest say which cases are its latest.
LATEST_ENTRIES = 500


# --- which entries --------------------------------------------------------------------------------------------------


def entries_before(court: Court) -> EventQuerySet:
    """The public entries that stand in a court, on a docket or not."""
    return Event.objects.public().filter(court=court)


def entries_of_judge(judge: Judge) -> EventQuerySet:
    """
    The public rulings whose record names a judge, also as one who took no part: the role beside each says so. Other
    entries of proceedings assigned to the judge are not among them, for who sat at those is not recorded.
    """
    rulings = RulingJudge.objects.filter(judge=judge).order_by().values("ruling")
    return Event.objects.public().filter(pk__among=ArraySubquery(rulings))


def entries_of_party(party: Party) -> EventQuerySet:
    """
    The public entries that are docketed in a proceeding in which somebody is or was a party, in whatever role and
    whether it has ended since. What stands on other dockets of the same case, or on none, is not among them: a party
    to the appeal need have had no part in what happened below.
    """
    proceedings = PartyRole.objects.filter(party=party).order_by().values("proceeding")
    docketed = DocketEntry.objects.filter(proceeding__among=ArraySubquery(proceedings)).order_by().values("event")
    return Event.objects.public().filter(pk__among=ArraySubquery(docketed))


# --- how many -------------------------------------------------------------------------------------------------------


# What tells a court from others and says where it stands among them.
COURT_COLUMNS = ("system", "level", "display_order", "sort_key", "id", "name")
CourtRow = tuple[str, str, int, str, str, str]


@dataclass(slots=True, frozen=True)
class Tally:
    """How many entries a timeline has, by kind (value, label of several, count), and the courts in which they stand."""

    kinds: list[tuple[str, str, int]]
    courts: list[CourtRow]

    @property
    def count(self) -> int:
        return sum(count for _, _, count in self.kinds)

    @property
    def rulings(self) -> int:
        return next((count for value, _, count in self.kinds if value == Kind.RULING), 0)


def tally(events: EventQuerySet) -> Tally:
    """Of `events`, which start from `Event.objects.public()`."""
    counted: QuerySet[Any, Any] = (
        events.order_by()
        .values_list("kind", *(f"court__{column}" for column in COURT_COLUMNS))
        .annotate(count=Count("*"))
    )
    kinds = dict.fromkeys(Kind.values, 0)
    courts: dict[CourtRow, None] = {}
    for kind, *court, count in counted:
        kinds[kind] += count
        if court[-1] is not None:
            courts[tuple(court)] = None
    return Tally(
        kinds=[(value, str(KIND_PLURALS[value]), count) for value, count in kinds.items() if count],
        courts=list(courts),
    )


# --- what is told of each -------------------------------------------------------------------------------------------


def told(keys: Sequence[int], order: keyset.Order, roles: ArraySubquery | None = None) -> list[timeline.Entry]:
    """The public entries with these keys in an order, `roles` of `in_rulings` or `in_dockets` beside each."""
    found = timeline.entries(keyset.entries(keys, order), roles=roles)
    did, took_part = labels(RulingJudge.Role), labels(Role)
    for entry in found:
        entry.roles = list(dict.fromkeys(did.get(role) or took_part[role] for role in entry.roles))
    return found


def in_rulings(judge: Judge) -> ArraySubquery:
    """What a judge did in the ruling of a query."""
    rows = RulingJudge.objects.filter(judge=judge, ruling=OuterRef("pk"))
    return ArraySubquery(rows.order_by("position", "pk").values("role"))


def in_dockets(party: Party) -> ArraySubquery:
    """What a party is in the proceedings on whose dockets the entry of a query stands."""
    rows = PartyRole.objects.filter(party=party, proceeding__docket_entries__event=OuterRef("pk"))
    return ArraySubquery(rows.order_by("proceeding", "display_order", "pk").values("role"))


# --- what stands beside them ----------------------------------------------------------------------------------------


@dataclass(slots=True, frozen=True)
class CaseOfCourt:
    """A case before a court, with how many public entries it has there and the date of the latest."""

    name: str
    url: str
    number: str
    count: int
    latest: str
    is_invented: bool


def cases_before(court: Court, entry_count: int) -> tuple[list[CaseOfCourt], bool]:
    """
    The public cases that were before a court, the one with the latest entry there first, those with a docket alone
    last; and whether there are more than are named. `entry_count` is that of the court: where it is large, only the
    cases of the latest entries are asked for.
    """
    here = Event.objects.public().filter(court=court)
    if entry_count > LATEST_ENTRIES:
        latest = here.order_by(*(f"-{name}" for name in Event.TIMELINE_ORDER)).values("case")[:LATEST_ENTRIES]
        cases = Case.objects.public().filter(pk__among=ArraySubquery(latest))
    else:
        dockets = Proceeding.objects.public().filter(court=court).order_by().values("case")
        cases = Case.objects.public().filter(pk__in=dockets.union(here.order_by().values("case")))
    in_case = here.filter(case=OuterRef("pk"))
    last = in_case.order_by(*(f"-{name}" for name in Event.TIMELINE_ORDER))
    rows = list(
        cases.annotate(latest_day=Subquery(last.values("sort_date")[:1]))
        .order_by("is_invented", F("latest_day").desc(nulls_last=True), "sort_key", "pk")
        .annotate(
            latest=Subquery(last.values("date")[:1]),
            count=Subquery(in_case.order_by().values("case").annotate(count=Count("*")).values("count")),
            number=Subquery(
                DocketNumber.objects.filter(proceeding__case=OuterRef("pk"), proceeding__court=court)
                .order_by("proceeding__display_order", "proceeding", *NUMBER_ORDER)
                .values("number")[:1]
            ),
        )
        .values_list("name", "slug", "number", "count", "latest", "is_invented")[: MOST_CASES + 1]
    )
    lines = [
        CaseOfCourt(name, reverse("case", args=[slug]), number or "", count or 0, in_words(latest), is_invented)
        for name, slug, number, count, latest, is_invented in rows[:MOST_CASES]
    ]
    return lines, len(rows) > MOST_CASES or entry_count > LATEST_ENTRIES


@dataclass(slots=True)
class Seat:
    """A proceeding of a judge or a party, what they are in it, and who their counsel is."""

    court: timeline.CourtLabel
    number: str
    caption: str
    roles: list[str] = field(default_factory=list)
    counsel: list[str] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class CaseOfPerson:
    """A case with the proceedings in it of a judge or a party."""

    name: str
    url: str
    is_invented: bool
    seats: list[Seat]


def with_ways_of_appeal(courts: CourtQuerySet) -> QuerySet[Court]:
    """Courts with `appeals_to_json` and `hears_from_json`: the names and identifiers of the public ones among them."""

    def named(link: str) -> ArraySubquery:
        rows = Court.objects.public().filter(**{link: OuterRef("pk")})
        return ArraySubquery(
            rows.order_by("display_order", "sort_key", "id").values(json=JSONObject(id="id", name="name"))
        )

    return courts.annotate(appeals_to_json=named("hears_appeals_from"), hears_from_json=named("appeals_to"))


def with_assignments(judges: JudgeQuerySet) -> QuerySet[Judge]:
    """Judges with `seats_json`, for `cases_of`: the proceedings assigned to them, at most one more than are shown."""
    rows = ProceedingJudge.objects.public().filter(judge=OuterRef("pk"))
    return judges.annotate(seats_json=_seats(rows))


def with_roles(parties: PartyQuerySet) -> QuerySet[Party]:
    """Parties with `seats_json`, for `cases_of`: their roles in proceedings, at most one more than are shown."""
    counsel = (
        Representation.objects.filter(party=OuterRef("party"), proceeding=OuterRef("proceeding"))
        .order_by("-lead", "pk")
        .values(json=JSONObject(name="attorney__name", firm="attorney__firm"))
    )
    rows = PartyRole.objects.public().filter(party=OuterRef("pk"))
    return parties.annotate(
        seats_json=_seats(rows, "display_order", ended="terminated", counsel=ArraySubquery(counsel))
    )


def _seats(rows: QuerySet[Any], *order: str, **more: Any) -> ArraySubquery:
    columns = JSONObject(
        proceeding="proceeding_id",
        role="role",
        number=main_number("proceeding"),
        caption="proceeding__caption",
        court="proceeding__court_id",
        court_name="proceeding__court__name",
        court_short_name="proceeding__court__short_name",
        level="proceeding__court__level",
        case="proceeding__case__name",
        slug="proceeding__case__slug",
        is_invented="proceeding__case__is_invented",
        **more,
    )
    in_order = rows.order_by(
        "proceeding__case__is_invented", "proceeding__case__sort_key", "proceeding__case",
        "proceeding__display_order", "proceeding", *order, "pk",
    )  # fmt: skip
    return ArraySubquery(in_order.values(json=columns)[: MOST_PROCEEDINGS + 1])


def cases_of(seats: list[dict[str, Any]]) -> tuple[list[CaseOfPerson], bool]:
    """The cases of a judge or a party by name, from their `seats_json`; and whether there are more than are named."""
    cases = []
    for slug, in_case in groupby(seats[:MOST_PROCEEDINGS], key=lambda seat: seat["slug"]):
        rows = list(in_case)
        found = [_seat(list(held)) for _, held in groupby(rows, key=lambda seat: seat["proceeding"])]
        cases.append(CaseOfPerson(rows[0]["case"], reverse("case", args=[slug]), rows[0]["is_invented"], found))
    return cases, len(seats) > MOST_PROCEEDINGS


def _seat(held: list[dict[str, Any]]) -> Seat:
    first = held[0]
    court = timeline.CourtLabel.of(first["court"], first["court_name"], first["court_short_name"], first["level"])
    roles = [_role(seat["role"], seat.get("ended")) for seat in held]
    return Seat(court, first["number"] or "", first["caption"], roles, list(_counsel(first.get("counsel", ()))))


def _role(role: str, ended: str | None) -> str:
    label = labels(Role).get(role) or labels(ProceedingJudge.Role)[role]
    return f"{label} {gettext('until %(date)s') % {'date': in_words(ended, Use.AFTER)}}" if ended else label


def _counsel(items: Iterable[dict[str, str]]) -> Iterable[str]:
    return (", ".join(text for text in (item["name"], item["firm"]) if text) for item in items)
