"""On which screen a row is edited."""

from typing import Any

from django.urls import reverse

from casetracker.models import DocketEntry, Event, Kind, PartyRole, Response, Treatment


def entry_screen(entry: Event) -> str:
    name = "ruling" if entry.kind == Kind.RULING else "event"
    return reverse(f"admin:casetracker_{name}_change", args=[entry.pk])


def screen_of(row: Any) -> str:
    """The screen of the row, or of what it is a line of."""
    if isinstance(row, Event):
        return entry_screen(row)
    if isinstance(row, Treatment):
        return entry_screen(row.act)
    if isinstance(row, DocketEntry | Response):
        return entry_screen(row.event)
    if isinstance(row, PartyRole):
        row = row.proceeding
    return reverse(f"admin:casetracker_{row._meta.model_name}_change", args=[row.pk])
