"""The one-time sign-in of a try-out."""

import importlib.util
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from codes import KEY, code_of, give_app
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from factories import UserFactory
from pages import fetch

from casetracker.web import urls
from casetracker.web.views.tryout import USERNAME, new_token

pytestmark = pytest.mark.django_db


def link() -> str:
    """The path that the command prints."""
    out = StringIO()
    call_command("tryout_link", port=8123, stdout=out)
    address = out.getvalue().strip()
    assert address.startswith("http://127.0.0.1:8123/try-out/")
    return address.removeprefix("http://127.0.0.1:8123")


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def sign_in(client: Client, path: str) -> Any:
    """As a browser does it: with the token of the form on the page."""
    form = fetch(client, path).one("form", method="post")
    (token,) = [field for field in form.iter("input") if field.get("name") == "csrfmiddlewaretoken"]
    return client.post(path, {"csrfmiddlewaretoken": token.attrib["value"]})


def test_it_signs_in_once_by_a_click_on_its_page() -> None:
    path, browser = link(), Client(enforce_csrf_checks=True)
    assert fetch(browser, path).heading == "Sign in to the try-out"
    response = sign_in(browser, path)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert is_signed_in(browser)


def test_reading_the_page_signs_nobody_in_and_does_not_use_it_up() -> None:
    path = link()
    for _ in range(3):
        reader = Client()
        for answer in (reader.get(path), reader.head(path)):
            assert answer.status_code == 200
        assert not is_signed_in(reader)
    browser = Client()
    sign_in(browser, path)
    assert is_signed_in(browser)


def test_a_second_use_is_refused_in_words_even_by_the_same_browser() -> None:
    path, browser = link(), Client()
    sign_in(browser, path)
    for client in (browser, Client()):
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 400
            assert "has been used" in answer.content.decode()
    other = Client()
    other.post(path)
    assert not is_signed_in(other)


def test_a_click_without_the_token_of_the_form_signs_nobody_in() -> None:
    path, forged = link(), Client(enforce_csrf_checks=True)
    assert forged.post(path).status_code == 403
    assert not is_signed_in(forged)


@pytest.mark.parametrize(
    "token", ["x", "x-y", "-", "a" * 5000, "zzzzzzzzzzzzzz-" + "a" * 32, "0-" + "0" * 32, "1-_-", "A-B-C"]
)
def test_a_link_of_nobody_is_refused_in_words(client: Client, token: str) -> None:
    for make_user in (False, True):
        if make_user:
            new_token()
        for answer in (client.get(f"/try-out/{token}/"), client.post(f"/try-out/{token}/")):
            assert answer.status_code == 400
            assert "Start dev.py run again" in answer.content.decode()
    assert not is_signed_in(client)


def test_the_link_is_for_its_own_account_alone(client: Client) -> None:
    UserFactory(username="somebody", is_staff=True, is_superuser=True)
    path = link()
    sign_in(client, path)
    assert client.session["_auth_user_id"] == str(get_user_model().objects.get(username=USERNAME).pk)


def test_an_account_that_was_switched_off_signs_in_no_more(client: Client) -> None:
    path = link()
    get_user_model().objects.filter(username=USERNAME).update(is_active=False)
    assert client.get(path).status_code == client.post(path).status_code == 400


def test_the_account_has_no_password() -> None:
    new_token()
    new_token()
    user = get_user_model().objects.get(username=USERNAME)
    assert not user.has_usable_password()
    assert user.is_superuser


def test_who_comes_by_it_is_asked_for_no_second_factor_even_having_one(client: Client, settings: Any) -> None:
    path = link()
    give_app(get_user_model().objects.get(username=USERNAME))
    sign_in(client, path)
    assert is_signed_in(client)
    # The same session on a real site is asked for it.
    settings.TRYOUT = False
    assert client.get("/admin/").headers["Location"].startswith("/admin/second-factor/")


def test_account_with_a_password_signs_in_with_it_alone_until_it_has_a_second_factor() -> None:
    ann = UserFactory(username="ann", is_staff=True, password="a horse with four batteries")
    data = {"username": "ann", "password": "a horse with four batteries"}
    first, second = Client(), Client()
    first.post("/admin/login/", data)
    assert is_signed_in(first)
    give_app(ann)
    second.post("/admin/login/", data)
    assert not is_signed_in(second)
    second.post("/admin/second-factor/", {"code": code_of(KEY)})
    assert is_signed_in(second)


def test_its_page_is_kept_nowhere_and_not_indexed(client: Client) -> None:
    page = fetch(client, link())
    assert page.response["Cache-Control"] == "private, no-store"
    assert not page.is_indexed


def test_the_address_is_absent_without_a_tryout(settings: Any) -> None:
    assert "tryout" in {pattern.name for pattern in urls.machine_patterns}
    settings.TRYOUT = False
    spec = importlib.util.spec_from_file_location("casetracker.web.addresses_of_a_site", Path(urls.__file__))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    names = {pattern.name for pattern in module.machine_patterns}
    assert names == {pattern.name for pattern in urls.machine_patterns} - {"tryout"}


def test_the_command_refuses_to_make_one_without_a_tryout(settings: Any) -> None:
    settings.TRYOUT = False
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("tryout_link")
