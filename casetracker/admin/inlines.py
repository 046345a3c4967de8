"""Rows that are edited on the screen of what they hang on."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.forms.models import BaseInlineFormSet, _get_foreign_key
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casetracker import rights
from casetracker.models.fields import UncertainDateField

from .allowed import MaskedFormMixin, blank_hidden_links
from .forms import DeskForm, values_of
from .labels import label_paths
from .lookups import LookupAdminMixin

# More rows than any docket has on one screen; a forged count cannot make the server draw more.
MOST_ROWS = 200


class DeskFormSet(BaseInlineFormSet):
    """Rows that see what they hang on as it stands in the form, with what was changed there and is not saved yet."""

    def __init__(self, *args: Any, restored: Model | None = None, **kwargs: Any) -> None:
        # An earlier version of one of the rows, to be shown; one that is gone stands there as a new row.
        self.restored = restored
        if restored is not None and not type(restored)._base_manager.filter(pk=restored.pk).exists():
            kwargs["initial"] = [values_of(restored)]
            self.extra = 1
        super().__init__(*args, **kwargs)

    # Whoever only looks at the rows; None where they may be changed.
    viewer: Any = None

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # mixed into an inline
        setattr(form.instance, self.fk.name, self.instance)
        if self.viewer is not None:
            blank_hidden_links(self.viewer, form.instance)
        if self.restored is not None and form.instance.pk == self.restored.pk:
            form.initial |= values_of(self.restored)
        return form


def rows_prefix(inline: Any) -> str:
    """The word before the names of the fields in these rows, such as `docket_entries`."""
    prefix: str = inline.model._meta.get_field(inline.fk_name).remote_field.get_accessor_name()
    return prefix


def rows_filled_in(request: HttpRequest, inline: Any) -> list[dict[str, Any]]:
    """What was read from a pasted line, or typed beside it, into rows of a new form."""
    reading = getattr(request, "desk_reading", None)
    return reading.rows.get(rows_prefix(inline), []) if reading is not None else []


class RowsMixin(LookupAdminMixin):
    form = DeskForm
    formset = DeskFormSet
    extra = 0
    max_num = MOST_ROWS
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = rights.seen(request.user, super().get_queryset(request))
        paths: list[str] = []
        for field in self.model._meta.fields:
            if isinstance(field, ForeignKey) and self.admin_site.is_registered(field.related_model):
                paths += label_paths(field.name, field.related_model)
        return rows.select_related(*paths).prefetch_related(*self.prefetched)

    prefetched: tuple[str, ...] = ()

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs.setdefault("absolute_max", MOST_ROWS)
        filled = rows_filled_in(request, self)
        if filled:
            kwargs.setdefault("extra", len(filled))
        if rights.is_bound_to_own(request.user):
            kwargs.setdefault("form", type(self.form.__name__, (MaskedFormMixin, self.form), {"editor": request.user}))
        rows: Any = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]  # mixed into an inline
        may_change = obj is None or obj.pk is None or rights.may_change(request.user, obj)
        return type(rows.__name__, (rows,), {"viewer": None if may_change else request.user})


class Rows(RowsMixin, admin.StackedInline):  # type: ignore[misc]  # mixed into an inline
    """A block a row."""


class LineRows(Rows):
    """A line a row: all fields beside each other where there is room, below each other where there is none."""

    classes = ["compact"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        key = _get_foreign_key(self.parent_model, self.model, fk_name=self.fk_name).name
        return [(None, {"fields": [tuple(name for name in self.get_fields(request, obj) if name != key)]})]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, UncertainDateField) and not db_field.help_text:
            # All that may be written stands beside the dates above; in a narrow column it would be ten lines.
            kwargs["help_text"] = "April 2025, about 1801."
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ReadOnlyRows(LineRows):
    """Rows that the program writes."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FormerRows(ReadOnlyRows):
    """Addresses that the row had, or that what was merged into it had."""

    classes = ["compact", "collapse"]
    verbose_name = "former address"

    @admin.display(description=gettext_lazy("Known to readers"))
    def known(self, row: Any) -> str:
        is_known = not row.is_unseen if hasattr(row, "is_unseen") else row.was_public
        return _("yes") if is_known else _("no")

    @classmethod
    def of(cls, row: Model | None) -> list[Any]:
        """These rows for the screen of `row`, if it has some."""
        if row is None or row.pk is None:
            return []
        return [cls] if cls.model._default_manager.filter(**{str(cls.fk_name): row.pk}).exists() else []
