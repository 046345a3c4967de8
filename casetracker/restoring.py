"""
What was deleted, and how it comes back: the row with its old key, so that its address and its history go on, and the
rows that went with it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CASCADE, Exists, ManyToOneRel, Model, OuterRef

from casetracker import history, rights
from casetracker.models import Publishable, State

# Rows that went within so long of each other, under one act, went together.
TOGETHER = datetime.timedelta(seconds=10)

# What `publication` and the database decide; a row that comes back begins anew with these.
_BEGUN_ANEW = {
    "state": State.DRAFT,
    "published_from": None,
    "first_public_at": None,
    "state_reason": "",
    "reviewer": None,
}


class RestoringError(ValueError):
    """The row cannot come back; the message says why in words for the editor."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A row that is gone: the revision that keeps it, its key, what it is called, who deleted it and when."""

    revision: int
    key: str
    what: str
    label: str
    who: str
    at: datetime.datetime


@dataclass(slots=True)
class Returned:
    """What came back, and what did not with the reason for each."""

    row: Model
    rows: list[Model] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def deleted(
    model: type[Model], condition: Mapping[str, object], *, start: int = 0, size: int = 50
) -> tuple[list[Deleted], int]:
    """The rows of the model that are gone and were as the condition says, the newest first, and how many in all."""
    revisions = history.revisions_of(model)
    later = revisions.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"))
    there = model._base_manager.filter(pk=OuterRef("pgh_obj_id"))
    gone = revisions.objects.filter(~Exists(later), ~Exists(there), pgh_label="delete", **condition)
    found = list(gone.select_related("pgh_context").order_by("-pgh_id")[start : start + size])
    people = history.people_of(found)
    return [_deleted(model, revision, people) for revision in found], gone.count()


def _deleted(model: type[Model], revision: Any, people: Mapping[int, str]) -> Deleted:
    return Deleted(
        revision=revision.pgh_id,
        key=str(revision.pgh_obj_id),
        what=str(model._meta.verbose_name),
        label=label(history.row_of(model, revision)),
        who=history.who_wrote(revision, people),
        at=revision.pgh_created_at,
    )


def label(row: Model) -> str:
    """What the row is called, also if something that its name is made of is gone."""
    try:
        return str(row)
    except (ObjectDoesNotExist, AttributeError):
        return f"{row._meta.verbose_name} {row.pk}"


def named(each: Model, of: Model) -> str:
    """
    What a row that went with the row `of` is called, with its kind. A link, as to a topic or a related case, is called
    by what it leads to, also if that is gone too.
    """
    if not _is_link(each):
        return f"{each._meta.verbose_name} “{label(each)}”"
    own = (of._meta.concrete_model, of.pk)
    for key in each._meta.fields:
        value = getattr(each, key.attname)
        if key.is_relation and (key.related_model, value) != own:
            kind = key.related_model._meta.verbose_name  # type: ignore[union-attr]  # a model, once all are loaded
            if key.related_model is own[0]:
                kind = f"related {kind}"
            return f"{kind} “{_label_of(key.related_model, value)}”"
    return f"{of._meta.verbose_name} “{label(of)}”"


def _is_link(row: Model) -> bool:
    """Whether it is a link between two rows and nothing more."""
    return any(model._meta.auto_created for model in type(row).__mro__ if hasattr(model, "_meta"))


def _label_of(model: Any, key: object) -> str:
    there = model._base_manager.filter(pk=key).first()
    if there is not None:
        return label(there)
    last = history.revisions_of(model).objects.filter(pgh_obj_id=key).order_by("-pgh_id").first()
    return label(history.row_of(model, last)) if last is not None else str(key)


def find(model: type[Model], revision: int) -> tuple[Model, Deleted, list[tuple[Model, Any]]]:
    """
    The deleted row of this revision, what is known of its deletion, and the rows that went with it, those first on
    which others hang. Raises RestoringError if there is none, or if the row is there.
    """
    found = (
        history.revisions_of(model)
        .objects.select_related("pgh_context")
        .filter(pgh_id=revision, pgh_label="delete")
        .first()
    )
    if found is None:
        raise RestoringError("Nothing that was deleted is known under this number.")
    if model._base_manager.filter(pk=found.pgh_obj_id).exists():
        raise RestoringError("It is there: nothing has to be brought back.")
    return (
        history.row_of(model, found),
        _deleted(model, found, history.people_of([found])),
        _went_with(model, found),
    )


def _went_with(model: type[Model], gone: Any) -> list[tuple[Model, Any]]:
    rows: list[tuple[Model, Any]] = []
    for relation in (model._meta.concrete_model or model)._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.on_delete is not CASCADE:
            continue
        child = history.tracked().get(relation.related_model._meta.db_table)
        if child is None:
            continue
        revisions = history.revisions_of(child)
        near = (gone.pgh_created_at - TOGETHER, gone.pgh_created_at + TOGETHER)
        later = revisions.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"))
        went = revisions.objects.filter(
            ~Exists(later),
            pgh_label="delete",
            pgh_context=gone.pgh_context_id,
            pgh_created_at__range=near,
            **{relation.field.attname: gone.pgh_obj_id},
        )
        for revision in went.order_by("pgh_id"):
            if not child._base_manager.filter(pk=revision.pgh_obj_id).exists():
                rows += [(history.row_of(child, revision), revision), *_went_with(child, revision)]
    return rows


def may_bring_back(user: Any, row: Model) -> bool:
    """Whoever could add the row and change it if it were there."""
    try:
        return rights.may_add(user, row) and rights.may_change(user, row)
    except ObjectDoesNotExist:
        # What it hung on is gone, and with it whose it was.
        return False


def bring_back(model: type[Model], revision: int, *, actor: Any) -> Returned:
    """
    Put the row back with its old key, checked as a new one would be, and then each row that went with it. What was a
    case or an entry comes back as a draft. Raises RestoringError if the row itself cannot come back, or the actor may
    not bring it.
    """
    with transaction.atomic(), pghistory.context(act="bring back"):
        row, _, rows = find(model, revision)
        if not may_bring_back(actor, row):
            raise RestoringError("It hung on something that is gone or that you may not change.")
        problem = _insert(row)
        if problem:
            raise RestoringError(problem)
        returned = Returned(row)
        for each, _ in rows:
            problem = _insert(each)
            if problem:
                left = f"{named(each, row)}: {problem}"
                # Related cases are linked both ways.
                if left not in returned.left:
                    returned.left.append(left)
            else:
                returned.rows.append(each)
        return returned


def _insert(row: Model) -> str:
    """Save it as a new row with the key that it has; why not, if it cannot be."""
    if isinstance(row, Publishable):
        for name, value in _BEGUN_ANEW.items():
            setattr(row, name, value)
    row._state.adding = True
    if not _leads_somewhere(row):
        return "Something that it refers to is gone."
    try:
        row.full_clean(exclude={row._meta.pk.name})
        with transaction.atomic():
            row.save(force_insert=True)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except ValidationError as error:
        return " ".join(error.messages)
    except (IntegrityError, ObjectDoesNotExist):
        return "Something that it refers to is gone, or something stands in its place."
    return ""


def _leads_somewhere(row: Model) -> bool:
    """Whether all that the row refers to is there; the check of a form would tell of numbers."""
    keys = [
        field for field in row._meta.concrete_fields if field.is_relation and getattr(row, field.attname) is not None
    ]
    return all(
        key.related_model._base_manager.filter(pk=getattr(row, key.attname)).exists()  # type: ignore[union-attr]  # a model, once all are loaded
        for key in keys
    )
