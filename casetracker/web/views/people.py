"""Parties and judges: everything public about one, on a timeline and by proceeding."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ... import appearances
from ...models import FormerJudge, FormerParty, Judge, Party
from ...models.visibility import EventQuerySet
from ..filters import PersonTimelineFilter
from ..moving import moved
from ..paging import page_in
from . import errors

ENTRIES_PER_PAGE = 50


@require_safe
def party(request: HttpRequest, slug: str) -> HttpResponse:
    found = appearances.with_roles(Party.objects.public()).filter(slug=slug).first()
    if found is None:
        into = FormerParty.objects.public().filter(slug=slug).values_list("party__slug", flat=True).first()
        return moved(request, reverse("party", args=[into])) if into else errors.page_not_found(request)
    context = _timeline(request, appearances.entries_of_party(found), appearances.in_dockets(found))
    cases, more = appearances.cases_of(found.seats_json)  # type: ignore[attr-defined]  # a column of the query
    context |= {"party": found, "cases": cases, "more_cases": more}
    context["noindex"] |= found.is_private
    return render(request, "people/party.html", context)


@require_safe
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    found = appearances.with_assignments(Judge.objects.public()).filter(slug=slug).first()
    if found is None:
        into = FormerJudge.objects.public().filter(slug=slug).values_list("judge__slug", flat=True).first()
        return moved(request, reverse("judge", args=[into])) if into else errors.page_not_found(request)
    context = _timeline(request, appearances.entries_of_judge(found), appearances.in_rulings(found))
    cases, more = appearances.cases_of(found.seats_json)  # type: ignore[attr-defined]  # a column of the query
    return render(request, "people/judge.html", context | {"judge": found, "cases": cases, "more_cases": more})


def _timeline(request: HttpRequest, events: EventQuerySet, roles: ArraySubquery) -> dict[str, Any]:
    """What the page needs to show `events` as a timeline with filters, `roles` beside each."""
    tally = appearances.tally(events)
    courts = [(court, f"{name} ({count})") for court, name, count in tally.courts]
    filters = PersonTimelineFilter(request.GET, events, courts)
    found = None if filters.narrows else (tally.found, False)
    page = page_in(request, filters.qs, filters.paged_by, ENTRIES_PER_PAGE, found=found, whole=events)
    return {
        "tally": tally,
        "filters": filters,
        "page": page,
        "entries": appearances.told(page.keys, filters.paged_by, roles),
        "most": appearances.MOST_PROCEEDINGS,
        "noindex": filters.is_on,
    }
