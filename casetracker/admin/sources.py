"""Sources, what people said and corrections."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from casetracker import rights
from casetracker.models import Case, Correction, Reference, Source, SourceKind, Statement
from casetracker.models.fields import UncertainDateFormField

from .base import DeskAdmin
from .filters import OfCase
from .forms import DeskForm
from .inlines import Rows
from .moments import day_in_words
from .screens import screen_of
from .searching import corrections_for
from .undoing import correction_text


def today_in_words() -> str:
    today = timezone.now().date()
    return f"{today.day} {today:%B %Y}"


class ReferenceForm(DeskForm):
    """
    A source behind something: one that is here already, or a new one typed into the row. A new one with an address that
    is here already is that one.
    """

    new_kind = forms.ChoiceField(
        label="Kind", choices=SourceKind.choices, initial=SourceKind.COURT_RECORD, required=False
    )
    new_title = forms.CharField(label="Title of a new source", required=False)
    new_publisher = forms.CharField(label="Publisher", required=False)
    new_address = forms.CharField(label="Address", required=False, help_text="https://...")
    new_read_on = UncertainDateFormField(label="Read on", required=False, initial=today_in_words)

    # Whoever fills it in, where that is somebody who does not see all sources.
    editor: Any = None

    _TYPED = ("new_title", "new_publisher", "new_address")

    class Meta:
        model = Reference
        fields = ["source", "pinpoint"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.new_source: Source | None = None
        self.fields["source"].required = False
        self.fields["source"].widget.is_required = False
        self.fields["source"].label = "Source that is here already"

    def has_changed(self) -> bool:
        """A row counts when somebody chose or typed something; the kind and the day stand there by themselves."""
        if self.instance.pk is not None:
            return super().has_changed()
        return bool(set(self.changed_data) & {"source", "pinpoint", *self._TYPED})

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        is_typed = any(data.get(name) for name in self._TYPED)
        if data.get("source") and is_typed:
            self.add_error("source", "Choose a source or type a new one, not both.")
        elif not data.get("source") and is_typed:
            self._read_new_source()
        elif not data.get("source") and "source" not in self.errors:
            self.add_error("source", "Choose a source, or type the title of a new one.")
        return cleaned

    def _read_new_source(self) -> None:
        data = self.cleaned_data
        address = data.get("new_address", "")
        known = self._known(address)
        if known is not None:
            data["source"] = known
            return
        source = Source(
            kind=data.get("new_kind") or SourceKind.COURT_RECORD,
            title=data.get("new_title", ""),
            publisher=data.get("new_publisher", ""),
            address=address,
            read_on=data.get("new_read_on"),
        )
        try:
            source.full_clean()
        except ValidationError as error:
            for name, problems in error.error_dict.items():
                field = f"new_{name}"
                self.add_error(field if field in self.fields else None, problems)
        else:
            self.new_source = source

    def _known(self, address: str) -> Source | None:
        """The source with this address that is here already, as far as the editor sees it."""
        rows = Source.objects.filter(address=address).order_by("pk")
        if self.editor is not None:
            rows = rights.seen(self.editor, rows)
        return rows.first() if address else None

    def save(self, commit: bool = True) -> Any:
        if self.new_source is not None:
            source = self.new_source
            # The row above in the same form may have made it a moment ago.
            known = self._known(source.address)
            if known is None:
                source.save()
            self.instance.source = known or source
        return super().save(commit)


class SourceRows(Rows):
    model = Reference
    form = ReferenceForm
    verbose_name = "source"
    verbose_name_plural = "sources"
    fieldsets = [
        (None, {"fields": [("source", "pinpoint")]}),
        (
            "Or a new one",
            {
                "fields": [("new_kind", "new_title"), ("new_publisher", "new_address", "new_read_on")],
                "classes": ["new-source"],
            },
        ),
    ]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj is None else 0


class CaseSourceRows(SourceRows):
    fk_name = "case"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0


class EventSourceRows(SourceRows):
    fk_name = "event"


class StatementSourceRows(SourceRows):
    fk_name = "statement"


@admin.register(Source)
class SourceAdmin(DeskAdmin):
    list_display = ["title", "kind", "publisher", "read_on"]
    list_filter = ["kind"]
    search_fields = searched = ("title", "publisher", "address")
    search_help_text = "By title, publisher or address."
    ordering = ["title", "pk"]
    fieldsets = [
        (
            None,
            {"fields": [("kind", "read_on"), "title", "publisher", ("address", "dead_on"), "archived_address", "note"]},
        ),
    ]


class OfEntrysCase(OfCase):
    path = "event__case_id"


@admin.register(Statement)
class StatementAdmin(DeskAdmin):
    list_display = ["speaker", "said", "date_in_words", "about"]
    list_filter = ["event__kind", OfEntrysCase]
    list_select_related = ["event", "event__case"]
    search_fields = searched = ("speaker", "office", "forum", "quote", "paraphrase")
    search_help_text = "By speaker, office, forum or words."
    ordering = ["-pk"]
    keeps_for_next: ClassVar[list[str]] = ["event"]
    inlines = [StatementSourceRows]
    fieldsets = [
        (None, {"fields": ["event", ("speaker", "office"), ("forum", "date"), "quote", "paraphrase"]}),
        ("More", {"fields": ["said_at", "note", "position"], "classes": ["collapse"]}),
    ]

    def home_of(self, row: Statement) -> str:
        return screen_of(row.event)

    @admin.display(description="What was said")
    def said(self, statement: Statement) -> str:
        text = f"“{statement.quote}”" if statement.quote else statement.paraphrase
        return text if len(text) <= 90 else f"{text[:89]}…"

    @admin.display(description="Date")
    def date_in_words(self, statement: Statement) -> str:
        return statement.date.words if statement.date else ""

    @admin.display(description="About", ordering="event__sort_date")
    def about(self, statement: Statement) -> str:
        return f"{statement.event.title} ({statement.event.case.short_name})"


class AboutEntry(admin.SimpleListFilter):
    title = "what was corrected"
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("entry", "An entry"), ("case", "The case as a whole")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"entry", "case"}:
            return queryset.filter(event__isnull=self.value() == "case")
        return queryset


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin):
    list_display = ["corrected", "text_in_short", "case"]
    list_filter = [AboutEntry, OfCase]
    list_select_related = ["case"]
    search_fields = ["text", "case__name"]
    search_help_text = "By words of the note or the case."
    ordering = ["-corrected_on", "-pk"]
    keeps_for_next: ClassVar[list[str]] = ["case", "event"]
    fieldsets = [(None, {"fields": [("case", "event"), "corrected_on", "text"]})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        found = {"corrected_on": timezone.now().date(), **super().get_changeform_initial_data(request)}
        text = correction_text(request)
        if text:
            found["text"] = text
        if "event" in found and "case" not in found:
            found["case"] = Case.objects.filter(events=found["event"]).values_list("pk", flat=True).first()
        return found

    def home_of(self, row: Correction) -> str:
        return screen_of(row.event if row.event is not None else row.case)

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return corrections_for(rows, text)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if not form.is_bound and form.initial.get("case") and "text" in form.fields:
            # What it is about is filled in; the text is what is left to write.
            form.fields["text"].widget.attrs["autofocus"] = True
            context["has_autofocus"] = True
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="Corrected on", ordering="corrected_on")
    def corrected(self, correction: Correction) -> str | None:
        return day_in_words(correction.corrected_on)

    @admin.display(description="Correction", ordering="text")
    def text_in_short(self, correction: Correction) -> str:
        return correction.text if len(correction.text) <= 90 else f"{correction.text[:89]}…"
