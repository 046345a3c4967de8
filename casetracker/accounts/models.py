"""What is kept of signing in: the browsers that are signed in, and how often something was tried."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class Session(AbstractBaseSession):
    """
    A session of Django's with what its list shows in columns. A trigger on the accounts' table deletes an account's
    sessions when its password changes or it is deactivated, whoever does it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions", editable=False
    )
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, default="")

    class Meta:
        default_permissions = ()
        ordering = ["-seen_at", "pk"]

    def __str__(self) -> str:
        # Never the key: who knows it is signed in.
        return f"{self.browser or 'a browser'}, last seen {self.seen_at:%Y-%m-%d %H:%M}"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from .sessions import SessionStore

        return SessionStore


class Allowance(models.Model):
    """
    How much of a limit is used up, for one account or address; see `throttle`. The key is a digest, for what people
    type where a name belongs is now and then their password.
    """

    key = models.CharField(max_length=64, primary_key=True)
    # The moment at which nothing is used up any more.
    whole_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"whole again at {self.whole_at:%Y-%m-%d %H:%M:%S}"
