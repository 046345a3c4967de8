"""On which screen a row is edited."""

from typing import Any

from django.urls import reverse

from casetracker import history, rights
from casetracker.models import Case, DocketEntry, Event, FormerSlug, Kind, PartyRole, Response, Treatment

from .fields import keys_in


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


def case_asked_for(user: Any, text: str) -> Case | None:
    """
    The case that a link names by its key, or the one into which that was merged since; None if there is none, or if
    `user` does not see it.
    """
    keys = keys_in([text], Case)
    found: Case | None = rights.seen(user, Case.objects.filter(pk__in=keys)).first() if keys else None
    return case_that_stayed(user, keys[0]) if keys and found is None else found


def case_that_stayed(user: Any, key: int) -> Case | None:
    """
    The case into which the one with this key was merged, for a link from before; None if none was, or if `user` does
    not see it. What the key was is known from the history, the address of what was merged from `FormerSlug`.
    """
    deleted = history.revisions_of(Case).objects.filter(pgh_obj_id=key, pgh_label="delete")
    slug = deleted.order_by("-pgh_id").values_list("slug", flat=True).first()
    if slug is None:
        return None
    former = rights.seen(user, FormerSlug.objects.filter(slug=slug)).values("case")
    found: Case | None = rights.seen(user, Case.objects.filter(pk__in=former)).first()
    return found
