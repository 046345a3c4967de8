"""Courts: by level and system, and one with its timeline and cases."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ... import appearances
from ...models import Court, Event, FormerCourt, Level
from ..asked_again import state_of
from ..filters import CourtTimelineFilter
from ..moving import moved
from ..paging import page_in
from ..searching import searched_in, within_patience
from . import errors

ENTRIES_PER_PAGE = 50


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
@within_patience
def court(request: HttpRequest, court_id: str) -> HttpResponse:
    found = appearances.with_ways_of_appeal(Court.objects.public()).filter(pk=court_id).first()
    if found is None:
        into = FormerCourt.objects.public().filter(identifier=court_id).values_list("court", flat=True).first()
        return moved(request, reverse("court", args=[into])) if into else errors.page_not_found(request)
    events = appearances.entries_before(found)
    tally = appearances.tally(events)
    filters = CourtTimelineFilter(request.GET, events, found.pk, tally, state_of(request))
    page = page_in(request, filters.qs, filters.paged_by, ENTRIES_PER_PAGE, found=filters.number, whole=events)
    cases, more = appearances.cases_before(found, tally.count)
    context = {
        "court": found,
        "filters": filters,
        "searched": searched_in(filters.asked, most=filters.most),
        "tally": tally,
        "page": page,
        "entries": appearances.told(page.keys, filters.paged_by),
        "cases": cases,
        "more_cases": more,
        "noindex": filters.is_on,
        "section": "courts",
    }
    return render(request, "courts/court.html", context)
