"""The list of cases and the page of one."""

from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from ... import listing, search, windows
from ...models import Case, Correction, Event, FormerSlug, Reference, Topic
from ...models.visibility import CaseQuerySet
from ...overview import OUTSIDE, overview
from ...proceedings import proceedings_of
from ...where_it_stands import where_it_stands
from .. import drawings
from ..asked_again import state_of
from ..chain import chain
from ..filters import CaseFilter, DayForm, TimelineFilter
from ..moving import moved
from ..paging import page_in, page_of_keys
from ..searching import asks_for_words_alone, searched, searched_in, within_patience
from . import errors

CASES_PER_PAGE = 25
# The page of a case with more rulings leaves those to which nothing was done to the timeline; it tells the standing of
# so many of the others, and the rest stand on a page of their own.
MOST_RULINGS, MOST_STANDINGS = 100, 30
# Beside the entries there is room for so many courts as lanes.
MOST_LANES = 8
# What the way to another date keeps of the address.
KEPT = {*TimelineFilter.base_filters, "on"}


@require_safe
@within_patience
def case_list(request: HttpRequest) -> HttpResponse:
    if asks_for_words_alone(request.GET):
        address = search.straight_to(request.GET["q"])
        if address is not None:
            return redirect(address)
    filters = CaseFilter(request.GET, Case.objects.public(), state_of(request))
    cases = filters.qs
    counts = filters.counts
    if filters.order == "relevance":
        page = page_of_keys(request, filters.best_first, CASES_PER_PAGE, is_bounded=filters.found.is_bounded)
    else:
        found = counts.found if counts else None
        order = listing.order_of(filters.order)
        page = page_in(request, cases, order, CASES_PER_PAGE, found=found, whole=Case.objects.public())
    told = search.of_cases(filters.found, filters.found.scattered or filters.asked, page.keys) if filters.asked else {}
    context = {
        "filters": filters,
        "page": page,
        "results": [(line, told.get(line.key)) for line in listing.lines_of(page.keys)],
        "searched": searched(
            filters.asked,
            request.GET,
            "cases",
            count=page.count,
            most=search.MOST if filters.found.is_bounded else None,
            is_scattered=filters.found.scattered is not None,
            are_written=filters.found.are_written,
        ),
        "noindex": filters.is_on,
        "section": "cases",
    }
    return render(request, "cases/list.html", context)


@require_safe
def case(request: HttpRequest, slug: str) -> HttpResponse:
    around = request.GET.get("around", "")
    found = _with_surroundings(Case.objects.public(), around).filter(slug=slug).first()
    if found is None:
        return elsewhere(request, slug)
    events = Event.objects.public().filter(case=found)
    state = state_of(request)
    shape = overview(events, case=found.pk, state=state)
    filters = TimelineFilter(request.GET, events, [(lane.key, f"{lane.name} ({lane.count})") for lane in shape.lanes])
    day = DayForm(request.GET)
    wanted = found.around_json or {}  # type: ignore[attr-defined]  # a column of the query
    shown = windows.window(
        filters.qs,
        windows.by_month(filters.qs) if filters.narrows else shape.periods,
        newest_first=filters.newest_first,
        at=parse_date(wanted["day"]) if wanted else day.place(newest_first=filters.newest_first),
        around=around,
        is_a_case=not filters.narrows,
    )
    lanes = shape.lanes if 1 < len(shape.lanes) <= MOST_LANES else []
    places = {lane.key: place for place, lane in enumerate(lanes)}
    for entry in shown.entries:
        entry.lane = places.get(entry.court.id if entry.court else OUTSIDE)
    proceedings = proceedings_of(found)
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name in KEPT and value]
    filters.names = {entry.id: entry.title for entry in shown.entries if entry.id == request.GET.get("thread")}
    standing = where_it_stands(
        found,
        day.day or timezone.localdate(),
        untouched=shape.rulings <= MOST_RULINGS,
        most=MOST_STANDINGS,
        state=state,
    )
    context = {
        "day": day,
        "standing": standing,
        "case": found,
        "proceedings": proceedings,
        "chain": chain(proceedings),
        "filters": filters,
        "shape": shape,
        "strips": drawings.strips(shape, shown.period),
        "window": shown,
        "searched": searched_in(filters.asked),
        "lanes": lanes,
        "kept": kept,
        # The same choice on paper, where the oldest always stands first.
        "printed": urlencode([pair for pair in kept if pair[0] != "order"]),
        # The entry for whose sake a reader came here, where a filter keeps it from the list.
        "missed": wanted if wanted and all(entry.id != around for entry in shown.entries) else None,
        "noindex": filters.is_on or any(request.GET.get(name) for name in ("around", "at", "on")),
        "section": "cases",
    }
    return render(request, "cases/case.html", context)


@require_safe
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """Where all of the rulings of a case stand, those included to which nothing was done."""
    found = Case.objects.public().filter(slug=slug).first()
    if found is None:
        return elsewhere(request, slug, "standing")
    day = DayForm(request.GET)
    context = {
        "day": day,
        "standing": where_it_stands(found, day.day or timezone.localdate()),
        "case": found,
        "noindex": True,
        "section": "cases",
    }
    return render(request, "cases/standing.html", context)


def elsewhere(request: HttpRequest, slug: str, page: str = "case") -> HttpResponse:
    """
    The answer for a slug that is no public case: 301 from a former slug of one to the same `page` of it, 410 for what
    has been public, else 404.
    """
    former = FormerSlug.objects.filter(slug=slug, is_unseen=False).values("case")
    owner = Case.objects.filter(Q(slug=slug) | Q(pk__in=former))
    public = owner.public().first()
    if public is not None:
        return moved(request, reverse(page, args=[public.slug]))
    if owner.gone().exists():
        return errors.gone(request)
    return errors.page_not_found(request)


def _with_surroundings(cases: CaseQuerySet, around: str) -> QuerySet[Case]:
    """
    Topics, related cases, corrections, the case's own sources and the day and title of its entry `around`, as JSON in
    the same query.
    """
    return cases.annotate(
        around_json=Subquery(
            Event.objects.public()
            .filter(case=OuterRef("pk"), public_id=around)
            .values(json=JSONObject(day="sort_date", title="title"))
        ),
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
