"""Redaction on the desk: of words, after a look at where they stand; of a row that is withheld; and the list of all."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters

from casetracker import redaction, restoring, rights
from casetracker.models import Case, Document, Event, Redaction, State
from casetracker.redaction import files
from casetracker.redaction.words import clear_session
from casetracker.validators import no_hidden_characters

from . import typed
from .acts import Act
from .numbers import page_number
from .screens import screen_of

PAGE = 50

# As it stands beside the acts of publication of what is withheld.
REDACT = Act(
    "redact",
    gettext_lazy("Redact"),
    gettext_lazy("It is deleted for ever with all that hangs on it, from the history too. It cannot be brought back."),
    gettext_lazy("is redacted"),
    is_grave=True,
)
# As it stands on the screen of a document that is sealed.
REDACT_FILE = Act(
    "redact",
    gettext_lazy("Redact the file"),
    gettext_lazy(
        "Its file is deleted for ever, with those that it had before, and from every document that has the same file."
    ),
    gettext_lazy("is redacted"),
    is_grave=True,
)
_MODELS: dict[str, Any] = {"case": Case, "entry": Event, "document": Document}


class RedactionForm(forms.ModelForm):
    """What the record keeps: the kind of thing, and on whose authority it went."""

    class Meta:
        model = Redaction
        fields = ["nature", "authority"]
        widgets = {"authority": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"authority": gettext_lazy("Kept for whoever may redact. Do not write here what is removed.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)


class WordsForm(RedactionForm):
    words = forms.CharField(
        label=gettext_lazy("Words to remove"),
        strip=False,
        max_length=redaction.MOST * (redaction.LONGEST + 2),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        validators=[no_hidden_characters],
        help_text=gettext_lazy(
            "Each line is a passage. Capitals and the white space between words do not matter, and a name is found "
            "without its accents too. Write every other spelling on a line of its own."
        ),
    )
    inside = forms.BooleanField(
        label=gettext_lazy("Inside longer words too"),
        required=False,
        help_text=gettext_lazy("Else “Ann” is not found in “Annapolis”."),
    )
    and_files = forms.BooleanField(
        label=gettext_lazy("Remove the files that hold them"),
        initial=True,
        required=False,
        help_text=gettext_lazy(
            "A file cannot be changed: it goes as a whole, from every document that has it, or stays with the words."
        ),
    )
    field_order = ["words", "inside", "and_files", "nature", "authority"]

    pattern: redaction.Pattern | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("words") is not None:
            try:
                self.pattern = redaction.Pattern.of(
                    self.cleaned_data["words"].splitlines(), inside=self.cleaned_data.get("inside", False)
                )
            except redaction.PatternError as error:
                self.add_error("words", str(error))
        if self.pattern is not None and self.pattern.is_in(self.cleaned_data.get("authority", "")):
            self.add_error("authority", _("The words themselves stand here, and this is kept. Write it without them."))
        return cleaned


def listing(request: HttpRequest, site: Any) -> HttpResponse:
    """Every redaction, the newest first."""
    _refuse_others(request)
    records = Redaction.objects.select_related("done_by")
    page = Paginator(records, PAGE).get_page(page_number(request.GET.get("p", "1")))
    return _page(request, site, "admin/redactions.html", {"title": _("Redactions"), "page": page})


@sensitive_post_parameters("words")
def words(request: HttpRequest, site: Any) -> HttpResponse:
    """Asks which words, shows where they stand, and when that is confirmed removes them."""
    _refuse_others(request)
    form = WordsForm(request.POST if request.method == "POST" else None)
    found = None
    if request.method == "POST" and form.is_valid() and form.pattern is not None:
        if "confirmed" in request.POST and not typed.is_only_shown(request):
            clear_session(request.session, form.pattern)
            record = _done(
                request,
                form,
                lambda answers: redaction.redact_words(
                    form.pattern, actor=request.user, and_files=form.cleaned_data["and_files"], **answers
                ),
            )
            if record is not None:
                return redirect("admin:redactions")
        else:
            found = redaction.find(form.pattern)
            if not found.total and not found.files:
                form.add_error("words", _("These words stand nowhere."))
                found = None
    context = {
        "title": _("Redact words"),
        "form": form,
        "found": found,
        "rows": [(restoring.label(row), str(row._meta.verbose_name), _screen(row)) for row in found.shown]
        if found
        else [],
    }
    return _page(request, site, "admin/redact_words.html", context)


def row(request: HttpRequest, site: Any, kind: str, key: int) -> HttpResponse:
    """Asks once more, naming what goes with the row, and then removes it."""
    _refuse_others(request)
    model = _MODELS.get(kind)
    # No key is longer than the database can hold.
    found = model._default_manager.filter(pk=key).first() if model is not None and key < 2**63 else None
    if found is None:
        raise Http404("There is no such row.")
    refusal = _not_yet(found)
    if refusal:
        messages.error(request, refusal)
        return redirect(screen_of(found))
    form = RedactionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not typed.is_only_shown(request) and form.is_valid():
        act = redaction.redact_file if isinstance(found, Document) else redaction.redact_row
        record = _done(request, form, lambda answers: act(found, actor=request.user, **answers))
        if record is not None:
            return redirect("admin:redactions")
    context = {
        "title": _("Redact?"),
        "form": form,
        "object": found,
        "question": (REDACT_FILE if isinstance(found, Document) else REDACT).question,
        "counts": [] if isinstance(found, Document) else sorted(redaction.extent(found).counts.items()),
        "back": screen_of(found),
    }
    return _page(request, site, "admin/redact_row.html", context)


def may_redact_file(user: Any, document: Document) -> bool:
    """Whether the act stands on the screen of the document."""
    return document.pk is not None and rights.may_redact(user) and not _not_yet(document)


def _not_yet(found: Case | Event | Document) -> str:
    """Why nothing is removed yet; empty if it can be."""
    if not isinstance(found, Document):
        ready = found.state == State.WITHHELD
        return "" if ready else _("Withhold it first. Only what is withheld is removed for ever.")
    if not found.sealed:
        return _("Mark it as sealed first. Only the file of a sealed document is removed for ever.")
    return "" if files.of_document(found.pk) else _("It has no file.")


def address(found: Case | Event | Document) -> str:
    """Where a case, an entry or the file of a document is redacted."""
    kind = next(name for name, model in _MODELS.items() if isinstance(found, model))
    return reverse("admin:redact_row", args=[kind, found.pk])


def _done(request: HttpRequest, form: RedactionForm, act: Any) -> Redaction | None:
    """Do it and tell of it, without a word of what it was; None if it was refused, which the form then says."""
    try:
        record: Redaction = act({name: form.cleaned_data[name] for name in ("nature", "authority")})
    except redaction.RedactionError as error:
        form.add_error(None, str(error))
        return None
    count = record.count
    told = ngettext("Redacted: %(count)d row was purged.", "Redacted: %(count)d rows were purged.", count)
    messages.success(request, told % {"count": count})
    messages.warning(
        request,
        _("Backups made before now still hold it. Tell whoever operates the site; docs/operations.md says what to do."),
    )
    return record


def _screen(found: Model) -> str:
    """Where the row is edited; empty if it has no screen of its own."""
    try:
        return screen_of(found)
    except (NoReverseMatch, AttributeError):
        return ""


def _refuse_others(request: HttpRequest) -> None:
    if not rights.may_redact(request.user):
        raise PermissionDenied


def _page(request: HttpRequest, site: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**site.each_context(request), "subtitle": None, **context})
