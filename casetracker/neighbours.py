"""What stands before and after an entry on its case's timeline."""

from typing import Any

from .models import Event
from .timeline import EntryLink, entry_path, links


def neighbours(entry: Event) -> tuple[EntryLink | None, EntryLink | None]:
    """
    The public entries before and after a public one that has its case at hand. Two queries, which read the entries of
    its day and one on either side, however many the case has.
    """
    public = Event.objects.public().filter(case=entry.case_id)
    parts = [
        public.filter(sort_date__lt=entry.sort_date).in_order().reverse()[:1],
        public.filter(sort_date=entry.sort_date),
        public.filter(sort_date__gt=entry.sort_date).in_order()[:1],
    ]
    first, *rest = (part.values_list(*Event.TIMELINE_ORDER, "public_id") for part in parts)
    ids = [row[-1] for row in sorted(first.union(*rest, all=True), key=_as_the_database_orders)]
    # It was public a query ago; where it is so no more, it has no neighbours.
    if entry.public_id not in ids:
        return None, None
    place = ids.index(entry.public_id)
    beside = ids[place - 1] if place else "", ids[place + 1] if place + 1 < len(ids) else ""
    found = {link.url: link for link in links(public.filter(public_id__in=beside))}
    before, after = (found.get(entry_path(entry.case.slug, public_id)) for public_id in beside)
    return before, after


def _as_the_database_orders(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    """Columns from the first on, what is empty last."""
    return [(value is None, value) for value in row]
