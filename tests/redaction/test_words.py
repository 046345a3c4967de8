"""Words that are redacted are nowhere in the database afterwards, and nothing else has changed."""

import json
from typing import Any

import factories as make
import pghistory
import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from dump import places_with

from casetracker import history, redaction
from casetracker.accounts.models import Session
from casetracker.models import (
    Case,
    DocketNumber,
    Event,
    FormerAttorney,
    FormerCourt,
    FormerJudge,
    FormerParty,
    FormerSlug,
    Redaction,
    Source,
    Transfer,
    Treatment,
)
from casetracker.redaction.places import LEFT_OUT, Holds, places
from casetracker.reworking import JOINABLE, join
from casetracker.roles import CHIEF_EDITOR, EDITOR

pytestmark = pytest.mark.django_db

WORD = "Zorpquist"
REASON = "Order of 3 March; asked for by her lawyer."


@pytest.fixture
def chief() -> Any:
    return make.in_role(CHIEF_EDITOR)


def redact(*passages: str, actor: Any = None, inside: bool = False, authority: str = REASON) -> Redaction:
    pattern = redaction.Pattern.of(passages, inside=inside)
    return redaction.redact_words(pattern, actor=actor, nature="person", authority=authority)


def put_into(row: Any, column: Any, word: str) -> None:
    text = {
        Holds.SLUG: f"a-{word.lower()}-{row.pk}",
        Holds.ADDRESS: f"https://example.org/{word}-{row.pk}",
        Holds.JSON: None,
    }.get(column.holds, f"Of {word} {row.pk}"[: column.longest or None])
    if (column.longest and len(str(text)) > column.longest) or word.lower() not in str(text).lower():
        text = word[: column.longest]
    type(row)._base_manager.filter(pk=row.pk).update(**{column.name: text})


def everywhere(word: str) -> set[str]:
    """Put the word into every column of text of every table, once more into the history, and tell which columns."""
    for place in places():
        if place.is_history or place.model not in make.FACTORIES:
            continue
        if place.model in {FormerParty, FormerCourt, FormerJudge}:
            # They are written once and never changed.
            (column,) = place.columns
            make.FACTORIES[place.model](**{column.name: f"of-{word.lower()}"}, was_public=True)
            continue
        if place.model is FormerAttorney:
            make.FormerAttorneyFactory(**{column.name: f"Of {word}" for column in place.columns})
            continue
        row = make.FACTORIES[place.model]()
        if place.model is Event:
            row = make.RulingFactory(happening="held", outcome="granted")
        if place.model is FormerSlug:
            case = make.CaseFactory(slug=f"of-{word.lower()}-long-ago")
            case.slug = "another"
            case.save()
            continue
        if place.model is Transfer:
            court = make.CourtFactory()
            row = make.TransferFactory(
                origin=None, destination=make.ProceedingFactory(), origin_court=court, origin_number=word
            )
            make.TransferFactory(
                destination=None, origin=make.ProceedingFactory(), destination_court=court, destination_number=word
            )
        if place.model is Treatment:
            make.TreatmentFactory(target=None, target_court=make.CourtFactory(), target_number=word)
        for column in place.columns:
            if column.name not in {"origin_number", "destination_number", "target_number"}:
                put_into(row, column, word)
    gone = make.SourceFactory(title=f"About {word}")
    gone.delete()
    return set(places_with(word))


def test_canary_in_every_text_of_every_table_is_in_no_dump_afterwards(chief: Any) -> None:
    stood = everywhere(WORD)
    for place in places():
        if place.model._meta.app_label != "casetracker" or place.model.__name__.endswith("Context"):
            continue
        for column in place.columns:
            assert f"{place.table}.{column.name}" in stood, "the test puts the word there"
    assert "casetracker_event.search" in stood
    record = redact(WORD, actor=chief)
    assert places_with(WORD) == []
    assert record.rows["casetracker_event"] == 1
    assert record.rows["casetracker_eventrevision"] >= 1


