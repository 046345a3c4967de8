"""
How the database finds what the list of cases and the timelines of courts, judges and parties ask for, at a size at
which it has to choose: never by reading a whole table. No time is measured here; bench/ does that.
"""

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import load
from bench.generate import Courts, Dataset
from casetracker import duplicates, quality, search
from casetracker.models import Case, CasePlace, DocketEntry, DocketNumber, Document, Event, Judge, Party
from casetracker.search import hits

pytestmark = pytest.mark.django_db(transaction=True)

CASES = 10_000
# Few rows that hardly grow: to read all of them is no mistake.
SMALL = {
    "casetracker_court", "casetracker_topic", "casetracker_case_topics",
    # They are gathered, and empty most of the time.
    "casetracker_tallychange", "casetracker_casechange",
}  # fmt: skip
MOST_QUERIES = 8
# A search asks what the words mean and how common they are, and tells where they stand.
MOST_OF_A_SEARCH = 20
# With those for the state of the record, by which a page is known again, for the years to go to, and for its choices.
MOST_OF_A_TIMELINE = 12
# Of the tables that tell of the few entries on a page: while they hold a few thousand rows, reading all is no mistake.
TOLD = {"casetracker_judge", "casetracker_provision"}
# Whether one name has a word that many have is soon seen, by whichever rows come first.
OF_NAMES = {"casetracker_case", "casetracker_party"}
# Who is signed in.
OF_ACCOUNTS = {"auth_user", "accounts_session", "auth_group"}
# A court, a judge and a party of so many entries each, more than a third of all.
LONG = 100_000


@pytest.fixture
def filled(transactional_db: None) -> Iterator[None]:
    call_command("load_courts", verbosity=0)
    with connection.cursor() as cursor:
        # Without the triggers of the histories the rows are the same and come four times as fast.
        cursor.execute("SET session_replication_role = replica")
        load.copy(Dataset(CASES, courts=Courts.from_database(), seed=1).batches())
        cursor.execute("RESET session_replication_role")
    CasePlace.objects.rebuild()
    load.settle()
    yield
    load.clear()


