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
from ..asked_again import state_of
from ..filters import JudgeTimelineFilter, PartyTimelineFilter, PersonTimelineFilter
from ..moving import moved
from ..paging import page_in
from ..searching import searched_in, within_patience
from . import errors

ENTRIES_PER_PAGE = 50


@require_safe
@within_patience
def party(request: HttpRequest, slug: str) -> HttpResponse:
    found = appearances.with_roles(Party.objects.public()).filter(slug=slug).first()
    if found is None:
        into = FormerParty.objects.public().filter(slug=slug).values_list("party__slug", flat=True).first()
        return moved(request, reverse("party", args=[into])) if into else errors.page_not_found(request)
    context = _timeline(
        request, PartyTimelineFilter, slug, appearances.entries_of_party(found), appearances.in_dockets(found)
    )
    cases, more = appearances.cases_of(found.seats_json)  # type: ignore[attr-defined]  # a column of the query
    context |= {"party": found, "cases": cases, "more_cases": more}
    context["noindex"] |= found.is_private
    return render(request, "people/party.html", context)


@require_safe
@within_patience
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    found = appearances.with_assignments(Judge.objects.public()).filter(slug=slug).first()
    if found is None:
        into = FormerJudge.objects.public().filter(slug=slug).values_list("judge__slug", flat=True).first()
        return moved(request, reverse("judge", args=[into])) if into else errors.page_not_found(request)
    context = _timeline(
        request, JudgeTimelineFilter, slug, appearances.entries_of_judge(found), appearances.in_rulings(found)
    )
    cases, more = appearances.cases_of(found.seats_json)  # type: ignore[attr-defined]  # a column of the query
    return render(request, "people/judge.html", context | {"judge": found, "cases": cases, "more_cases": more})


def _timeline(
    request: HttpRequest,
    form: type[PersonTimelineFilter],
    slug: str,
    events: EventQuerySet,
    roles: ArraySubquery,
) -> dict[str, Any]:
    """What the page of somebody needs to show `events` as a timeline with filters, `roles` beside each."""
    tally = appearances.tally(events)
    filters = form(request.GET, events, slug, tally, state_of(request))
    page = page_in(request, filters.qs, filters.paged_by, ENTRIES_PER_PAGE, found=filters.number, whole=events)
    return {
        "tally": tally,
        "filters": filters,
        "searched": searched_in(filters.asked, most=filters.most),
        "page": page,
        "entries": appearances.told(page.keys, filters.paged_by, roles),
        "most": appearances.MOST_PROCEEDINGS,
        "noindex": filters.is_on,
    }
