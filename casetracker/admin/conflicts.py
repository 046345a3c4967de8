"""
Two editors and one row: the second is told what the first has saved, and nothing that either typed is lost.

A save takes hold of the row and of those that hang on it, and compares their versions with those that the form was
opened with (`opened`). What it then writes is written under that hold, so nobody comes between (decision 30). If
anything has changed, nothing is saved: the form comes back with both versions put together (`merging`) and each
difference told beside its field, and is good for a second try.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from casetracker import history

from . import merging, opened
from .fields import keys_in
from .inlines import MOST_ROWS
from .opened import Opened, RowSet


@dataclass(frozen=True, slots=True)
class FieldNote:
    """A difference of one field, with who saved it and when."""

    difference: merging.Difference
    change: history.Change | None


@dataclass(slots=True)
class Conflict:
    """
    What changed since the form was opened. `changes` is what others did, oldest first; `fields` the notes beside the
    boxes by the names of these; `rows` the notes above rows by the prefix of their form; `data` the form to be shown.
    """

    changes: list[history.Change]
    data: QueryDict
    fields: dict[str, FieldNote] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    # The notes on rows that are no longer in the form.
    dropped: list[str] = field(default_factory=list)

    @property
    def is_choice(self) -> bool:
        """Whether two people wrote different things into one box."""
        return any(note.difference.is_both for note in self.fields.values())


# --- the three steps ------------------------------------------------------------------------------------------------


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
        if row is not None:
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
    if conflict.is_choice:
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
    last = _last(_changes(screen, row, then, now, request)) or (_last_logged(row) if now.values is not None else None)
    told = _("%(who)s saved something on this screen on %(at)s. When you save, you will be shown both.")
    return _told(told, last) if last is not None else ""


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
    forms = [context["adminform"].form]
    for rows in context["inline_admin_formsets"]:
        forms += rows.formset.forms
    for form in forms:
        if form.prefix in conflict.rows:
            form.add_error(None, conflict.rows[form.prefix])
        for name in form.fields:
            note = conflict.fields.get(form.add_prefix(name))
            if note is not None:
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
    last = _last(history.since(screen.model, {key: None}).get(key, []))
    if last is None or opened.FIELD not in request.POST or not screen.has_add_permission(request):
        return False
    data = request.POST.copy()
    for each in opened.row_sets(screen, request, None):
        for index, _key in _posted(each, data):
            # The rows that hung on it went with it: the keys of both stand for nothing now.
            data.pop(f"{each.prefix}-{index}-{each.model._meta.pk.name}", None)
            data.pop(f"{each.prefix}-{index}-{each.key}", None)
        data[f"{each.prefix}-INITIAL_FORMS"] = "0"
    data.pop(opened.FIELD)
    if screen.model._meta.pk.editable and not screen.model._meta.pk.auto_created:
        data.setdefault(screen.model._meta.pk.name, key)
    request.POST = data  # type: ignore[assignment]  # what was sent, for another form
    told = _("%(who)s deleted this on %(at)s. Nothing is saved: what you typed stands here as a new one.")
    request.desk_refusal = _told(told, last)  # type: ignore[attr-defined]  # for the form
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
                _take_in_rows(each, request, row, data)
            request.POST = data  # type: ignore[assignment]  # what was sent, with what was chosen
        return None
    conflict = Conflict(changes=_changes(screen, row, then, now, request), data=data)
    _look_at_itself(screen, request, row, then, now, conflict)
    for each in opened.row_sets(screen, request, row):
        _look_at_rows(each, request, row, then, now, conflict)
    for name in [name for name in data if name.startswith(merging.TAKE)]:
        del data[name]
    if conflict.changes or conflict.fields or conflict.rows or conflict.dropped:
        return conflict
    request.POST = data  # type: ignore[assignment]  # what was sent, with what was chosen
    return None


# --- what others did ------------------------------------------------------------------------------------------------


def _changes(screen: Any, row: Model, then: Opened | None, now: Opened, request: HttpRequest) -> list[history.Change]:
    found: list[history.Change] = []
    if then is None:
        return found
    if now.row != then.row:
        found += history.since(screen.model, {str(row.pk): then.row}).get(str(row.pk), [])
    for each in opened.row_sets(screen, request, row):
        before, after = then.rows.get(each.prefix, {}), now.rows.get(each.prefix, {})
        keys = [key for key in {*before, *after} if key not in before or before[key] != after.get(key)]
        for changes in history.since(each.model, {key: before.get(key) for key in keys}).values():
            found += changes
    return sorted((change for change in found if change.fields), key=lambda change: change.at)


def _last(changes: Iterable[history.Change], name: str | None = None) -> history.Change | None:
    """The newest of the changes, or of those that touched the field."""
    found = [change for change in changes if name is None or any(each.field == name for each in change.fields)]
    return found[-1] if found else None


def _last_logged(row: Model) -> history.Change | None:
    """Who saved a row without history last, from the admin's own log."""
    entry = (
        LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk))
        .select_related("user")
        .order_by("-pk")
        .first()
    )
    if entry is None:
        return None
    return history.Change(
        at=entry.action_time, act="changed", what="", who=entry.user.get_username(), where="", done=""
    )


