"""What a chief editor may do with the accounts of others, and what only a superuser may."""

from collections.abc import Callable
from typing import Any

import pytest
from codes import KEY, code_of, give_app, sign_in_wholly
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from factories import UserFactory, in_role

from casetracker.accounts import second_factor
from casetracker.accounts.models import Session
from casetracker.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR

pytestmark = pytest.mark.django_db

Fill = Callable[..., dict[str, Any]]

PASSWORD = "a horse with four batteries"


@pytest.fixture
def chief() -> Any:
    return in_role(CHIEF_EDITOR, username="chief", password=PASSWORD)


@pytest.fixture
def chief_client(chief: Any) -> Client:
    client = Client()
    client.force_login(chief)
    return client


def path(screen: str, user: Any) -> str:
    return reverse(f"admin:auth_user_{screen}", args=[user.pk])


def body(response: Any) -> str:
    return str(response.content.decode())


def test_chief_editor_takes_a_second_factor_away_and_it_is_recorded(chief_client: Client, chief: Any) -> None:
    ann = UserFactory(is_staff=True)
    there = Client()
    sign_in_wholly(there, ann)
    second_factor.new_recovery_codes(ann)
    assert "Take the second factor away" in body(chief_client.get(path("change", ann)))
    assert second_factor.is_set_up(ann)
    response = chief_client.post(path("second_factor", ann), follow=True)
    assert "The second factor is taken away, and 1 session was ended." in body(response)
    assert not second_factor.is_set_up(ann)
    assert not StaticDevice.objects.filter(user=ann).exists()
    assert there.get("/admin/").status_code == 302
    entry = LogEntry.objects.get(object_id=str(ann.pk))
    assert (entry.user, entry.change_message) == (chief, "Took the second factor away.")
    assert "Took the second factor away." in body(chief_client.get(path("history", ann)))


def test_account_without_a_second_factor_says_so(chief_client: Client) -> None:
    ann = UserFactory(is_staff=True)
    assert "has set up no second factor yet" in body(chief_client.get(path("second_factor", ann)))
    response = chief_client.post(path("second_factor", ann), follow=True)
    assert "There was no second factor." in body(response)
    assert not LogEntry.objects.exists()


def test_list_tells_who_has_a_second_factor(superuser_client: Client) -> None:
    give_app(UserFactory(username="with"))
    UserFactory(username="without")
    rows = superuser_client.get("/admin/auth/user/").context["cl"].result_list
    assert {row.username: row.second_factor for row in rows if row.username.startswith("with")} == {
        "with": True,
        "without": False,
    }


def test_nobody_changes_the_account_of_who_may_do_more(chief_client: Client) -> None:
    more = UserFactory(is_staff=True, password=PASSWORD)
    more.user_permissions.set(Permission.objects.filter(codename="delete_case"))
    for account in (UserFactory(is_staff=True, is_superuser=True, password=PASSWORD), more):
        give_app(account)
        for screen in ("link", "second_factor", "delete"):
            assert chief_client.get(path(screen, account)).status_code == 403, screen
            assert chief_client.post(path(screen, account), {"post": "yes"}).status_code == 403, screen
        response = chief_client.post(path("change", account), {"username": "taken", "email": "x@example.org"})
        assert response.status_code == 403
        account.refresh_from_db()
        assert account.username != "taken"
        assert second_factor.is_set_up(account)


def test_nobody_gives_more_than_they_have(fill: Fill) -> None:
    # Keeps accounts, and has no other right of the roles.
    keeper = UserFactory(is_staff=True)
    rights = ["add_user", "change_user", "view_user"]
    keeper.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(keeper)
    ann = UserFactory(is_staff=True)
    data = {**fill(client, path("change", ann)), "is_superuser": "on"}
    for group in Group.objects.all():
        assert client.post(path("change", ann), {**data, "groups": [group.pk]}).status_code == 200
        invited = {"username": "carla", "email": "carla@example.org", "groups": [group.pk]}
        assert "Select a valid choice" in body(client.post("/admin/auth/user/add/", invited))
    ann.refresh_from_db()
    assert not ann.groups.exists()
    assert client.post(path("change", ann), data).status_code == 302
    ann.refresh_from_db()
    assert not ann.is_superuser
    # Nor do they change who may do more, and so become them by a new password.
    editor = in_role(EDITOR, password=PASSWORD)
    assert client.post(path("link", editor)).status_code == 403
    assert client.post(path("second_factor", editor)).status_code == 403


