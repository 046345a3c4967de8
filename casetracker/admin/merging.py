"""
Three versions of one form: as it was opened, as it is saved now, and as somebody typed it.

All of them are held as a browser sends them, so that what is put together is a form that can be sent again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from .fields import keys_in

# Sent beside a field: which of two versions is to be kept.
TAKE = "_take-"
SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One field that somebody else changed. The texts are as people read them; `opened` is None where nobody knows any
    more. `is_both` says that the editor changed it too, to something else: then one of the two must be chosen.
    """

    name: str
    html_name: str
    label: str
    opened: str | None
    saved: str
    typed: str
    is_both: bool


def sent(box: BoundField) -> dict[str, list[str]]:
    """What a browser would send for a field that nobody touched, by the names of its inputs."""
    widget: Any = box.field.widget
    value = box.value()
    if isinstance(widget, forms.MultiWidget):
        names = [box.html_name + suffix for suffix in widget.widgets_names]  # type: ignore[attr-defined]  # not in the stubs
        parts = zip(names, widget.widgets, widget.decompress(value) or [], strict=False)
        return {name: _texts(part.format_value(each)) for name, part, each in parts}
    widget = getattr(widget, "widget", widget)
    if isinstance(widget, forms.CheckboxInput):
        return {box.html_name: ["on"] if widget.check_test(value) else []}
    return {box.html_name: _texts(widget.format_value(value) if hasattr(widget, "format_value") else value)}


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def put(data: QueryDict, values: Mapping[str, Iterable[str]]) -> None:
    """Let the data of a form say this; an empty value takes the name out, as a browser does for an empty box."""
    for name, texts in values.items():
        if texts:
            data.setlist(name, list(texts))
        else:
            data.pop(name, None)


def read(field: forms.Field, data: QueryDict, html_name: str) -> Any:
    """What the data says for the field, before it is checked."""
    value = field.widget.value_from_datadict(data, {}, html_name)
    return _one_kind_of_line_end(value)


def _one_kind_of_line_end(value: Any) -> Any:
    # A browser sends a line end as two characters, whatever the text had.
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def differs(field: forms.Field, value: Any, data: Any) -> bool:
    """Whether the field of a form means something else in `data` than `value` does."""
    return bool(field.has_changed(_one_kind_of_line_end(value), data))


def in_words(field: forms.Field, data: Any) -> str:
    """What a field says, as people read it."""
    if data is None or data == "" or data == []:
        return ""
    if isinstance(data, bool):
        return _("yes") if data else _("no")
    queryset = getattr(field, "queryset", None)
    if queryset is not None:
        keys = keys_in(data if isinstance(data, list | tuple) else [data], queryset.model)
        rows = {row.pk: row for row in queryset.model._base_manager.filter(pk__in=keys)}
        return "; ".join(field.label_from_instance(rows[key]) for key in keys if key in rows)  # type: ignore[attr-defined]  # of a field of rows
    choices = getattr(field, "choices", None)
    if choices:
        words = {str(value): str(label) for value, label in _flat(choices)}
        return "; ".join(words.get(str(item), str(item)) for item in (data if isinstance(data, list) else [data]))
    return str(data)


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def merge(before: forms.BaseForm | None, saved: forms.BaseForm, data: QueryDict) -> list[Difference]:
    """
    Put into `data`, which an editor sent, what somebody else has saved in fields that the editor did not touch, and
    return each field that somebody else changed.

    `before` is the form as it was opened, or None if that is not known; `saved` as it would be shown now. Both have the
    prefix under which `data` holds the form. Where both changed a field the data keeps what was typed.
    """
    found = []
    for box in saved:
        field, name = box.field, box.name
        if field.disabled:
            continue
        now = _as_data(box)
        typed = read(field, data, box.html_name)
        saved_now = read(field, now, box.html_name)
        if before is None:
            is_touched = is_changed = differs(field, box.initial, typed)
            opened = None
        else:
            initial = before[name].initial
            is_touched = differs(field, initial, typed)
            is_changed = differs(field, initial, saved_now)
            opened = in_words(field, read(field, _as_data(before[name]), box.html_name))
        if not is_changed:
            continue
        is_both = is_touched and differs(field, box.initial, typed)
        if is_touched and not is_both:
            continue
        difference = Difference(
            name,
            box.html_name,
            str(box.label),
            opened,
            in_words(field, saved_now),
            in_words(field, typed),
            is_both,
        )
        if not is_both:
            put(data, sent(box))
        found.append(difference)
    return found


def take_what_was_saved(form: forms.BaseForm, data: QueryDict) -> None:
    """Where the editor chose what somebody else had saved, let the data say so. `form` shows what that is."""
    for box in form:
        if data.get(TAKE + box.html_name) == SAVED:
            put(data, sent(box))


def is_touched(before: forms.BaseForm | None, data: QueryDict) -> bool:
    """Whether the editor changed anything in a form as it was opened; True where that is not known."""
    if before is None:
        return True
    return any(
        differs(box.field, box.initial, read(box.field, data, box.html_name))
        for box in before
        if not box.field.disabled
    )


def _as_data(box: BoundField) -> QueryDict:
    data = QueryDict(mutable=True)
    put(data, sent(box))
    return data
