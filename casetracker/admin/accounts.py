"""The people who sign in, and their groups."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from casetracker import roles

from .base import DeskAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


# What only whoever may do everything gives; it would be a way to every other right.
_WITHOUT_LIMIT = ["is_superuser", "user_permissions"]


def is_of_the_house(account: User) -> bool:
    """Whether the account has no rights but those of the roles."""
    return not (
        account.is_superuser
        or account.user_permissions.exists()
        or account.groups.exclude(name__in=roles.ROLES).exists()
    )


@admin.register(User)
class AccountAdmin(DeskAdmin, UserAdmin):
    """
    A chief editor keeps the accounts of the house: names, passwords, roles. Whoever has rights beyond the roles is
    kept by a superuser, and only a superuser gives such rights.
    """

    form = UserChangeForm
    list_display = ["username", "email", "role", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active"]
    ordering = ["username", "pk"]
    search_help_text = "By name or e-mail address."
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password", ("first_name", "last_name"), "email"]}),
        ("What they may do", {"fields": [("is_active", "is_staff", "is_superuser"), "groups"]}),
        ("Single rights beside those of the groups", {"fields": ["user_permissions"], "classes": ["collapse"]}),
        ("Dates", {"fields": [("last_login", "date_joined")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("Role"))
    def role(self, account: User) -> str:
        return ", ".join(sorted(group.name for group in account.groups.all()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, *_WITHOUT_LIMIT]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or request.user.is_superuser or is_of_the_house(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or request.user.is_superuser or is_of_the_house(obj))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.filter(name__in=roles.ROLES)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


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