def test_roles_stand_in_sight_the_smallest_first_each_with_what_it_may(chief_client: Client) -> None:
    page = body(chief_client.get("/admin/auth/user/add/"))
    legend = page.index("Role")
    places = [page.index(f"{name}: ", legend) for name in (CONTRIBUTOR, EDITOR, CHIEF_EDITOR)]
    assert places == sorted(places)
    assert "changes everything, publishes and withdraws" in page
    assert "admin-autocomplete" not in page


@pytest.mark.parametrize("key", ["", "0", "-1", "9" * 5000, "abc", "\x00"])
def test_role_that_is_none_is_refused_beside_the_box(chief_client: Client, key: str) -> None:
    invited = {"username": "carla", "email": "carla@example.org", "groups": [key]}
    response = chief_client.post("/admin/auth/user/add/", invited)
    assert response.status_code == 200
    assert "Role" in body(response)
    assert not User.objects.filter(username="carla").exists()


def test_page_after_signing_out_is_of_the_house(chief_client: Client) -> None:
    page = body(chief_client.post("/admin/logout/"))
    assert "You are signed out" in page
    assert "quality time" not in page
    assert 'href="/admin/"' in page


def test_chief_editor_gives_every_role_and_no_other_group(chief_client: Client, fill: Fill) -> None:
    other = Group.objects.create(name="Others")
    ann = UserFactory(is_staff=True)
    for name in (CONTRIBUTOR, EDITOR, CHIEF_EDITOR):
        group = Group.objects.get(name=name)
        data = fill(chief_client, path("change", ann), groups=[group.pk])
        assert chief_client.post(path("change", ann), data).status_code == 302
        assert list(ann.groups.all()) == [group]
    data = fill(chief_client, path("change", ann), groups=[other.pk])
    assert chief_client.post(path("change", ann), data).status_code == 200


def test_saving_an_account_takes_no_group_away_that_the_form_does_not_show(
    chief_client: Client, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = in_role(CONTRIBUTOR)
    monkeypatch.setattr("casetracker.admin.accounts.groups_to_give", lambda user: Group.objects.none())
    data = fill(chief_client, path("change", ann), email="new@example.org", groups=None)
    assert chief_client.post(path("change", ann), data).status_code == 302
    assert [group.name for group in ann.groups.all()] == [CONTRIBUTOR]


def test_password_of_somebody_else_is_set_by_a_superuser_alone(chief_client: Client, superuser_client: Client) -> None:
    ann = UserFactory(is_staff=True, password=PASSWORD)
    assert "algorithm" not in body(chief_client.get(path("change", ann)))
    assert chief_client.get(path("password_change", ann)).status_code == 403
    assert superuser_client.get(path("password_change", ann)).status_code == 200
    assert "algorithm" in body(superuser_client.get(path("change", ann)))


def test_secrets_of_second_factors_have_no_screen() -> None:
    assert TOTPDevice not in admin.site._registry
    assert StaticDevice not in admin.site._registry


def test_deletion_of_an_account_shows_no_key_of_a_session(superuser_client: Client) -> None:
    ann = UserFactory(is_staff=True)
    client = Client()
    client.force_login(ann)
    page = body(superuser_client.get(path("delete", ann)))
    assert str(client.session.session_key) not in page
    assert superuser_client.post(path("delete", ann), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=ann.pk).exists()


@pytest.mark.parametrize("key", ["0", "abc", "9" * 5000, "_00", "%20"])
@pytest.mark.parametrize("screen", ["link", "second-factor"])
def test_account_that_is_not_there_is_answered_in_words(superuser_client: Client, screen: str, key: str) -> None:
    superuser_client.raise_request_exception = False
    for method in (superuser_client.get, superuser_client.post):
        response = method(f"/admin/auth/user/{key}/{screen}/", follow=True)
        assert response.status_code == 200
        assert "There is no user" in body(response)


def test_second_factor_is_taken_away_in_the_terminal_when_nobody_else_can(capsys: Any) -> None:
    ann = UserFactory(username="ann", is_staff=True)
    client = Client()
    sign_in_wholly(client, ann)
    call_command("remove_second_factor", "ann")
    assert "Its second factor is taken away; sessions ended: 1." in capsys.readouterr().out
    assert not second_factor.is_set_up(ann)
    assert not Session.objects.filter(user=ann).exists()
    assert second_factor.verify(ann, code_of(KEY)).device is None
    call_command("remove_second_factor", "ann")
    assert "It had no second factor" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no account 'nobody'"):
        call_command("remove_second_factor", "nobody")
