"""
Signing in once, from the terminal that started a try-out.

The address exists only under `CASETRACKER_TRYOUT`, which settings allow on loopback names alone. Its token is made for
one sign-in: signing in changes what it was made from. The page asks for a click, so that nothing that only reads it
signs in. Who comes by it is asked for no second factor: the address was printed on the terminal of this machine.
"""

from django.contrib.auth import get_user_model, login
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ...accounts import second_factor
from . import errors

USERNAME = "try-out"


class TryoutTokens(PasswordResetTokenGenerator):
    key_salt = "casetracker.tryout"


tokens = TryoutTokens()


def new_token() -> str:
    """A token for the try-out's editor, who is made if there is none: a superuser without a password."""
    user, made = get_user_model().objects.get_or_create(
        username=USERNAME, defaults={"is_staff": True, "is_superuser": True}
    )
    if made:
        user.set_unusable_password()
        user.save()
    return tokens.make_token(user)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    with transaction.atomic():
        user = get_user_model().objects.select_for_update().filter(username=USERNAME, is_active=True).first()
        if user is None or not tokens.check_token(user, token):
            return errors.bad_request(
                request,
                detail=_(
                    "This sign-in link has been used, or is not of this try-out. Start dev.py run again for a new one."
                ),
            )
        if request.method == "POST":
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            second_factor.waive(request.session)
            return redirect("admin:index")
    return render(request, "pages/tryout.html", {"noindex": True})
