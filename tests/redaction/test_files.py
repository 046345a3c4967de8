"""A file goes from the database, its bytes included, when nothing names it any more; and what named it says so."""

from typing import Any

import factories as make
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from dump import places_with

from casetracker import publication, redaction
from casetracker.models import Document, Redaction, StoredFile
from casetracker.roles import CHIEF_EDITOR, EDITOR

pytestmark = pytest.mark.django_db

WORD = "Zorpquist"
GIVEN = {"nature": "sealed", "authority": "Order of 3 March"}


def a_file(words: str = f"Affidavit of {WORD}.") -> StoredFile:
    return make.StoredFileFactory(content=words.encode())


def with_file(file: StoredFile, **fields: Any) -> Any:
    return make.DocumentFactory(file=file, **fields)


def read(document: Document, text: str) -> None:
    Document.objects.filter(pk=document.pk).update(text=text, reading="read", pages=3)


def withhold(entry: Any) -> Any:
    return publication.withhold(entry, actor=None, reason="sealed")


def words(*passages: str, and_files: bool, actor: Any = None) -> Redaction:
    return redaction.redact_words(redaction.Pattern.of(passages), actor=actor, and_files=and_files, **GIVEN)


# --- what the database keeps ----------------------------------------------------------------------------------------


def test_file_is_never_changed_or_removed_past_a_redaction() -> None:
    file = a_file()
    for write in (lambda: StoredFile.objects.update(size=1), lambda: StoredFile.objects.filter(pk=file.pk).delete()):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            write()


