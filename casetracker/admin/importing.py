"""
Real dockets at the desk: files are chosen or a docket is pasted, what each would do is shown, and it lands when that is
confirmed. A worker does it, and the page says how far it has come; where none is alive, each request of the page does
what it can in a few seconds.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casetracker import jobs, rights
from casetracker.importers.dockets import landing, spreadsheets, telling, uploads
from casetracker.importers.dockets.formats import LABELS
from casetracker.models import Case, Import, ImportState, Kind
from casetracker.models.imports import MOST_BYTES

from . import typed
from .fields import FilesField, keys_in
from .numbers import page_number
from .screens import case_asked_for

PAGE = 50
_LONGEST_NAME = 200
_LONGEST_PASTED = 2_000_000
_KINDS = "kind-"


class UploadForm(forms.Form):
    dockets = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "Saved pages of PACER or the Supreme Court, JSON of CourtListener, docket.xml of RECAP, CSV or XLSX with "
            "the columns of the template. The format is found from the content."
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the content of a file"),
        required=False,
        strip=False,
        max_length=_LONGEST_PASTED,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    court = forms.CharField(
        label=gettext_lazy("Court"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Its short key, as mdd or ca4. Needed only where a file does not say it."),
    )
    case = forms.ModelChoiceField(Case.objects.none(), required=False, widget=forms.HiddenInput)
    into_public = forms.BooleanField(
        label=gettext_lazy("Add proceedings, parties and counsel to a case that is public"),
        required=False,
        help_text=gettext_lazy(
            "They have no drafts: readers see them at once. Otherwise only entries go into a public case."
        ),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = rights.seen(user, Case.objects.all())  # type: ignore[attr-defined]  # of a choice among rows
        if not rights.may_show_imported(user):
            del self.fields["into_public"]

    def clean_case(self) -> Case | None:
        case: Case | None = self.cleaned_data["case"]
        return case

    def uploads(self) -> list[uploads.Upload]:
        """The files, and what was pasted as one more. Raises `UploadError` before too much is read into memory."""
        files = self.cleaned_data["dockets"]
        size = sum(file.size for file in files)
        if size > MOST_BYTES:
            raise uploads.UploadError(uploads.too_large(size))
        found = [uploads.Upload(_plain_name(file.name), file.read()) for file in files]
        text = self.cleaned_data["text"]
        if text.strip():
            found.append(uploads.Upload(_("What was pasted"), text.encode()))
        return found


def listing(request: HttpRequest, site: Any) -> HttpResponse:
    """The form for an import, and the reports of earlier ones."""
    _refuse_others(request)
    if "template" in request.GET:
        answer = HttpResponse(spreadsheets.TEMPLATE, content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="docket.csv"'
        return answer
    is_sent = request.method == "POST"
    if not is_sent:
        uploads.forget_old()
    case = case_asked_for(request.user, request.GET.get("case", ""))
    data = _with_possible_case(request) if is_sent else None
    form = UploadForm(data, request.FILES if is_sent else None, user=request.user, initial={"case": case})
    # What comes back after a new sign-in is shown once more; files do not come back, and have to be chosen again.
    if is_sent and typed.SHOW not in request.POST and form.is_valid():
        case = form.cleaned_data["case"]
        try:
            row = uploads.keep(
                form.uploads(),
                actor=request.user,
                court=form.cleaned_data["court"].strip(),
                case=case,
                into_public=form.cleaned_data.get("into_public", False),
            )
        except uploads.UploadError as error:
            for reason in error.reasons[: uploads.MOST_FILES]:
                form.add_error(None, reason)
        else:
            return redirect("admin:import", row.pk)
    queue = jobs.queue()
    rows = rights.seen(request.user, Import.objects.select_related("created_by").defer("data", "found"))
    context = {
        "title": _("Import dockets"),
        "form": form,
        "case": case,
        "page": Paginator(rows, PAGE).get_page(page_number(request.GET.get("p", "1"))),
        "most_files": uploads.MOST_FILES,
        "most_entries": f"{landing.MOST_ENTRIES_OF_WORKER if queue.is_worked else landing.MOST_ENTRIES:,}",
        "queue": queue,
        "most_bytes": MOST_BYTES,
        "most_megabytes": MOST_BYTES // 1024 // 1024,
    }
    return _page(request, site, "admin/imports.html", context)


def one(request: HttpRequest, site: Any, key: int) -> HttpResponse:
    """One import: what it would do while it waits, how far it has come while it lands, and what it did."""
    _refuse_others(request)
    rows = rights.seen(request.user, Import.objects.select_related("created_by", "case").defer("data"))
    row = rows.filter(pk=key).first() if key < 2**63 else None
    if row is None:
        raise Http404("There is no such import.")
    if request.method == "POST" and typed.SHOW not in request.POST:
        try:
            answer = _act(request, row)
        except uploads.UploadError as error:
            answer = None
            for reason in error.reasons:
                messages.error(request, reason)
            if row.state != ImportState.WAITING:
                answer = redirect("admin:import", row.pk)
        if answer is not None:
            return answer
        row.refresh_from_db(fields=["state", "found", "landed", "problems", "within", "finished_at"])
    if "progress" in request.GET:
        return TemplateResponse(request, "admin/_import_progress.html", _progress(request, row))
    chosen = _chosen(request)
    is_waiting = row.state == ImportState.WAITING
    dockets = row.told
    for at, docket in enumerate(dockets):
        for choice in docket.get("choices", ()):
            choice["name"] = f"{_KINDS}{at}-{choice['key']}"
            choice["kind"] = chosen.get(f"{at}-{choice['key']}", choice["kind"])
        docket["kinds"] = [(Kind(kind).label, count) for kind, count in docket.get("by_kind", {}).items()]
        docket["asked"] = [choice for choice in docket.get("choices", ()) if choice["is_unsure"]]
        docket["known"] = [choice for choice in docket.get("choices", ()) if not choice["is_unsure"]]
        docket["not_offered"] = max(docket.get("new", 0) - len(docket.get("choices", ())), 0) if is_waiting else 0
    context = {
        "title": _("Import"),
        "row": row,
        "dockets": dockets,
        "formats": ", ".join(LABELS.get(name, name) for name in row.formats),
        "is_waiting": is_waiting,
        "is_stopped": row.state == ImportState.STOPPED,
        **_progress(request, row),
        "kinds": Kind.choices,
        "totals": {name: row.total(name) for name in ("entries", "new", "changed", "unchanged")},
        "refused": sum(bool(docket["problem"]) for docket in dockets)
        + (0 if row.state == ImportState.STOPPED else len(row.problems)),
    }
    return _page(request, site, "admin/import.html", context)


def _progress(request: HttpRequest, row: Import) -> dict[str, Any]:
    """How far the import has come that is being read or is landing, and who does it: a worker, or this page."""
    outlook = uploads.outlook_of(row)
    return {
        "row": row,
        "is_reading": row.state == ImportState.READING,
        "is_landing": row.state == ImportState.LANDING,
        "is_own": row.created_by_id == request.user.pk,
        "is_by_worker": outlook is jobs.Outlook.UNDER_WAY,
        "is_given_up": outlook is jobs.Outlook.GIVEN_UP,
        "is_for_worker_alone": row.entries > landing.MOST_ENTRIES,
        "ahead": uploads.ahead_of(row),
    }


def _act(request: HttpRequest, row: Import) -> HttpResponse | None:
    """What a button asks for; None if the page is to be shown with what was chosen. Raises `UploadError`."""
    if "cancel" in request.POST:
        row = uploads.cancel(row.pk, actor=request.user)
        if row.state == ImportState.STOPPED:
            messages.success(request, _("Stopped. What had landed stays, as drafts; the files are forgotten."))
            return redirect("admin:import", row.pk)
        messages.success(request, _("Cancelled. Nothing was imported, and the files are forgotten."))
        return redirect("admin:imports")
    if "again" in request.POST:
        row = uploads.try_again(row.pk, actor=request.user)
        return redirect("admin:import", row.pk) if row.state == ImportState.READING else None
    if "confirm" in request.POST:
        uploads.confirm(row.pk, actor=request.user, sha256=request.POST.get("looked_at", ""), kinds=_chosen(request))
    if "confirm" in request.POST or "go_on" in request.POST:
        row = uploads.go_on(row.pk, actor=request.user)
        if row.state == ImportState.LANDED:
            _tell(request, row)
    return redirect("admin:import", row.pk)


def _tell(request: HttpRequest, row: Import) -> None:
    refused = sum(bool(docket["problem"]) for docket in row.landed)
    if refused == len(row.landed):
        messages.error(request, _("Nothing landed."))
        return
    told = _("Landed: %(new)d new entries, as drafts; %(changed)d changed, %(unchanged)d unchanged.")
    messages.success(request, told % {name: row.total(name) for name in ("new", "changed", "unchanged")})
    if refused:
        messages.warning(request, _("Some dockets were refused; the report says why."))


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The kinds chosen by hand, by the place of the docket and the line."""
    return {
        name.removeprefix(_KINDS): kind
        for name, kind in request.POST.items()
        if name.startswith(_KINDS) and kind in Kind.values
    }


def _with_possible_case(request: HttpRequest) -> Any:
    """
    What was sent, with the case into which the one that the page named was merged meanwhile, and without a key that
    cannot be one: a hidden field has nowhere to say so.
    """
    data = request.POST.copy()
    sent = data.get("case", "")
    case = case_asked_for(request.user, sent)
    data["case"] = str(case.pk) if case is not None else next((str(key) for key in keys_in([sent], Case)), "")
    return data


def _plain_name(name: str | None) -> str:
    """A name of a file as text that can be stored and shown."""
    return telling.storable(name or "")[-_LONGEST_NAME:].strip() or _("A file without a name")


def address(case: Case | None = None) -> str:
    """Where an import is begun; with a case, into that."""
    return reverse("admin:imports", query={"case": case.pk} if case is not None else None)


def _refuse_others(request: HttpRequest) -> None:
    if not rights.may_import(request.user):
        raise PermissionDenied


def _page(request: HttpRequest, site: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**site.each_context(request), "subtitle": None, **context})
