"""The file of a document at its address: who gets it is asked each time, and how it is given can harm nobody."""

from typing import Any

import factories as make
import pytest
from django.test import Client
from factories import STATES
from pages import fetch, words

from casetracker import files, publication
from casetracker.models import Document, Event
from casetracker.roles import CONTRIBUTOR, EDITOR

pytestmark = pytest.mark.django_db

CONTENT = b"".join(b"Line %06d of the order.\n" % number for number in range(30_000))


def a_document(content: bytes = CONTENT, **fields: Any) -> Document:
    event = fields.pop("event", None) or make.EventFactory(published=True)
    file = make.StoredFileFactory(content=content)
    document: Document = make.DocumentFactory(event=event, title=fields.pop("title", "The order"), file=file, **fields)
    document.refresh_from_db()
    return document


def body(response: Any) -> bytes:
    content: bytes = response.getvalue()
    return content


# --- who ------------------------------------------------------------------------------------------------------------


def test_reader_gets_the_whole_file_to_keep(client: Client) -> None:
    document = a_document()
    response = client.get(document.get_absolute_url(), headers={"accept-encoding": "gzip, br"})
    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == "attachment; filename=\"the-order.txt\"; filename*=UTF-8''The%20order.txt"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert response["Cache-Control"] == "no-cache"
    assert response["ETag"] == f'"{document.sha256}"'
    assert "Content-Encoding" not in response


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", 404), ("in_review", 404), ("embargoed", 404), ("withdrawn", 410), ("withheld", 410),
        ("withheld_unseen", 404),
    ],
)  # fmt: skip
@pytest.mark.parametrize("etag", [False, True])
def test_file_of_what_is_not_public_answers_as_its_page_does(
    client: Client, state: str, status: int, *, etag: bool
) -> None:
    event = make.EventFactory(case=make.CaseFactory(published=True))
    STATES[state](event)
    document = a_document(event=event)
    # Who has a copy is not told that it is still the same.
    headers = {"if-none-match": f'"{document.sha256}"', "range": "bytes=0-9"} if etag else {}
    response = client.get(document.get_absolute_url(), headers=headers)
    assert response.status_code == status
    assert client.get(event.get_absolute_url()).status_code == status
    assert document.sha256 not in str(response.headers) + response.content.decode()


def test_sealed_or_unknown_or_without_a_file_there_is_nothing(client: Client) -> None:
    sealed, without = a_document(sealed=True), make.DocumentFactory(event=make.EventFactory(published=True))
    without.refresh_from_db()
    answers = [
        client.get(path)
        for path in (
            sealed.get_absolute_url(), without.get_absolute_url(), "/documents/00000000-0000-4000-8000-000000000000/",
        )
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_withholding_holds_from_the_next_request_on(client: Client) -> None:
    document = a_document()
    etag = client.get(document.get_absolute_url())["ETag"]
    assert client.get(document.get_absolute_url(), headers={"if-none-match": etag}).status_code == 304
    publication.withhold(document.event, actor=None, reason="sealed")
    assert client.get(document.get_absolute_url(), headers={"if-none-match": etag}).status_code == 410


def test_desk_gives_the_file_of_a_draft_and_keeps_no_copy() -> None:
    document = a_document(event=make.EventFactory(), sealed=True)
    path = f"/admin/casetracker/document/{document.pk}/file/"
    client = Client()
    assert client.get(path).status_code == 302
    client.force_login(make.in_role(CONTRIBUTOR))
    # The draft is somebody else's.
    assert client.get(path).status_code == 404
    client.force_login(make.in_role(EDITOR))
    response = client.get(path)
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"].startswith("sandbox")
    client.force_login(make.UserFactory(is_staff=True))
    assert client.get(path).status_code == 404
    client.force_login(make.in_role(EDITOR))
    for key in (document.pk + 1000, 2**64):
        assert client.get(f"/admin/casetracker/document/{key}/file/").status_code == 404


# --- how ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1), ("bytes=10-19", 10, 20), ("bytes=262140-262150", 262140, 262151),
        ("bytes=5-", 5, len(CONTENT)), ("bytes=-7", len(CONTENT) - 7, len(CONTENT)),
        ("bytes=100-999999999999", 100, len(CONTENT)), ("bytes=-999999999999", 0, len(CONTENT)),
    ],
)  # fmt: skip
def test_part_that_is_asked_for_is_given(client: Client, asked: str, start: int, end: int) -> None:
    response = client.get(a_document().get_absolute_url(), headers={"range": asked, "accept-encoding": "gzip"})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert body(response) == CONTENT[start:end]
    assert response["Content-Length"] == str(end - start)


