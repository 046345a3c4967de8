"""
Who changed what, read from the revisions that the database itself writes (decision 5).

A revision holds a row as it was after a change, or for a deletion before it. What changed is the difference from the
revision before; who did it stands in the context that the middleware or a command opened, and a row without one was
written past the program.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import CharField, IntegerField, Max, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

# What the program counts and stamps by itself tells nobody anything.
_UNINTERESTING = {"id", "version", "created_at", "updated_at", "state_changed_at", "state_changed_by"}
_ACTS = {"insert": "added", "update": "changed", "delete": "deleted"}

# (history model, the condition on its rows)
_Part = tuple[Any, Mapping[str, object]]

# Leaves of a queryset the rows that somebody may see.
Seen = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value, as people read it; empty texts for none. `field` is the name of the model's field."""

    name: str
    old: str
    new: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """
    One change of one row. `act` is added, changed or deleted; `done` is the act of publication that it was part of, if
    it was; `where` is the address from which it was made, or empty. `model`, `key` and `revision` name the row and what
    the history keeps of it.
    """

    at: datetime.datetime
    act: str
    what: str
    who: str
    where: str
    done: str
    fields: list[FieldChange] = field(default_factory=list)
    model: str = ""
    key: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Recent:
    """A change as a list of the newest shows it; `row` is the changed row, or None when it is gone."""

    at: datetime.datetime
    act: str
    what: str
    label: str
    who: str
    done: str
    row: Model | None


def is_tracked(model: type[Model]) -> bool:
    """Whether the database keeps a history of the model's table."""
    return revisions_of(model) is not None


@cache
def tracked() -> dict[str, Any]:
    """The model that has the history of each table; for links between two models it is a proxy of its own."""
    models = (getattr(model, "pgh_tracked_model", None) for model in apps.get_app_config("casetracker").get_models())
    return {model._meta.db_table: model for model in models if model is not None}


def changes(
    row: Model,
    *,
    rows_of: Iterable[tuple[type[Model], str]] = (),
    start: int = 0,
    size: int = 50,
    seen: Seen | None = None,
) -> tuple[list[Change], int]:
    """
    Changes of `row`, the newest first, from number `start` on, and how many there are in all.

    `rows_of` names models whose rows hang on it and the field by which they do; their changes stand among its own. The
    number of queries does not depend on the number of changes. With `seen`, which leaves of a queryset what the reader
    may see, no other row is named.
    """
    parts: list[_Part] = [(revisions_of(type(row)), {"pgh_obj_id": row.pk})]
    parts += [(revisions_of(model), {f"{name}_id": row.pk}) for model, name in rows_of]
    found = [
        revisions.objects.filter(**condition)
        .annotate(part=Value(number, output_field=IntegerField()))
        .values_list("pgh_created_at", "pgh_id", "part")
        for number, (revisions, condition) in enumerate(parts)
    ]
    together = found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
    keys = list(together.order_by("-pgh_created_at", "part", "-pgh_id")[start : start + size])
    by_part: dict[int, list[int]] = defaultdict(list)
    for _, key, part in keys:
        by_part[part].append(key)
    read = {
        (part, revision.pgh_id): (revision, before)
        for part, ids in by_part.items()
        for revision, before in _with_predecessor(parts[part][0], ids)
    }
    rows = [read[part, key] for _, key, part in keys]
    names = _names_of_related([revision for pair in rows for revision in pair if revision is not None], seen)
    people = people_of(revision for revision, _ in rows)
    return [_change(revision, before, names, people) for revision, before in rows], together.count()


def newest(wanted: Mapping[str, tuple[type[Model], Mapping[str, object]]]) -> dict[str, dict[str, int | None]]:
    """
    For each name the newest revision of each row of a model that a condition on its columns finds, by the row's key as
    text; None for a row without one. One query for all.

    A row's newest revision is the version that it has: the database raises it with every write, whoever writes. Read it
    before the values that go with it, or while the row is locked; read after them, it may belong to later ones.
    """
    found: dict[str, dict[str, int | None]] = {name: {} for name in wanted}
    queries = []
    for name, (model, condition) in wanted.items():
        of_row = revisions_of(model).objects.filter(pgh_obj_id=OuterRef("pk")).order_by("-pgh_id").values("pgh_id")[:1]
        queries.append(
            model._base_manager.filter(**condition)
            .order_by()
            .annotate(pgh_part=Value(name), pgh_key=Cast("pk", CharField()), pgh_newest=Subquery(of_row))
            .values_list("pgh_part", "pgh_key", "pgh_newest")
        )
    if queries:
        together = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
        for name, key, revision in together:
            found[name][key] = revision
    return found


