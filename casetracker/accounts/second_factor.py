"""
The second factor: a code from an app (TOTP), or one of the recovery codes. Who has given it is admitted to the desk.

django-otp keeps the devices, refuses a code that has been used, and makes whoever fails wait twice as long each time.
"""

import datetime
import re
import secrets
import time
from base64 import b32encode
from binascii import unhexlify
from collections.abc import MutableMapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

# In the session of a try-out: its person was let in without a second factor.
WAIVED = "second_factor_waived"

RECOVERY_CODES = 10
_RECOVERY_DIGITS = 12
_CODE = re.compile(r"[0-9]{6}")
_RECOVERY_CODE = re.compile(rf"[0-9]{{{_RECOVERY_DIGITS}}}")


# --- who is admitted ------------------------------------------------------------------------------------------------


def is_settled(user: Any, session: Any) -> bool:
    """
    Whether the person has given a second factor with this session, as the middleware of django-otp found out.

    A try-out asks for none: its one-time address and its passwords are on this machine alone. Settings allow a
    try-out on loopback names only, and without it the waiver of a session counts for nothing.
    """
    if getattr(user, "otp_device", None) is not None:
        return True
    return bool(settings.TRYOUT and session.get(WAIVED))


def waive(session: MutableMapping[str, Any]) -> None:
    """Let the person of this session in without one. Raises RuntimeError outside a try-out."""
    if not settings.TRYOUT:
        raise RuntimeError("The second factor is waived in a try-out alone.")
    session[WAIVED] = True


def note_sign_in(user: User, session: MutableMapping[str, Any]) -> None:
    """After a password: in a try-out, who has set up no second factor is asked for none."""
    session.pop(WAIVED, None)
    if settings.TRYOUT and not is_set_up(user):
        waive(session)


# --- setting it up --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewKey:
    """
    A secret for an app that is not in use yet. `hexadecimal` is kept in the session until a code proves that the app
    has it; `letters` is what a person types, and `address` what the app reads from the drawing.
    """

    hexadecimal: str
    letters: str
    address: str


def new_key() -> str:
    """A random secret of 160 bits, in hexadecimal digits."""
    return str(random_hex(20))


def describe(user: User, key: str) -> NewKey:
    device = TOTPDevice(user=user, key=key)
    letters = b32encode(unhexlify(key)).decode()
    return NewKey(key, " ".join(re.findall(".{1,4}", letters)), device.config_url)


def is_set_up(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def set_up(user: User, key: str, code: str, *, replaces: bool) -> TOTPDevice | None:
    """
    Make `key` the account's second factor if `code` comes from it, in place of the one that there was; None if not.

    Without `replaces` an account that has one keeps it, so that of two who set one up at once only the first succeeds.
    """
    generator = TOTP(unhexlify(key))
    generator.time = time.time()
    if not _CODE.fullmatch(code) or not generator.verify(int(code), tolerance=1):
        return None
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        devices = TOTPDevice.objects.filter(user=user)
        if devices.filter(confirmed=True).exists() and not replaces:
            return None
        devices.delete()
        # The step of this code is used: it cannot be given again to sign in.
        device: TOTPDevice = TOTPDevice.objects.create(
            user=user,
            name="App",
            key=key,
            confirmed=True,
            last_t=generator.t(),
            drift=generator.drift,
            last_used_at=timezone.now(),
        )
        return device


# --- giving it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a code: the device that took it, or how many seconds to wait before the next, or neither."""

    device: Device | None = None
    wait: int = 0


def verify(user: User, typed: str) -> Answer:
    """Try a code, or a recovery code, on the account's own devices. Spaces and hyphens in it do not matter."""
    code = re.sub(r"[\s-]", "", typed)
    if _CODE.fullmatch(code):
        return _ask(TOTPDevice, user, code)
    if _RECOVERY_CODE.fullmatch(code):
        return _ask(StaticDevice, user, _digest(user, code))
    return Answer()


def _ask(kind: type[Device], user: User, code: str) -> Answer:
    # Locked, so that of two requests with one code only the first is let in, and each failure counts.
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk").first()
        if device is None:
            return Answer()
        allowed, refusal = device.verify_is_allowed()
        if not allowed:
            return Answer(wait=_seconds_until(refusal["locked_until"]))
        return Answer(device if device.verify_token(code) else None)


def _seconds_until(moment: datetime.datetime) -> int:
    return max(1, ceil((moment - timezone.now()).total_seconds()))


# --- recovery codes -------------------------------------------------------------------------------------------------


def _digest(user: User, code: str) -> str:
    """What is stored of a recovery code: with the site's key, since twelve digits alone are soon tried through."""
    return salted_hmac("casetracker.recovery", f"{user.pk}:{code}", algorithm="sha256").hexdigest()[:16]


def new_recovery_codes(user: User) -> list[str]:
    """Ten new codes in place of all earlier ones, as they are read and typed: `1234 5678 9012`. They are shown once."""
    codes = [f"{secrets.randbelow(10**_RECOVERY_DIGITS):0{_RECOVERY_DIGITS}d}" for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="Recovery codes", confirmed=True)
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(user, code)) for code in codes)
    return [" ".join(re.findall(".{4}", code)) for code in codes]


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


# --- taking it away -------------------------------------------------------------------------------------------------


def remove(user: User) -> bool:
    """Take the app and the recovery codes from the account; False if there were none."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        removed = TOTPDevice.objects.filter(user=user).delete()[0]
        return bool(removed + StaticDevice.objects.filter(user=user).delete()[0])
