"""A model field and a form field for ``UncertainDate``, and the database expressions over its column.

Order and ranges never compare the stored text. A model keeps generated columns beside the field and uses those::

    date = UncertainDateField()
    earliest = models.GeneratedField(
        expression=DateEarliest("date"), output_field=models.DateField(null=True), db_persist=True
    )
"""

from __future__ import annotations

import contextlib
import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from casetracker.dates import EXAMPLES, DateError, UncertainDate, parse
from casetracker.models.sql import DATE_FUNCTIONS_SQL, DROP_DATE_FUNCTIONS_SQL

if TYPE_CHECKING:
    _Field = models.Field[UncertainDate | datetime.date | str | None, UncertainDate | None]
else:
    _Field = models.Field

__all__ = [
    "DATE_FUNCTIONS_SQL",
    "DROP_DATE_FUNCTIONS_SQL",
    "DateEarliest",
    "DateLatest",
    "DateRank",
    "DateSort",
    "DateSpan",
    "DateValid",
    "UncertainDateField",
    "UncertainDateFormField",
]


def _read(value: object) -> UncertainDate | None:
    """The date that a value means; nothing for None and blank text. Raises DateError."""
    if value is None or isinstance(value, UncertainDate):
        return value
    if type(value) is datetime.date:  # a moment is no date before it has a time zone
        return UncertainDate.on(value.year, value.month, value.day)
    if not isinstance(value, str):
        raise DateError("Write a date as text, for example %(examples)s.", examples=EXAMPLES)
    return parse(value) if value.strip() else None


class UncertainDateFormField(forms.Field):
    """One line of text, read by ``dates.parse``. It shows a date in words, which read back to the same date."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        classes = " ".join(filter(None, (widget.attrs.get("class"), "date-input")))
        return {**super().widget_attrs(widget), "class": classes, "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return value.words if isinstance(value, UncertainDate) else value

    def to_python(self, value: Any) -> UncertainDate | None:
        try:
            return _read(value)
        except DateError as error:
            raise ValidationError(str(error), code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the meaning changed: "10 Apr 2025" in place of "10 April 2025" is no change."""
        if self.disabled:
            return False
        try:
            return _read(initial) != _read(data)
        except DateError:
            return True


class _UncertainDateAttribute(DeferredAttribute):
    """Reads text on assignment. Text that is not a date stays as it is, for ``full_clean`` or ``save`` to refuse."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, (str, datetime.date)):
            with contextlib.suppress(DateError):
                value = _read(value)
        instance.__dict__[self.field.attname] = value


class UncertainDateField(_Field):
    """An ``UncertainDate`` in a column of its canonical EDTF text. Takes text in any spelling too, and a ``date``.

    Looks up by ``exact``, ``in`` and ``isnull``. The text of "[..1801]" and "1801" has no useful order, so the lookups
    that compare are refused: filter and order by generated columns.
    """

    description = "A date with its precision"
    descriptor_class = _UncertainDateAttribute
    empty_strings_allowed = False
    default_error_messages = {"invalid": "%(reason)s"}
    _REFUSED_LOOKUPS = frozenset({"gt", "gte", "lt", "lte", "range"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 40
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "CharField"

    def get_lookup(self, lookup_name: str) -> Any:
        return None if lookup_name in self._REFUSED_LOOKUPS else super().get_lookup(lookup_name)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> UncertainDate | None:
        return None if value is None else UncertainDate.from_edtf(value)

    def to_python(self, value: Any) -> UncertainDate | None:
        try:
            return _read(value)
        except DateError as error:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"reason": str(error)}
            ) from error

    def get_prep_value(self, value: Any) -> Any:
        """The EDTF text. Raises DateError for text that is not a date."""
        date = _read(super().get_prep_value(value))
        return None if date is None else date.edtf

    def value_to_string(self, obj: models.Model) -> str:
        date = _read(self.value_from_object(obj))
        return "" if date is None else date.edtf

    def formfield(self, **kwargs: Any) -> Any:
        defaults: dict[str, Any] = {
            "form_class": UncertainDateFormField,
            "help_text": self.help_text or f"For example {EXAMPLES}.",
        }
        return super().formfield(**(defaults | kwargs))


class DateEarliest(models.Func):
    """First day the date may have been; NULL for "before"."""

    function = "casetracker_date_earliest"
    arity = 1
    output_field = models.DateField(null=True)


class DateLatest(models.Func):
    """Last day the date may have been; NULL for "after"."""

    function = "casetracker_date_latest"
    arity = 1
    output_field = models.DateField(null=True)


class DateSpan(models.Func):
    """The days on which the date may have been, as a range that is open where the date is."""

    function = "casetracker_date_span"
    arity = 1
    output_field = DateRangeField(null=True)


class DateSort(models.Func):
    """The day that a date is ordered by."""

    function = "casetracker_date_sort"
    arity = 1
    output_field = models.DateField()


class DateRank(models.Func):
    """The place among dates with the same ``DateSort``, 0 to 5."""

    function = "casetracker_date_rank"
    arity = 1
    output_field = models.SmallIntegerField()


class DateValid(models.Func):
    """Whether the text is canonical EDTF of a real date in 1000 to 2199; for a CheckConstraint."""

    function = "casetracker_date_valid"
    arity = 1
    output_field = models.BooleanField()
