"""The root of all addresses."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from .web.urls import machine_patterns

urlpatterns = [
    # Before the desk's own addresses: drawn by the public views, and behind /admin/ as everything for editors is.
    path("admin/preview/", include("casetracker.web.previewing")),
    path("admin/", admin.site.urls),
    path("", include(machine_patterns)),
    # English has no prefix, so that its addresses stay as they were before there was another language.
    *i18n_patterns(path("", include("casetracker.web.urls")), prefix_default_language=False),
]

handler400 = "casetracker.web.views.errors.bad_request"
handler403 = "casetracker.web.views.errors.permission_denied"
handler404 = "casetracker.web.views.errors.page_not_found"
handler500 = "casetracker.web.views.errors.server_error"
