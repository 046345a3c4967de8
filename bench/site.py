"""The site in this process, called as a server's worker calls it: all of the middleware, no socket."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connection
from django.test.utils import CaptureQueriesContext

HOST = "localhost"
_TIMES = count()


def anew(address: str) -> str:
    """Where the same page is made anew: with a parameter that means nothing, so that nobody has asked for it before."""
    return f"{address}{'&' if '?' in address else '?'}time={next(_TIMES)}"


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    body: bytes
    tag: str


class Site:
    """For whoever has no cookie, or sends this one."""

    def __init__(self, *, cookie: str = "") -> None:
        # Here, for the settings must be known before. It tunes the process as a worker of a server is tuned.
        from casetracker.wsgi import application

        self._application: Callable[..., Any] = application
        self._cookie = cookie

    def get(self, address: str, *, tag: str = "") -> Page:
        """
        The page at a path with its query string, all of it read and the request closed, as a server does; for who has
        the one with the ETag `tag` already.
        """
        start = _StartResponse()
        asked = environ(address)
        if self._cookie:
            asked["HTTP_COOKIE"] = self._cookie
        if tag:
            asked["HTTP_IF_NONE_MATCH"] = tag
        answer = self._application(asked, start)
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return Page(start.status, body, start.tag)

    def queries(self, address: str) -> list[str]:
        """The SQL that a page asks the database."""
        with CaptureQueriesContext(connection) as captured:
            self.get(address)
        return [query["sql"] for query in captured.captured_queries]


class _StartResponse:
    status = 0
    tag = ""

    def __call__(self, status: str, headers: list[tuple[str, str]], failure: Any = None) -> Callable[[bytes], object]:
        self.status = int(status.split()[0])
        self.tag = dict(headers).get("ETag", "")
        return io.BytesIO().write


def environ(address: str) -> dict[str, Any]:
    """The WSGI variables of a GET request."""
    parts = urlsplit(address)
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(parts.path, "latin-1"),
        "QUERY_STRING": parts.query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