# --- the screen's own row -------------------------------------------------------------------------------------------


def _form_class(screen: Any, request: HttpRequest, row: Model) -> Any:
    fields = flatten_fieldsets(screen.get_fieldsets(request, row))
    return screen.get_form(request, row, change=True, fields=fields)


def _form_before(form_class: Any, model: type[Model], key: object, revision: int | None, **kwargs: Any) -> Any:
    before = history.at_revision(model, key, revision) if revision is not None else None
    return None if before is None else form_class(instance=before, **kwargs)


def _look_at_itself(
    screen: Any, request: HttpRequest, row: Model, then: Opened | None, now: Opened, conflict: Conflict
) -> None:
    form_class = _form_class(screen, request, row)
    saved = form_class(instance=row)
    before = None
    if then is not None and then.values is not None:
        before = form_class(instance=row, initial={**saved.initial, **then.values})
    elif then is not None:
        before = _form_before(form_class, screen.model, row.pk, then.row)
    if before is not None and then is not None:
        before.initial |= then.links
    merging.take_what_was_saved(before or saved, conflict.data)
    own = history.since(screen.model, {str(row.pk): then.row}).get(str(row.pk), []) if then is not None else []
    logged = _last_logged(row) if now.values is not None else None
    for difference in merging.merge(before, saved, conflict.data):
        conflict.fields[difference.html_name] = FieldNote(difference, _last(own, difference.name) or logged)


# --- the rows that hang on it ---------------------------------------------------------------------------------------


def _count(data: Mapping[str, Any], name: str) -> int:
    text = str(data.get(name, ""))
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _posted(each: RowSet, data: QueryDict) -> list[tuple[int, str]]:
    """The number of each form of the set and the key of its row; an empty key for a new one."""
    total, initial = (_count(data, f"{each.prefix}-{name}") for name in ("TOTAL_FORMS", "INITIAL_FORMS"))
    key = each.model._meta.pk.name
    return [(index, data.get(f"{each.prefix}-{index}-{key}", "") if index < initial else "") for index in range(total)]


def _take_in_rows(each: RowSet, request: HttpRequest, row: Model, data: QueryDict) -> None:
    form_class = each.inline.get_formset(request, row).form
    rows = {str(item.pk): item for item in each.model._base_manager.filter(**{each.key: row.pk})}
    for index, key in _posted(each, data):
        if key in rows:
            merging.take_what_was_saved(form_class(instance=rows[key], prefix=f"{each.prefix}-{index}"), data)


def _look_at_rows(
    each: RowSet, request: HttpRequest, row: Model, then: Opened | None, now: Opened, conflict: Conflict
) -> None:
    """Make the forms of the set anew: first those of the rows that are there, then the new ones."""
    data = conflict.data
    before = then.rows.get(each.prefix, {}) if then is not None else {}
    after = now.rows.get(each.prefix, {})
    if then is not None and before == after:
        _take_in_rows(each, request, row, data)
        return
    changes = history.since(
        each.model, {key: before.get(key) for key in {*before, *after} if before.get(key, 0) != after.get(key, 0)}
    )
    form_class = each.inline.get_formset(request, row).form
    sent = QueryDict(mutable=True)
    own = (f"{each.prefix}-", f"{merging.TAKE}{each.prefix}-")
    for name in [name for name in data if name.startswith(own)]:
        sent.setlist(name, data.pop(name))
    posted = _posted(each, sent)
    numbers = {key: index for index, key in posted if key}
    rows = list(each.inline.get_queryset(request).filter(**{each.key: row.pk}))
    maker = _RowMaker(each, form_class, sent, data, conflict, changes, before)
    for number, item in enumerate(rows):
        maker.keep(number, item, numbers.get(str(item.pk)), is_as_opened=_same(before, after, str(item.pk)))
    there = {str(item.pk) for item in rows}
    total = len(rows)
    for index, key in posted:
        if key not in there and maker.move(total, index, key):
            total += 1
    counts = {"TOTAL_FORMS": total, "INITIAL_FORMS": len(rows), "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": MOST_ROWS}
    for name, count in counts.items():
        data[f"{each.prefix}-{name}"] = str(count)


