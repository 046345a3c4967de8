"""Whether two ways to a page say the same. Each raises ValueError where they do not."""

import re
from collections.abc import Callable

from django.http import HttpResponse

CASE = re.compile(rb'<h2><a href="(/cases/[^/"]+/)">')
_COUNT = re.compile(rb"([0-9,]+)\+? cases?\b")
ENTRY = re.compile(rb'<li id="([0-9a-z]{10})"')


def cases(view: Callable[[], HttpResponse], body: bytes) -> None:
    other = view().content
    for what, pattern in (("count", _COUNT), ("cases", CASE)):
        ours, theirs = pattern.findall(body.replace(b",", b"")), pattern.findall(other.replace(b",", b""))
        if (ours[:1], theirs[:1]) != (theirs[:1], ours[:1]) or (what == "cases" and ours != theirs):
            raise ValueError(f"The list and the bare view differ in their {what}: {ours[:3]} and {theirs[:3]}.")


def entries(view: Callable[[], HttpResponse], body: bytes) -> None:
    ours, theirs = ENTRY.findall(body), ENTRY.findall(view().content)
    if ours != theirs or not ours:
        raise ValueError(f"The case and the bare view differ in their entries: {len(ours)} and {len(theirs)}.")


def something(body: bytes) -> None:
    """For ways that do not answer the same question."""
    if not CASE.search(body) and not ENTRY.search(body):
        raise ValueError("The page shows nothing.")
