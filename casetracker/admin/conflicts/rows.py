"""The rows that hang on a screen's own: the forms of those that are there, then those of new ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from casetracker import history

from .. import merging
from ..inlines import MOST_ROWS
from ..opened import Opened, RowSet
from .conflict import Conflict, FieldNote, form_before, newest, sentence


def _count(data: Mapping[str, Any], name: str) -> int:
    text = str(data.get(name, ""))
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def forms_sent(each: RowSet, data: QueryDict) -> list[tuple[int, str]]:
    """The number of each form of the set and the key of its row; an empty key for a new one."""
    total, initial = (_count(data, f"{each.prefix}-{name}") for name in ("TOTAL_FORMS", "INITIAL_FORMS"))
    key = each.model._meta.pk.name
    return [(index, data.get(f"{each.prefix}-{index}-{key}", "") if index < initial else "") for index in range(total)]


def take_in_rows(each: RowSet, request: HttpRequest, row: Model, data: QueryDict) -> None:
    form_class = each.inline.get_formset(request, row).form
    rows = {str(item.pk): item for item in each.model._base_manager.filter(**{each.key: row.pk})}
    for index, key in forms_sent(each, data):
        if key in rows:
            merging.take_what_was_saved(form_class(instance=rows[key], prefix=f"{each.prefix}-{index}"), data)


def look_at_rows(
    each: RowSet, request: HttpRequest, row: Model, then: Opened | None, now: Opened, conflict: Conflict
) -> None:
    """Make the forms of the set anew: first those of the rows that are there, then the new ones."""
    data = conflict.data
    before = then.rows.get(each.prefix, {}) if then is not None else {}
    after = now.rows.get(each.prefix, {})
    if then is not None and before == after:
        take_in_rows(each, request, row, data)
        return
    changes = history.since(
        each.model, {key: before.get(key) for key in {*before, *after} if before.get(key, 0) != after.get(key, 0)}
    )
    form_class = each.inline.get_formset(request, row).form
    sent = QueryDict(mutable=True)
    own = (f"{each.prefix}-", f"{merging.TAKE}{each.prefix}-")
    for name in [name for name in data if name.startswith(own)]:
        sent.setlist(name, data.pop(name))
    posted = forms_sent(each, sent)
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
            self.conflict.rows[prefix] = sentence(_("%(who)s added this row on %(at)s."), newest(changes))
        else:
            self._copy(index, prefix)
            old = self._form_before(str(item.pk), prefix)
            merging.take_what_was_saved(old or saved, self.data)
            if not is_as_opened:
                for difference in merging.merge(old, saved, self.data):
                    self.conflict.fields[difference.html_name] = FieldNote(difference, newest(changes, difference.name))
                if f"{prefix}-DELETE" in self.data:
                    told = _("You marked this row to be deleted; %(who)s changed it on %(at)s.")
                    self.conflict.rows[prefix] = sentence(told, newest(changes))
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
            last = newest(self.changes.get(key, []))
            is_marked = f"{self.each.prefix}-{index}-DELETE" in self.sent
            old = self._form_before(key, f"{self.each.prefix}-{index}")
            if is_marked or not merging.is_touched(old, self.sent):
                label = str(old.instance) if old is not None else self.each.model._meta.verbose_name
                self.conflict.dropped.append(f"“{label}”: {sentence(told, last)}")
                return False
            more = _("What you had written stands here as a new row: save to add it again, or take it out.")
            self.conflict.rows[prefix] = f"{sentence(told, last)} {more}"
        self._copy(index, prefix)
        if key:
            self.data.pop(f"{prefix}-{self.each.model._meta.pk.name}", None)
        return True

    def _form_before(self, key: str, prefix: str) -> Any:
        return form_before(self.form_class, self.each.model, key, self.before.get(key), prefix=prefix)

    def _copy(self, index: int, prefix: str) -> None:
        old = f"{self.each.prefix}-{index}-"
        for name in self.sent:
            if name.startswith(old):
                self.data.setlist(f"{prefix}-{name.removeprefix(old)}", self.sent.getlist(name))
            elif name.startswith(merging.TAKE + old):
                self.data.setlist(
                    f"{merging.TAKE}{prefix}-{name.removeprefix(merging.TAKE + old)}", self.sent.getlist(name)
                )
