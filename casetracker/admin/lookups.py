"""Every key to another row becomes a look-up, in screens and in their rows alike."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from casetracker import rights
from casetracker.models import Attorney, Court, Judge, Party, Topic

from .fields import DateBox, Lookup, LookupMultiple, RowField, RowsField, TimeBox
from .labels import with_labels

# What may be made in passing, in a window of its own. A case, a proceeding or an entry deserves its own screen.
_MADE_IN_PASSING = (Attorney, Court, Judge, Party, Topic)


class LookupAdminMixin(BaseModelAdmin):
    """Mixin of `DeskAdmin` and of the inline rows."""

    formfield_overrides = {
        models.DateField: {"widget": DateBox},
        models.TimeField: {"widget": TimeBox},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        model = db_field.remote_field.model
        if self.admin_site.is_registered(model):
            kwargs.setdefault("widget", Lookup(db_field, self.admin_site))
            kwargs.setdefault("form_class", RowField)
            kwargs.setdefault("queryset", with_labels(rights.seen(request.user, model._default_manager.all())))
        if db_field.verbose_name == "event":
            # The desk calls by one word what it is on every screen.
            kwargs.setdefault("label", _("Entry"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        model = db_field.remote_field.model
        if self.admin_site.is_registered(model):
            kwargs.setdefault("widget", LookupMultiple(db_field, self.admin_site))
            kwargs.setdefault("form_class", RowsField)
            kwargs.setdefault("queryset", with_labels(rights.seen(request.user, model._default_manager.all())))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        wrapper = getattr(field, "widget", None)
        if isinstance(wrapper, RelatedFieldWidgetWrapper):
            wrapper.can_change_related = wrapper.can_view_related = wrapper.can_delete_related = False
            if not issubclass(db_field.remote_field.model, _MADE_IN_PASSING):
                field.widget = wrapper.widget
        return field
