"""What an address fills into a new form; what it cannot mean is ignored."""

import re
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.test import Client

from casetracker.dates import UncertainDate

pytestmark = pytest.mark.django_db

Address = Callable[..., str]


def initial(client: Client, path: str, **query: Any) -> dict[str, Any]:
    response = client.get(path, query)
    assert response.status_code == 200
    found: dict[str, Any] = response.context["adminform"].form.initial
    return found


def rows(client: Client, path: str, prefix: str, **query: Any) -> list[dict[str, Any]]:
    """What is filled into the rows with this prefix."""
    sets = client.get(path, query).context["inline_admin_formsets"]
    formset = next(item.formset for item in sets if item.formset.prefix == prefix)
    return [form.initial for form in formset.forms]


def test_proceeding_presets_case_court_zone_and_docket(editor_client: Client, address: Address) -> None:
    proceeding = make.ProceedingFactory(court__time_zone="America/Chicago")
    path = address("ruling", "add")
    found = initial(editor_client, path, proceeding=proceeding.pk)
    assert (found["case"], found["court"]) == (proceeding.case_id, proceeding.court_id)
    assert found["time_zone"] == "America/Chicago"
    assert rows(editor_client, path, "docket_entries", proceeding=proceeding.pk) == [{"proceeding": proceeding.pk}]


def test_case_court_kind_and_date_are_preset(editor_client: Client, address: Address) -> None:
    case, court = make.CaseFactory(), make.CourtFactory()
    found = initial(
        editor_client, address("event", "add"), case=case.pk, court=court.pk, kind="hearing", date="10 April 2025"
    )
    assert found == {"case": case.pk, "court": court.pk, "kind": "hearing", "date": UncertainDate.on(2025, 4, 10)}


def test_kind_ruling_leads_to_the_screen_of_rulings(editor_client: Client, address: Address) -> None:
    response = editor_client.get(address("event", "add"), {"kind": "ruling", "case": "5"})
    assert response.headers["Location"] == f"{address('ruling', 'add')}?case=5"


def test_ruling_that_is_treated_and_entry_that_is_answered_are_preset(editor_client: Client, address: Address) -> None:
    ruling, motion = make.RulingFactory(), make.EventFactory()
    path = address("ruling", "add")
    assert rows(editor_client, path, "treatments_made", treats=ruling.pk) == [{"target": ruling.pk}]
    assert rows(editor_client, path, "treatments_made", treats=motion.pk) == [{}]
    assert rows(editor_client, path, "responses_made", responds_to=motion.pk) == [{"responds_to": motion.pk}]


def test_correction_of_an_entry_knows_its_case_and_the_day(editor_client: Client, address: Address) -> None:
    entry = make.EventFactory()
    found = initial(editor_client, address("correction", "add"), event=entry.pk)
    assert found["case"] == entry.case_id
    assert found["corrected_on"] is not None


BAD = ["", "abc", "0", "-5", "1e5", "١٢", "9" * 5000, str(10**30), "2025-02-30", "x" * 10_000, "' OR 1=1 --", "\u202e"]


@pytest.mark.parametrize("bad", BAD, ids=lambda text: text[:12] or "empty")
@pytest.mark.parametrize("model", ["ruling", "event", "proceeding", "transfer", "statement", "correction", "document"])
def test_address_that_cannot_be_meant_fills_nothing_in(
    editor_client: Client, address: Address, model: str, bad: str
) -> None:
    names = [
        "case",
        "court",
        "proceeding",
        "kind",
        "date",
        "event",
        "origin",
        "origin_court",
        "treats",
        "responds_to",
        "corrected_on",
        "day_order",
        "related",
        "topics",
        "id",
        "pk",
        "search",
        "state",
        "public_id",
        "_popup",
        "_to_field_",
        "version",
        "revisions",
    ]
    found = initial(editor_client, address(model, "add"), **dict.fromkeys(names, bad))
    assert set(found) <= {"corrected_on", "day_order"}
    assert found.get("day_order") in {None, 0, -5, 12}
    assert str(found.get("corrected_on")) != bad


def focused(client: Client, path: str) -> list[str]:
    """The fields that ask to have the focus when the form opens."""
    tags = re.findall(r"<(?:input|select|textarea)[^>]*\sautofocus[^>]*>", client.get(path).content.decode())
    return [found[1] for tag in tags if (found := re.search(r'\sid="(\w+)"', tag))]


def test_typing_begins_behind_what_is_filled_in(editor_client: Client, address: Address) -> None:
    entry = make.EventFactory()
    assert focused(editor_client, f"{address('proceeding', 'add')}?case={entry.case.pk}") == ["id_court"]
    assert focused(editor_client, f"{address('statement', 'add')}?event={entry.pk}") == ["id_speaker"]
    assert focused(editor_client, f"{address('correction', 'add')}?event={entry.pk}") == ["id_text"]
    # Nothing of it stays for the next form, to which nothing is filled in.
    assert focused(editor_client, address("proceeding", "add")) == []


def test_publication_cannot_be_preset(editor_client: Client, address: Address) -> None:
    assert initial(editor_client, address("case", "add"), state="published", published_from="2020-01-01") == {}
