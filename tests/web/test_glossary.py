"""The page of the legal terms, and the terms explained where they stand."""

from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from factories import CaseFactory, CourtFactory, Dispute, EventFactory, RulingFactory, publication_columns
from pages import Page, fetch, words

from casetracker.dates import parse
from casetracker.glossary import BY_KEY, TERMS
from casetracker.models import Event, RulingForm

pytestmark = pytest.mark.django_db


def buttons(page: Page) -> dict[str, list[str]]:
    """The words of the terms that can be pressed, by the explanation that each opens."""
    found: dict[str, list[str]] = {}
    for button in page.all("button", popovertarget="*"):
        assert button.attrib["type"] == "button"
        found.setdefault(button.attrib["popovertarget"], []).append(words(button))
    return found


def explained(page: Page) -> dict[str, Element]:
    return {box.attrib["id"]: box for box in page.all("div", popover="*")}


# --- the page -------------------------------------------------------------------------------------------------------


def test_page_explains_every_term_at_its_place(client: Client) -> None:
    page = fetch(client, "/glossary/")
    assert (page.heading, page.title) == ("Glossary", "Glossary · Casetracker")
    for term in TERMS:
        place = page.by_id(term.key)
        assert words(place.find("dt")) == term.name
        assert term.explanation in words(place.find("dd"))
        for other in term.also:
            assert other in words(place)
        assert [link.attrib["href"] for link in place.iter("a")] == [f"#{key}" for key in term.related]


def test_letters_lead_to_the_terms_that_begin_with_them(client: Client) -> None:
    page = fetch(client, "/glossary/")
    assert [words(heading) for heading in page.all("h2")] == sorted({term.name[0] for term in TERMS})
    for letter in {term.name[0] for term in TERMS}:
        assert page.links[letter] == f"#letter-{letter.lower()}"
        assert page.by_id(f"letter-{letter.lower()}").tag == "h2"


def test_page_asks_the_database_nothing_and_is_for_search_engines(client: Client, count_queries: object) -> None:
    assert callable(count_queries)
    assert count_queries("/glossary/") == 0
    assert fetch(client, "/glossary/").is_indexed
    assert "/glossary/" in client.get("/sitemap.xml").content.decode()


def test_every_page_leads_to_it(client: Client) -> None:
    assert "/glossary/" in fetch(client, "/about/").addresses


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_can_only_be_read(client: Client, method: str) -> None:
    assert getattr(client, method)("/glossary/").status_code == 405


# --- terms where they stand -----------------------------------------------------------------------------------------


def test_what_a_ruling_did_and_what_was_done_to_it_is_explained_where_it_stands(
    client: Client, dispute: Dispute
) -> None:
    page = fetch(client, dispute.case.get_absolute_url())
    found = buttons(page)
    assert {"Affirms", "Affirmed"} <= set(found["term-affirm"])
    assert {"Vacates", "Vacated"} <= set(found["term-vacate"])
    assert found["term-injunction"] == ["Injunction"]
    assert found["term-appeal"] == ["Appeal to", "Appeal from"]
    assert page.links["Glossary: Vacate"] == "/glossary/#vacate"
    assert BY_KEY["vacate"].explanation in words(explained(page)["term-vacate"])


def test_page_explains_the_terms_that_it_uses_once_and_no_others(client: Client, dispute: Dispute) -> None:
    page = fetch(client, dispute.case.get_absolute_url())
    assert set(explained(page)) == set(buttons(page))
    assert "term-habeas-corpus" not in explained(page)
    assert explained(fetch(client, "/about/")) == {}


def test_seal_effect_and_unsigned_opinion_are_explained(client: Client) -> None:
    row = RulingFactory(
        form=RulingForm.STAY, under_seal=True, effective=parse("1 April 2025"), per_curiam=True, published=True
    )
    for address in (row.case.get_absolute_url(), row.get_absolute_url()):
        found = buttons(fetch(client, address))
        assert {"term-under-seal", "term-effective-date", "term-per-curiam", "term-stay"} <= set(found)


def test_everyday_words_are_explained_on_the_page_of_the_entry_alone(client: Client) -> None:
    row = RulingFactory(published=True)
    assert buttons(fetch(client, row.case.get_absolute_url())) == {}
    assert buttons(fetch(client, row.get_absolute_url())) == {"term-order": ["Order"], "term-grant": ["Granted"]}


def test_no_heading_and_no_link_holds_a_button(client: Client, dispute: Dispute) -> None:
    for address in (dispute.case.get_absolute_url(), dispute.order.get_absolute_url(), "/rulings/"):
        page = fetch(client, address)
        assert buttons(page)
        for tag in ("h1", "h2", "h3", "h4", "a", "summary"):
            assert [words(box) for box in page.all(tag) if box.find(".//button") is not None] == []


def test_a_long_timeline_holds_each_explanation_once(client: Client) -> None:
    case, court = CaseFactory(published=True), CourtFactory()
    Event.objects.bulk_create(
        Event(
            case=case, court=court, kind="ruling", form="stay", title=f"Stay {n}", date=parse("2025-04-01"),
            **publication_columns(),
        )
        for n in range(200)
    )  # fmt: skip
    page = fetch(client, case.get_absolute_url())
    assert list(explained(page)) == ["term-stay"]
    assert len(buttons(page)["term-stay"]) == len(page.entries)


def test_page_of_an_error_explains_nothing(client: Client) -> None:
    assert explained(fetch(client, "/nowhere/", status=404)) == {}


def test_what_an_editor_typed_is_never_taken_for_a_term(client: Client) -> None:
    row = EventFactory(title="Stay", summary="Stay", published=True)
    page = fetch(client, row.get_absolute_url())
    assert page.heading == "Stay"
    assert buttons(page) == {}
