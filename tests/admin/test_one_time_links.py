"""Invitations and new passwords: sent by e-mail where the site sends any, handed over by a chief editor where not."""

import re
import time
from typing import Any

import pytest
from codes import KEY, code_of, give_app, sign_in_wholly
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client
from django.urls import reverse
from factories import UserFactory, in_role

from casetracker.accounts import second_factor
from casetracker.accounts.models import Session
from casetracker.roles import CHIEF_EDITOR, EDITOR

pytestmark = pytest.mark.django_db

PASSWORD = "a horse with four batteries"
NEW = "nobody knows this sentence"
ADD = "/admin/auth/user/add/"
RESET = "/admin/password-reset/"


@pytest.fixture
def sends_email(settings: Any) -> None:
    settings.SENDS_EMAIL = True


@pytest.fixture
def chief() -> Any:
    return in_role(CHIEF_EDITOR, username="chief", password=PASSWORD)


@pytest.fixture
def editors() -> Group:
    return Group.objects.get(name=EDITOR)


@pytest.fixture
def chief_client(chief: Any) -> Client:
    client = Client()
    client.force_login(chief)
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


def invite(client: Client, **changes: Any) -> Any:
    return client.post(ADD, {"username": "carla", "email": "carla@example.org", "_save": "Invite", **changes})


def address_in(text: str) -> str:
    (found,) = set(re.findall(r"http://testserver(/admin/(?:invitation|password-reset)/\S+?/\S+?/)", text))
    return str(found)


def letters(count: int) -> list[Any]:
    """What was sent; a letter goes out beside the answer, so it may take a moment."""
    end = time.monotonic() + 5
    while len(mail.outbox) < count and time.monotonic() < end:
        time.sleep(0.01)
    return list(mail.outbox)


def choose(client: Client, address: str, password: str = NEW) -> Any:
    response = client.get(address, follow=True)
    assert response.status_code == 200, body(response)[:500]
    path = response.redirect_chain[-1][0]
    return client.post(path, {"new_password1": password, "new_password2": password})


# --- invitations ----------------------------------------------------------------------------------------------------


def test_invited_person_chooses_a_password_and_sets_up_the_second_factor(
    chief_client: Client, editors: Group, real_site: None, chief: Any
) -> None:
    sign_in_wholly(chief_client, chief)
    response = invite(chief_client, groups=[editors.pk])
    assert response.status_code == 200
    assert "hand this address over yourself" in body(response)
    carla = User.objects.get(username="carla")
    assert (carla.email, carla.is_staff, carla.is_superuser) == ("carla@example.org", True, False)
    assert list(carla.groups.all()) == [editors]
    assert not carla.has_usable_password()
    browser = Client()
    response = choose(browser, address_in(body(response)))
    assert response.headers["Location"] == "/admin/"
    page = browser.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/admin/second-factor/set-up/")
    key = page.context["new"].hexadecimal
    assert len(browser.post("/admin/second-factor/set-up/", {"code": code_of(key)}).context["codes"]) == 10
    assert browser.get("/admin/casetracker/case/").status_code == 200
    assert mail.outbox == []


@pytest.mark.usefixtures("sends_email")
def test_invitation_is_sent_where_the_site_sends_email(chief_client: Client) -> None:
    response = chief_client.post(
        ADD, {"username": "carla", "email": "carla@example.org", "_save": "Invite"}, follow=True
    )
    assert "It was sent to carla@example.org." in body(response)
    (letter,) = letters(1)
    assert letter.to == ["carla@example.org"]
    assert "chief invites you" in letter.body
    assert "/admin/invitation/" not in body(response)
    assert choose(Client(), address_in(letter.body)).headers["Location"] == "/admin/"


@pytest.mark.usefixtures("sends_email")
def test_letter_that_could_not_be_sent_is_handed_over_instead(
    chief_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail.EmailMessage, "send", lambda *args: (_ for _ in ()).throw(OSError("no server")))
    response = invite(chief_client)
    assert "The e-mail could not be sent." in body(response)
    assert choose(Client(), address_in(body(response))).status_code == 302


