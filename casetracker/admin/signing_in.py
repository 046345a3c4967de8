"""
The desk's pages of signing in: the second factor, its recovery codes, and one's own account with its sessions.

`DeskSite.admin_view` leads everybody here who has given a password and no second factor yet.
"""

from typing import Any

import django_otp
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from ..accounts import second_factor, sessions
from . import typed
from .signing_in_forms import CodeForm, PasswordAgainForm, PatientForm, SetUpForm
from .squares import square

# In the session: the secret that an app was told and has not proved yet.
_NEW_KEY = "second_factor_new_key"


def is_half_signed_in(request: HttpRequest) -> bool:
    """Whether somebody of the desk has given the password and not yet the second factor."""
    user = request.user
    return user.is_active and user.is_staff and not second_factor.is_settled(user, request.session)


def with_wait(response: Any) -> Any:
    """The answer to a form that says to wait says so to programs too."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    if isinstance(form, PatientForm) and form.wait:
        response.status_code = 429
        response["Retry-After"] = str(form.wait)
    return response


def note(actor: Any, account: User, what: str) -> None:
    """Write an act on an account into its history."""
    LogEntry.objects.log_actions(actor.pk, [account], CHANGE, change_message=what, single_object=True)


class DeskPage:
    """A page of the desk that is none of its lists."""

    title: Any = ""
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = admin.site.each_context(self.request) | {"title": self.title, "subtitle": None}
        return context | super().get_context_data(**kwargs)  # type: ignore[misc]  # mixed into a view


@method_decorator(sensitive_post_parameters(), name="dispatch")
class DeskFormView(DeskPage, RedirectURLMixin, FormView):
    """A form of the desk that leads on to where the person wanted to go, if that is on this site."""

    redirect_field_name = "next"
    next_page = "admin:index"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "next": self.get_redirect_url(),
            "waits": self.request.POST.get(typed.WAITS, ""),
            "waits_name": typed.WAITS,
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = with_wait(super().form_invalid(form))
        return response

    def elsewhere(self, name: str) -> HttpResponse:
        """To another of these pages, with where to go afterwards."""
        wanted = self.get_redirect_url()
        return redirect(reverse(name, query={"next": wanted} if wanted else None))


# --- the second factor ----------------------------------------------------------------------------------------------


class SecondFactorView(DeskFormView):
    """Asks for a code, once the password has been given."""

    template_name = "admin/signing_in/second_factor.html"
    title = gettext_lazy("Second factor")
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not (request.user.is_active and request.user.is_staff):
            return self.elsewhere("admin:login")
        if second_factor.is_settled(request.user, request.session):
            return self.onward()
        if not second_factor.is_set_up(request.user):
            return self.elsewhere("admin:second_factor_setup")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        admit(self.request, form.device)
        left = second_factor.recovery_codes_left(self.request.user)  # type: ignore[arg-type]  # of the staff
        if form.device.model_label() == "otp_static.staticdevice":
            messages.warning(
                self.request,
                ngettext(
                    "You signed in with a recovery code. %d is left.",
                    "You signed in with a recovery code. %d are left.",
                    left,
                )
                % left,
            )
        return self.onward()

    def onward(self) -> HttpResponse:
        """Back to what was typed before the session ended, if anything waits in the page, or on."""
        waiting = typed.page_after_sign_in(self.request) if typed.WAITS in self.request.POST else None
        return waiting or HttpResponseRedirect(self.get_success_url())


def ask_on(request: HttpRequest) -> HttpResponse:
    """
    The page that asks for the second factor, or has it set up, as the answer to the password: what waits in the page of
    signing in goes on into this one.
    """
    user: Any = request.user
    view: DeskFormView = SecondFactorView()
    view.setup(request)
    form: PatientForm
    if second_factor.is_set_up(user):
        form = CodeForm(user)
    else:
        view = SetUpView()
        view.setup(request)
        form = SetUpForm(user, view.key(), replaces=False)
    return view.render_to_response(view.get_context_data(form=form))


def admit(request: HttpRequest, device: Any) -> None:
    """Write the given second factor into the session, under a new key: the old one was worth less."""
    django_otp.login(request, device)
    request.session.pop(second_factor.WAIVED, None)
    request.session.cycle_key()


class SetUpView(DeskFormView):
    """Shows a new secret as a square and as letters, and takes the first code that the app makes of it."""

    template_name = "admin/signing_in/set_up.html"
    title = gettext_lazy("Set up the second factor")
    form_class = SetUpForm
    replaces = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not (request.user.is_active and request.user.is_staff):
            return self.elsewhere("admin:login")
        self.replaces = second_factor.is_set_up(request.user)
        if self.replaces and not second_factor.is_settled(request.user, request.session):
            # Whoever has only the password must not put another app in the place of the first.
            return self.elsewhere("admin:second_factor")
        return super().dispatch(request, *args, **kwargs)

    def key(self) -> str:
        """The secret of this session; the same until it is in use, so that a page loaded anew shows the same."""
        found: str = self.request.session.get(_NEW_KEY, "")
        if not found:
            found = self.request.session[_NEW_KEY] = second_factor.new_key()
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user, "key": self.key(), "replaces": self.replaces}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = second_factor.describe(self.request.user, self.key())  # type: ignore[arg-type]  # of the staff
        return super().get_context_data(**kwargs) | {
            "new": new, "square": square(new.address), "replaces": self.replaces,
        }  # fmt: skip

    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.request.user
        del self.request.session[_NEW_KEY]
        admit(self.request, form.device)
        note(user, user, _("Set up a second factor."))
        return _show_codes(self.request, second_factor.new_recovery_codes(user), self.get_success_url())


class RecoveryCodesView(DeskFormView):
    """Makes new recovery codes in place of the old, for the password."""

    template_name = "admin/signing_in/new_recovery_codes.html"
    title = gettext_lazy("New recovery codes")
    form_class = PasswordAgainForm
    next_page = "admin:account"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not second_factor.is_set_up(request.user):  # type: ignore[arg-type]  # of the staff, so no stranger
            return self.elsewhere("admin:second_factor_setup")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.request.user
        note(user, user, _("Made new recovery codes."))
        return _show_codes(self.request, second_factor.new_recovery_codes(user), self.get_success_url())


def _show_codes(request: HttpRequest, codes: list[str], onward: str) -> HttpResponse:
    """The one page that shows them. It answers the form itself: an address of its own could be opened again."""
    view = RecoveryCodesShown()
    view.setup(request)
    waits = request.POST.get(typed.WAITS, "")
    context = view.get_context_data(codes=codes, onward=onward, waits=waits, waits_name=typed.WAITS)
    return view.render_to_response(context)


class RecoveryCodesShown(DeskPage, TemplateView):
    template_name = "admin/signing_in/recovery_codes.html"
    title = gettext_lazy("Your recovery codes")


# --- one's own account ----------------------------------------------------------------------------------------------


class AccountView(DeskPage, TemplateView):
    """One's own password, second factor and sessions; a POST ends sessions."""

    template_name = "admin/signing_in/account.html"
    title = gettext_lazy("Your account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(**kwargs) | {
            "sessions": sessions.signed_in(user, this=self.request.session.session_key),
            "is_set_up": second_factor.is_set_up(user),
            "codes_left": second_factor.recovery_codes_left(user),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        this = request.session.session_key
        if "end_others" in request.POST:
            ended = sessions.end_all(user, but=this)
            messages.success(
                request, ngettext("%d other session was ended.", "%d other sessions were ended.", ended) % ended
            )
        elif sessions.end(user, reference=request.POST.get("end", "")):
            messages.success(request, _("The session was ended."))
        else:
            messages.warning(request, _("That session had ended already."))
        return redirect("admin:account")