@pytest.mark.parametrize("given", [{"sha256": "0" * 64}, {"size": 5}, {"media_type": "text/html"}, {"content": b""}])
def test_file_that_is_not_what_its_row_says_is_refused(given: dict[str, Any]) -> None:
    file = make.StoredFileFactory.build()
    for name, value in given.items():
        setattr(file, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        file.save()


def test_document_says_of_its_file_what_the_file_is_and_waits_to_be_read() -> None:
    file, other = a_file(), a_file("Another.")
    document = with_file(file, size=1, sha256="0" * 64, text="typed")
    document.refresh_from_db()
    assert (document.size, document.sha256, document.text) == (file.size, file.sha256, "")
    assert document.reading == "waiting"
    read(document, "The text")
    Document.objects.filter(pk=document.pk).update(size=4)
    document.refresh_from_db()
    assert (document.size, document.text, document.pages) == (file.size, "The text", 3)
    Document.objects.filter(pk=document.pk).update(file=other)
    document.refresh_from_db()
    assert (document.sha256, document.text, document.pages, document.reading) == (other.sha256, "", None, "waiting")
    Document.objects.filter(pk=document.pk).update(file=None)
    document.refresh_from_db()
    assert (document.sha256, document.size, document.text, document.reading) == ("", None, "", "")


def test_what_reading_came_to_is_one_of_the_known_outcomes() -> None:
    document = with_file(a_file())
    with pytest.raises(IntegrityError, match="document_reading_known"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(reading="liked")


# --- rows -----------------------------------------------------------------------------------------------------------


def test_files_go_with_the_entry_those_that_were_replaced_or_whose_document_was_deleted_too() -> None:
    entry = make.EventFactory(published=True)
    document = with_file(a_file(f"First of {WORD}"), event=entry)
    Document.objects.filter(pk=document.pk).update(file=a_file(f"Second of {WORD}"))
    with_file(a_file(f"Third of {WORD}"), event=entry).delete()
    kept = with_file(a_file("Of another entry"))
    assert places_with(WORD) == ["casetracker_storedfile.content"]
    withhold(entry)
    assert redaction.extent(entry).counts["stored files"] == 3
    record = redaction.redact_row(entry, actor=None, **GIVEN)
    assert places_with(WORD) == []
    assert (record.files, record.rows["casetracker_storedfile"]) == (3, 3)
    assert set(StoredFile.objects.all()) == {kept.file}


@pytest.mark.parametrize("once", [False, True])
def test_file_that_another_entry_names_or_named_once_stays(*, once: bool) -> None:
    entry = make.EventFactory(published=True)
    file = a_file()
    with_file(file, event=entry)
    other = with_file(file)
    if once:
        Document.objects.filter(pk=other.pk).update(file=a_file("Replaced"))
    withhold(entry)
    record = redaction.redact_row(entry, actor=None, **GIVEN)
    assert record.files == 0
    assert StoredFile.objects.filter(pk=file.pk).exists()


# --- words ----------------------------------------------------------------------------------------------------------


def test_words_take_the_files_of_the_documents_in_whose_text_they_stand_if_asked_to() -> None:
    packed = make.StoredFileFactory(content=b"%PDF-1.7 packed\nstartxref\n0\n%%EOF", media_type="application/pdf")
    document, twin = with_file(packed), with_file(packed)
    read(document, f"Affidavit of {WORD}, sworn")
    before = with_file(a_file("Of somebody"), title=f"Affidavit of {WORD}")
    Document.objects.filter(pk=before.pk).update(file=None, title="Affidavit")
    kept = with_file(a_file("Of nobody"))
    pattern = redaction.Pattern.of([WORD])
    assert redaction.find(pattern).files == 2
    record = words(WORD, and_files=True)
    assert places_with(WORD) == []
    assert record.files == 2
    for each in (document, twin):
        each.refresh_from_db()
        assert (each.file, each.sha256, each.size, each.pages, each.reading) == (None, "", None, None, "")
        assert set(each.revisions.values_list("file", "sha256", "size", "text")) == {(None, "", None, "")}
    assert set(StoredFile.objects.all()) == {kept.file}


def test_words_in_a_file_of_plain_text_are_found_in_the_file_itself() -> None:
    document = with_file(a_file())
    content = "Señor Zorpquist".encode("cp1252")
    western = with_file(make.StoredFileFactory(content=content, media_type="text/plain; charset=windows-1252"))
    record = words(WORD, and_files=True)
    assert record.files == 2
    assert places_with(WORD) == []
    assert Document.objects.get(pk=document.pk).file is Document.objects.get(pk=western.pk).file is None


def test_files_stay_where_only_the_words_are_to_go() -> None:
    document = with_file(a_file(), title=f"Affidavit of {WORD}")
    read(document, f"Affidavit of {WORD}")
    record = words(WORD, and_files=False)
    document.refresh_from_db()
    assert (record.files, document.title, document.text) == (0, "Affidavit of [redacted]", "Affidavit of [redacted]")
    assert places_with(WORD) == ["casetracker_storedfile.content"]


def test_files_whose_text_nobody_knows_are_counted_for_whoever_looks_for_words() -> None:
    packed = [
        make.StoredFileFactory(content=f"%PDF-1.7 {number}".encode(), media_type="application/pdf")
        for number in range(3)
    ]
    for file, outcome in zip(packed, ("read", "locked", "waiting"), strict=True):
        Document.objects.filter(pk=with_file(file).pk).update(reading=outcome)
    make.EventFactory(title=WORD)
    assert redaction.find(redaction.Pattern.of([WORD])).unread_files == 2


# --- one file -------------------------------------------------------------------------------------------------------


def test_file_of_a_sealed_document_goes_with_those_before_it_and_the_document_stays() -> None:
    document = with_file(a_file(f"First of {WORD}"), sealed=True)
    Document.objects.filter(pk=document.pk).update(file=a_file(f"Second of {WORD}"))
    record = redaction.redact_file(document, actor=make.in_role(CHIEF_EDITOR), **GIVEN)
    assert places_with(WORD) == []
    assert (record.subject, record.files) == ("file", 2)
    document.refresh_from_db()
    assert document.file is None
    assert document.revisions.filter(file__isnull=False).count() == 0
    with pytest.raises(redaction.RedactionError, match="no file"):
        redaction.redact_file(document, actor=None, **GIVEN)


def test_file_of_a_document_that_is_not_sealed_stays() -> None:
    document = with_file(a_file())
    with pytest.raises(redaction.RedactionError, match="sealed first"):
        redaction.redact_file(document, actor=None, **GIVEN)
    Document.objects.filter(pk=document.pk).update(sealed=True)
    with pytest.raises(PermissionDenied):
        redaction.redact_file(document, actor=make.in_role(EDITOR), **GIVEN)
    assert StoredFile.objects.filter(pk=document.file_id).exists()


def test_file_is_kept_again_afterwards() -> None:
    document = with_file(a_file(), sealed=True)
    redaction.redact_file(document, actor=None, **GIVEN)
    a_file("Kept")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM casetracker_storedfile")
