"""
Two parties, attorneys, judges, courts or cases side by side, and one of them made out of both; or the note that they
are two.

Nothing is written before the editor has seen the two and what would be done. What would be done is tried each time the
page is shown (`reworking.join`), so that it promises nothing that the database then refuses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casetracker import duplicates, reworking, rights
from casetracker.models import Case, Court, NotTheSame
from casetracker.models.visibility import is_public
from casetracker.reworking import ChangedMeanwhileError, Joinable, Joined, ReworkError

from . import apart, typed
from .fields import keys_in
from .labels import label
from .refusals import in_words
from .screens import screen_of
from .searching import is_searchable

# So many are offered to a search for the other one.
MOST_FOUND = 20
# The name under which a field says whose value stays.
VALUE = "value-"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two rows, as the head of its column."""

    key: str
    label: str
    url: str
    # Empty where readers have no page of it.
    path: str
    is_kept: bool
    is_seen: bool
    state: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one row says in a field; `side` is what the row is called. `is_chosen`: that is what stays."""

    key: str
    side: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both, with a cell for each row in order; where both say the same there is nothing to choose."""

    name: str
    label: str
    cells: tuple[Cell, ...]
    is_same: bool

    @property
    def html_name(self) -> str:
        return f"{VALUE}{self.name}"


def address(row: Model, other: Model | None = None, **also: Any) -> str:
    """Where the row is laid beside `other`, or beside one that is chosen there."""
    kind = reworking.joinable_of(row)
    query = urlencode({"row": [row.pk, *([other.pk] if other is not None else [])], **also}, doseq=True)
    return f"{reverse('admin:joining', args=[kind.slug])}?{query}"


def offered(user: Any, row: Model | None) -> str:
    """The address for whoever may merge the row into another; empty for all else."""
    if row is None or row.pk is None or not rights.may_merge(user) or not rights.may_change(user, row):
        return ""
    return address(row) if any(isinstance(row, kind.model) for kind in reworking.JOINABLE.values()) else ""


