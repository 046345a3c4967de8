"""What hangs on an entry, and how it goes over to another: each row moves, and what both have is joined."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from casetracker.models import (
    Correction,
    DocketEntry,
    Document,
    FormerDocument,
    FormerEntry,
    Provision,
    Reference,
    Response,
    RulingCitation,
    RulingJudge,
    Statement,
    Treatment,
)


@dataclass(frozen=True, slots=True)
class Hanging:
    """
    Rows of `model` that hang on an entry, or on a party, a court or a case, by `key`. Two of one owner with equal
    `same` columns are one; with none named no two are ever the same. `name` is what several are called, if not as the
    model says.
    """

    model: type[Model]
    key: str
    same: tuple[str, ...] = ()
    name: str | Promise = ""

    @property
    def called(self) -> str:
        return str(self.name or self.model._meta.verbose_name_plural)


# In this order: the parts of a ruling before what was done to them.
HANGING = (
    Hanging(DocketEntry, "event", ("proceeding_id", "number")),
    Hanging(Response, "event", ("responds_to_id",)),
    Hanging(Response, "responds_to", ("event_id",)),
    Hanging(RulingJudge, "ruling", ("judge_id", "role")),
    Hanging(RulingCitation, "ruling", ("text",)),
    Hanging(Provision, "ruling", ("text",)),
    Hanging(
        Treatment,
        "act",
        ("verb", "target_id", "provision_id", "target_court_id", "target_number", "target_date"),
    ),
    Hanging(Treatment, "target", ("act_id", "verb", "provision_id")),
    Hanging(Treatment, "until_event"),
    Hanging(Statement, "event", ("speaker", "date", "quote", "paraphrase")),
    Hanging(Statement, "said_at"),
    Hanging(Reference, "event", ("source_id", "pinpoint")),
    Hanging(Document, "event", ("title", "address", "file_id")),
    Hanging(Correction, "event", ("corrected_on", "text")),
    Hanging(FormerEntry, "event"),
)
# What hangs on rows that are joined.
_BELOW: dict[type[Model], tuple[Hanging, ...]] = {
    Provision: (Hanging(Treatment, "provision", ("act_id", "verb", "target_id")),),
    Statement: (Hanging(Reference, "statement", ("source_id", "pinpoint")),),
    Document: (Hanging(FormerDocument, "document"),),
}


# What holds of the one that stays if it holds of either: that a court has sealed it.
_EITHER = {"sealed"}


@dataclass(slots=True)
class Moved:
    """
    What went over, counted by what it is; `joined` tells of rows that both had, `left` of what a joined row said
    otherwise and is not kept.
    """

    counts: dict[str, int]
    joined: list[str]
    left: list[str]


def move(before: Model, after: Model, kinds: Iterable[Hanging] = HANGING) -> Moved:
    """Move all that hangs on `before` to `after`."""
    moved = Moved({}, [], [])
    for kind in kinds:
        _move(kind, before, after, moved)
    return moved


def _move(kind: Hanging, before: Model, after: Model, moved: Moved) -> None:
    rows = kind.model._default_manager
    if not kind.same:
        _tally(kind, rows.filter(**{kind.key: before.pk}).update(**{kind.key: after.pk}), moved)
        return
    there = {_sameness(kind, row): row for row in rows.filter(**{kind.key: after.pk}).order_by("-pk")}
    for row in rows.filter(**{kind.key: before.pk}).order_by("pk"):
        twin = there.get(_sameness(kind, row))
        if twin is None:
            rows.filter(pk=row.pk).update(**{kind.key: after.pk})
            there[_sameness(kind, row)] = row
            _tally(kind, 1, moved)
        else:
            _join(kind, row, twin, moved)


def _tally(kind: Hanging, count: int, moved: Moved) -> None:
    if count:
        moved.counts[kind.called] = moved.counts.get(kind.called, 0) + count


def _sameness(kind: Hanging, row: Any) -> tuple[Any, ...]:
    return tuple(
        value.casefold().strip() if isinstance(value, str) else value for value in (getattr(row, n) for n in kind.same)
    )


def _join(kind: Hanging, row: Any, twin: Any, moved: Moved) -> None:
    """`twin` stays; what it does not say and `row` says, it says now."""
    moved.joined.append(f"{kind.model._meta.verbose_name}: {twin}")
    for field in kind.model._meta.concrete_fields:
        # What the program alone writes, such as the word in an address, is each row's own.
        if not field.editable:
            continue
        if field.primary_key or field.name == kind.key or field.attname in kind.same or field.name.endswith("position"):
            continue
        said, kept = getattr(row, field.attname), getattr(twin, field.attname)
        if said in (None, "", False) or said == kept:
            continue
        if (kept in (None, "") and not field.is_relation) or field.name in _EITHER:
            setattr(twin, field.attname, said)
            twin.save(update_fields=[field.attname])
        else:
            moved.left.append(f"{kind.model._meta.verbose_name}, {field.verbose_name}: {said}")
    for below in _BELOW.get(kind.model, ()):
        _move(below, row, twin, moved)
    if isinstance(row, Document):
        _keep_address(row, twin)
    row.delete()


def _keep_address(row: Document, twin: Document) -> None:
    """The address of the file of `row` leads to that of `twin` from now on. Of the seal of a court nobody is told."""
    seen = row.event.has_been_public and row.event.case.has_been_public and not row.sealed
    if row.file_id is not None:
        FormerDocument.objects.create(uuid=row.uuid, document=twin, was_public=seen)
