"""The application, and its own admin site in place of Django's default one."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class CasetrackerConfig(AppConfig):
    name = "casetracker"
    verbose_name = "Casetracker"

    def ready(self) -> None:
        # Here, for it reads the models, which are loaded by now.
        roles = import_module("casetracker.roles")
        post_migrate.connect(roles.set_up, sender=self, dispatch_uid="casetracker.roles")
        # Its receiver hears of every sign-in from here on.
        import_module("casetracker.web.signing_in")


class CasetrackerAdminConfig(AdminConfig):
    default_site = "casetracker.admin.site.DeskSite"

    def ready(self) -> None:
        super().ready()
        # Here and not in casetracker/admin/__init__.py: the site lives in that package and must exist first.
        import_module("casetracker.admin.registration")
