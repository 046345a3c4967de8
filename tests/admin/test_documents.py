"""
A file is uploaded on the screen of its document. What it is, its own content says; a file that is refused loses nothing
else of what was typed.
"""

from collections.abc import Callable
from typing import Any

import factories as make
import pdf_samples
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from casetracker import files, restoring
from casetracker.models import Document, StoredFile
from casetracker.roles import CONTRIBUTOR

pytestmark = pytest.mark.django_db

Fill = Callable[..., dict[str, Any]]
ADD = "/admin/casetracker/document/add/"
PDF = pdf_samples.pdf("A motion")


def upload(content: bytes = PDF, name: str = "motion.pdf", kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def screen(document: Document) -> str:
    return reverse("admin:casetracker_document_change", args=[document.pk])


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    found: dict[str, list[str]] = response.context["adminform"].form.errors
    return found


def with_file(content: bytes = PDF, **fields: Any) -> Document:
    document: Document = make.DocumentFactory(file=files.store(content, uploaded_by=None), **fields)
    return document


# --- taking one in --------------------------------------------------------------------------------------------------


def test_file_is_taken_in_with_its_document_and_read(editor_client: Client, fill: Fill) -> None:
    entry = make.EventFactory()
    data = fill(editor_client, f"{ADD}?event={entry.pk}", title="The motion", upload=upload())
    assert editor_client.post(ADD, data).status_code == 302
    document = Document.objects.get()
    assert (document.event, document.title, document.size) == (entry, "The motion", len(PDF))
    assert document.file is not None
    assert document.file.uploaded_by == editor_client.get("/admin/").wsgi_request.user
    assert document.file.media_type == "application/pdf"
    body = editor_client.get(screen(document)).content.decode()
    assert "Waiting to be read" in body
    assert f"/admin/casetracker/document/{document.pk}/file/" in body
    files.read_waiting()
    body = editor_client.get(screen(document)).content.decode()
    assert "A motion</div>" in body
    assert document.file.sha256 in body
    assert 'name="sha256"' not in body


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script>", "web page"),
        (b"PK\x03\x04", "Office document"),
        (PDF[:-30], "cut off"),
    ],
)
def test_what_is_not_taken_is_named_and_what_was_typed_stays(
    editor_client: Client, fill: Fill, content: bytes, told: str
) -> None:
    entry = make.EventFactory()
    data = fill(editor_client, f"{ADD}?event={entry.pk}", title="The motion", upload=upload(content))
    response = editor_client.post(ADD, data)
    assert told in str(errors(response)["upload"])
    assert response.context["adminform"].form["title"].value() == "The motion"
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()


def test_name_and_type_that_the_browser_gives_are_not_believed(editor_client: Client, fill: Fill) -> None:
    entry = make.EventFactory()
    sent = upload(b"Only text\n", "../../x.html\r\n.svg", "text/html")
    data = fill(editor_client, f"{ADD}?event={entry.pk}", title="Note", upload=sent)
    assert editor_client.post(ADD, data).status_code == 302
    assert StoredFile.objects.get().media_type == "text/plain; charset=utf-8"


def test_file_over_the_limit_is_left_out_while_it_comes_and_the_form_says_so(
    editor_client: Client, fill: Fill, settings: Any
) -> None:
    settings.LARGEST_FILE = 300_000
    entry = make.EventFactory()
    data = fill(editor_client, f"{ADD}?event={entry.pk}", title="The motion", upload=upload(PDF + b" " * 400_000))
    response = editor_client.post(ADD, data)
    assert "larger than 293.0 KB" in str(errors(response)["upload"])
    assert response.wsgi_request.FILES == {}
    assert response.context["adminform"].form["title"].value() == "The motion"
    data["upload"] = upload(pdf_samples.pdf("A motion", extra=b"x" * 290_000))
    assert editor_client.post(ADD, data).status_code == 302


def test_file_of_a_stranger_is_kept_nowhere_and_a_form_still_arrives(client: Client) -> None:
    for path in ("/cases/", ADD, "/admin/login/"):
        response = client.post(path, {"username": "x", "password": "y", "upload": upload()})
        assert response.status_code in {200, 302, 405}
        request = response.wsgi_request
        assert (request.POST.get("username"), dict(request.FILES)) == ("x", {})


def test_other_mistakes_say_that_the_file_must_be_chosen_again(editor_client: Client, fill: Fill) -> None:
    entry = make.EventFactory()
    data = fill(editor_client, f"{ADD}?event={entry.pk}", title="", upload=upload())
    found = errors(editor_client.post(ADD, data))
    assert set(found) == {"title", "upload"}
    assert "choose it once more" in str(found["upload"])
    assert not StoredFile.objects.exists()


def test_conflict_says_that_the_file_must_be_chosen_again(editor_client: Client, fill: Fill) -> None:
    document = make.DocumentFactory()
    data = fill(editor_client, screen(document), upload=upload())
    Document.objects.filter(pk=document.pk).update(pages=7)
    response = editor_client.post(screen(document), data)
    assert "choose it once more" in response.content.decode()
    assert not StoredFile.objects.exists()
    again = fill(editor_client, screen(document), upload=upload())
    assert editor_client.post(screen(document), again).status_code == 302
    document.refresh_from_db()
    assert document.file is not None


def test_page_after_a_lost_session_says_that_the_file_is_not_part_of_it(fill: Fill) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.EditorFactory())
    entry = make.EventFactory()
    data = fill(client, f"{ADD}?event={entry.pk}", title="The motion of the whole of the plaintiffs, as filed")
    given = client.get(ADD).context["given_to"]
    client.cookies["csrftoken"] = "x" * 32
    response = client.post(ADD, {**data, "_given_to": given, "upload": upload()})
    assert response.status_code == 403
    assert "as filed" in response.content.decode()
    assert "choose it once more" in response.content.decode()


