"""Where a save leads, what it says, and what its buttons are called for whoever may not publish."""

import html
import re
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.test import Client

from casetracker.models import Case, Correction, Event, Judge, Proceeding, State
from casetracker.roles import CONTRIBUTOR

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]
Told = Callable[..., str]


def buttons(page: Any) -> dict[str, str]:
    """The buttons that save the form, by their names."""
    found = re.findall(r'<input type="submit" value="([^"]+)"(?: class="default")? name="(_[a-z]+)">', page)
    return {name: html.unescape(label) for label, name in found}


@pytest.fixture
def contributor_client(contributor: Any) -> Client:
    client = Client()
    client.force_login(contributor)
    return client


@pytest.fixture
def contributor() -> Any:
    return make.in_role(CONTRIBUTOR)


def test_proceeding_that_was_added_leads_back_to_its_case_and_the_next_is_of_the_same_case(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    case, court = make.CaseFactory(), make.CourtFactory()
    path = f"{address('proceeding', 'add')}?case={case.pk}"
    data = fill(editor_client, path, court=court.pk, caption="A v. B")
    assert editor_client.post(path, data).url == address("case", "change", case.pk)  # type: ignore[attr-defined]  # a redirect
    response = editor_client.post(path, data | {"caption": "B v. A", "_addanother": "1"})
    assert response.url == path  # type: ignore[attr-defined]  # a redirect
    assert set(Proceeding.objects.values_list("caption", flat=True)) == {"A v. B", "B v. A"}


def test_statement_that_was_added_leads_back_to_its_entry(editor_client: Client, address: Address, fill: Fill) -> None:
    entry = make.EventFactory()
    path = f"{address('statement', 'add')}?event={entry.pk}"
    data = fill(editor_client, path, speaker="The clerk", paraphrase="Said it was late.", references__TOTAL_FORMS="0")
    assert editor_client.post(path, data).url == address("event", "change", entry.pk)  # type: ignore[attr-defined]  # a redirect


def test_change_that_readers_see_offers_a_correction_that_tells_of_it(
    editor_client: Client, address: Address, fill: Fill, told: Told
) -> None:
    entry = make.EventFactory(published=True, title="Motion to dismiss")
    path = address("event", "change", entry.pk)
    data = fill(editor_client, path, title="Motion to transfer")
    page = editor_client.post(path, data, follow=True)
    said = html.unescape(told(page))
    assert "Readers see the change." in said
    link = re.search(r'href="([^"]+)">write a correction', said)
    assert link is not None
    data = fill(editor_client, link[1])
    assert data["text"] == "Title: it said “Motion to dismiss”; it says “Motion to transfer”."
    # From the correction one is back where it began.
    assert editor_client.post(link[1], data).url == path  # type: ignore[attr-defined]  # a redirect
    assert Correction.objects.get().event_id == entry.pk


@pytest.mark.parametrize("state", ["draft", "embargoed", "withdrawn", "withheld"])
def test_change_that_readers_do_not_see_offers_no_correction(
    editor_client: Client, address: Address, fill: Fill, told: Told, state: str
) -> None:
    entry = make.EventFactory(**{state: True})
    path = address("event", "change", entry.pk)
    page = editor_client.post(path, fill(editor_client, path, title="Motion to transfer"), follow=True)
    assert Event.objects.get(pk=entry.pk).title == "Motion to transfer"
    assert "Readers see the change" not in told(page)


def test_save_without_a_change_offers_no_correction(
    editor_client: Client, address: Address, fill: Fill, told: Told
) -> None:
    entry = make.EventFactory(published=True)
    path = address("event", "change", entry.pk)
    assert "Readers see the change" not in told(editor_client.post(path, fill(editor_client, path), follow=True))


def test_contributor_saves_as_a_draft_or_goes_on_to_ask_for_a_review(
    contributor_client: Client, address: Address, fill: Fill
) -> None:
    path = address("case", "add")
    offered = buttons(contributor_client.get(path).content.decode())
    assert (offered["_save"], offered["_review"]) == ("Save as draft", "Save and submit for review…")
    assert "_publish" not in offered
    response = contributor_client.post(path, fill(contributor_client, path, name="A v. B", _review="1"))
    case = Case.objects.get()
    assert response.url == address("case", "publication", case.pk, "review")  # type: ignore[attr-defined]  # a redirect
    # The step itself is a page of its own: nothing is handed on yet.
    assert case.state == State.DRAFT


def test_what_is_in_review_is_not_submitted_once_more(
    contributor_client: Client, contributor: Any, address: Address, fill: Fill
) -> None:
    case = make.CaseFactory(in_review=True, created_by=contributor)
    path = address("case", "change", case.pk)
    assert "_review" not in buttons(contributor_client.get(path).content.decode())
    response = contributor_client.post(path, fill(contributor_client, path, _review="1"))
    assert response.url == path  # type: ignore[attr-defined]  # a redirect


def test_editor_publishes_instead_of_asking_and_what_has_no_state_is_simply_saved(
    editor_client: Client, address: Address
) -> None:
    offered = buttons(editor_client.get(address("case", "add")).content.decode())
    assert "_review" not in offered
    assert offered["_publish"] == "Save and publish…"
    assert buttons(editor_client.get(address("judge", "add")).content.decode())["_save"] == "Save"
    assert not Judge.objects.exists()
