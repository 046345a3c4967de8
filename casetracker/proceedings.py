"""
What stands around a case's timeline: its proceedings with their numbers and judges, how one came from another, who took
part as what, and counsel. Plain structures, in a constant number of queries.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_noop, override

from .dates import Use
from .language import in_words, labels
from .models import (
    Case,
    DocketNumber,
    ExternalId,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Representation,
    Role,
    Transfer,
    TransferKind,
)
from .models.courts import ACCENTS
from .models.lookups import as_array
from .models.prepared import Prepared, Slot
from .models.proceedings import NUMBER_ORDER, main_number
from .timeline import CourtLabel


@dataclass(slots=True, frozen=True)
class TransferLine:
    """
    One end of a transfer, told from a proceeding: `phrase` is "Appeal to". `url` leads to the other end and is empty
    when that is not recorded here.
    """

    kind: str
    phrase: str
    court: str
    accent: str
    number: str
    date: str
    note: str
    url: str = ""


# What is said beside a name, each with whether it is a stored text: those are in English.
Notes = list[tuple[str, bool]]


@dataclass(slots=True, frozen=True)
class Counsel:
    name: str
    firm: str
    notes: Notes


@dataclass(slots=True)
class PartyLine:
    name: str
    url: str
    description: str
    role: str
    notes: Notes
    counsel: list[Counsel] = field(default_factory=list)


@dataclass(slots=True)
class ProceedingLine:
    anchor: str
    court: CourtLabel
    caption: str
    about: str
    filed: str
    terminated: str
    numbers: list[str]
    judges: list[str]
    external: list[tuple[str, str]]  # label and address elsewhere
    arrived: list[TransferLine] = field(default_factory=list)
    left: list[TransferLine] = field(default_factory=list)
    parties: list[PartyLine] = field(default_factory=list)

    @property
    def main_number(self) -> str:
        return self.numbers[0] if self.numbers else ""


_COURTLISTENER = "https://www.courtlistener.com/docket/{}/{}/"
_JUDGE_ROLES = {
    ProceedingJudge.Role.ASSIGNED: "%(name)s",
    ProceedingJudge.Role.REFERRED: gettext_noop("%(name)s (referred)"),
    ProceedingJudge.Role.PANEL: gettext_noop("%(name)s (panel)"),
}
_ENDS = ("origin", "destination")


@Prepared
def _proceedings() -> QuerySet[Any, Any]:
    return (
        Proceeding.objects.filter(case=Slot("case"))
        .annotate(
            numbers_json=ArraySubquery(
                DocketNumber.objects.filter(proceeding=OuterRef("pk"))
                .order_by(*NUMBER_ORDER)
                .values(json=JSONObject(number="number", term="term"))
            ),
            judges_json=ArraySubquery(
                ProceedingJudge.objects.filter(proceeding=OuterRef("pk"))
                .order_by("pk")
                .values(json=JSONObject(name="judge__name", role="role"))
            ),
            external_json=ArraySubquery(
                ExternalId.objects.filter(proceeding=OuterRef("pk"))
                .order_by("scheme", "value", "pk")
                .values(json=JSONObject(scheme="scheme", value="value"))
            ),
            parties_json=_parties(),
        )
        .order_by("display_order", "pk")
        .values(
            "pk", "court_id", "court__name", "court__short_name", "court__level", "caption", "about", "filed",
            "terminated", "numbers_json", "judges_json", "external_json", "parties_json",
        )
    )  # fmt: skip


def proceedings_of(case: Case) -> list[ProceedingLine]:
    """The proceedings of a public case in their order, each with everything that hangs on it. Two queries."""
    lines: dict[int, ProceedingLine] = {}
    for row in _proceedings.rows(case=case.pk):
        lines[row["pk"]] = ProceedingLine(
            anchor=_anchor(row["pk"]),
            court=CourtLabel.of(row["court_id"], row["court__name"], row["court__short_name"], row["court__level"]),
            caption=row["caption"],
            about=row["about"],
            filed=in_words(row["filed"], Use.WHEN),
            terminated=in_words(row["terminated"], Use.WHEN),
            numbers=[
                gettext("%(number)s (%(term)s Term)") % item if item["term"] else item["number"]
                for item in row["numbers_json"]
            ],
            judges=[gettext(_JUDGE_ROLES.get(item["role"], "%(name)s")) % item for item in row["judges_json"]],
            external=[
                (
                    gettext("CourtListener docket %(value)s") % item,
                    _COURTLISTENER.format(item["value"], slugify(row["caption"]) or "docket"),
                )
                for item in row["external_json"]
                if item["scheme"] == ExternalId.Scheme.COURTLISTENER
            ],
            parties=_party_lines(row["parties_json"]),
        )
    _add_transfers(lines)
    return list(lines.values())


# What is told of each end of a transfer: the proceeding there, or else the court and number that are known of it.
_END = {
    "proceeding": "{}_id",
    "number": "{}_number",
    "main_number": "{}_main_number",
    "slug": "{}__case__slug",
    "court": "{}__court__short_name",
    "level": "{}__court__level",
    "unrecorded_court": "{}_court__short_name",
    "unrecorded_level": "{}_court__level",
}


@Prepared
def _transfers() -> QuerySet[Any, Any]:
    proceedings = Slot.of_keys("proceedings")
    return (
        Transfer.objects.public()
        .filter(Q(origin__among=proceedings) | Q(destination__among=proceedings))
        .annotate(**{f"{end}_main_number": main_number(end) for end in _ENDS})
        .order_by("pk")
        .values("kind", "date", "note", *(column.format(end) for end in _ENDS for column in _END.values()))
    )


def _add_transfers(lines: dict[int, ProceedingLine]) -> None:
    here = labels(TransferKind)
    for row in _transfers.rows(proceedings=as_array(lines)):
        origin, destination = ({name: row[column.format(end)] for name, column in _END.items()} for end in _ENDS)
        kind, label, date, note = row["kind"], here[row["kind"]], in_words(row["date"]), row["note"]
        if origin["proceeding"] in lines:
            phrase = gettext("%(label)s to") % {"label": label}
            lines[origin["proceeding"]].left.append(_transfer_line(destination, lines, kind, phrase, date, note))
        if destination["proceeding"] in lines:
            phrase = gettext("%(label)s from") % {"label": label}
            lines[destination["proceeding"]].arrived.append(_transfer_line(origin, lines, kind, phrase, date, note))


def _transfer_line(
    there: Mapping[str, Any], lines: Container[int], kind: str, phrase: str, date: str, note: str
) -> TransferLine:
    """A transfer as told from its one end; `there` is the other."""
    proceeding, level = there["proceeding"], there["level"] or there["unrecorded_level"]
    url = ""
    if proceeding is not None:
        case = "" if proceeding in lines else reverse("case", args=[there["slug"]])
        url = f"{case}#{_anchor(proceeding)}"
    return TransferLine(
        kind=kind,
        phrase=phrase,
        court=there["court"] or there["unrecorded_court"] or "",
        accent=ACCENTS.get(level, "trial") if level else "outside",
        number=there["main_number"] or there["number"],
        date=date,
        note=note,
        url=url,
    )


def _anchor(proceeding: int) -> str:
    """The place of a proceeding on the page of its case."""
    return f"proceeding-{proceeding}"


def _parties() -> ArraySubquery:
    """The roles of parties in a proceeding in their order, each with the party and its counsel there, as JSON."""
    counsel = (
        Representation.objects.filter(proceeding=OuterRef("proceeding"), party=OuterRef("party"))
        .order_by("-lead", "pk")
        .values(
            json=JSONObject(
                name="attorney__name",
                firm="attorney__firm",
                lead="lead",
                pro_hac_vice="pro_hac_vice",
                terminated="terminated",
                note="note",
            )
        )
    )
    return ArraySubquery(
        PartyRole.objects.filter(proceeding=OuterRef("pk"))
        .order_by("display_order", "pk")
        .values(
            json=JSONObject(
                slug="party__slug",
                name="party__name",
                description="party__description",
                role="role",
                as_written="as_written",
                terminated="terminated",
                note="note",
                counsel=ArraySubquery(counsel),
            )
        )
    )


def _party_lines(roles: Iterable[dict[str, Any]]) -> list[PartyLine]:
    lines = []
    told: set[str] = set()
    here = labels(Role)
    for item in roles:
        lines.append(
            PartyLine(
                item["name"],
                reverse("party", args=[item["slug"]]),
                item["description"],
                here[item["role"]],
                _notes(
                    (f"“{item['as_written']}”" if not _says_the_same(item["as_written"], item["role"]) else "", True),
                    (_until(item["terminated"]), False),
                    (item["note"], True),
                ),
                # A party in two roles has its counsel named once.
                [] if item["slug"] in told else [_counsel(counsel) for counsel in item["counsel"]],
            )
        )
        told.add(item["slug"])
    return lines


def _says_the_same(as_written: str, role: str) -> bool:
    """Whether a role as written on a docket tells no more than its label."""
    with override("en"):
        return as_written in {"", labels(Role)[role]}


def _counsel(item: dict[str, Any]) -> Counsel:
    return Counsel(
        item["name"],
        item["firm"],
        _notes(
            (gettext("lead") if item["lead"] else "", False),
            ("pro hac vice" if item["pro_hac_vice"] else "", False),
            (_until(item["terminated"]), False),
            (item["note"], True),
        ),
    )


def _until(edtf: str | None) -> str:
    return gettext("until %(date)s") % {"date": in_words(edtf, Use.AFTER)} if edtf else ""


def _notes(*notes: tuple[str, bool]) -> Notes:
    return [note for note in notes if note[0]]
