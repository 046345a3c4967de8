"""
Two editors and one row: the second is told what the first has saved, and nothing that either typed is lost.

A save takes hold of the row and of those that hang on it, and compares their versions with those that the form was
opened with (`opened`). What it then writes is written under that hold, so nobody comes between (decision 30). If
anything has changed, nothing is saved: the form comes back with both versions put together (`merging`) and each
difference told beside its field, and is good for a second try.
"""

from typing import Any

from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from casetracker import history, rights

from .. import merging, opened
from ..fields import keys_in
from ..opened import Opened
from .conflict import Conflict, FieldNote, form_before, last_logged, newest, sentence
from .rows import forms_sent, look_at_rows, take_in_rows

__all__ = ["Conflict", "compare", "show", "told_of_saves"]

# What the history calls a change that `casetracker.redaction` made.
REDACTED = "redact"


def compare(screen: Any, request: HttpRequest, object_id: str) -> bool:
    """
    Before a form is shown: note which versions it shows. Before one is saved: take hold of its rows and compare their
    versions with those; if anything has changed, let the request carry the merged form and the refusal.

    False if the row has been deleted under the editor; the request then carries the form of a new row. Needs a
    transaction for a save.
    """
    to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
    if to_field and not screen.to_field_allowed(request, to_field):
        return True
    row = screen.get_object(request, unquote(object_id), to_field)
    if request.method != "POST":
        if row is not None and screen.has_change_permission(request, row):
            request.desk_opened = opened.now(screen, request, row)  # type: ignore[attr-defined]  # for `show`
        return True
    if row is None:
        return not _stands_anew(screen, request, unquote(object_id))
    if not screen.has_change_permission(request, row):
        return True
    if not _hold(screen, request, row):
        return not _stands_anew(screen, request, str(row.pk))
    now = opened.now(screen, request, row)
    request.desk_opened = now  # type: ignore[attr-defined]  # for `show`
    # Read once more: until now somebody else could have changed it.
    row = screen.get_object(request, unquote(object_id), to_field)
    conflict = _look(screen, request, row, now)
    if conflict is not None:
        request.POST = conflict.data  # type: ignore[assignment]  # what was sent, put together with what was saved
        request.desk_conflict = conflict  # type: ignore[attr-defined]  # for `show`
        request.desk_refusal = _refusal(conflict)  # type: ignore[attr-defined]  # for the form
    return True


def _refusal(conflict: Conflict) -> str:
    told = [_("While this form was open, something on it was saved elsewhere. Nothing of yours is saved yet.")]
    if any(change.done == REDACTED for change in conflict.changes):
        told.append(_("Words were redacted from it. What you typed may still hold them: take them out, or begin anew."))
    elif conflict.is_choice:
        told.append(_("Where two wrote different things, choose one or write a third into the box. Then save again."))
    elif conflict.fields or conflict.rows:
        told.append(_("The two were put together here. Look it over and save again."))
    else:
        told.append(_("It touches nothing that you wrote. Save again to keep both."))
    return " ".join(told)


def told_of_saves(screen: Any, request: HttpRequest, row: Model) -> str:
    """For a form that is still open: one sentence if something on it has been saved since it was opened, else none."""
    then = opened.read(request.POST.get(opened.FIELD, ""))
    now = opened.now(screen, request, row)
    if then is None or then == now:
        return ""
    last = newest(_changes(screen, row, then, now, request)) or (last_logged(row) if now.values is not None else None)
    told = _("%(who)s saved something on this screen on %(at)s. When you save, you will be shown both.")
    return sentence(told, last) if last is not None else ""


def show(request: HttpRequest, context: dict[str, Any]) -> None:
    """Let the page of a form carry its versions, and tell each difference beside its field."""
    versions: Opened | None = getattr(request, "desk_opened", None)
    context["opened"] = versions.told() if versions is not None else ""
    conflict: Conflict | None = getattr(request, "desk_conflict", None)
    if conflict is None:
        return
    context["conflict"] = conflict
    # Nothing here is a mistake: the page says in its own words what has happened.
    context["errors"] = []
    # Where the editor has to choose: the note above the box, and what the box is called.
    context["to_choose"] = []
    forms = [context["adminform"].form]
    for rows in context["inline_admin_formsets"]:
        forms += rows.formset.forms
    for form in forms:
        if form.prefix in conflict.rows:
            form.add_error(None, conflict.rows[form.prefix])
        for name in form.fields:
            note = conflict.fields.get(form.add_prefix(name))
            if note is not None:
                if note.difference.is_both:
                    context["to_choose"].append((f"{form[name].auto_id}_error", note.difference.label))
                form.add_error(
                    name, render_to_string("admin/_conflict_note.html", {"note": note, "take": merging.TAKE})
                )


def _hold(screen: Any, request: HttpRequest, row: Model) -> bool:
    """
    Lock the row and those that hang on it until the transaction ends; whether the row is still there.

    Links have rows of their own, and only the full lock keeps others from adding one.
    """
    no_key = not opened.link_fields(screen.model)
    if not screen.model._base_manager.select_for_update(no_key=no_key).filter(pk=row.pk).values_list("pk").first():
        return False
    for each in opened.row_sets(screen, request, row):
        rows = each.model._base_manager.filter(**{each.key: row.pk}).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))
    return True


