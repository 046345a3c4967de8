"""
The file of a document, to be kept by whoever may have it: at its public address, and for the desk at another.

Who may have it is asked of the database on each request, before anything else is answered, "not changed" included. The
file is never shown within the site: a browser is told to keep it, under a type that we found and a name that we made.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ... import rights
from ...accounts import second_factor
from ...files import pieces
from ...models import Document, FormerDocument, MediaType, StoredFile
from ..moving import moved
from . import errors

_LONGEST_NAME = 120
# What no system wants in the name of a file.
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@require_safe
def public(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    document = Document.objects.public().filter(uuid=uuid, file__isnull=False).select_related("file").first()
    if document is not None and document.file is not None:
        return _given(request, document, document.file)
    former = FormerDocument.objects.filter(uuid=uuid, document__file__isnull=False)
    into = former.public().values_list("document__uuid", flat=True).first()
    if into is not None:
        return moved(request, reverse("file", args=[into]))
    if Document.objects.gone().filter(uuid=uuid, file__isnull=False).exists() or former.gone().exists():
        return errors.gone(request)
    return errors.page_not_found(request)


@require_safe
def for_the_desk(request: HttpRequest, key: int) -> HttpResponseBase:
    """The file of any document, for whoever may see that document on the desk."""
    if not (request.user.is_authenticated and second_factor.is_settled(request.user, request.session)):
        return redirect_to_login(request.get_full_path())
    found = Document.objects.filter(pk=key, file__isnull=False).select_related("file").first() if key < 2**63 else None
    if found is None or found.file is None or not rights.may_see(request.user, found):
        raise Http404("There is no such file, or it is not for you.")
    return _given(request, found, found.file)


def _given(request: HttpRequest, document: Document, file: StoredFile) -> HttpResponseBase:
    etag = f'"{file.sha256}"'
    response = get_conditional_response(request, etag=etag) or _content(request, file, etag)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = _attachment(document.title, file.media_type)
    # Were it shown after all, nothing in it could run, load or be framed.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["X-Robots-Tag"] = "noindex"
    # Compressed on the way it would be of another length than was told, and in parts of no meaning.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return response


def _content(request: HttpRequest, file: StoredFile, etag: str) -> HttpResponseBase:
    start, end = 0, file.size
    status = 200
    asked = _asked_for(request, file.size, etag)
    if asked is not None:
        start, end = asked
        status = 206
        if start >= end:
            response = HttpResponse(status=416, content_type=file.media_type)
            response["Content-Range"] = f"bytes */{file.size}"
            return response
    # Of what is only asked about nothing is read.
    body: Iterator[bytes] | tuple[()] = () if request.method == "HEAD" else pieces(file.pk, start, end)
    answer: Any = StreamingHttpResponse(body, status=status, content_type=file.media_type)
    answer["Content-Length"] = str(end - start)
    if status == 206:
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return answer


def _asked_for(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """
    The part that is asked for, from the first byte up to the one behind the last; an empty one if the file has none of
    it; None for the whole, which also answers what is no range, several at once, or a range of another file.
    """
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1 if last else size)


def _attachment(title: str, media_type: str) -> str:
    """
    The header that says to keep the file and under which name, made from the document's title: in plain letters, and
    once more in all of them (RFC 6266).
    """
    ending = ".pdf" if media_type == MediaType.PDF else ".txt"
    plain = slugify(title)[:_LONGEST_NAME].strip("-") or "document"
    whole = _UNFIT.sub(" ", title)[:_LONGEST_NAME].strip(" .") or "document"
    return f"attachment; filename=\"{plain}{ending}\"; filename*=UTF-8''{quote(whole + ending, safe='')}"
