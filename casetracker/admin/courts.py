"""Courts."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from casetracker.models import Court, CourtAppeal, FormerCourt

from .base import DeskAdmin
from .inlines import FormerRows
from .joining import compare_what_is_chosen
from .searching import named_in_short


class FormerCourtRows(FormerRows):
    model = FormerCourt
    fk_name = "court"
    verbose_name = "former identifier"
    verbose_name_plural = "former identifiers, of courts that were merged into this one"
    fields = ["identifier", "known"]
    readonly_fields = ["identifier", "known"]


@admin.register(Court)
class CourtAdmin(DeskAdmin):
    actions = [compare_what_is_chosen]
    list_display = ["short_name", "name", "id", "level", "system", "place"]
    list_display_links = ["short_name", "name"]
    list_filter = ["level", "system", "is_local"]
    search_fields = ["id", "name", "short_name", "citation", "sort_key"]
    search_help_text = "By identifier, name, short name or citation form: mdd, D. Md., Maryland."
    ordering = ["display_order", "sort_key", "id"]
    fieldsets = [
        (None, {"fields": ["id", "name", ("short_name", "citation"), ("level", "system"), ("place", "time_zone")]}),
        ("Way of appeal", {"fields": ["appeals_to"]}),
        ("More", {"fields": ["website", "display_order"], "classes": ["collapse"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # It is the key, and stands in addresses.
        return ["id"] if obj is not None else []

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """
        Every word in one of the names, or the whole as an identifier or a name in short, however it is spaced:
        "D. Md.", "D.Md.", "SDNY".
        """
        text = text.strip()
        if not text:
            return rows
        each_word = Q()
        for word in text.split():
            each_word &= (
                Q(id__iexact=word)
                | Q(name__icontains=word)
                | Q(short_name__icontains=word)
                | Q(citation__icontains=word)
                | Q(sort_key__icontains=word)
            )
        return rows.filter(each_word | Q(id__istartswith=text) | named_in_short(text))

    def save_model(self, request: HttpRequest, obj: Court, form: Any, change: bool) -> None:
        if not change:
            obj.is_local = True
        super().save_model(request, obj, form, change)

    def rows_in_history(self) -> list[Any]:
        return [(CourtAppeal, "from_court"), (FormerCourt, "court")]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [*self.inlines, *FormerCourtRows.of(obj)]
