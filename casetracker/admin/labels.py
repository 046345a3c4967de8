"""What a row is called in a list of choices: enough to tell it from its neighbours, in one line."""

from typing import Any

from django.db.models import Model, QuerySet

from casetracker.models import Case, Court, Event, Proceeding, Provision


def label(row: Model) -> str:
    """The row in one line. For rows that `with_labels` fetched it asks the database nothing."""
    if isinstance(row, Event):
        court = row.court.short_name if row.court else "outside court"
        return f"{row.date.words if row.date else 'undated'} · {court} · {row.title} ({row.case.short_name})"
    if isinstance(row, Proceeding):
        numbers = [number.number for number in row.numbers.all()[:1]] or ["no number"]
        return f"{row.court.short_name} {numbers[0]} · {row.caption} ({row.case.short_name})"
    if isinstance(row, Provision):
        return f"{row} · {row.ruling.title}, {row.ruling.date.words}"
    if isinstance(row, Court):
        return f"{row.short_name} · {row.name}" if row.short_name != row.name else row.name
    return str(row)


def with_labels(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with whatever `label` needs of others."""
    if issubclass(rows.model, Event):
        return rows.select_related("case", "court")
    if issubclass(rows.model, Proceeding):
        return rows.select_related("case", "court").prefetch_related("numbers")
    if issubclass(rows.model, Provision):
        return rows.select_related("ruling")
    return rows


def label_paths(name: str, model: type[Model]) -> list[str]:
    """What to `select_related` for the label of a related row reached by `name`."""
    if issubclass(model, Event | Proceeding):
        return [name, f"{name}__case", f"{name}__court"]
    if issubclass(model, Provision):
        return [name, f"{name}__ruling"]
    if issubclass(model, Case | Court):
        return [name]
    return [name]
