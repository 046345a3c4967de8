"""What the screens of entries and of rulings share: they are one table, and most of their rows are the same."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from casetracker import rights
from casetracker.models import (
    Correction,
    DocketEntry,
    Document,
    Event,
    FormerEntry,
    Kind,
    Proceeding,
    Response,
    Statement,
    Treatment,
)

from . import findings
from .entry_files import EntryFilesForm, FilesMixin
from .fields import keys_in
from .filters import InCourt, OfCase, Review, WithoutSource
from .inlines import FormerRows, LineRows, Rows, rows_filled_in
from .paste_screen import PasteMixin, reading_on
from .pasting import BOX
from .publishing import PublishableAdmin
from .screens import screen_of
from .searching import entries_for


class EntryForm(EntryFilesForm):
    """The zone of a time is kept only where it is not that of the court."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "date" in self.fields:
            self.fields["date"].help_text = (
                "As far as it is known: 10 April 2025, April 2025, about 1801, 9–11 December 1952, "
                "between 15 and 24 March 2025, before 4 March 1801."
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        court = data.get("court")
        is_courts_own = court is not None and data.get("time_zone") == court.time_zone
        if "time_zone" in data and (is_courts_own or not data.get("time")):
            data["time_zone"] = ""
        return cleaned


class DocketRows(Rows):
    """Where the entry stands on dockets. A docket of another case or court than the form says is refused."""

    model = DocketEntry
    fk_name = "event"
    verbose_name = "place on a docket"
    verbose_name_plural = "on the docket"
    prefetched = ("proceeding__numbers",)
    fieldsets = [
        (None, {"fields": [("proceeding", "number")]}),
        ("As docketed", {"fields": ["text", ("entered", "position")], "classes": ["collapse"]}),
    ]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj is None else 0


class ResponseRows(LineRows):
    model = Response
    fk_name = "event"
    verbose_name = "entry that this answers"
    verbose_name_plural = "responds to"
    classes = ["compact", "collapse"]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj is None and "responds_to" in request.GET else 0


class FormerEntryRows(FormerRows):
    model = FormerEntry
    fk_name = "event"
    verbose_name_plural = "former addresses, of entries that were merged into this one"
    fields = ["public_id", "known"]
    readonly_fields = ["public_id", "known"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("pk")


class TreatmentRows(Rows):
    """What the entry did to earlier rulings: one row for each provision, or one for the whole ruling."""

    model = Treatment
    fk_name = "act"
    verbose_name = "effect on a ruling"
    verbose_name_plural = "what it did to earlier rulings"
    fieldsets = [
        (None, {"fields": [("verb", "target"), ("provision", "in_part")]}),
        (
            "From when, until when, note",
            {
                "fields": [("effective", "until"), ("until_event", "until_note"), ("note", "position")],
                "classes": ["collapse"],
            },
        ),
        (
            "The ruling is not recorded here",
            {"fields": [("target_court", "target_number", "target_date")], "classes": ["collapse"]},
        ),
    ]


class EntryAdmin(PasteMixin, FilesMixin, PublishableAdmin):
    """Base of `EventAdmin` and `RulingAdmin`."""

    form = EntryForm
    change_form_template = "admin/casetracker/entry_form.html"
    list_display_links = ["title"]
    list_select_related = ["court", "case", "reviewer"]
    search_fields = ["title"]
    search_help_text = "By words, docket number or date: 10 April 2025, 2025-04, 25-1345."
    ordering = ["-sort_date", "-sort_rank", "-day_order", "-time", "-pk"]
    common_filters: ClassVar[list[Any]] = [InCourt, "state", Review, WithoutSource, OfCase]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        if match and str(match.url_name).endswith(("_changelist", "autocomplete")):
            return rows.defer("summary", "note", "holding", "state_reason", "search")
        return rows

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return entries_for(rows, text)

    def look_up(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return entries_for(rows, text, only_names=True)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*(self.fieldsets or []), *self.files_box(request, obj)]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [*self.inlines, *FormerEntryRows.of(obj)]

    def rows_in_history(self) -> list[Any]:
        return [*super().rows_in_history(), (FormerEntry, "event")]

    # --- columns of the lists --------------------------------------------------------------------------------------

    @admin.display(description="Date", ordering="sort_date")
    def when(self, entry: Event) -> str:
        return entry.date.words if entry.date else ""

    @admin.display(description="Court", ordering="court__display_order")
    def where(self, entry: Event) -> str:
        return entry.court.short_name if entry.court else "Outside court"

    @admin.display(description="Case", ordering="case__sort_key")
    def of_case(self, entry: Event) -> str:
        return entry.case.short_name

    # --- filling in ------------------------------------------------------------------------------------------------

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_changeform_initial_data(request)
        if reading_on(request) is not None:
            return found
        proceeding = self.proceeding_asked_for(request)
        if proceeding is not None:
            found["case"], found["court"] = proceeding.case_id, proceeding.court_id
            found.setdefault("time_zone", proceeding.court.time_zone)
        return found

    def proceeding_asked_for(self, request: HttpRequest) -> Proceeding | None:
        keys = keys_in([request.GET.get("proceeding", "")], Proceeding)
        rows = rights.seen(request.user, Proceeding.objects.select_related("court"))
        return rows.filter(pk__in=keys).first() if keys else None

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        # Only when the form is first shown: a preset row that comes back unchanged is meant to be saved.
        if request.method == "GET" and (obj is None or obj.pk is None):
            preset = self.preset_row(request, inline)
            rows = rows_filled_in(request, inline) or ([preset] if preset else [])
            if rows:
                kwargs["initial"] = rows
        return kwargs

    def preset_row(self, request: HttpRequest, inline: Any) -> dict[str, Any]:
        """What the address asks to fill into the first row of these."""
        if isinstance(inline, DocketRows):
            proceeding = self.proceeding_asked_for(request)
            return {"proceeding": proceeding.pk} if proceeding is not None else {}
        if isinstance(inline, TreatmentRows):
            return _entry_asked_for(request, "treats", "target", Event.objects.rulings())
        if isinstance(inline, ResponseRows):
            return _entry_asked_for(request, "responds_to", "responds_to", Event.objects.all())
        return {}

    # --- what is around it -----------------------------------------------------------------------------------------

    def open_points(self, request: HttpRequest, row: Event, *, is_here: bool) -> list[findings.Line]:
        if not (self.has_change_permission(request, row) or self.may_publish(request, row)):
            return []
        return findings.of_entry(row, is_here=is_here)

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
            context["around"] = self.around(obj, request)
            context["case_screen"] = case_screen(obj)
        form = context["adminform"].form
        pastes = "paste" in request.GET and reading_on(request) is None
        if add and not form.is_bound and form.initial.get("case") and not pastes:
            # What comes from the address is filled in; typing begins behind it.
            form.fields["date"].widget.attrs["autofocus"] = True
            context["has_autofocus"] = True
        context["has_autofocus"] = context.get("has_autofocus") or pastes
        return super().render_change_form(request, context, add, change, form_url, obj)

    def around(self, entry: Event, request: HttpRequest) -> list[dict[str, Any]]:
        """What hangs on the entry and has a screen of its own: a heading, links to each, and where to add one."""

        def add(model: str, **presets: Any) -> str:
            may = request.user.has_perm(f"casetracker.add_{model}")
            # What has no state of its own is public with the entry, so that only whoever may change that adds it.
            may = may and (model in {"event", "ruling"} or rights.may_change(request.user, entry))
            return f"{reverse(f'admin:casetracker_{model}_add')}?{urlencode(presets)}" if may else ""

        def seen(model: Any) -> QuerySet[Any]:
            return rights.seen(request.user, model.objects.all())

        done = seen(Treatment).filter(target=entry.pk).select_related("act").order_by("act__sort_date", "pk")
        answers = seen(Response).filter(responds_to=entry.pk).select_related("event").order_by("pk")
        return [
            {
                "heading": "Said about it",
                "rows": [(screen_of(row), str(row)) for row in seen(Statement).filter(event=entry.pk)],
                "add": add("statement", event=entry.pk),
                "add_label": "Add a statement",
            },
            {
                "heading": "Done to it later",
                "rows": [(screen_of(row.act), f"{row.act}: {row.get_verb_display()}") for row in done],
                "add": add("ruling", case=entry.case_id, treats=entry.pk) if entry.kind == Kind.RULING else "",
                "add_label": "Add a ruling about it",
            },
            {
                "heading": "Answered by",
                "rows": [(screen_of(row.event), str(row.event)) for row in answers],
                "add": add("event", case=entry.case_id, court=entry.court_id or "", responds_to=entry.pk),
                "add_label": "Add an answer",
            },
            {
                "heading": "Documents",
                "rows": [(screen_of(row), row.title) for row in seen(Document).filter(event=entry.pk).defer("text")],
                "add": add("document", event=entry.pk),
                "add_label": "Add a document",
            },
            {
                "heading": "Corrections",
                "rows": [(screen_of(row), str(row)) for row in seen(Correction).filter(event=entry.pk)],
                "add": add("correction", case=entry.case_id, event=entry.pk),
                "add_label": "Add a correction",
            },
        ]

    # --- after saving ----------------------------------------------------------------------------------------------

    def home_of(self, row: Event) -> str:
        return case_screen(row)

    def home_without(self, row: Event) -> str:
        return screen_of(row.case)

    def next_like(self, entry: Event, request: HttpRequest) -> str:
        """
        The address of a new form that keeps case, court, docket and date, and begins in the box for a line of the
        docket if this entry came from one.
        """
        kept: dict[str, Any] = {"case": entry.case_id, "court": entry.court_id or ""}
        if entry.date is not None:
            kept["date"] = entry.date.edtf
        proceeding = entry.docket_entries.order_by("pk").values_list("proceeding_id", flat=True).first()
        if proceeding is not None:
            kept["proceeding"] = proceeding
        if request.POST.get(BOX):
            kept["paste"] = 1
        return f"{reverse(f'admin:casetracker_{self.opts.model_name}_add')}?{urlencode(kept)}"

    def response_add(self, request: HttpRequest, obj: Event, post_url_continue: str | None = None) -> Any:
        response = super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(self.next_like(obj, request)) if "_addanother" in request.POST else response

    def response_change(self, request: HttpRequest, obj: Event) -> Any:
        response = super().response_change(request, obj)
        return HttpResponseRedirect(self.next_like(obj, request)) if "_addanother" in request.POST else response


def _entry_asked_for(request: HttpRequest, parameter: str, field: str, entries: QuerySet[Any]) -> dict[str, Any]:
    keys = keys_in([request.GET.get(parameter, "")], Event)
    found = (
        rights.seen(request.user, entries).filter(pk__in=keys).values_list("pk", flat=True).first() if keys else None
    )
    return {field: found} if found is not None else {}


def case_screen(entry: Event) -> str:
    """The screen of the entry's case, with the part of the timeline on which the entry stands."""
    return f"{reverse('admin:casetracker_case_change', args=[entry.case_id])}?around={entry.pk}#entry-{entry.pk}"
