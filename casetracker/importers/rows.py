"""
Rows of the database beside the rows that an importer wants: adds those that are missing, compares those that are there.

Speed: rows are checked by `full_clean` without its look-ups and written in bulk; uniqueness and constraints are the
database's to refuse. Only then is each row asked again, with the look-ups, so that the message can name it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

M = TypeVar("M", bound=models.Model)

# Columns as they are called in the records, where the models have another name.
_WRITTEN = {
    "address": "url",
    "archived_address": "archived_url",
    "corrected_on": "date",
    "day_order": "order",
    "happening": "status",
    "is_invented": "invented",
    "is_main": "main",
    "is_minor": "minor",
    "under_seal": "sealed",
}


class LoadError(Exception):
    """The case cannot be written, and nothing of it was; the message names the row and the field."""


@dataclass(frozen=True, slots=True)
class Wanted(Generic[M]):
    """
    A row that should be there. `label` names it in messages; `natural` is what it is known by in the database;
    `unknown` are columns whose value the importer made up for a new row, so that they are not compared.
    """

    label: str
    row: M
    natural: Hashable = None
    unknown: Collection[str] = ()


class Rows:
    """
    What one load did to the rows of the database.

    `added` counts rows by the name of their model; `differences` names rows that are not as wanted, with the fields.
    """

    def __init__(self) -> None:
        self.added: Counter[str] = Counter()
        self.differences: list[str] = []
        self._new: set[tuple[type[models.Model], Any]] = set()

    def is_new(self, row: models.Model) -> bool:
        """Whether this load added it."""
        return (type(row), row.pk) in self._new

    def settle(
        self, wanted: Mapping[str, Wanted[M]], stored: Mapping[Hashable, M], *, without: Collection[str] = ()
    ) -> dict[str, M]:
        """
        The row of each key: the one that `stored` has under its natural key, or else the wanted one, added.

        Columns in `without` are not compared. Raises `LoadError` if two keys mean the same row.
        """
        found: dict[str, M] = {}
        missing: list[Wanted[M]] = []
        labels: dict[Hashable, str] = {}
        for key, want in wanted.items():
            if labels.setdefault(want.natural, want.label) != want.label:
                raise LoadError(f"{want.label}: this is the same as {labels[want.natural]}.")
            twin = stored.get(want.natural)
            if twin is None:
                missing.append(want)
                found[key] = want.row
            else:
                self._compare(want, twin, without)
                found[key] = twin
        self.add(missing)
        return found

    def hang(
        self, owner: str, owners: Mapping[str, models.Model], wanted: Sequence[Wanted[M]], model: type[M]
    ) -> list[M | None]:
        """
        Settle rows that hang on others by the key `owner`; `owners` are all the rows that may have some, by label.

        They are added to owners that are new. The rows of an owner that was there are compared with the wanted ones as
        a whole, and nothing is added to it. Returns the row for each wanted one; None for one that an owner lacks.
        """
        columns = _columns(model, without=())
        old = {each.pk: label for label, each in owners.items() if not self.is_new(each)}
        self.add([want for want in wanted if getattr(want.row, owner).pk not in old])
        if not old:
            return [want.row for want in wanted]
        stored: dict[Any, dict[tuple[Any, ...], M]] = defaultdict(dict)
        for row in model._default_manager.filter(**{f"{owner}__in": old}):
            stored[getattr(row, f"{owner}_id")][_values(row, columns)] = row
        asked: dict[Any, set[tuple[Any, ...]]] = defaultdict(set)
        for want in wanted:
            asked[getattr(want.row, f"{owner}_id")].add(_values(want.row, columns))
        for pk, label in old.items():
            if set(stored[pk]) != asked[pk]:
                self.differences.append(f"{label}: {model._meta.verbose_name_plural}")
        return [
            want.row
            if (pk := getattr(want.row, f"{owner}_id")) not in old
            else stored[pk].get(_values(want.row, columns))
            for want in wanted
        ]

    def compare_all(self, label: str, wanted: Iterable[M], stored: Iterable[M], model: type[M]) -> None:
        """Note whether `stored` are the wanted rows, in whatever order."""
        columns = _columns(model, without=())
        if {_values(row, columns) for row in wanted} != {_values(row, columns) for row in stored}:
            self.differences.append(f"{label}: {model._meta.verbose_name_plural}")

    def add(self, wanted: Sequence[Wanted[M]]) -> None:
        """Check and write new rows of one model. Raises `LoadError` for the first that is refused."""
        if not wanted:
            return
        for want in wanted:
            _check(want, constraints=False)
        model = type(wanted[0].row)
        try:
            with transaction.atomic():
                model._default_manager.bulk_create([want.row for want in wanted])
        except IntegrityError as error:
            for want in wanted:
                _check(want, constraints=True)
            raise LoadError(f"{model._meta.verbose_name_plural}: the database refuses them: {error}") from error
        self.added[str(model._meta.verbose_name_plural)] += len(wanted)
        self._new.update((model, want.row.pk) for want in wanted)

    def _compare(self, want: Wanted[M], twin: M, without: Collection[str]) -> None:
        names = [
            _WRITTEN.get(field.name, field.name)
            for field in _fields(type(twin), without=without)
            if field.name not in want.unknown and getattr(want.row, field.attname) != getattr(twin, field.attname)
        ]
        if names:
            self.differences.append(f"{want.label}: {', '.join(names)}")


def _fields(model: type[models.Model], *, without: Collection[str]) -> "list[models.Field[Any, Any]]":
    """The fields that a record decides: stored, not computed by the database, not the primary key."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated and field.name not in without
    ]


def _columns(model: type[models.Model], *, without: Collection[str]) -> tuple[str, ...]:
    return tuple(field.attname for field in _fields(model, without=without))


def _values(row: models.Model, columns: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in columns)


def _check(want: Wanted[Any], *, constraints: bool) -> None:
    """
    Raise `LoadError` for what `full_clean` refuses. Without `constraints` it asks the database nothing, and leaves out
    keys: their rows have just been read or written, and what they must be is in `clean` and in the database.
    """
    keys = [] if constraints else [field.name for field in want.row._meta.concrete_fields if field.is_relation]
    try:
        want.row.full_clean(exclude=keys, validate_unique=constraints, validate_constraints=constraints)
    except ValidationError as error:
        name, texts = next(iter(error.message_dict.items()))
        where = want.label if name == NON_FIELD_ERRORS else f"{want.label}: {_WRITTEN.get(name, name)}"
        raise LoadError(f"{where}: {' '.join(texts)}") from error
