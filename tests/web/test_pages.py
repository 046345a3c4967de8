"""The home page, the page about the site, the pages for machines, and what holds for every page."""

import datetime
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings as django_settings
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from factories import (
    STATES,
    CaseFactory,
    CourtFactory,
    Dispute,
    EventFactory,
    PartyFactory,
    PartyRoleFactory,
    RulingFactory,
    publication_columns,
)
from pages import Page, fetch, words

from casetracker.dates import UncertainDate, parse
from casetracker.models import Case, Event, Happening, Kind, PartyKind

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


def in_days(days: int) -> UncertainDate:
    day = timezone.localdate() + datetime.timedelta(days=days)
    return UncertainDate.on(day.year, day.month, day.day)


# --- home -----------------------------------------------------------------------------------------------------------


def test_home_leads_to_a_search_the_latest_rulings_the_cases_and_coming_hearings(
    client: Client, dispute: Dispute
) -> None:
    EventFactory(
        case=dispute.case,
        court=dispute.trial_court,
        kind=Kind.HEARING,
        happening=Happening.SCHEDULED,
        date=in_days(3),
        time=datetime.time(14, 30),
        title="Hearing to come",
        published=True,
    )
    page = fetch(client, "/")
    assert page.heading == "Legal disputes, each told as one timeline"
    search = [form for form in page.all("form") if form.get("action") == "/cases/"]
    assert [field.attrib["name"] for form in search for field in form.iter("input")] == ["q"]
    rulings = [words(item.find(".//h3")) for item in page.all("li", cls="brief")]
    assert rulings == ["Opinion on appeal", "Order to return the book"]
    assert page.links["Opinion on appeal"] == dispute.appeal_order.get_absolute_url()
    assert page.links[dispute.case.name] == dispute.case.get_absolute_url()
    assert "Latest: The parties agree, 10 April 2025" in page.main
    assert "Hearing to come" in page.links
    assert "2:30 pm" in page.main
    assert "Filter 1 case by court and date" in page.main


def test_home_of_an_empty_site_says_so(client: Client) -> None:
    main = fetch(client, "/").main
    for told in ("No ruling is public yet.", "No case is public yet.", "None is recorded."):
        assert told in main, told


def test_home_shows_what_is_to_come_and_not_what_is_past_or_called_off(client: Client) -> None:
    case = CaseFactory(published=True)
    for title, days, happening in (
        ("next week", 7, Happening.SCHEDULED),
        ("tomorrow", 1, Happening.SCHEDULED),
        ("today", 0, Happening.SCHEDULED),
        ("last week", -7, Happening.SCHEDULED),
        ("called off", 2, Happening.CANCELLED),
        ("held this morning", 0, Happening.HELD),
    ):
        EventFactory(case=case, kind=Kind.HEARING, date=in_days(days), happening=happening, title=title, published=True)
    page = fetch(client, "/")
    (coming,) = [section for section in page.all("section") if words(section.find("h2")) == "Coming hearings"]
    assert [words(link) for link in coming.iter("a")][:3] == ["today", "tomorrow", "next week"]
    for title in ("last week", "called off", "held this morning"):
        assert title not in words(coming)


def test_home_shows_no_rulings_of_invented_cases(client: Client) -> None:
    case = CaseFactory(name="A v. B", is_invented=True, published=True)
    RulingFactory(case=case, title="Invented order", published=True)
    page = fetch(client, "/")
    assert "No ruling is public yet." in page.main
    assert "Invented example. Ongoing. Latest: Invented order" in page.main


@pytest.mark.parametrize("hidden", HIDDEN)
def test_home_and_about_know_nothing_of_hidden_things(client: Client, dispute: Dispute, hidden: str) -> None:
    before = [client.get(path).content for path in ("/", "/about/")]
    case = CaseFactory(name="Secret v. Hidden")
    RulingFactory(case=case, date=in_days(0), published=True)
    STATES[hidden](case)
    for date, happening in ((in_days(0), Happening.HELD), (in_days(2), Happening.SCHEDULED)):
        EventFactory(
            case=dispute.case, court=CourtFactory(), date=date, happening=happening, title="Secret", **{hidden: True}
        )
    assert [client.get(path).content for path in ("/", "/about/")] == before


def test_pages_without_a_list_take_the_same_queries_for_1_3_and_200(count_queries: Callable[[str], int]) -> None:
    counts = []
    for wanted in (1, 3, 200):
        for _ in range(min(3, wanted - Case.objects.count())):
            RulingFactory(published=True)
            EventFactory(happening=Happening.SCHEDULED, date=in_days(1), published=True)
        Case.objects.bulk_create(
            CaseFactory.build(**publication_columns()) for _ in range(wanted - Case.objects.count())
        )
        case = Case.objects.first()
        Event.objects.bulk_create(
            EventFactory.build(case=case, kind=Kind.HEARING, date=in_days(1), **publication_columns())
            for _ in range(wanted - Event.objects.count())
        )
        counts.append([count_queries(path) for path in ("/", "/about/", "/calendar/")])
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[0]) <= 14


