"""The page of one entry, and the list of rulings of all cases."""

from collections.abc import Callable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ... import citing, keyset, search, threads, timeline
from ...models import Correction, Event, FormerEntry, Ruling
from ...models.visibility import EventQuerySet
from ...neighbours import neighbours
from ...where_it_stands import history_of
from ..asked_again import state_of
from ..filters import EntriesFilter, EntryListFilter, RulingFilter
from ..moving import moved
from ..paging import page_in, page_of_keys
from ..searching import searched, within_patience
from . import errors

RULINGS_PER_PAGE = 50


@require_safe
def entry(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = _found(public_id)
    if found is None:
        return _missing(request, public_id, timeline.entry_path)
    row, shown = found
    if row.case.slug != slug:
        # The identifier is permanent, the slug before it is not: an entry is found under whatever its case was called.
        return moved(request, shown.url)
    earlier, later = neighbours(row)
    context = {
        "case": row.case,
        "entry": shown,
        "corrections": row.corrections_json,  # type: ignore[attr-defined]  # a column of the query
        "thread": timeline.links(_thread(public_id)) if shown.thread_size > 1 else [],
        "citation": citing.cite(row, citing.dockets_of(row), shown.citations),
        # Where nothing was done to it and it did nothing, its standing is what it says.
        "standing": history_of(row) if shown.is_ruling and (shown.did or shown.later or shown.provisions) else [],
        "earlier": earlier,
        "later": later,
    }
    return render(request, "cases/entry.html", context)


@require_safe
def said(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What was said about an entry, beside its own words. An entry about which nothing was said has no such page."""
    found = _found(public_id)
    if found is None:
        return _missing(request, public_id, timeline.said_path)
    row, shown = found
    if not shown.statements:
        return errors.page_not_found(request)
    if row.case.slug != slug:
        return moved(request, timeline.said_path(row.case.slug, public_id))
    return render(request, "cases/said.html", {"case": row.case, "entry": shown})


def _found(public_id: str) -> tuple[Event, timeline.Entry] | None:
    """A public entry with its corrections, as a row and as it is told; None where there is none."""
    events = Event.objects.public().filter(public_id=public_id)
    row = (
        events.select_related("case", "court")
        .annotate(
            corrections_json=ArraySubquery(
                Correction.objects.public()
                .filter(event=OuterRef("pk"))
                .order_by("-corrected_on", "-pk")
                .values(json=JSONObject(on="corrected_on", text="text"))
            )
        )
        .first()
    )
    # It was public a query ago; it may be so no more.
    told = timeline.entries(events) if row is not None else []
    return (row, told[0]) if row is not None and told else None


def _missing(request: HttpRequest, public_id: str, path: Callable[[str, str], str]) -> HttpResponse:
    """What an identifier answers that is of no public entry; `path` makes the address of the same page of another."""
    merged = FormerEntry.objects.filter(public_id=public_id)
    into = merged.public().values_list("event__case__slug", "event__public_id").first()
    if into is not None:
        return moved(request, path(*into))
    if Event.objects.filter(public_id=public_id).gone().exists() or merged.gone().exists():
        return errors.gone(request)
    return errors.page_not_found(request)


def _thread(public_id: str) -> EventQuerySet:
    return Event.objects.public().filter(pk__among=threads.of_entry(public_id)).in_order()


@require_safe
@within_patience
def ruling_list(request: HttpRequest) -> HttpResponse:
    whole = Event.objects.public().rulings()
    return _list(request, RulingFilter(request.GET, Ruling.objects.public(), state_of(request)), "rulings", whole)


@require_safe
@within_patience
def entry_list(request: HttpRequest) -> HttpResponse:
    whole = Event.objects.public()
    return _list(request, EntryListFilter(request.GET, whole, state_of(request)), "entries", whole)


def _list(request: HttpRequest, filters: EntriesFilter, name: str, whole: EventQuerySet) -> HttpResponse:
    """Entries of all cases, newest first; those that have the words which are looked for best first, with the words."""
    rows, counts = filters.qs, filters.counts
    if filters.order == "relevance":
        found = filters.found.best_first(rows)
        page = page_of_keys(request, found, RULINGS_PER_PAGE, is_bounded=filters.found.is_bounded)
        entries = timeline.entries(keyset.entries_as_given(page.keys))
    else:
        order = keyset.ENTRIES_NEWEST_FIRST
        page = page_in(request, rows, order, RULINGS_PER_PAGE, found=counts.found if counts else None, whole=whole)
        entries = timeline.entries(keyset.entries(page.keys, order))
    if filters.asked is not None:
        told = search.of_entries(filters.asked, page.keys)
        for entry in entries:
            entry.told = told.get(entry.id)
    context = {
        "filters": filters,
        "page": page,
        "entries": entries,
        "searched": searched(
            filters.asked, request.GET, name, count=page.count, most=filters.most if filters.found.is_bounded else None
        ),
        "noindex": filters.is_on,
        "section": name,
    }
    return render(request, f"cases/{name}.html", context)
