"""A form that cannot be taken comes back with what was typed: session ended, token changed, database down, bug."""

import html
import re
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.conf import settings
from django.core import signing
from django.db import OperationalError
from django.test import Client

from casetracker.admin import typed
from casetracker.models import Event

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]

PASSWORD = "a long passphrase 1"
TEXT = "An hour's work.\r\nWith a second line."


@pytest.fixture
def ann(db: None) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.EditorFactory(username="ann", password=PASSWORD))
    return client


def sent(client: Client, path: str, fill: Fill, **changes: Any) -> dict[str, Any]:
    """What the form would send, with its hidden fields."""
    data = fill(client, path, **changes)
    body = client.get(path).content.decode()
    for name in ("csrfmiddlewaretoken", typed.GIVEN_TO):
        found = re.search(rf'name="{name}" value="([^"]+)"', body)
        assert found is not None
        data[name] = html.unescape(found[1])
    return data


def fields(body: str) -> dict[str, str]:
    """The hidden fields and the texts of the one form on a page."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body))
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', body, re.S))
    return {name: html.unescape(value) for name, value in found.items()}


def in_the_box(body: str, name: str) -> str:
    found = re.search(rf'<textarea name="{name}"[^>]*>\s*(.*?)</textarea>', body, re.S)
    assert found is not None
    return html.unescape(found[1])


def test_text_typed_when_the_session_had_ended_comes_back_after_signing_in(
    ann: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(title="Motion")
    path = address("event", "change", entry.pk)
    data = sent(ann, path, fill, summary=TEXT)
    del ann.cookies[settings.SESSION_COOKIE_NAME]

    response = ann.post(path, data)
    assert response.status_code == 403
    assert response.headers["Cache-Control"] == "private, no-store"
    body = response.content.decode()
    assert "Your session has ended, and nothing is saved yet." in body
    # It waits in the page, and survives a wrong password.
    waiting = fields(body)
    login = "/admin/login/"
    wrong = ann.post(login, {**waiting, "username": "ann", "password": "wrong"})
    assert "Please enter the correct username and password" in wrong.content.decode()
    waiting = fields(wrong.content.decode())

    back = ann.post(login, {**waiting, "username": "ann", "password": PASSWORD})
    assert back.status_code == 200
    page = back.content.decode()
    assert "You are signed in again" in page
    assert f'action="{path}"' in page
    form = ann.post(path, {**fields(page), typed.SHOW: "1"})
    assert form.status_code == 200
    assert "Nothing is saved yet. This is what you typed" in form.content.decode()
    assert in_the_box(form.content.decode(), "summary") == TEXT
    entry.refresh_from_db()
    assert entry.summary != TEXT
    again = sent(ann, path, fill, summary=TEXT)
    assert ann.post(path, again).status_code == 302
    entry.refresh_from_db()
    assert entry.summary.startswith("An hour's work.")


def test_what_somebody_typed_is_not_shown_to_another_who_signs_in(ann: Client, address: Address, fill: Fill) -> None:
    make.EditorFactory(username="ben", password=PASSWORD)
    path = address("event", "add")
    data = sent(ann, path, fill, summary=TEXT)
    del ann.cookies[settings.SESSION_COOKIE_NAME]
    waiting = fields(ann.post(path, data).content.decode())
    response = ann.post("/admin/login/", {**waiting, "username": "ben", "password": PASSWORD})
    assert "was typed by ann, and only that account gets it back" in response.content.decode()
    assert "An hour" not in response.content.decode()


def test_what_waits_is_forgotten_after_some_hours_or_when_it_was_tampered_with(
    ann: Client, address: Address, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address("event", "add")
    data = sent(ann, path, fill, summary=TEXT)
    del ann.cookies[settings.SESSION_COOKIE_NAME]
    waiting = fields(ann.post(path, data).content.decode())
    for waits, longest in ((waiting[typed.WAITS] + "x", typed.LONGEST_WAIT), (waiting[typed.WAITS], -1), ("\x00", 1)):
        monkeypatch.setattr(typed, "LONGEST_WAIT", longest)
        answer = {**waiting, typed.WAITS: waits, "username": "ann", "password": PASSWORD}
        client = Client()
        response = client.post("/admin/login/", answer)
        assert response.status_code == 302


def test_stranger_who_sends_a_form_is_sent_to_sign_in(stranger_client: Client, address: Address) -> None:
    forged = signing.TimestampSigner(key="x" * 50, salt="casetracker.desk.given_to").sign("1")
    for given_to in ("", "1", "1:2:3", forged):
        response = stranger_client.post(address("event", "add"), {"title": "x", typed.GIVEN_TO: given_to})
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/admin/login/")


def test_token_that_changed_with_a_sign_in_elsewhere_does_not_lose_the_text(
    ann: Client, address: Address, fill: Fill
) -> None:
    path = address("event", "add")
    data = sent(ann, path, fill, summary=TEXT, title="Motion")
    # The same browser signs in again in another tab.
    login = ann.get("/admin/login/?next=/", follow=True)
    assert login.status_code == 200
    token = ann.cookies[settings.CSRF_COOKIE_NAME].value
    ann.cookies[settings.CSRF_COOKIE_NAME] = token[::-1]
    response = ann.post(path, data)
    assert response.status_code == 403
    body = response.content.decode()
    assert "You have signed in again since this form was opened." in body
    form = ann.post(path, {**fields(body), typed.SHOW: "1"})
    assert form.status_code == 200
    assert in_the_box(form.content.decode(), "summary") == TEXT
    assert not Event.objects.exists()


@pytest.mark.parametrize("header", [{"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}])
def test_form_that_another_site_sent_is_not_offered_again(
    ann: Client, address: Address, fill: Fill, header: dict[str, Any]
) -> None:
    path = address("event", "add")
    data = sent(ann, path, fill, summary=TEXT) | {"csrfmiddlewaretoken": "x" * 64}
    response = ann.post(path, data, **header)
    assert response.status_code == 403
    assert "An hour" not in response.content.decode()


def test_text_typed_when_the_database_is_down_can_be_sent_again(
    ann: Client, address: Address, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = make.EventFactory(title="Motion")
    path = address("event", "change", entry.pk)
    data = sent(ann, path, fill, summary=TEXT)

    def down(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the database system is shutting down")

    ann.raise_request_exception = False
    with monkeypatch.context() as patched:
        # The first question of a request: whose session is it?
        patched.setattr("casetracker.accounts.sessions.SessionStore.load", down)
        response = ann.post(path, data)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.headers["Cache-Control"] == "private, no-store"
    body = response.content.decode()
    assert "Not saved: the database does not answer" in body
    assert fields(body)["summary"] == TEXT
    assert ann.post(path, fields(body)).status_code == 302
    entry.refresh_from_db()
    assert entry.summary.startswith("An hour's work.")


def test_text_typed_when_the_program_fails_comes_back(
    ann: Client, address: Address, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address("event", "add")
    data = sent(ann, path, fill, summary=TEXT)
    monkeypatch.setattr("casetracker.admin.entries.EntryForm.clean", lambda self: 1 / 0)
    ann.raise_request_exception = False
    response = ann.post(path, data)
    assert response.status_code == 500
    assert fields(response.content.decode())["summary"] == TEXT


def test_text_typed_when_a_right_was_taken_away_can_be_copied(ann: Client, address: Address, fill: Fill) -> None:
    from django.contrib.auth.models import User

    entry = make.EventFactory()
    path = address("event", "change", entry.pk)
    data = sent(ann, path, fill, summary=TEXT)
    User.objects.get(username="ann").user_permissions.clear()
    User.objects.get(username="ann").groups.clear()
    response = ann.post(path, data)
    assert response.status_code == 403
    assert "you have no right to change this" in response.content.decode()
    assert fields(response.content.decode())["summary"] == TEXT


def test_passwords_are_never_kept(superuser_client: Client, address: Address, fill: Fill) -> None:
    path = address("user", "add")
    data = sent(superuser_client, path, fill, username="carla", password1=PASSWORD, password2=PASSWORD)
    superuser_client.logout()
    body = superuser_client.post(path, data).content.decode()
    waits = signing.loads(fields(body)[typed.WAITS], salt="casetracker.desk.waits")
    assert waits["data"]["username"] == ["carla"]
    assert PASSWORD not in str(waits)