# --- about ----------------------------------------------------------------------------------------------------------


def test_about_tells_scope_method_corrections_and_removal_and_how_to_report(
    client: Client, dispute: Dispute, settings: Any
) -> None:
    settings.CONTACT = "editors@casetracker.example"
    page = fetch(client, "/about/")
    assert page.heading == "About Casetracker"
    for key in ("scope", "method", "corrections", "removal", "report", "legal"):
        assert page.by_id(key).tag == "h2"
    assert "Told here now: 1 case, 6 entries, 2 rulings, 2 courts." in page.main
    assert page.links["editors@casetracker.example"] == "mailto:editors@casetracker.example"


def test_about_leads_to_a_page_for_reports_where_that_is_named(client: Client, settings: Any) -> None:
    settings.CONTACT = "https://casetracker.example/report"
    assert fetch(client, "/about/").links["https://casetracker.example/report"] == "https://casetracker.example/report"
    settings.CONTACT = ""
    assert "has not named an address for reports yet" in fetch(client, "/about/").main


@pytest.mark.parametrize("page", ["/cases/smith/", "/cases/?q=a", "/cases/guzmán/"])
def test_a_report_quotes_the_page_that_it_is_about(client: Client, page: str) -> None:
    assert page in fetch(client, "/about/", {"page": page}).main


@pytest.mark.parametrize(
    "page", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/a\u202eb", "/a\nb"]
)
def test_a_report_quotes_nothing_but_addresses_of_the_site(client: Client, page: str) -> None:
    assert "You came from this page" not in fetch(client, "/about/", {"page": page}).main


# --- for machines ---------------------------------------------------------------------------------------------------


