"""A case as a document for paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from ... import chronology as document
from ... import search, timeline
from ...footnotes import Notes
from ...models import Event
from ...overview import overview
from ...proceedings import proceedings_of
from ...where_it_stands import where_it_stands
from ..asked_again import tells_the_time
from ..filters import DayForm, TimelineFilter
from .cases import elsewhere

# More is divided into parts, each a page of its own.
ENTRIES_PER_PRINT = 1000


@dataclass(frozen=True, slots=True)
class PartLink:
    """A part of a chronology that is too long for one print; `query` leads to it."""

    part: document.Part
    query: str
    is_this: bool


@require_safe
def chronology(request: HttpRequest, slug: str) -> HttpResponse:
    found = document.printable(slug)
    if found is None:
        return elsewhere(request, slug, "print")
    events = Event.objects.public().filter(case=found.case)
    shape = overview(events)
    filters = TimelineFilter(request.GET, events, [(lane.key, lane.name) for lane in shape.lanes])
    matching = filters.qs
    asked = filters.form.cleaned_data
    range_ = (asked["after"][0] if asked.get("after") else None, asked["before"][1] if asked.get("before") else None)
    spans = list(matching.order_by().values_list("earliest", "latest"))
    parts = document.parts(spans, ENTRIES_PER_PRINT, range_)
    # Of several the first; the page names the others.
    here = matching.filter(search.in_range(parts[0].after, parts[0].before)) if len(parts) > 1 else matching
    entries = timeline.entries(here.in_order()[:ENTRIES_PER_PRINT])
    filters.names = {entry.id: entry.title for entry in entries if entry.id == request.GET.get("thread")}

    # Notes are numbered in the order in which the page tells what they stand behind.
    notes = Notes(request.build_absolute_uri("/").rstrip("/"))
    of_case = notes.marks(found.sources)
    proceedings = [
        (
            line,
            [notes.of_address(label, address, gettext("Docket"), is_stored=False) for label, address in line.external],
        )
        for line in proceedings_of(found.case)
    ]
    moment = localtime()
    day = DayForm(request.GET)
    context = {
        "canonical": request.build_absolute_uri(found.case.get_absolute_url()),
        "case": found.case,
        "printable": found,
        "case_marks": of_case,
        "proceedings": proceedings,
        "standing": where_it_stands(found.case, day.day or moment.date()),
        "day": day,
        "filters": filters,
        "entries": [notes.entry(entry) for entry in entries],
        "count": len(spans),
        "total": shape.count,
        "left_out": parts[0].count - len(entries),
        "parts": _links(request, parts, filters.form.fields) if len(parts) > 1 else [],
        "notes": notes.all,
        "moment": moment,
        "noindex": True,
    }
    return tells_the_time(render(request, "cases/print.html", context))


def _links(request: HttpRequest, parts: list[document.Part], fields: Mapping[str, Any]) -> list[PartLink]:
    """The parts with the filters of the request, of which the page itself shows the first."""
    rest = request.GET.copy()
    for name in list(rest):
        if name not in {*fields, "on"} or name in {"after", "before", "order"}:
            del rest[name]
    found = []
    for place, part in enumerate(parts):
        query = rest.copy()
        for name, end in (("after", part.after), ("before", part.before)):
            if end is not None:
                query[name] = end.isoformat()
        found.append(PartLink(part, query.urlencode(), is_this=place == 0))
    return found
