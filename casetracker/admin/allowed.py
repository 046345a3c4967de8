"""The rights of `casetracker.rights` on every screen of the desk, and what its forms say to whoever lacks one."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from casetracker import rights


class AllowedFormMixin:
    """
    Makes a form invalid that would put a row where its editor may not: a statement about somebody else's entry would
    be public with that entry.
    """

    editor: Any = None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # mixed into a form
        row: Model = self.instance  # type: ignore[attr-defined]  # of the form it is mixed into
        if self.errors:  # type: ignore[attr-defined]  # of the form it is mixed into
            return
        allowed = rights.may_add(self.editor, row) if row.pk is None else rights.may_change(self.editor, row)
        if not allowed:
            problem = _("It would hang on what somebody else made or what is published; only an editor may save that.")
            self.add_error(None, problem)  # type: ignore[attr-defined]  # of the form it is mixed into


class AllowedMixin(BaseModelAdmin):
    """Mixin of `DeskAdmin`. What may only be looked at is shown without boxes to write in."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj.pk is None:
            return super().has_change_permission(request, obj)
        return rights.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj.pk is None:
            return super().has_delete_permission(request, obj)
        return rights.may_delete(request.user, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]  # mixed into a screen
        if not rights.is_bound_to_own(request.user):
            return form
        return type(form.__name__, (AllowedFormMixin, form), {"editor": request.user})
