"""What a reader can type or tick in a filter, and what is refused."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator, RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ... import search
from ...dates import DateError, parse_bound
from ...language import refusal
from ...models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH


class BoundField(forms.CharField):
    """
    One end of a range of days, as a reader types it: 2025-04-10, 2025-04 or 2025. The value is the first and the last
    day that it means.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.widget.attrs.update({"placeholder": "2025-04-10", "autocomplete": "off", "size": "11"})

    def clean(self, value: Any) -> tuple[datetime.date, datetime.date] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_bound(text)
        except DateError as error:
            raise ValidationError(refusal(error), code="invalid") from error


class BoundFilter(django_filters.Filter):
    field_class = BoundField


class WordsFilter(django_filters.CharFilter):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=search.LONGEST_QUERY, **options)


class EntryFilter(django_filters.CharFilter):
    """The identifier of an entry, as it stands in its address. Readers follow a link to it and do not type it."""

    def __init__(self, **options: Any) -> None:
        form = RegexValidator(
            rf"^[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}\Z",
            format_lazy(_("This is no entry’s address: it has {count} letters and digits."), count=PUBLIC_ID_LENGTH),
        )
        super().__init__(widget=forms.HiddenInput, validators=[form], **options)


class ManyFilter(django_filters.MultipleChoiceFilter):
    """Several of a few choices, as boxes to tick."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**options)


class NamesField(forms.MultipleChoiceField):
    """Several names or slugs, which need not be among those that are offered."""

    longest, most = 120, 20

    def to_python(self, value: Any) -> list[str]:
        return [name for name in dict.fromkeys(text.strip() for text in super().to_python(value)) if name]

    def validate(self, value: Any) -> None:
        if len(value) > self.most:
            raise ValidationError(_("Name at most %(most)s of them at once.") % {"most": self.most})
        for name in value:
            ProhibitNullCharactersValidator()(name)
            MaxLengthValidator(self.longest)(name)


class NamesFilter(django_filters.MultipleChoiceFilter):
    field_class = NamesField


class RangeForm(forms.Form):
    """Refuses a range whose last day is before its first."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for first, last in (("after", "before"), ("decided_after", "decided_before")):
            if values.get(first) and values.get(last) and values[last][1] < values[first][0]:
                self.add_error(last, _("This is before the first day of the range."))
        return values
