"""The people who sign in, and their groups."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User

from .base import DeskAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class AccountAdmin(DeskAdmin, UserAdmin):
    form = UserChangeForm
    list_display = ["username", "email", "is_staff", "is_active", "last_login"]
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


@admin.register(Group)
class AccountGroupAdmin(DeskAdmin, GroupAdmin):  # type: ignore[misc]  # both bases set the same options
    form = forms.ModelForm
    ordering = ["name", "pk"]
    search_help_text = "By name."
    filter_horizontal = ()
