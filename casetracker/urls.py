"""The root of all addresses."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from .admin import typed
from .web.urls import machine_patterns
from .web.views import errors, files

urlpatterns = [
    # Before the desk's own addresses: drawn by the public views, and behind /admin/ as everything for editors is.
    path("admin/preview/", include("casetracker.web.previewing")),
    path("admin/casetracker/document/<int:key>/file/", files.for_the_desk, name="desk_file"),
    path("admin/", admin.site.urls),
    path("", include(machine_patterns)),
    # English has no prefix, so that its addresses stay as they were before there was another language.
    *i18n_patterns(path("", include("casetracker.web.urls")), prefix_default_language=False),
]

handler400 = "casetracker.web.views.errors.bad_request"
handler403 = "casetracker.urls.permission_denied"
handler404 = "casetracker.web.views.errors.page_not_found"
handler500 = "casetracker.urls.server_error"


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database does not answer; a form of the desk comes back with what was typed."""
    return _with_what_was_typed(request, errors.server_error(request))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403; a form of the desk comes back with what was typed, for a right may be taken away while one types."""
    return _with_what_was_typed(request, errors.permission_denied(request, exception))


def _with_what_was_typed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    page = typed.page_after_failure(request, response.status_code)
    if page is not None and "Retry-After" in response:
        page["Retry-After"] = response["Retry-After"]
    return page or response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token; one of the desk whose token has changed comes back with what was typed."""
    return typed.page_after_refusal(request, admin.site) or errors.csrf_failure(request, reason)
