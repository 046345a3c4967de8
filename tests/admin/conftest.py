"""What the tests of the desk share: filling in its forms as a browser would, and the addresses of its screens."""

import datetime
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.forms import BoundField
from django.test import Client
from django.urls import reverse

from casetracker.dates import UncertainDate

Fill = Callable[..., dict[str, Any]]


def _sent(field: BoundField) -> Any:
    """What a browser would send for a field that nobody touched; None for nothing."""
    value = field.value()
    if callable(value):
        value = value()
    if value is None or value is False or value == "":
        return None
    if value is True:
        return "on"
    if isinstance(value, UncertainDate):
        return value.words
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [getattr(item, "pk", item) for item in value]
    return value


def _fill(client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """The data of the form at `path`, every row included, with `changes` typed into it (`__` stands for `-`)."""
    return _sent_back(client.get(path), **changes)


def _sent_back(response: Any, **changes: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.status_code
    forms: list[Any] = [response.context["adminform"].form]
    for rows in response.context["inline_admin_formsets"]:
        forms += [rows.formset.management_form, *rows.formset.forms]
    data = {field.html_name: _sent(field) for form in forms for field in form}
    data["_opened"] = response.context["opened"] or None
    data |= {name.replace("__", "-"): value for name, value in changes.items()}
    return {name: value for name, value in data.items() if value is not None}


def _confirmation(page: Any) -> dict[str, Any]:
    body = page.content.decode()
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body[body.index("deleted-objects") :])
    return {name: html.unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


@pytest.fixture
def confirmation() -> Callable[[Any], dict[str, Any]]:
    """What the form of a page sends that asks whether something shall be deleted."""
    return _confirmation


@pytest.fixture
def sent() -> Callable[[BoundField], Any]:
    return _sent


@pytest.fixture
def fill() -> Fill:
    return _fill


@pytest.fixture
def sent_back() -> Fill:
    """The same of a response that has the form in it."""
    return _sent_back


@pytest.fixture
def address() -> Callable[..., str]:
    """The address of a screen: `address("ruling", "change", ruling.pk)`."""

    def find(model: str, screen: str = "changelist", *args: Any) -> str:
        app = "auth" if model in {"user", "group"} else "casetracker"
        return reverse(f"admin:{app}_{model}_{screen}", args=args)

    return find


@pytest.fixture
def told() -> Callable[..., str]:
    """The messages that a response shows, in one text."""

    def find(response: Any) -> str:
        return " ".join(str(message) for message in response.context["messages"])

    return find
