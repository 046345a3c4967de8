"""What holds for every request and every response."""

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from .prefixes import language_of
from .views import errors

# Pages of people who sign in; they have one language.
STAFF = ("/admin/", "/try-out/")

GetResponse = Callable[[HttpRequest], HttpResponse]

_PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


class LanguageOfAddress:
    """
    Answers in the language that the address begins with (`prefixes`), refusals and errors too: it stands before all
    others. Unlike Django's own it asks no cookie and no header, so that answers need not vary by them.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class ResponseHeaders:
    """
    Headers of every response, also of one that a middleware below gave up on before it came to its own; and who may
    keep a copy.

    A public page may be stored anywhere but is asked about every time (`no-cache`), so that what is withheld is gone
    with the next request. What a signed-in person sees, and everything behind /admin/, is stored nowhere.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            # Django's own has no body, and a browser shows a blank page. The headers that it has by now stay.
            page = errors.method_not_allowed(request)
            response.content = page.content
            response["Content-Type"] = page["Content-Type"]
            response["Content-Length"] = str(len(page.content))
        response.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if request.path_info.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-cache")
        # Asked of the cookie, not of the user: no query, and no answer needed from a database that is down.
        elif request.path_info.startswith(STAFF) or settings.SESSION_COOKIE_NAME in request.COOKIES:
            response["Cache-Control"] = "private, no-store"
        else:
            response.setdefault("Cache-Control", "no-cache")
            patch_vary_headers(response, ["Cookie"])
        return response


class RefuseLargeBodies:
    """
    413 for a request whose body is longer than any form here takes, before a byte of it is read: Django would first
    write all files of it to the disk. What is a little too long for its form is left to that, which says so in place.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_BODY:
            response = errors.too_large(request)
            # What was not read must not be taken for the next request.
            response.headers["Connection"] = "close"
            return response
        return self.get_response(request)


class RefuseUnusableText:
    """
    400 for an address that no text column could hold: a NUL, or bytes that are not UTF-8. The same for a cookie.

    PostgreSQL stores no NUL, so one in a search, a filter, a session key or Django's own autocomplete would end in a
    500.
    """

    # %00 in any spelling of the escape, or a raw NUL.
    _NUL = re.compile(rb"%00|\x00")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
        if self._NUL.search(query) or "\x00" in request.path_info:
            return errors.bad_request(
                request, detail=_("The address contains a character that no text here can contain.")
            )
        try:
            # In a path Django leaves what it could not decode as an escape.
            unquote_to_bytes(request.path_info).decode("utf-8")
            unquote_to_bytes(query.replace(b"+", b" ")).decode("utf-8")
        except UnicodeDecodeError:
            return errors.bad_request(request, detail=_("The address contains bytes that are not text (UTF-8)."))
        if any("\x00" in value for value in request.COOKIES.values()):
            return errors.bad_request(
                request, detail=_("A cookie of this site is damaged. Delete its cookies and try again.")
            )
        return self.get_response(request)
