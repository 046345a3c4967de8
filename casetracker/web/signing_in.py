"""What is written down of every sign-in, by whichever door. `casetracker.apps` connects it."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from ..accounts import second_factor, sessions
from ..accounts.addresses import client_address


@receiver(user_logged_in, dispatch_uid="casetracker.web.signing_in")
def note_sign_in(sender: Any, *, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    sessions.note_sign_in(
        request.session, address=client_address(request.META), user_agent=request.META.get("HTTP_USER_AGENT", "")
    )
    second_factor.note_sign_in(user, request.session)
