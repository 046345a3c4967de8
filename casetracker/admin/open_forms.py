"""What a form of the desk tells of others who have it open, and the signs of life that its script sends."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _

from casetracker import presence

from . import conflicts
from .fields import keys_in


def notices(row: Model, user: Any) -> list[str]:
    """Note that the user has the form of the row open; one sentence for each other person who has."""
    told = _("%(who)s has had this open since %(since)s and was last seen at %(seen)s UTC.")
    return [
        told % {"who": other.who, "since": f"{other.since:%H:%M}", "seen": f"{other.seen:%H:%M}"}
        for other in presence.enter(row, user)
    ]


def answer(site: Any, request: HttpRequest) -> HttpResponse:
    """A form says that it is still open, or that it is left; the answer is what it should tell."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    table, key = request.POST.get("table", ""), request.POST.get("key", "")
    screen = next((each for model, each in site._registry.items() if model._meta.label_lower == table), None)
    if screen is None or not keys_in([key], screen.model):
        raise Http404("There is no such form.")
    row = screen.get_object(request, key)
    if not screen.has_change_permission(request, row):
        raise PermissionDenied
    if row is None:
        return JsonResponse({"notices": [_("This has been deleted. What you typed is kept when you save.")]})
    if "left" in request.POST:
        presence.leave(row, request.user)
        return JsonResponse({"notices": []})
    told = notices(row, request.user)
    saved = conflicts.told_of_saves(screen, request, row)
    return JsonResponse({"notices": [*told, *([saved] if saved else [])]})
