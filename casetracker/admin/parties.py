"""Parties, counsel and judges."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from casetracker import rights
from casetracker.models import (
    Attorney,
    FormerAttorney,
    FormerJudge,
    FormerParty,
    Judge,
    Party,
    ProceedingJudge,
    Representation,
    RulingJudge,
)

from .base import DeskAdmin
from .filters import InCourt
from .forms import SlugForm
from .inlines import FormerRows
from .joining import compare_what_is_chosen

_ADDRESS: Any = ("Address of the page", {"fields": ["slug"], "classes": ["collapse"]})


class FormerJudgeRows(FormerRows):
    model = FormerJudge
    fk_name = "judge"
    verbose_name_plural = "former addresses, of judges who were merged into this one"
    fields = ["slug", "known"]
    readonly_fields = ["slug", "known"]


class FormerAttorneyRows(FormerRows):
    model = FormerAttorney
    fk_name = "attorney"
    verbose_name = "former name"
    verbose_name_plural = "former names, of attorneys who were merged into this one"
    fields = ["name", "firm"]
    readonly_fields = ["name", "firm"]


class FormerPartyRows(FormerRows):
    model = FormerParty
    fk_name = "party"
    verbose_name_plural = "former addresses, of parties that were merged into this one"
    fields = ["slug", "known"]
    readonly_fields = ["slug", "known"]


@admin.register(Party)
class PartyAdmin(DeskAdmin):
    form = SlugForm
    actions = [compare_what_is_chosen]
    list_display = ["name", "kind", "is_minor", "description"]
    list_filter = ["kind", "is_minor"]
    search_fields = searched = ("name", "description")
    search_help_text = "By name or office."
    ordering = ["sort_key", "pk"]
    fieldsets = [(None, {"fields": ["name", ("kind", "is_minor"), "description"]}), _ADDRESS]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [*self.inlines, *FormerPartyRows.of(obj)]

    def rows_in_history(self) -> list[Any]:
        return [*super().rows_in_history(), (FormerParty, "party")]


class CounselInCourt(InCourt):
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        there = rights.seen(request.user, Representation.objects.all()).filter(
            attorney=OuterRef("pk"), proceeding__court=self.value()
        )
        return queryset.filter(Exists(there))


@admin.register(Attorney)
class AttorneyAdmin(DeskAdmin):
    actions = [compare_what_is_chosen]
    list_display = ["name", "firm"]
    list_filter = [CounselInCourt]
    search_fields = searched = ("name", "firm")
    search_help_text = "By name, firm or office."
    ordering = ["sort_key", "pk"]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [*self.inlines, *FormerAttorneyRows.of(obj)]

    def rows_in_history(self) -> list[Any]:
        return [*super().rows_in_history(), (FormerAttorney, "attorney")]


class JudgeInCourt(InCourt):
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        decided = rights.seen(request.user, RulingJudge.objects.all()).filter(
            judge=OuterRef("pk"), ruling__court=self.value()
        )
        assigned = rights.seen(request.user, ProceedingJudge.objects.all()).filter(
            judge=OuterRef("pk"), proceeding__court=self.value()
        )
        return queryset.filter(Q(Exists(decided)) | Q(Exists(assigned)))


@admin.register(Judge)
class JudgeAdmin(DeskAdmin):
    form = SlugForm
    actions = [compare_what_is_chosen]
    list_display = ["name", "label", "title"]
    list_filter = [JudgeInCourt]
    search_fields = searched = ("name", "label", "title")
    search_help_text = "By name, label or title."
    ordering = ["sort_key", "pk"]
    fieldsets = [(None, {"fields": ["name", ("label", "title")]}), _ADDRESS]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [*self.inlines, *FormerJudgeRows.of(obj)]

    def rows_in_history(self) -> list[Any]:
        return [*super().rows_in_history(), (FormerJudge, "judge")]
