"""What a conflict is, and who made it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from casetracker import history

from .. import merging, moments


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


def newest(changes: Iterable[history.Change], name: str | None = None) -> history.Change | None:
    """The newest of the changes, or of those that touched the field."""
    found = [change for change in changes if name is None or any(each.field == name for each in change.fields)]
    return found[-1] if found else None


def last_logged(row: Model) -> history.Change | None:
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


def sentence(pattern: str, change: history.Change | None) -> str:
    if change is None:
        return pattern % {"who": _("somebody"), "at": _("a moment that nobody knows")}
    return pattern % {"who": change.who, "at": moments.in_words(change.at)}


def form_before(form_class: Any, model: type[Model], key: object, revision: int | None, **kwargs: Any) -> Any:
    before = history.at_revision(model, key, revision) if revision is not None else None
    return None if before is None else form_class(instance=before, **kwargs)
