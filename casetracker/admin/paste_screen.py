"""The box for a line of a docket on the forms of entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from casetracker.models import Kind

from .base import DeskAdmin
from .inlines import rows_prefix
from .pasting import BOX, BUTTON, Reading, reading_of


class PasteMixin(DeskAdmin):
    """
    A new form with a box for a line of a docket. Its button sends the whole form, and the answer is the form again with
    what was read: shown as if it had been preset, for nothing was saved and nothing was checked yet.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if object_id is None and request.method == "POST" and BUTTON in request.POST:
            if not self.has_add_permission(request):
                raise PermissionDenied
            reading = reading_of(
                request.POST,
                fields=list(self.get_form(request).base_fields),
                row_sets=[rows_prefix(inline) for inline in self.get_inline_instances(request)],
                user=request.user,
            )
            other = self.other_form(request, reading)
            if other:
                return HttpResponseRedirect(other, preserve_request=True)
            request.desk_reading = reading  # type: ignore[attr-defined]  # kept on the request for its answer
            # Nothing is to be saved: the form is asked for, filled in.
            request.method = "GET"
        return super().changeform_view(request, object_id, form_url, extra_context)

    def other_form(self, request: HttpRequest, reading: Reading) -> str:
        """The address of the form for what was pasted, if that is not this one; the browser sends all to it again."""
        is_ruling = reading.kind == Kind.RULING
        is_here = self.opts.model_name == "ruling"
        name = "ruling" if is_ruling else "event"
        if not reading.kind or is_ruling == is_here:
            return ""
        if not request.user.has_perm(f"casetracker.add_{name}"):
            reading.unsure.insert(
                0, _("This reads as a %(kind)s, which you have no right to add.") % {"kind": Kind(reading.kind).label}
            )
            return ""
        query = request.GET.copy()
        query.pop("kind", None)
        return f"{reverse(f'admin:casetracker_{name}_add')}?{query.urlencode()}"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_changeform_initial_data(request)
        reading = reading_on(request)
        return found | reading.values if reading is not None else found

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        context["sections"] = _sections(context["inline_admin_formsets"], has_paste_box=add)
        context["add_another_label"] = _("Save and add next")
        context["shows_paste_box"] = add and not context.get("is_popup")
        context["reading"] = reading_on(request)
        if context["reading"] is None:
            context["pasted"] = request.POST.get(BOX, "")[:10_000]
        context["pastes_next"] = "paste" in request.GET
        return super().render_change_form(request, context, add, change, form_url, obj)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form to which a link and a letter lead."""

    key: str
    label: str
    anchor: str


# The letters stay the same on both forms; each is said beside its link.
_KEYS = {
    "docket_entries": "D",
    "ruling_judges": "J",
    "treatments_made": "E",
    "references": "S",
    "provisions": "P",
    "citations": "C",
    "responses_made": "R",
}


def _sections(row_sets: Iterable[Any], *, has_paste_box: bool) -> list[Section]:
    found = [Section("L", _("Line of the docket"), "paste")] if has_paste_box else []
    found.append(Section("T", _("Title, text"), "entry-fields"))
    for rows in row_sets:
        prefix = rows.formset.prefix
        if prefix in _KEYS:
            found.append(Section(_KEYS[prefix], capfirst(rows.opts.verbose_name_plural), f"{prefix}-group"))
    return found


def reading_on(request: HttpRequest) -> Reading | None:
    return getattr(request, "desk_reading", None)
