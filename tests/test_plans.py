"""
How the database finds what the list of cases asks for, at a size at which it has to choose: never by reading a whole
table. No time is measured here; bench/ does that.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import load
from bench.generate import Courts, Dataset
from casetracker.models import DocketNumber, Event, Party

pytestmark = pytest.mark.django_db(transaction=True)

CASES = 10_000
# Few rows that hardly grow: to read all of them is no mistake.
SMALL = {"casetracker_court", "casetracker_topic", "casetracker_case_topics"}
MOST_QUERIES = 8


@pytest.fixture
def filled(transactional_db: None) -> Iterator[None]:
    call_command("load_courts", verbosity=0)
    with connection.cursor() as cursor:
        # Without the triggers of the histories the rows are the same and come four times as fast.
        cursor.execute("SET session_replication_role = replica")
        load.copy(Dataset(CASES, courts=Courts.from_database(), seed=1).batches())
        cursor.execute("RESET session_replication_role")
    load.settle()
    yield
    load.clear()


def scanned(sql: str) -> set[str]:
    """The tables that a query reads from end to end, by the database's own plan."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    found: set[str] = set()

    def walk(node: dict[str, Any]) -> None:
        if node["Node Type"] == "Seq Scan":
            found.add(node["Relation Name"])
        for inner in node.get("Plans", ()):
            walk(inner)

    walk((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return found


def test_lists_and_cases_at_ten_thousand_cases(filled: None, client: Client) -> None:
    """One load, which takes longest, serves all that is asked of it."""
    assert scanned("SELECT * FROM casetracker_event WHERE note = 'x'") == {"casetracker_event"}
    assert_no_filter_of_the_list_reads_a_whole_table(client)
    assert_a_case_of_a_thousand_entries_takes_no_more_queries_than_a_short_one(client)


def assert_no_filter_of_the_list_reads_a_whole_table(client: Client) -> None:
    event = Event.objects.public().filter(kind="ruling", court__level="trial").order_by("pk")[0]
    number = DocketNumber.objects.public().filter(number__contains="-cv-").order_by("pk")[0].number
    party = Party.objects.public().order_by("pk")[0].slug
    queries = {
        "first page": "",
        "third page": "page=3",
        "court": f"court={event.court_id}",
        "several courts": f"court={event.court_id}&court=scotus",
        "level": "level=appellate",
        "entries of a year": "after=2019&before=2019",
        "rulings of a court in a month": f"court={event.court_id}&decided_after=2019-04&decided_before=2019-04",
        "outcome": "outcome=granted",
        "derived outcome": "outcome=affirmed",
        "words": "q=injunction",
        "docket number": f"q={number}",
        "topic": "topic=housing",
        "status": "status=ongoing",
        "party": f"party={party}",
        "all together": f"court={event.court_id}&outcome=granted&q=injunction&after=2015",
    }
    asked: dict[str, set[str]] = {}
    for name, query in queries.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/cases/", QUERY_STRING=query).status_code == 200
        assert len(captured) <= MOST_QUERIES, name
        for row in captured.captured_queries:
            if re.match(r"\s*SELECT", row["sql"]):
                read = scanned(row["sql"]) - SMALL
                if read:
                    asked.setdefault(name, set()).update(read)
    assert asked == {}


def assert_a_case_of_a_thousand_entries_takes_no_more_queries_than_a_short_one(client: Client) -> None:
    for slug in ("case-of-100-entries", "case-of-1000-entries"):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"/cases/{slug}/")
        assert response.status_code == 200
        assert response.content.decode().count("data-kind=") >= 90
        assert len(captured) <= 12
