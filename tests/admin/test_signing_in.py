"""Name and password at the desk: how often they may be tried, and one's own account with its sessions."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from factories import UserFactory

from casetracker.accounts import sessions, throttle
from casetracker.accounts.models import Session

pytestmark = pytest.mark.django_db

PASSWORD = "a horse with four batteries"
SIGN_IN = "/admin/login/"
ACCOUNT = "/admin/account/"
CHANGE = "/admin/password_change/"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is counted no time passes, however slow the machine is."""
    moment = timezone.now()
    monkeypatch.setattr(throttle, "timezone", SimpleNamespace(now=lambda: moment))


@pytest.fixture
def ann() -> Any:
    return UserFactory(username="ann", is_staff=True, password=PASSWORD)


def try_password(client: Client, name: str, password: str, **extra: Any) -> Any:
    return client.post(SIGN_IN, {"username": name, "password": password, "next": "/admin/"}, **extra)


def signed_in(user: Any) -> Client:
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0")
    assert try_password(client, user.username, PASSWORD).status_code == 302
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


# --- throttled ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_account_is_tried_ten_times_and_then_there_is_a_wait(ann: Any, name: str) -> None:
    answers = [try_password(Client(REMOTE_ADDR=f"192.0.2.{n}"), name, "wrong") for n in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    refused = answers[-1]
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Too many tries. Wait" in body(refused)
    assert f'value="{name}"' in body(refused)
    assert refused.headers["Cache-Control"] == "private, no-store"


def test_right_password_waits_too_and_whoever_is_signed_in_stays_so(ann: Any) -> None:
    client = signed_in(ann)
    for written in ("ann", "ANN", "Ann ", " ann", "aNN") * 3:
        response = try_password(Client(), written, "wrong")
    assert response.status_code == 429
    assert try_password(Client(), "ann", PASSWORD).status_code == 429
    assert client.get("/admin/").status_code == 200


def test_right_password_gives_the_tries_of_the_account_back(ann: Any) -> None:
    for _ in range(3):
        for _ in range(9):
            try_password(Client(), "ann", "wrong")
        assert try_password(Client(REMOTE_ADDR="192.0.2.1"), "ann", PASSWORD).status_code == 302


def test_address_is_counted_over_all_accounts() -> None:
    answers = [try_password(Client(), f"person {n}", "wrong").status_code for n in range(41)]
    assert answers == [200] * 40 + [429]
    assert try_password(Client(REMOTE_ADDR="192.0.2.1"), "person", "wrong").status_code == 200


def test_header_that_a_visitor_wrote_is_no_other_address(ann: Any) -> None:
    answers = [
        try_password(Client(), f"person {n}", "wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code
        for n in range(41)
    ]
    assert answers[-1] == 429


def test_wait_leaves_everybody_else_alone(ann: Any) -> None:
    for _ in range(12):
        try_password(Client(REMOTE_ADDR="192.0.2.1"), "bob", "wrong")
    assert try_password(Client(REMOTE_ADDR="192.0.2.1"), "ann", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "bad", ["\x00", "a\x00b", "a" * 10_000, "\u202eann", "😀", "' OR 1=1", "%s", "\r\nSet-Cookie: x=1"]
)
def test_any_name_and_any_password_is_answered(ann: Any, bad: str) -> None:
    client = Client(raise_request_exception=False)
    for name, password in ((bad, "x"), ("ann", bad), (bad, bad)):
        response = try_password(client, name, password)
        assert response.status_code == 200
        assert "x" not in response.cookies
    assert client.get("/admin/").status_code == 302


def test_password_with_a_nul_is_refused_in_words(ann: Any) -> None:
    assert "Null characters are not allowed." in body(try_password(Client(), "ann", "a\x00b"))


def test_unknown_name_is_answered_like_a_wrong_password(ann: Any) -> None:
    known, unknown = (try_password(Client(), name, "wrong") for name in ("ann", "ano"))
    told = [list(answer.context["form"].non_field_errors()) for answer in (known, unknown)]
    assert told[0] == told[1]


# --- passwords ------------------------------------------------------------------------------------------------------


def change(client: Client, new: str, *, old: str = PASSWORD) -> Any:
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": new})


def test_changing_the_password_ends_every_other_session(ann: Any) -> None:
    here, there = signed_in(ann), signed_in(ann)
    assert change(here, "nobody knows this sentence").status_code == 302
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302
    assert Session.objects.filter(user=ann).count() == 1


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("short", "at least 15 characters"),
        ("fourteen chars", "at least 15 characters"),
        ("x" * 1_001, "the most is 1000"),
        ("a\x00" + "b" * 20, "Null characters are not allowed."),
        ("1234567890123456", "This password is too common."),
        ("ann@example.org.", "too similar"),
    ],
)
def test_password_is_refused_with_the_reason(ann: Any, new: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth import password_validation

    if "common" in told:
        # The list of common passwords has few of this length; what it holds is Django's affair.
        (rule,) = (
            rule
            for rule in password_validation.get_default_password_validators()
            if isinstance(rule, password_validation.CommonPasswordValidator)
        )
        monkeypatch.setattr(rule, "passwords", {new})
    client = signed_in(ann)
    response = change(client, new)
    assert response.status_code == 200
    assert told in body(response)
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


@pytest.mark.parametrize(
    "new", ["all lower case and plain words", "x" * 999 + "y", "271828182845904523536", "sätze über käse 🧀"]
)
def test_long_password_of_any_characters_is_taken(ann: Any, new: str) -> None:
    client = signed_in(ann)
    assert change(client, new).status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(new)


def test_old_password_is_not_guessed_by_an_open_browser(ann: Any) -> None:
    client = signed_in(ann)
    answers = [change(client, "nobody knows this sentence", old="wrong") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "Retry-After" in answers[-1].headers


# --- one's own account ----------------------------------------------------------------------------------------------


def test_account_lists_where_one_is_signed_in(ann: Any) -> None:
    here, there = signed_in(ann), signed_in(ann)
    page = body(here.get(ACCOUNT))
    assert page.count("Firefox on Linux") >= 2
    assert "127.0.0.1" in page
    assert page.count("this one") == 1
    for client in (here, there):
        assert str(client.session.session_key) not in page


def test_one_session_is_ended_and_then_all_others(ann: Any) -> None:
    here, second, third = (signed_in(ann) for _ in range(3))
    others = [row for row in sessions.signed_in(ann, this=here.session.session_key) if not row.is_this]
    response = here.post(ACCOUNT, {"end": others[0].reference}, follow=True)
    assert "The session was ended." in body(response)
    assert sorted([second.get("/admin/").status_code, third.get("/admin/").status_code]) == [200, 302]
    response = here.post(ACCOUNT, {"end": others[0].reference}, follow=True)
    assert "had ended already" in body(response)
    response = here.post(ACCOUNT, {"end_others": "1"}, follow=True)
    assert "1 other session was ended." in body(response)
    assert third.get("/admin/").status_code == second.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(ann: Any) -> None:
    bob = UserFactory(is_staff=True, password=PASSWORD)
    bobs = signed_in(bob)
    (row,) = sessions.signed_in(bob, this=None)
    signed_in(ann).post(ACCOUNT, {"end": row.reference})
    assert bobs.get("/admin/").status_code == 200


@pytest.mark.parametrize("bad", ["", "\x00", "x" * 10_000, "é", "0"])
def test_any_name_of_a_session_is_answered(ann: Any, bad: str) -> None:
    client = signed_in(ann)
    client.raise_request_exception = False
    assert client.post(ACCOUNT, {"end": bad}).status_code == 302
    assert client.post(ACCOUNT, {}).status_code == 302
    assert client.put(ACCOUNT).status_code == 405


def test_account_asks_as_many_queries_for_many_sessions_as_for_one(
    ann: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(ann)
    for _ in range(4):
        signed_in(ann)
    client.get(ACCOUNT)
    with django_assert_max_num_queries(12):
        client.get(ACCOUNT)


def test_deactivated_account_is_out_at_once(ann: Any) -> None:
    client = signed_in(ann)
    get_user_model().objects.filter(pk=ann.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302
    assert not Session.objects.filter(user=ann).exists()
    assert try_password(Client(), "ann", PASSWORD).status_code == 200
