"""Courts: by level and system, and one with its cases and rulings."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ... import listing, timeline
from ...models import Case, Court, Event, Level, Proceeding
from ...models.visibility import public_entry
from ..paging import page_of, rows_of

LATEST_RULINGS = 10
CASES_PER_PAGE = 50


@require_safe
def court_list(request: HttpRequest) -> HttpResponse:
    counted = (
        Event.objects.public()
        .filter(court=OuterRef("pk"))
        .order_by()
        .values("court")
        .annotate(n=Count("pk"))
        .values("n")
    )
    courts = Court.objects.in_use().public().annotate(entry_count=Coalesce(Subquery(counted), 0))
    order = {value: place for place, value in enumerate(Level.values)}
    rows = sorted(courts, key=lambda court: (order[court.level], court.display_order, court.sort_key, court.pk))
    return render(request, "courts/list.html", {"courts": rows, "section": "courts"})


@require_safe
def court(request: HttpRequest, court_id: str) -> HttpResponse:
    found = get_object_or_404(Court.objects.public(), pk=court_id)
    cases = Case.objects.public().filter(
        pk__in=Proceeding.objects.public()
        .filter(court=found)
        .values("case")
        .union(Event.objects.public().filter(court=found).values("case"))
    )
    events = Event.objects.filter(public_entry(), court=found)
    rulings = events.rulings().order_by(*(f"-{name}" for name in Event.TIMELINE_ORDER))[:LATEST_RULINGS]
    page = page_of(request, listing.in_order(cases), CASES_PER_PAGE)
    context = {
        "court": found,
        "page": page,
        "cases": listing.lines(rows_of(page)),
        "section": "courts",
        "rulings": timeline.entries(rulings),
        "counts": events.aggregate(entries=Count("pk"), rulings=Count("pk", filter=Q(kind="ruling"))),
        "appeals_to": _named(found, "appeals_to"),
        "hears_from": _named(found, "hears_appeals_from"),
    }
    return render(request, "courts/court.html", context)


def _named(court: Court, relation: str) -> list[Court]:
    """The courts on the way of appeal that have a page: the public ones."""
    return list(getattr(court, relation).public())
