"""
Deleting what was looked at, and nothing else: the page that asks for a confirmation carries the version of the row and
of each row that would go with it. The confirmation takes hold of all of them, compares, and only then deletes; if
anything has changed, the page is shown again and says what.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import NestedObjects, unquote
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponseRedirect, QueryDict

from casetracker import history, rights

from . import typed
from .refusals import in_words

FIELD = "_looked_at"
# What Django's own pages send with the confirmation.
CONFIRMED = "post"

# The newest revision of each row by its key, by the name of its table.
_Versions = dict[str, dict[str, int | None]]


class DeletingMixin:
    """The screens of `DeskAdmin`, as far as they delete."""

    def kept_because(self, row: Model) -> str:
        """Why the row cannot be deleted, in one sentence; empty if it can."""
        return ""

    def home_without(self, row: Any) -> str:
        """The screen to which the deletion of the row leads; empty for the list of all such rows."""
        home: str = self.home_of(row)  # type: ignore[attr-defined]  # of the screen it is mixed into
        return home

    def delete_view(
        self: Any, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        row = self.get_object(request, unquote(object_id))
        may = row is not None and self.has_delete_permission(request, row)
        refusal = self.kept_because(row) if may else ""
        try:
            if not refusal:
                with transaction.atomic():
                    told = look(request, [row] if may else [])
                    if told.get("is_shown_again") or typed.is_only_shown(request):
                        # Django takes whatever is sent for a confirmation.
                        request.POST = QueryDict()
                    request.desk_home = self.home_without(row) if may else ""  # type: ignore[attr-defined]  # for `response_delete`
                    return super().delete_view(request, object_id, {**told, **(extra_context or {})})  # type: ignore[misc]  # mixed into a screen
        except IntegrityError as error:
            refusal = in_words(error)
        self.message_user(request, refusal, messages.ERROR)
        return HttpResponseRedirect(self.address(row))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> Any:
        response = super().response_delete(request, obj_display, obj_id)  # type: ignore[misc]  # mixed into a screen
        home: str = getattr(request, "desk_home", "")
        return HttpResponseRedirect(home) if home and isinstance(response, HttpResponseRedirect) else response


def look(request: HttpRequest, rows: Iterable[Model]) -> dict[str, Any]:
    """
    What the page of the confirmation is told. If the request confirms, the rows are held until the transaction ends;
    where they are not what was looked at, the confirmation is taken out of the request, so that the page is shown
    again. Needs a transaction. Rows without a history, such as accounts, have no version to compare.
    """
    found = list(rows)
    if typed.is_only_shown(request):
        _take_out_confirmation(request)
    is_confirmed = request.method == "POST" and CONFIRMED in request.POST
    if is_confirmed:
        # Twice: while we waited for the first, another may have hung something on one of them.
        for _round in range(2):
            _hold(_going(found))
    now = _versions(_going(found))
    told = json.dumps(now, separators=(",", ":"), sort_keys=True)
    context: dict[str, Any] = {"looked_at": told if now else "", "looked_at_name": FIELD}
    if is_confirmed and now:
        sent = request.POST.get(FIELD, "")
        if sent != told:
            context["is_shown_again"] = True
            context["changed_since"] = _changes(_read(sent), now, request.user)
            _take_out_confirmation(request)
    return context


def _take_out_confirmation(request: HttpRequest) -> None:
    data: QueryDict = request.POST.copy()
    data.pop(CONFIRMED, None)
    request.POST = data  # type: ignore[assignment]  # what was sent, without the confirmation


def _going(rows: list[Model]) -> dict[str, list[Any]]:
    """The keys of the rows, and of all that would go with them, by the names of their tables: those with a history."""
    collector: Any = NestedObjects(using=DEFAULT_DB_ALIAS)
    collector.collect(rows)
    tracked = history.tracked()
    found: dict[str, set[Any]] = {}
    for model, instances in collector.data.items():
        if model._meta.db_table in tracked:
            found.setdefault(model._meta.db_table, set()).update(each.pk for each in instances)
    return {table: sorted(keys) for table, keys in found.items()}


def _hold(going: Mapping[str, list[Any]]) -> None:
    tracked = history.tracked()
    for table in sorted(going):
        rows = tracked[table]._base_manager.filter(pk__in=going[table]).order_by("pk")
        list(rows.select_for_update().values_list("pk"))


def _versions(going: Mapping[str, list[Any]]) -> _Versions:
    tracked = history.tracked()
    found = history.newest({table: (tracked[table], {"pk__in": keys}) for table, keys in going.items()})
    return {table: dict(sorted(versions.items())) for table, versions in found.items() if versions}


def _read(sent: str) -> _Versions:
    """What the hidden field says; nothing if it is missing or none of ours."""
    try:
        said = json.loads(sent)
        return {
            str(table): {
                str(key): version if isinstance(version, int) and 0 < version < 2**63 else None
                for key, version in versions.items()
            }
            for table, versions in said.items()
        }
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _changes(then: _Versions, now: _Versions, user: Any) -> list[history.Change]:
    """What was done since to what was looked at, and to what has come to it; oldest first."""
    if not then:
        return []
    found: list[history.Change] = []
    for table, model in history.tracked().items():
        before, after = then.get(table, {}), now.get(table, {})
        # Keys that were sent are looked up only where they name what was there: any text can stand in the field.
        keys = [key for key in {*before, *after} if before.get(key) != after.get(key)]
        keys = [key for key in keys if key in after or _was_there(model, key, before[key])]
        since = history.since(model, {key: before.get(key) for key in keys}, seen=lambda rows: rights.seen(user, rows))
        for changes in since.values():
            found += changes
    return sorted(found, key=lambda change: change.at)


def _was_there(model: type[Model], key: str, revision: int | None) -> bool:
    held = history.revisions_of(model).objects.filter(pgh_id=revision).values_list("pgh_obj_id", flat=True).first()
    return held is not None and str(held) == key
