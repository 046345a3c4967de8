"""The people who sign in, and their groups: whoever may add accounts invites them, and nobody sees a password."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from casetracker import roles

from ..accounts import letters, links, second_factor, sessions
from .base import DeskAdmin
from .fields import RowsField
from .one_time_links import invitation_address, invitation_letter, reset_address, reset_letter, until
from .signing_in import note

admin.site.unregister(User)
admin.site.unregister(Group)
# Their screens would show the secrets; who has a second factor is shown, and taken away, on the account's own.
admin.site.unregister(TOTPDevice)
admin.site.unregister(StaticDevice)


def groups_to_give(user: Any) -> QuerySet[Group]:
    """The groups into which the person may put others: the roles that may nothing that the person may not."""
    if user.is_superuser:
        return Group.objects.all()
    held = Permission.objects.filter(Q(group__user=user) | Q(user=user)).values("pk")
    more = Group.permissions.through.objects.filter(group=OuterRef("pk")).exclude(permission__in=held)
    return Group.objects.filter(~Exists(more), name__in=roles.ROLES)


class RolesField(RowsField):
    """A box to tick for each role and, for a superuser, for each group beside them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset: QuerySet[Group], **kwargs: Any) -> None:
        order = [When(name=name, then=Value(place)) for place, name in enumerate(roles.ROLES)]
        super().__init__(queryset.order_by(Case(*order, default=Value(len(order))), "name", "pk"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        told = roles.ROLES.get(obj.name)
        return f"{obj.name}: {told}" if told else str(obj.name)


class InvitationForm(forms.ModelForm):
    """A new account without a password: its owner chooses one, by the address that the invitation brings."""

    class Meta:
        model = User
        fields = ["username", "email", "first_name", "last_name", "groups"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("There is an account with this e-mail address already."), code="taken")
        return email

    def save(self, commit: bool = True) -> Any:
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


# What only whoever may do everything gives; it would be a way to every other right.
_WITHOUT_LIMIT = ["is_superuser", "user_permissions"]


def is_of_the_house(account: User) -> bool:
    """Whether the account has no rights but those of the roles."""
    return not (
        account.is_superuser
        or account.user_permissions.exists()
        or account.groups.exclude(name__in=roles.ROLES).exists()
    )


def keeps(user: Any, account: User | None) -> bool:
    """
    Whether the person may keep the account, if accounts at all. Nobody keeps that of who may do more than they: with an
    address for a new password they would soon be able to do it too.
    """
    if account is None or user.is_superuser:
        return True
    return is_of_the_house(account) and account.get_all_permissions() <= user.get_all_permissions()


@admin.register(User)
class AccountAdmin(DeskAdmin, UserAdmin):
    """
    A chief editor keeps the accounts of the house: names, invitations, roles, lost second factors. Whoever has rights
    beyond the roles is kept by a superuser, and only a superuser gives such rights.
    """

    form = UserChangeForm
    add_form = InvitationForm
    add_form_template = None
    change_form_template = "admin/auth/user/change_form.html"
    list_display = ["username", "email", "role", "is_staff", "is_active", "has_second_factor", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active"]
    ordering = ["username", "pk"]
    search_help_text = "By name or e-mail address."
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["username", "email", ("first_name", "last_name"), "groups"],
                "description": gettext_lazy(
                    "The invited person chooses a password and sets up a second factor. "
                    "The invitation works once, for three days."
                ),
            },
        ),
    ]
    fieldsets = [
        (None, {"fields": ["username", "password", ("first_name", "last_name"), "email"]}),
        ("What they may do", {"fields": [("is_active", "is_staff", "is_superuser"), "groups"]}),
        ("Single rights beside those of the groups", {"fields": ["user_permissions"], "classes": ["collapse"]}),
        ("Dates", {"fields": [("last_login", "date_joined")]}),
    ]

    # --- who may do what -----------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and keeps(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and keeps(request.user, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, *_WITHOUT_LIMIT]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What a password looks like in the database, and the way to set somebody else's, are a superuser's alone."""
        kept: Any = request.user
        found = super().get_fieldsets(request, obj)
        if obj is None or kept.is_superuser:
            return found
        (name, first), *others = found
        return [(name, first | {"fields": [field for field in first["fields"] if field != "password"]}), *others]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        kept: Any = request.user
        if not kept.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            # All in sight, each with what it may: in a look-up "editor" would find the chief editor first.
            return RolesField(groups_to_give(request.user), required=False, label=_("Role"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        in_use = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).prefetch_related("groups").annotate(second_factor=Exists(in_use))

    @admin.display(description=gettext_lazy("Role"))
    def role(self, account: User) -> str:
        return ", ".join(sorted(group.name for group in account.groups.all()))

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def has_second_factor(self, user: Any) -> bool:
        return bool(user.second_factor)

    # --- inviting ------------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        # Past Django's demand for the right to change as well, which is for a form that could make a superuser.
        response = self.changeform_view(request, None, form_url, extra_context)
        invited = getattr(request, "desk_invited", None)
        # Not before the account is stored: a letter cannot be taken back, and a mail server may let one wait.
        return response if invited is None else self._hand_over(request, invited)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        request.desk_invited = obj  # type: ignore[attr-defined]  # kept on the request for `add_view`
        return HttpResponse()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        kept = list(form.instance.groups.exclude(pk__in=groups_to_give(request.user)))
        super().save_related(request, form, formsets, change)
        # The form does not show the groups that the person may not give, so it says nothing about them.
        form.instance.groups.add(*kept)

    def get_urls(self) -> list[Any]:
        def screen(view: Any) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("<path:object_id>/link/", screen(self.link_view), name="auth_user_link"),
            path("<path:object_id>/second-factor/", screen(self.second_factor_view), name="auth_user_second_factor"),
            *super().get_urls(),
        ]

    def _account(self, request: HttpRequest, object_id: str) -> Any:
        account = self.get_object(request, unquote(object_id))
        if account is not None and not self.has_change_permission(request, account):
            raise PermissionDenied
        if account is None and not self.has_change_permission(request):
            raise PermissionDenied
        return account

    def _page(self, request: HttpRequest, account: Any, title: str, **context: Any) -> TemplateResponse:
        return TemplateResponse(
            request,
            f"admin/auth/user/{context.pop('template')}.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "subtitle": None,
                "opts": self.opts,
                "account": account,
                "back": self.address(account),
                **context,
            },
        )

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A new one-time address for the account, sent or shown; it is made by a POST alone."""
        account = self._account(request, object_id)
        if account is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST" and account.is_active:
            made = _("Made an address for a new password.")
            note(request.user, account, made if account.has_usable_password() else _("Made a new invitation."))
            return self._hand_over(request, account)
        return self._page(
            request,
            account,
            _("Invitation") if not account.has_usable_password() else _("New password"),
            template="link",
            is_invitation=not account.has_usable_password(),
            sends_email=letters.are_sent() and bool(account.email),
        )

    def _hand_over(self, request: HttpRequest, account: Any) -> HttpResponse:
        """Send the account's owner a one-time address, or show it to be handed over where it cannot be sent."""
        is_invitation = not account.has_usable_password()
        address = (invitation_address if is_invitation else reset_address)(request, account)
        write = invitation_letter if is_invitation else reset_letter
        sends = letters.are_sent() and bool(account.email)
        if sends and letters.send(write(request, account, address)):
            self.message_user(request, _("It was sent to %s.") % account.email, messages.SUCCESS)
            return HttpResponseRedirect(self._after(request, account))
        return self._page(
            request,
            account,
            _("Hand over this address"),
            template="hand_over",
            one_time_address=address,
            is_invitation=is_invitation,
            failed=sends,
            until=until(links.INVITATION_HOLDS if is_invitation else links.RESET_HOLDS),
        )

    def _after(self, request: HttpRequest, account: Any) -> str:
        may_see = self.has_view_or_change_permission(request, account)
        return self.address(account) if may_see else self.address(account).partition("auth/")[0]

    # --- the second factor of somebody else ----------------------------------------------------------------------

    def second_factor_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes it away from somebody who has lost it. They set up a new one when they next sign in."""
        account = self._account(request, object_id)
        if account is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            if second_factor.remove(account):
                note(request.user, account, _("Took the second factor away."))
                ended = sessions.end_all(account)
                told = ngettext(
                    "The second factor is taken away, and %d session was ended.",
                    "The second factor is taken away, and %d sessions were ended.",
                    ended,
                )
                self.message_user(request, told % ended, messages.SUCCESS)
            else:
                self.message_user(request, _("There was no second factor."), messages.WARNING)
            return HttpResponseRedirect(self.address(account))
        return self._page(
            request, account, _("Take the second factor away"), template="second_factor",
            is_set_up=second_factor.is_set_up(account),
        )  # fmt: skip


@admin.register(Group)
class AccountGroupAdmin(DeskAdmin, GroupAdmin):  # type: ignore[misc]  # both bases set the same options
    """Groups. Those of the roles are made by the program, and made anew by each `migrate`; they are only shown."""

    form = forms.ModelForm
    ordering = ["name", "pk"]
    search_help_text = "By name."
    filter_horizontal = ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.name not in roles.ROLES) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.name not in roles.ROLES) and super().has_delete_permission(request, obj)
