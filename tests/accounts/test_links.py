"""One-time addresses: each holds once, for its time, for its purpose and for its account."""

import datetime
from typing import Any

import pytest
from factories import UserFactory

from casetracker.accounts import links

pytestmark = pytest.mark.django_db

PASSWORD = "a horse with four batteries"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    now = datetime.datetime.now()  # as Django's tokens count
    state = {"now": now}
    for tokens in (links.invitations, links.resets):
        monkeypatch.setattr(tokens, "_now", lambda: state["now"], raising=False)

    def later(**time: float) -> None:
        state["now"] += datetime.timedelta(**time)

    return later


@pytest.mark.parametrize(("tokens", "hours"), [(links.invitations, 72), (links.resets, 1)])
def test_address_holds_for_its_time(clock: Any, tokens: Any, hours: int) -> None:
    user = UserFactory(password=PASSWORD if tokens is links.resets else None)
    token = tokens.make_token(user)
    clock(hours=hours, seconds=-5)
    assert tokens.check_token(user, token)
    clock(seconds=10)
    assert not tokens.check_token(user, token)


def test_address_ends_when_the_password_is_set() -> None:
    invited, forgetful = UserFactory(), UserFactory(password=PASSWORD)
    for tokens, user in ((links.invitations, invited), (links.resets, forgetful)):
        token = tokens.make_token(user)
        assert tokens.check_token(user, token)
        user.set_password("another horse with batteries")
        user.save()
        assert not tokens.check_token(user, token)


def test_new_invitation_takes_the_place_of_every_earlier_one() -> None:
    user = UserFactory()
    first = links.invite(user)
    second = links.invite(user)
    assert not links.invitations.check_token(user, first)
    assert links.invitations.check_token(user, second)


def test_address_is_for_its_purpose_and_its_account_alone() -> None:
    invited, forgetful = UserFactory(), UserFactory(password=PASSWORD)
    invitation, reset = links.invite(invited), links.resets.make_token(forgetful)
    assert not links.resets.check_token(invited, invitation)
    assert not links.invitations.check_token(forgetful, reset)
    assert not links.invitations.check_token(UserFactory(), invitation)
    assert not links.resets.check_token(UserFactory(password=PASSWORD), reset)


def test_address_of_an_account_that_is_not_active_opens_nothing() -> None:
    user = UserFactory()
    token = links.invite(user)
    user.is_active = False
    user.save()
    assert not links.invitations.check_token(user, token)


@pytest.mark.parametrize("token", [None, "", "-", "a-b-c", "zzzzzzzzzzzzzzzz-1", "\x00", "é-é", "a" * 5000])
def test_nonsense_is_no_token(token: Any) -> None:
    for tokens in (links.invitations, links.resets):
        assert not tokens.check_token(UserFactory(), token)
        assert not tokens.check_token(None, token)
