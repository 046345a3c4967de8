"""
Answers that need not be made: 304 to who has the page already, and a page that this worker has made already, as long
as the record has not changed since.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags

from ..freshness import Remembered, state_of_record
from ..patience import noticing, ran_out
from .middleware import STAFF

GetResponse = Callable[[HttpRequest], HttpResponse]
# What the program is made of: another release may say the same otherwise.
_PARTS = ("casetracker/**/*.py", "casetracker/**/*.mo", "templates/**/*.html", "static/**/*.*")
# Cookies of who has signed in, or is told something once.
_OWN = {settings.SESSION_COOKIE_NAME, "messages"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as the view made it, before what holds for every response is added."""

    content: bytes
    headers: dict[str, str]

    def __len__(self) -> int:
        return len(self.content)

    def answer(self) -> HttpResponse:
        return HttpResponse(self.content, headers=self.headers)


# Of each worker, in bytes; and a page longer than that costs others their place.
MOST_KEPT, LONGEST_KEPT = 16 * 1024 * 1024, 512 * 1024
PAGES: Remembered[Kept] = Remembered(MOST_KEPT, weigh=len)


class AskedAgain:
    """
    Gives each public page an ETag, answers 304 where a browser has the page as it is now, and where this worker has
    made it, sends it once more.

    The ETag is made of the address, the day, the release and the state of the record (`freshness`), all known before
    the page is: so it changes too often, after every change of whichever case, and never too seldom. It is made with
    the site's key, so that only who was given a page can ask for it in this way. A page is kept under its ETag, so
    that one of another state is not found, and all are forgotten with the first request in another state.
    What is shown to who may have signed in, and pages that would be another one next time, have no ETag: those that
    tell the time (`tells_the_time`), and those that lack something for want of it (`patience`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        state = _state(request)
        request.state_of_record = state  # type: ignore[attr-defined]  # for `state_of`
        if state is None:
            return self.get_response(request)
        tag = _tag(request, state)
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            response: HttpResponse = HttpResponseNotModified()
            response["ETag"] = tag
            # As the page has it, which is sent compressed to who can read that.
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        for page in PAGES.known(tag, state):
            return page.answer()
        with noticing():
            response = self.get_response(request)
            is_whole = not ran_out()
        if is_whole and _may_have_tag(response):
            response["ETag"] = tag
            if request.method == "GET" and len(response.content) <= LONGEST_KEPT:
                PAGES.keep(tag, state, Kept(response.content, dict(response.items())))
        return response


def state_of(request: HttpRequest) -> str | None:
    """The state of the record when the request came, for what is kept as long as that lasts; None to keep nothing."""
    return getattr(request, "state_of_record", None)


def tells_the_time(response: HttpResponse) -> HttpResponse:
    """Marks the answer of a view that is another one each minute."""
    response.tells_the_time = True  # type: ignore[attr-defined]  # for `AskedAgain`
    return response


def _state(request: HttpRequest) -> str | None:
    """The state that the answer may be known by; None where it depends on more than that, or where none can be had."""
    is_for_all = request.method in {"GET", "HEAD"} and not request.COOKIES.keys() & _OWN and _is_page(request)
    if not is_for_all or settings.DEBUG:
        return None
    try:
        return state_of_record()
    except Error:
        # The view will meet the same, and its answer says so.
        return None


def _is_page(request: HttpRequest) -> bool:
    """Not the desk, not files, which say for themselves how fresh they are, and not what watches the site."""
    return not request.path_info.startswith((*STAFF, settings.STATIC_URL, "/livez", "/readyz", "/documents/"))


def _may_have_tag(response: HttpResponse) -> bool:
    is_page = response.status_code == 200 and not response.streaming
    return is_page and not response.cookies and not hasattr(response, "tells_the_time") and "ETag" not in response


def _tag(request: HttpRequest, state: str) -> str:
    # Weak, for the same page is sent compressed too.
    parts = (
        request.scheme or "", request.META.get("HTTP_HOST", ""), request.get_full_path(), state,
        timezone.localdate().isoformat(), _release(),
    )  # fmt: skip
    return f'W/"{salted_hmac("casetracker.etag", chr(0).join(parts), algorithm="sha256").hexdigest()[:32]}"'


@cache
def _release() -> str:
    """Of the program's files as they lie on the disk, and of how it is set."""
    found = hashlib.sha256()
    for pattern in _PARTS:
        for path in sorted(Path(settings.BASE_DIR).glob(pattern)):
            facts = path.stat()
            found.update(f"{path} {facts.st_mtime_ns} {facts.st_size}\n".encode())
    found.update(repr(sorted(item for item in os.environ.items() if item[0].startswith("CASETRACKER_"))).encode())
    return found.hexdigest()
