"""What a search box offers while one types: by keyboard, by pointer, accessible while open, and missed by nobody."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

CASE = "/cases/abrego-garcia-v-noem/"
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
SIGHT = [
    pytest.param({"viewport": {"width": width, "height": 900}, "color_scheme": scheme}, id=f"{width}-{scheme}")
    for width in (1280, 320)
    for scheme in ("light", "dark")
]


def test_suggestion_is_chosen_by_keyboard_and_escape_closes_the_list(visitor: Any) -> None:
    visitor.go("/about/")
    box = visitor.page.get_by_role("combobox")
    box.focus()
    visitor.page.keyboard.type("abrego")
    offered = visitor.page.get_by_role("listbox")
    offered.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert "Abrego Garcia v. Noem" in offered.inner_text()
    visitor.page.keyboard.press("Escape")
    assert not offered.is_visible()
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "abrego"
    visitor.page.keyboard.press("ArrowDown")
    offered.wait_for()
    visitor.page.keyboard.press("ArrowDown")
    chosen = visitor.page.locator('[role="option"][aria-selected="true"]')
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**{CASE}")


def test_suggestion_is_chosen_by_pointer_and_none_is_in_the_way_of_a_search(visitor: Any) -> None:
    visitor.go("/")
    box = visitor.page.get_by_role("combobox")
    box.focus()
    visitor.page.keyboard.type("abrego")
    visitor.page.get_by_role("option").first.click()
    visitor.page.wait_for_url(f"**{CASE}")
    visitor.go("/")
    box.focus()
    visitor.page.keyboard.type("facilitate")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/cases/?q=facilitate")
    assert visitor.page.locator("mark").first.inner_text() == "facilitate"


@pytest.mark.parametrize("visitor", SIGHT, indirect=True)
def test_page_is_accessible_and_no_wider_while_the_list_is_open(visitor: Any) -> None:
    visitor.go("/cases/")
    # A select is a combobox too.
    visitor.page.locator("#id_q").focus()
    visitor.page.keyboard.type("united")
    visitor.page.get_by_role("listbox").wait_for()
    found = Axe().run(visitor.page, options=AXE).response["violations"]
    assert [(item["id"], [node["target"] for node in item["nodes"]]) for item in found] == []
    width = visitor.page.viewport_size["width"]
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("visitor", [{"java_script_enabled": False}], indirect=True)
def test_without_a_script_the_box_is_a_field_of_a_form(visitor: Any) -> None:
    visitor.go("/about/")
    box = visitor.page.get_by_role("searchbox")
    box.fill("facilitate")
    box.press("Enter")
    visitor.page.wait_for_url("**/cases/?q=facilitate")
    assert visitor.page.locator("mark").first.inner_text() == "facilitate"
