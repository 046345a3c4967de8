"""A page of PACER tells its court, so that a docket does not land in another."""

import pytest
from docket_samples import pacer_page

from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.records import DocketError
from casetracker.importers.dockets.which_court import said_in


@pytest.mark.parametrize(
    ("court", "place", "key"),
    [
        ("U.S. District Court", "District of New Jersey [LIVE] (Newark)", "njd"),
        ("U.S. District Court", "Southern District of New York (Foley Square)", "nysd"),
        ("U.S. District Court", "California Northern District (San Francisco)", "cand"),
        ("U.S. District Court", "DISTRICT OF ARIZONA (Phoenix Division)", "azd"),
        ("U.S. District Court", "District of Columbia (Washington, DC)", "dcd"),
        ("United States District Court", "Western District of Virginia", "vawd"),
        ("U.S. District Court", "Southern District of West Virginia", "wvsd"),
        ("U.S. Bankruptcy Court", "Eastern District of Virginia (Alexandria)", "vaeb"),
        ("U.S. District Court", "District of Atlantis", ""),
    ],
)
def test_court_is_told_by_the_heading(court: str, place: str, key: str) -> None:
    assert said_in(pacer_page(court=court, place=place)) == key


def test_court_of_appeals_is_told_by_the_heading_and_not_by_a_sentence() -> None:
    assert said_in("<td><b>United States Court of Appeals for the Eleventh Circuit</b></td>") == "ca11"
    assert said_in("<td>Appeal to the United States Court of Appeals for the Eleventh Circuit filed.</td>") == ""


def test_court_is_told_by_the_links_to_documents() -> None:
    link = '<a href="https://ecf.{0}.uscourts.gov/doc1/1">1</a>'
    assert said_in(link.format("jpml") * 3 + link.format("nysd")) == "jpml"
    assert said_in(link.format("jpml")) == ""


def test_page_needs_no_court_where_it_tells_its_own() -> None:
    (docket,) = parse(pacer_page().encode()).dockets
    assert (docket.court, docket.number, len(docket.entries)) == ("njd", "2:25-cv-00951", 1)


def test_page_of_another_court_than_was_named_is_refused() -> None:
    with pytest.raises(DocketError, match="of the court njd, and nysd was named"):
        parse(pacer_page().encode(), "nysd")


def test_page_that_tells_no_court_is_of_the_one_that_was_named() -> None:
    page = pacer_page(place="District of Atlantis").encode()
    assert parse(page, "nysd").dockets[0].court == "nysd"
    with pytest.raises(DocketError, match="does not say which court"):
        parse(page)
