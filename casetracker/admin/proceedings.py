"""Proceedings with their numbers, parties, counsel and judges, and how one came from another."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from casetracker import rights
from casetracker.models import (
    DocketEntry,
    DocketNumber,
    ExternalId,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Representation,
    Transfer,
)

from .base import DeskAdmin
from .filters import InCourt, OfCase
from .forms import DeskForm
from .inlines import LineRows
from .screens import screen_of
from .searching import proceedings_for, transfers_for


class NumberRows(LineRows):
    model = DocketNumber
    verbose_name = "docket number"
    verbose_name_plural = "docket numbers"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj is None else 0


class PartyRows(LineRows):
    model = PartyRole
    verbose_name = "party"
    verbose_name_plural = "parties"


class CounselRows(LineRows):
    model = Representation
    verbose_name = "attorney"
    verbose_name_plural = "counsel"
    classes = ["compact", "collapse"]


class AssignedJudgeRows(LineRows):
    model = ProceedingJudge
    verbose_name = "judge"
    verbose_name_plural = "judges"


class ExternalIdRows(LineRows):
    model = ExternalId
    verbose_name = "key elsewhere"
    verbose_name_plural = "keys in other databases"
    classes = ["compact", "collapse"]


class ProceedingForm(DeskForm):
    """A docket with entries on it stays in its court and case: each entry would stand on another court's docket."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk is None:
            return cleaned
        entries = DocketEntry.objects.filter(proceeding=self.instance.pk)
        for name in {"court", "case"} & set(self.cleaned_data):
            row = self.cleaned_data[name]
            strays = entries.exclude(**{f"event__{name}": row}).count()
            if strays:
                noun = "entry stands" if strays == 1 else "entries stand"
                self.add_error(name, f"{strays} {noun} on this docket with another {name}. Move those first.")
        return cleaned


@admin.register(Proceeding)
class ProceedingAdmin(DeskAdmin):
    form = ProceedingForm
    list_display = ["caption", "where", "numbers_in_short", "about", "of_case"]
    list_filter = [InCourt, "case__state", OfCase]
    list_select_related = ["court", "case"]
    search_fields = ["caption"]
    search_help_text = "By docket number in any spelling, caption, court or case."
    ordering = ["case__sort_key", "display_order", "pk"]
    keeps_for_next: ClassVar[list[str]] = ["case"]
    inlines = [NumberRows, PartyRows, AssignedJudgeRows, CounselRows, ExternalIdRows]
    fieldsets = [
        (None, {"fields": [("case", "court"), "caption", "about", ("filed", "terminated"), "display_order"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("numbers")

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return proceedings_for(rows, text)

    def home_of(self, row: Proceeding) -> str:
        return screen_of(row.case)

    @admin.display(description="Court", ordering="court__display_order")
    def where(self, proceeding: Proceeding) -> str:
        return proceeding.court.short_name

    @admin.display(description="Numbers")
    def numbers_in_short(self, proceeding: Proceeding) -> str:
        return ", ".join(number.number for number in proceeding.numbers.all())

    @admin.display(description="Case", ordering="case__sort_key")
    def of_case(self, proceeding: Proceeding) -> str:
        return proceeding.case.short_name

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None and obj.pk is not None:
            transfers = (
                rights.seen(request.user, Transfer.objects.all())
                .filter(Q(origin=obj.pk) | Q(destination=obj.pk))
                .select_related("origin", "destination")
            )
            adds = {
                model: reverse(f"admin:casetracker_{model}_add")
                if request.user.has_perm(f"casetracker.add_{model}")
                else ""
                for model in ("transfer", "ruling")
            }
            context["case_screen"] = reverse("admin:casetracker_case_change", args=[obj.case_id])
            context["around"] = [
                {
                    "heading": "How it came here and where it went",
                    "rows": [
                        (reverse("admin:casetracker_transfer_change", args=[row.pk]), str(row)) for row in transfers
                    ],
                    "add": adds["transfer"] and f"{adds['transfer']}?origin={obj.pk}",
                    "add_label": "Add an appeal or transfer from here",
                },
                {
                    "heading": "Enter here",
                    "rows": [],
                    "add": adds["ruling"] and f"{adds['ruling']}?proceeding={obj.pk}",
                    "add_label": "Add a ruling here",
                },
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)


class TransferOfCase(OfCase):
    """By the case of either end."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        if not self.lookup_choices:
            return queryset.none()
        key = int(self.value() or 0)
        return queryset.filter(Q(origin__case=key) | Q(destination__case=key))


@admin.register(Transfer)
class TransferAdmin(DeskAdmin):
    list_display = ["kind", "origin_in_short", "destination_in_short", "date_in_words"]
    list_filter = ["kind", TransferOfCase]
    list_select_related = [
        "origin__court", "origin__case", "origin_court", "destination__court", "destination__case", "destination_court",
    ]  # fmt: skip
    search_fields = [
        "origin__caption", "origin_number", "destination__caption", "destination_number", "origin_court__name",
        "destination_court__name", "note",
    ]  # fmt: skip
    search_help_text = "By caption, number or court of either end."
    ordering = ["-pk"]
    fieldsets = [
        (None, {"fields": [("kind", "date"), ("origin", "destination"), "note"]}),
        (
            "An end that is not recorded here",
            {
                "fields": [("origin_court", "origin_number"), ("destination_court", "destination_number")],
                "classes": ["collapse"],
                "description": "Known only as a court and a number.",
            },
        ),
    ]

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return transfers_for(rows, text)

    @admin.display(description="From")
    def origin_in_short(self, transfer: Transfer) -> str:
        return _end(transfer.origin, transfer.origin_court, transfer.origin_number)

    @admin.display(description="To")
    def destination_in_short(self, transfer: Transfer) -> str:
        return _end(transfer.destination, transfer.destination_court, transfer.destination_number)

    @admin.display(description="Date")
    def date_in_words(self, transfer: Transfer) -> str:
        return transfer.date.words if transfer.date else ""


def _end(proceeding: Any, court: Any, number: str) -> str:
    if proceeding is not None:
        return f"{proceeding.court.short_name}: {proceeding.caption}"
    return f"{court.short_name if court else ''} {number}".strip()
