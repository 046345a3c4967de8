"""The form of a document, with its file."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casetracker import files, history, rights
from casetracker.models import Document, StoredFile

from .forms import DeskForm
from .moments import in_words
from .uploads import largest, refusal_of_size

# So many other documents with the same file are named.
_MOST_NAMED = 5


class FileChoice(forms.ModelChoiceField):
    """Which of the files that the document has, or had before, it is to have; none is one of the choices."""

    def label_from_instance(self, obj: Any) -> str:
        return _("%(kind)s, %(size)s bytes, uploaded %(when)s, checksum %(checksum)s…") % {
            "kind": obj.get_media_type_display(),
            "size": f"{obj.size:,}",
            "when": in_words(obj.uploaded_at),
            "checksum": obj.sha256[:12],
        }


class DocumentForm(DeskForm):
    """
    A document and its file: one that is uploaded, or one that it has or had before. `too_large`, of the class that
    serves one request, says whether a file was left out while it came in; `editor` is who sends it.
    """

    upload = forms.FileField(
        label=gettext_lazy("Upload a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,.txt,application/pdf,text/plain"}),
    )

    too_large = False
    editor: Any = None
    # The documents that have the uploaded file already, as far as the editor may see them.
    same: tuple[Document, ...] = ()
    content: bytes | None = None

    class Meta:
        model = Document
        fields = ["event", "title", "address", "number", "pages", "sealed", "file", "size", "sha256", "text"]
        field_classes = {"file": FileChoice}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "upload" in self.fields:
            told = [_("PDF or plain text, at most %(largest)s.") % {"largest": largest()}]
            if self.instance.file_id is not None:
                told.append(_("It takes the place of the file that is here; the history keeps that one."))
            told.append(_("Its pages and its text are read by themselves, in a moment."))
            self.fields["upload"].help_text = " ".join(told)
        if "file" in self.fields:
            field: Any = self.fields["file"]
            field.queryset = files_of(self.instance)
            field.empty_label = _("No file")
            field.label = _("Which of its files it has")
            field.help_text = _("One that it had before can be taken again.")

    def clean_upload(self) -> Any:
        upload = self.cleaned_data.get("upload")
        if self.too_large or (upload is not None and upload.size > settings.LARGEST_FILE):
            raise forms.ValidationError(refusal_of_size())
        if upload is None:
            return None
        content = upload.read()
        try:
            files.kind_of(content)
        except files.FileError as error:
            raise forms.ValidationError(str(error)) from None
        self.content = content
        return upload

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.content is not None:
            self._look_for_the_same(self.content)
        return cleaned

    def _look_for_the_same(self, content: bytes) -> None:
        others = Document.objects.filter(file__sha256=files.checksum(content)).exclude(pk=self.instance.pk)
        found = list(others.select_related("event__case").order_by("pk")[:100])
        here = self.cleaned_data.get("event")
        for other in found:
            if here is not None and other.event_id == here.pk:
                self.add_error("upload", _("This entry has the same file already, as “%(title)s”.") % {"title": other})
                return
        self.same = tuple(other for other in found if rights.may_see(self.editor, other))

    def full_clean(self) -> None:
        super().full_clean()
        sent = self.is_bound and self.files.get(self.add_prefix("upload")) is not None
        if sent and self.errors and "upload" not in self.errors:
            # A browser does not send a file twice by itself.
            self.add_error("upload", _("The file is not kept while the form is not saved: choose it once more."))

    def save(self, commit: bool = True) -> Any:
        if self.content is not None:
            self.instance.file = files.store(self.content, uploaded_by=self.editor)
        return super().save(commit)

    def told(self) -> str:
        """What is to be said of the uploaded file once it is saved: where else the same one is; empty if nowhere."""
        if not self.same:
            return ""
        names = "; ".join(
            f"“{other}” ({other.event.title}, {other.event.case.short_name})" for other in self.same[:_MOST_NAMED]
        )
        more = len(self.same) - _MOST_NAMED
        if more > 0:
            names += ngettext(" and %(count)d more", " and %(count)d more", more) % {"count": more}
        return _("The same file is already here: %(names)s. It is kept once.") % {"names": names}


def files_of(document: Document) -> Any:
    """The files that the document has or had before, the newest first."""
    if document.pk is None:
        return StoredFile.objects.none()
    once = history.revisions_of(Document).objects.filter(pgh_obj_id=document.pk, file__isnull=False)
    keys = {*once.order_by().values_list("file", flat=True).distinct(), document.file_id}
    return StoredFile.objects.filter(pk__in=keys - {None}).order_by("-pk")
