"""
What a reader does: find a case, read it, follow a ruling up and down the courts; with the keyboard, without script, on
paper.
"""

import io
import re
import unicodedata
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

CASE = "/cases/abrego-garcia-v-noem/"


def test_reader_finds_the_founding_case_and_reads_it_in_order(visitor: Any) -> None:
    visitor.go("/")
    visitor.page.get_by_label("Case name, words or docket number").fill("25-cv-951")
    # The number of one docket leads straight to its case.
    visitor.page.get_by_role("button", name="Find a case").click()
    assert visitor.page.locator("h1").inner_text() == "Abrego Garcia v. Noem"
    dates = visitor.page.locator("#timeline > li[data-kind]").evaluate_all(
        "all => all.map(e => e.querySelector('time[datetime]').getAttribute('datetime'))"
    )
    assert len(dates) > 50
    known_days = [date for date in dates if len(date) == 10]
    assert known_days[0] == "2019-03-28"
    assert {"2025-04-04", "2025-04-07", "2025-04-10", "2025-12-11"} <= set(known_days)
    assert known_days.index("2025-04-04") < known_days.index("2025-04-10") < known_days.index("2025-12-11")


@pytest.mark.parametrize("visitor", [{"java_script_enabled": False}, {}], ids=["no script", "script"], indirect=True)
def test_reader_filters_cases_by_court_and_date(visitor: Any) -> None:
    visitor.go("/cases/")
    every = visitor.page.locator(".case h2").all_inner_texts()
    assert visitor.page.get_by_role("status").inner_text() == f"{len(every)} cases"
    visitor.page.get_by_label("Supreme Court of the United States").check()
    visitor.page.get_by_label("Ruling on or after").fill("1955")
    visitor.page.get_by_label("Ruling on or before").fill("1955-12-31")
    visitor.page.get_by_role("button", name="Show cases").click()
    assert visitor.page.locator(".case h2").all_inner_texts() == ["Brown v. Board of Education"]
    assert "court=scotus" in visitor.page.url
    visitor.page.locator(".chips a").filter(has_text="Ruling on or before").click()
    found = visitor.page.locator(".case h2").all_inner_texts()
    assert {"Abrego Garcia v. Noem", "Brown v. Board of Education"} <= set(found)
    # Its one ruling of the Supreme Court is of 1803.
    assert "Marbury v. Madison" in every
    assert "Marbury v. Madison" not in found


@pytest.mark.parametrize("visitor", [{"java_script_enabled": False}], indirect=True)
def test_timeline_is_filtered_by_court_and_date_without_script(visitor: Any) -> None:
    visitor.go(CASE)
    visitor.page.get_by_text("Filter by court, date or words").click()
    form = visitor.page.get_by_role("form", name="Filter the timeline")
    form.get_by_label("Supreme Court (").check()
    form.get_by_label("On or after").fill("2025-04-10")
    form.get_by_role("button", name="Show").click()
    entries = visitor.page.locator("#timeline > li[data-kind]")
    assert set(entries.evaluate_all("all => all.map(e => e.dataset.court)")) == {"scotus"}
    assert "Application granted in part and denied in part" in visitor.page.locator("#timeline").inner_text()
    assert "Administrative stay" not in visitor.page.locator("#timeline h4").all_inner_texts()


def test_reader_sees_what_a_ruling_did_and_who_said_what(visitor: Any) -> None:
    visitor.go(f"{CASE}?after=2025-04-10&before=2025-04-10&court=scotus")
    ruling = visitor.page.locator("#timeline > li").filter(has_text="Granted in part and denied in part")
    told = ruling.inner_text()
    assert "Vacates" in told
    assert "Remands" in told
    ruling.get_by_text("Said about this").click()
    said = ruling.locator(".said-about").inner_text()
    assert "Stephen Miller" in said
    assert "Karoline Leavitt" in said
    assert "Sonia Sotomayor" in said
    ruling.locator(".permalink").click()
    assert (
        visitor.page.locator("h1").inner_text().replace("\n", " ") == "Application granted in part and denied in part"
    )
    visitor.page.get_by_role("link", name="Show it on the timeline").click()
    assert "#" in visitor.page.url
    assert (
        visitor.page.locator("#timeline li:target h4").inner_text() == "Application granted in part and denied in part"
    )