def test_page_after_signing_in_again_says_so_too(fill: Fill) -> None:
    user = make.EditorFactory(password="a long passphrase 1")
    client = Client()
    client.force_login(user)
    entry = make.EventFactory()
    data = fill(client, f"{ADD}?event={entry.pk}", title="The motion of the whole of the plaintiffs, as filed")
    given = client.get(ADD).context["given_to"]
    client.logout()
    asked = client.post(ADD, {**data, "_given_to": given, "upload": upload()})
    waits = asked.context["waits"]
    sent = {"username": user.get_username(), "password": "a long passphrase 1", "next": ADD, "_waits": waits}
    body = client.post("/admin/login/", sent).content.decode()
    assert "as filed" in body
    assert "choose it once more" in body


# --- the same file twice --------------------------------------------------------------------------------------------


def test_file_that_is_here_already_is_kept_once_and_said_to_be_where(editor_client: Client, fill: Fill) -> None:
    other = with_file(title="Exhibit A")
    entry = make.EventFactory()
    data = fill(editor_client, f"{ADD}?event={entry.pk}", title="Exhibit 1", upload=upload())
    body = editor_client.post(ADD, data, follow=True).content.decode()
    assert "The same file is already here: “Exhibit A”" in body
    assert other.event.case.short_name in body
    assert StoredFile.objects.count() == 1
    assert Document.objects.filter(file=other.file_id).count() == 2


def test_who_may_not_see_the_other_case_is_not_told_of_it(fill: Fill) -> None:
    with_file(title="Exhibit A")
    user = make.UserFactory(is_staff=True)
    user.user_permissions.add(
        *Permission.objects.filter(
            codename__in=["add_document", "change_document", "view_document", "change_others_event"]
        )
    )
    client = Client()
    client.force_login(user)
    entry = make.EventFactory(published=True)
    data = {"event": entry.pk, "title": "Exhibit 1", "upload": upload()}
    body = client.post(ADD, data, follow=True).content.decode()
    assert Document.objects.filter(title="Exhibit 1").exists()
    assert "already here" not in body


def test_same_file_twice_at_one_entry_is_refused(editor_client: Client, fill: Fill) -> None:
    other = with_file(title="Exhibit A")
    data = fill(editor_client, f"{ADD}?event={other.event_id}", title="Exhibit 1", upload=upload())
    assert "already, as “Exhibit A”" in str(errors(editor_client.post(ADD, data))["upload"]).replace("&#x27;", "'")


# --- replacing, taking away, bringing back --------------------------------------------------------------------------


def test_file_is_replaced_and_the_one_before_can_be_chosen_again(editor_client: Client, fill: Fill) -> None:
    document = with_file()
    files.read_waiting()
    first = document.file_id
    data = fill(editor_client, screen(document), upload=upload(pdf_samples.pdf("Another", "page")))
    assert editor_client.post(screen(document), data).status_code == 302
    document.refresh_from_db()
    assert document.file_id != first
    assert (document.reading, document.text) == ("waiting", "")
    data = fill(editor_client, screen(document), file=first)
    assert editor_client.post(screen(document), data).status_code == 302
    document.refresh_from_db()
    assert document.file_id == first
    data = fill(editor_client, screen(document), file="")
    assert editor_client.post(screen(document), data).status_code == 302
    document.refresh_from_db()
    assert (document.file_id, document.sha256) == (None, "")


def test_file_of_another_document_cannot_be_chosen(editor_client: Client, fill: Fill) -> None:
    secret = with_file(pdf_samples.pdf("Sealed"), sealed=True)
    document = with_file()
    data = fill(editor_client, screen(document), file=secret.file_id)
    assert "file" in errors(editor_client.post(screen(document), data))
    data = {"event": document.event_id, "title": "Mine", "file": secret.file_id}
    editor_client.post(ADD, data)
    assert Document.objects.filter(file=secret.file_id).count() == 1


def test_deleted_document_comes_back_with_its_file_and_its_address(editor_client: Client) -> None:
    document = with_file()
    document.refresh_from_db()
    uuid, file, key = document.uuid, document.file_id, document.pk
    document.delete()
    (gone,), _ = restoring.deleted(Document, {})
    restoring.bring_back(Document, gone.revision, actor=make.EditorFactory())
    document = Document.objects.get(pk=key)
    assert (document.uuid, document.file_id, document.reading) == (uuid, file, "waiting")


def test_earlier_version_is_restored_with_its_file(editor_client: Client, fill: Fill) -> None:
    document = with_file()
    first = document.file_id
    Document.objects.filter(pk=document.pk).update(file=None)
    revision = document.revisions.order_by("pgh_id")[0].pgh_id  # type: ignore[attr-defined]  # made by pghistory
    data = fill(editor_client, f"{screen(document)}?restore=document:{revision}")
    assert str(data["file"]) == str(first)


def test_contributor_uploads_to_own_drafts_alone() -> None:
    user = make.in_role(CONTRIBUTOR)
    client = Client()
    client.force_login(user)
    own, other = make.EventFactory(created_by=user), make.EventFactory()
    for entry, count in ((other, 0), (own, 1)):
        client.post(ADD, {"event": entry.pk, "title": "x", "upload": upload()})
        assert Document.objects.count() == StoredFile.objects.count() == count
