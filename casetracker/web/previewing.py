"""
The page of a case or of an entry as readers will see it, for whoever may change it. Who is not signed in is sent to do
so, whether there is something to preview or not.

It is drawn by the public view itself, inside a publication that is taken back before the answer leaves
(`publication.as_if_published`, decision 25). The answer is stored nowhere: it stands behind /admin/.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from psycopg.errors import LockNotAvailable

from .. import publication, quality, rights, timeline
from ..accounts import second_factor
from ..models import Case, Event, Kind, State
from ..models.visibility import is_public
from ..where_it_stands import PartLine, RulingLine, where_it_stands
from .views import cases, entries

_HIDDEN = {State.WITHDRAWN, State.WITHHELD}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that readers would be told otherwise: what they read now, empty for nothing, and what they would."""

    title: str
    now: str
    then: str


@dataclass(slots=True)
class Preview:
    """
    What a page says of itself where it is a preview: how many entries it has beyond the public one, the screen of the
    desk, and the public page, if there is one; with that, what readers would be told otherwise.
    """

    added: int
    screen: str
    public: str
    changes: list[Change] = field(default_factory=list)


@require_safe
def case(request: HttpRequest, key: int) -> HttpResponse:
    """A case with all its drafts in whose way nothing stands, and what is under an embargo."""
    if not _is_admitted(request):
        return redirect_to_login(request.get_full_path())
    row = get_object_or_404(rights.seen(request.user, Case.objects.all()), pk=key)
    screen = reverse("admin:casetracker_case_change", args=[row.pk])
    seen = rights.seen(request.user, Event.objects.filter(case=row))
    live = seen.exclude(state__in=_HIDDEN).values_list("pk", flat=True)
    hidden = list(live.exclude(pk__in=Event.objects.public().filter(case=row).values("pk")))
    blocked = quality.blocked(hidden, on=timezone.now().date())
    added = [entry for entry in hidden if entry not in blocked]
    return _drawn(request, row, row, added, screen, lambda asked: cases.case(asked, row.slug))


@require_safe
def entry(request: HttpRequest, key: int) -> HttpResponse:
    """An entry as if it and its case were public, and no other draft."""
    if not _is_admitted(request):
        return redirect_to_login(request.get_full_path())
    row = get_object_or_404(rights.seen(request.user, Event.objects.select_related("case")), pk=key)
    name = "ruling" if row.kind == Kind.RULING else "event"
    screen = reverse(f"admin:casetracker_{name}_change", args=[row.pk])
    added = [] if is_public(row) else [row.pk]
    return _drawn(
        request, row, row.case, added, screen, lambda asked: entries.entry(asked, row.case.slug, row.public_id)
    )


def _is_admitted(request: HttpRequest) -> bool:
    """As at every other address of the desk; these are drawn by the public views and are not among the desk's own."""
    return request.user.is_authenticated and second_factor.is_settled(request.user, request.session)


def _drawn(
    request: HttpRequest,
    row: Case | Event,
    of_case: Case,
    added: list[int],
    screen: str,
    view: Callable[[HttpRequest], HttpResponse],
) -> HttpResponse:
    if not (request.user.is_staff and rights.may_change(request.user, row)):
        raise Http404("There is nothing to preview.")
    if row.state in _HIDDEN or of_case.state in _HIDDEN:
        messages.warning(request, _("What is withdrawn or withheld, or is of such a case, has no preview."))
        return HttpResponseRedirect(screen)
    address = row.get_absolute_url()
    # The page tells its own address, as in how to cite it; that is the one it will have.
    asked = copy(request)
    asked.path = asked.path_info = address
    preview = Preview(len(added), screen, address if is_public(row) else "")
    asked.preview = preview  # type: ignore[attr-defined]  # for the template of this answer
    now = _standings(of_case) if is_public(of_case) else None
    try:
        with publication.as_if_published(of_case, added):
            if now is not None:
                preview.changes = [*_new(added), *_changed(now, _standings(of_case))]
            response = view(asked)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        messages.warning(request, _("Somebody is saving it at this moment. Try the preview again."))
        return HttpResponseRedirect(screen)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


# --- beside what is public now --------------------------------------------------------------------------------------


def _new(added: list[int]) -> list[Change]:
    entries = timeline.links(Event.objects.public().filter(pk__in=added).in_order())
    return [Change(entry.title, "", f"{entry.date}, {entry.court}" if entry.court else entry.date) for entry in entries]


def _changed(now: dict[str, RulingLine], then: dict[str, RulingLine]) -> list[Change]:
    """Rulings of which readers read today, and parts of such, that would stand otherwise."""
    found = []
    for key, line in then.items():
        before = _words(now[key]) if key in now else {}
        for part, (title, told) in _words(line).items():
            if part in before and before[part][1] != told:
                found.append(Change(title, before[part][1], told))
    return found


def _standings(of_case: Case) -> dict[str, RulingLine]:
    """Where the public rulings of the case stand today, by their addresses."""
    found = where_it_stands(of_case, timezone.localdate())
    return {line.id: line for line in (*found.open, *found.closed, *(found.untouched or ()))}


def _words(line: RulingLine) -> dict[int | None, tuple[str, str]]:
    """How a ruling (None) and each of its parts, by key, are called, and how they stand."""

    def of(each: RulingLine | PartLine) -> str:
        return f"{each.label} {_('since')} {each.since}" if each.has_changed else each.label

    title = line.link.title
    return {None: (title, of(line)), **{part.key: (f"{title}: “{part.text}”", of(part)) for part in line.parts}}


urlpatterns = [
    path("case/<int:key>/", case, name="preview_case"),
    path("entry/<int:key>/", entry, name="preview_entry"),
]
