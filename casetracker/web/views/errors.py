"""Pages for what went wrong. None of them needs the database."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from ..paging import LostPlaceError

RETRY_AFTER_SECONDS = 30


def _page(request: HttpRequest, status: int, *, detail: str = "") -> HttpResponse:
    template = loader.get_template(f"{status}.html")
    # No context processors: the user, the session and messages may be what failed.
    return HttpResponse(template.render({"status": status, "detail": detail}), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None, *, detail: str = "") -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        detail = _("The form holds more text than is taken at once. Go back and shorten it, or send it as a file.")
    elif isinstance(exception, TooManyFilesSent | TooManyFieldsSent):
        detail = _("The form holds more files or fields than are taken at once. Go back and send fewer.")
    elif isinstance(exception, LostPlaceError):
        detail = _(
            "The address names a place in a list that cannot be read; it may be cut off or mistyped. "
            "Without “page” it leads to the beginning of the list."
        )
    return _page(request, 400, detail=detail)


def too_large(request: HttpRequest) -> HttpResponse:
    """For what was not even read."""
    most = settings.LARGEST_BODY // 1024 // 1024
    return _page(request, 413, detail=_("At most %(most)d MB are taken at once.") % {"most": most})


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        detail=_(
            "The form was sent without the token that proves it came from this site. "
            "Go back, load the page again and send it once more; allow cookies for this site."
        ),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """For an address that is asked in a way that it does not know, such as a form sent to a page for reading."""
    return _page(request, 405)


def gone(request: HttpRequest) -> HttpResponse:
    """What was public and has been taken down: no title, no hint of what it was."""
    return _page(request, 410)


def search_takes_too_long(request: HttpRequest) -> HttpResponse:
    """503 for a question that the database could have answered in time if it were narrower."""
    return _not_searched(request, "search_takes_too_long.html")


def too_many_searches(request: HttpRequest) -> HttpResponse:
    """503 for a search that would leave no thread to answer anything else."""
    return _not_searched(request, "too_many_searches.html")


def _not_searched(request: HttpRequest, name: str) -> HttpResponse:
    template = loader.get_template(name)
    response = HttpResponse(template.render({"status": 503, "path": request.path}), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database does not answer: that is known to pass."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _page(request, 503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return _page(request, 500)
