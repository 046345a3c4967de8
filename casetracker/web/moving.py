"""The answer of an address that leads to another for ever."""

from django.http import HttpRequest, HttpResponsePermanentRedirect


def moved(request: HttpRequest, path: str) -> HttpResponsePermanentRedirect:
    """301 to `path`, with the query of the request, so that a shared filter survives the change of a name."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
