"""Documents: what is said of each, and its file."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casetracker.models import Document

from . import redacting
from .base import DeskAdmin
from .document_forms import DocumentForm, files_of
from .screens import screen_of
from .sources import OfEntrysCase
from .uploads import too_large


@admin.register(Document)
class DocumentAdmin(DeskAdmin):
    form = DocumentForm
    list_display = ["title", "about", "pages", "reading", "sealed"]
    list_filter = ["sealed", "reading", OfEntrysCase]
    list_select_related = ["event", "event__case"]
    search_fields = searched = ("title", "address", "sha256")
    search_help_text = "By title, address or checksum."
    ordering = ["-pk"]
    keeps_for_next: ClassVar[list[str]] = ["event"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        # The whole text of each file is no matter for a list.
        return rows.defer("text") if match and str(match.url_name).endswith("_changelist") else rows

    def home_of(self, row: Document) -> str:
        return screen_of(row.event)

    # --- the form --------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        own: list[Any] = ["event", "title", "address", ("number", "pages", "sealed")]
        if obj is None or obj.pk is None:
            return [(None, {"fields": [*own, "upload"]}), (_("Of a file elsewhere"), _ELSEWHERE)]
        had = files_of(obj).exists()
        file: list[Any] = ["download", "upload", *(["file"] if had else [])]
        if obj.file_id is None:
            return [(None, {"fields": own}), (_("File"), {"fields": file[1:]}), (_("Of a file elsewhere"), _ELSEWHERE)]
        return [
            (None, {"fields": own}),
            (_("File"), {"fields": file}),
            (_("What was read in it"), {"fields": [("size", "sha256"), "reading", "text"], "classes": ["collapse"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # What the file says of itself is not typed.
        has_file = obj is not None and obj.file_id is not None
        return ["download", "reading", *(["size", "sha256", "text"] if has_file else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user, "too_large": "upload" in too_large(request)})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        told = form.told() if isinstance(form, DocumentForm) else ""
        if told:
            messages.warning(request, told)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None and redacting.may_redact_file(request.user, obj):
            context["acts"] = [(redacting.REDACT_FILE, redacting.address(obj))]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def is_on_site(self, row: Document) -> bool:
        return row.file_id is not None and super().is_on_site(row)

    # --- columns ---------------------------------------------------------------------------------------------------

    @admin.display(description="Entry", ordering="event__sort_date")
    def about(self, document: Document) -> str:
        return f"{document.event.title} ({document.event.case.short_name})"

    @admin.display(description=gettext_lazy("The file"))
    def download(self, document: Document) -> str:
        """A link to the file, and what became of reading it."""
        address = reverse("desk_file", args=[document.pk])
        size = f"{document.size:,}" if document.size is not None else "?"
        return format_html(
            '<a href="{}">{}</a>. {}', address, _("Download, %(size)s bytes") % {"size": size}, _outcome(document)
        )


_ELSEWHERE = {"fields": [("size", "sha256"), "text"], "classes": ["collapse"]}


def _outcome(document: Document) -> str:
    return f"{document.get_reading_display()}." if document.reading else ""
