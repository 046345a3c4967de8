"""What needs work, across all cases or in one: a page with how often each fault is there, and a list of each."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from casetracker import duplicates, jobs, quality, rights
from casetracker.models import Case, Event, NotTheSame, PartyRole, Response, Treatment

from . import apart, joining
from .labels import label, with_labels
from .numbers import page_number
from .screens import case_asked_for, screen_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """
    One fault: `text` leads to `url`, where it is mended; `other` and `other_url` are the second of two rows, `keys` the
    keys of both and `compare` the page that has them side by side.
    """

    text: str
    url: str
    other: str = ""
    other_url: str = ""
    keys: tuple[Any, ...] = ()
    compare: str = ""


def desk(request: HttpRequest, site: Any) -> HttpResponse:
    """The kinds of faults, with how many there are of each."""
    case = _case_asked_for(request)
    key = case.pk if case is not None else None
    kinds: list[tuple[str | Promise, str, int, bool]] = [
        (check.heading, check.name, count, check.weight is quality.Weight.BLOCKS)
        for check, count in quality.counts(case=key)
    ]
    kinds += [(kind.heading, kind.slug, duplicates.count(kind, case=key), False) for kind in duplicates.KINDS]
    query = f"?case={key}" if key else ""
    context = {
        "title": _("What needs work"),
        "kinds": [
            {"heading": heading, "url": f"{reverse('admin:quality_list', args=[name])}{query}", "count": count,
             "blocks": blocks}
            for heading, name, count, blocks in kinds if count
        ],
        "told_apart": NotTheSame.objects.count(),
        "clear": [heading for heading, _name, count, _blocks in kinds if not count],
        "newest": duplicates.NEWEST,
        "queue": jobs.queue(),
    }  # fmt: skip
    return _page(request, site, "admin/quality.html", case, context)


def listing(request: HttpRequest, site: Any, name: str) -> HttpResponse:
    """The rows with one fault, a page at a time."""
    case = _case_asked_for(request)
    key = case.pk if case is not None else None
    pages: Paginator[Any]
    if name in quality.BY_NAME:
        check = quality.BY_NAME[name]
        pages = Paginator(_in_order(check, check.rows(case=key)), PAGE)
        heading = check.heading
    elif name in duplicates.BY_SLUG:
        kind = duplicates.BY_SLUG[name]
        pages = Paginator(duplicates.pairs(kind, case=key), PAGE)
        heading = kind.heading
    else:
        raise Http404("There is no such list.")
    page = pages.get_page(page_number(request.GET.get("p", "")))
    part = quality.BY_NAME[name].part if name in quality.BY_NAME else ""
    likeness = duplicates.BY_SLUG.get(name)
    came_from = {"from": apart.FROM_WORK, **({"case": key} if key else {}), "p": page.number}
    may_merge, may_tell_apart = rights.may_merge(request.user), rights.may_tell_apart(request.user)
    context = {
        "title": heading,
        "page": page,
        "lines": [_line(row, part, came_from) for row in page],
        "joining": reverse("admin:joining", args=[likeness.kind]) if likeness is not None else "",
        "came_from": came_from,
        "may_merge": may_merge,
        "may_compare": may_merge or may_tell_apart,
        "may_tell_apart": may_tell_apart,
        "count": pages.count,
        "query": f"case={key}&" if key else "",
        "name": name,
    }
    return _page(request, site, "admin/quality_list.html", case, context)


def _page(request: HttpRequest, site: Any, template: str, case: Case | None, context: dict[str, Any]) -> HttpResponse:
    whole = {**site.each_context(request), "subtitle": None, "case": case, **context}
    return TemplateResponse(request, template, whole)


def _case_asked_for(request: HttpRequest) -> Case | None:
    """The case that the address narrows the page to. What names no case is not found; nothing is the whole site."""
    if not (request.user.has_perm("casetracker.view_case") and request.user.has_perm("casetracker.view_event")):
        raise PermissionDenied
    asked = request.GET.get("case", "")
    if not asked:
        return None
    case = case_asked_for(request.user, asked)
    if case is None:
        raise Http404("There is no such case.")
    return case


def _in_order(check: quality.Check, rows: Any) -> Any:
    """In an order that is total, with all that a line tells."""
    if issubclass(check.model, Event):
        return with_labels(rows).defer("summary", "note", "holding", "state_reason", "search").order_by(
            "-sort_date", "-sort_rank", "-pk"
        )  # fmt: skip
    if check.model is Treatment:
        return rows.select_related("act__case", "act__court", "target").order_by("-act__sort_date", "-pk")
    if check.model is Response:
        return rows.select_related("event__case", "event__court", "responds_to").order_by("-event__sort_date", "-pk")
    if check.model is PartyRole:
        return rows.select_related("party", "proceeding__case", "proceeding__court").order_by("party__sort_key", "pk")
    return rows.order_by(*check.model._meta.ordering or ["pk"])


def _line(row: Any, part: str, came_from: dict[str, Any]) -> Line:
    if isinstance(row, duplicates.Pair):
        return Line(
            label(row.row),
            screen_of(row.row),
            label(row.other),
            screen_of(row.other),
            (row.row.pk, row.other.pk),
            joining.address(row.row, row.other, **came_from),
        )
    return Line(_words(row), f"{screen_of(row)}#{part}")


def _words(row: Any) -> str:
    if isinstance(row, Treatment):
        return f"{label(row.act)}: {row.get_verb_display()} {row.target}"
    if isinstance(row, Response):
        return f"{label(row.event)}: {row.responds_to}"
    if isinstance(row, PartyRole):
        written = row.as_written or row.get_role_display()
        return f"{row.party}: {written} · {row.proceeding.court.short_name} ({row.proceeding.case.short_name})"
    return label(row)
