"""The page of what needs work, and the list of each kind."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casetracker import quality
from casetracker.models import Role

pytestmark = pytest.mark.django_db

Address = Callable[..., str]


def listing(name: str) -> str:
    return reverse("admin:quality_list", args=[name])


def test_page_counts_each_kind_and_leads_to_its_list(editor_client: Client) -> None:
    make.EventFactory.create_batch(3)
    make.PartyFactory(name="Kristi Noem")
    make.PartyFactory(name="Kristi L. Noem")
    response = editor_client.get(reverse("admin:quality"))
    counts = {kind["url"]: kind["count"] for kind in response.context["kinds"]}
    assert counts[listing("no-source")] == 3
    assert counts[listing("like-parties")] == 1
    assert listing("seal") not in counts
    assert "Filed under seal" in response.content.decode()
    assert reverse("admin:quality") in editor_client.get("/admin/").content.decode()


def test_page_of_one_case_counts_that_case_alone(editor_client: Client) -> None:
    entry = make.EventFactory()
    make.EventFactory()
    response = editor_client.get(reverse("admin:quality"), {"case": entry.case.pk})
    counts = {kind["url"]: kind["count"] for kind in response.context["kinds"]}
    assert counts[f"{listing('no-source')}?case={entry.case.pk}"] == 1
    assert entry.case.name in response.content.decode()


def test_each_line_leads_to_the_screen_where_it_is_mended(editor_client: Client, address: Address) -> None:
    ruling = make.RulingFactory(outcome="")
    treatment = make.TreatmentFactory(target__date="2025-05-01")
    role = make.PartyRoleFactory(role=Role.OTHER, as_written="Garnishee")
    source = make.SourceFactory()
    expected = {
        "no-outcome": f"{address('ruling', 'change', ruling.pk)}#id_outcome",
        "effect-before-ruling": f"{address('ruling', 'change', treatment.act.pk)}#treatments_made-group",
        "role-not-mapped": f"{address('proceeding', 'change', role.proceeding.pk)}#party_roles-group",
        "not-archived": f"{address('source', 'change', source.pk)}#id_archived_address",
        "no-summary": "",
    }
    for name, url in expected.items():
        lines = editor_client.get(listing(name)).context["lines"]
        assert [line.url for line in lines] == ([url] if url else [])
    assert "Garnishee" in editor_client.get(listing("role-not-mapped")).content.decode()


@pytest.mark.parametrize("check", quality.CHECKS, ids=lambda check: check.name)
def test_part_to_which_a_line_leads_is_on_that_screen(check: quality.Check, editor_client: Client) -> None:
    from test_quality import FAULTS, sound_case

    row = FAULTS[check.name](sound_case())
    (line,) = editor_client.get(listing(check.name)).context["lines"]
    assert line.url.endswith(f"#{check.part}")
    body = editor_client.get(line.url.partition("#")[0]).content.decode()
    assert f'id="{check.part}"' in body, row


def test_list_stands_in_pages_of_fifty(editor_client: Client) -> None:
    make.EventFactory.create_batch(60, case=make.CaseFactory())
    first = editor_client.get(listing("no-source"))
    assert len(first.context["lines"]) == 50
    assert "1 to 50 of 60" in first.content.decode()
    assert "51 to 60 of 60" in editor_client.get(listing("no-source"), {"p": 2}).content.decode()
    seen = {
        line.url for page in (1, 2) for line in editor_client.get(listing("no-source"), {"p": page}).context["lines"]
    }
    assert len(seen) == 60


@pytest.mark.parametrize(
    "name", ["effect-before-ruling", "no-source", "role-not-mapped", "dead-source", "like-parties"]
)
def test_list_and_page_ask_as_many_queries_for_many_as_for_few(name: str, editor_client: Client) -> None:
    from test_quality import FAULTS, sound_case

    counts = []
    for more in (1, 8):
        for _ in range(more):
            dispute = sound_case() if more == 1 else make.two_court_dispute()
            FAULTS.get(name, lambda d: make.PartyFactory(name="Kristi Noem of South Dakota"))(dispute)
        editor_client.get(listing(name))
        with CaptureQueriesContext(connection) as queries:
            assert editor_client.get(listing(name)).status_code == 200
            editor_client.get(reverse("admin:quality"))
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1
    assert counts[0] < 40


@pytest.mark.parametrize(
    "value", ["abc", "0", "-5", "9" * 5000, "1e5", "%D9%A1%D9%A2", "%00", "%ED%A0%80", "a" * 10_000, ""]
)
@pytest.mark.parametrize("path", ["/admin/work/", "/admin/work/no-source/", "/admin/work/like-parties/"])
def test_any_page_and_case_is_answered(superuser_client: Client, path: str, value: str) -> None:
    superuser_client.raise_request_exception = False
    for parameter in ("p", "case"):
        response = superuser_client.get(path, QUERY_STRING=f"{parameter}={value}")
        assert response.status_code in {200, 400, 404}


@pytest.mark.parametrize("name", ["nonsense", "no_source", "9" * 300])
def test_list_of_a_kind_that_is_none_is_not_found(editor_client: Client, name: str) -> None:
    assert editor_client.get(f"/admin/work/{name}/").status_code == 404


def test_lists_are_kept_nowhere_and_escape_what_they_show(editor_client: Client) -> None:
    evil = "<script>alert(1)</script>"
    make.EventFactory(title=evil, case__name=evil, case__short_name=evil)
    make.PartyFactory(name=evil)
    make.PartyFactory(name=f"{evil} ")
    for name in ("no-source", "like-parties"):
        response = editor_client.get(listing(name))
        assert response.headers["Cache-Control"] == "private, no-store"
        assert evil not in response.content.decode()
        assert "&lt;script&gt;alert(1)" in response.content.decode()


# --- the screens themselves -----------------------------------------------------------------------------------------


def test_screen_of_a_case_says_what_needs_work_and_leads_there(editor_client: Client, address: Address) -> None:
    dispute = make.two_court_dispute()
    make.EventFactory.create_batch(3, case=dispute.case)
    lone = make.RulingFactory(case=dispute.case, court=dispute.trial_court, outcome="", title="Bare order")
    make.ReferenceFactory(event=lone)
    make.DocketEntryFactory(event=lone, proceeding=dispute.trial)
    response = editor_client.get(address("case", "change", dispute.case.pk))
    lines = {line.link: line for line in response.context["findings"]}
    assert lines["3 entries without a source"].url == f"{listing('no-source')}?case={dispute.case.pk}"
    assert lines["Bare order, 4 April 2025"].url == f"{address('ruling', 'change', lone.pk)}#id_outcome"
    assert "It has neither an outcome" in response.content.decode()


def test_screen_of_an_entry_leads_within_itself(editor_client: Client, address: Address) -> None:
    entry = make.EventFactory()
    context = editor_client.get(address("event", "change", entry.pk)).context
    urls = [line.url for line in context["findings"]]
    assert urls == ["#references-group", address("case", "change", entry.case.pk)]


def test_screen_of_a_case_asks_no_more_for_many_faults(editor_client: Client, address: Address) -> None:
    counts: list[Any] = []
    for more in (1, 30):
        case = make.CaseFactory()
        make.RulingFactory.create_batch(more, case=case, outcome="")
        path = address("case", "change", case.pk)
        editor_client.get(path)
        with CaptureQueriesContext(connection) as queries:
            editor_client.get(path)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
