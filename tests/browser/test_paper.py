"""What comes out of the printer: pages as Chromium sets them, read back as text."""

import datetime
import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

CASE = "/cases/abrego-garcia-v-noem/"
RULING = "5rs4v73843"
# What a reader of paper cannot use.
NAVIGATION = [
    "Skip to the content",
    "Back to the case",
    "This bar is not printed",
    "Filter by court",
    "Find a case",
    "Show this",
    "Change before",
    "Oldest first Newest first",
    "Earlier and later",
    "Report an error",
    "All of it beside",
]


def printed(visitor: Any, path: str, paper: str = "A4") -> list[str]:
    """The text of each sheet."""
    assert visitor.go(path) == 200
    return read(visitor, paper)


def read(visitor: Any, paper: str) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(visitor.page.pdf(format=paper))).pages]


def squeezed(text: str) -> str:
    """Without spaces and ligatures: an address may go on in the next line."""
    return "".join(text.replace("ﬁ", "fi").replace("ﬀ", "ff").replace("ﬂ", "fl").replace("ﬃ", "ffi").split())


def sheets_without_numbers(sheets: list[str]) -> str:
    """All text, with the numbers of the sheets taken out of it."""
    return " ".join(re.sub(rf"\b{at} / {len(sheets)}\b", "", sheet) for at, sheet in enumerate(sheets, start=1))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_chronology_is_printed_whole_and_in_order(visitor: Any, paper: str) -> None:
    sheets = printed(visitor, f"{CASE}print/", paper)
    text = squeezed(sheets_without_numbers(sheets))
    entries = visitor.page.locator("#timeline > li[data-kind]")
    assert entries.count() > 50
    start = text.index("Chronology", text.index("Courtsanddocketnumbers"))
    # The identifier below its date is the only thing that each entry has for itself.
    places = [
        text.index(f"{squeezed(date)}{key}", start)
        for date, key in entries.evaluate_all(
            "all => all.map(e => [e.querySelector('time').textContent"
            " + (e.querySelector('.date span:not(.identifier)')?.textContent ?? ''), e.id])"
        )
    ]
    assert places == sorted(places)
    for title in visitor.page.locator("#timeline h4").evaluate_all("all => all.map(e => e.firstChild.textContent)"):
        assert squeezed(title) in text[start:], title
    assert "Applicationgrantedinpartanddeniedinpart" in text
    assert "toeffectuatethereturn" in text


def test_every_source_is_printed_with_its_number_and_its_address_in_full(visitor: Any) -> None:
    sheets = printed(visitor, f"{CASE}print/")
    text = squeezed(sheets_without_numbers(sheets))
    notes = text[text.index("Notes:thesources") :]
    found = visitor.page.locator(".notes > li").evaluate_all(
        "all => all.map(e => [e.querySelector('.number').textContent,"
        " e.querySelector('p').firstChild.textContent, [...e.querySelectorAll('a')].map(a => a.href)])"
    )
    assert len(found) > 50
    assert [number for number, _, _ in found] == [str(at) for at in range(1, len(found) + 1)]
    for number, words, _ in found:
        assert squeezed(f"{number}{words}") in notes, words
    shown = visitor.page.locator(".notes .address").all_inner_texts()
    assert len(shown) > 50
    for address in shown:
        assert address.startswith("http")
        assert squeezed(address) in notes, address
    # Every number in the text has its note.
    marks = visitor.page.locator("sup.marks a").all_inner_texts()
    assert {re.sub(r"[a-z]+$", "", mark) for mark in marks} == {number for number, _, _ in found}


def test_paper_tells_its_day_its_address_and_its_sheets_and_leads_nowhere(visitor: Any) -> None:
    before = datetime.datetime.now(datetime.UTC)
    sheets = printed(visitor, f"{CASE}print/")
    after = datetime.datetime.now(datetime.UTC)
    days = {f"Printed from Casetracker on {moment.day} {moment:%B %Y}" for moment in (before, after)}
    first, last = (" ".join(sheet.split()) for sheet in (sheets[0], sheets[-1]))
    assert any(day in first for day in days), first[:300]
    assert any(day in last for day in days), last[-300:]
    assert "UTC" in last
    for sheet in (first, last):
        assert squeezed(f"{visitor.base}{CASE}") in squeezed(sheet)
    assert [f"{at} / {len(sheets)}" in " ".join(sheet.split()) for at, sheet in enumerate(sheets, start=1)] == [
        True
    ] * len(sheets)
    # More than a summary, and no more paper than the case itself takes.
    assert 12 <= len(sheets) <= 32
    flat = " ".join(" ".join(sheets).split())
    assert [words for words in NAVIGATION if words in flat] == []


def test_filters_are_told_on_paper(visitor: Any) -> None:
    sheets = printed(visitor, f"{CASE}print/?court=scotus&after=2025-04-10&before=2025-04-10")
    flat = " ".join(" ".join(sheets).split())
    assert "Not the whole case." in flat
    assert "Court: Supreme Court; On or after: 2025-04-10; On or before: 2025-04-10." in flat
    assert len(sheets) <= 10


@pytest.mark.parametrize("visitor", [{"java_script_enabled": False, "color_scheme": "dark"}], indirect=True)
def test_the_sheet_on_the_screen_is_white_in_the_dark_and_leads_back_without_script(visitor: Any) -> None:
    visitor.go(f"{CASE}print/")
    colours = visitor.page.locator(".paper").evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    visitor.page.get_by_role("link", name="Back to the case").click()
    assert visitor.page.url == f"{visitor.base}{CASE}"


@pytest.mark.parametrize("path", [f"{CASE}print/", CASE], ids=["chronology", "case"])
@pytest.mark.parametrize("paper", ["A4", "Letter", "A5"])
def test_no_heading_ends_a_sheet(visitor: Any, path: str, paper: str) -> None:
    visitor.go(path)
    # A sign at the end of each heading, by which to know it in the text.
    visitor.page.evaluate("document.querySelectorAll('main :is(h1, h2, h3, h4)').forEach(e => e.append('‡'))")
    sheets = read(visitor, paper)
    assert "APRIL2025‡" in squeezed(" ".join(sheets)).upper()
    for at, sheet in enumerate(sheets, start=1):
        lines = [line.strip() for line in sheet.splitlines() if line.strip() not in {"", f"{at} / {len(sheets)}"}]
        assert not lines[-1].endswith("‡"), (at, lines[-3:])


@pytest.mark.parametrize("path", [CASE, f"{CASE}{RULING}/", f"{CASE}{RULING}/said/"], ids=["case", "entry", "said"])
def test_other_pages_on_paper_give_addresses_and_lead_nowhere(visitor: Any, path: str) -> None:
    sheets = printed(visitor, path)
    flat = " ".join(" ".join(sheets).split())
    assert [words for words in NAVIGATION if words in flat] == []
    assert "https://" in flat
    assert f"1 / {len(sheets)}" in flat
    if path != CASE:
        for address in visitor.page.locator(".source-list a, .source-fold a").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        ):
            assert squeezed(address) in squeezed(flat), address


def test_the_case_on_paper_has_no_drawing_by_months_and_takes_fewer_sheets(visitor: Any) -> None:
    sheets = printed(visitor, CASE)
    visitor.page.emulate_media(media="print")
    for hidden in (".strip", ".standing form", ".permalink", ".kinds"):
        assert not visitor.page.locator(hidden).first.is_visible(), hidden
    assert len(sheets) <= 45
