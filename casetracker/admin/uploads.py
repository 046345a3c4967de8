"""
What comes in with a form as a file: bounded while it comes, before it is kept anywhere.

Django calls a handler for every form with files, at any address and before anything else is asked of the request. So
this one stands before Django's own: nothing of a stranger is kept, and of a document no more than may be stored.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# Screens whose files are those of documents; other screens bound theirs themselves.
_OF_DOCUMENTS = tuple(f"/admin/casetracker/{name}/" for name in ("document", "event", "ruling"))
_LONGEST_NAME = 200


class BoundedUploads(FileUploadHandler):
    """
    Leaves out a file that is too large, or that comes from somebody whom the desk does not admit. The rest of the form
    arrives, so that nothing that was typed is lost; `too_large` says which files were left out.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0
        request: Any = self.request
        if not _is_admitted(request):
            request.left_out = True
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        request: Any = self.request
        if self.received > settings.LARGEST_FILE and request.path_info.startswith(_OF_DOCUMENTS):
            request.too_large = {*too_large(request), str(self.field_name)}
            names = getattr(request, "names_too_large", ())
            request.names_too_large = (*names, (str(self.field_name), plain_name(self.file_name)))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one keep it."""


def too_large(request: HttpRequest) -> set[str]:
    """The names of the fields whose files were left out for their size."""
    return getattr(request, "too_large", set())


def names_too_large(request: HttpRequest, field: str) -> list[str]:
    """The names of the files that were left out of a field for their size."""
    return [name for of, name in getattr(request, "names_too_large", ()) if of == field]


def refusal_of_size() -> str:
    """What is said of a file that is too large."""
    told = _("This file is larger than %(largest)s, the most that is taken. Divide it, or save it smaller.")
    return told % {"largest": largest()}


def plain_name(name: str | None) -> str:
    """The name of a file as text that can be stored and shown."""
    shown = "".join(each if each.isprintable() else "?" for each in name or "")
    return shown[-_LONGEST_NAME:].strip() or _("A file without a name")


def had_files(request: HttpRequest) -> bool:
    """Whether files came with the form, kept or not, as far as it could be read."""
    return bool(getattr(request, "left_out", False) or too_large(request) or request.FILES)


def largest() -> str:
    """The most that a file may have, in words."""
    return filesizeformat(settings.LARGEST_FILE).replace("\xa0", " ")


def _is_admitted(request: Any) -> bool:
    try:
        return hasattr(request, "user") and admin.site.has_permission(request)
    except (DatabaseError, InterfaceError):
        # Nobody can tell, and what was typed is to come back.
        return False
