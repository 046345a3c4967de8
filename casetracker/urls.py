"""The root of all addresses."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("casetracker.web.urls")),
]

handler400 = "casetracker.web.views.errors.bad_request"
handler403 = "casetracker.web.views.errors.permission_denied"
handler404 = "casetracker.web.views.errors.page_not_found"
handler500 = "casetracker.web.views.errors.server_error"
