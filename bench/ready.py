"""
The other side of the case page: the same HTML out of structures that lie ready, without a query and without a step
between rows and template. What the page takes beyond this is what reading and preparing its entries costs.
"""

import dataclasses
import inspect
from typing import Any
from unittest import mock

from django.http import HttpRequest, HttpResponse
from django.template import loader

from bench.site import Site
from casetracker.dates import UncertainDate, Use
from casetracker.web.views import cases


class ReadyPage:
    """What the view of the page at `address` hands to its template, kept as dicts, lists and text."""

    def __init__(self, site: Site, address: str) -> None:
        self._template = ""
        self._request = HttpRequest()
        self._context: dict[str, Any] = {}
        real = cases.render

        def keep(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
            self._request, self._template = request, template
            self._context = dict(context)
            return real(request, template, context)

        with mock.patch.object(cases, "render", keep):
            self.expected = site.get(address).body
        for name in ("window", "proceedings"):
            self._context[name] = as_dicts(self._context[name])
        self.render()

    def render(self) -> bytes:
        """The page's HTML. Raises `ValueError` where it is not, byte for byte, what the view answers."""
        body = loader.get_template(self._template).render(self._context, self._request).encode()
        if body != self.expected:
            raise ValueError("The page out of ready-made structures is not the page of the view.")
        return body


def as_dicts(value: Any) -> Any:
    """A copy in which every structure of the application is a dict of all its attributes, computed ones included."""
    if isinstance(value, list):
        return [as_dicts(item) for item in value]
    if isinstance(value, dict):
        return {key: as_dicts(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [item.name for item in dataclasses.fields(value)] + _computed(type(value))
        found = {name: as_dicts(getattr(value, name)) for name in names}
        return _ReadyDate(value, found) if isinstance(value, UncertainDate) else found
    return value


class _ReadyDate(dict[str, Any]):
    """A date as templates ask for it: by name, and by a filter in words for where it stands."""

    def __init__(self, date: UncertainDate, found: dict[str, Any]) -> None:
        super().__init__(found)
        self._words = {use: date.in_words("en", use) for use in Use}

    def in_words(self, language: str, use: Use) -> str:
        return self._words[use]


def _computed(kind: type) -> list[str]:
    members = inspect.getmembers(kind)
    return [name for name, member in members if isinstance(member, property) and not name.startswith("_")]
