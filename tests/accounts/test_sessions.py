"""The sessions of an account: where it is signed in, since when, and what ends them."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from factories import UserFactory

from casetracker.accounts import sessions
from casetracker.accounts.browsers import name_of
from casetracker.accounts.models import Session

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def ann() -> Any:
    return UserFactory(username="ann", is_staff=True, password="a horse with four batteries")


def signed_in(user: Any) -> Client:
    client = Client(HTTP_USER_AGENT=FIREFOX)
    data = {"username": user.username, "password": "a horse with four batteries", "next": "/admin/"}
    assert client.post("/admin/login/", data).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_sign_in_is_listed_with_browser_address_and_time(ann: Any) -> None:
    client = signed_in(ann)
    (found,) = sessions.signed_in(ann, this=client.session.session_key)
    assert (found.browser, found.address, found.is_this) == ("Firefox on Linux", "127.0.0.1", True)
    assert found.signed_in_at is not None
    assert timezone.now() - found.signed_in_at < datetime.timedelta(minutes=1)
    # The key itself signs in, so nothing that a page shows contains it.
    assert str(client.session.session_key) not in repr(found)
    assert str(client.session.session_key) not in str(Session.objects.get())


def test_it_is_noted_now_and_then_that_a_session_was_seen(ann: Any, django_assert_num_queries: Any) -> None:
    client = signed_in(ann)
    Session.objects.update(seen_at=timezone.now() - datetime.timedelta(hours=2))
    assert is_in(client)
    assert timezone.now() - Session.objects.get().seen_at < datetime.timedelta(minutes=1)
    seen = Session.objects.get().seen_at
    assert is_in(client)
    assert Session.objects.get().seen_at == seen


def test_one_session_is_ended_by_its_name_and_by_its_owner_alone(ann: Any) -> None:
    here, there = signed_in(ann), signed_in(ann)
    other = next(row for row in sessions.signed_in(ann, this=here.session.session_key) if not row.is_this)
    assert not sessions.end(UserFactory(), reference=other.reference)
    assert is_in(there)
    assert sessions.end(ann, reference=other.reference)
    assert not sessions.end(ann, reference=other.reference)
    assert is_in(here)
    assert not is_in(there)


def test_all_others_are_ended_at_once(ann: Any) -> None:
    here, *others = [signed_in(ann) for _ in range(3)]
    bob = UserFactory(is_staff=True, password="a horse with four batteries")
    bobs = signed_in(bob)
    assert sessions.end_all(ann, but=here.session.session_key) == 2
    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert is_in(bobs)


def test_sessions_end_with_the_password_whoever_changes_it(ann: Any) -> None:
    for change in (
        "UPDATE auth_user SET password = 'x' WHERE username = 'ann'",
        "UPDATE auth_user SET is_active = false WHERE username = 'ann'",
    ):
        ann.set_password("a horse with four batteries")
        ann.is_active = True
        ann.save()
        client = signed_in(ann)
        assert is_in(client)
        with connection.cursor() as cursor:
            cursor.execute(change)
        assert not is_in(client)
        assert not Session.objects.filter(user=ann).exists()


def test_sessions_stay_when_something_else_of_the_account_changes(ann: Any) -> None:
    client = signed_in(ann)
    ann.refresh_from_db()
    ann.email = "new@example.org"
    ann.save()
    assert is_in(client)


def test_account_that_is_active_again_is_not_signed_in_again(ann: Any) -> None:
    client = signed_in(ann)
    ann.refresh_from_db()
    for is_active in (False, True):
        ann.is_active = is_active
        ann.save()
    assert not is_in(client)


def test_reader_without_a_session_leaves_none() -> None:
    Client().get("/")
    Client().get("/admin/login/")
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17.4 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) CriOS/126.0 Mobile Safari", "Chrome on iPhone"),
        ("curl/8.5.0", "curl"),
        ("", ""),
        ("\x00<script>" * 1000, ""),
    ],
)
def test_browser_is_known_by_its_name(text: str, name: str) -> None:
    assert name_of(text) == name
