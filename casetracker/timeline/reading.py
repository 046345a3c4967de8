"""Entries read from the database."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.utils.translation import get_language, gettext, gettext_noop, pgettext

from .. import threads
from ..dates import Use
from ..language import in_words, labels, per_language
from ..models import Happening, Kind, Level, Outcome, RulingForm, RulingJudge, System
from ..models.lookups import as_array
from ..models.visibility import EventQuerySet
from .links import case_path, file_path, link
from .parts import Parts, parts_of
from .said_and_done import add_sources, add_statements, add_treatments
from .structures import CourtLabel, Entry, place


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
    parts = parts_of(keys, whole=whole)
    courts: dict[str, CourtLabel] = {}
    words = _words()
    found = [_entry(row, parts.get(row["pk"], {}), courts, words) for row in rows]
    by_key = {row["pk"]: entry for row, entry in zip(rows, found, strict=True)}
    answers = _answers_within(parts, by_key) if whole else _answers(parts)
    for key, size in threads.sizes(by_key, answers).items():
        by_key[key].thread_size = size
    on_page = {entry.id for entry in found}
    add_treatments(by_key, keys, on_page)
    statements = add_statements(by_key, keys, on_page)
    add_sources(by_key, keys, statements)
    return found


def _answers(parts: Parts) -> dict[int, list[int]]:
    """What each entry answers within its thread, as the database told it."""
    return {key: [item["question"] for item in part["answers"]] for key, part in parts.items() if "answers" in part}


def _answers_within(parts: Parts, by_key: Mapping[int, Entry]) -> dict[int, list[int]]:
    """
    The same of whole cases, from what each entry responds to; by the rule of `threads` within a case, and to no ruling.
    """
    found: dict[int, list[int]] = {}
    for key, part in parts.items():
        for item in part.get("responds_to", ()):
            question = by_key.get(item["key"])
            if question is not None and not question.is_ruling and question.case_url == by_key[key].case_url:
                found.setdefault(key, []).append(item["key"])
    return found


def _rows(events: EventQuerySet, **more: ArraySubquery) -> list[dict[str, Any]]:
    return list(
        events.values(
            "pk", "public_id", "kind", "date", "time", "time_zone", "title", "summary", "note", "happening",
            "postponed_to", "effective", "under_seal", "unsealed", "form", "outcome", "holding", "per_curiam", "vote",
            "precedential", "case__name", "case__slug", "court_id", "court__name", "court__short_name", "court__level",
            "court__system", "court__time_zone", **more,
        )
    )  # fmt: skip


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
    language = words.language
    heading, day, weekday = place(row["date"], language)
    case_url = case_path(row["case__slug"], language)
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
        provisions=[
            {**item, "ends": in_words(item["ends"], Use.WHEN, language)} for item in parts.get("provisions", [])
        ],
        documents=[{**item, "file": file_path(item["file"])} for item in parts.get("documents", [])],
        responds_to=[link(item, language=language) for item in parts.get("responds_to", [])],
        answered_by=[link(item, language=language) for item in parts.get("answered_by", [])],
        roles=row.get("roles", []),
        language=language,
        heading=heading,
        day=day,
        weekday=weekday,
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