def _same(before: Mapping[str, int | None], after: Mapping[str, int | None], key: str) -> bool:
    return key in before and before[key] == after.get(key)


@dataclass(frozen=True, slots=True)
class _RowMaker:
    """Writes the forms of one set of rows into `data`, from what was `sent` and what is saved."""

    each: RowSet
    form_class: Any
    sent: QueryDict
    data: QueryDict
    conflict: Conflict
    changes: Mapping[str, list[history.Change]]
    before: Mapping[str, int | None]

    def keep(self, number: int, item: Model, index: int | None, *, is_as_opened: bool) -> None:
        """The form of a row that is there; `index` is the number of the form in which it was sent, if it was."""
        prefix = f"{self.each.prefix}-{number}"
        saved = self.form_class(instance=item, prefix=prefix)
        changes = self.changes.get(str(item.pk), [])
        if index is None:
            for box in saved:
                merging.put(self.data, merging.sent(box))
            self.conflict.rows[prefix] = _told(_("%(who)s added this row on %(at)s."), _last(changes))
        else:
            self._copy(index, prefix)
            old = self._form_before(str(item.pk), prefix)
            merging.take_what_was_saved(old or saved, self.data)
            if not is_as_opened:
                for difference in merging.merge(old, saved, self.data):
                    self.conflict.fields[difference.html_name] = FieldNote(difference, _last(changes, difference.name))
                if f"{prefix}-DELETE" in self.data:
                    told = _("You marked this row to be deleted; %(who)s changed it on %(at)s.")
                    self.conflict.rows[prefix] = _told(told, _last(changes))
        self.data[f"{prefix}-{self.each.model._meta.pk.name}"] = str(item.pk)
        if isinstance(getattr(item, self.each.key, None), Model):
            self.data[f"{prefix}-{self.each.key}"] = str(getattr(item, f"{self.each.key}_id"))

    def move(self, number: int, index: int, key: str) -> bool:
        """
        The form of a new row, or of one that somebody else deleted: if the editor had changed it, it stands there as a
        new one. Whether it stands there.
        """
        prefix = f"{self.each.prefix}-{number}"
        if key:
            told = _("%(who)s deleted this row on %(at)s.")
            last = _last(self.changes.get(key, []))
            is_marked = f"{self.each.prefix}-{index}-DELETE" in self.sent
            old = self._form_before(key, f"{self.each.prefix}-{index}")
            if is_marked or not merging.is_touched(old, self.sent):
                label = str(old.instance) if old is not None else self.each.model._meta.verbose_name
                self.conflict.dropped.append(f"“{label}”: {_told(told, last)}")
                return False
            more = _("What you had written stands here as a new row: save to add it again, or take it out.")
            self.conflict.rows[prefix] = f"{_told(told, last)} {more}"
        self._copy(index, prefix)
        if key:
            self.data.pop(f"{prefix}-{self.each.model._meta.pk.name}", None)
        return True

    def _form_before(self, key: str, prefix: str) -> Any:
        return _form_before(self.form_class, self.each.model, key, self.before.get(key), prefix=prefix)

    def _copy(self, index: int, prefix: str) -> None:
        old = f"{self.each.prefix}-{index}-"
        for name in self.sent:
            if name.startswith(old):
                self.data.setlist(f"{prefix}-{name.removeprefix(old)}", self.sent.getlist(name))
            elif name.startswith(merging.TAKE + old):
                self.data.setlist(
                    f"{merging.TAKE}{prefix}-{name.removeprefix(merging.TAKE + old)}", self.sent.getlist(name)
                )


def _told(sentence: str, change: history.Change | None) -> str:
    if change is None:
        return sentence % {"who": _("somebody"), "at": _("a moment that nobody knows")}
    return sentence % {"who": change.who, "at": f"{change.at:%-d %B %Y, %H:%M} UTC"}
