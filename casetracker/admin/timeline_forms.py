"""What the acts on entries ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casetracker import rights
from casetracker.dates import UncertainDate
from casetracker.models import Case, DocketEntry, Event, Kind, Proceeding, RulingForm, Source
from casetracker.models.fields import UncertainDateFormField
from casetracker.reworking import Together
from casetracker.reworking.merging import differing
from casetracker.validators import text_is_storable, web_address

from .labels import label


class ActForm(forms.Form):
    """A form about entries of one case that were chosen on its screen."""

    # Whoever fills it in.
    editor: Any = None

    def __init__(self, data: Any = None, *, entries: list[Event], case: Case) -> None:
        super().__init__(data, label_suffix="")
        self.entries = entries
        self.case = case

    def first_answers(self) -> dict[str, Any]:
        """What the form says when nobody has touched it, as a browser would send it."""
        return {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}


class EntryChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.date.words}: {obj.title} ({obj.get_state_display().lower()})"


class RowChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return label(obj)


class RowsChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return label(obj.proceeding) + (f", {obj.number}" if obj.number else "")


class MergeForm(ActForm):
    kept = EntryChoice(
        label=gettext_lazy("Which one stays"),
        queryset=Event.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "All that hangs on the other one moves to it, and the address of the other leads to it."
        ),
    )
    take = forms.MultipleChoiceField(
        label=gettext_lazy("From the other one take"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Where only one of them says something, that is kept by itself."),
    )

    def __init__(self, data: Any = None, *, entries: list[Event], case: Case) -> None:
        super().__init__(data, entries=entries, case=case)
        self.fields["kept"].queryset = Event.objects.filter(pk__in=[entry.pk for entry in entries])  # type: ignore[attr-defined]  # of its class
        # What readers know stays; of two that they know the first, which has stood there longer.
        self.initial["kept"] = min(entries, key=lambda entry: (not entry.is_published_now, entry.pk)).pk
        chosen = str(self.data.get("kept", "") or self.initial["kept"])
        first, second = sorted(entries, key=lambda entry: str(entry.pk) != chosen)
        self.differences = differing(first, second)
        self.fields["take"].choices = [  # type: ignore[attr-defined]  # of its class
            (name, _("%(field)s: %(value)s (in place of “%(kept)s”)") % {"field": field, "value": two, "kept": one})
            for name, field, one, two in self.differences
        ]
        if not self.differences:
            del self.fields["take"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.cleaned_data.setdefault("take", [])
        return cleaned


class MoveForm(ActForm):
    proceeding = RowChoice(label=gettext_lazy("To which proceeding"), queryset=Proceeding.objects.none())

    def __init__(self, data: Any = None, *, entries: list[Event], case: Case) -> None:
        super().__init__(data, entries=entries, case=case)
        rows = Proceeding.objects.filter(case=case).select_related("case", "court").prefetch_related("numbers")
        self.fields["proceeding"].queryset = rows  # type: ignore[attr-defined]  # of its class


class SplitForm(ActForm):
    dockets = RowsChoice(
        label=gettext_lazy("To the new entry"),
        queryset=DocketEntry.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Its places on dockets; those left stay with the old entry."),
    )
    title = forms.CharField(label=gettext_lazy("Title of the new entry"), max_length=250, validators=[text_is_storable])
    date = UncertainDateFormField(label=gettext_lazy("Date of the new entry"))

    def __init__(self, data: Any = None, *, entries: list[Event], case: Case) -> None:
        super().__init__(data, entries=entries, case=case)
        rows = DocketEntry.objects.filter(event=entries[0])
        rows = rows.select_related("proceeding__case", "proceeding__court").prefetch_related("proceeding__numbers")
        self.fields["dockets"].queryset = rows  # type: ignore[attr-defined]  # of its class
        date = entries[0].date
        self.initial["title"] = entries[0].title
        self.initial["date"] = date.words if isinstance(date, UncertainDate) else ""


_UNCHANGED = ("", gettext_lazy("Leave as it is"))


class TogetherForm(ActForm):
    find = forms.CharField(
        label=gettext_lazy("In titles, replace"),
        required=False,
        max_length=250,
        strip=False,
        validators=[text_is_storable],
    )
    replace_with = forms.CharField(
        label=gettext_lazy("with"), required=False, max_length=250, strip=False, validators=[text_is_storable]
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=[_UNCHANGED, *Kind.choices])
    form = forms.ChoiceField(
        label=gettext_lazy("Form, if it becomes a ruling"), required=False, choices=[("", "–"), *RulingForm.choices]
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=1000,
        validators=[text_is_storable],
        help_text=gettext_lazy("The address or the whole title of a source that is here already."),
    )
    instead_of = RowChoice(
        label=gettext_lazy("in place of"),
        queryset=Source.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nothing: beside what stands there"),
    )
    pinpoint = forms.CharField(
        label=gettext_lazy("Where in it"), required=False, max_length=120, validators=[text_is_storable]
    )

    def __init__(self, data: Any = None, *, entries: list[Event], case: Case) -> None:
        super().__init__(data, entries=entries, case=case)
        of_these = Source.objects.filter(references__event__in=[entry.pk for entry in entries]).distinct()
        self.fields["instead_of"].queryset = of_these.order_by("title", "pk")  # type: ignore[attr-defined]  # of its class

    def clean_source(self) -> Source | None:
        text = self.cleaned_data["source"].strip()
        if not text:
            return None
        rows = Source.objects.filter(address=text) if _is_address(text) else Source.objects.filter(title__iexact=text)
        found = list(rights.seen(self.editor, rows).order_by("pk")[:2])
        if not found:
            raise ValidationError(_("There is no source with this address or title. Add it first."))
        if len(found) == 2:
            raise ValidationError(_("Several sources have this title; write the address."))
        return found[0]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        if data.get("kind") == Kind.RULING and not data.get("form"):
            self.add_error("form", _("Say what form the ruling has."))
        if data.get("replace_with") and not data.get("find") and "find" not in self.errors:
            self.add_error("find", _("Say which words to replace."))
        if data.get("instead_of") and not data.get("source") and "source" not in self.errors:
            self.add_error("source", _("Say which source takes its place."))
        if not self.errors and not (data.get("find") or data.get("kind") or data.get("source")):
            self.add_error(None, _("Say what to change: words in titles, the kind, or a source."))
        return cleaned

    def wanted(self) -> Together:
        data = self.cleaned_data
        return Together(
            find=data["find"],
            replace_with=data["replace_with"],
            kind=data["kind"],
            form=data["form"],
            source=data["source"],
            instead_of=data["instead_of"],
            pinpoint=data["pinpoint"],
        )


def _is_address(text: str) -> bool:
    try:
        web_address(text)
    except ValidationError:
        return False
    return True
