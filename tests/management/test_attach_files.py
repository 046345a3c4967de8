"""A case is taken from one site to another with the files of its documents."""

from io import StringIO
from pathlib import Path

import factories as make
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pdf_samples import pdf

from casetracker import files
from casetracker.models import Case, Document, Event, StoredFile

pytestmark = pytest.mark.django_db

CONTENT = pdf("The motion is granted.")


def attached(folder: Path) -> str:
    out = StringIO()
    call_command("attach_files", folder, stdout=out, stderr=StringIO())
    return out.getvalue()


def described(content: bytes, **fields: object) -> Document:
    """A document as an import brings it."""
    document: Document = make.DocumentFactory(sha256=files.checksum(content), size=len(content), **fields)
    return document


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """What a site has written of a case, which is gone from it since."""
    make.CourtFactory(id="mdd")
    proceeding = make.ProceedingFactory(court_id="mdd", case=make.CaseFactory(slug="doe-v-office"))
    make.DocketNumberFactory(proceeding=proceeding, number="8:25-cv-00951", is_main=True)
    entry = make.EventFactory(case=proceeding.case, court=proceeding.court)
    make.DocketEntryFactory(event=entry, proceeding=proceeding, number="1")
    stored = files.store(CONTENT, uploaded_by=None)
    make.DocumentFactory(event=entry, title="Order", file=stored)
    make.DocumentFactory(event=make.EventFactory(), file=files.store(b"Of another case.\n", uploaded_by=None))
    out = StringIO()
    call_command("export_case", "doe-v-office", files=tmp_path / "files", stdout=out)
    (tmp_path / "case.json").write_text(out.getvalue(), encoding="utf-8")
    Document.objects.all().delete()
    entry.delete()
    proceeding.delete()
    Case.objects.filter(slug="doe-v-office").delete()
    return tmp_path


def test_export_writes_each_file_of_the_case_under_its_checksum(exported: Path) -> None:
    (path,) = (exported / "files").iterdir()
    assert path.name == f"{files.checksum(CONTENT)}.pdf"
    assert path.read_bytes() == CONTENT


def test_case_is_read_again_with_its_files(exported: Path) -> None:
    call_command("import_docket", exported / "case.json", verbosity=0)
    document = Document.objects.get(title="Order")
    assert document.file is None
    assert "1 documents have their file now, 0 of them for readers; 0 files are awaited by none" in attached(
        exported / "files"
    )
    document.refresh_from_db()
    assert document.file is not None
    assert b"".join(files.pieces(document.file.pk, 0, document.file.size)) == CONTENT
    assert document.reading == "waiting"
    # Once more does nothing.
    assert "0 documents have their file now, 0 of them for readers; 1 files are awaited by none" in attached(
        exported / "files"
    )


def test_name_of_a_file_says_nothing_and_its_content_all(tmp_path: Path) -> None:
    document, other = described(CONTENT), described(b"Something else.\n")
    (tmp_path / f"{other.sha256}.pdf").write_bytes(CONTENT)
    attached(tmp_path)
    document.refresh_from_db()
    other.refresh_from_db()
    assert document.file is not None
    assert other.file is None


def test_document_with_a_file_keeps_it_and_what_readers_get_is_told(tmp_path: Path) -> None:
    public = described(CONTENT, event=make.EventFactory(published=True))
    sealed = described(CONTENT, event=make.EventFactory(published=True), sealed=True)
    has_one = make.DocumentFactory(file=make.StoredFileFactory())
    before = has_one.file
    (tmp_path / "order").write_bytes(CONTENT)
    assert "2 documents have their file now, 1 of them for readers" in attached(tmp_path)
    assert Client().get(public.get_absolute_url()).status_code == 200
    assert Client().get(sealed.get_absolute_url()).status_code == 404
    has_one.refresh_from_db()
    assert has_one.file == before


def test_what_is_no_text_of_a_court_is_refused_by_name_and_the_rest_is_taken(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(60)
    described(picture)
    document = described(CONTENT)
    (tmp_path / "a.png").write_bytes(picture)
    (tmp_path / "b.pdf").write_bytes(CONTENT)
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("attach_files", tmp_path, stdout=StringIO(), stderr=told)
    assert told.getvalue().startswith("a.png: ")
    document.refresh_from_db()
    assert document.file is not None
    assert StoredFile.objects.count() == 1


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no folder"):
        attached(tmp_path / "nowhere")
    assert not Event.objects.exists()