def since(model: type[Model], opened: Mapping[str, int | None], *, seen: Seen | None = None) -> dict[str, list[Change]]:
    """
    What was done to each of these rows after a revision of it, or, for None, what was done to it last; oldest first.
    The rows are named by their keys as text; `seen` as in `changes`.
    """
    revisions = revisions_of(model)
    if revisions is None or not opened:
        return {}
    later = Q(pk__in=[])
    for key, revision in opened.items():
        if revision is None:
            last = revisions.objects.filter(pgh_obj_id=key).order_by("-pgh_id").values("pgh_id")[:1]
            later |= Q(pgh_id__in=last)
        else:
            later |= Q(pgh_obj_id=key, pgh_id__gt=revision)
    ids = list(revisions.objects.filter(later).values_list("pgh_id", flat=True))
    pairs = sorted(_with_predecessor(revisions, ids), key=lambda pair: pair[0].pgh_id)
    names = _names_of_related([revision for pair in pairs for revision in pair if revision is not None], seen)
    people = people_of(revision for revision, _ in pairs)
    found: dict[str, list[Change]] = defaultdict(list)
    for revision, before in pairs:
        found[str(revision.pgh_obj_id)].append(_change(revision, before, names, people))
    return dict(found)


def at_revision(model: type[Model], key: object, revision: int) -> Model | None:
    """The row as it was after that revision of it, not to be saved; None where the history does not know."""
    found = revisions_of(model).objects.filter(pgh_obj_id=key, pgh_id=revision).first()
    return None if found is None else row_of(model, found)


def row_of(model: type[Model], revision: Any) -> Model:
    """The row that a revision holds, not to be saved as it is."""
    kept = {f.attname: getattr(revision, f.attname) for f in revision._meta.fields if not f.name.startswith("pgh_")}
    row = model(**kept)
    row._state.adding = False
    return row


def difference(model: type[Model], key: object, revision: int) -> tuple[Change, list[FieldChange]] | None:
    """
    An earlier version of a row: the change that made it, and each field that differs, `old` as it is now and `new` as
    it was then. None where the history does not know it.
    """
    of_row = revisions_of(model).objects.filter(pgh_obj_id=key)
    newest = of_row.order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    pairs = {
        found.pgh_id: (found, before) for found, before in _with_predecessor(revisions_of(model), [revision, newest])
    }
    if revision not in pairs or str(pairs[revision][0].pgh_obj_id) != str(key):
        return None
    then, now = pairs[revision][0], pairs[newest][0]
    names = _names_of_related([then, now])
    made = _change(
        then, pairs[revision][1], _names_of_related([row for row in pairs[revision] if row]), people_of([then])
    )
    fields = [
        FieldChange(str(f.verbose_name), _shown(f, now, names), _shown(f, then, names), f.name) for f in _fields(then)
    ]
    return made, [each for each in fields if each.old != each.new]


