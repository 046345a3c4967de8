"""Every address of the desk, taken from the resolver: it answers an administrator, and sends a stranger to sign in."""

from collections.abc import Iterator
from typing import Any

import factories as make
import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casetracker import history
from casetracker.admin.timeline_acts import ORDER, SCREENS
from casetracker.models import Case, Event, Ruling

pytestmark = pytest.mark.django_db

# What an address without a row of a model is called; each is tried by itself below.
SINGLE = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
    "handbook",
    "quality",
    "quality_list",
    "told_apart",
    "joining",
    "open_forms",
    "redactions",
    "redact_words",
    "redact_row",
    "imports",
    "import",
    "account",
    "recovery_codes",
}
# Open to who has not signed in, or not wholly; tests/admin/test_second_factor.py and test_one_time_links.py try them.
SIGNING_IN = {
    "second_factor",
    "second_factor_setup",
    "password_reset",
    "password_reset_sent",
    "password_reset_choose",
    "invitation",
}
# The acts of publication that a draft offers.
ACTS = ["publish", "review", "withhold"]


def _names() -> Iterator[str]:
    """The names of all addresses behind /admin/."""
    found: list[Any] = [
        item for item in get_resolver().url_patterns if isinstance(item, URLResolver) and item.namespace == "admin"
    ]
    while found:
        item = found.pop()
        if isinstance(item, URLResolver):
            found += item.url_patterns
        elif isinstance(item, URLPattern) and item.name:
            yield item.name


def _model_of(name: str) -> Any:
    return next(
        model for model in admin.site._registry if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
    )


NAMES = sorted(set(_names()) - SINGLE - SIGNING_IN)


@pytest.fixture
def paths() -> Any:
    def find(name: str) -> list[str]:
        """The addresses of this name for a new row of its model."""
        model = _model_of(name)
        screen = name.removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_")
        if screen in {"changelist", "add", "deleted"}:
            return [reverse(f"admin:{name}")]
        row: Any = make.UserFactory() if model.__name__ == "User" else None
        if model.__name__ == "Group":
            row = model.objects.create(name="Editors")
        row = row or make.FACTORIES[model]()
        if screen == "undelete":
            key = row.pk
            row.delete()
            revisions = history.revisions_of(model).objects.filter(pgh_obj_id=key, pgh_label="delete")
            return [reverse(f"admin:{name}", args=[revisions.get().pk])]
        if screen == "publication":
            return [reverse(f"admin:{name}", args=[row.pk, act]) for act in ACTS]
        if screen == "timeline":
            return [reverse(f"admin:{name}", args=[row.pk, act]) for act in (*SCREENS, ORDER)]
        return [reverse(f"admin:{name}", args=[quote(row.pk)])]

    return find


def test_resolver_has_the_screens_of_every_model() -> None:
    assert "casetracker_ruling_add" in NAMES
    assert "casetracker_case_publication" in NAMES
    assert "auth_user_password_change" in NAMES
    assert len(NAMES) > 80


@pytest.mark.parametrize("name", NAMES)
def test_address_answers_an_administrator(superuser_client: Client, paths: Any, name: str) -> None:
    for path in paths(name):
        response = superuser_client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        assert response.headers["Cache-Control"] == "private, no-store"
        body = response.content.decode()
        assert body.count("<h1") == 1
        assert "css/admin." in body
        assert "style=" not in body
        assert "<style" not in body


@pytest.mark.parametrize("name", NAMES)
def test_address_sends_a_stranger_to_sign_in(stranger_client: Client, paths: Any, name: str) -> None:
    for path in paths(name):
        response = stranger_client.get(path)
        assert response.status_code == 302, path
        assert response.headers["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize("name", NAMES)
def test_address_is_closed_to_staff_without_rights(staff_client: Client, paths: Any, name: str) -> None:
    for path in paths(name):
        assert staff_client.get(path).status_code == 403, path


def test_ruling_opened_as_an_entry_leads_to_its_own_screen(superuser_client: Client) -> None:
    ruling = make.RulingFactory()
    response = superuser_client.get(reverse("admin:casetracker_event_change", args=[ruling.pk]))
    assert response.headers["Location"] == reverse("admin:casetracker_ruling_change", args=[ruling.pk])


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/password_change/",
        "/admin/jsi18n/",
        "/admin/casetracker/",
        "/admin/work/",
        "/admin/work/not-the-same/",
        "/admin/account/",
        "/admin/redactions/",
        "/admin/redactions/words/",
        "/admin/import/",
    ],
)
def test_single_address_answers_an_administrator(superuser_client: Client, path: str) -> None:
    response = superuser_client.get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"


def test_login_page_is_in_the_sites_look_and_refuses_in_words(stranger_client: Client) -> None:
    response = stranger_client.get(reverse("admin:login"))
    assert "Sign in to the desk" in response.content.decode()
    response = stranger_client.post(reverse("admin:login"), {"username": "nobody", "password": "wrong"})
    assert response.status_code == 200
    assert "Please enter the correct username and password" in response.content.decode()


@pytest.mark.parametrize("next_page", ["//evil.example", "http://[::1", "https://evil.example/", "javascript:alert(1)"])
def test_login_leads_nowhere_else(stranger_client: Client, next_page: str) -> None:
    make.UserFactory(username="ann", password="a long passphrase 1", is_staff=True)
    data = {"username": "ann", "password": "a long passphrase 1", "next": next_page}
    response = stranger_client.post(reverse("admin:login"), data)
    assert response.headers["Location"] == reverse("admin:index")


def test_redirect_to_the_public_page_of_a_row(superuser_client: Client) -> None:
    case = make.CaseFactory(published=True)
    kind = ContentType.objects.get_for_model(Case)
    response = superuser_client.get(reverse("admin:view_on_site", args=[kind.pk, case.pk]))
    assert response.headers["Location"].endswith(case.get_absolute_url())


@pytest.mark.parametrize(
    ("maker", "model"), [(make.CaseFactory, Case), (make.EventFactory, Event), (make.RulingFactory, Ruling)]
)
def test_view_on_site_is_offered_only_for_what_is_public(superuser_client: Client, maker: Any, model: Any) -> None:
    draft, shown = maker(), maker(published=True)
    screen = f"admin:casetracker_{model._meta.model_name}_change"
    body = superuser_client.get(reverse(screen, args=[draft.pk])).content.decode()
    assert draft.get_absolute_url() not in body
    assert "Not public yet" in body
    body = superuser_client.get(reverse(screen, args=[shown.pk])).content.decode()
    assert f'href="{shown.get_absolute_url()}"' in body
