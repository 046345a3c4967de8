"""Entries of every kind. A ruling among them is edited on the screen of rulings."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from casetracker.models import Event, Kind

from .entries import DocketRows, EntryAdmin, ResponseRows, TreatmentRows
from .screens import entry_screen
from .sources import EventSourceRows


class LesserTreatmentRows(TreatmentRows):
    """A settlement or a dismissal by the parties can end a ruling too, but seldom does."""

    classes = ["collapse"]


@admin.register(Event)
class EventAdmin(EntryAdmin):
    list_display = ["when", "title", "kind", "where", "of_case", "state_column"]
    list_filter = ["kind", "happening", *EntryAdmin.common_filters]
    inlines = [DocketRows, ResponseRows, EventSourceRows, LesserTreatmentRows]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("case", "court"),
                    ("kind", "date", "time", "time_zone"),
                    "title",
                    "summary",
                    ("happening", "postponed_to"),
                ]
            },
        ),
        (
            "Order, effective date, seal, note",
            {
                "fields": [("day_order", "effective"), ("under_seal", "unsealed"), "note"],
                "classes": ["collapse", "after-rows"],
            },
        ),
        (
            "It is a ruling after all",
            {
                "fields": [("form", "outcome")],
                "classes": ["collapse", "after-rows"],
                "description": "Choose the kind “Ruling” above and its form here; the rest has a screen of its own.",
            },
        ),
    ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        if request.method == "GET" and request.GET.get("kind") == Kind.RULING:
            query = request.GET.copy()
            del query["kind"]
            return HttpResponseRedirect(f"{reverse('admin:casetracker_ruling_add')}?{query.urlencode()}")
        return super().add_view(request, form_url, extra_context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        if request.method == "GET" and "_popup" not in request.GET:
            row = self.get_object(request, object_id)
            if row is not None and row.kind == Kind.RULING:
                return HttpResponseRedirect(entry_screen(row))
        return super().change_view(request, object_id, form_url, extra_context)

    def response_post_save_change(self, request: HttpRequest, obj: Event) -> Any:
        if obj.kind == Kind.RULING:
            return HttpResponseRedirect(entry_screen(obj))
        return super().response_post_save_change(request, obj)
