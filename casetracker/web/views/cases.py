"""The list of cases and the page of one."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ... import listing, timeline
from ...models import Case, Correction, Event, FormerSlug, Reference, Topic
from ...models.visibility import CaseQuerySet
from ...overview import overview
from ...proceedings import proceedings_of
from ...where_it_stands import where_it_stands
from .. import drawings
from ..chain import chain
from ..filters import CaseFilter, DayForm, TimelineFilter
from ..moving import moved
from ..paging import page_of, rows_of
from . import errors

CASES_PER_PAGE = 25


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    filters = CaseFilter(request.GET, Case.objects.public())
    cases = listing.in_order(filters.qs, filters.form.cleaned_data.get("sort") or listing.BY_NAME)
    page = page_of(request, cases, CASES_PER_PAGE)
    context = {"filters": filters, "page": page, "cases": listing.lines(rows_of(page)), "noindex": filters.is_on}
    return render(request, "cases/list.html", context | {"section": "cases"})


@require_safe
def case(request: HttpRequest, slug: str) -> HttpResponse:
    found = _with_surroundings(Case.objects.public()).filter(slug=slug).first()
    if found is None:
        return elsewhere(request, slug)
    events = Event.objects.public().filter(case=found)
    shape = overview(events)
    filters = TimelineFilter(request.GET, events, [(lane.key, f"{lane.name} ({lane.count})") for lane in shape.lanes])
    shown = timeline.window(filters.qs, newest_first=filters.newest_first, around=request.GET.get("around", ""))
    proceedings = proceedings_of(found)
    filters.names = {entry.id: entry.title for entry in shown.entries if entry.id == request.GET.get("thread")}
    day = DayForm(request.GET)
    on = day.cleaned_data.get("on") if day.is_valid() else None
    context = {
        "day": day,
        "standing": where_it_stands(found, on or timezone.localdate()),
        "case": found,
        "proceedings": proceedings,
        "chain": chain(proceedings),
        "filters": filters,
        "shape": shape,
        "strip": drawings.strip(shape),
        "window": shown,
        "noindex": filters.is_on or bool(request.GET.get("around") or request.GET.get("on")),
        "section": "cases",
    }
    return render(request, "cases/case.html", context)


def elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """
    The answer for a slug that is no public case: 301 from a former slug of one, 410 for what has been public, else 404.
    """
    former = FormerSlug.objects.filter(slug=slug).values("case")
    owner = Case.objects.filter(Q(slug=slug) | Q(pk__in=former))
    public = owner.public().first()
    if public is not None:
        return moved(request, public.get_absolute_url())
    if owner.gone().exists():
        return errors.gone(request)
    return errors.page_not_found(request)


def _with_surroundings(cases: CaseQuerySet) -> QuerySet[Case]:
    """Topics, related cases, corrections and the case's own sources, as JSON in the same query."""
    return cases.annotate(
        topics_json=ArraySubquery(
            Topic.objects.filter(cases=OuterRef("pk"))
            .order_by("name")
            .values(json=JSONObject(name="name", slug="slug"))
        ),
        related_json=ArraySubquery(
            Case.objects.public()
            .filter(related=OuterRef("pk"))
            .order_by("sort_key", "pk")
            .values(json=JSONObject(name="name", slug="slug"))
        ),
        corrections_json=ArraySubquery(
            Correction.objects.public()
            .filter(case=OuterRef("pk"))
            .order_by("-corrected_on", "-pk")
            .values(json=JSONObject(on="corrected_on", text="text", entry="event__public_id"))
        ),
        sources_json=ArraySubquery(
            Reference.objects.filter(case=OuterRef("pk"))
            .order_by("position", "pk")
            .values(
                json=JSONObject(
                    title="source__title", publisher="source__publisher", address="source__address", pinpoint="pinpoint"
                )
            )
        ),
    )
