"""The second factor: what sets it up, what is taken for it, and what is not."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from codes import KEY, code_of, give_app, wrong_code
from django.db import connection
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from factories import UserFactory

from casetracker.accounts import second_factor

pytestmark = pytest.mark.django_db

OTHER_KEY = "4142434445464748494a4b4c4d4e4f5051525354"


@pytest.fixture
def ann() -> Any:
    return UserFactory(username="ann", is_staff=True)


def test_first_code_sets_it_up_and_is_used_by_that(ann: Any) -> None:
    code = code_of(KEY)
    assert second_factor.set_up(ann, KEY, code, replaces=False) == TOTPDevice.objects.get(user=ann)
    assert second_factor.is_set_up(ann)
    assert second_factor.verify(ann, code).device is None


def test_code_of_another_secret_sets_nothing_up(ann: Any) -> None:
    assert second_factor.set_up(ann, KEY, wrong_code(KEY), replaces=False) is None
    assert not second_factor.is_set_up(ann)


@pytest.mark.parametrize(
    "bad", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 345", "1e5000", "-12345", "\x00" * 6, "9" * 5000]
)
def test_anything_that_is_no_code_sets_nothing_up_and_admits_nobody(ann: Any, bad: str) -> None:
    assert second_factor.set_up(ann, KEY, bad, replaces=False) is None
    give_app(ann)
    assert second_factor.verify(ann, bad) == second_factor.Answer()


def test_account_that_has_one_keeps_it_unless_it_is_to_be_replaced(ann: Any) -> None:
    give_app(ann)
    assert second_factor.set_up(ann, OTHER_KEY, code_of(OTHER_KEY), replaces=False) is None
    assert TOTPDevice.objects.get(user=ann).key == KEY
    assert second_factor.set_up(ann, OTHER_KEY, code_of(OTHER_KEY), replaces=True) is not None
    assert TOTPDevice.objects.get(user=ann).key == OTHER_KEY


def test_code_is_taken_once(ann: Any) -> None:
    device = give_app(ann)
    code = code_of(KEY)
    assert second_factor.verify(ann, f" {code[:3]} {code[3:]} ").device == device
    assert second_factor.verify(ann, code).device is None


def test_code_of_somebody_elses_app_is_refused(ann: Any) -> None:
    bob = UserFactory()
    give_app(ann)
    give_app(bob, key=OTHER_KEY)
    assert second_factor.verify(ann, code_of(OTHER_KEY)).device is None
    assert second_factor.verify(UserFactory(), code_of(KEY)).device is None


def test_whoever_fails_waits_twice_as_long_each_time(ann: Any) -> None:
    device = give_app(ann)
    for failures in range(1, 5):
        TOTPDevice.objects.filter(pk=device.pk).update(throttling_failure_timestamp=None)
        assert second_factor.verify(ann, wrong_code(KEY)).wait == 0
        wait = second_factor.verify(ann, code_of(KEY)).wait
        assert 0 < wait <= 2 ** (failures - 1)
    assert second_factor.verify(ann, code_of(KEY)).device is None


def test_recovery_code_is_taken_once_and_by_its_owner_alone(ann: Any) -> None:
    give_app(ann)
    codes = second_factor.new_recovery_codes(ann)
    assert len(set(codes)) == 10
    assert second_factor.verify(UserFactory(), codes[0]).device is None
    bob = UserFactory()
    second_factor.new_recovery_codes(bob)
    assert second_factor.verify(bob, codes[0]).device is None
    assert second_factor.verify(ann, codes[0].replace(" ", "-")).device is not None
    assert second_factor.recovery_codes_left(ann) == 9
    assert second_factor.verify(ann, codes[0]).device is None


def test_new_recovery_codes_take_the_place_of_the_old(ann: Any) -> None:
    old = second_factor.new_recovery_codes(ann)
    new = second_factor.new_recovery_codes(ann)
    assert second_factor.verify(ann, new[3]).device is not None
    assert second_factor.verify(ann, old[0]).device is None


def test_recovery_codes_are_not_stored_as_they_are_typed(ann: Any) -> None:
    codes = {code.replace(" ", "") for code in second_factor.new_recovery_codes(ann)}
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 10
    assert not stored & codes


def test_taking_it_away_takes_app_and_recovery_codes(ann: Any) -> None:
    give_app(ann)
    (code, *_) = second_factor.new_recovery_codes(ann)
    assert second_factor.remove(ann)
    assert not second_factor.is_set_up(ann)
    assert second_factor.verify(ann, code).device is None
    assert not second_factor.remove(ann)


def test_waiver_is_for_a_tryout_alone(ann: Any, settings: Any) -> None:
    session: dict[str, Any] = {}
    second_factor.waive(session)
    assert second_factor.is_settled(ann, session)
    settings.TRYOUT = False
    assert not second_factor.is_settled(ann, session)
    with pytest.raises(RuntimeError):
        second_factor.waive({})


def test_tryout_asks_for_the_second_factor_of_who_has_set_one_up(ann: Any) -> None:
    session: dict[str, Any] = {}
    second_factor.note_sign_in(ann, session)
    assert second_factor.is_settled(ann, session)
    give_app(ann)
    second_factor.note_sign_in(ann, session)
    assert not second_factor.is_settled(ann, session)


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_with_one_code_one_is_admitted(ann: Any) -> None:
    give_app(ann)
    (recovery, *_) = second_factor.new_recovery_codes(ann)

    def one(code: str) -> bool:
        try:
            return second_factor.verify(ann, code).device is not None
        finally:
            connection.close()

    for code in (code_of(KEY), recovery):
        with ThreadPoolExecutor(6) as threads:
            assert sum(threads.map(one, [code] * 6)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_one_up_at_once_the_first_succeeds(ann: Any) -> None:
    def one(key: str) -> bool:
        try:
            return second_factor.set_up(ann, key, code_of(key), replaces=False) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(one, [KEY, OTHER_KEY])) == 1
    assert TOTPDevice.objects.filter(user=ann).count() == 1
