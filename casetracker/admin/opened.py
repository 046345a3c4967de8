"""
What a screen showed when it was opened: which version of its row, of each row that hangs on it, and which links.

The form carries it in a hidden field, and a save is compared with it (`conflicts`). A version is the row's newest
revision (decision 30). An account and a group have no history: their values stand for their version.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model, TextField, Value
from django.db.models.functions import Cast
from django.forms.models import _get_foreign_key, model_to_dict
from django.http import HttpRequest

from casetracker import history

FIELD = "_opened"

# The name of the screen's own row among the rows that are asked for at once; no set of rows is called so.
_ITSELF = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """
    `row` is the revision of the screen's row; `values` its values where there is no history, else None; `links` the
    keys at the other end of each many-to-many field; `rows` the revision of each row by the prefix of its set and its
    key. All keys are texts.
    """

    row: int | None = None
    values: Mapping[str, Any] | None = None
    links: Mapping[str, list[str]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)

    def told(self) -> str:
        """As the hidden field holds it."""
        said = {"row": self.row, "values": self.values, "links": self.links, "rows": self.rows}
        return json.dumps({name: value for name, value in said.items() if value}, separators=(",", ":"), default=str)


def read(text: str) -> Opened | None:
    """What the hidden field says; None if it is missing or is not one of ours."""
    try:
        said = json.loads(text)
        row, values, links, rows = (said.get(name) for name in ("row", "values", "links", "rows"))
        return Opened(
            row=_revision(row),
            values={str(name): value for name, value in values.items()} if values else None,
            links={str(name): [str(key) for key in keys] for name, keys in (links or {}).items()},
            rows={
                str(prefix): {str(key): _revision(revision) for key, revision in keys.items()}
                for prefix, keys in (rows or {}).items()
            },
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _revision(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and 0 < value < 2**63):
        return value
    raise ValueError("not a revision")


@dataclass(frozen=True, slots=True)
class RowSet:
    """One set of rows of a screen: the inline, its model, the field by which it hangs on the screen's row."""

    prefix: str
    inline: Any
    model: type[Model]
    key: str


def row_sets(screen: Any, request: HttpRequest, row: Model | None) -> Iterator[RowSet]:
    """The sets of rows that may be edited on the screen, with the prefixes that their forms have."""
    for inline in screen.get_inline_instances(request, row):
        if inline.has_change_permission(request, row):
            key: Any = _get_foreign_key(screen.model, inline.model, fk_name=inline.fk_name)
            prefix = key.remote_field.get_accessor_name(model=inline.model).replace("+", "")
            yield RowSet(prefix, inline, inline.model, key.name)


def link_fields(model: type[Model]) -> list[Any]:
    """The many-to-many fields that a form can edit."""
    fields: list[Any] = list(model._meta.many_to_many)
    return [field for field in fields if field.remote_field.through._meta.auto_created]


def now(screen: Any, request: HttpRequest, row: Model) -> Opened:
    """What is there now. For a form that is to be shown: asked before the form reads its values."""
    sets = list(row_sets(screen, request, row))
    is_tracked = history.is_tracked(screen.model)
    wanted: dict[str, Any] = {each.prefix: (each.model, {each.key: row.pk}) for each in sets}
    if is_tracked:
        wanted[_ITSELF] = (screen.model, {"pk": row.pk})
    found = history.newest(wanted)
    itself = found.pop(_ITSELF, {})
    return Opened(
        row=itself.get(str(row.pk)),
        values=None if is_tracked else _values(screen, request, row),
        links=_links(row, link_fields(screen.model)),
        rows=found,
    )


def _links(row: Model, fields: list[Any]) -> dict[str, list[str]]:
    """The keys at the other end of each of the fields. One query."""
    asked = [
        field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): row.pk})
        .order_by()
        .values_list(Value(field.name), Cast(f"{field.m2m_reverse_field_name()}_id", TextField()))
        for field in fields
    ]
    found: dict[str, list[str]] = {field.name: [] for field in fields}
    if asked:
        for name, key in asked[0].union(*asked[1:], all=True):
            found[name].append(key)
    return {name: sorted(keys) for name, keys in found.items()}


def _values(screen: Any, request: HttpRequest, row: Model) -> dict[str, Any]:
    """The values that the form of a row without history shows, except links and the fingerprint of a password."""
    shown = set(flatten_fieldsets(screen.get_fieldsets(request, row)))
    left_out = {"password", *screen.get_readonly_fields(request, row), *(each.name for each in link_fields(type(row)))}
    values = model_to_dict(type(row)._base_manager.get(pk=row.pk), fields=shown - left_out)
    return dict(json.loads(json.dumps(values, default=str)))
