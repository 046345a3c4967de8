"""
Without a second factor nothing of the desk is shown but the way to set it up or to give it.

The addresses are taken from the resolver, so that a new one is closed or fails here.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from codes import KEY, code_of, give_app, sign_in_wholly, wrong_code
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from factories import CaseFactory, UserFactory

from casetracker.accounts import second_factor
from casetracker.accounts.models import Session
from casetracker.admin import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_site")]

PASSWORD = "a horse with four batteries"
SIGN_IN = "/admin/login/"
GIVE = "/admin/second-factor/"
SET_UP = "/admin/second-factor/set-up/"
# What is open before the second factor is given, and nothing else is.
OPEN = {
    "login",
    "logout",
    "second_factor",
    "second_factor_setup",
    "password_reset",
    "password_reset_sent",
    "password_reset_choose",
    "invitation",
}


def _patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for item in resolver.url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _patterns(item, route)
        elif isinstance(item, URLPattern):
            yield route, item.name


def _addresses() -> dict[str, str | None]:
    """Every address behind /admin/, with something in place of each of its parts, and its name."""
    found = {}
    for route, name in _patterns(get_resolver()):
        if not route.startswith("admin/"):
            continue
        path = re.sub(r"\(\?P<app_label>\^?([a-z]+)[^)]*\)", r"\1", route)
        path = re.sub(r"\(\?P<url>[^)]*\)", "nothing/here", path)
        path = re.sub(r"<[^>]+>", "1", path).replace("^", "").replace("$", "").replace("\\Z", "")
        found[f"/{path}"] = name
    return found


ADDRESSES = _addresses()
CLOSED = sorted(path for path, name in ADDRESSES.items() if name not in OPEN)


@pytest.fixture
def ann(db: None) -> Any:
    return UserFactory(username="ann", is_staff=True, is_superuser=True, password=PASSWORD)


def with_password(client: Client, user: Any, *, next_page: str = "/admin/") -> Any:
    return client.post(SIGN_IN, {"username": user.username, "password": PASSWORD, "next": next_page})


def body(response: Any) -> str:
    return str(response.content.decode())


# --- what is closed -------------------------------------------------------------------------------------------------


def test_addresses_are_found() -> None:
    assert len(CLOSED) > 100
    assert {name for name in ADDRESSES.values() if name in OPEN} == OPEN
    for path in ("/admin/", "/admin/account/", "/admin/jsi18n/", "/admin/password_change/", "/admin/autocomplete/"):
        assert path in CLOSED


@pytest.mark.parametrize("has_app", [True, False])
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_password_alone_opens_no_address_of_the_desk(client: Client, ann: Any, method: str, has_app: bool) -> None:
    if has_app:
        give_app(ann)
    with_password(client, ann)
    client.raise_request_exception = False
    for path in CLOSED:
        response = getattr(client, method)(path)
        assert response.headers["Cache-Control"] == "private, no-store"
        if method == "post" and (path.startswith("/admin/preview/") or path.endswith("/file/")):
            # It is there to be read.
            assert response.status_code == 405
            continue
        assert response.status_code == 302, path
        # The page of the password leads on to that of the code by itself.
        assert response.headers["Location"].partition("?")[0] in {GIVE, SIGN_IN}, path
        assert response.content == b""


def test_preview_of_a_draft_is_shown_after_the_code_alone(client: Client, ann: Any) -> None:
    give_app(ann)
    draft = CaseFactory(name="Secret v. Hidden")
    path = f"/admin/preview/case/{draft.pk}/"
    with_password(client, ann)
    response = client.get(path, follow=True)
    assert "Secret" not in body(response)
    assert response.redirect_chain[-1][0] == reverse("admin:second_factor", query={"next": path})
    response = client.post(GIVE, {"code": code_of(KEY), "next": path}, follow=True)
    assert "Secret v. Hidden" in body(response)


def test_password_and_code_open_the_desk(client: Client, ann: Any) -> None:
    give_app(ann)
    with_password(client, ann)
    response = client.post(GIVE, {"code": code_of(KEY)})
    assert response.headers["Location"] == "/admin/"
    for path in ("/admin/", "/admin/account/", "/admin/jsi18n/", "/admin/auth/user/", "/admin/password_change/"):
        assert client.get(path).status_code == 200, path


def test_session_that_was_waived_in_a_tryout_opens_nothing_on_a_real_site(
    client: Client, ann: Any, settings: Any
) -> None:
    settings.TRYOUT = True
    with_password(client, ann)
    assert client.get("/admin/").status_code == 200
    settings.TRYOUT = False
    assert client.get("/admin/").headers["Location"].startswith(GIVE)


def test_person_without_the_desk_is_not_asked(client: Client) -> None:
    client.force_login(UserFactory())
    for path in (GIVE, SET_UP):
        assert client.get(path).headers["Location"].startswith(SIGN_IN)
        assert Client().get(path).headers["Location"].startswith(SIGN_IN)
    assert client.get("/").status_code == 200


def test_half_signed_in_person_can_leave(client: Client, ann: Any) -> None:
    with_password(client, ann)
    assert "Log out" in body(client.get(SET_UP))
    assert client.post("/admin/logout/").status_code == 200
    assert client.get(SET_UP).headers["Location"].startswith(SIGN_IN)


def test_page_that_asks_shows_no_list_and_no_name_of_one(client: Client, ann: Any) -> None:
    with_password(client, ann)
    assert "/admin/casetracker/" not in body(client.get(SET_UP))
    give_app(ann)
    assert "/admin/casetracker/" not in body(client.get(GIVE))


# --- setting it up --------------------------------------------------------------------------------------------------


def secret_on(response: Any) -> str:
    return str(response.context["new"].hexadecimal)


def test_first_sign_in_leads_to_setting_it_up_and_then_where_one_wanted_to_go(client: Client, ann: Any) -> None:
    response = with_password(client, ann, next_page="/admin/casetracker/case/")
    response = client.get(response.headers["Location"], follow=True)
    assert response.redirect_chain[-1][0] == reverse(
        "admin:second_factor_setup", query={"next": "/admin/casetracker/case/"}
    )
    page = body(response)
    assert f'd="{response.context["square"].path}"' in page
    assert response.context["new"].letters in page
    key = secret_on(response)
    assert secret_on(client.get(SET_UP)) == key
    response = client.post(SET_UP, {"code": code_of(key), "next": "/admin/casetracker/case/"})
    assert response.status_code == 200
    codes = response.context["codes"]
    assert len(codes) == 10
    assert all(code in body(response) for code in codes)
    assert 'href="/admin/casetracker/case/"' in body(response)
    assert client.get("/admin/casetracker/case/").status_code == 200
    assert "Set up a second factor" in LogEntry.objects.get(object_id=str(ann.pk)).change_message


def test_recovery_codes_are_shown_once(client: Client, ann: Any) -> None:
    with_password(client, ann)
    key = secret_on(client.get(SET_UP))
    (code, *_) = client.post(SET_UP, {"code": code_of(key)}).context["codes"]
    for path in ("/admin/account/", SET_UP, GIVE, "/admin/"):
        assert code not in body(client.get(path, follow=True))


def test_wrong_first_code_shows_the_same_secret_again(client: Client, ann: Any) -> None:
    with_password(client, ann)
    key = secret_on(client.get(SET_UP))
    response = client.post(SET_UP, {"code": wrong_code(key)})
    assert response.status_code == 200
    assert "This is not the code of this secret." in body(response)
    assert secret_on(response) == key
    assert not second_factor.is_set_up(ann)


def test_secret_of_one_session_is_not_that_of_another(ann: Any) -> None:
    first, second = Client(), Client()
    with_password(first, ann)
    with_password(second, ann)
    key = secret_on(first.get(SET_UP))
    assert secret_on(second.get(SET_UP)) != key
    assert second.post(SET_UP, {"code": code_of(key)}).status_code == 200
    assert not second_factor.is_set_up(ann)


def test_password_alone_puts_no_other_app_in_the_place_of_the_first(client: Client, ann: Any) -> None:
    with_password(client, ann)
    key = secret_on(client.get(SET_UP))
    device = give_app(ann)
    for method in (client.get, client.post):
        response = method(SET_UP, {"code": code_of(key)})
        assert response.headers["Location"].startswith(GIVE)
    assert second_factor.verify(ann, code_of(KEY)).device == device


def test_another_app_takes_the_password_again(client: Client, ann: Any) -> None:
    sign_in_wholly(client, ann)
    key = secret_on(client.get(SET_UP))
    response = client.post(SET_UP, {"code": code_of(key), "password": "something else"})
    assert "This is not your password." in body(response)
    assert second_factor.verify(ann, code_of(KEY)).device is not None
    response = client.post(SET_UP, {"code": code_of(key), "password": PASSWORD})
    assert len(response.context["codes"]) == 10
    assert client.get("/admin/").status_code == 200
    assert second_factor.verify(ann, code_of(KEY, ahead=1)).device is None


def test_another_app_ends_what_the_first_has_opened_elsewhere(ann: Any) -> None:
    here, there = Client(), Client()
    sign_in_wholly(here, ann)
    sign_in_wholly(there, ann)
    key = secret_on(here.get(SET_UP))
    here.post(SET_UP, {"code": code_of(key), "password": PASSWORD})
    assert there.get("/admin/").headers["Location"].startswith(GIVE)


# --- giving it ------------------------------------------------------------------------------------------------------


def test_wrong_code_is_refused_in_words_and_then_there_is_a_wait(client: Client, ann: Any) -> None:
    give_app(ann)
    with_password(client, ann)
    response = client.post(GIVE, {"code": wrong_code(KEY)})
    assert response.status_code == 200
    assert "This code is wrong, too old or was used already." in body(response)
    # As after the tenth wrong one.
    TOTPDevice.objects.update(throttling_failure_count=10, throttling_failure_timestamp=timezone.now())
    response = client.post(GIVE, {"code": wrong_code(KEY)})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert "Too many tries. Wait" in body(response)
    assert client.post(GIVE, {"code": code_of(KEY)}).status_code == 429
    assert client.get("/admin/").status_code == 302


def test_code_is_not_taken_twice(ann: Any) -> None:
    give_app(ann)
    first, second = Client(), Client()
    with_password(first, ann)
    with_password(second, ann)
    code = code_of(KEY)
    assert first.post(GIVE, {"code": code}).status_code == 302
    assert second.post(GIVE, {"code": code}).status_code == 200
    assert second.get("/admin/").status_code == 302


def test_recovery_code_opens_the_desk_and_says_how_many_are_left(client: Client, ann: Any) -> None:
    give_app(ann)
    (code, *_) = second_factor.new_recovery_codes(ann)
    with_password(client, ann)
    response = client.post(GIVE, {"code": code}, follow=True)
    assert "You signed in with a recovery code. 9 are left." in body(response)


def test_session_has_a_new_key_once_the_code_is_given(client: Client, ann: Any) -> None:
    give_app(ann)
    with_password(client, ann)
    before = client.session.session_key
    client.post(GIVE, {"code": code_of(KEY)})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_somebody_elses_device_in_the_session_opens_nothing(client: Client, ann: Any) -> None:
    device = give_app(UserFactory(is_staff=True))
    with_password(client, ann)
    for forged in (device.persistent_id, "otp_totp.totpdevice/999", "x", "a/b", "no.model/1"):
        session = client.session
        session["otp_device_id"] = forged
        session.save()
        assert client.get("/admin/").status_code == 302, forged


@pytest.mark.parametrize("next_page", ["//evil.example", "http://[::1", "https://evil.example/", "javascript:alert(1)"])
def test_no_page_of_signing_in_leads_elsewhere(client: Client, ann: Any, next_page: str) -> None:
    with_password(client, ann)
    key = secret_on(client.get(SET_UP, {"next": next_page}))
    response = client.post(SET_UP, {"code": code_of(key), "next": next_page})
    assert response.context["onward"] == "/admin/"
    assert "evil.example" not in body(response)
    client.post("/admin/logout/")
    with_password(client, ann)
    response = client.get(GIVE, {"next": next_page})
    assert "evil.example" not in body(response)
    response = client.post(GIVE, {"code": code_of(key, ahead=1), "next": next_page})
    assert response.headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    "bad", ["", "\x00", "a\x00b", "9" * 10_000, "١٢٣٤٥٦", "1e5", "\u202e123456", "-1", "null", "😀"]
)
def test_any_code_is_answered(client: Client, ann: Any, bad: str) -> None:
    with_password(client, ann)
    client.raise_request_exception = False
    assert client.post(SET_UP, {"code": bad}).status_code == 200
    give_app(ann)
    for data in ({"code": bad}, {"code": [bad, bad]}, {}, {"code": bad, "next": bad}):
        response = client.post(GIVE, data)
        assert response.status_code in {200, 429}
    assert client.get("/admin/").status_code == 302


def test_forms_want_the_token_of_their_page(ann: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    assert client.post(SET_UP, {"code": "123456"}).status_code == 403
    give_app(ann)
    assert client.post(GIVE, {"code": code_of(KEY)}).status_code == 403
    assert client.post("/admin/logout/").status_code == 403


# --- what was typed before the session ended ------------------------------------------------------------------------


def _waiting(response: Any) -> dict[str, str]:
    found = re.search(rf'name="{typed.WAITS}" value="([^"]+)"', body(response))
    assert found is not None
    return {typed.WAITS: found[1]}


@pytest.fixture
def waiting(client: Client, ann: Any, settings: Any) -> dict[str, str]:
    """What waits in the page of signing in after a form was sent without a session."""
    sign_in_wholly(client, ann)
    path = "/admin/casetracker/topic/add/"
    form = client.get(path)
    (given_to,) = re.findall(rf'name="{typed.GIVEN_TO}" value="([^"]+)"', body(form))
    del client.cookies[settings.SESSION_COOKIE_NAME]
    response = client.post(path, {typed.GIVEN_TO: given_to, "name": "Injunctions and what they bind"})
    assert response.status_code == 403
    return _waiting(response)


def test_what_was_typed_waits_for_password_and_code(client: Client, ann: Any, waiting: dict[str, str]) -> None:
    response = client.post(SIGN_IN, {**waiting, "username": "ann", "password": PASSWORD})
    assert response.status_code == 200
    assert "comes back with the code" in body(response)
    assert "Injunctions" not in body(response)
    response = client.post(GIVE, {**_waiting(response), "code": wrong_code(KEY)})
    assert response.status_code == 200
    waiting = _waiting(response)
    TOTPDevice.objects.update(throttling_failure_count=0)
    response = client.post(GIVE, {**waiting, "code": code_of(KEY)})
    assert response.status_code == 200
    assert "You are signed in again" in body(response)
    assert 'value="Injunctions and what they bind"' in body(response)


def test_what_was_typed_waits_for_a_second_factor_to_be_set_up(
    client: Client, ann: Any, waiting: dict[str, str]
) -> None:
    second_factor.remove(ann)
    response = client.post(SIGN_IN, {**waiting, "username": "ann", "password": PASSWORD})
    key = secret_on(response)
    response = client.post(SET_UP, {**_waiting(response), "code": code_of(key)})
    assert len(response.context["codes"]) == 10
    response = client.post(GIVE, _waiting(response))
    assert 'value="Injunctions and what they bind"' in body(response)


def test_what_was_typed_is_not_given_back_for_the_password_alone(
    client: Client, ann: Any, waiting: dict[str, str]
) -> None:
    client.post(SIGN_IN, {"username": "ann", "password": PASSWORD})
    for path in (GIVE, SET_UP, SIGN_IN):
        assert "Injunctions" not in body(client.post(path, waiting))


# --- new recovery codes ---------------------------------------------------------------------------------------------


def test_new_recovery_codes_take_the_password_again(client: Client, ann: Any) -> None:
    sign_in_wholly(client, ann)
    old = second_factor.new_recovery_codes(ann)
    path = reverse("admin:recovery_codes")
    for password in ("", "wrong", "\x00", "x" * 10_000):
        assert client.post(path, {"password": password}).status_code == 200
    assert second_factor.recovery_codes_left(ann) == 10
    codes = client.post(path, {"password": PASSWORD}).context["codes"]
    assert set(codes).isdisjoint(old)
    assert second_factor.verify(ann, old[0]).device is None


def test_password_that_is_asked_again_is_not_guessed_there(client: Client, ann: Any) -> None:
    sign_in_wholly(client, ann)
    path = reverse("admin:recovery_codes")
    answers = [client.post(path, {"password": "wrong"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert client.post(path, {"password": PASSWORD}).status_code == 429