def _stands_anew(screen: Any, request: HttpRequest, key: str) -> bool:
    """
    Make what was typed about a row that is gone into the data of a new one, which is not saved yet; False if nothing is
    known of such a row, or the editor may not add one.
    """
    if not history.is_tracked(screen.model) or not keys_in([key], screen.model):
        return False
    last = newest(history.since(screen.model, {key: None}).get(key, []))
    if last is None or opened.FIELD not in request.POST or not screen.has_add_permission(request):
        return False
    data = request.POST.copy()
    for each in opened.row_sets(screen, request, None):
        for index, _key in forms_sent(each, data):
            # The rows that hung on it went with it: the keys of both stand for nothing now.
            data.pop(f"{each.prefix}-{index}-{each.model._meta.pk.name}", None)
            data.pop(f"{each.prefix}-{index}-{each.key}", None)
        data[f"{each.prefix}-INITIAL_FORMS"] = "0"
    data.pop(opened.FIELD)
    if screen.model._meta.pk.editable and not screen.model._meta.pk.auto_created:
        data.setdefault(screen.model._meta.pk.name, key)
    request.POST = data  # type: ignore[assignment]  # what was sent, for another form
    told = _("%(who)s deleted this on %(at)s. Nothing is saved: what you typed stands here as a new one.")
    request.desk_refusal = sentence(told, last)  # type: ignore[attr-defined]  # for the form
    return True


def _look(screen: Any, request: HttpRequest, row: Model, now: Opened) -> Conflict | None:
    """
    Compare what the form was opened with, as the request says, with what is there `now`, which must be held. None if
    nothing has changed that anybody would see.
    """
    then = opened.read(request.POST.get(opened.FIELD, ""))
    data = request.POST.copy()
    if then == now:
        if any(name.startswith(merging.TAKE) for name in data):
            merging.take_what_was_saved(_form_class(screen, request, row)(instance=row), data)
            for each in opened.row_sets(screen, request, row):
                take_in_rows(each, request, row, data)
            request.POST = data  # type: ignore[assignment]  # what was sent, with what was chosen
        return None
    conflict = Conflict(changes=_changes(screen, row, then, now, request), data=data)
    _look_at_itself(screen, request, row, then, now, conflict)
    for each in opened.row_sets(screen, request, row):
        look_at_rows(each, request, row, then, now, conflict)
    for name in [name for name in data if name.startswith(merging.TAKE)]:
        del data[name]
    if conflict.changes or conflict.fields or conflict.rows or conflict.dropped:
        return conflict
    request.POST = data  # type: ignore[assignment]  # what was sent, with what was chosen
    return None


# --- what others did ------------------------------------------------------------------------------------------------


def _changes(screen: Any, row: Model, then: Opened | None, now: Opened, request: HttpRequest) -> list[history.Change]:
    found: list[history.Change] = []

    def seen(rows: Any) -> Any:
        return rights.seen(request.user, rows)

    if then is None:
        return found
    if now.row != then.row:
        found += history.since(screen.model, {str(row.pk): then.row}, seen=seen).get(str(row.pk), [])
    for each in opened.row_sets(screen, request, row):
        before, after = then.rows.get(each.prefix, {}), now.rows.get(each.prefix, {})
        keys = [key for key in {*before, *after} if key not in before or before[key] != after.get(key)]
        for changes in history.since(each.model, {key: before.get(key) for key in keys}, seen=seen).values():
            found += changes
    # A redaction leaves no difference that could be told: the history was changed with the row.
    told = [change for change in found if change.fields or change.done == REDACTED]
    return sorted(told, key=lambda change: change.at)


# --- the screen's own row -------------------------------------------------------------------------------------------


def _form_class(screen: Any, request: HttpRequest, row: Model) -> Any:
    fields = flatten_fieldsets(screen.get_fieldsets(request, row))
    return screen.get_form(request, row, change=True, fields=fields)


def _look_at_itself(
    screen: Any, request: HttpRequest, row: Model, then: Opened | None, now: Opened, conflict: Conflict
) -> None:
    form_class = _form_class(screen, request, row)
    saved = form_class(instance=row)
    before = None
    if then is not None and then.values is not None:
        before = form_class(instance=row, initial={**saved.initial, **then.values})
    elif then is not None:
        before = form_before(form_class, screen.model, row.pk, then.row)
    if before is not None and then is not None:
        before.initial |= then.links
    merging.take_what_was_saved(before or saved, conflict.data)
    own = history.since(screen.model, {str(row.pk): then.row}).get(str(row.pk), []) if then is not None else []
    logged = last_logged(row) if now.values is not None else None
    for difference in merging.merge(before, saved, conflict.data):
        conflict.fields[difference.html_name] = FieldNote(difference, newest(own, difference.name) or logged)