def test_invitation_works_once(chief_client: Client) -> None:
    address = address_in(body(invite(chief_client)))
    first, second = Client(), Client()
    assert second.get(address, follow=True).status_code == 200
    choose(first, address)
    response = second.post(
        re.sub(r"[^/]+/$", "set-password/", address), {"new_password1": NEW + "!", "new_password2": NEW + "!"}
    )
    assert response.status_code == 410
    assert "used already" in body(response)
    assert Client().get(address).status_code == 410
    assert User.objects.get(username="carla").check_password(NEW)


def test_new_invitation_ends_the_one_before(chief_client: Client) -> None:
    first = address_in(body(invite(chief_client)))
    carla = User.objects.get(username="carla")
    response = chief_client.post(reverse("admin:auth_user_link", args=[carla.pk]))
    assert Client().get(first).status_code == 410
    assert choose(Client(), address_in(body(response))).status_code == 302


def test_invited_person_is_told_why_a_password_is_refused(chief_client: Client) -> None:
    address = address_in(body(invite(chief_client)))
    client = Client()
    response = choose(client, address, "short")
    assert response.status_code == 200
    assert "at least 15 characters" in body(response)
    assert choose(client, address).status_code == 302


def test_invitation_says_what_is_wrong_with_it(chief_client: Client) -> None:
    UserFactory(username="carla", email="taken@example.org")
    response = invite(chief_client, email="Taken@example.org")
    assert "already exists" in body(response)
    assert "There is an account with this e-mail address already." in body(response)
    response = invite(chief_client, username="other", email="")
    assert "This field is required." in body(response)
    assert User.objects.count() == 2


@pytest.mark.parametrize("bad", ["\x00", "a" * 10_000, "no address", "a@b\r\nBcc: c@example.org", "\u202e@x"])
def test_any_invitation_is_answered(chief_client: Client, bad: str) -> None:
    chief_client.raise_request_exception = False
    response = chief_client.post(ADD, {"username": bad, "email": bad, "first_name": bad, "groups": [bad]})
    assert response.status_code == 200
    assert response.context["errors"]
    assert User.objects.count() == 1


def test_only_who_may_add_accounts_invites(staff_client: Client, editor_client: Client) -> None:
    for client in (staff_client, editor_client):
        assert client.get(ADD).status_code == 403
        assert invite(client).status_code == 403
    assert not User.objects.filter(username="carla").exists()


def test_right_to_add_accounts_is_enough_to_invite() -> None:
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="add_user"))
    client = Client()
    client.force_login(user)
    assert "/admin/invitation/" in body(invite(client))


# --- a forgotten password -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sends_email")
def test_forgotten_password_is_chosen_anew_by_email() -> None:
    ann = UserFactory(username="ann", email="ann@example.org", password=PASSWORD, is_staff=True)
    give_app(ann)
    elsewhere = Client()
    sign_in_wholly(elsewhere, ann)
    response = Client().post(RESET, {"email": "ANN@example.org"}, follow=True)
    assert "If there is an account" in body(response)
    (letter,) = letters(1)
    assert letter.to == ["ann@example.org"]
    client = Client()
    response = choose(client, address_in(letter.body))
    assert response.headers["Location"] == "/admin/login/"
    # The letter alone opens nothing: password and second factor are still asked for.
    assert client.get("/admin/").status_code == 302
    assert second_factor.is_set_up(ann)
    assert not Session.objects.filter(user=ann).exists()
    client.post("/admin/login/", {"username": "ann", "password": NEW})
    assert client.get("/admin/").headers["Location"].startswith("/admin/second-factor/")
    client.post("/admin/second-factor/", {"code": code_of(KEY)})
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("sends_email")
def test_reset_says_the_same_of_every_address() -> None:
    UserFactory(username="ann", email="ann@example.org", password=PASSWORD)
    UserFactory(username="invited", email="invited@example.org")
    UserFactory(username="gone", email="gone@example.org", password=PASSWORD, is_active=False)
    answers = []
    for name in ("ann", "invited", "gone", "nobody"):
        response = Client().post(RESET, {"email": f"{name}@example.org"}, follow=True)
        answers.append((response.status_code, re.sub(r'value="\w+"', "", body(response))))
    assert len(set(answers)) == 1
    assert [letter.to for letter in letters(1)] == [["ann@example.org"]]


