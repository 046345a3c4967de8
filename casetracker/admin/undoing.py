"""
Going back on the desk: the form filled with an earlier version of its row, the list of what was deleted, and bringing a
row back. Nothing is written until the editor has seen it and saves; each is a change of its own in the history.
"""

import contextlib
from typing import Any, ClassVar
from urllib.parse import urlencode

import pghistory
from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import ForeignKey, Model
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casetracker import history, restoring, rights

from . import typed
from .fields import keys_in
from .forms import values_of
from .numbers import page_number

PAGE = 50

# What a correction never tells: how our own work stands.
_PRIVATE = {"state", "state_reason", "published_from", "first_public_at"}

# In an address or a hidden field: which version of which row, as `ruling:123`.
RESTORE = "restore"
RESTORES = "_restores"


class RestoredMixin:
    """A form that shows an earlier version of its row: `restored` are the values that it had."""

    restored: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:  # type: ignore[attr-defined]  # mixed into a form
            self.initial |= self.restored  # type: ignore[attr-defined]  # mixed into a form


def asked_for(request: HttpRequest) -> tuple[str, int] | None:
    """The model and the revision that an address asks to restore."""
    return _revision_in(request.GET.get(RESTORE, "")) if request.method == "GET" else None


class UndoingMixin:
    """The screens of a model with a history."""

    # Of several models on one table, the rows that are this one's.
    deleted_only: ClassVar[dict[str, object]] = {}

    # --- an earlier version in the form ----------------------------------------------------------------------------

    def with_restored(self, request: HttpRequest, form: Any, row: Model | None) -> Any:
        """The form class, filled with the version of the screen's own row for which the address asks."""
        asked = asked_for(request)
        if asked is None or row is None or asked[0] != self.opts.model_name:  # type: ignore[attr-defined]  # of the screen
            return form
        if not rights.may_see_history(request.user, row):
            return form
        found = history.difference(type(row), row.pk, asked[1])
        then = history.at_revision(type(row), row.pk, asked[1])
        if found is None or then is None:
            return form
        made, fields = found
        shown = [each for each in fields if each.field in form.base_fields]
        request.desk_restored = (made, shown)  # type: ignore[attr-defined]  # for the page
        return type(form.__name__, (RestoredMixin, form), {"restored": values_of(then)})

    def row_to_restore(self, request: HttpRequest, inline: Any, row: Model) -> Model | None:
        """The version of a row that hangs on the screen's row, for which the address asks."""
        asked, model = asked_for(request), inline.model
        if asked is None or asked[0] != model._meta.model_name or not history.is_tracked(model):
            return None
        if not rights.may_see_history(request.user, row):
            return None
        key = _get_foreign_key(self.model, model, fk_name=inline.fk_name).name  # type: ignore[attr-defined]  # of the screen
        revision = history.revisions_of(model).objects.filter(pgh_id=asked[1], **{f"{key}_id": row.pk}).first()
        if revision is None:
            return None
        found = history.row_of(model, revision)
        changed = history.difference(model, found.pk, asked[1])
        if changed is not None:
            request.desk_restored = changed  # type: ignore[attr-defined]  # for the page
        return found

    def tell_what_is_restored(self, request: HttpRequest, context: dict[str, Any]) -> None:
        """Let the page of a form say which version it shows, and the form, that saving it is a restoring."""
        if hasattr(request, "desk_restored"):
            context["restored"], context["restored_fields"] = request.desk_restored
        context["restores"] = bool(request.POST.get(RESTORES)) or "restored" in context

    def named_in_history(self, request: HttpRequest) -> Any:
        """A context in which what is saved is told as a restoring, if it is one."""
        is_one = request.method == "POST" and RESTORES in request.POST
        return pghistory.context(act="restore an earlier version") if is_one else contextlib.nullcontext()

    # --- what was deleted ------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        urls: list[Any] = super().get_urls()  # type: ignore[misc]  # mixed into a screen
        if not history.is_tracked(self.model):  # type: ignore[attr-defined]  # of the screen
            return urls
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]  # of the screen
        name = f"{self.opts.app_label}_{self.opts.model_name}"  # type: ignore[attr-defined]  # of the screen
        return [
            path("deleted/", wrap(self.deleted_view), name=f"{name}_deleted"),
            path("deleted/<int:revision>/", wrap(self.undelete_view), name=f"{name}_undelete"),
            *urls,
        ]

    def _may_see_deleted(self, request: HttpRequest) -> bool:
        screen: Any = self
        may_add = screen.has_view_or_change_permission(request) and screen.has_add_permission(request)
        return bool(may_add and rights.may_see_deleted(request.user))

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        screen: Any = self
        if not self._may_see_deleted(request):
            raise PermissionDenied
        condition = dict(self.deleted_only)
        about = []
        for field in screen.model._meta.fields:
            keys = keys_in([request.GET.get(field.name, "")], field.related_model) if _is_key(field) else []
            if keys:
                condition[field.attname] = keys[0]
                row = field.related_model._base_manager.filter(pk=keys[0]).first()
                about.append(str(row) if row is not None else str(keys[0]))
        page = page_number(request.GET.get("p", "1"))
        rows, count = restoring.deleted(screen.model, condition, start=(page - 1) * PAGE, size=PAGE)
        query = request.GET.copy()
        query.pop("p", None)
        context = {
            **screen.admin_site.each_context(request),
            "title": _("Deleted %(rows)s") % {"rows": screen.opts.verbose_name_plural},
            "about": "; ".join(about),
            "rows": rows,
            "count": count,
            "page": Paginator(range(count), PAGE).get_page(page),
            "query": query.urlencode(),
            "opts": screen.opts,
            "undelete": f"admin:{screen.opts.app_label}_{screen.opts.model_name}_undelete",
        }
        return TemplateResponse(request, "admin/deleted.html", context)

    @property
    def keeps_history(self) -> bool:
        return history.is_tracked(self.model)  # type: ignore[attr-defined]  # of the screen

    def deleted_lists(self, request: HttpRequest, row: Model) -> list[tuple[str, str]]:
        """Where to find what was deleted of what stood under the row and has a screen of its own."""
        site = self.admin_site  # type: ignore[attr-defined]  # of the screen
        found: list[tuple[str, str]] = []
        if not rights.may_see_deleted(request.user):
            return found
        for model, screen in site._registry.items():
            keys = [each for each in model._meta.fields if _is_key(each) and isinstance(row, each.related_model)]
            if keys and screen.keeps_history and screen.has_add_permission(request):
                name = f"admin:{model._meta.app_label}_{model._meta.model_name}_deleted"
                query = urlencode({keys[0].name: row.pk})
                found.append((str(model._meta.verbose_name_plural), f"{reverse(name)}?{query}"))
        return found

    def undelete_view(self, request: HttpRequest, revision: int) -> HttpResponse:
        screen: Any = self
        if not self._may_see_deleted(request):
            raise PermissionDenied
        back = reverse(f"admin:{screen.opts.app_label}_{screen.opts.model_name}_deleted")
        if revision >= 2**63:
            return HttpResponseRedirect(back)
        try:
            row, deletion, rows = restoring.find(screen.model, revision)
            if request.method == "POST" and not typed.is_only_shown(request):
                returned = restoring.bring_back(screen.model, revision, actor=request.user)
                self._tell_of_return(request, returned)
                return HttpResponseRedirect(screen.address(returned.row))
        except restoring.RestoringError as error:
            screen.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(back)
        kept = history.since(screen.model, {deletion.key: None}).get(deletion.key, [])
        context = {
            **screen.admin_site.each_context(request),
            "title": _("Bring back?"),
            "subtitle": None,
            "deletion": deletion,
            "fields": kept[-1].fields if kept else [],
            "rows": list(dict.fromkeys(capfirst(restoring.named(each, row)) for each, _revision in rows)),
            "may_bring_back": restoring.may_bring_back(request.user, row),
            "is_draft": hasattr(row, "state"),
            "opts": screen.opts,
            "back": back,
        }
        return TemplateResponse(request, "admin/undelete.html", context)

    def _tell_of_return(self, request: HttpRequest, returned: restoring.Returned) -> None:
        screen: Any = self
        count = len(returned.rows)
        told = ngettext(
            "“%(row)s” is back, with %(count)d row that hung on it.",
            "“%(row)s” is back, with %(count)d rows that hung on it.",
            count,
        )
        values = {"row": restoring.label(returned.row), "count": count}
        screen.message_user(request, told % values, messages.SUCCESS)
        for reason in returned.left:
            screen.message_user(request, _("Not brought back: %(reason)s") % {"reason": reason}, messages.WARNING)

    # --- what the history offers -----------------------------------------------------------------------------------

    def offers(
        self, request: HttpRequest, row: Model, change: history.Change, *, is_newest: bool
    ) -> list[tuple[str, str]]:
        """What can be done about one change: a label and an address each."""
        screen: Any = self
        found: list[tuple[str, str]] = []
        is_own = change.model == _table(screen.model) and change.key == str(row.pk)
        if screen.has_change_permission(request, row):
            if is_own and not is_newest:
                query = f"{RESTORE}={screen.opts.model_name}:{change.revision}"
                found.append((_("Restore this version"), f"{screen.address(row)}?{query}"))
            inlines = {inline.model._meta.model_name for inline in screen.inlines}
            if not is_own and change.model in inlines and not (is_newest and change.act != "deleted"):
                label = _("Bring this row back") if change.act == "deleted" else _("Restore this version of the row")
                found.append((label, f"{screen.address(row)}?{RESTORE}={change.model}:{change.revision}"))
        # What nobody outside had seen yet is nothing to tell them of.
        since = getattr(row, "first_public_at", None)
        was_seen = since is not None and row.has_been_public and change.at >= since  # type: ignore[attr-defined]  # of what is published
        tells = was_seen and any(each.field not in _PRIVATE for each in change.fields)
        if tells and request.user.has_perm("casetracker.add_correction"):
            address = correction_address(row, change.model, change.revision)
            found.append((_("Write a correction from this change"), address))
        return found


