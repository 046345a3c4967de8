"""The forms of signing in. What proves who somebody is can be tried so often and no more; `wait` says for how long."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_variables

from ..accounts import second_factor, throttle
from ..accounts.addresses import client_address, network_of
from ..accounts.passwords import LONGEST_PASSWORD


def in_minutes(seconds: int) -> str:
    """How long that is to a person: never less than it is."""
    if seconds < 60:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    minutes = -(-seconds // 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes


class PatientForm(forms.Form):
    """A form that can say to wait: `wait` is in seconds, and 0 while there are tries left."""

    wait = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def use(self, *tries: tuple[throttle.Limit, str]) -> None:
        """Take one try of each limit; raises ValidationError when one of them is used up."""
        for limit, subject in tries:
            wait = throttle.take(limit, subject)
            if wait:
                self.refuse_for(wait)

    def refuse_for(self, seconds: int) -> None:
        self.wait = seconds
        raise ValidationError(
            _("Too many tries. Wait %(time)s, then try again."),
            code="throttled",
            params={"time": in_minutes(seconds)},
        )


def _named(name: str) -> str:
    """A user name as it is counted: however it is written."""
    return name.strip().casefold()


def _network(request: HttpRequest) -> str:
    return network_of(client_address(request.META))


class SignInForm(PatientForm, AdminAuthenticationForm):
    """Name and password. A try is taken before the password is looked at, so that many at once are no way around."""

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password or self.request is None:
            return self.cleaned_data
        account = (throttle.PASSWORD_OF_ACCOUNT, _named(name))
        self.use((throttle.PASSWORD_FROM_ADDRESS, _network(self.request)), account)
        if len(password) > LONGEST_PASSWORD:
            raise self.get_invalid_login_error()
        cleaned: dict[str, Any] = super().clean()
        throttle.give_back(*account)
        return cleaned


class PasswordAgainForm(PatientForm):
    """The password once more, before what an open browser alone must not be enough for."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        if not user.has_usable_password():
            del self.fields["password"]

    @sensitive_variables()
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        account = (throttle.PASSWORD_OF_ACCOUNT, _named(self.user.get_username()))
        self.use(account)
        if not self.user.check_password(password):
            raise ValidationError(_("This is not your password."), code="wrong")
        throttle.give_back(*account)
        return password


class DeskPasswordChangeForm(PatientForm, AdminPasswordChangeForm):
    """The old password and a new one, twice."""

    @sensitive_variables()
    def clean_old_password(self) -> str:
        account = (throttle.PASSWORD_OF_ACCOUNT, _named(self.user.get_username()))
        self.use(account)
        old: str = super().clean_old_password()
        throttle.give_back(*account)
        return old


class ChoosePasswordForm(SetPasswordForm):
    """A new password, twice, for whoever came by a one-time address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["new_password1"].widget.attrs["autofocus"] = True


class ResetRequestForm(PatientForm, PasswordResetForm):
    """The e-mail address of an account. Whether there is such an account is told to nobody."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs["autofocus"] = True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.use(
            (throttle.RESET_FROM_ADDRESS, _network(self.request)), (throttle.RESET_OF_ACCOUNT, _named(email))
        )  # fmt: skip
        return email


class CodeField(forms.CharField):
    """A code from the app or a recovery code: both are digits, so that a phone shows its keys for digits."""

    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)


class CodeForm(PatientForm):
    """One code of the account's second factor; `device` took it."""

    code = CodeField(label=gettext_lazy("Code"))
    device: Any = None

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        answer = second_factor.verify(self.user, code)
        if answer.wait:
            self.refuse_for(answer.wait)
        if answer.device is None:
            raise ValidationError(
                _("This code is wrong, too old or was used already. Wait for the next one that the app shows."),
                code="wrong",
            )
        self.device = answer.device
        return code


class SetUpForm(PasswordAgainForm):
    """The first code of an app that was just told its secret; with the password, if the account had an app before."""

    code = CodeField(label=gettext_lazy("Code that the app shows now"))
    device: Any = None

    def __init__(self, user: User, key: str, *args: Any, replaces: bool, **kwargs: Any) -> None:
        self.key = key
        self.replaces = replaces
        super().__init__(user, *args, **kwargs)
        if not replaces:
            self.fields.pop("password", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        code = self.cleaned_data.get("code", "")
        if self.errors or not code:
            return cleaned
        self.device = second_factor.set_up(
            self.user, self.key, code.replace(" ", ""), replaces=self.replaces
        )  # fmt: skip
        if self.device is None:
            self.add_error(
                "code",
                ValidationError(
                    _(
                        "This is not the code of this secret. "
                        "See that the clock of the phone is right, and type the next code."
                    ),
                    code="wrong",
                ),
            )
        return cleaned