def test_every_column_of_text_in_the_database_is_looked_through_or_left_out_for_a_reason() -> None:
    known = {(place.table, column.name) for place in places() for column in place.columns}
    left_out = {
        # Dates, keys, choices and what the program makes by itself; a word that somebody typed stands in none of them.
        "date", "effective", "postponed_to", "unsealed", "filed", "terminated", "entered", "read_on", "ends", "until",
        "target_date", "public_id", "sha256", "time_zone", "pgh_label", "sort_key", "key", "kind", "state", "status",
        "happening", "form", "outcome", "precedential", "level", "system", "scheme", "role", "verb", "court_id",
        "origin_court_id", "destination_court_id", "target_court_id", "from_court_id", "to_court_id", "pgh_obj_id",
        "other_court_id",
        "reading",
    }  # fmt: skip
    tables = {
        "casetracker_importeddocket",
        "casetracker_importedentry",
        "casetracker_redaction",
        "casetracker_storedfile",
        "casetracker_openform",
        # Names of facets, keys and numbers.
        "casetracker_countedcase",
        "casetracker_tally",
        "casetracker_tallychange",
        "django_migrations",
        "django_content_type",
        "django_session",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb')"
        )
        found = cursor.fetchall()
    forgotten = [
        (table, column)
        for table, column in found
        if (table, column) not in known
        and table not in tables
        and not table.startswith(tuple(f"{label}_" for label in LEFT_OUT))
        and not (
            column in left_out or (table, column) in {("casetracker_court", "id"), ("casetracker_courtrevision", "id")}
        )
    ]
    assert forgotten == []


def test_row_keeps_the_rest_of_its_text_and_its_history_says_who_redacted(chief: Any) -> None:
    entry = make.EventFactory(title=f"Motion of {WORD} to seal", summary="Nothing of it.")
    before = entry.version
    redact(WORD, actor=chief)
    entry.refresh_from_db()
    assert (entry.title, entry.summary) == ("Motion of [redacted] to seal", "Nothing of it.")
    assert entry.version > before
    changes, _ = history.changes(entry)
    assert changes[0].done == "redact"
    assert [change.act for change in changes] == ["changed", "added"]


