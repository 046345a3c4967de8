"""A ruling on one screen: what was decided, where it stands, who decided, and what it did to earlier rulings."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect

from casetracker.models import Event, Kind, Provision, Ruling, RulingCitation, RulingJudge
from casetracker.reworking.together import held_only_by_rulings

from .base import DeskAdmin
from .entries import DocketRows, EntryAdmin, EntryForm, ResponseRows, TreatmentRows
from .inlines import LineRows
from .screens import entry_screen
from .sources import EventSourceRows


class JudgeRows(LineRows):
    model = RulingJudge
    fk_name = "ruling"
    verbose_name = "judge"
    verbose_name_plural = "judges"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj is None else 0


class EffectRows(TreatmentRows):
    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj is None else 0


class ProvisionRows(LineRows):
    model = Provision
    fk_name = "ruling"
    verbose_name = "provision"
    verbose_name_plural = "its own provisions"
    classes = ["compact", "collapse"]


class CitationRows(LineRows):
    model = RulingCitation
    fk_name = "ruling"
    classes = ["compact", "collapse"]


class RulingForm(EntryForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Unless it is on its way to becoming something else.
        stays = self.data.get(self.add_prefix("kind"), Kind.RULING) == Kind.RULING
        for name in {"court", "form"} & set(self.fields):
            self.fields[name].required = stays
        if "court" in self.fields:
            self.fields["court"].help_text = "By any of its names: mdd, D. Md., Maryland."

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk is not None and self.cleaned_data.get("kind", Kind.RULING) != Kind.RULING:
            held = held_only_by_rulings(self.instance.pk)
            if held:
                self.add_error("kind", f"It has {held} and so stays a ruling. Delete those first, and save.")
        return cleaned


@admin.register(Ruling)
class RulingAdmin(EntryAdmin):
    form = RulingForm
    deleted_only: ClassVar[dict[str, object]] = {"kind": Kind.RULING}
    list_display = ["when", "title", "form", "outcome", "where", "of_case", "state_column"]
    list_filter = ["form", "outcome", *EntryAdmin.common_filters]
    inlines = [DocketRows, JudgeRows, EffectRows, EventSourceRows, ProvisionRows, CitationRows, ResponseRows]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        main: list[Any] = [
            ("case", "court"),
            ("date", "time", "time_zone"),
            ("form", "outcome"),
            "title",
            "summary",
            "holding",
        ]
        rare: list[Any] = [
            ("per_curiam", "vote", "precedential"),
            ("day_order", "effective"),
            ("under_seal", "unsealed"),
            "note",
        ]
        if obj is not None:
            rare.append("kind")
        return [
            (None, {"fields": main}),
            (
                "Vote, effective date, seal, note",
                {"fields": rare, "classes": ["collapse", "after-rows"]},
            ),
            *self.files_box(request, obj),
        ]

    def response_change(self, request: HttpRequest, obj: Event) -> Any:
        response = super().response_change(request, obj)
        # It is a ruling no more, and has another screen.
        return HttpResponseRedirect(entry_screen(obj)) if obj.kind != Kind.RULING else response


@admin.register(Provision)
class ProvisionAdmin(DeskAdmin):
    """Not in any menu: provisions are edited with their ruling. It is how a look-up finds one."""

    list_display = ["text", "of_ruling", "ends"]
    list_filter = ["quoted"]
    list_select_related = ["ruling"]
    search_fields = ["text"]
    ordering = ["ruling", "position", "pk"]
    fieldsets = [(None, {"fields": ["ruling", "text", "quoted", "addressed_to", ("ends", "ends_note"), "position"]})]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Ruling", ordering="ruling__sort_date")
    def of_ruling(self, provision: Provision) -> str:
        return str(provision.ruling)