def newest_of(rows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The newest revision of each row that a model's name and a key name: one query for each model."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for model, key in rows:
        wanted[model].add(key)
    found: dict[tuple[str, str], int] = {}
    for model, keys in wanted.items():
        of_rows = revisions_of(apps.get_model("casetracker", model)).objects.filter(pgh_obj_id__in=keys).order_by()
        for key, newest_id in of_rows.values_list("pgh_obj_id").annotate(Max("pgh_id")):
            found[model, str(key)] = newest_id
    return found


def change_of(model: str, revision: int) -> Change | None:
    """The change that one revision of a model keeps; None if there is none."""
    try:
        revisions = revisions_of(apps.get_model("casetracker", model))
    except (LookupError, ValueError):
        return None
    for found, before in _with_predecessor(revisions, [revision]) if revisions is not None else []:
        names = _names_of_related([row for row in (found, before) if row is not None])
        return _change(found, before, names, people_of([found]))
    return None


def recent(models: Mapping[type[Model], QuerySet[Any]], *, size: int = 10) -> list[Recent]:
    """
    The newest changes of rows of these models, in a constant number of queries: of all rows, what is gone included, or
    where a model's queryset has conditions of those that it finds.
    """
    found: list[tuple[type[Model], Any]] = []
    for model, kept in models.items():
        newest = revisions_of(model).objects.select_related("pgh_context").order_by("-pgh_id")
        if kept.query.where:
            newest = newest.filter(pgh_obj_id__in=kept.order_by().values("pk"))
        found += [(model, revision) for revision in newest[:size]]
    found.sort(key=lambda pair: pair[1].pgh_created_at, reverse=True)
    found = found[:size]
    people = people_of(revision for _, revision in found)
    # Asked once more of what may be seen: a row may have gone out of sight since its revision was found.
    rows = {
        model: (kept.order_by() if kept.query.where else model._default_manager).in_bulk(
            {revision.pgh_obj_id for kind, revision in found if kind is model}
        )
        for model, kept in models.items()
    }
    return [
        Recent(
            at=revision.pgh_created_at,
            act=_ACTS.get(revision.pgh_label, revision.pgh_label),
            what=str(model._meta.verbose_name),
            label=_label(rows[model].get(revision.pgh_obj_id) if models[model].query.where else revision)
            or str(revision.pgh_obj_id),
            who=who_wrote(revision, people),
            done=_metadata(revision).get("act", ""),
            row=rows[model].get(revision.pgh_obj_id),
        )
        for model, revision in found
        if revision.pgh_obj_id in rows[model] or not models[model].query.where
    ]


def _label(named: Any) -> str:
    """Of a row as it is, for whoever does not see what it was before; else of the revision."""
    return str(getattr(named, "title", "") or getattr(named, "name", ""))


def revisions_of(model: type[Model]) -> Any:
    """The history model, or None; a proxy without one of its own shares that of its table."""
    for candidate in (model, model._meta.concrete_model):
        try:
            return apps.get_model("casetracker", f"{candidate.__name__}Revision")  # type: ignore[union-attr]  # a tracked model has a name
        except LookupError:
            continue
    return None


def _with_predecessor(revisions: Any, ids: list[int]) -> list[tuple[Any, Any]]:
    """The revisions with these keys, each with the one of the same row before it, or None."""
    previous = (
        revisions.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        .order_by("-pgh_id")
        .values("pgh_id")[:1]
    )
    found = list(
        revisions.objects.filter(pgh_id__in=ids).select_related("pgh_context").annotate(previous_id=Subquery(previous))
    )
    before = revisions.objects.in_bulk({item.previous_id for item in found if item.previous_id is not None})
    return [(item, before.get(item.previous_id)) for item in found]


def _fields(revision: Model) -> list[Any]:
    return [f for f in revision._meta.fields if not f.name.startswith("pgh_") and f.name not in _UNINTERESTING]


def _change(revision: Any, before: Any, names: Mapping[tuple[Any, Any], str], people: Mapping[int, str]) -> Change:
    found = []
    for f in _fields(revision):
        new = "" if revision.pgh_label == "delete" else _shown(f, revision, names)
        old_row = revision if revision.pgh_label == "delete" else before
        old = "" if old_row is None else _shown(f, old_row, names)
        if revision.pgh_label == "insert":
            old = ""
        if old != new:
            found.append(FieldChange(str(f.verbose_name), old, new, f.name))
    metadata = _metadata(revision)
    model = revision._meta.get_field("pgh_obj").related_model
    return Change(
        at=revision.pgh_created_at,
        act=_ACTS.get(revision.pgh_label, revision.pgh_label),
        what=str(model._meta.verbose_name),
        who=who_wrote(revision, people),
        where=str(metadata.get("url", "")),
        done=str(metadata.get("act", "")),
        fields=found,
        model=str(model._meta.model_name),
        key=str(revision.pgh_obj_id),
        revision=revision.pgh_id,
    )


def _shown(f: Any, revision: Any, names: Mapping[tuple[Any, Any], str]) -> str:
    value = getattr(revision, f.attname)
    if value is None or value == "":
        return ""
    if f.is_relation:
        return names.get((f.related_model, value), f"no longer there (number {value})")
    if isinstance(value, bool):
        return "yes" if value else ""
    if f.choices:
        return str(dict(f.flatchoices).get(value, value))
    if isinstance(value, datetime.datetime):
        moment = value.astimezone(datetime.UTC)
        return f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC"
    return str(value)


def _names_of_related(revisions: Iterable[Any], seen: Seen | None = None) -> dict[tuple[Any, Any], str]:
    """What the rows are called to which the revisions refer: one query for each of their models."""
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for revision in revisions:
        for f in _fields(revision):
            if f.is_relation and getattr(revision, f.attname) is not None:
                wanted[f.related_model].add(getattr(revision, f.attname))
    return {
        (model, key): str(row)
        for model, keys in wanted.items()
        for key, row in (seen or _all)(model._base_manager.filter(pk__in=keys)).in_bulk().items()
    }


def _all(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def _metadata(revision: Any) -> Mapping[str, Any]:
    return revision.pgh_context.metadata if revision.pgh_context is not None else {}


def people_of(revisions: Iterable[Any]) -> dict[int, str]:
    keys = {key for revision in revisions if isinstance(key := _metadata(revision).get("user"), int)}
    users: QuerySet[Any] = get_user_model()._default_manager.filter(pk__in=keys)
    return {user.pk: user.get_username() for user in users} if keys else {}


def who_wrote(revision: Any, people: Mapping[int, str]) -> str:
    if revision.pgh_context is None:
        return "whoever wrote directly to the database"
    key = _metadata(revision).get("user")
    if isinstance(key, int):
        return people.get(key, f"an account that is gone (number {key})")
    command = _metadata(revision).get("command")
    return f"the command {command}" if command else "nobody signed in"