@pytest.mark.usefixtures("sends_email")
def test_reset_does_not_wait_for_the_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="ann@example.org", password=PASSWORD)
    sent = []

    def slowly(message: Any) -> int:
        time.sleep(1)
        sent.append(message)
        return 1

    monkeypatch.setattr(mail.EmailMessage, "send", slowly)
    began = time.monotonic()
    Client().post(RESET, {"email": "ann@example.org"})
    assert time.monotonic() - began < 0.9
    time.sleep(1.2)
    assert len(sent) == 1


@pytest.mark.usefixtures("sends_email")
def test_nobody_floods_a_box_with_letters() -> None:
    UserFactory(email="ann@example.org", password=PASSWORD)
    for email in ("ann@example.org", "nobody@example.org"):
        answers = [Client(REMOTE_ADDR=f"192.0.2.{n}").post(RESET, {"email": email}) for n in range(4)]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
        assert int(answers[-1].headers["Retry-After"]) > 60
        assert "minutes, then try again" in body(answers[-1])
    assert len(letters(3)) == 3


def test_site_without_email_says_whom_to_ask() -> None:
    UserFactory(email="ann@example.org", password=PASSWORD)
    assert "This site sends no e-mail. Ask a chief editor" in body(Client().get(RESET))
    assert Client().post(RESET, {"email": "ann@example.org"}, follow=True).status_code == 200
    assert mail.outbox == []


def test_chief_editor_hands_over_an_address_for_a_new_password(chief_client: Client, chief: Any) -> None:
    ann = UserFactory(username="ann", is_staff=True, password=PASSWORD)
    path = reverse("admin:auth_user_link", args=[ann.pk])
    assert "/admin/password-reset/" not in body(chief_client.get(path))
    response = chief_client.post(path)
    assert choose(Client(), address_in(body(response))).headers["Location"] == "/admin/login/"
    ann.refresh_from_db()
    assert ann.check_password(NEW)
    entry = LogEntry.objects.get(object_id=str(ann.pk))
    assert entry.user == chief
    assert "address for a new password" in entry.change_message


def test_address_for_an_account_that_is_not_active_is_not_made(chief_client: Client) -> None:
    ann = UserFactory(is_staff=True, password=PASSWORD, is_active=False)
    response = chief_client.post(reverse("admin:auth_user_link", args=[ann.pk]))
    assert "not active" in body(response)
    assert "/admin/password-reset/" not in body(response)


@pytest.mark.parametrize("kind", ["password-reset", "invitation"])
@pytest.mark.parametrize(
    ("uid", "token"),
    [
        ("MQ", "x-y"),
        ("OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "x-y"),
        ("AA", "a-b"),
        ("_", "-"),
        ("a" * 3000, "b" * 3000),
        ("MQ", "set-password"),
    ],
)
def test_address_that_is_none_is_answered_in_words(kind: str, uid: str, token: str) -> None:
    client = Client(raise_request_exception=False)
    for method in (client.get, client.post):
        response = method(f"/admin/{kind}/{uid}/{token}/")
        assert response.status_code == 410
        assert "This address does not work any more" in body(response)
        assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("sends_email")
@pytest.mark.parametrize("bad", ["", "\x00", "a" * 10_000 + "@example.org", "x", "a@b\r\nBcc: c@example.org", "é@é"])
def test_any_address_for_a_reset_is_answered(bad: str) -> None:
    response = Client(raise_request_exception=False).post(RESET, {"email": bad})
    assert response.status_code in {200, 302}
    assert mail.outbox == []