def correction_address(row: Model, model: str, revision: int) -> str:
    """Where a correction begins with what one change of a row that readers saw, or of what hangs on it, has done."""
    return f"{reverse('admin:casetracker_correction_add')}?{_corrections_about(row)}&change={model}:{revision}"


def _corrections_about(row: Model) -> str:
    """The part of an address that says what a correction of the row, a case or an entry, is about."""
    case = getattr(row, "case_id", None)
    return f"case={case}&event={quote(row.pk)}" if case is not None else f"case={quote(row.pk)}"


def correction_text(request: HttpRequest) -> str:
    """A beginning for the text of a correction, from the change that the address names; empty if it names none."""
    named = _revision_in(request.GET.get("change", ""))
    if named is None or not request.user.has_perm(f"casetracker.view_{named[0]}"):
        return ""
    change = history.change_of(*named)
    if change is None:
        return ""
    return "\n".join(_sentence(each) for each in change.fields if each.field not in _PRIVATE)


def _revision_in(text: str) -> tuple[str, int] | None:
    """The model and the revision that a text such as `ruling:123` names."""
    model, _colon, revision = text.partition(":")
    if revision.isascii() and revision.isdigit() and len(revision) < 19:
        return model, int(revision)
    return None


def _sentence(each: history.FieldChange) -> str:
    name = capfirst(each.name)
    if not each.old:
        return _("%(name)s: “%(new)s” was added.") % {"name": name, "new": each.new}
    if not each.new:
        return _("%(name)s: “%(old)s” was taken out.") % {"name": name, "old": each.old}
    return _("%(name)s: it said “%(old)s”; it says “%(new)s”.") % {"name": name, "old": each.old, "new": each.new}


def _is_key(field: Any) -> bool:
    return isinstance(field, ForeignKey)


def _table(model: type[Model]) -> str:
    return str((model._meta.concrete_model or model)._meta.model_name)
