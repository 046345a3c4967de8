"""What entries did to one another, what was said of them, and the sources of both, added to entries."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language, gettext

from ..dates import Use
from ..language import in_words, labels
from ..models import PASSIVE, Reference, SourceKind, Statement, Treatment, Verb
from ..models.courts import ACCENTS
from ..models.lookups import Array, as_array
from ..models.prepared import Prepared, Slot
from ..models.visibility import public_entry
from .links import link, link_columns, said_path, without_prefix
from .structures import Entry, EntryLink, SaidHere, SourceLine, StatementLine, TreatmentLine


@Prepared
def _treatments() -> QuerySet[Any, Any]:
    keys = Slot.of_keys("keys")
    columns = {
        **{f"act_{name}": value for name, value in link_columns("act__").items()},
        **{f"target_{name}": value for name, value in link_columns("target__").items()},
        "unrecorded_court": F("target_court__short_name"),
        "unrecorded_level": F("target_court__level"),
        "provision_text": F("provision__text"),
        "provision_quoted": F("provision__quoted"),
        "until_date": F("until_event__date"),
    }
    return (
        Treatment.objects.public()
        .filter(Q(act__among=keys) | Q(target__among=keys))
        .order_by("act__sort_date", "act__sort_rank", "act__day_order", "act__time", "act_id", "position", "pk")
        .annotate(**{f"x_{name}": value for name, value in columns.items()}, until_public=public_entry("until_event__"))
        .values(
            "act_id", "target_id", "verb", "in_part", "effective", "until", "until_note", "note",
            "target_number", "target_date", "until_event_id", "until_public", *(f"x_{name}" for name in columns),
        )
    )  # fmt: skip


def add_treatments(by_key: Mapping[int, Entry], keys: Array, on_page: set[str]) -> None:
    verbs, language = labels(Verb), get_language()
    made: dict[tuple[Any, ...], TreatmentLine] = {}
    received: dict[tuple[Any, ...], TreatmentLine] = {}
    for row in _treatments.rows(keys=keys):
        if row["target_id"] is not None:
            target = link(without_prefix(row, "x_target_"), on_page, language)
        else:
            target = EntryLink(
                title=gettext("No. %(number)s") % {"number": row["target_number"]}
                if row["target_number"]
                else gettext("a ruling not recorded here"),
                date=in_words(row["target_date"], language=language),
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
                act, verb = link(without_prefix(row, "x_act_"), on_page, language), row["verb"]
                when = row["effective"] or row["x_act_date"]
                line = received[at_target] = TreatmentLine(
                    gettext(PASSIVE[verb]),
                    act,
                    when=in_words(when, Use.WHEN, language),
                    until=until,
                    until_note=row["until_note"],
                )
                by_key[row["target_id"]].later.append(line)
            _add_part(line, row)


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


@Prepared
def _statements() -> QuerySet[Any, Any]:
    keys = Slot.of_keys("keys")
    linked = {
        **{f"at_{name}": value for name, value in link_columns("said_at__").items()},
        **{f"about_{name}": value for name, value in link_columns("event__").items()},
    }
    return (
        Statement.objects.public()
        .filter(Q(event__among=keys) | Q(said_at__among=keys))
        .order_by("position", "pk")
        .annotate(**linked, said_at_public=public_entry("said_at__"))
        .values(
            "pk", "event_id", "speaker", "office", "forum", "date", "quote", "paraphrase", "note", "said_at_id",
            "said_at_public", *linked,
        )
    )  # fmt: skip


def add_statements(by_key: Mapping[int, Entry], keys: Array, on_page: set[str]) -> dict[int, StatementLine]:
    lines: dict[int, StatementLine] = {}
    made: dict[tuple[int, int], SaidHere] = {}
    for row in _statements.rows(keys=keys):
        if row["said_at_id"] in by_key:
            key = (row["said_at_id"], row["event_id"])
            if key not in made:
                about = link(without_prefix(row, "about_"), on_page)
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
            link(without_prefix(row, "at_"), on_page) if row["said_at_public"] else None,
        )
        by_key[row["event_id"]].statements.append(line)
    return lines


@Prepared
def _references() -> QuerySet[Any, Any]:
    entries, statements = Slot.of_keys("entries"), Slot.of_keys("statements")
    return (
        Reference.objects.filter(Q(event__among=entries) | Q(statement__among=statements))
        .order_by("position", "pk")
        .values(
            "event_id", "statement_id", "pinpoint", "source__kind", "source__title", "source__publisher",
            "source__address", "source__archived_address", "source__read_on", "source__note",
        )
    )  # fmt: skip


def add_sources(by_key: Mapping[int, Entry], keys: Array, statements: Mapping[int, StatementLine]) -> None:
    kinds, language = labels(SourceKind), get_language()
    for row in _references.rows(entries=keys, statements=as_array(statements)):
        event, statement, pinpoint, kind, title, publisher, address, archived, read_on, note = row.values()
        read = in_words(read_on, Use.WHEN, language)
        line = SourceLine(kinds[kind], title, publisher, address, archived, read, pinpoint, note)
        (by_key[event] if event is not None else statements[statement]).sources.append(line)
