"""Several files at once on the screen of an entry: each becomes a document, or is named with the reason why not."""

from collections.abc import Callable
from typing import Any

import factories as make
import pdf_samples
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casetracker import files
from casetracker.admin.entry_files import FIELD, MOST, title_of
from casetracker.models import Document, Event, StoredFile
from casetracker.roles import CONTRIBUTOR

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]
Told = Callable[[Any], str]

PDF = pdf_samples.pdf("A motion")
OTHER = pdf_samples.pdf("A reply")


def upload(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def titles(entry: Event) -> list[str]:
    return sorted(Document.objects.filter(event=entry).values_list("title", flat=True))


@pytest.mark.parametrize("model", ["event", "ruling"])
def test_files_become_documents_of_the_entry_named_after_them(
    editor_client: Client, address: Address, fill: Fill, told: Told, model: str
) -> None:
    entry = make.EventFactory() if model == "event" else make.RulingFactory()
    path = address(model, "change", entry.pk)
    body = editor_client.get(path).content.decode()
    assert 'enctype="multipart/form-data"' in body
    data = fill(editor_client, path, title="Renamed")
    data[FIELD] = [upload("Motion_to dismiss.pdf"), upload("notes.txt", b"Plain words.\n")]
    response = editor_client.post(path, data, follow=True)
    entry.refresh_from_db()
    assert entry.title == "Renamed"
    assert titles(entry) == ["Motion to dismiss", "notes"]
    assert all(document.file_id and document.size for document in Document.objects.all())
    assert "2 files were taken in" in told(response)
    # Each can be put right at once.
    for document in Document.objects.all():
        assert address("document", "change", document.pk) in told(response)


def test_files_come_with_a_new_entry(editor_client: Client, address: Address, fill: Fill) -> None:
    case = make.CaseFactory()
    path = f"{address('event', 'add')}?case={case.pk}"
    data = fill(editor_client, path, kind="filing", date="2025-04-10", title="Motion")
    data[FIELD] = [upload("motion.pdf"), upload("reply.pdf", OTHER)]
    assert editor_client.post(path, data).status_code == 302
    assert titles(Event.objects.get()) == ["motion", "reply"]


def test_refused_files_are_named_and_the_others_and_all_that_was_typed_are_kept(
    editor_client: Client, address: Address, fill: Fill, told: Told, settings: Any
) -> None:
    settings.LARGEST_FILE = 20_000
    entry = make.EventFactory()
    make.DocumentFactory(event=entry, title="There already", file=files.store(OTHER, uploaded_by=None))
    path = address("event", "change", entry.pk)
    data = fill(editor_client, path, summary="An hour's work.")
    data[FIELD] = [
        upload("good.pdf"), upload("twice.pdf"), upload("picture.pdf", b"\x89PNG\r\n"), upload("empty.pdf", b""),
        upload("huge.pdf", b"%PDF-1.7" + b"x" * 30_000), upload("known.pdf", OTHER),
    ]  # fmt: skip
    text = told(editor_client.post(path, data, follow=True))
    entry.refresh_from_db()
    assert entry.summary.startswith("An hour")
    assert titles(entry) == ["There already", "good"]
    for name, why in (
        ("twice.pdf", "has the same file already, as “good”"), ("picture.pdf", ""), ("empty.pdf", ""),
        ("huge.pdf", "larger than"), ("known.pdf", "has the same file already, as “There already”"),
    ):  # fmt: skip
        assert f"“{name}” was not taken in:" in text
        assert why in text
    assert "choose it once more" not in text
    assert StoredFile.objects.count() == 2


def test_form_that_is_not_saved_keeps_no_file_and_says_to_choose_them_again(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory()
    path = address("event", "change", entry.pk)
    data = fill(editor_client, path, title="", summary="An hour's work.")
    data[FIELD] = [upload("motion.pdf")]
    response = editor_client.post(path, data)
    assert response.status_code == 200
    assert "choose them once more" in str(response.context["adminform"].form.errors[FIELD])
    assert "An hour" in response.content.decode()
    assert not Document.objects.exists()


def test_more_files_than_are_taken_at_once_are_refused_before_any_is(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory()
    path = address("event", "change", entry.pk)
    data = fill(editor_client, path)
    data[FIELD] = [upload(f"{number}.txt", f"Text {number}\n".encode()) for number in range(MOST + 1)]
    response = editor_client.post(path, data)
    assert f"At most {MOST} files at once" in str(response.context["adminform"].form.errors[FIELD])
    assert not Document.objects.exists()


def test_files_are_taken_only_from_who_may_add_a_document_to_the_entry(address: Address, fill: Fill) -> None:
    contributor = make.in_role(CONTRIBUTOR)
    client = Client()
    client.force_login(contributor)
    own, public = make.EventFactory(created_by=contributor), make.EventFactory(published=True)
    assert FIELD not in client.get(address("event", "change", public.pk)).content.decode()
    assert client.post(address("event", "change", public.pk), {FIELD: [upload("a.pdf")]}).status_code == 403
    path = address("event", "change", own.pk)
    data = fill(client, path) | {FIELD: [upload("a.pdf")]}
    assert client.post(path, data).status_code == 302
    assert titles(own) == ["a"]
    assert not Document.objects.filter(event=public).exists()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Motion_to  dismiss.pdf", "Motion to dismiss"),
        ("..", "Document"),
        (".pdf", "pdf"),
        ("", "A file without a name"),
        ("x" * 400 + ".pdf", "x" * 196),
        ("a\x00b\u202e.pdf", "a?b?"),
    ],
)
def test_title_is_made_from_any_name_of_a_file(name: str, title: str) -> None:
    assert title_of(name) == title
