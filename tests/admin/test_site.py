"""The desk as a site: its first page, its menu, and who sees what of them."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db

Address = Callable[..., str]


def test_lists_stand_in_the_order_in_which_an_editor_thinks(superuser_client: Client) -> None:
    groups = superuser_client.get("/admin/").context["app_list"]
    assert [(group["name"], [model["name"] for model in group["models"]]) for group in groups] == [
        ("Cases and what happened in them", ["Cases", "Rulings", "Entries", "Proceedings", "Transfers"]),
        ("What was said, and what it rests on", ["Statements", "Sources", "Documents", "Corrections"]),
        ("Courts and people", ["Courts", "Judges", "Parties", "Attorneys", "Topics"]),
        ("Accounts", ["Users", "Groups"]),
    ]


def test_first_page_offers_a_case_a_ruling_and_what_is_in_hand(editor_client: Client, address: Address) -> None:
    case = make.CaseFactory(name="Lately v. Touched")
    entry = make.EventFactory(in_review=True, title="Waits for a second pair of eyes")
    body = editor_client.get("/admin/").content.decode()
    assert f'href="{address("case", "add")}">Add a case' in body
    assert f'href="{address("ruling", "add")}">Add a ruling' in body
    assert address("case", "change", case.pk) in body
    assert entry.title in body


def test_editor_without_rights_on_accounts_sees_none(editor_client: Client, address: Address) -> None:
    response = editor_client.get("/admin/")
    assert "Accounts" not in [group["name"] for group in response.context["app_list"]]
    assert editor_client.get(address("user")).status_code == 403


def test_staff_without_rights_see_that_they_have_none_and_no_titles(staff_client: Client) -> None:
    make.CaseFactory(name="Secret v. Hidden")
    body = staff_client.get("/admin/").content.decode()
    assert "Your account may not view or edit anything here." in body
    assert "Secret v. Hidden" not in body


def test_somebody_who_may_only_look_is_offered_nothing_to_change(
    staff: Any, staff_client: Client, address: Address
) -> None:
    rights = Permission.objects.filter(codename__startswith="view_", content_type__app_label="casetracker")
    staff.user_permissions.set(rights)
    dispute = make.two_court_dispute()
    for path in ("/admin/", address("case"), address("ruling", "change", dispute.order.pk)):
        body = staff_client.get(path).content.decode()
        assert "Add a ruling<" not in body
        assert 'name="_save"' not in body
        assert 'name="_publish"' not in body
    path = address("ruling", "change", dispute.order.pk)
    assert staff_client.post(path, {"title": "Changed"}).status_code == 403
    body = staff_client.get(address("case", "change", dispute.case.pk)).content.decode()
    assert dispute.order.title in body
    assert address("ruling", "add") not in body


def test_menu_marks_where_one_is(editor_client: Client, address: Address) -> None:
    body = editor_client.get(address("ruling", "add")).content.decode()
    assert f'<a href="{address("ruling")}" aria-current="true">Rulings</a>' in body
    assert body.count('aria-current="true"') == 1


def test_first_page_asks_as_many_queries_for_many_rows_as_for_few(superuser_client: Client) -> None:
    counts = []
    for more in (1, 30):
        for _ in range(more):
            make.EventFactory(in_review=True, court=make.CourtFactory())
        superuser_client.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            superuser_client.get("/admin/")
        counts.append(len(queries))
    # Fewer when all of the newest changes are of one model.
    assert counts[1] <= counts[0] < 15
