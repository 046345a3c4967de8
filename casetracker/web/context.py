"""What every page of the site needs."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "contact": settings.CONTACT,
        # The address of the page itself, without the filters.
        "canonical": request.build_absolute_uri(request.path),
        # The keys of the glossary that this page explains, noted as its terms are written.
        "terms_used": set(),
    }
