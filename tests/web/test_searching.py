"""What a reader gets who looks for words: lists of cases, rulings and entries, and what stands around them."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from factories import (
    CaseFactory,
    CourtFactory,
    Dispute,
    DocketEntryFactory,
    DocketNumberFactory,
    DocumentFactory,
    EventFactory,
    JudgeFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    RulingFactory,
    RulingJudgeFactory,
)
from pages import Page, fetch, query_of, words

from casetracker import search
from casetracker.dates import parse
from casetracker.models import Case, DocketEntry, Event, PartyKind
from casetracker.search import hits

pytestmark = pytest.mark.django_db


@pytest.fixture
def zebra(dispute: Dispute) -> Dispute:
    """A dispute with a zebra in the summary of its order, on a docket and in a document."""
    Event.objects.filter(pk=dispute.order.pk).update(summary="Jones must return the **zebra**.")
    DocketEntry.objects.filter(event=dispute.motion).update(text='MOTION <b>about</b> a zebra & "others"')
    DocumentFactory(event=dispute.appeal_order, text="Of zebras we say nothing.")
    return dispute


def matches(page: Page) -> list[str]:
    return [words(item) for box in page.all("ul", cls="matches") for item in box]


def marked(page: Page) -> set[str]:
    return {words(item) for item in page.all("mark")}


def ways(page: Page) -> dict[str, str]:
    (nav,) = page.all("nav", cls="lists")
    return {words(link): link.attrib["href"] for link in nav.iter("a")}


# --- results --------------------------------------------------------------------------------------------------------


def test_under_each_case_stands_where_the_words_are_with_a_link_to_the_entry(client: Client, zebra: Dispute) -> None:
    page = fetch(client, "/cases/?q=zebra")
    assert page.cases == [zebra.case.name]
    first, second = matches(page)
    assert first == "Summary 4 April 2025 D. Md. Order to return the book Jones must return the zebra."
    assert (
        second
        == 'Docket text 1 April 2025 D. Md. Motion for the return of the book MOTION <b>about</b> a zebra & "others"'
    )
    assert marked(page) == {"zebra"}
    assert page.links["Order to return the book"] == zebra.order.get_absolute_url()
    assert page.links["Motion for the return of the book"] == zebra.motion.get_absolute_url()


def test_a_name_that_is_found_is_marked_in_place(client: Client, dispute: Dispute) -> None:
    dispute.case.name = "Ábrego v. Noem"
    dispute.case.save()
    page = fetch(client, "/cases/?q=abrego")
    (heading,) = page.one("li", cls="case").findall("h2")
    assert [words(item) for item in heading.iter("mark")] == ["Ábrego"]
    assert matches(page) == []


def test_rulings_and_entries_are_found_by_their_dockets_and_documents_too(client: Client, zebra: Dispute) -> None:
    def titles(page: Page) -> list[str]:
        return [words(item.find(".//h2")) for item in page.all("li", cls="entry")]

    page = fetch(client, "/rulings/?q=zebra&sort=recent")
    assert titles(page) == ["Opinion on appeal", "Order to return the book"]
    assert matches(page) == [
        "Document Of zebras we say nothing.",
        "Summary Jones must return the zebra.",
    ]
    page = fetch(client, "/entries/?q=zebra&sort=recent")
    assert titles(page) == ["Opinion on appeal", "Order to return the book", "Motion for the return of the book"]
    assert titles(fetch(client, "/entries/?q=zebra&kind=filing")) == ["Motion for the return of the book"]
    assert words(fetch(client, "/entries/").one("p", cls="count")) == "6 entries"
    assert titles(fetch(client, "/entries/?kind=hearing")) == ["Hearing on the motion"]


def test_the_same_words_are_looked_for_in_the_other_lists(client: Client, zebra: Dispute) -> None:
    court = zebra.trial_court.pk
    page = fetch(client, f"/cases/?q=zebra&court={court}&status=ongoing&sort=name&page=1")
    assert set(ways(page)) == {"Rulings", "All entries"}
    for address in ways(page).values():
        assert query_of(address) == {"q": ["zebra"], "court": [court]}
        assert len(fetch(client, address).all("li", cls="entry")) >= 1
    assert set(ways(fetch(client, "/entries/?q=zebra"))) == {"Cases", "Rulings"}
    assert fetch(client, "/entries/").all("nav", cls="lists") == []


def test_the_best_match_stands_first_unless_another_order_is_chosen(client: Client) -> None:
    CaseFactory(name="Alpha", summary="Of a zebra.", published=True)
    CaseFactory(name="Zebra v. Okapi", published=True)
    assert fetch(client, "/cases/?q=zebra").cases == ["Zebra v. Okapi", "Alpha"]
    assert fetch(client, "/cases/?q=zebra&sort=relevance").cases == ["Zebra v. Okapi", "Alpha"]
    assert fetch(client, "/cases/?q=zebra&sort=name").cases == ["Alpha", "Zebra v. Okapi"]
    assert fetch(client, "/cases/?sort=relevance").cases == ["Alpha", "Zebra v. Okapi"]


@pytest.mark.parametrize("path", ["/cases/", "/rulings/", "/entries/"])
def test_what_holds_no_words_at_all_orders_and_hides_nothing(client: Client, dispute: Dispute, path: str) -> None:
    item = "case" if path == "/cases/" else "entry"
    listed = len(fetch(client, path).all("li", cls=item))
    assert listed > 0
    for query in ("%E2%80%AE", "+", "%E2%80%AE&sort=relevance"):
        assert len(fetch(client, f"{path}?q={query}").all("li", cls=item)) == listed, query


def chosen(page: Page) -> str:
    options: list[Element] = list(page.by_id("id_sort").iter("option"))
    selected = [option for option in options if "selected" in option.attrib] or options[:1]
    return selected[0].attrib["value"]


def test_the_form_sends_the_order_that_is_shown(client: Client, zebra: Dispute) -> None:
    assert chosen(fetch(client, "/cases/")) == "name"
    assert chosen(fetch(client, "/cases/?q=zebra")) == "relevance"
    assert chosen(fetch(client, "/cases/?q=zebra&sort=recent")) == "recent"


def test_pages_of_the_best_matches_lead_to_one_another(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from casetracker.web.views import cases as view

    monkeypatch.setattr(view, "CASES_PER_PAGE", 2)
    for number in range(5):
        CaseFactory(name=f"Zebra {number}", published=True)
    seen: list[str] = []
    for number in (1, 2, 3):
        page = fetch(client, f"/cases/?q=zebra&page={number}")
        seen += page.cases
    assert sorted(seen) == [f"Zebra {number}" for number in range(5)]
    assert fetch(client, "/cases/?q=zebra&page=4", status=404)


@pytest.mark.parametrize(
    ("path", "most"), [("/cases/", 8), ("/cases/?court=ours", 10), ("/rulings/", 13), ("/entries/", 13)]
)
def test_a_search_takes_the_same_few_queries_for_1_3_and_200_rows(
    client: Client, count_queries: Callable[[str], int], path: str, most: int
) -> None:
    court = CourtFactory(id="ours")
    counts = []
    made = 0
    for rows in (1, 3, 200):
        for number in range(made, rows):
            case = CaseFactory(name=f"Zebra {number}", summary="Of a zebra.", published=True)
            ruling = RulingFactory(case=case, court=court, title="Order about a zebra", published=True)
            docket = ProceedingFactory(case=case, court=court)
            DocketEntryFactory(event=ruling, proceeding=docket, text="ORDER about the zebra")
            DocumentFactory(event=ruling, text="Of zebras.")
            PartyRoleFactory(proceeding=docket, party=PartyFactory(name=f"Zebra Works {number}"))
            RulingJudgeFactory(ruling=ruling, judge=JudgeFactory(name=f"Judge Zebra {number}"))
        made = rows
        counts.append(count_queries(f"{path}{'&' if '?' in path else '?'}q=zebra"))
    # What may have been meant is asked only where there is little, and not where a text has the words.
    assert counts[1] == counts[2] <= most
    assert counts[0] <= (most if path.startswith("/cases/") else most + 2)


# --- notes ----------------------------------------------------------------------------------------------------------


FIND_NOTHING = [
    ("the of", "“the of” stands in nearly every text"),
    ("in re", "“in re” stands in nearly every text"),
    ("🐘", "“🐘” has no letters and no digits"),
    ("-zebra", "This only says what to leave out"),
]


@pytest.mark.parametrize("path", ["/cases/", "/rulings/", "/entries/"])
@pytest.mark.parametrize(("typed", "told"), FIND_NOTHING)
def test_what_can_find_nothing_is_told_in_words(
    client: Client, zebra: Dispute, path: str, typed: str, told: str
) -> None:
    page = fetch(client, path, {"q": typed})
    assert told in words(page.one("p", cls="banner"))
    assert page.all("li", cls="case") == page.all("li", cls="entry") == []


@pytest.mark.parametrize(("typed", "told"), FIND_NOTHING)
def test_on_a_timeline_it_is_told_in_words_too(client: Client, zebra: Dispute, typed: str, told: str) -> None:
    for whose in (zebra.case, zebra.trial_court, zebra.judge, zebra.plaintiff):
        page = fetch(client, whose.get_absolute_url(), {"q": typed})
        assert told in words(page.one("p", cls="banner"))
        assert page.all("li", cls="entry") == []
        assert page.all("nav", cls="lists") == []
        found = fetch(client, whose.get_absolute_url(), {"q": "the order"})
        assert found.all("p", cls="banner") == []


def test_a_slip_of_spelling_is_met_with_a_link_that_keeps_the_filters(client: Client, zebra: Dispute) -> None:
    EventFactory(case=zebra.case, title="Motion for a preliminary injunction", published=True)
    page = fetch(client, "/cases/?q=injuntion&status=ongoing&page=1")
    assert page.cases == []
    link = page.one("p", cls="meant").find("a")
    assert link is not None
    assert words(link) == "injunction"
    assert query_of(link.attrib["href"]) == {"q": ["injunction"], "status": ["ongoing"]}
    page = fetch(client, f"/cases/{link.attrib['href']}")
    assert page.cases == [zebra.case.name]
    assert page.all("p", cls="meant") == []


def test_nothing_is_said_to_be_meant_where_there_is_enough(client: Client) -> None:
    for number in range(3):
        CaseFactory(name=f"Zebras {number}", published=True)
        CaseFactory(name=f"Zebros {number}", published=True)
    assert fetch(client, "/cases/?q=zebras").all("p", cls="meant") == []


def test_it_says_when_only_the_newest_were_looked_at(
    client: Client, zebra: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("/cases/", "/rulings/", "/entries/"):
        assert "Only the newest" not in fetch(client, f"{path}?q=zebra").main
    for module, name in (
        (hits, "MOST"),
        (search.entries, "MOST_LISTED"),
        (search, "MOST"),
        (search, "MOST_LISTED"),
    ):
        monkeypatch.setattr(module, name, 1)
    for path in ("/cases/", "/rulings/", "/entries/"):
        page = fetch(client, f"{path}?q=zebra")
        assert "Only the newest 1 of each kind were looked at" in page.main
        assert "+ " in words(page.one("p", cls="count"))
        if path != "/cases/":
            assert "Only the newest 1 of each kind" in fetch(client, f"{path}?q=zebra&sort=recent").main


@pytest.mark.parametrize("path", ["/cases/", "/rulings/", "/entries/"])
def test_a_filter_finds_what_many_newer_texts_would_hide(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """And says beside the other choices that there are at least so many, for of those not all were looked at."""
    small, large = CourtFactory(id="small", name="Small Court"), CourtFactory(id="large", name="Large Court")
    for year, court in ((1990, small), (1991, large), (2020, large), (2021, large)):
        RulingFactory(title=f"Zebra of {year}", court=court, date=parse(str(year)), outcome="denied", published=True)
    RulingFactory(title="Zebra of 1989", court=large, date=parse("1989"), outcome="granted", published=True)
    for module, name in ((hits, "MOST"), (search.entries, "MOST_LISTED")):
        monkeypatch.setattr(module, name, 2)
    item, what = ("case", "case") if path == "/cases/" else ("entry", "entry")

    def listed(query: str) -> int:
        return len(fetch(client, f"{path}?q=zebra{query}").all("li", cls=item))

    assert listed("") == listed("&sort=recent") == 2
    page = fetch(client, f"{path}?q=zebra&court=small")
    assert len(page.all("li", cls=item)) == 1
    assert "Only the newest" not in page.main
    labels = [words(label) for label in page.all("label")]
    assert f"Small Court, 1+ {what}" in labels
    assert f"Denied, 1 {what}" in labels
    assert listed("&outcome=granted") == listed("&before=1989") == listed("&before=1990&court=small") == 1
    assert listed("&court=small&sort=recent") == 1
    assert listed("&court=large") == 2


@pytest.mark.parametrize("path", ["/rulings/", "/entries/"])
def test_entries_stand_by_the_best_match_or_the_newest_first(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casetracker.web.views import entries as view

    for title, year in (("Zebra order", 2001), ("Of a zebra order", 2003), ("Zebra", 2002)):
        RulingFactory(title=title, summary="A zebra order.", date=parse(str(year)), published=True)

    def titles(query: str) -> list[str]:
        page = fetch(client, f"{path}?q=zebra+order{query}")
        return [words(item.find(".//h2")) for item in page.all("li", cls="entry")]

    assert titles("")[0] == titles("&sort=relevance")[0] == "Zebra order"
    assert titles("&sort=recent") == ["Of a zebra order", "Zebra", "Zebra order"]
    best = fetch(client, f"{path}?q=zebra+order&after=2000")
    assert query_of(best.links["Newest first"]) == {"q": ["zebra order"], "after": ["2000"], "sort": ["recent"]}
    newest = fetch(client, f"{path}?q=zebra+order&after=2000&sort=recent")
    assert query_of(newest.links["Best match first"]) == {"q": ["zebra order"], "after": ["2000"]}
    assert chosen(newest) == "recent"
    assert chosen(best) == "relevance"
    # Without words there is no match, and no order to choose.
    plain = fetch(client, f"{path}?sort=relevance")
    assert "Best match first" not in plain.main
    assert words(plain.all("li", cls="entry")[0].find(".//h2")) == "Of a zebra order"
    monkeypatch.setattr(view, "RULINGS_PER_PAGE", 2)
    assert [*titles("&page=1"), *titles("&page=2")] == titles("&page=1") + titles("&page=last")
    assert fetch(client, f"{path}?q=zebra+order&page=3", status=404)


def test_the_list_of_cases_tells_what_it_understands(client: Client) -> None:
    for path in ("/cases/", "/rulings/", "/entries/"):
        (details,) = fetch(client, path).all("details", cls="search-help")
        assert "injunc*" in words(details)


# --- straight to it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "place"), [("25-cv-951", "case"), ("777 F.Supp.3d 1", "order"), ("8:25-cv-00951-PX", "case")]
)
def test_a_number_or_a_citation_alone_leads_straight_to_it(
    client: Client, dispute: Dispute, typed: str, place: str
) -> None:
    response = client.get("/cases/", {"q": typed})
    assert response.status_code == 302
    address = getattr(dispute, place).get_absolute_url()
    assert response["Location"] == address
    assert response["Cache-Control"] == "no-cache"
    assert client.get("/es/cases/", {"q": typed})["Location"] == f"/es{address}"


def test_with_another_filter_or_with_two_of_the_number_the_list_is_shown(client: Client, dispute: Dispute) -> None:
    assert fetch(client, "/cases/?q=25-cv-951&sort=name").cases == [dispute.case.name]
    assert fetch(client, "/cases/?q=25-cv-951&status=ongoing").cases == [dispute.case.name]
    assert client.get("/cases/?q=25-cv-951&status=").status_code == 302
    other = CaseFactory(name="Other", published=True)
    DocketNumberFactory(proceeding=ProceedingFactory(case=other), number="1:25-cv-00951")
    assert set(fetch(client, "/cases/?q=25-cv-951").cases) == {dispute.case.name, "Other"}


# --- while typing ---------------------------------------------------------------------------------------------------


def test_suggestions_are_a_list_of_choices_that_lead_somewhere(client: Client, dispute: Dispute) -> None:
    dispute.case.name = "<b>Zebra</b> & Okapi"
    dispute.case.save()
    PartyRoleFactory(proceeding=dispute.trial, party=PartyFactory(name="Zebra Works", kind=PartyKind.ORGANIZATION))
    response = client.get("/suggest/?q=zeb")
    text = response.content.decode()
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert text.count('<li role="option"') == 2
    assert "&lt;b&gt;Zebra&lt;/b&gt; &amp; Okapi" in text
    assert f'data-href="{dispute.case.get_absolute_url()}"' in text
    assert "Zebra Works" in text
    assert client.get("/suggest/").content.strip() == b""
    assert 'data-href="/es/cases/' in client.get("/es/suggest/?q=zeb").content.decode()


def test_every_search_box_says_where_its_suggestions_are_and_works_without_them(
    client: Client, dispute: Dispute
) -> None:
    for path in ("/", "/cases/", "/about/", "/rulings/"):
        page = fetch(client, path)
        (box,) = [item for item in page.all("input", type="search") if "data-suggest" in item.attrib]
        assert box.attrib["data-suggest"] == "/suggest/"
        assert box.attrib["name"] == "q"
    assert Case.objects.public().count() == 1
