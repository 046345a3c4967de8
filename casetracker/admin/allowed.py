"""
The rights of `casetracker.rights` on every screen of the desk: which rows it knows at all, what may be done to them,
and what its forms say to whoever lacks a right.
"""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casetracker import rights

from .fields import mask

NOT_SHOWN = gettext_lazy("something that is not shown to you")


class MaskedFormMixin:
    """
    A form whose row leads to something that its editor does not see: the link stays as it is, without telling to what.
    A look-up that left it out would save the row without it.
    """

    editor: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mask(self, NOT_SHOWN)


class AllowedFormMixin(MaskedFormMixin):
    """
    Makes a form invalid that would put a row where its editor may not: a statement about somebody else's entry would
    be public with that entry.
    """

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
    """
    Mixin of `DeskAdmin`. What may only be looked at is shown without boxes to write in; what is not seen is not there,
    in lists, look-ups and addresses alike.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return rights.seen(request.user, super().get_queryset(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)  # type: ignore[misc]  # mixed into a screen
        if row is not None and not rights.may_change(request.user, row):
            blank_hidden_links(request.user, row)
        return row

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go with the rows, and what holds them; what is not seen is counted, not named."""
        to_delete, counts, lacking, held = super().get_deleted_objects(objs, request)  # type: ignore[misc]  # mixed into a screen
        if not rights.is_bound_to_own(request.user):
            return to_delete, counts, lacking, held
        own = [str(each) for each in objs]
        more = sum(_length(each) for each in to_delete) - len(own)
        hangs = ngettext("%(count)d row that hangs on it", "%(count)d rows that hang on it", more) % {"count": more}
        return [*own, *([hangs] if more > 0 else [])], counts, lacking, [str(NOT_SHOWN)] if held else []

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


def blank_hidden_links(user: Any, row: Model) -> None:
    """Let a row that is only looked at name nothing that `user` does not see. It must not be saved after this."""
    if not rights.is_bound_to_own(user):
        return
    for field in row._meta.fields:
        if isinstance(field, ForeignKey) and getattr(row, field.attname) is not None:
            found: Any = field.related_model._default_manager.filter(pk=getattr(row, field.attname))
            if not rights.seen(user, found).exists():
                setattr(row, field.name, None)
    for links in row._meta.many_to_many:
        kept: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
        kept[links.name] = rights.seen(user, getattr(row, links.name).all())


def _length(nested: Any) -> int:
    return sum(_length(each) for each in nested) if isinstance(nested, list) else 1