def test_livez_answers_without_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_asks_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("error", [OperationalError("server closed the connection"), InterfaceError("already closed")])
def test_readyz_is_503_when_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(connection, "cursor", fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"the database does not answer\n"
    assert client.get("/livez").status_code == 200


def test_a_page_is_503_with_a_time_to_come_back_when_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(connection, "cursor", fail)
    client.raise_request_exception = False
    for path in ("/", "/cases/", "/cases/nothing/", "/rulings/", "/sitemap.xml", "/calendar/"):
        page = fetch(client, path, status=503)
        assert page.heading == "For a moment this cannot be shown"
        assert int(page.response["Retry-After"]) > 0
    # What needs no database goes on.
    for path in ("/livez", "/robots.txt", "/glossary/"):
        assert client.get(path).status_code == 200


def test_robots_keeps_crawlers_from_the_desk_and_names_the_sitemap(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines == ["User-agent: *", "Disallow: /admin/", "", "Sitemap: http://testserver/sitemap.xml"]


def _addresses_in_sitemap(client: Client) -> set[str]:
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    tree = ElementTree.fromstring(response.content)  # noqa: S314 (our own)
    return {element.text or "" for element in tree.iter() if element.tag.endswith("}loc")}


def test_the_sitemap_names_what_search_engines_may_show(client: Client, dispute: Dispute) -> None:
    private = PartyFactory(kind=PartyKind.PRIVATE_PERSON)
    PartyRoleFactory(proceeding=dispute.trial, party=private)
    minor = PartyFactory(name="A.B.", is_minor=True)
    PartyRoleFactory(proceeding=dispute.trial, party=minor)
    invented = EventFactory(case=CaseFactory(is_invented=True, published=True), published=True)
    found = _addresses_in_sitemap(client)
    public: list[Any] = [dispute.case, *dispute.entries, dispute.trial_court, dispute.judge, dispute.plaintiff]
    for row in public:
        assert f"http://testserver{row.get_absolute_url()}" in found
    for row in (private, minor, invented, invented.case):
        assert f"http://testserver{row.get_absolute_url()}" not in found
    for path in ("/", "/cases/", "/courts/", "/rulings/", "/about/"):
        assert f"http://testserver{path}" in found


def test_every_address_in_the_sitemap_answers_and_is_indexed(client: Client, dispute: Dispute) -> None:
    for address in _addresses_in_sitemap(client):
        page = fetch(client, address.removeprefix("http://testserver"))
        assert page.is_indexed, address
        assert page.canonical == address


@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_sitemap_knows_nothing_of_hidden_things(client: Client, dispute: Dispute, hidden: str) -> None:
    before = client.get("/sitemap.xml")
    case = CaseFactory()
    EventFactory(case=case, court=CourtFactory(), published=True)
    STATES[hidden](case)
    EventFactory(case=dispute.case, court=CourtFactory(), **{hidden: True})
    after = client.get("/sitemap.xml")
    assert after.content == before.content
    assert after.headers == before.headers


@pytest.mark.parametrize(
    ("page", "status"),
    [("1", 200), ("", 404), ("2", 404), ("0", 404), ("-1", 404), ("abc", 404), ("1e5", 404), ("9" * 5000, 404)],
)
def test_a_page_of_the_sitemap_that_is_not_there_is_not_found(
    client: Client, dispute: Dispute, page: str, status: int
) -> None:
    assert client.get("/sitemap.xml", {"p": page}).status_code == status


# --- the head of every page -----------------------------------------------------------------------------------------


def _every_page(dispute: Dispute) -> list[str]:
    rows = (dispute.case, dispute.order, dispute.agreement, dispute.trial_court, dispute.plaintiff, dispute.judge)
    fixed = ("/", "/cases/", "/courts/", "/rulings/", "/calendar/", "/about/", "/corrections/", "/glossary/")
    return [*fixed, *(row.get_absolute_url() for row in rows)]


def test_every_page_has_a_canonical_address_opengraph_a_way_to_report_and_one_heading(
    client: Client, dispute: Dispute
) -> None:
    titles = set()
    for path in _every_page(dispute):
        page = fetch(client, f"{path}?utm_source=letter")
        assert page.canonical == page.meta["og:url"] == f"http://testserver{path}"
        assert page.meta["og:site_name"] == "Casetracker"
        for name in ("og:title", "og:description", "og:type", "description"):
            assert page.meta[name].strip(), (path, name)
        assert page.heading
        titles.add(page.title)
        (report,) = [link for link in page.addresses if link.startswith("/about/?page=")]
        assert report == f"/about/?page={path}#report"
        assert page.one("html").attrib["lang"] == "en"
        assert page.by_id("main").tag == "main"
        assert "#main" in page.addresses
        # Nothing from elsewhere, nothing inline: the Content-Security-Policy would refuse it.
        assert page.all("style") == []
        assert not any("style" in element.attrib for element in page.top.iter()), path
        for script in page.all("script"):
            assert script.attrib["src"].startswith("/static/"), path
    assert len(titles) == len(_every_page(dispute))


def test_the_description_of_a_page_is_plain_text(client: Client) -> None:
    case = CaseFactory(summary='He *asked* for "his" A & B <b>book</b>.', published=True)
    event = EventFactory(case=case, title="A & B", summary="", published=True)
    for row in (case, event):
        page = fetch(client, row.get_absolute_url())
        for name in ("description", "og:description", "og:title"):
            assert "&amp;" not in page.meta[name]
            assert "*" not in page.meta[name]
    assert "A & B" in fetch(client, event.get_absolute_url()).meta["og:title"]


# --- methods --------------------------------------------------------------------------------------------------------


def test_head_answers_as_get_without_a_body(client: Client, dispute: Dispute) -> None:
    for path in (*_every_page(dispute), "/livez", "/readyz", "/robots.txt", "/sitemap.xml", "/nothing/"):
        get, head = client.get(path), client.head(path)
        assert head.status_code == get.status_code, path
        assert head.content == b""
        assert head.headers == get.headers, path


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_a_page_for_reading_refuses_every_other_method(client: Client, dispute: Dispute, method: str) -> None:
    for path in (*_every_page(dispute), "/livez", "/readyz", "/robots.txt", "/sitemap.xml"):
        response = getattr(client, method)(path)
        assert response.status_code == 405, path
        assert response["Allow"] == "GET, HEAD"
        assert Page(response).heading == "This address can only be read"


def test_a_form_sent_to_a_page_for_reading_without_a_token_is_refused_in_words(dispute: Dispute) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in _every_page(dispute):
        response = strict.post(path, {"q": "x"})
        assert response.status_code in {403, 405}, path


def test_a_page_sets_no_cookie(client: Client, dispute: Dispute) -> None:
    for path in _every_page(dispute):
        response = client.get(path)
        assert not response.cookies, path
        assert django_settings.SESSION_COOKIE_NAME not in client.cookies


def test_a_page_without_its_closing_slash_leads_to_the_one_with_it(client: Client, dispute: Dispute) -> None:
    for path in _every_page(dispute)[1:]:
        response = client.get(f"{path.rstrip('/')}?q=a%20b")
        assert response.status_code == 301
        assert response["Location"] == f"{path}?q=a%20b"


def test_vague_dates_do_not_break_the_home_page(client: Client) -> None:
    for date in ("before 1801", "after 2190", "1801", "about March 1801", "between 15 and 24 March 2199"):
        EventFactory(date=parse(date), happening=Happening.SCHEDULED, published=True)
    for date in ("before 1801", "1801", "about March 1801", "between 15 and 24 March 1803"):
        RulingFactory(date=parse(date), published=True)
    for path in ("/", "/rulings/", "/calendar/?month=1801-03", "/calendar/?month=2199-12"):
        assert fetch(client, path).response.status_code == 200
