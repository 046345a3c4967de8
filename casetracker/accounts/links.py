"""
One-time addresses: the invitation of a new account, and the one that sets a new password.

Nothing of them is stored. Each is made from the account's password, last sign-in and e-mail address, so that it ends
when any of them changes, and with its time.
"""

import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

INVITATION_HOLDS = datetime.timedelta(days=3)
RESET_HOLDS = datetime.timedelta(hours=1)


class _Tokens(PasswordResetTokenGenerator):
    """Tokens that hold for a time of their own; `PASSWORD_RESET_TIMEOUT` bounds all of them."""

    holds: datetime.timedelta

    def check_token(self, user: Any, token: str | None) -> bool:
        if user is None or not user.is_active or not super().check_token(user, token):
            return False
        made = base36_to_int(str(token).partition("-")[0])
        return self._num_seconds(self._now()) - made <= self.holds.total_seconds()


class InvitationTokens(_Tokens):
    key_salt = "casetracker.accounts.invitation"
    holds = INVITATION_HOLDS

    def check_token(self, user: Any, token: str | None) -> bool:
        return user is not None and not user.has_usable_password() and super().check_token(user, token)


class ResetTokens(_Tokens):
    key_salt = "casetracker.accounts.reset"
    holds = RESET_HOLDS

    def check_token(self, user: Any, token: str | None) -> bool:
        return user is not None and user.has_usable_password() and super().check_token(user, token)


invitations = InvitationTokens()
resets = ResetTokens()


def invite(user: User) -> str:
    """A token for somebody who has no password yet. Every earlier one ends."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return invitations.make_token(user)