@admin.action(description=gettext_lazy("Compare and merge two"), permissions=["merge"])
def compare_what_is_chosen(screen: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
    """An action of a list: leads to the page of the two that are chosen."""
    rows = list(queryset[:3])
    if len(rows) != 2:
        screen.message_user(request, _("Choose two. Only two can become one."), messages.WARNING)
        return None
    return redirect(address(*rows))


def page(request: HttpRequest, site: Any, slug: str) -> HttpResponse:
    """Both rows side by side; without a second one, those that it may be."""
    kind = reworking.JOINABLE.get(slug)
    if kind is None:
        raise Http404("Nothing of this kind is merged.")
    if not (rights.may_merge(request.user) or rights.may_tell_apart(request.user)):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else request.GET
    rows = _rows(kind, sent.getlist("row"))
    if any(not rights.may_see(request.user, row) for row in rows):
        raise PermissionDenied
    if not rows:
        messages.warning(request, _("What was chosen is not there any more. Perhaps somebody merged or deleted it."))
        return redirect(apart.back(request, kind.slug) or reverse(f"admin:casetracker_{kind.slug}_changelist"))
    if len(rows) == 1:
        if len(set(sent.getlist("row"))) > 1:
            messages.warning(request, _("One of the two is not there any more. Perhaps somebody merged or deleted it."))
        return _choose(request, site, kind, rows[0])
    if "_apart" in request.POST and not typed.is_only_shown(request):
        return apart.tell(request, duplicates.BY_KIND[kind.slug], rows) or _compare(request, site, kind, rows)
    return _compare(request, site, kind, rows)


def _rows(kind: Joinable, sent: Sequence[str]) -> list[Any]:
    """The first two that the request names and that are there, in its order."""
    keys = list(dict.fromkeys(keys_in(sent[:10], kind.model)))[:2]
    found = kind.model._default_manager.in_bulk(keys)
    return [found[key] for key in keys if key in found]


# --- which one --------------------------------------------------------------------------------------------------------


def _choose(request: HttpRequest, site: Any, kind: Joinable, row: Any) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    alike = duplicates.like(duplicates.BY_KIND[kind.slug], row)
    found: list[Any] = []
    if asked and is_searchable(asked):
        screen = site._registry[kind.model]
        found = list(screen.search(kind.model._default_manager.exclude(pk=row.pk), asked)[:MOST_FOUND])
    context = {
        "title": _("Merge with which one?"),
        "object": row,
        "kind": kind.slug,
        "asked": asked,
        "found": [(label(other), address(row, other)) for other in found],
        "alike": [(label(other), address(row, other)) for other in alike],
        "back": screen_of(row),
        "opts": kind.model._meta,
    }
    return _page(request, site, "admin/joining_choose.html", context)


# --- side by side -----------------------------------------------------------------------------------------------------


def _compare(request: HttpRequest, site: Any, kind: Joinable, rows: list[Any]) -> HttpResponse:
    # Read before what it stands for: what is shown is never newer than what is compared later.
    seen = reworking.version(kind, [row.pk for row in rows])
    rows = _rows(kind, [str(row.pk) for row in rows])
    if len(rows) != 2:
        return page(request, site, kind.slug)
    counts = kind.counts([row.pk for row in rows])
    errors: list[str] = []
    kept = _kept(request, kind, rows, counts)
    other = next(row for row in rows if row is not kept)
    chosen = _chosen(request, kind, rows, kept)
    take = [name for name, key in chosen.items() if key == str(other.pk)]
    may_merge = rights.may_merge(request.user)
    done = None
    if "_merge" in request.POST and not typed.is_only_shown(request):
        if not may_merge:
            raise PermissionDenied
        if request.POST.get("looked_at") == str(kept.pk):
            done = _done(request, kind, kept, other, take, request.POST.get("seen", ""), errors, is_trial=False)
            if done is not None:
                return _merged(request, kind, done)
            rows = _rows(kind, [str(row.pk) for row in rows])
            if len(rows) != 2:
                return page(request, site, kind.slug)
            kept, other = (next(row for row in rows if row.pk == each.pk) for each in (kept, other))
            seen = reworking.version(kind, [row.pk for row in rows])
            counts = kind.counts([row.pk for row in rows])
        else:
            errors.append(_("Another one than before is to stay now. Look at what would be done, and merge then."))
    if may_merge:
        refused: list[str] = []
        done = _done(request, kind, kept, other, take, seen, refused, is_trial=True)
        errors += [text for text in refused if text not in errors]
    context = {
        "title": _("Are these one?"),
        "kind": kind.slug,
        "has_address": kind.has_address,
        "opts": kind.model._meta,
        "sides": [_side(row, is_kept=row is kept) for row in rows],
        "kept": label(kept),
        "other": label(other),
        "lines": [_line(kind, name, rows, chosen) for name in kind.fields],
        "counts": [(name, list(zip(map(label, rows), numbers, strict=True))) for name, numbers in counts],
        "errors": errors,
        "done": done,
        "may_merge": may_merge,
        "may_tell_apart": rights.may_tell_apart(request.user),
        "told_apart": apart.find(kind.slug, rows),
        "note": request.POST.get("note", ""),
        "longest_note": NotTheSame._meta.get_field("note").max_length,
        "looked_at": str(kept.pk),
        "seen": seen,
        "came_from": apart.came_from(request),
        "back": apart.back(request, kind.slug) or screen_of(rows[0]),
    }
    return _page(request, site, "admin/joining.html", context)


def _kept(request: HttpRequest, kind: Joinable, rows: list[Any], counts: Any) -> Any:
    """The row that stays: the one that was chosen, or the one that is likelier to be the right one."""
    asked = request.POST.get("kept", "")
    for row in rows:
        if str(row.pk) == asked:
            return row
    often = {row.pk: sum(count[place] for _name, count in counts) for place, row in enumerate(rows)}

    def order(row: Any) -> tuple[Any, ...]:
        is_own = isinstance(row, Court) and row.is_local
        return is_own, not is_public(row), -often[row.pk], row.pk

    return min(rows, key=order)


def _chosen(request: HttpRequest, kind: Joinable, rows: list[Any], kept: Any) -> dict[str, str]:
    """For each field the key of the row whose value stays."""
    keys = {str(row.pk) for row in rows}
    found = {}
    before = next((row for row in rows if str(row.pk) == request.POST.get("looked_at", "")), None)
    for name in kind.fields:
        sent = request.POST.get(f"{VALUE}{name}", "")
        # What nobody chose follows the row that stays.
        is_untouched = before is not None and before is not kept and sent == _by_itself(name, rows, before)
        found[name] = sent if sent in keys and not is_untouched else _by_itself(name, rows, kept)
    return found


def _by_itself(name: str, rows: list[Any], kept: Any) -> str:
    """Whose value stays when nobody says otherwise: that of the row that stays, if it has one."""
    other = next(row for row in rows if row is not kept)
    is_gap = getattr(kept, name) in (None, "") and getattr(other, name) not in (None, "")
    return str((other if is_gap else kept).pk)


def _done(
    request: HttpRequest,
    kind: Joinable,
    kept: Any,
    other: Any,
    take: Sequence[str],
    seen: str,
    errors: list[str],
    *,
    is_trial: bool,
) -> Joined | None:
    """What was or would be done; None if it is refused, which `errors` then tell."""
    user: Any = request.user
    try:
        return reworking.join(kind, kept.pk, other.pk, take=take, seen=seen, actor=user, trial=is_trial)
    except ChangedMeanwhileError as error:
        errors.append(f"{error} {_('Nothing was done, and what you chose stands here still.')}")
    except ReworkError as error:
        errors += error.reasons
    except ValidationError as error:
        errors += error.messages
    except IntegrityError as error:
        errors.append(in_words(error))
    return None


def _merged(request: HttpRequest, kind: Joinable, done: Joined) -> HttpResponse:
    messages.success(request, _("Merged into “%(name)s”.") % {"name": label(done.row)})
    for warning in done.warnings:
        messages.warning(request, warning)
    return redirect(apart.back(request, kind.slug) or screen_of(done.row))


def _side(row: Any, *, is_kept: bool) -> Side:
    return Side(
        key=str(row.pk),
        label=label(row),
        url=screen_of(row),
        path=row.get_absolute_url() if reworking.joinable_of(row).has_address else "",
        is_kept=is_kept,
        is_seen=is_public(row),
        state=row.get_state_display() if isinstance(row, Case) else "",
    )


def _line(kind: Joinable, name: str, rows: list[Any], chosen: Mapping[str, str]) -> Line:
    field = kind.model._meta.get_field(name)
    text = str(field.verbose_name)
    return Line(
        name,
        text[:1].upper() + text[1:],
        tuple(Cell(str(row.pk), label(row), _shown(row, name), chosen[name] == str(row.pk)) for row in rows),
        is_same=len({getattr(row, name) for row in rows}) == 1,
    )


def _shown(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    shown = getattr(row, f"get_{name}_display", lambda: value)()
    return "" if shown is None else str(shown)


def _page(request: HttpRequest, site: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**site.each_context(request), "subtitle": None, **context})
