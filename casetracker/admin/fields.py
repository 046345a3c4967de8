"""Form fields and widgets of the desk: look-ups that survive any input, and the browser's own date and time boxes."""

import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q

from .labels import label


def keys_in(values: Any, model: type[Model]) -> list[Any]:
    """Those of `values` that can be a key of the model; what no row can have is left out."""
    found = []
    for value in values:
        try:
            key = model._meta.pk.to_python(value)
        except (ValidationError, ValueError, TypeError):
            continue
        if isinstance(key, str) and (not key or "\x00" in key or len(key) > 200):
            continue
        if isinstance(key, int) and not 0 < key < 2**63:
            continue
        if key is not None:
            found.append(key)
    return found


class LookupMixin:
    """
    The options of a look-up are those chosen, with the labels of `label`. Rows that are at hand are not asked for
    again, and what cannot be a key is no option; Django's own widget fails on it.
    """

    choices: Any
    known: dict[str, Model]
    # What those are called, by their keys, whose names are not for whoever asks.
    masked: dict[str, str]

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        attrs = super().build_attrs(base_attrs, extra_attrs)  # type: ignore[misc]  # mixed into a widget
        # The box is as wide as its column.
        attrs["data-width"] = "100%"
        if self.allow_multiple_selected:  # type: ignore[attr-defined]  # of the widget it is mixed into
            # Each choice has a cross of its own.
            attrs["data-allow-clear"] = "false"
        return attrs

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        field = self.choices.field
        model = field.queryset.model
        multiple: bool = self.allow_multiple_selected  # type: ignore[attr-defined]  # of the widget it is mixed into
        chosen = keys_in([item for item in value if str(item) not in field.empty_values], model)
        if not multiple:
            chosen = chosen[:1]
        known = getattr(self, "known", {})
        masked = getattr(self, "masked", {})
        rows = {key: known[str(key)] for key in chosen if str(key) in known}
        missing = [key for key in chosen if key not in rows]
        if missing:
            rows |= {row.pk: row for row in field.queryset.filter(pk__in=missing)}
        options: list[Any] = []
        if not self.is_required and not multiple:  # type: ignore[attr-defined]  # of the widget it is mixed into
            options.append(self.create_option(name, "", "", False, 0))  # type: ignore[attr-defined]  # of the widget it is mixed into
        for key in chosen:
            if key in rows:
                options.append(
                    self.create_option(name, key, masked.get(str(key)) or label(rows[key]), True, len(options))  # type: ignore[attr-defined]  # of the widget it is mixed into
                )
        return [(None, options, 0)]


class Lookup(LookupMixin, AutocompleteSelect):  # type: ignore[misc]  # mixed into a widget
    """One row of a long list, found by typing."""


class LookupMultiple(LookupMixin, AutocompleteSelectMultiple):  # type: ignore[misc]  # mixed into a widget
    """Several rows of a long list."""


class RowField(forms.ModelChoiceField):
    """A row; text that no key can hold is refused like any other wrong choice."""

    queryset: Any

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not keys_in([getattr(value, "pk", value)], self.queryset.model):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "This"}
            )
        return super().to_python(value)

    def label_from_instance(self, obj: Model) -> str:
        return label(obj)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows."""

    queryset: Any

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and len(keys_in(value, self.queryset.model)) != len(value):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "One of these"}
            )
        return super().clean(value)

    def label_from_instance(self, obj: Model) -> str:
        return label(obj)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        one = super().clean
        return [one(each, initial) for each in data or []]


def mask(form: Any, told: Any) -> None:
    """
    Let the look-ups of a form keep what its row leads to though they do not offer it: it is an option under the name
    `told`, and a save that leaves it chosen changes nothing.
    """
    if form.instance.pk is None:
        return
    for name, field in form.fields.items():
        if not isinstance(field, RowField | RowsField):
            continue
        try:
            own = form.instance._meta.get_field(name)
        except FieldDoesNotExist:  # a field of the form alone
            continue
        if own.many_to_many:
            through, to = own.remote_field.through, own.m2m_reverse_name()
            keys = set(
                through._base_manager.filter(**{own.m2m_column_name(): form.instance.pk}).values_list(to, flat=True)
            )
        else:
            keys = {getattr(form.instance, own.attname)} - {None}
        hidden = keys - set(field.queryset.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        if hidden:
            model = field.queryset.model
            field.queryset = model._default_manager.filter(Q(pk__in=field.queryset.values("pk")) | Q(pk__in=hidden))
            widget: Any = getattr(field.widget, "widget", field.widget)
            widget.masked = {str(key): str(told) for key in hidden}


class DateBox(forms.DateInput):
    """The browser's own box for a day: no script, and it speaks the reader's language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeBox(forms.TimeInput):
    input_type = "time"

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime.time):
            return value.strftime("%H:%M:%S" if value.second else "%H:%M")
        return super().format_value(value)


class MomentBox(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
