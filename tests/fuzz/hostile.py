"""What nobody should send, and what an answer to it must be."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from django.http import HttpResponse
from django.test import Client
from pages import Page, has_class

# Refused, unknown, gone, led elsewhere on this site, or shown with what could not be read. Never an error of ours.
ANSWERS = {200, 301, 302, 400, 403, 404, 405, 410}
# Far above what any answer takes on a busy machine, far below what a reader would wait.
SECONDS = 10

HUGE = "9" * 5000

# Values of a parameter as they stand in the address, percent signs and all.
VALUES = {
    "empty": "",
    "space": "+",
    "NUL": "%00",
    "NUL inside a word": "a%00b",
    "NUL in capitals of the escape": "%2500%00",
    "escaped escape": "%2500",
    "control characters": "%01%07%1b%7f",
    "line breaks": "%0D%0ASet-Cookie:%20x=1",
    "tabs": "%09%0B%0C",
    "day that is not": "2024-02-30",
    "year 0": "0000-01-01",
    "year 0 alone": "0",
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "year 10000": "10000-01-01",
    "year 99999": "99999-01-01",
    "negative year": "-2025-01-01",
    "infinity": "infinity",
    "moment with a zone": "2025-04-10T00:00:00%2B14:00",
    "year 1 with a zone": "0001-01-01T00:00:00%2B14:00",
    "date in words": "10%20April%202025",
    "ambiguous date": "10/04/2025",
    "Arabic digits": "%D9%A1%D9%A2",
    "fullwidth digits": "%EF%BC%91%EF%BC%92",
    "superscript": "%C2%B2",
    "huge integer": HUGE,
    "integer past 64 bits": str(2**63),
    "float": "1e5",
    "not a number": "nan",
    "negative": "-5",
    "zero": "0",
    "abc": "abc",
    "regex": "(((%5Ba-z%5D%2B%2B*%3F%7B9999999%7D",
    "regex that explodes": "(a%2B)%2B%24",
    "tsquery": "a%20%26%20!b%20%7C%20(c%20%3C-%3E%20d:*A)",
    "broken tsquery": "%26%7C!:*%3C-%3E",
    "unbalanced quotation": "%22unbalanced",
    "only stop words": "the+of+and+to+be",
    "only signs": "!%3F-%3D",
    "pattern signs": "%25_%5C",
    "quote": "a%27%20OR%201=1;--",
    "format": "%7B0.__class__%7D%25s%25n",
    "template": "%7B%7B7*7%7D%7D%7B%25%20debug%20%25%7D",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "emoji": "%F0%9F%98%80%F0%9F%87%BA%F0%9F%87%B8",
    "right to left override": "%E2%80%AEabc%E2%80%AC",
    "zero width": "%E2%80%8B%EF%BB%BF",
    "combining marks": "e" + "%CC%81" * 200,
    "capital sharp s": "%E1%BA%9E%C4%B0%C7%85",
    "lone surrogate": "%ED%A0%80",
    "lone bytes": "%FF%FE",
    "overlong slash": "%C0%AF",
    "overlong NUL": "%C0%80",
    "past Unicode": "%F4%90%80%80",
    "cut short": "%E2%82",
    "broken escape": "%",
    "broken escape of letters": "%zz",
    "10,000 characters": "a" * 10_000,
    "5,000 words": "+".join(["word"] * 5_000),
    "2,000 quotation marks": "%22" * 2_000,
    "2,000 brackets": "(" * 2_000,
    "path": "../../../../etc/passwd",
    "address elsewhere": "//evil.example/",
    "JSON": "%7B%22a%22:%5Bnull,%22%5Cud800%22%5D%7D",
    "deep JSON": "%5B" * 3_000,
}

# Whole query strings that are none, or too much of one.
QUERIES = {
    "1,200 parameters": "&".join(f"p{number}=1" for number in range(1_200)),
    "1,200 times one parameter": "&".join(["court=a"] * 1_200),
    "900 times one parameter": "&".join(["court=a"] * 900),
    "no names": "=1&=2&&&=",
    "only signs": "?&?=&=?#",
    "brackets": "q[]=1&q[a][b]=2&court[0]=x",
    "semicolons": "q=1;court=2",
    "parameter of a NUL": "%00=1",
    "parameter of no text": "%ff=1",
    "parameter of 10,000 characters": f"{'a' * 10_000}=1",
    "names of attributes": "__class__=1&self=2&request=3&pk=4&case__slug=5&court__name=6",
    "lookups": "name__regex=(&state=draft&published_from__isnull=1&court__id__in=a,b",
    "raw text that is not ASCII": "q=é",
}


def answered(response: Any, began: float, what: object) -> HttpResponse:
    """The response, if it is one that a person can use. Raises AssertionError for anything else."""
    took = time.monotonic() - began
    assert took < SECONDS, f"{took:.1f} s: {what}"
    assert response.status_code in ANSWERS, (response.status_code, what)
    assert isinstance(response, HttpResponse)
    for value in response.headers.values():
        assert "\r" not in value
        assert "\n" not in value
    assert "evil.example" not in urlsplit(response.headers.get("Location", "")).netloc
    # A session that is none is taken from the browser.
    assert set(response.cookies) <= {"csrftoken", "sessionid"}, what
    # What a search box puts below itself is a piece of a page.
    is_piece = "/suggest/" in str(getattr(response, "request", {})) and response.status_code == 200
    if response["Content-Type"].startswith("text/html") and response.status_code not in {301, 302} and not is_piece:
        is_styled(response)
    else:
        assert response.status_code in {200, 301, 302}, what
    return response


def is_styled(response: HttpResponse) -> Page:
    """The page of a response: with the site's style, its name and a heading, however it came about."""
    page = Page(response)
    sheets = [link.attrib["href"] for link in page.all("link", rel="stylesheet")]
    assert any(sheet.startswith("/static/css/tokens") for sheet in sheets), sheets
    assert page.heading
    assert page.all("a", href="/") or any(has_class(element, "site") for element in page.top.iter())
    assert "Traceback" not in page.main
    return page


def assert_answered(client: Client, path: str, query: str = "", **extra: Any) -> HttpResponse:
    """A GET of an address whose query is sent as it is written here."""
    began = time.monotonic()
    return answered(client.get(path, QUERY_STRING=query, **extra), began, (path[:80], query[:80]))


def assert_sent_is_answered(method: Callable[..., Any], path: str, *arguments: Any, **extra: Any) -> HttpResponse:
    began = time.monotonic()
    return answered(method(path, *arguments, **extra), began, path[:80])


def escaped(value: str) -> str:
    """A value as it can stand in a path: as it is written, with whatever is no character of one escaped."""
    return quote(value, safe="%!$&'()*+,;=:@-._~")
