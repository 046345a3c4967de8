"""
Several files at once on the screen of an entry: each that can be taken becomes a document of the entry, named after its
file; each that cannot is named with the reason, and keeps nobody from saving the rest.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casetracker import rights
from casetracker.models import Document, Event

from . import uploads
from .base import DeskAdmin
from .document_forms import DocumentForm
from .fields import FilesField, ManyFilesInput
from .forms import DeskForm
from .refusals import in_words

FIELD = "new_files"
MOST = 20
_LONGEST_TITLE = 250


class EntryFilesForm(DeskForm):
    """A form of an entry with a box for files, which are looked at once the entry is saved."""

    new_files = FilesField(
        label=gettext_lazy("Upload files"),
        required=False,
        allow_empty_file=True,
        widget=ManyFilesInput(attrs={"accept": ".pdf,.txt,application/pdf,text/plain"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if FIELD in self.fields:
            told = _(
                "One or several, PDF or plain text, at most %(largest)s each and %(most)d at once. Each becomes a "
                "document named after its file; the name can be put right on the document's own screen."
            )
            self.fields[FIELD].help_text = told % {"largest": uploads.largest(), "most": MOST}

    def clean_new_files(self) -> Any:
        files = self.cleaned_data.get(FIELD) or []
        if len(files) > MOST:
            self.add_error(FIELD, _("At most %(most)d files at once.") % {"most": MOST})
        return files

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors and FIELD not in self.errors and self.files.getlist(self.add_prefix(FIELD)):
            # A browser does not send a file twice by itself.
            self.add_error(FIELD, _("The files are not kept while the form is not saved: choose them once more."))


class FilesMixin(DeskAdmin):
    """The screens of entries: the box, where somebody may add documents, and what became of each file."""

    def files_box(self, request: HttpRequest, row: Event | None) -> list[Any]:
        """The part of the form with the box; none for whoever may not add a document to the entry."""
        may = request.user.has_perm("casetracker.add_document")
        if row is not None and row.pk is not None:
            may = may and rights.may_change(request.user, row)
        return [(_("Files"), {"fields": [FIELD], "classes": ["after-rows"]})] if may else []

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        entry, taken = form.instance, []
        refused = [(name, uploads.refusal_of_size()) for name in uploads.names_too_large(request, FIELD)]
        for file in form.cleaned_data.get(FIELD) or []:
            document, reason, told = _take(request, entry, file)
            if document is not None:
                taken.append(document)
            else:
                refused.append((uploads.plain_name(file.name), reason))
            if told:
                messages.warning(request, told)
        if taken:
            count = len(taken)
            text = ngettext("%(count)d file was taken in:", "%(count)d files were taken in:", count) % {"count": count}
            messages.success(request, format_html("{} {}", text, _links(taken)))
        for name, reason in refused:
            text = _("“%(name)s” was not taken in: %(reason)s Everything else was saved.")
            messages.error(request, text % {"name": name, "reason": reason})


def _take(request: HttpRequest, entry: Event, file: Any) -> tuple[Document | None, str, str]:
    """The document that the file became, or why it became none; and what is to be said of it besides."""
    form = type("FileForm", (DocumentForm,), {"editor": request.user})(
        {"event": entry.pk, "title": title_of(file.name)}, {"upload": file}
    )
    try:
        with transaction.atomic():
            if form.is_valid():
                return form.save(), "", form.told()
    except IntegrityError as error:
        return None, in_words(error), ""
    return None, " ".join(dict.fromkeys(_reasons(form))), ""


def _reasons(form: Any) -> Iterator[str]:
    """What the form says, without what it says of choosing the file once more."""
    again = _("The file is not kept while the form is not saved: choose it once more.")
    for problems in form.errors.values():
        yield from (str(problem) for problem in problems if str(problem) != again)


def _links(taken: list[Document]) -> Any:
    rows = ((reverse("admin:casetracker_document_change", args=[each.pk]), each.title) for each in taken)
    return format_html_join(", ", '<a href="{}">{}</a>', rows)


def title_of(name: str | None) -> str:
    """A title from the name of a file: without folder and ending, with spaces between its words."""
    stem = PurePath(uploads.plain_name(name)).stem
    return re.sub(r"[\s_]+", " ", stem).strip(" .-")[:_LONGEST_TITLE].strip() or _("Document")
