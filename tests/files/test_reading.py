"""Pages and text of files come by themselves, and no file can hold up or break what reads it."""

import time
from typing import Any

import factories as make
import pdf_samples
import pytest
from django.core.management import call_command
from django.db import connection, connections

from casetracker import files, history
from casetracker.files import reading
from casetracker.models import Document, StoredFile

pytestmark = pytest.mark.django_db


def waiting(content: bytes, **fields: Any) -> Document:
    document: Document = make.DocumentFactory(file=files.store(content, uploaded_by=None), pages=None, **fields)
    return document


def read(content: bytes) -> Document:
    document = waiting(content)
    assert files.read_waiting() == 1
    document.refresh_from_db()
    return document


def test_pages_are_counted_and_text_is_kept_for_search() -> None:
    document = read(pdf_samples.pdf("Motion for the return\nof the book", "Second page"))
    assert (document.reading, document.pages) == ("read", 2)
    assert document.text == "Motion for the return\nof the book\n\nSecond page"
    changes, _ = history.changes(document)
    assert changes[0].done == "read file"
    assert files.read_waiting() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_plain_text_is_its_own_text(encoding: str) -> None:
    document = read("Señor  García’s\r\nmotion\x0c\r\n\r\n\r\n\r\nto dismiss".encode(encoding))
    assert (document.reading, document.pages) == ("read", None)
    assert document.text == "Señor García’s\nmotion\n\nto dismiss"


def test_command_reads_what_waits_and_ends() -> None:
    document = waiting(pdf_samples.pdf("A motion"))
    call_command("extract_texts", verbosity=0)
    document.refresh_from_db()
    assert document.text == "A motion"


@pytest.mark.parametrize(
    ("content", "outcome", "pages"),
    [
        (pdf_samples.pdf(""), "empty", 1),
        (pdf_samples.locked("A motion"), "locked", None),
        (pdf_samples.locked("A motion", word=""), "read", 1),
        (b"%PDF-1.7\nnothing\nstartxref\n0\n%%EOF", "damaged", None),
        (pdf_samples.pdf("Her number is 123-45-6789."), "held_back", 1),
        (pdf_samples.pdf("In re A 123 456 789"), "held_back", 1),
    ],
)
def test_what_cannot_be_read_or_kept_is_told(content: bytes, outcome: str, pages: int | None) -> None:
    document = read(content)
    assert (document.reading, document.pages) == (outcome, pages)
    assert bool(document.text) == (outcome == "read")


@pytest.mark.parametrize("content", [pdf_samples.circle(), pdf_samples.bomb()], ids=["circle", "bomb"])
def test_file_made_to_do_harm_costs_a_moment_and_is_told_of(content: bytes) -> None:
    assert len(content) < 5_000_000
    began = time.monotonic()
    document = read(content)
    assert document.reading in {"damaged", "too_much", "empty"}
    assert time.monotonic() - began < 30


def test_reader_that_goes_on_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(reading, "_READER", endless)
    monkeypatch.setattr(reading, "LONGEST", 0.3)
    assert read(pdf_samples.pdf("A motion")).reading == "too_much"


def test_reader_knows_nothing_of_the_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    curious = tmp_path / "curious.py"
    curious.write_text(
        "import json, os\n"
        "try:\n    import casetracker\n    found = 'casetracker'\nexcept ImportError:\n    found = 'nothing'\n"
        "known = [name for name in os.environ if 'DATABASE' in name or 'SECRET' in name]\n"
        "print(json.dumps({'outcome': 'read', 'pages': 1, 'text': ' '.join([found, *known])}))"
    )
    monkeypatch.setattr(reading, "_READER", curious)
    assert read(pdf_samples.pdf("A motion")).text == "nothing"


def test_long_text_is_cut_to_what_an_index_of_words_can_hold() -> None:
    document = read(" ".join(f"w{number:06x}é" for number in range(80_000)).encode())
    assert document.reading == "read"
    assert 390_000 < len(document.text.encode()) <= reading.MOST_BYTES
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(to_tsvector('english', %s))", [document.text])
        assert cursor.fetchone()[0] >= 40_000


def test_what_is_replaced_while_it_is_read_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    document = waiting(pdf_samples.pdf("The first"))
    second = files.store(pdf_samples.pdf("The second"), uploaded_by=None)
    plain = reading._pdf

    def replaced_meanwhile(content: bytes) -> Any:
        Document.objects.filter(pk=document.pk).update(file=second)
        return plain(content)

    monkeypatch.setattr(reading, "_pdf", replaced_meanwhile)
    assert files.read_waiting() == 0
    document.refresh_from_db()
    assert (document.reading, document.text) == ("waiting", "")
    monkeypatch.undo()
    assert files.read_waiting() == 1
    document.refresh_from_db()
    assert document.text == "The second"


def test_one_that_another_process_reads_is_left_to_it() -> None:
    document = waiting(pdf_samples.pdf("A motion"))
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [reading._LOCKS, document.pk])
        assert files.read_waiting() == 0
    finally:
        # With its connection the lock goes, as when a process dies.
        other.close()
    deadline = time.monotonic() + 5
    while not files.read_waiting() and time.monotonic() < deadline:
        time.sleep(0.05)
    document.refresh_from_db()
    assert document.reading == "read"


def test_file_is_stored_once_and_given_out_as_it_came() -> None:
    content = pdf_samples.pdf("A motion") + bytes(range(256)) * 4_000 + b"\nstartxref\n0\n%%EOF"
    file = files.store(content, uploaded_by=None)
    assert files.store(content, uploaded_by=make.UserFactory()) == file
    assert StoredFile.objects.count() == 1
    assert b"".join(files.pieces(file.pk, 0, file.size)) == content
    assert b"".join(files.pieces(file.pk, 300_000, 300_010)) == content[300_000:300_010]
    assert list(files.pieces(file.pk + 1, 0, 10)) == []