def test_keyboard_alone_reaches_the_content_and_filters(visitor: Any) -> None:
    visitor.go("/cases/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.id") == "id_q"
    visitor.page.keyboard.type("Marbury")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**q=Marbury**")
    assert visitor.page.locator(".case h2").all_inner_texts() == ["Marbury v. Madison"]
    reached = []
    for _ in range(200):
        visitor.page.keyboard.press("Tab")
        reached.append(
            visitor.page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
        )
        outline = visitor.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached[-1]
        if reached[-1] == "Show cases":
            break
    assert {"court", "decided_after", "outcome", "Show cases"} <= set(reached)


def test_case_on_paper_is_complete(visitor: Any) -> None:
    visitor.go(CASE)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(visitor.page.pdf(format="A4"))).pages)
    # Two letters may be set as one, as the f of "effectuate" are.
    flat = " ".join(unicodedata.normalize("NFKC", text).split())
    assert "Abrego Garcia v. Noem" in flat
    assert "Injunction against new detention" in flat
    # What is folded on the screen is open on paper.
    assert "not to effectuate the return" in flat
    assert "Filter by court" not in flat


def test_uncertain_dates_are_shown_with_the_precision_they_have(visitor: Any) -> None:
    visitor.go("/cases/marbury-v-madison/")
    whens = visitor.page.locator("#timeline .when time").all_inner_texts()
    assert "December 1801" in whens
    assert "1802" in whens
    assert not any(text.startswith("1 Jan") for text in whens)


def test_a_filter_narrows_in_place_keeps_the_focus_and_tells_the_count(visitor: Any) -> None:
    visitor.go(CASE)
    page = visitor.page
    page.evaluate("window.stayed = true")
    # Other tests of this site enter rulings.
    every = page.locator("#timeline > li[data-kind]").count()
    assert every >= 62
    page.get_by_text("Filter by court, date or words").click()
    form = page.get_by_role("form", name="Filter the timeline")
    form.get_by_label("Supreme Court (").check()
    form.get_by_role("button", name="Show entries").press("Enter")
    status = page.locator(".timeline").get_by_role("status")
    expect(status).to_have_text(re.compile(rf"^\d+ of {every} entries$"))
    assert page.evaluate("window.stayed") is True
    assert page.evaluate("document.activeElement.textContent") == "Show entries"
    assert "court=scotus" in page.url
    courts = page.locator("#timeline > li[data-kind]").evaluate_all("all => all.map(e => e.dataset.court)")
    assert set(courts) == {"scotus"}
    assert status.inner_text() == f"{len(courts)} of {every} entries"
    page.go_back()
    expect(page.locator(".timeline").get_by_role("status")).to_have_text(f"{every} entries")
    expect(page.locator("#timeline > li[data-kind]")).to_have_count(every)


def test_a_reader_who_asks_for_it_is_offered_what_is_new_since_the_last_visit(visitor: Any) -> None:
    visitor.go(CASE)
    page = visitor.page
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Remember on this device that I was here").click()
    expect(page.locator(".visits")).to_contain_text("Your next visit will offer what is new since today.")
    page.evaluate("localStorage.setItem(localStorage.key(0), JSON.stringify({last: '2025-04-10'}))")
    visitor.go(CASE)
    page.get_by_role("link", name="What is new here since your visit of 2025-04-10").click()
    assert "since=2025-04-10" in page.url
    expect(page.locator(".chips")).to_contain_text("New here since: 2025-04-10")
    page.get_by_role("button", name="Forget my visits").click()
    assert page.evaluate("localStorage.length") == 0
    page.evaluate("localStorage.setItem('casetracker-visit-abrego-garcia-v-noem', '{\"last\": \"<b>\"}')")
    visitor.go(CASE)
    expect(page.locator(".visits")).to_have_text("Remember on this device that I was here")


def test_a_date_is_gone_to_on_a_timeline_in_any_order_without_script(visitor: Any) -> None:
    visitor.go(f"{CASE}?order=newest")
    form = visitor.page.get_by_role("form", name="Go to a date")
    form.get_by_label("Go to").fill("2025-04-10")
    form.get_by_role("button", name="Go").click()
    assert "order=newest" in visitor.page.url
    assert visitor.page.url.endswith("#at")
    landed = visitor.page.locator("li:has(> #at)")
    assert landed.locator("time").first.get_attribute("datetime") == "2025-04-10"
    expect(landed).to_be_in_viewport()
