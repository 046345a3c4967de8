"""The application, and its own admin site in place of Django's default one."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CasetrackerConfig(AppConfig):
    name = "casetracker"
    verbose_name = "Casetracker"


class CasetrackerAdminConfig(AdminConfig):
    default_site = "casetracker.admin.site.DeskSite"
