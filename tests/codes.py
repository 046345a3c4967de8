"""An authenticator app for tests."""

import time
from binascii import unhexlify
from typing import Any

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

KEY = "3132333435363738393031323334353637383930"


def code_of(key: str, *, ahead: int = 0) -> str:
    """What the app shows now, or so many half minutes from now."""
    generator = TOTP(unhexlify(key))
    generator.time = time.time() + 30 * ahead
    return f"{generator.token():06d}"


def wrong_code(key: str) -> str:
    near = {code_of(key, ahead=ahead) for ahead in range(-3, 5)}
    return next(code for code in ("000000", "111111", "222222", *map(str, range(300_000, 300_020))) if code not in near)


def give_app(user: Any, *, key: str = KEY) -> TOTPDevice:
    """Set up the account's second factor; the code of this half minute is still to be used."""
    return TOTPDevice.objects.create(user=user, name="App", key=key, confirmed=True)


def sign_in_wholly(client: Any, user: Any) -> None:
    """As after password and code."""
    device = TOTPDevice.objects.filter(user=user).first() or give_app(user)
    client.force_login(user)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
