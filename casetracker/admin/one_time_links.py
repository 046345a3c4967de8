"""
Choosing a password by a one-time address: an invited person's first, and a new one for who has forgotten the old.

The address is sent by e-mail, or shown to whoever keeps the accounts to hand over where the site sends none.
"""

import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import login, password_validation
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ..accounts import letters, links
from .signing_in import DeskFormView, DeskPage
from .signing_in_forms import ChoosePasswordForm, ResetRequestForm

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def _address(request: HttpRequest, name: str, user: User, token: str) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return request.build_absolute_uri(reverse(f"admin:{name}", args=[uid, token]))


def invitation_address(request: HttpRequest, user: User) -> str:
    """A new address for somebody without a password; every earlier one ends."""
    return _address(request, "invitation", user, links.invite(user))


def reset_address(request: HttpRequest, user: User) -> str:
    return _address(request, "password_reset_choose", user, links.resets.make_token(user))


def until(holds: datetime.timedelta) -> str:
    """The moment until which an address made now holds, in UTC."""
    return f"{timezone.now() + holds:%d %B %Y, %H:%M}".lstrip("0")


def invitation_letter(request: HttpRequest, user: User, address: str) -> EmailMessage:
    inviter: Any = request.user
    return letters.invitation(
        user.email,
        username=user.get_username(),
        inviter=inviter.get_full_name() or inviter.get_username(),
        site=request.get_host(),
        address=address,
        until=until(links.INVITATION_HOLDS),
    )


def reset_letter(request: HttpRequest, user: User, address: str) -> EmailMessage:
    return letters.new_password(
        user.email,
        username=user.get_username(),
        site=request.get_host(),
        address=address,
        until=until(links.RESET_HOLDS),
    )


# --- a forgotten password -------------------------------------------------------------------------------------------


class ResetRequestView(DeskFormView):
    """Asks for an e-mail address. The answer is the same, and takes as long, whether it is known or not."""

    template_name = "admin/signing_in/password_reset.html"
    title = gettext_lazy("Forgotten your password?")
    form_class = ResetRequestForm
    next_page = "admin:password_reset_sent"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sends_email": letters.are_sent()}

    def form_valid(self, form: Any) -> HttpResponse:
        if letters.are_sent():
            for user in form.get_users(form.cleaned_data["email"]):
                address = reset_address(self.request, user)
                letters.send_aside(reset_letter(self.request, user, address))
        return redirect("admin:password_reset_sent")


class ResetSentView(DeskPage, TemplateView):
    template_name = "admin/signing_in/password_reset_sent.html"
    title = gettext_lazy("Look into your e-mail")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "sends_email": letters.are_sent(), "minutes": int(links.RESET_HOLDS.total_seconds() // 60),
        }  # fmt: skip


# --- choosing one ---------------------------------------------------------------------------------------------------


class ChooseView(DeskPage, PasswordResetConfirmView):
    """
    Takes a new password from who came by a one-time address. Django moves the token from the address into the session
    before it shows the form, so that nothing that the page links to learns it.
    """

    template_name = "admin/signing_in/choose_password.html"
    form_class = ChoosePasswordForm
    token_generator: PasswordResetTokenGenerator = links.resets
    title = gettext_lazy("Choose a new password")
    success_url = reverse_lazy("admin:login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.validlink:
            context["title"] = _("This address does not work any more")
        return context | {
            "account": self.user if self.validlink else None,
            "rules": password_validation.password_validators_help_texts(),
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if not self.validlink:
            kwargs["status"] = 410
        response: HttpResponse = super().render_to_response(context, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            # Of two who use one address at once, the second finds that it has been used.
            form.user = User.objects.select_for_update().get(pk=form.user.pk)
            token = self.request.session.get(INTERNAL_RESET_SESSION_TOKEN)
            if not self.token_generator.check_token(form.user, token):
                self.validlink = False
                return self.render_to_response(self.get_context_data())
            form.save()
        self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
        return self.done(form.user)

    def done(self, user: User) -> HttpResponse:
        messages.success(self.request, _("Your password was changed. Sign in with it."))
        return redirect(str(self.success_url))


class InvitationView(ChooseView):
    """The first password. Whoever chose it is signed in with it, and led on to set up the second factor."""

    token_generator = links.invitations
    title = gettext_lazy("Welcome to the desk")

    def done(self, user: User) -> HttpResponse:
        login(self.request, user, backend=_BACKEND)
        return redirect("admin:index")