@pytest.mark.parametrize(
    "asked", ["bytes=", "bytes=-", "bytes=9-5", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=0-" + "9" * 5000]
)
def test_range_that_is_none_is_answered_with_the_whole(client: Client, asked: str) -> None:
    response = client.get(a_document().get_absolute_url(), headers={"range": asked})
    assert (response.status_code, len(body(response))) == (200, len(CONTENT))


@pytest.mark.parametrize("asked", [f"bytes={len(CONTENT)}-", "bytes=99999999999999999-", "bytes=-0"])
def test_range_behind_the_end_is_refused(client: Client, asked: str) -> None:
    response = client.get(a_document().get_absolute_url(), headers={"range": asked})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


def test_part_of_another_file_is_not_given_behind_one_that_was_begun(client: Client) -> None:
    document = a_document()
    headers = {"range": "bytes=10-19", "if-range": '"another"'}
    assert client.get(document.get_absolute_url(), headers=headers).status_code == 200
    headers["if-range"] = f'"{document.sha256}"'
    assert client.get(document.get_absolute_url(), headers=headers).status_code == 206


def test_question_without_a_body_is_answered_without_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    document = a_document()
    monkeypatch.setattr(files.storing, "PIECE", 0)  # reading anything would never end
    response = client.head(document.get_absolute_url())
    assert (response.status_code, body(response)) == (200, b"")
    assert response["Content-Length"] == str(len(CONTENT))
    assert client.post(document.get_absolute_url()).status_code == 405


def test_file_is_read_piece_by_piece(client: Client, django_assert_num_queries: Any) -> None:
    document = a_document()
    with django_assert_num_queries(1):
        response = client.get(document.get_absolute_url())
    with django_assert_num_queries(3):
        assert body(response) == CONTENT


@pytest.mark.parametrize(
    ("title", "plain", "whole"),
    [
        ("Señor A. v. “B”", "senor-a-v-b.txt", "Se%C3%B1or%20A.%20v.%20%E2%80%9CB%E2%80%9D.txt"),
        ('a"; filename="x.exe', "a-filenamexexe.txt", "a%20%3B%20filename%3D%20x.exe.txt"),
        ("../../etc/passwd", "etcpasswd.txt", "etc%20passwd.txt"),
        ("日本", "document.txt", "%E6%97%A5%E6%9C%AC.txt"),
        ("…", "document.txt", "%E2%80%A6.txt"),
    ],
)  # fmt: skip
def test_name_is_made_of_the_title_alone(client: Client, title: str, plain: str, whole: str) -> None:
    told = client.head(a_document(title=title).get_absolute_url())["Content-Disposition"]
    assert told == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"


# --- where it is named ----------------------------------------------------------------------------------------------


def test_pages_of_the_entry_and_the_case_lead_to_the_file(client: Client) -> None:
    document = a_document(pages=8, address="https://court.example/1.pdf")
    entry: Event = document.event
    for path in (entry.get_absolute_url(), entry.case.get_absolute_url()):
        (link,) = [each for each in fetch(client, path).all("a") if each.get("href") == document.get_absolute_url()]
        assert words(link).startswith("The order")
    links = [each.get("href") for each in fetch(client, entry.get_absolute_url()).all("a")]
    assert "https://court.example/1.pdf" in links
    Document.objects.filter(pk=document.pk).update(sealed=True)
    assert document.get_absolute_url() not in client.get(entry.get_absolute_url()).content.decode()


def test_print_names_the_address_here_of_what_is_published_nowhere_else(client: Client) -> None:
    document = a_document(address="")
    told = client.get(f"{document.event.case.get_absolute_url()}print/").content.decode()
    assert f"http://testserver{document.get_absolute_url()}" in told
