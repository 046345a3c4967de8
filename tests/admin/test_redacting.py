"""Redaction on the desk: who is admitted, what is asked and shown first, and that no page gives the words back."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.test import Client
from django.urls import reverse
from dump import places_with

from casetracker import publication
from casetracker.models import Case, Document, Event, Redaction, StoredFile
from casetracker.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR

pytestmark = pytest.mark.django_db

WORD = "Zorpquist"
WORDS = "/admin/redactions/words/"
ASKED = {"words": WORD, "nature": "person", "authority": "Asked for by her lawyer"}


@pytest.fixture
def chief() -> Client:
    client = Client()
    client.force_login(make.in_role(CHIEF_EDITOR))
    return client


def withheld(**fields: Any) -> Event:
    entry: Event = make.EventFactory(**fields)
    return publication.withhold(entry, actor=None, reason="sealed")


def test_words_are_shown_first_and_removed_when_that_is_confirmed(chief: Client) -> None:
    entry = make.EventFactory(title=f"Motion of {WORD}")
    body = chief.post(WORDS, ASKED).content.decode()
    assert f"Motion of {WORD}" in body
    assert reverse("admin:casetracker_event_change", args=[entry.pk]) in body
    assert "They stand in 2 rows" in body
    assert Event.objects.get().title == f"Motion of {WORD}"
    response = chief.post(WORDS, {**ASKED, "confirmed": "1"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("admin:redactions")
    body = response.content.decode()
    assert WORD not in body
    assert "Backups made before now still hold it" in body
    assert "Asked for by her lawyer" in body
    assert places_with(WORD) == []
    assert Redaction.objects.get().done_by == response.context["user"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"words": "Nowhere"}, "These words stand nowhere"),
        ({"words": "a"}, "at least two letters"),
        ({"words": ""}, "This field is required"),
        ({"words": "x\u202ey"}, "cannot be seen"),
        ({"authority": ""}, "This field is required"),
        ({"authority": f"The lawyer of {WORD}"}, "Write it without them"),
        ({"nature": "curiosity"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_removed(
    chief: Client, changes: dict[str, str], told: str
) -> None:
    case = make.CaseFactory(note=WORD)
    for confirmed in ({}, {"confirmed": "1"}):
        response = chief.post(WORDS, {**ASKED, **changes, **confirmed})
        assert response.status_code == 200
        assert told in response.content.decode()
    assert Case.objects.get(pk=case.pk).note == WORD
    assert not Redaction.objects.exists()


@pytest.mark.parametrize("role", [CONTRIBUTOR, EDITOR])
def test_pages_are_closed_to_every_other_role(role: str) -> None:
    client = Client()
    client.force_login(make.in_role(role))
    entry = withheld()
    for path in (WORDS, "/admin/redactions/", f"/admin/redactions/entry/{entry.pk}/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {**ASKED, "confirmed": "1"}).status_code == 403
    assert "/admin/redactions/" not in client.get("/admin/").content.decode()
    assert Event.objects.filter(pk=entry.pk).exists()


def test_redaction_is_offered_on_the_screen_of_what_is_withheld_alone(chief: Client) -> None:
    shown, hidden = make.EventFactory(published=True), withheld()
    path = f"/admin/redactions/entry/{hidden.pk}/"
    assert path in chief.get(reverse("admin:casetracker_event_change", args=[hidden.pk])).content.decode()
    screen = reverse("admin:casetracker_event_change", args=[shown.pk])
    assert "/admin/redactions/entry/" not in chief.get(screen).content.decode()
    response = chief.get(f"/admin/redactions/entry/{shown.pk}/", follow=True)
    assert "Withhold it first" in response.content.decode()


@pytest.mark.parametrize("kind", ["case", "entry"])
def test_row_is_removed_after_a_page_that_says_what_goes(chief: Client, kind: str) -> None:
    entry = withheld(title=f"Motion of {WORD}")
    make.StatementFactory(event=entry, quote=f"{WORD}!")
    row = entry if kind == "entry" else publication.withhold(entry.case, actor=None, reason="sealed")
    path = f"/admin/redactions/{kind}/{row.pk}/"
    assert "1 statement<" in chief.get(path).content.decode()
    assert Event.objects.filter(pk=entry.pk).exists()
    assert chief.post(path, {"nature": "sealed"}).status_code == 200
    assert Event.objects.filter(pk=entry.pk).exists()
    response = chief.post(path, {"nature": "sealed", "authority": "Order of 3 March"}, follow=True)
    assert "Redacted" in response.content.decode()
    assert places_with(WORD) == []
    assert chief.get(path).status_code == 404


@pytest.mark.parametrize("path", ["entry/0/", "entry/99999999999999999999/", "court/1/", "case/12345/"])
def test_unknown_row_is_a_404(chief: Client, path: str) -> None:
    assert chief.get(f"/admin/redactions/{path}").status_code == 404


@pytest.mark.parametrize(
    "text", ["%", "\\", "(((", "[a-", "a" * 2_000, "🙂🙂", "x" * 50_000, "x\x00y", "\n".join(["ab"] * 30)]
)
def test_any_words_are_answered(chief: Client, text: str) -> None:
    chief.raise_request_exception = False
    assert chief.post(WORDS, {**ASKED, "words": text}).status_code == 200
    assert chief.get("/admin/redactions/", {"p": text[:500]}).status_code in {200, 400}


def test_what_an_editor_has_open_is_refused_after_a_redaction(
    superuser_client: Client, fill: Callable[..., Any], address: Callable[..., str]
) -> None:
    entry = make.EventFactory(title=f"Motion of {WORD}")
    path = address("event", "change", entry.pk)
    data = fill(superuser_client, path)
    superuser_client.post(WORDS, {**ASKED, "confirmed": "1"})
    response = superuser_client.post(path, data)
    assert response.status_code == 200
    assert "Words were redacted from it" in response.content.decode()
    assert places_with(WORD) == []


def test_file_is_removed_from_the_screen_of_its_sealed_document(chief: Client) -> None:
    file = make.StoredFileFactory(content=f"Affidavit of {WORD}".encode())
    document = make.DocumentFactory(file=file)
    path = f"/admin/redactions/document/{document.pk}/"
    screen = reverse("admin:casetracker_document_change", args=[document.pk])
    assert path not in chief.get(screen).content.decode()
    assert "Mark it as sealed first" in chief.get(path, follow=True).content.decode()
    Document.objects.filter(pk=document.pk).update(sealed=True)
    assert path in chief.get(screen).content.decode()
    assert "from every document that has the same file" in chief.get(path).content.decode()
    response = chief.post(path, {"nature": "sealed", "authority": "Order of 3 March"}, follow=True)
    assert "Redacted" in response.content.decode()
    assert places_with(WORD) == []
    assert "It has no file" in chief.get(path, follow=True).content.decode()


def test_files_that_hold_the_words_are_told_of_and_go_unless_that_is_unchecked(chief: Client) -> None:
    file = make.StoredFileFactory(content=f"Affidavit of {WORD}".encode())
    make.DocumentFactory(file=file)
    assert 'name="and_files"' in chief.get(WORDS).content.decode()
    body = chief.post(WORDS, ASKED).content.decode()
    assert "1 file holds them" in body
    asked = {**ASKED, "confirmed": "1"}
    assert "These words stand nowhere" in chief.post(WORDS, asked).content.decode()
    assert StoredFile.objects.filter(pk=file.pk).exists()
    chief.post(WORDS, {**asked, "and_files": "on"})
    assert places_with(WORD) == []
