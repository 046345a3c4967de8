"""What every screen of the desk shares: no input ends in an error page, nothing typed is lost, lists stay constant."""

import contextlib
import json
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from casetracker import history, presence, rights
from casetracker.models.visibility import is_public

from . import conflicts, joining, open_forms, typed
from .allowed import AllowedMixin
from .deleting import DeletingMixin
from .fields import keys_in
from .forms import DeskForm, RefusedMixin, begin_behind_presets, presets
from .lookups import LookupAdminMixin
from .numbers import page_number
from .paging import BoundedPaginator
from .refusals import in_words
from .searching import LONGEST_SEARCH, MOST_WORDS, has_each_word, is_searchable
from .undoing import UndoingMixin

HISTORY_PAGE = 50


class DeskAdmin(AllowedMixin, UndoingMixin, DeletingMixin, LookupAdminMixin, admin.ModelAdmin):
    """Base of all screens."""

    form: type[forms.ModelForm] = DeskForm
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER
    # Says beside the search box what it finds.
    search_help_text = "Each word must be found."

    # Columns that the list is searched in, which an index of the model has in this order.
    searched: ClassVar[tuple[str, ...]] = ()
    # What a new row begins with when it is added after another, by the fields that the two then have in common.
    keeps_for_next: ClassVar[list[str]] = []

    # --- saving --------------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        with transaction.atomic() if request.method == "POST" else contextlib.nullcontext():
            if object_id is not None and not conflicts.compare(self, request, object_id):
                # What the form was about is gone: what was typed stands in the form of a new one.
                object_id, form_url = None, reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
            if request.method == "POST" and typed.SHOW in request.POST:
                told = _("Nothing is saved yet. This is what you typed: look it over and save.")
                refused = f"{told} {getattr(request, 'desk_refusal', '')}"
                request.desk_refusal = refused.strip()  # type: ignore[attr-defined]  # kept on the request for its answer
            try:
                with self.named_in_history(request):
                    return super().changeform_view(request, object_id, form_url, extra_context)
            except IntegrityError as error:
                if request.method != "POST":
                    raise
                # Nothing was saved. The form is made again from what was sent, with what the database said.
                request.desk_refusal = in_words(error)  # type: ignore[attr-defined]  # kept on the request for its answer
                return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form = self.with_restored(request, form, obj)
        refused = getattr(request, "desk_refusal", "")
        return type(form.__name__, (RefusedMixin, form), {"refused": refused}) if refused else form

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        restored = self.row_to_restore(request, inline, obj) if obj is not None and obj.pk is not None else None
        return {**kwargs, "restored": restored} if restored is not None else kwargs

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        with connection.cursor() as cursor:
            # The rules that span several rows speak now, while the form can be shown again, not at the end.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return presets(request, self.model)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return None if "\x00" in object_id else super().get_object(request, object_id, from_field)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        key = unquote(object_id).replace("\x00", "?")
        key = key if len(key) <= 40 else f"{key[:40]}…"
        self.message_user(
            request, f"There is no {opts.verbose_name} “{key}”. Perhaps it was deleted.", messages.WARNING
        )
        return HttpResponseRedirect(reverse("admin:index"))

    # --- after saving --------------------------------------------------------------------------------------------

    def home_of(self, row: Any) -> str:
        """The screen from which the row is worked on, to which a save leads; empty for the list of all such rows."""
        return ""

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> Any:
        home = self.home_of(obj)
        return HttpResponseRedirect(home) if home else super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> Any:
        home = self.home_of(obj)
        return HttpResponseRedirect(home) if home else super().response_post_save_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST and self.keeps_for_next:
            kept = {name: getattr(obj, f"{name}_id") for name in self.keeps_for_next}
            query = urlencode({name: key for name, key in kept.items() if key is not None})
            return HttpResponseRedirect(f"{self.address_to_add()}?{query}")
        return response

    def address_to_add(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")

    # --- who else is here ----------------------------------------------------------------------------------------

    def tell_of_others(self, request: HttpRequest, context: dict[str, Any], row: Model | None) -> None:
        """Note that the form is open, and let its page name who else has it open. It stands in nobody's way."""
        if row is not None and row.pk is not None and self.has_change_permission(request, row):
            context["open_form"] = {"table": self.opts.label_lower, "key": row.pk}
            context["notices"] = open_forms.notices(row, request.user)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        presence.leave(obj, request.user)
        return super().response_change(request, obj)

    # --- lists ---------------------------------------------------------------------------------------------------

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what a filter of the list offers: a free look-up could name any column and any pattern."""
        filters = self.get_list_filter(request) if request is not None else self.list_filter
        allowed = set()
        for item in filters:
            if isinstance(item, str):
                allowed |= {f"{item}__exact", f"{item}__isnull"}
            elif isinstance(item, type) and issubclass(item, admin.SimpleListFilter):
                allowed.add(str(item.parameter_name))
        return lookup in allowed

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        plain = request.path
        if ERROR_FLAG in request.GET:
            return HttpResponseRedirect(plain)
        told = {"shows_deleted": self._may_see_deleted(request), **(extra_context or {})}
        response = super().changelist_view(request, told)
        if isinstance(response, HttpResponseRedirect) and response.url == f"{plain}?{ERROR_FLAG}=1":
            message = "The address asked for a page or a filter that is not there; this is the whole list."
            self.message_user(request, message, messages.WARNING)
            return HttpResponseRedirect(plain)
        return response

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        is_look_up = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        if not is_searchable(search_term):
            if not is_look_up:
                message = f"A search has at most {MOST_WORDS} words and {LONGEST_SEARCH} characters."
                self.message_user(request, message, messages.WARNING)
            return queryset.none(), False
        return (self.look_up if is_look_up else self.search)(queryset, search_term), False

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows in which every word of `text` stands in one of the columns `searched`, or else `search_fields`."""
        if self.searched:
            return has_each_word(rows, self.searched, text)
        return super().get_search_results(None, rows, text)[0]  # type: ignore[arg-type]  # Django types the rows more narrowly than it takes them

    def look_up(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows that a look-up in a form offers for `text`."""
        return self.search(rows, text)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:  # type: ignore[override]  # it may answer with nothing
        name = helpers.ACTION_CHECKBOX_NAME
        sent = request.POST.getlist(name)
        kept = [str(key) for key in keys_in(sent, self.model)]
        if len(kept) != len(sent):
            data: QueryDict = request.POST.copy()
            data.setlist(name, kept)
            request.POST = data  # type: ignore[assignment]  # what was sent, mended
            self.message_user(request, "What was chosen and is not in the list was left out.", messages.WARNING)
        return super().response_action(request, queryset)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """What an action of a list asks that merges."""
        return rights.may_merge(request.user)

    def address(self, row: Model, screen: str = "change") -> str:
        """The address of a screen of the row."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{screen}", args=[quote(row.pk)])

    # --- one row -------------------------------------------------------------------------------------------------

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The public page of the row, if the public can see it."""
        if obj is None or obj.pk is None or not hasattr(obj, "get_absolute_url"):
            return None
        if hasattr(type(obj)._default_manager, "public") and not self.is_on_site(obj):
            return None
        address: str = obj.get_absolute_url()
        return address

    def is_on_site(self, row: Any) -> bool:
        """Whether the public can see the row."""
        return is_public(row)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        form = context["adminform"].form
        if add and not form.is_bound and form.initial and not context.get("has_autofocus"):
            context["has_autofocus"] = begin_behind_presets(form)
        if change and obj is not None and form.is_bound:
            # What was typed and not saved has been written into `obj`; the page is about what is saved.
            context["original"] = self.get_object(request, str(obj.pk)) or obj
        for rows in context["inline_admin_formsets"]:
            rows.inline_formset_data = _add_button(rows)
            # Rows that are there or were asked for are shown; only an empty set of rows stays folded.
            if rows.formset.initial_form_count() or rows.formset.is_bound or rows.formset.initial_extra:
                rows.classes = rows.classes.replace("collapse", "")
        conflicts.show(request, context)
        self.tell_of_others(request, context, obj)
        self.tell_what_is_restored(request, context)
        context.setdefault("show_delete", obj is None or not self.kept_because(obj))
        context["shows_history"] = obj is None or rights.may_see_history(request.user, obj)
        context["has_public_page"] = hasattr(self.model, "get_absolute_url")
        context["join_url"] = joining.offered(request.user, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        if not history.is_tracked(self.model):
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (self.has_view_or_change_permission(request, row) and rights.may_see_history(request.user, row)):
            raise PermissionDenied
        page = page_number(request.GET.get("p", "1"))
        found, count = history.changes(
            row,
            rows_of=self.rows_in_history(),
            start=(page - 1) * HISTORY_PAGE,
            size=HISTORY_PAGE,
            seen=lambda rows: rights.seen(request.user, rows),
        )
        newest = history.newest_of((change.model, change.key) for change in found)
        listed = [(change, change.revision == newest.get((change.model, change.key))) for change in found]
        context = {
            **self.admin_site.each_context(request),
            "title": "History",
            "subtitle": str(row),
            "changes": found,
            "listed": [
                (change, self.offers(request, row, change, is_newest=is_newest)) for change, is_newest in listed
            ],
            "page": Paginator(range(count), HISTORY_PAGE).get_page(page),
            "count": count,
            "object": row,
            "deleted_lists": self.deleted_lists(request, row),
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/desk_history.html", context)

    def rows_in_history(self) -> list[tuple[type[Model], str]]:
        """Models whose rows hang on a row of this screen, and the field by which they do."""
        found = []
        for inline in self.inlines:
            keys = [
                field.name
                for field in inline.model._meta.fields
                if field.is_relation and field.related_model is not None
                and issubclass(self.model, field.related_model)
            ]  # fmt: skip
            found.append((inline.model, inline.fk_name or keys[0]))
        return found


def _add_button(rows: Any) -> str:
    """What the script for rows is told, with the name of a row as it stands in a sentence."""
    told = json.loads(rows.inline_formset_data())
    told["options"]["addText"] = f"Add another {rows.opts.verbose_name}"
    return json.dumps(told)
