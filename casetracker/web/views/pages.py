"""The home page, the page about the site, and pages for machines."""

import datetime
from itertools import groupby

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ... import keyset, listing, timeline
from ...glossary import BY_KEY, glossary, sort_key
from ...models import Case, Correction, Event, Happening, Ruling
from ..paging import page_in

LATEST = 8
CORRECTIONS_PER_PAGE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    newest = [f"-{name}" for name in Event.TIMELINE_ORDER]
    today = timezone.localdate()
    # A day is over somewhere later than in UTC: what was set for yesterday here may be today's business there.
    coming = Event.objects.public().filter(
        happening=Happening.SCHEDULED, sort_date__gte=today - datetime.timedelta(days=1)
    )
    context = {
        "rulings": timeline.entries(Ruling.objects.public().filter(case__is_invented=False).order_by(*newest)[:LATEST]),
        "cases": listing.lines(listing.in_order(Case.objects.public(), listing.RECENT_FIRST)[:LATEST]),
        "coming": timeline.entries(coming.in_order()[:LATEST]),
        "case_count": Case.objects.public().count(),
    }
    return render(request, "pages/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    counts = Event.objects.public().aggregate(
        entries=Count("pk"), rulings=Count("pk", filter=Q(kind="ruling")), courts=Count("court", distinct=True)
    )
    context = {
        "counts": {**counts, "cases": Case.objects.public().count()},
        "section": "about",
        "reported": _own_path(request.GET.get("page", "")),
    }
    return render(request, "pages/about.html", context)


def _own_path(path: str) -> str:
    """A path of this site that a "report an error" link handed over, to be quoted in the report; else nothing."""
    return path[:300] if path.startswith("/") and not path.startswith("//") and path.isprintable() else ""


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Every term under its letter, each with its name in English and the terms that it is best read together with."""
    here = glossary()
    letters = [
        (letter, [(term, BY_KEY[term.key].name, [here.by_key[key] for key in term.related]) for term in of_letter])
        for letter, of_letter in groupby(here.terms, key=lambda term: sort_key(term.name)[0].upper())
    ]
    return render(request, "pages/glossary.html", {"letters": letters, "section": "glossary"})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    page = page_in(request, Correction.objects.public(), keyset.CORRECTIONS_NEWEST_FIRST, CORRECTIONS_PER_PAGE)
    rows = Correction.objects.public().filter(pk__among=page.keys).select_related("case", "event")
    shown = rows.order_by(*keyset.CORRECTIONS_NEWEST_FIRST.by())
    return render(request, "pages/corrections.html", {"page": page, "corrections": shown})


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can answer readers: the database is there. 503 while it is not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM casetracker_court LIMIT 1")
    except (DatabaseError, InterfaceError):
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
