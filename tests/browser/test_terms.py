"""Legal terms explained in place: by keyboard, by pointer, without a script, and accessible while open."""

from typing import Any

import pytest
from wcag import assert_accessible

CASE = "/cases/abrego-garcia-v-noem/"
RULING = f"{CASE}5rs4v73843/"
WITHOUT_SCRIPT = pytest.param({"java_script_enabled": False}, id="without a script")
WITH_SCRIPT = pytest.param({}, id="with scripts")


def focused(visitor: Any) -> str:
    return str(visitor.page.locator(":focus").inner_text())


@pytest.mark.parametrize("visitor", [WITH_SCRIPT, WITHOUT_SCRIPT], indirect=True)
def test_term_opens_and_closes_by_keyboard_and_leads_to_the_glossary(visitor: Any) -> None:
    visitor.go(RULING)
    term = visitor.page.get_by_role("button", name="Vacates").first
    explanation = visitor.page.locator("#term-vacate")
    assert not explanation.is_visible()
    term.focus()
    visitor.page.keyboard.press("Enter")
    assert explanation.is_visible()
    assert "To set a ruling aside" in explanation.inner_text()
    # The link in it comes next; with Escape it closes and the reader is where they were.
    visitor.page.keyboard.press("Tab")
    assert focused(visitor) == "Glossary: Vacate"
    visitor.page.keyboard.press("Escape")
    assert not explanation.is_visible()
    assert focused(visitor) == "Vacates"
    visitor.page.keyboard.press("Space")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/glossary/#vacate")
    assert visitor.page.locator("#vacate dt").inner_text() == "Vacate"


@pytest.mark.parametrize("visitor", [{"viewport": {"width": 320, "height": 700}}, {}], indirect=True)
def test_explanation_opens_beside_its_term_within_the_page(visitor: Any) -> None:
    visitor.go(RULING)
    term = visitor.page.get_by_role("button", name="Remands").first
    term.click()
    box, at = visitor.page.locator("#term-remand").bounding_box(), term.bounding_box()
    width = visitor.page.viewport_size["width"]
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    assert min(abs(box["y"] - (at["y"] + at["height"])), abs(box["y"] + box["height"] - at["y"])) < 12
    visitor.page.locator("h1").click()
    assert not visitor.page.locator("#term-remand").is_visible()


def test_open_explanation_is_accessible(visitor: Any) -> None:
    visitor.go(RULING)
    visitor.page.get_by_role("button", name="Granted in part and denied in part").click()
    assert visitor.page.locator("#term-grant-in-part").is_visible()
    assert_accessible(visitor.page)
    assert visitor.page.locator("#term-grant-in-part").is_visible()


def test_a_reader_gets_from_the_timeline_to_a_thread_and_back(visitor: Any) -> None:
    visitor.go(f"{CASE}?around=5rs4v73843#5rs4v73843")
    entry = visitor.page.locator("#\\35 rs4v73843")
    entry.get_by_text("Thread: 10 entries").click()
    entry.get_by_role("link", name="Show this thread alone").click()
    assert visitor.page.locator("#timeline > li.entry").count() == 10
    visitor.page.get_by_role("link", name="Remove the filter Thread of").click()
    assert visitor.page.locator("#timeline > li.entry").count() > 10


@pytest.mark.parametrize("visitor", [WITHOUT_SCRIPT], indirect=True)
def test_calendar_is_walked_without_a_script(visitor: Any) -> None:
    visitor.go("/calendar/?month=2025-04")
    assert "Hearing on the motion for an injunction" in visitor.page.inner_text("main")
    months = visitor.page.get_by_role("navigation", name="Months")
    months.locator("[rel=prev]").click()
    assert visitor.page.locator("#month-title").inner_text() == "September 2019"
    visitor.page.get_by_label("Month", exact=True).fill("April 2025")
    visitor.page.get_by_role("button", name="Go").click()
    assert visitor.page.locator("#month-title").inner_text() == "April 2025"
