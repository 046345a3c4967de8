"""What the forms of the desk share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.utils.text import slugify

from casetracker import rights
from casetracker.models import Case

from .fields import LookupMixin, keys_in
from .screens import case_that_stayed

# Columns that hold a place in an order.
_ORDERS = {"position", "display_order", "day_order"}


class RefusedMixin:
    """Makes a form invalid that the database refused to store: `refused` is what it said."""

    refused = ""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # mixed into a form
        self.add_error(None, self.refused)  # type: ignore[attr-defined]  # of the form it is mixed into


class DeskForm(forms.ModelForm):
    """
    A form that asks for no row twice which its instance has at hand, and that takes an empty box for a place in an
    order as "wherever": the column's default.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in _ORDERS:
                field.required = False
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, LookupMixin):
                row = cached_row(self.instance, name)
                widget.known = {str(row.pk): row} if row is not None else {}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in _ORDERS & set(self.cleaned_data):
            if self.cleaned_data[name] is None:
                self.cleaned_data[name] = self._meta.model._meta.get_field(name).default
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """A model's `clean()` may speak of a field that this form does not show; then the form as a whole says it."""
        if field is None and isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            for name, problems in error.error_dict.items():
                # What the form itself has refused already needs no second sentence.
                if name not in self.errors:
                    super().add_error(name if name in self.fields else None, problems)
        else:
            super().add_error(field, error)


class SlugForm(DeskForm):
    """The word in the address is made from the name if none is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            told = self.fields["slug"].help_text
            self.fields["slug"].help_text = f"Leave it empty and it is made from the name. {told}".strip()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        if "slug" in self.fields and not data.get("slug") and "slug" not in self.errors and data.get("name"):
            data["slug"] = free_slug(data["name"], self._meta.model, self.instance)
            if not data["slug"]:
                self.add_error("slug", "No word for the address can be made from this name; write one.")
        return cleaned


def free_slug(name: str, model: type[Model], instance: Model) -> str:
    """A slug of the name that no other row has, or an empty text if the name has no letters for one."""
    stem = slugify(name)[:110].strip("-")
    if not stem:
        return ""
    others = model._default_manager.exclude(pk=instance.pk)
    taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
    if stem not in taken:
        return stem
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{stem}-{number}") not in taken)


def values_of(row: Model) -> dict[str, Any]:
    """What a form of the row would show."""
    return model_to_dict(row, fields=[field.name for field in row._meta.fields if not field.primary_key])


def cached_row(instance: Model, name: str) -> Model | None:
    """The related row if it is at hand, without a query."""
    try:
        field = instance._meta.get_field(name)
    except FieldDoesNotExist:  # a field of the form alone
        return None
    if isinstance(field, ForeignKey) and field.is_cached(instance):
        row: Model | None = getattr(instance, name)
        return row
    return None


def presets(request: HttpRequest, model: type[Model], *, only: Iterable[str] | None = None) -> dict[str, Any]:
    """
    What the address asks to fill into a new form: `?case=3&date=2025-04-10`. Only values that the field can hold and
    rows that whoever asks sees are taken; anything else is ignored without a word.
    """
    fields = {field.name: field for field in model._meta.get_fields() if isinstance(field, Field | ManyToManyField)}
    wanted = set(fields) if only is None else set(only)
    found: dict[str, Any] = {}
    for name in request.GET:
        text = str(request.GET[name])
        field = fields.get(name)
        if field is None or name not in wanted or field.primary_key or not field.editable:
            continue
        if not text or "\x00" in text:
            continue
        value = _preset(field, text, request.user)
        if value is not None:
            found[name] = value
    return found


def begin_behind_presets(form: Any) -> bool:
    """Let typing begin at the first field that is still empty; whether there is one."""
    for field in form.visible_fields():
        if not field.initial:
            # A wrapper shares its attributes with those of all other forms; the widget in it is this form's own.
            widget = getattr(field.field.widget, "widget", field.field.widget)
            widget.attrs["autofocus"] = True
            return True
    return False


def _preset(field: Any, text: str, user: Any) -> Any:
    if isinstance(field, ForeignKey | ManyToManyField):
        rows = rights.seen(user, field.related_model._default_manager.all()).complex_filter(
            field.get_limit_choices_to()
        )
        keys = keys_in(text.split(",")[:50] if isinstance(field, ManyToManyField) else [text], field.related_model)
        there = list(rows.filter(pk__in=keys).values_list("pk", flat=True)) if keys else []
        if keys and not there and field.related_model is Case:
            stayed = case_that_stayed(user, keys[0])
            there = [stayed.pk] if stayed is not None else []
        if isinstance(field, ManyToManyField):
            return there or None
        return there[0] if there else None
    try:
        return field.clean(text, None)
    except ValidationError:
        return None
