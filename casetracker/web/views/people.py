"""Parties and judges: everything public about one."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ... import timeline
from ...models import Event, Judge, Party, PartyRole, ProceedingJudge, Representation
from ..paging import page_of, rows_of

RULINGS_PER_PAGE = 50


@require_safe
def party(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Party.objects.public(), slug=slug)
    roles = (
        PartyRole.objects.public()
        .filter(party=found)
        .select_related("proceeding__case", "proceeding__court")
        .prefetch_related("proceeding__numbers")
        .order_by("proceeding__case__sort_key", "proceeding__case", "proceeding__display_order", "proceeding", "pk")
    )
    counsel: dict[int, list[Representation]] = {}
    for representation in (
        Representation.objects.public().filter(party=found).select_related("attorney").order_by("-lead", "pk")
    ):
        counsel.setdefault(representation.proceeding_id, []).append(representation)
    cases = []
    for case, in_case in groupby(roles, key=lambda role: role.proceeding.case):
        proceedings = [
            (proceeding, list(held), counsel.get(proceeding.pk, []))
            for proceeding, held in groupby(in_case, key=lambda role: role.proceeding)
        ]
        cases.append((case, proceedings))
    return render(request, "people/party.html", {"party": found, "cases": cases, "noindex": found.is_private})


@require_safe
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Judge.objects.public(), slug=slug)
    rulings = (
        Event.objects.public()
        .filter(pk__in=found.ruling_roles.values("ruling"))
        .order_by(*(f"-{name}" for name in Event.TIMELINE_ORDER))
    )
    page = page_of(request, rulings, RULINGS_PER_PAGE)
    context = {
        "judge": found,
        "page": page,
        "entries": timeline.entries(rows_of(page)),
        "assignments": ProceedingJudge.objects.public()
        .filter(judge=found)
        .select_related("proceeding__case", "proceeding__court")
        .prefetch_related("proceeding__numbers")
        .order_by("proceeding__case__sort_key", "proceeding", "pk"),
    }
    return render(request, "people/judge.html", context)
