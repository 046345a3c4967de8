"""A link to the desk from before two cases were merged leads to the one that stayed, for whoever sees it."""

from collections.abc import Callable

import docket_samples as samples
import factories as make
import pytest
from django.test import Client

from casetracker import reworking
from casetracker.models import Case, Import
from casetracker.reworking import JOINABLE
from casetracker.roles import CONTRIBUTOR

pytestmark = pytest.mark.django_db

Address = Callable[..., str]


@pytest.fixture
def case() -> Case:
    """The case that stayed."""
    return make.CaseFactory(published=True, name="The one that stayed")


@pytest.fixture
def gone(case: Case) -> int:
    """The key of the case that was merged into it, in two steps."""
    first, second = make.CaseFactory(published=True), make.CaseFactory(published=True)
    keys = first.pk, second.pk
    reworking.join(JOINABLE["case"], second.pk, first.pk)
    reworking.join(JOINABLE["case"], case.pk, second.pk)
    return keys[0]


def test_list_that_is_narrowed_to_a_merged_case_shows_the_entries_of_the_one_that_stayed(
    editor_client: Client, address: Address, case: Case, gone: int
) -> None:
    mine = make.EventFactory(case=case, title="Motion to dismiss")
    make.EventFactory(title="Of another case")
    response = editor_client.get(address("event"), {"case": gone})
    assert [row.pk for row in response.context["cl"].result_list] == [mine.pk]
    assert case.short_name in response.content.decode()


def test_what_needs_work_in_a_merged_case_is_that_of_the_one_that_stayed(
    editor_client: Client, case: Case, gone: int
) -> None:
    response = editor_client.get("/admin/work/", {"case": gone})
    assert response.status_code == 200
    assert response.context["case"] == case


def test_import_that_was_begun_for_a_merged_case_goes_into_the_one_that_stayed(
    editor_client: Client, case: Case, gone: int
) -> None:
    response = editor_client.get("/admin/import/", {"case": gone})
    assert response.context["case"] == case
    assert f'name="case" value="{case.pk}"' in response.content.decode()
    # The page was open while the two were merged.
    make.CourtFactory(id="mdd")
    editor_client.post("/admin/import/", {"case": gone, "text": samples.CSV, "into_public": "on"})
    assert Import.objects.get().case == case


def test_form_that_a_link_opens_for_a_merged_case_begins_with_the_one_that_stayed(
    editor_client: Client, address: Address, case: Case, gone: int
) -> None:
    response = editor_client.get(address("ruling", "add"), {"case": gone})
    assert response.context["adminform"].form.initial["case"] == case.pk


@pytest.mark.parametrize("screen", ["change", "history", "delete"])
def test_screen_of_a_merged_case_is_that_of_the_one_that_stayed(
    editor_client: Client, address: Address, case: Case, gone: int, screen: str
) -> None:
    response = editor_client.get(address("case", screen, gone), follow=True)
    assert response.redirect_chain == [(address("case", "change", case.pk), 302)]
    assert "merged into this one" in response.content.decode()


def test_key_of_a_case_that_was_only_deleted_leads_nowhere(editor_client: Client) -> None:
    case = make.CaseFactory()
    key = case.pk
    case.delete()
    assert editor_client.get("/admin/work/", {"case": key}).status_code == 404


@pytest.mark.parametrize("hides", ["the one that stayed", "the address of the one that is gone"])
def test_contributor_is_not_led_to_what_they_do_not_see(editor_client: Client, address: Address, hides: str) -> None:
    kept = make.CaseFactory(name="Kept from contributors", published=hides != "the one that stayed")
    other = make.CaseFactory()
    key = other.pk
    reworking.join(JOINABLE["case"], kept.pk, other.pk)
    client = Client()
    client.force_login(make.in_role(CONTRIBUTOR))
    entries = client.get(address("event"), {"case": key}, follow=True)
    assert list(entries.context["cl"].result_list) == []
    assert client.get(address("case", "change", key)).url == "/admin/"  # type: ignore[attr-defined]  # a redirect
    form = client.get(address("ruling", "add"), {"case": key}).context["adminform"].form
    assert "case" not in form.initial
    # The same links lead an editor there.
    page = editor_client.get(address("case", "change", key), follow=True)
    assert "Kept from contributors" in page.content.decode()
