"""What every page of the site needs."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "contact": settings.CONTACT,
        # The address of the page itself, without the filters.
        "canonical": request.build_absolute_uri(request.path),
    }
