"""Whether two ways to a page say the same. Each raises ValueError where they do not."""

import re
from collections.abc import Callable

from django.http import HttpResponse

CASE = re.compile(rb'<h2><a href="(/cases/[^/"]+/)">')
_COUNT = re.compile(rb"([0-9]+)(\+?) cases?\b")
ENTRY = re.compile(rb'<li id="([0-9a-z]{10})"')


def cases(view: Callable[[], HttpResponse], body: bytes) -> None:
    other = view().content.replace(b",", b"")
    body = body.replace(b",", b"")
    (ours, is_bounded), (theirs, _) = _COUNT.findall(body)[0], _COUNT.findall(other)[0]
    # Where an exact number costs too much the list says "10,000+".
    if ours != theirs and not (is_bounded and int(theirs) > int(ours)):
        raise ValueError(f"The list tells of {ours + is_bounded!r} cases and the bare view of {theirs!r}.")
    if (here := CASE.findall(body)) != (there := CASE.findall(other)):
        raise ValueError(f"The list and the bare view differ in their cases: {here[:3]} and {there[:3]}.")


def entries(view: Callable[[], HttpResponse], body: bytes) -> None:
    ours, theirs = ENTRY.findall(body), ENTRY.findall(view().content)
    if ours != theirs or not ours:
        raise ValueError(f"The case and the bare view differ in their entries: {len(ours)} and {len(theirs)}.")


def something(body: bytes) -> None:
    """For ways that do not answer the same question."""
    if not CASE.search(body) and not ENTRY.search(body):
        raise ValueError("The page shows nothing.")