def test_record_names_actor_authority_and_nature_and_cannot_be_changed(chief: Any) -> None:
    make.CaseFactory(summary=f"On {WORD}.")
    record = redact(WORD, actor=chief)
    assert (record.done_by, record.authority, record.nature, record.subject) == (chief, REASON, "person", "words")
    assert WORD not in json.dumps(record.rows)
    for write in (lambda: Redaction.objects.update(authority="x"), lambda: Redaction.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            write()


@pytest.mark.parametrize(
    "text",
    [
        "Ana María Zorp", "ana maría zorp", "ANA  MARÍA\n\tZORP", "Ana\u00a0María Zorp's", "(Ana María Zorp)",
        "Ana Maria Zorp",
    ],
)  # fmt: skip
def test_name_is_found_however_it_is_spaced_and_written(text: str) -> None:
    case = make.CaseFactory(summary=f"Said {text} today")
    redact("Ana María Zorp")
    case.refresh_from_db()
    assert "[redacted]" in case.summary
    assert "orp" not in case.summary.lower().replace("[redacted]", "")


@pytest.mark.parametrize(
    "address",
    ["https://x.example/ana-maria-zorp.html", "https://x.example/?q=Ana%20Mar%C3%ADa+Zorp", "https://x.example/Ana_María_Zorp"],
)  # fmt: skip
def test_address_with_the_name_goes_as_a_whole(address: str) -> None:
    source = make.SourceFactory(address=address, archived_address="https://archive.example/1", dead_on="2025-01-02")
    redact("Ana María Zorp")
    source.refresh_from_db()
    assert (source.address, source.archived_address, source.dead_on) == ("", "https://archive.example/1", None)


def test_words_within_longer_words_stay_unless_asked_for() -> None:
    case = make.CaseFactory(name="Ann v. Annapolis", summary="")
    redact("Ann")
    case.refresh_from_db()
    assert case.name == "[redacted] v. Annapolis"
    with pytest.raises(redaction.RedactionError, match="nowhere"):
        redact("napol")
    redact("napol", inside=True)
    case.refresh_from_db()
    assert case.name == "[redacted] v. An[redacted]is"


@pytest.mark.parametrize(
    "passage", ["100% (of it)", r"a\b.c*", "x[1]{2}^$|?", "O'Brien & Sons", "50 %s", "Нина Заречная", "日本"]
)
def test_signs_in_a_passage_mean_themselves(passage: str) -> None:
    case, other = make.CaseFactory(note=f"- {passage} -"), make.CaseFactory(note="100x of it abc OBrie 50")
    redact(passage)
    case.refresh_from_db()
    other.refresh_from_db()
    assert case.note == "- [redacted] -"
    assert other.note == "100x of it abc OBrie 50"


def test_old_and_present_addresses_of_a_case_lose_the_name_and_stay_unique() -> None:
    case = make.CaseFactory(slug="zorpquist-v-noem", name="Zorpquist v. Noem", published=True)
    case.slug = "zorpquist-v-smith"
    case.save()
    redact(WORD)
    case.refresh_from_db()
    assert case.slug == f"redacted-{case.pk}-v-smith"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == [f"redacted-{FormerSlug.objects.get().pk}-v-noem"]
    assert places_with(WORD) == []
    assert Client().get("/cases/zorpquist-v-noem/").status_code == 404
    assert Client().get(case.get_absolute_url()).status_code == 200


def test_values_that_become_the_same_are_told_apart_where_each_must_be_the_only_one() -> None:
    proceeding = make.ProceedingFactory()
    for number in ("12 of Zorp", "12 of Quist"):
        make.DocketNumberFactory(proceeding=proceeding, number=number, is_main=False, term="")
    redact("Zorp", "Quist")
    left = set(DocketNumber.objects.filter(number__startswith="12 of").values_list("number", flat=True))
    assert len(left) == 2
    assert all("redacted" in number for number in left)


def test_mark_fits_into_the_shortest_column() -> None:
    entry = make.RulingFactory(vote=f"{WORD[:5]} " * 6)
    redact(WORD[:5])
    entry.refresh_from_db()
    assert len(entry.vote) <= 40
    assert WORD[:5] not in entry.vote


def test_initials_of_a_minor_become_those_of_nobody() -> None:
    party = make.PartyFactory(name="Q.Z.P.", slug="qzp", is_minor=True)
    redact("Q.Z.P.")
    party.refresh_from_db()
    assert (party.name, party.slug) == ("X.", f"redacted-{party.pk}")
    assert places_with("Q.Z.P") == places_with("qzp") == []


def test_initials_of_a_minor_stay_where_only_the_address_has_the_words() -> None:
    party = make.PartyFactory(name="Q.Z.P.", slug="zorpquist-v-noem-qzp", is_minor=True)
    redact(WORD)
    party.refresh_from_db()
    assert (party.name, party.slug) == ("Q.Z.P.", f"redacted-{party.pk}-v-noem-qzp")


def test_log_and_context_and_sessions_are_looked_through(chief: Any) -> None:
    client = Client()
    client.force_login(chief)
    session = client.session
    session["_messages"] = f"“{WORD} v. Noem” is published."
    session.save()
    case = make.CaseFactory(name=f"{WORD} v. Noem")
    LogEntry.objects.create(
        user=chief, content_type=ContentType.objects.get_for_model(Case), object_id=str(case.pk),
        object_repr=case.name, action_flag=CHANGE,
        change_message=json.dumps([{"added": {"name": "source", "object": "Zorpquíst, été"}}]),
    )  # fmt: skip
    with pghistory.context(url=f"/search/{WORD}", names=[{"of": WORD}]):
        Case.objects.filter(pk=case.pk).update(note="Changed")
    assert "pghistory_context.metadata" in places_with(WORD)
    record = redact(WORD, "Zorpquíst, été", actor=chief)
    assert places_with(WORD) == places_with("Zorpqu") == []
    assert record.rows["accounts_session"] == 1
    kept = Session.objects.get().get_decoded()
    assert "_messages" not in kept
    assert "_auth_user_id" in kept
    entry = LogEntry.objects.get(change_message__contains="source")
    assert entry.object_repr == "[redacted] v. Noem"
    assert "source" in entry.get_change_message()


def test_names_in_json_that_the_program_needs_are_left(chief: Any) -> None:
    client = Client()
    client.force_login(chief)
    case = make.CaseFactory(note="The user of it")
    client.post(f"/admin/casetracker/case/{case.pk}/publication/review/", {"reviewer": ""})
    redact("user", actor=chief)
    case.refresh_from_db()
    changes, _ = history.changes(case)
    assert any(change.who == chief.get_username() for change in changes)


@pytest.mark.parametrize("passages", [[], ["  "], ["a"], ["-"], ["y" * 2_001], [f"w{n:02}" for n in range(21)]])
def test_too_little_or_too_much_is_refused_in_words(passages: list[str]) -> None:
    with pytest.raises(redaction.PatternError) as refused:
        redaction.Pattern.of(passages)
    assert str(refused.value).endswith(".")


def test_reason_must_not_hold_the_words() -> None:
    make.CaseFactory(note=WORD)
    with pytest.raises(redaction.RedactionError, match="reason itself"):
        redact(WORD, authority=f"{WORD} asked")
    assert not Redaction.objects.exists()


def test_only_who_may_redact_redacts() -> None:
    case = make.CaseFactory(note=WORD)
    with pytest.raises(PermissionDenied):
        redact(WORD, actor=make.in_role(EDITOR))
    case.refresh_from_db()
    assert case.note == WORD


def test_rule_of_the_database_that_is_in_the_way_undoes_all_of_it_and_is_named_without_the_words() -> None:
    make.CaseFactory(note=WORD)
    entry = make.EventFactory(title=WORD)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casetracker_event ADD CONSTRAINT no_marks CHECK (title NOT LIKE '[redacted]')")
    with pytest.raises(redaction.RedactionError, match="no_marks") as refused:
        redact(WORD)
    assert WORD not in str(refused.value)
    entry.refresh_from_db()
    assert entry.title == WORD
    assert Case.objects.filter(note=WORD).exists()


def test_history_stays_closed_to_everybody_else() -> None:
    entry = make.EventFactory(title=WORD)
    redact(WORD)
    for table in ("casetracker_eventrevision", "casetracker_caserevision"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    assert history.changes(entry)[1] == 2


def test_found_counts_rows_and_history_and_names_what_is_there() -> None:
    entry = make.EventFactory(title=f"Of {WORD}")
    source = make.SourceFactory(title=f"On {WORD}")
    Source.objects.filter(pk=source.pk).update(note=f"{WORD}")
    found = redaction.find(redaction.Pattern.of([WORD]))
    assert set(found.shown) == {entry, source}
    assert found.rows["casetracker_event"] == found.rows["casetracker_source"] == 1
    assert found.history == 3
    assert entry.title == f"Of {WORD}"


@pytest.mark.parametrize("wrong", [{"subject": "x"}, {"nature": "x"}, {"authority": ""}])
def test_record_without_subject_nature_or_authority_is_refused_by_the_database(wrong: dict[str, str]) -> None:
    right = {"subject": "words", "nature": "person", "authority": REASON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.create(**(right | wrong))


def test_addresses_of_what_was_merged_lose_the_name_and_lead_nowhere() -> None:
    rows: dict[str, Any] = {}
    for slug, maker, own in (("party", make.PartyFactory, "slug"), ("court", make.CourtFactory, "id")):
        kept, old = maker(), maker(**{own: "zorpquist-of-old", "name": f"Of {WORD}"})
        for row in (kept, old):
            proceeding = make.ProceedingFactory(
                case=make.CaseFactory(published=True), **({"court": row} if slug == "court" else {})
            )
            if slug == "party":
                make.PartyRoleFactory(proceeding=proceeding, party=row)
        join(JOINABLE[slug], kept.pk, old.pk)
        rows[slug] = kept
    assert Client().get("/parties/zorpquist-of-old/").status_code == 301
    redact(WORD)
    # The history keeps the identifiers of courts, which are no names of persons and never change.
    assert all(place.endswith(("court_id", "courtrevision.id", "pgh_obj_id")) for place in places_with(WORD))
    for path in ("/parties/zorpquist-of-old/", "/courts/zorpquist-of-old/"):
        assert Client().get(path).status_code == 404
    for row in rows.values():
        assert Client().get(row.get_absolute_url()).status_code == 200
