"""What a search box offers while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ... import search
from ...patience import TakesTooLongError


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """
    A piece of HTML for the list below a search box: what may be meant by `q`, each with its address. Empty where there
    is nothing to offer, and where finding it would take too long: whoever goes on typing is not to wait.
    """
    try:
        offered = search.suggest(request.GET.get("q", ""))
    except TakesTooLongError:
        offered = []
    response = render(request, "_suggestions.html", {"offered": offered})
    response["X-Robots-Tag"] = "noindex"
    return response