def scanned(sql: str) -> set[str]:
    """The tables that a query reads from end to end, by the plan that the database makes for it."""
    # What is set for one query alone stands before it.
    sql = re.sub(r"\A(?:\s*SET LOCAL [^;]*;)+", "", sql)
    generic = ", GENERIC_PLAN" if "$1" in sql else ""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON{generic}) {sql}")
        plan = cursor.fetchone()[0]
    found: set[str] = set()

    def walk(node: dict[str, Any]) -> None:
        if node["Node Type"] == "Seq Scan":
            found.add(node["Relation Name"])
        for inner in node.get("Plans", ()):
            walk(inner)

    walk((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return found


def test_lists_and_cases_at_ten_thousand_cases(filled: None, client: Client, superuser_client: Client) -> None:
    """One load, which takes longest, serves all that is asked of it."""
    assert scanned("SELECT * FROM casetracker_event WHERE note = 'x'") == {"casetracker_event"}
    assert_no_filter_of_the_list_reads_a_whole_table(client)
    assert_no_search_reads_a_whole_table(client)
    assert_a_case_of_a_thousand_entries_takes_no_more_queries_than_a_short_one(client)
    assert_no_timeline_of_a_court_or_a_person_reads_a_whole_table(client)
    assert_what_needs_work_in_a_case_is_found_without_reading_a_whole_table()
    assert_names_that_are_alike_are_found_by_their_index()
    assert_no_list_of_entries_at_the_desk_reads_a_whole_table(superuser_client)
    assert_no_search_at_the_desk_reads_a_whole_table(superuser_client)
    assert_no_search_at_the_desk_reads_on_when_a_page_is_full(superuser_client)
    assert_no_search_of_proceedings_reads_more_than_it_shows(superuser_client)


def assert_no_filter_of_the_list_reads_a_whole_table(client: Client) -> None:
    event = Event.objects.public().filter(kind="ruling", court__level="trial").order_by("pk")[0]
    number = DocketNumber.objects.public().filter(number__contains="-cv-").order_by("pk")[0].number
    party = Party.objects.public().order_by("pk")[0].slug
    queries = {
        "first page": "",
        "third page": "page=3",
        "last page": "page=last",
        "by a letter": "page=from~name~m",
        "latest first": "sort=recent",
        "latest first, last page": "sort=recent&page=last",
        "latest first, from a year": "sort=recent&page=from~recent~1990",
        "oldest first": "sort=first",
        "court": f"court={event.court_id}",
        "several courts": f"court={event.court_id}&court=scotus",
        "level": "level=appellate",
        "entries of a year": "after=2019&before=2019",
        "rulings of a court in a month": f"court={event.court_id}&decided_after=2019-04&decided_before=2019-04",
        "outcome": "outcome=granted",
        "derived outcome": "outcome=affirmed",
        "words": "q=injunction",
        "words in a court": f"q=injunction&court={event.court_id}",
        "docket number": f"q={number}&sort=name",
        "topic": "topic=housing",
        "status": "status=ongoing",
        "year": "after=2019&before=2019",
        "kind of party": "party_kind=government",
        "kinds of party": "party_kind=organization&party_kind=private_person&sort=recent",
        "kind of party in a court": f"party_kind=government&court={event.court_id}",
        "party": f"party={party}",
        "all together": f"court={event.court_id}&outcome=granted&q=injunction&after=2015",
    }
    plain = {name: f"/cases/?{query}" for name, query in queries.items() if "q=" not in query}
    assert read_whole(client, plain) == {}
    searches = {name: f"/cases/?{query}" for name, query in queries.items() if "q=" in query}
    assert read_whole(client, searches, SMALL | TOLD, most=MOST_OF_A_SEARCH) == {}


def assert_no_search_reads_a_whole_table(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE casetracker_docketentry SET text = 'ORDER on the motion, No. ' || id WHERE id % 2 = 0")
        cursor.execute("UPDATE casetracker_document SET text = 'An injunction, as of zebra ' || id WHERE id % 40 = 0")
        cursor.execute("RESET session_replication_role")
    load.settle()
    number = DocketNumber.objects.public().filter(number__contains="-cv-").order_by("pk")[0].number
    party = Party.objects.public().order_by("pk")[0].name
    judge = Judge.objects.public().order_by("pk")[0].name
    asked = {
        "a common word": "motion",
        "two words": "injunction discovery",
        "a phrase": '"order on the motion"',
        "a beginning": "injunc*",
        "exclusion": "injunction -motion",
        "alternatives": "zebra OR quagga",
        "a word that nothing has": "xylophone",
        "a slip": "injuntion",
        "a party": party,
        "a judge": judge,
        "a number in a list": f"{number} ",
    }
    addresses = {
        f"{path}, {name}": f"{path}?{urlencode({'q': words, 'after': '1900'})}"
        for path in ("/cases/", "/rulings/", "/entries/")
        for name, words in asked.items()
    }
    addresses |= {f"offered for {words}": f"/suggest/?{urlencode({'q': words})}" for words in (party[:5], number[:9])}
    assert read_whole(client, addresses, SMALL | TOLD | OF_NAMES, most=MOST_OF_A_SEARCH) == {}
    for is_common in (True, False):
        assert_words_are_met_on_the_way_or_looked_up(is_common=is_common)


def assert_words_are_met_on_the_way_or_looked_up(*, is_common: bool) -> None:
    """However common the words are, an index leads to the newest that have them."""
    asked = search.understand("motion OR injunction")
    assert asked is not None
    for model in (Event, DocketEntry, Document):
        rows = hits.newest(
            hits.with_words(model._default_manager.public(), asked, is_common=is_common), is_common=is_common
        )
        with CaptureQueriesContext(connection) as captured:
            assert len(rows.values_list("pk")[:20]) == 20
        assert scanned(captured.captured_queries[0]["sql"]) == set(), (model, is_common)


def read_whole(
    client: Client, addresses: dict[str, str], spare: set[str] = SMALL, *, most: int = MOST_QUERIES
) -> dict[str, set[str]]:
    """The tables that the pages at some addresses read from end to end, each page with few queries."""
    found: dict[str, set[str]] = {}
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        assert len(captured) <= most, name
        for row in captured.captured_queries:
            # What is limited in time says so in the same message. Numbers that are kept are looked up; others are
            # counted from at most ten thousand rows, and of so many cases that is all of them.
            sql = re.sub(r"^(?:\s*SET LOCAL [^;]*;)*\s*", "", row["sql"])
            if re.match(r"\(*SELECT", sql) or (sql.startswith("WITH") and "casetracker_event" not in sql):
                read = scanned(sql) - spare
                if read:
                    found.setdefault(name, set()).update(read)
    return found


def assert_a_case_of_a_thousand_entries_takes_no_more_queries_than_a_short_one(client: Client) -> None:
    for slug in ("case-of-100-entries", "case-of-1000-entries"):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"/cases/{slug}/")
        assert response.status_code == 200
        assert response.content.decode().count("data-kind=") >= 50
        assert len(captured) <= 12


def assert_what_needs_work_in_a_case_is_found_without_reading_a_whole_table() -> None:
    case = Case.objects.get(slug="case-of-100-entries").pk
    entries = list(Event.objects.filter(case=case).values_list("pk", flat=True)[:50])
    with CaptureQueriesContext(connection) as captured:
        quality.of_case(case)
        quality.blocked(entries, on=datetime.date(2025, 11, 1))
        quality.of_entry(Event.objects.get(pk=entries[0]))
    # A few thousand of them are read as fast as a hundred are looked up.
    spare = SMALL | {"casetracker_treatment", "casetracker_response"}
    read = [scanned(query["sql"]) - spare for query in captured.captured_queries]
    assert len(read) <= 5
    assert set().union(*read) == set()


def assert_no_list_of_entries_at_the_desk_reads_a_whole_table(client: Client) -> None:
    number = DocketNumber.objects.filter(number__contains="-cv-").order_by("pk")[0].number
    words = {"": "", " by words": "?q=zebra+crossing", " by a docket number": f"?q={number}"}
    addresses = {
        f"{name}{how}": f"/admin/casetracker/{name}/{query}"
        for name in ("event", "ruling")
        for how, query in words.items()
    }
    assert read_whole(client, addresses, SMALL | OF_ACCOUNTS) == {}


DESK_LISTS = [
    "case", "proceeding", "transfer", "statement", "source", "document", "correction", "court", "judge", "party",
    "attorney",
]  # fmt: skip


def assert_no_search_at_the_desk_reads_a_whole_table(client: Client) -> None:
    """A word that hardly a row has is found by an index of the columns that each list is searched in."""
    addresses = {name: f"/admin/casetracker/{name}/?q=zebra+crossing" for name in DESK_LISTS}
    addresses |= {f"{name} of a day": f"/admin/casetracker/{name}/?q=2019-04-10" for name in ("event", "ruling")}
    assert read_whole(client, addresses, SMALL | TOLD | OF_ACCOUNTS) == {}


def assert_no_search_at_the_desk_reads_on_when_a_page_is_full(client: Client) -> None:
    """A word that a great part of all rows has: neither the page nor the count goes through all of them."""
    words = {
        "event": "motion",
        "ruling": "motion",
        "source": "document",
    }
    for name, word in words.items():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"/admin/casetracker/{name}/?q={word}")
        assert "More than 2,000" in page.content.decode(), name
        rows = admin.site._registry[page.context["cl"].model].model._default_manager.count()
        for row in captured.captured_queries:
            if word in row["sql"].lower():
                assert rows_read(row["sql"]) < max(12_000, rows // 3), (name, row["sql"])


def assert_no_search_of_proceedings_reads_more_than_it_shows(client: Client) -> None:
    """Of a common word, one that a court is called by, and one too short for a whole trigram."""
    for word, is_more in (("department", False), ("v", True), ("md", False)):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"/admin/casetracker/proceeding/?q={word}")
        assert page.context["cl"].result_count > 0, word
        assert ("More than 2,000" in page.content.decode()) == is_more, word
        for row in captured.captured_queries:
            if "casetracker_proceeding" in row["sql"]:
                assert rows_read(row["sql"]) < 10_000, (word, row["sql"])


def rows_read(sql: str) -> int:
    """How many rows a query takes from tables and indexes, those included that it then leaves out."""
    if not sql.lstrip().startswith(("SELECT", "(SELECT")):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]

    def read(node: dict[str, Any]) -> float:
        own = 0.0
        if "Scan" in node["Node Type"] and "Relation Name" in node:
            left_out = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            own = (node["Actual Rows"] + left_out) * node["Actual Loops"]
        return own + sum(read(inner) for inner in node.get("Plans", ()))

    return int(read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def assert_names_that_are_alike_are_found_by_their_index() -> None:
    for kind in duplicates.KINDS:
        with CaptureQueriesContext(connection) as captured:
            duplicates.count(kind)
        (sql,) = [query["sql"] for query in captured.captured_queries if "LATERAL" in query["sql"]]
        assert scanned(sql) - SMALL == set(), kind.slug


# Entries of one court on the dockets of all cases, an eighth of them rulings of one judge, all of one party.
_LONG = f"""
    INSERT INTO casetracker_proceeding (id, case_id, court_id, caption, about, filed, display_order)
        SELECT 10000000 + id, id, 'guam', name, 'Civil action', '2001-02-03', 9 FROM casetracker_case;
    INSERT INTO casetracker_partyrole (proceeding_id, party_id, role, as_written, note, display_order)
        SELECT 10000000 + id, (SELECT min(id) FROM casetracker_party), 'defendant', '', '', 1 FROM casetracker_case;
    INSERT INTO casetracker_proceedingjudge (proceeding_id, judge_id, role)
        SELECT 10000000 + id, (SELECT min(id) FROM casetracker_judge), 'assigned' FROM casetracker_case;
    INSERT INTO casetracker_event (
        id, version, created_at, updated_at, state, published_from, first_public_at, state_changed_at, state_reason,
        public_id, case_id, court_id, kind, date, time_zone, day_order, title, summary, note, happening, under_seal,
        form, outcome, holding, per_curiam, vote, precedential)
        SELECT
            10000000 + n, 1, now(), now(), 'published', now(), now(), now(), '',
            'zz' || lpad(translate(to_hex(n), '01ae', 'ghjk'), 8, 'z'), 1 + n % {CASES}, 'guam',
            CASE WHEN n % 8 = 0 THEN 'ruling' ELSE 'filing' END, (DATE '1955-01-01' + n * 7 % 25000)::text, '', 0,
            'Motion ' || n, CASE WHEN n % 10 = 0 THEN 'An injunction is asked for.' ELSE 'It is asked for.' END,
            '', 'held', false, CASE WHEN n % 8 = 0 THEN 'order' ELSE '' END,
            CASE WHEN n % 8 = 0 THEN (ARRAY['granted', 'denied', 'moot'])[1 + n / 8 % 3] ELSE '' END, '', false, '', ''
        FROM generate_series(1, {LONG}) n;
    INSERT INTO casetracker_docketentry (event_id, proceeding_id, number, text, position)
        SELECT id, 10000000 + case_id, '', '', 0 FROM casetracker_event WHERE court_id = 'guam' AND id > 10000000;
    INSERT INTO casetracker_rulingjudge (ruling_id, judge_id, role, position)
        SELECT id, (SELECT min(id) FROM casetracker_judge), 'author', 0 FROM casetracker_event
        WHERE id > 10000000 AND kind = 'ruling';
"""


def assert_no_timeline_of_a_court_or_a_person_reads_a_whole_table(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_LONG)
        cursor.execute("RESET session_replication_role")
    load.settle()
    judge, party = (model._default_manager.order_by("pk")[0].get_absolute_url() for model in (Judge, Party))
    queries = {
        "first page": "",
        "late page": "page=100",
        "last page": "page=last",
        "from a year": "page=from~newest~1970",
        "oldest first": "order=oldest",
        "kind": "kind=ruling",
        "a year": "after=2001&before=2001",
        "outcome": "outcome=granted",
        "derived outcome": "outcome=affirmed",
        "words": "q=injunction",
        "words that nothing has": "q=nowhere",
        "all together": "kind=ruling&outcome=granted&q=injunction&after=1990",
    }
    for path in ("/courts/guam/", "/courts/scotus/", judge, party):
        addresses = {
            f"{path}, {name}": f"{path}?{query}"
            for name, query in queries.items()
            if path != "/courts/scotus/" or name != "late page"
        }
        spare = {*SMALL, *TOLD, "casetracker_court_appeals_to"}
        searches = {name: address for name, address in addresses.items() if "q=" in address}
        plain = {name: address for name, address in addresses.items() if name not in searches}
        assert read_whole(client, plain, spare, most=MOST_OF_A_TIMELINE) == {}
        assert read_whole(client, searches, spare, most=MOST_OF_A_SEARCH) == {}
    page = client.get("/courts/guam/").content.decode()
    # Those of cases that are not public are not counted.
    found = re.search(r"([0-9]+) entries, [0-9]+ rulings", page)
    assert found is not None
    assert LONG * 0.9 < int(found[1]) < LONG
